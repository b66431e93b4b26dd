"""What can be undone for a while."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

KEY = sa.String(255)


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "undoable",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("platform", KEY, nullable=False),
        sa.Column("server", KEY, nullable=False),
        sa.Column("place", KEY, nullable=False),
        sa.Column("public", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("person", KEY, nullable=False),
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("before", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_undoable_at", "undoable", ["at"])
    op.create_index("ix_undoable_person", "undoable", ["person"])
