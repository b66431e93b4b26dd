"""Polls: their options, places and votes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, false
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.models.base import Base, Key


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
