"""Polls of one's own: several choices, anonymity, deadlines, several places, recurrences, and messages that stand."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

KEY = sa.String(255)


def upgrade() -> None:
    """Change the tables of polls, and make those for what comes due and what is shown."""
    op.add_column("places", sa.Column("zone", sa.Text))
    _polls()
    _votes()
    _plans()
    _posts()


def _polls() -> None:
    for name in ("several", "anonymous", "hidden"):
        op.add_column("polls", sa.Column(name, sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("polls", sa.Column("closes", sa.DateTime))
    for name in ("zone", "script", "section", "key", "shown"):
        op.add_column("polls", sa.Column(name, sa.Text))
    for name in ("remind", "schedule", "voters"):
        op.add_column("polls", sa.Column(name, sa.Integer))
    op.create_index("ix_polls_closed", "polls", ["closed"])
    op.create_index("ix_polls_schedule", "polls", ["schedule"])
    op.add_column("options", sa.Column("votes", sa.Integer))
    op.create_table(
        "poll_places",
        sa.Column("poll", sa.Integer, sa.ForeignKey("polls.id"), primary_key=True),
        sa.Column("place", KEY, primary_key=True),
    )
    op.create_index("ix_poll_places_place", "poll_places", ["place"])
    op.execute("INSERT INTO poll_places (poll, place) SELECT id, place FROM polls")
    op.create_table(
        "invitations",
        sa.Column("code", KEY, primary_key=True),
        sa.Column("poll", sa.Integer, sa.ForeignKey("polls.id"), nullable=False),
        sa.Column("until", sa.DateTime, nullable=False),
    )


def _votes() -> None:
    op.rename_table("votes", "earlier_votes")
    op.create_table(
        "votes",
        sa.Column("poll", sa.Integer, sa.ForeignKey("polls.id"), primary_key=True),
        sa.Column("voter", KEY, primary_key=True),
        sa.Column("choice", sa.Integer, primary_key=True),
        sa.Column("option", sa.Integer, nullable=False),
        sa.Column("name", sa.Text),
    )
    op.execute("INSERT INTO votes (poll, voter, choice, option) SELECT poll, person, 0, option FROM earlier_votes")
    op.drop_table("earlier_votes")
    op.create_table(
        "secret_votes",
        sa.Column("poll", sa.Integer, sa.ForeignKey("polls.id"), primary_key=True),
        sa.Column("voter", KEY, primary_key=True),
        sa.Column("choice", sa.Integer, primary_key=True),
        sa.Column("option", sa.Integer, nullable=False),
        sqlite_with_rowid=False,
    )


def _plans() -> None:
    op.create_table(
        "templates",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("place", KEY, nullable=False),
        sa.Column("name", KEY, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.UniqueConstraint("place", "name"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "schedules",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("platform", sa.Text, nullable=False),
        sa.Column("place", sa.Text, nullable=False),
        sa.Column("thread", sa.Text),
        sa.Column("private", sa.Boolean, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("rule", sa.Text, nullable=False),
        sa.Column("first", sa.DateTime, nullable=False),
        sa.Column("zone", sa.Text, nullable=False),
        sa.Column("ended", sa.Boolean, nullable=False, server_default=sa.false()),
    )
    op.create_table(
        "due",
        sa.Column("what", KEY, primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", sa.DateTime, nullable=False),
    )
    op.create_index("ix_due_at", "due", ["at"])


def _posts() -> None:
    op.create_table(
        "posts",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("platform", KEY, nullable=False),
        sa.Column("place", sa.Text, nullable=False),
        sa.Column("thread", sa.Text),
        sa.Column("private", sa.Boolean, nullable=False),
        sa.Column("slot", KEY, nullable=False),
        sa.Column("reference", sa.Text),
        sa.Column("shown", sa.Text),
        sa.Column("settled", sa.Boolean, nullable=False),
        sa.Column("claimed_until", sa.DateTime),
    )
    op.create_index("posts_to_draw", "posts", ["platform", "settled"])
    op.create_index("posts_of_a_slot", "posts", ["slot"])
