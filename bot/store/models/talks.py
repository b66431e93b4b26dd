"""Talks: events of platforms, what was said in places, what people thought of it, and what it cost."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Index, false
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.models.base import NEVER_AGAIN, Base, Direct, Listed, Placed, Threaded
from bot.store.models.roles import (
    GO,
    NOWHERE,
    SPECIAL,
    STAYS,
    Amount,
    Key,
    Name,
    PlaceKey,
    Plain,
    PlainKey,
    Words,
    about,
    lasts,
    part_of,
    person,
    plain,
)

# How much longer than messages the ledger is kept: long enough to compare a month with the same one a year before.
LEDGER_LASTS = timedelta(days=2 * 366)


class EventRow(Base):
    """An event of a platform, by a keyed digest: claimed until then by whoever handles it, for the time `attempts`
    counts, from 1; `done` once it is answered.
    """

    __tablename__ = "events"
    __table_args__ = (about(where=NOWHERE),)

    id: Mapped[PlainKey] = mapped_column(primary_key=True)
    claimed_until: Mapped[datetime] = mapped_column(index=True, info=lasts())
    attempts: Mapped[int]
    done: Mapped[bool]


class MessageRow(Threaded, Base):
    """One message of a talk: by the person (`activity` None), or by the bot to that person.

    `sources` is JSON: what an answer stands on, and whether its text refers to them by number. `shared_by` is the name
    of whoever showed an answer to all in the room.
    """

    __tablename__ = "messages"
    __table_args__ = (Index("messages_of_a_talk", "place", "thread", "id"), NEVER_AGAIN)

    id: Mapped[int] = mapped_column(primary_key=True)
    person: Mapped[str] = mapped_column(Key, index=True, info=person(GO, "message", "messages"))
    activity: Mapped[Plain | None]
    content: Mapped[Words]
    private: Mapped[bool]
    at: Mapped[datetime] = mapped_column(index=True, info=lasts())
    sources: Mapped[Plain | None]
    shared_by: Mapped[Name | None]


class PlaceRow(Placed, Base):
    """The settings of a place: the slug of its current script, its time zone, and how the bot behaves there.

    `off` are the features that are switched off, `moderators` the ids of people and groups.
    """

    __tablename__ = "places"
    __table_args__ = (about(kept=STAYS),)

    platform: Mapped[PlaceKey] = mapped_column(primary_key=True)
    server: Mapped[PlaceKey] = mapped_column(primary_key=True)
    place: Mapped[PlaceKey] = mapped_column(primary_key=True)
    script: Mapped[Plain | None]
    zone: Mapped[Plain | None]
    automatic: Mapped[bool] = mapped_column(server_default=false())
    quiet: Mapped[bool] = mapped_column(server_default=false())
    off: Mapped[tuple[str, ...]] = mapped_column(Listed(), nullable=True, info=plain())
    moderators: Mapped[tuple[str, ...]] = mapped_column(
        Listed(),
        nullable=True,
        info=person(SPECIAL, "place where you are a moderator", "places where you are a moderator"),
    )


class FeedbackRow(Base):
    """What somebody thought of an answer: one row for each answer and person."""

    __tablename__ = "feedback"

    message: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, info=part_of("messages.id"))
    person: Mapped[str] = mapped_column(
        Key, primary_key=True, info=person(GO, "opinion on an answer", "opinions on answers")
    )
    helpful: Mapped[bool]
    reason: Mapped[Words | None]
    at: Mapped[datetime] = mapped_column(info=lasts())


class UnansweredRow(Threaded, Base):
    """A question that the sources do not cover; `outside` where it is not about their subject at all."""

    __tablename__ = "unanswered"

    id: Mapped[int] = mapped_column(primary_key=True)
    person: Mapped[str] = mapped_column(
        Key,
        index=True,
        info=person(GO, "question that my sources do not cover", "questions that my sources do not cover"),
    )
    question: Mapped[Words]
    outside: Mapped[bool] = mapped_column(server_default=false())
    at: Mapped[datetime] = mapped_column(index=True, info=lasts())


class SpendingRow(Direct, Placed, Base):
    """What the calls of a language model for one answer took; it outlives the answer, so it names nobody.

    `message` is the number of the answer; it is let go of with the answer, and with it the `place` of a private
    talk, which then is "". `nanodollars` is None where the price was not known.
    """

    __tablename__ = "spending"
    __table_args__ = (Index("spending_of_a_month", "at", "nanodollars"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    message: Mapped[int | None] = mapped_column(index=True)
    model: Mapped[Plain]
    input_tokens: Mapped[Amount]
    output_tokens: Mapped[Amount]
    nanodollars: Mapped[Amount | None]
    at: Mapped[datetime] = mapped_column(info=lasts(longer=LEDGER_LASTS))
