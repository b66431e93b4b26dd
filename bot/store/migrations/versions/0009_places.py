"""How the bot behaves in a place: when it speaks, what is switched off, who moderates there."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Add the columns."""
    op.add_column("places", sa.Column("automatic", sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("places", sa.Column("quiet", sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("places", sa.Column("off", sa.Text))
    op.add_column("places", sa.Column("moderators", sa.Text))
