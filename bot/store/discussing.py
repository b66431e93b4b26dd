"""What the store and the activity of engagement know alike: posted questions, replies, digests, names of slots."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.turn import Room

# How long replies to a posted question are gathered, and what comes due then.
GATHERED = timedelta(days=7)
CLOSE_DISCUSSION = "close engagement"


@dataclass(frozen=True)
class Discussion:
    """A question that was posted in a room for people to reply to; `closed` is None while replies are gathered.

    `room` tells whether replies in its thread are overheard. `script` and `section` are slugs; `closes` is told in the
    time zone `zone`.
    """

    id: int
    room: Room
    question: str
    script: str
    section: str
    zone: str
    opened: datetime
    closes: datetime
    closed: datetime | None = None

    def is_over(self, at: datetime) -> bool:
        """Whether no reply of that moment is gathered, though nobody may have got round to closing it."""
        return self.closed is not None or self.closes <= at


@dataclass(frozen=True)
class Remark:
    """What somebody replied to the question of a discussion; `person` is their key."""

    discussion: int
    person: str
    name: str
    text: str
    at: datetime


@dataclass(frozen=True)
class Digest:
    """What `room` is told was gathered after `since`, up to `until`, told in the time zone `zone`."""

    id: int
    room: Room
    zone: str
    since: datetime
    until: datetime


def question_slot(discussion: int) -> str:
    """Where a posted question stands."""
    return f"engagement-{discussion}"


def digest_slot(digest: int) -> str:
    """Where a digest stands."""
    return f"digest-{digest}"
