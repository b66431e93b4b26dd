"""What language models took, a row an answer: without a person and without words."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

KEY = sa.String(255)


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "spending",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("platform", KEY, nullable=False),
        sa.Column("place", KEY),
        sa.Column("private", sa.Boolean, nullable=False),
        sa.Column("message", sa.Integer),
        sa.Column("model", sa.Text, nullable=False),
        sa.Column("input_tokens", sa.BigInteger, nullable=False),
        sa.Column("output_tokens", sa.BigInteger, nullable=False),
        sa.Column("nanodollars", sa.BigInteger),
        sa.Column("at", sa.DateTime, nullable=False),
    )
    op.create_index("spending_of_a_month", "spending", ["at", "nanodollars"])
    op.create_index("ix_spending_message", "spending", ["message"])
