"""What an answer stood on, so that it can be shared with its sources; of earlier ones that is not known."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Add the column."""
    op.add_column("messages", sa.Column("sources", sa.Text))
