"""The tables. Whatever changes here needs a migration in `migrations/versions`; a test compares the two."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, ClassVar

from sqlalchemy import BigInteger, DateTime, Dialect, ForeignKey, Index, String, Text, TypeDecorator
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
    """The settings of a place: the slug of its current script."""

    __tablename__ = "places"

    place: Mapped[str] = mapped_column(Key, primary_key=True)
    script: Mapped[str | None]


class PollRow(Base):
    """A poll in a place."""

    __tablename__ = "polls"

    id: Mapped[int] = mapped_column(primary_key=True)
    place: Mapped[str] = mapped_column(Key, index=True)
    question: Mapped[str]
    opened_by: Mapped[str] = mapped_column(Key)
    opened: Mapped[datetime]
    closed: Mapped[datetime | None]


class OptionRow(Base):
    """An option of a poll; `number` counts from 1."""

    __tablename__ = "options"

    poll: Mapped[int] = mapped_column(ForeignKey("polls.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str]


class VoteRow(Base):
    """The vote of one person: the last one counts."""

    __tablename__ = "votes"

    poll: Mapped[int] = mapped_column(ForeignKey("polls.id"), primary_key=True)
    person: Mapped[str] = mapped_column(Key, primary_key=True)
    option: Mapped[int]


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


class FeedbackRow(Base):
    """What somebody thought of an answer: one row for each answer and person."""

    __tablename__ = "feedback"

    message: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    person: Mapped[str] = mapped_column(Key, primary_key=True)
    helpful: Mapped[bool]
    reason: Mapped[str | None]
    at: Mapped[datetime]


class UnansweredRow(Base):
    """A question that the sources do not cover."""

    __tablename__ = "unanswered"

    id: Mapped[int] = mapped_column(primary_key=True)
    place: Mapped[str] = mapped_column(Key)
    person: Mapped[str] = mapped_column(Key, index=True)
    question: Mapped[str]
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
