"""Plans: drafts and templates, what comes again, what is due, and the messages that stand."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.models.base import NEVER_AGAIN, Base, Key


class TemplateRow(Base):
    """A poll kept for reuse in a place, as JSON."""

    __tablename__ = "templates"
    __table_args__ = (UniqueConstraint("place", "name"), NEVER_AGAIN)

    id: Mapped[int] = mapped_column(primary_key=True)
    place: Mapped[str] = mapped_column(Key)
    name: Mapped[str] = mapped_column(Key)
    content: Mapped[str]


class DraftRow(Base):
    """A poll that somebody has filled in and not opened yet, as JSON."""

    __tablename__ = "drafts"
    __table_args__ = (NEVER_AGAIN,)

    id: Mapped[int] = mapped_column(primary_key=True)
    person: Mapped[str] = mapped_column(Key, index=True)
    content: Mapped[str]
    at: Mapped[datetime] = mapped_column(index=True)


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
