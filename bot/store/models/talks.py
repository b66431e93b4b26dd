"""Talks: events of platforms, what was said in places, what people thought of it, and what it cost."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Index, Text, false
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.models.base import NEVER_AGAIN, Base, Key


class EventRow(Base):
    """An event of a platform: claimed until then by whoever handles it, `done` once it is answered."""

    __tablename__ = "events"

    id: Mapped[str] = mapped_column(Key, primary_key=True)
    claimed_until: Mapped[datetime]
    done: Mapped[bool]


class MessageRow(Base):
    """One message of a conversation: by the person (`activity` None), or by the bot to that person.

    `sources` is JSON: what an answer stands on, and whether its text refers to them by number.
    """

    __tablename__ = "messages"
    __table_args__ = (Index("messages_of_a_conversation", "conversation", "id"), NEVER_AGAIN)

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation: Mapped[str] = mapped_column(Key)
    person: Mapped[str] = mapped_column(Key, index=True)
    activity: Mapped[str | None]
    content: Mapped[str]
    private: Mapped[bool]
    at: Mapped[datetime] = mapped_column(index=True)
    sources: Mapped[str | None] = mapped_column(Text)


class PlaceRow(Base):
    """The settings of a place: the slug of its current script, its time zone, and how the bot behaves there.

    `off` are the features that are switched off, `moderators` the ids of people and groups, with spaces between.
    """

    __tablename__ = "places"

    place: Mapped[str] = mapped_column(Key, primary_key=True)
    script: Mapped[str | None]
    zone: Mapped[str | None]
    automatic: Mapped[bool] = mapped_column(server_default=false())
    quiet: Mapped[bool] = mapped_column(server_default=false())
    off: Mapped[str | None]
    moderators: Mapped[str | None]


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
