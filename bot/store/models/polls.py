"""Polls: their options, places and votes."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, Index, false
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.models.base import Base, Placed
from bot.store.models.roles import (
    RENAME,
    SPECIAL,
    STAYS,
    Key,
    Name,
    PlaceKey,
    Plain,
    PlainKey,
    Sealed,
    Words,
    about,
    lasts,
    person,
)


class PollRow(Placed, Base):
    """A poll, opened in a place.

    `closes` is its deadline, in words of `zone`; `remind` is how long before it a reminder comes. `key` is the
    sealed key of an open anonymous poll; at its close the key and the votes go, and `voters` is kept.
    """

    __tablename__ = "polls"
    __table_args__ = (Index("polls_of_a_place", "place"), about(kept=STAYS, where="poll_places"))

    id: Mapped[int] = mapped_column(primary_key=True)
    question: Mapped[Words]
    opened_by: Mapped[str] = mapped_column(Key, info=person(RENAME, "poll that you opened", "polls that you opened"))
    opened: Mapped[datetime]
    closed: Mapped[datetime | None] = mapped_column(index=True)
    several: Mapped[bool] = mapped_column(server_default=false())
    anonymous: Mapped[bool] = mapped_column(server_default=false())
    hidden: Mapped[bool] = mapped_column(server_default=false())
    closes: Mapped[datetime | None]
    remind: Mapped[timedelta | None]
    zone: Mapped[Plain | None]
    script: Mapped[Plain | None]
    section: Mapped[Plain | None]
    schedule: Mapped[int | None] = mapped_column(index=True)
    key: Mapped[Sealed | None]
    voters: Mapped[int | None]


class PollPlaceRow(Placed, Base):
    """A place in which a poll is held."""

    __tablename__ = "poll_places"
    __table_args__ = (Index("polls_held_in_a_place", "place"),)

    poll: Mapped[int] = mapped_column(ForeignKey("polls.id"), primary_key=True)
    platform: Mapped[PlaceKey] = mapped_column(primary_key=True)
    server: Mapped[PlaceKey] = mapped_column(primary_key=True)
    place: Mapped[PlaceKey] = mapped_column(primary_key=True)


class OptionRow(Base):
    """An option of a poll. Numbers count from 1 and are never given again; `place` is where it stands among the others,
    `votes` is kept where the votes are not.
    """

    __tablename__ = "options"

    poll: Mapped[int] = mapped_column(ForeignKey("polls.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    place: Mapped[int] = mapped_column(server_default="0")
    text: Mapped[Words]
    votes: Mapped[int | None]


class VoteRow(Base):
    """A vote that is not secret. `choice` is 0 where a voter has one choice, else the option once more, so that the
    database itself allows no second one.
    """

    __tablename__ = "votes"

    poll: Mapped[int] = mapped_column(ForeignKey("polls.id"), primary_key=True)
    voter: Mapped[str] = mapped_column(Key, primary_key=True, info=person(SPECIAL, "vote", "votes"))
    choice: Mapped[int] = mapped_column(primary_key=True)
    option: Mapped[int]
    name: Mapped[Name | None]


class SecretVoteRow(Base):
    """A vote in an anonymous poll: nothing but the option, and a voter whom only the poll's key can tell.

    Without row numbers its order is that of the voters' keys, which is none.
    """

    __tablename__ = "secret_votes"
    __table_args__ = ({"sqlite_with_rowid": False},)

    poll: Mapped[int] = mapped_column(ForeignKey("polls.id"), primary_key=True)
    voter: Mapped[str] = mapped_column(Key, primary_key=True, info=person(SPECIAL, "vote", "votes"))
    choice: Mapped[int] = mapped_column(primary_key=True)
    option: Mapped[int]


class InvitationRow(Base):
    """The leave to hold a poll in one more place, given by a moderator of one where it is held."""

    __tablename__ = "invitations"

    code: Mapped[PlainKey] = mapped_column(primary_key=True)
    poll: Mapped[int] = mapped_column(ForeignKey("polls.id"))
    until: Mapped[datetime] = mapped_column(info=lasts())
