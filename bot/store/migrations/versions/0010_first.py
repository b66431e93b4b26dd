"""The first tables. The numbers before are those of tables that were never released: see `bot.store.earlier`."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = None

KEY = sa.String(255)


def upgrade() -> None:
    """Make the tables."""
    _talks()
    _polls()
    _quizzes()
    _discussions()
    _plans()


def _place(primary_key: bool = False) -> list[sa.Column[Any]]:
    """Where a row was made; a part of its key, or not."""
    return [
        sa.Column("platform", KEY, primary_key=primary_key, nullable=False),
        sa.Column("server", KEY, primary_key=primary_key, nullable=False),
        sa.Column("place", KEY, primary_key=primary_key, nullable=False),
        sa.Column("public", sa.Boolean, nullable=False, server_default=sa.false()),
    ]


def _thread() -> sa.Column[Any]:
    return sa.Column("thread", KEY, nullable=False)


def _talks() -> None:
    op.create_table(
        "events",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("claimed_until", sa.DateTime, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("done", sa.Boolean, nullable=False),
    )
    op.create_index("ix_events_claimed_until", "events", ["claimed_until"])
    op.create_table(
        "messages",
        sa.Column("id", sa.Integer, primary_key=True),
        *_place(),
        _thread(),
        sa.Column("person", KEY, nullable=False),
        sa.Column("activity", sa.Text),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("private", sa.Boolean, nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("sources", sa.Text),
        sa.Column("shared_by", sa.Text),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_messages_at", "messages", ["at"])
    op.create_index("ix_messages_person", "messages", ["person"])
    op.create_index("messages_of_a_talk", "messages", ["place", "thread", "id"])
    op.create_table(
        "places",
        *_place(primary_key=True),
        sa.Column("script", sa.Text),
        sa.Column("zone", sa.Text),
        sa.Column("automatic", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("quiet", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("off", sa.Text),
        sa.Column("moderators", sa.Text),
    )
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
        *_place(),
        _thread(),
        sa.Column("person", KEY, nullable=False),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("outside", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("at", sa.DateTime, nullable=False),
    )
    op.create_index("ix_unanswered_at", "unanswered", ["at"])
    op.create_index("ix_unanswered_person", "unanswered", ["person"])
    op.create_table(
        "spending",
        sa.Column("id", sa.Integer, primary_key=True),
        *_place(),
        sa.Column("private", sa.Boolean, nullable=False),
        sa.Column("message", sa.Integer),
        sa.Column("model", sa.Text, nullable=False),
        sa.Column("input_tokens", sa.BigInteger, nullable=False),
        sa.Column("output_tokens", sa.BigInteger, nullable=False),
        sa.Column("nanodollars", sa.BigInteger),
        sa.Column("at", sa.DateTime, nullable=False),
    )
    op.create_index("ix_spending_message", "spending", ["message"])
    op.create_index("spending_of_a_month", "spending", ["at", "nanodollars"])


def _polls() -> None:
    op.create_table(
        "polls",
        sa.Column("id", sa.Integer, primary_key=True),
        *_place(),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("opened_by", KEY, nullable=False),
        sa.Column("opened", sa.DateTime, nullable=False),
        sa.Column("closed", sa.DateTime),
        sa.Column("several", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("anonymous", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("hidden", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("closes", sa.DateTime),
        sa.Column("remind", sa.Integer),
        sa.Column("zone", sa.Text),
        sa.Column("script", sa.Text),
        sa.Column("section", sa.Text),
        sa.Column("schedule", sa.Integer),
        sa.Column("key", sa.Text),
        sa.Column("voters", sa.Integer),
    )
    op.create_index("ix_polls_closed", "polls", ["closed"])
    op.create_index("ix_polls_schedule", "polls", ["schedule"])
    op.create_index("polls_of_a_place", "polls", ["place"])
    op.create_table(
        "poll_places",
        sa.Column("poll", sa.Integer, sa.ForeignKey("polls.id"), primary_key=True),
        *_place(primary_key=True),
    )
    op.create_index("polls_held_in_a_place", "poll_places", ["place"])
    op.create_table(
        "options",
        sa.Column("poll", sa.Integer, sa.ForeignKey("polls.id"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("votes", sa.Integer),
    )
    op.create_table(
        "votes",
        sa.Column("poll", sa.Integer, sa.ForeignKey("polls.id"), primary_key=True),
        sa.Column("voter", KEY, primary_key=True),
        sa.Column("choice", sa.Integer, primary_key=True),
        sa.Column("option", sa.Integer, nullable=False),
        sa.Column("name", sa.Text),
    )
    op.create_table(
        "secret_votes",
        sa.Column("poll", sa.Integer, sa.ForeignKey("polls.id"), primary_key=True),
        sa.Column("voter", KEY, primary_key=True),
        sa.Column("choice", sa.Integer, primary_key=True),
        sa.Column("option", sa.Integer, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "invitations",
        sa.Column("code", KEY, primary_key=True),
        sa.Column("poll", sa.Integer, sa.ForeignKey("polls.id"), nullable=False),
        sa.Column("until", sa.DateTime, nullable=False),
    )


def _quizzes() -> None:
    op.create_table(
        "quizzes",
        sa.Column("id", sa.Integer, primary_key=True),
        *_place(),
        sa.Column("person", KEY, nullable=False),
        sa.Column("script", sa.Text, nullable=False),
        sa.Column("section", sa.Text, nullable=False),
        sa.Column("opened", sa.DateTime, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("tried", sa.Text),
        sa.Column("hints", sa.Integer, nullable=False),
        sa.Column("first", sa.Text),
        sa.Column("outcome", sa.Text),
        sa.Column("question", sa.Text),
        sa.Column("round", sa.Integer),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_quizzes_round", "quizzes", ["round"])
    op.create_index("quizzes_of_a_person", "quizzes", ["person", "outcome"])
    op.create_table(
        "rounds",
        sa.Column("id", sa.Integer, primary_key=True),
        *_place(),
        sa.Column("person", KEY, nullable=False),
        sa.Column("together", sa.Boolean, nullable=False),
        sa.Column("questions", sa.Text, nullable=False),
        sa.Column("at", sa.Integer, nullable=False),
        sa.Column("revealed", sa.Boolean, nullable=False),
        sa.Column("asked", sa.DateTime, nullable=False),
        sa.Column("opened", sa.DateTime, nullable=False),
        sa.Column("ended", sa.DateTime),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_rounds_person", "rounds", ["person"])
    op.create_index("rounds_of_a_place", "rounds", ["place", "together"])
    op.create_table(
        "round_answers",
        sa.Column("round", sa.Integer, sa.ForeignKey("rounds.id"), primary_key=True),
        sa.Column("at", sa.Integer, primary_key=True),
        sa.Column("person", KEY, primary_key=True),
        sa.Column("grade", sa.Text, nullable=False),
        sa.Column("option", sa.Integer),
    )
    op.create_index("ix_round_answers_person", "round_answers", ["person"])
    op.create_table(
        "leaderboard",
        *_place(primary_key=True),
        sa.Column("person", KEY, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
    )
    op.create_index("ix_leaderboard_person", "leaderboard", ["person"])


def _discussions() -> None:
    op.create_table(
        "discussions",
        sa.Column("id", sa.Integer, primary_key=True),
        *_place(),
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
    op.create_index("discussions_of_a_place", "discussions", ["place"])
    op.create_table(
        "remarks",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("discussion", sa.Integer, sa.ForeignKey("discussions.id"), nullable=False),
        sa.Column("person", KEY, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
    )
    op.create_index("ix_remarks_at", "remarks", ["at"])
    op.create_index("ix_remarks_person", "remarks", ["person"])
    op.create_index("remarks_of_a_discussion", "remarks", ["discussion", "person"])
    op.create_table(
        "digests",
        sa.Column("id", sa.Integer, primary_key=True),
        *_place(),
        sa.Column("private", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("schedule", sa.Integer, nullable=False),
        sa.Column("zone", sa.Text, nullable=False),
        sa.Column("since", sa.DateTime, nullable=False),
        sa.Column("until", sa.DateTime, nullable=False),
    )
    op.create_index("ix_digests_schedule", "digests", ["schedule"])


def _plans() -> None:
    op.create_table(
        "templates",
        sa.Column("id", sa.Integer, primary_key=True),
        *_place(),
        sa.Column("name", KEY, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.UniqueConstraint("platform", "server", "place", "name"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "drafts",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("person", KEY, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_drafts_at", "drafts", ["at"])
    op.create_index("ix_drafts_person", "drafts", ["person"])
    op.create_table(
        "schedules",
        sa.Column("id", sa.Integer, primary_key=True),
        *_place(),
        _thread(),
        sa.Column("kind", sa.Text, nullable=False),
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
    op.create_table(
        "posts",
        sa.Column("id", sa.Integer, primary_key=True),
        *_place(),
        _thread(),
        sa.Column("private", sa.Boolean, nullable=False),
        sa.Column("slot", KEY, nullable=False),
        sa.Column("reference", sa.Text),
        sa.Column("posted", sa.DateTime),
        sa.Column("fingerprint", sa.Text),
        sa.Column("wanted", sa.Integer, nullable=False),
        sa.Column("begun", sa.Integer, nullable=False),
        sa.Column("shown", sa.Integer, nullable=False),
        sa.Column("rests_until", sa.DateTime),
        sa.Column("held_until", sa.DateTime, nullable=False),
        sa.Column("eased_until", sa.DateTime, nullable=False),
        sa.Column("refusals", sa.Integer, nullable=False),
    )
    op.create_index("posts_of_a_slot", "posts", ["slot"])
    op.create_index("posts_to_draw", "posts", ["platform", "rests_until"])
