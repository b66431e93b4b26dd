"""Questions that are posted for people to reply to, their replies, and the digests of them."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

KEY = sa.String(255)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "discussions",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("platform", KEY, nullable=False),
        sa.Column("place", KEY, nullable=False),
        sa.Column("private", sa.Boolean, nullable=False),
        sa.Column("overheard", sa.Boolean, nullable=False),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("script", sa.Text, nullable=False),
        sa.Column("section", sa.Text, nullable=False),
        sa.Column("zone", sa.Text, nullable=False),
        sa.Column("opened", sa.DateTime, nullable=False),
        sa.Column("closes", sa.DateTime, nullable=False),
        sa.Column("closed", sa.DateTime),
    )
    op.create_index("ix_discussions_place", "discussions", ["place"])
    op.create_table(
        "remarks",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("discussion", sa.Integer, sa.ForeignKey("discussions.id"), nullable=False),
        sa.Column("person", KEY, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
    )
    op.create_index("ix_remarks_person", "remarks", ["person"])
    op.create_index("ix_remarks_at", "remarks", ["at"])
    op.create_index("remarks_of_a_discussion", "remarks", ["discussion", "person"])
    op.create_table(
        "digests",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("platform", KEY, nullable=False),
        sa.Column("place", KEY, nullable=False),
        sa.Column("schedule", sa.Integer, nullable=False),
        sa.Column("zone", sa.Text, nullable=False),
        sa.Column("since", sa.DateTime, nullable=False),
        sa.Column("until", sa.DateTime, nullable=False),
    )
    op.create_index("ix_digests_schedule", "digests", ["schedule"])
