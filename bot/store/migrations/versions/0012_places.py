"""Where an option stands among the others; those that are there already stand by their numbers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Add the column."""
    op.add_column("options", sa.Column("place", sa.Integer, nullable=False, server_default="0"))
