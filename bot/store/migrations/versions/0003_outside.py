"""Whether a question without an answer was about the subject at all; of earlier ones that is not known."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the column."""
    op.add_column("unanswered", sa.Column("outside", sa.Boolean, nullable=False, server_default=sa.false()))
