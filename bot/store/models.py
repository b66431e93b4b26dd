"""The tables. Whatever changes here needs a migration in `migrations/versions`; a test compares the two."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, ClassVar

from sqlalchemy import (
    BigInteger,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
    false,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Moment(TypeDecorator[datetime]):
    """A moment with its time zone; stored as UTC, as SQLite keeps no zone."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To UTC, without a zone."""
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """In UTC."""
        return None if value is None else value.replace(tzinfo=UTC)


class Base(DeclarativeBase):
    """All tables."""

    type_annotation_map: ClassVar[dict[Any, Any]] = {datetime: Moment, str: Text}


Key = String(255)
# Buttons name rows by number: the number of a deleted row is not given to another one.
NEVER_AGAIN = {"sqlite_autoincrement": True}


class EventRow(Base):
    """An event of a platform: claimed until then by whoever handles it, `done` once it is answered."""

    __tablename__ = "events"

    id: Mapped[str] = mapped_column(Key, primary_key=True)
    claimed_until: Mapped[datetime]
    done: Mapped[bool]


class MessageRow(Base):
    """One message of a conversation: by the person (`activity` None), or by the bot to that person."""

    __tablename__ = "messages"
    __table_args__ = (Index("messages_of_a_conversation", "conversation", "id"), NEVER_AGAIN)

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation: Mapped[str] = mapped_column(Key)
    person: Mapped[str] = mapped_column(Key, index=True)
    activity: Mapped[str | None]
    content: Mapped[str]
    private: Mapped[bool]
    at: Mapped[datetime] = mapped_column(index=True)


class PlaceRow(Base):
    """The settings of a place: the slug of its current script, and its time zone."""

    __tablename__ = "places"

    place: Mapped[str] = mapped_column(Key, primary_key=True)
    script: Mapped[str | None]
    zone: Mapped[str | None]


class PollRow(Base):
    """A poll, opened in a place.

    `closes` is its deadline, in words of `zone`; `remind` is how many seconds before it a reminder comes. `key` is the
    sealed key of an open anonymous poll; at its close the key and the votes go, and `voters` is kept. `shown` is the
    last tally of an anonymous poll that people may see while it is open, as JSON.
    """

    __tablename__ = "polls"

    id: Mapped[int] = mapped_column(primary_key=True)
    place: Mapped[str] = mapped_column(Key, index=True)
    question: Mapped[str]
    opened_by: Mapped[str] = mapped_column(Key)
    opened: Mapped[datetime]
    closed: Mapped[datetime | None] = mapped_column(index=True)
    several: Mapped[bool] = mapped_column(server_default=false())
    anonymous: Mapped[bool] = mapped_column(server_default=false())
    hidden: Mapped[bool] = mapped_column(server_default=false())
    closes: Mapped[datetime | None]
    remind: Mapped[int | None]
    zone: Mapped[str | None]
    script: Mapped[str | None]
    section: Mapped[str | None]
    schedule: Mapped[int | None] = mapped_column(index=True)
    key: Mapped[str | None]
    voters: Mapped[int | None]
    shown: Mapped[str | None]


class PollPlaceRow(Base):
    """A place in which a poll is held."""

    __tablename__ = "poll_places"

    poll: Mapped[int] = mapped_column(ForeignKey("polls.id"), primary_key=True)
    place: Mapped[str] = mapped_column(Key, primary_key=True, index=True)


class OptionRow(Base):
    """An option of a poll. Numbers count from 1 and are never given again; `votes` is kept where the votes are not."""

    __tablename__ = "options"

    poll: Mapped[int] = mapped_column(ForeignKey("polls.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str]
    votes: Mapped[int | None]


class VoteRow(Base):
    """A vote that is not secret. `choice` is 0 where a voter has one choice, else the option once more, so that the
    database itself allows no second one.
    """

    __tablename__ = "votes"

    poll: Mapped[int] = mapped_column(ForeignKey("polls.id"), primary_key=True)
    voter: Mapped[str] = mapped_column(Key, primary_key=True)
    choice: Mapped[int] = mapped_column(primary_key=True)
    option: Mapped[int]
    name: Mapped[str | None]


class SecretVoteRow(Base):
    """A vote in an anonymous poll: nothing but the option, and a voter whom only the poll's key can tell.

    Without row numbers its order is that of the voters' keys, which is none.
    """

    __tablename__ = "secret_votes"
    __table_args__ = ({"sqlite_with_rowid": False},)

    poll: Mapped[int] = mapped_column(ForeignKey("polls.id"), primary_key=True)
    voter: Mapped[str] = mapped_column(Key, primary_key=True)
    choice: Mapped[int] = mapped_column(primary_key=True)
    option: Mapped[int]


class InvitationRow(Base):
    """The leave to hold a poll in one more place, given by a moderator of one where it is held."""

    __tablename__ = "invitations"

    code: Mapped[str] = mapped_column(Key, primary_key=True)
    poll: Mapped[int] = mapped_column(ForeignKey("polls.id"))
    until: Mapped[datetime]


class TemplateRow(Base):
    """A poll kept for reuse in a place, as JSON."""

    __tablename__ = "templates"
    __table_args__ = (UniqueConstraint("place", "name"), NEVER_AGAIN)

    id: Mapped[int] = mapped_column(primary_key=True)
    place: Mapped[str] = mapped_column(Key)
    name: Mapped[str] = mapped_column(Key)
    content: Mapped[str]


class ScheduleRow(Base):
    """Something that comes again in a room by a rule (RFC 5545) from `first` on, in the wall clock of `zone`.

    `kind` says what, `content` holds it as JSON. An ended one keeps its number, for what it has brought.
    """

    __tablename__ = "schedules"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    platform: Mapped[str]
    place: Mapped[str]
    thread: Mapped[str | None]
    private: Mapped[bool]
    content: Mapped[str]
    rule: Mapped[str]
    first: Mapped[datetime]
    zone: Mapped[str]
    ended: Mapped[bool] = mapped_column(server_default=false())


class DueRow(Base):
    """Something to be done at a time: `what` says what, `number` with which row. Changing it moves its time."""

    __tablename__ = "due"

    what: Mapped[str] = mapped_column(Key, primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(index=True)


class PostRow(Base):
    """A message that stands, or should stand, in a room: whatever its slot shows now.

    `reference` is the platform's own name for the message, None while it is not there; `shown` tells what it was drawn
    as, None while that is not known. It is looked at again until it is `settled`. Who draws it has it until
    `claimed_until`.
    """

    __tablename__ = "posts"
    __table_args__ = (Index("posts_to_draw", "platform", "settled"), Index("posts_of_a_slot", "slot"))

    id: Mapped[int] = mapped_column(primary_key=True)
    platform: Mapped[str] = mapped_column(Key)
    place: Mapped[str]
    thread: Mapped[str | None]
    private: Mapped[bool]
    slot: Mapped[str] = mapped_column(Key)
    reference: Mapped[str | None]
    shown: Mapped[str | None]
    settled: Mapped[bool]
    claimed_until: Mapped[datetime | None]


class DiscussionRow(Base):
    """A question that was posted in a place, in whose thread replies are gathered where they are `overheard`.

    `script` and `section` are slugs; moments are told in words of `zone`.
    """

    __tablename__ = "discussions"

    id: Mapped[int] = mapped_column(primary_key=True)
    platform: Mapped[str] = mapped_column(Key)
    place: Mapped[str] = mapped_column(Key, index=True)
    private: Mapped[bool]
    overheard: Mapped[bool]
    question: Mapped[str]
    script: Mapped[str]
    section: Mapped[str]
    zone: Mapped[str]
    opened: Mapped[datetime]
    closes: Mapped[datetime]
    closed: Mapped[datetime | None]


class RemarkRow(Base):
    """What somebody replied to a question that was posted."""

    __tablename__ = "remarks"
    __table_args__ = (Index("remarks_of_a_discussion", "discussion", "person"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    discussion: Mapped[int] = mapped_column(ForeignKey("discussions.id"))
    person: Mapped[str] = mapped_column(Key, index=True)
    name: Mapped[str]
    text: Mapped[str]
    at: Mapped[datetime] = mapped_column(index=True)


class DigestRow(Base):
    """A digest that was sent to a place: what was gathered on its platform after `since`, up to `until`."""

    __tablename__ = "digests"

    id: Mapped[int] = mapped_column(primary_key=True)
    platform: Mapped[str] = mapped_column(Key)
    place: Mapped[str] = mapped_column(Key)
    schedule: Mapped[int] = mapped_column(index=True)
    zone: Mapped[str]
    since: Mapped[datetime]
    until: Mapped[datetime]


class QuizRow(Base):
    """One person's go at a quiz."""

    __tablename__ = "quizzes"
    __table_args__ = (Index("quizzes_of_a_person", "person", "outcome"), NEVER_AGAIN)

    id: Mapped[int] = mapped_column(primary_key=True)
    person: Mapped[str] = mapped_column(Key)
    place: Mapped[str] = mapped_column(Key)
    script: Mapped[str]
    section: Mapped[str]
    opened: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    hints: Mapped[int] = mapped_column(default=0)
    first: Mapped[str | None]
    outcome: Mapped[str | None]
    question: Mapped[str | None]
    round: Mapped[int | None] = mapped_column(index=True)


class RoundRow(Base):
    """A round of quiz questions: who opened it where, its questions in order as JSON, and where it stands."""

    __tablename__ = "rounds"
    __table_args__ = (Index("rounds_of_a_place", "place", "together"), NEVER_AGAIN)

    id: Mapped[int] = mapped_column(primary_key=True)
    place: Mapped[str] = mapped_column(Key)
    person: Mapped[str] = mapped_column(Key, index=True)
    together: Mapped[bool]
    questions: Mapped[str]
    at: Mapped[int] = mapped_column(default=0)
    revealed: Mapped[bool] = mapped_column(default=False)
    asked: Mapped[datetime]
    opened: Mapped[datetime]
    ended: Mapped[datetime | None]


class RoundAnswerRow(Base):
    """What somebody answered in a round that is held together, one row a person and question; never what was typed."""

    __tablename__ = "round_answers"

    round: Mapped[int] = mapped_column(ForeignKey("rounds.id"), primary_key=True)
    at: Mapped[int] = mapped_column(primary_key=True)
    person: Mapped[str] = mapped_column(Key, primary_key=True, index=True)
    grade: Mapped[str]
    option: Mapped[int | None]


class LeaderboardRow(Base):
    """The wish of somebody to be seen in the leaderboard of a place, under that name."""

    __tablename__ = "leaderboard"

    place: Mapped[str] = mapped_column(Key, primary_key=True)
    person: Mapped[str] = mapped_column(Key, primary_key=True, index=True)
    name: Mapped[str]


class FeedbackRow(Base):
    """What somebody thought of an answer: one row for each answer and person."""

    __tablename__ = "feedback"

    message: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    person: Mapped[str] = mapped_column(Key, primary_key=True)
    helpful: Mapped[bool]
    reason: Mapped[str | None]
    at: Mapped[datetime]


class UnansweredRow(Base):
    """A question that the sources do not cover; `outside` where it is not about their subject at all."""

    __tablename__ = "unanswered"

    id: Mapped[int] = mapped_column(primary_key=True)
    place: Mapped[str] = mapped_column(Key)
    person: Mapped[str] = mapped_column(Key, index=True)
    question: Mapped[str]
    outside: Mapped[bool] = mapped_column(server_default=false())
    at: Mapped[datetime] = mapped_column(index=True)


class SpendingRow(Base):
    """What the calls of a language model for one answer took; it outlives the answer, so it names nobody.

    `message` is the number of the answer; both it and the `place` of a private talk are let go of with the answer.
    `nanodollars` is None where the price was not known.
    """

    __tablename__ = "spending"
    __table_args__ = (Index("spending_of_a_month", "at", "nanodollars"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    platform: Mapped[str] = mapped_column(Key)
    place: Mapped[str | None] = mapped_column(Key)
    private: Mapped[bool]
    message: Mapped[int | None] = mapped_column(index=True)
    model: Mapped[str]
    input_tokens: Mapped[int] = mapped_column(BigInteger)
    output_tokens: Mapped[int] = mapped_column(BigInteger)
    nanodollars: Mapped[int | None] = mapped_column(BigInteger)
    at: Mapped[datetime]
