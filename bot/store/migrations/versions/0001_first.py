"""The first tables: events, memory, polls and votes, quizzes, feedback, unanswered questions."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

KEY = sa.String(255)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "events",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("claimed_until", sa.DateTime, nullable=False),
        sa.Column("done", sa.Boolean, nullable=False),
    )
    op.create_table(
        "messages",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("conversation", KEY, nullable=False),
        sa.Column("person", KEY, nullable=False),
        sa.Column("activity", sa.Text),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("private", sa.Boolean, nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("messages_of_a_conversation", "messages", ["conversation", "id"])
    op.create_index("ix_messages_person", "messages", ["person"])
    op.create_index("ix_messages_at", "messages", ["at"])
    op.create_table(
        "places",
        sa.Column("place", KEY, primary_key=True),
        sa.Column("script", sa.Text),
    )
    op.create_table(
        "polls",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("place", KEY, nullable=False),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("opened_by", KEY, nullable=False),
        sa.Column("opened", sa.DateTime, nullable=False),
        sa.Column("closed", sa.DateTime),
    )
    op.create_index("ix_polls_place", "polls", ["place"])
    op.create_table(
        "options",
        sa.Column("poll", sa.Integer, sa.ForeignKey("polls.id"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("text", sa.Text, nullable=False),
    )
    op.create_table(
        "votes",
        sa.Column("poll", sa.Integer, sa.ForeignKey("polls.id"), primary_key=True),
        sa.Column("person", KEY, primary_key=True),
        sa.Column("option", sa.Integer, nullable=False),
    )
    op.create_table(
        "quizzes",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("person", KEY, nullable=False),
        sa.Column("place", KEY, nullable=False),
        sa.Column("script", sa.Text, nullable=False),
        sa.Column("section", sa.Text, nullable=False),
        sa.Column("opened", sa.DateTime, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("hints", sa.Integer, nullable=False),
        sa.Column("first", sa.Text),
        sa.Column("outcome", sa.Text),
        sqlite_autoincrement=True,
    )
    op.create_index("quizzes_of_a_person", "quizzes", ["person", "outcome"])
    op.create_table(
        "feedback",
        sa.Column("message", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("person", KEY, primary_key=True),
        sa.Column("helpful", sa.Boolean, nullable=False),
        sa.Column("reason", sa.Text),
        sa.Column("at", sa.DateTime, nullable=False),
    )
    op.create_table(
        "unanswered",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("place", KEY, nullable=False),
        sa.Column("person", KEY, nullable=False),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
    )
    op.create_index("ix_unanswered_person", "unanswered", ["person"])
    op.create_index("ix_unanswered_at", "unanswered", ["at"])
