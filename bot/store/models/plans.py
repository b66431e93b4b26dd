"""Plans: drafts and templates, what comes again, what is due, and the messages that stand."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.models.base import NEVER_AGAIN, Base, Direct, Placed, Threaded
from bot.store.models.roles import (
    GO,
    NOWHERE,
    STAYS,
    Key,
    Plain,
    PlainKey,
    Words,
    about,
    lasts,
    person,
)


class TemplateRow(Placed, Base):
    """A poll kept for reuse in a place, as JSON."""

    __tablename__ = "templates"
    __table_args__ = (UniqueConstraint("platform", "server", "place", "name"), about(kept=STAYS) | NEVER_AGAIN)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[Words] = mapped_column(Key)
    content: Mapped[Words]


class DraftRow(Base):
    """A poll that somebody has filled in and not opened yet, as JSON."""

    __tablename__ = "drafts"
    __table_args__ = (about(where=NOWHERE) | NEVER_AGAIN,)

    id: Mapped[int] = mapped_column(primary_key=True)
    person: Mapped[str] = mapped_column(
        Key, index=True, info=person(GO, "poll that you have not opened", "polls that you have not opened")
    )
    content: Mapped[Words]
    at: Mapped[datetime] = mapped_column(index=True, info=lasts())


class UndoableRow(Placed, Base):
    """Something that somebody did and can undo for a while: `what` says what, `before` how it was, as JSON."""

    __tablename__ = "undoable"
    __table_args__ = (about() | NEVER_AGAIN,)

    id: Mapped[int] = mapped_column(primary_key=True)
    person: Mapped[str] = mapped_column(
        Key, index=True, info=person(GO, "change that you can undo", "changes that you can undo")
    )
    what: Mapped[Plain]
    before: Mapped[Words]
    at: Mapped[datetime] = mapped_column(index=True, info=lasts())


class ScheduleRow(Direct, Threaded, Base):
    """Something that comes again in a room by a rule (RFC 5545) from `first` on, in the wall clock of `zone`.

    `kind` says what, `content` holds it as JSON. An ended one keeps its number, for what it has brought.
    """

    __tablename__ = "schedules"
    __table_args__ = (about(kept=STAYS),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[Plain]
    content: Mapped[Words]
    rule: Mapped[Plain]
    first: Mapped[datetime]
    zone: Mapped[Plain]
    ended: Mapped[bool] = mapped_column(server_default=false())


class DueRow(Base):
    """Something to be done at a time: `what` says what, `number` with which row. Changing it moves its time."""

    __tablename__ = "due"
    __table_args__ = (about(kept=STAYS, where=NOWHERE),)

    what: Mapped[PlainKey] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(index=True)


class PostRow(Direct, Threaded, Base):
    """A message that stands, or should stand, in a room: whatever its slot shows now.

    `reference` is the platform's own name for the message, None while it is not there; `posted` is since when it is;
    `fingerprint` tells what it was drawn as. Versions count what it should show: `wanted` is the newest, `begun` the
    one that was drawn last, `shown` the one that stands. It is drawn once `rests_until` has come, which is None while
    it shows what is wanted. Nobody draws it before `held_until`: somebody is drawing it, or the platform asked to be
    left alone. What happens often, such as a vote, waits until `eased_until`. `refusals` were in a row.
    """

    __tablename__ = "posts"
    __table_args__ = (
        Index("posts_to_draw", "platform", "rests_until"),
        Index("posts_of_a_slot", "slot"),
        about(kept=STAYS),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slot: Mapped[PlainKey]
    reference: Mapped[Plain | None]
    posted: Mapped[datetime | None]
    fingerprint: Mapped[Plain | None]
    wanted: Mapped[int]
    begun: Mapped[int]
    shown: Mapped[int]
    rests_until: Mapped[datetime | None]
    held_until: Mapped[datetime]
    eased_until: Mapped[datetime]
    refusals: Mapped[int]
