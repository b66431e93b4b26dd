"""Discussions: questions that were posted, the replies to them, and digests."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, false
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.models.base import Base, Direct, Placed
from bot.store.models.roles import GO, STAYS, Key, Name, Plain, Words, about, lasts, person


class DiscussionRow(Direct, Placed, Base):
    """A question that was posted in a place, in whose thread replies are gathered where they are `overheard`.

    `script` and `section` are slugs; moments are told in words of `zone`.
    """

    __tablename__ = "discussions"
    __table_args__ = (Index("discussions_of_a_place", "place"), about(kept=STAYS))

    id: Mapped[int] = mapped_column(primary_key=True)
    overheard: Mapped[bool]
    question: Mapped[Words]
    script: Mapped[Plain]
    section: Mapped[Plain]
    zone: Mapped[Plain]
    opened: Mapped[datetime]
    closes: Mapped[datetime]
    closed: Mapped[datetime | None]


class RemarkRow(Base):
    """What somebody replied to a question that was posted."""

    __tablename__ = "remarks"
    __table_args__ = (Index("remarks_of_a_discussion", "discussion", "person"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    discussion: Mapped[int] = mapped_column(ForeignKey("discussions.id"))
    person: Mapped[str] = mapped_column(
        Key, index=True, info=person(GO, "reply to a posted question", "replies to posted questions")
    )
    name: Mapped[Name]
    text: Mapped[Words]
    at: Mapped[datetime] = mapped_column(index=True, info=lasts())


class DigestRow(Direct, Placed, Base):
    """A digest that was sent to a place: what was gathered on its platform after `since`, up to `until`."""

    __tablename__ = "digests"
    __table_args__ = (about(kept=STAYS),)

    id: Mapped[int] = mapped_column(primary_key=True)
    private: Mapped[bool] = mapped_column(server_default=false())
    schedule: Mapped[int] = mapped_column(index=True)
    zone: Mapped[Plain]
    since: Mapped[datetime]
    until: Mapped[datetime]
