"""Discussions: questions that were posted, the replies to them, and digests."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.models.base import Base, Key


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
