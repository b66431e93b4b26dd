"""The board: messages that stand in rooms, drawn from the present state by whoever holds that platform's connection.

What a message should show is never stored: it is what its slot shows when it is taken to be drawn. So changes made
before that become one edit, whoever made them, and a message that was being drawn when a process died is drawn again.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.activities import Keeper, Retractor, drawer_of
from bot.errors import MissingRight, Passing, PlatformError
from bot.reply import Ballot, Choices, Reply, in_words
from bot.store import Post
from bot.turn import Room

if TYPE_CHECKING:
    from bot.store.changes import Changes
    from bot.store.database import Store
    from bot.store.records import Records

log = logging.getLogger(__name__)

# So many messages are taken at a time.
MOST = 16
# Pauses before another try, twice as long each time, up to the second: after what passes, and where a right is missing.
PASSING = timedelta(seconds=5), timedelta(minutes=5)
REFUSED = timedelta(minutes=1), timedelta(hours=1)
# A right that is missing for about a week will not come: so many tries in a row.
HOPELESS = 24 * 7


@dataclass(frozen=True)
class Page:
    """A message to draw: new where its post has no reference, else in the place of the one that stands there."""

    post: Post
    reply: Reply


@dataclass(frozen=True)
class Look:
    """What a look has found: messages that were taken, to be drawn, and when the next one may be; None for none."""

    pages: list[Page]
    again: datetime | None


class Board:
    """All messages that stand, for the connections of platforms."""

    def __init__(self, keepers: Callable[[], Sequence[Keeper]], open_store: Callable[[], Store]) -> None:
        self._keepers = keepers
        self._open_store = open_store

    @property
    def changes(self) -> Changes:
        """What tells that something may have to be drawn."""
        return self._open_store().changes

    def pages(self, platform: str, at: datetime) -> list[Page]:
        """What has to be drawn on a platform at that moment, each taken: tell `drawn` or `refused` of it soon."""
        pages: list[Page] = []
        while True:
            look = self.look(platform, at)
            pages += look.pages
            if look.again is None or look.again > at:
                return pages

    def look(self, platform: str, at: datetime, busy: Collection[str] | None = None, most: int = MOST) -> Look:
        """Take what has to be drawn; a look that finds nothing is one statement.

        `busy` are places to be left alone; where they are given, one message a place is taken at a time.
        """
        store = self._open_store()
        with store.reading() as records:
            waiting = records.posts.waiting(platform, most, busy or ())
        due = [one for one in waiting if one.rests_until <= at]
        if not due:
            return Look([], waiting[0].rests_until if waiting else None)
        taken = due if busy is None else list({one.place: one for one in reversed(due)}.values())[::-1]
        pages = self._take([one.id for one in taken], at)
        later = [one.rests_until for one in waiting[len(due) :]]
        return Look(pages, at if len(waiting) == most or len(taken) < len(due) else next(iter(later), None))

    def take(self, room: Room, reply: Reply, at: datetime) -> Page | None:
        """Take the message in which a reply stands that is given now; None where somebody else was faster."""
        with self._open_store().reading() as records:
            post = records.posts.in_room(room, reply.slot or "")
        pages = self._take([post.id], at, by_reply=True) if post is not None and post.reference is None else []
        return next(iter(pages), None)

    def drawn(self, page: Page, reference: str, at: datetime) -> None:
        """A page stands in its room now, under that reference."""
        with self._open_store().writing() as records:
            records.posts.drawn(page.post, reference, fingerprint(page.reply), at)

    def refused(self, page: Page, error: PlatformError, at: datetime) -> str | None:
        """A page could not be drawn: it is tried again after a pause, or given up.

        What was never shown, and cannot be, is taken back: then it says what became of it, in a sentence for a person.
        """
        post = page.post
        passes = isinstance(error, Passing)
        if post.refusals == 0:
            log.warning("%s could not be drawn in %s: %s", post.slot, post.room.place, error)
        with self._open_store().writing() as records:
            if post.reference is None and not passes and (said := self._retract(records, post)) is not None:
                return said
            hopeless = post.refusals >= HOPELESS or not isinstance(error, Passing | MissingRight)
            records.posts.refused(post, at + _pause(error, post.refusals), gives_up=hopeless and not passes)
        return None

    def placed(self, room: Room, reply: Reply, reference: str, at: datetime) -> None:
        """A reply to a turn stands in the room, under that reference, and will be kept up to date there."""
        if reply.slot is not None and self.stands(reply):
            with self._open_store().writing() as records:
                records.posts.placed(room, reply.slot, reference, fingerprint(reply), at)

    def retry(self, platform: str, place: str) -> None:
        """Have what could not be drawn in a place tried again at once."""
        with self._open_store().writing() as records:
            records.posts.retry(platform, place)

    def stands(self, reply: Reply) -> bool:
        """Whether a reply is to stand in its room, and not just said."""
        return not reply.private and drawer_of(reply.slot, self._keepers()) is not None

    def _take(self, ids: Sequence[int], at: datetime, by_reply: bool = False) -> list[Page]:
        store = self._open_store()
        with store.writing() as records:
            posts = records.posts.take(ids, at, by_reply)
        # Only now, so that all is seen that was changed before they were taken.
        with store.reading() as records:
            drawn = [(post, self._draw(records, post)) for post in posts]
        pages = [Page(post, reply) for post, reply in drawn if reply and post.fingerprint != fingerprint(reply)]
        same = [post for post, reply in drawn if not reply or post.fingerprint == fingerprint(reply)]
        if same:
            with store.writing() as records:
                for post in same:
                    records.posts.drawn(post, post.reference, post.fingerprint, at)
        return pages

    def _draw(self, records: Records, post: Post) -> Reply | None:
        drawer = drawer_of(post.slot, self._keepers())
        return drawer(records, _number(post.slot), post.room) if drawer else None

    def _retract(self, records: Records, post: Post) -> str | None:
        kind = post.slot.rpartition("-")[0]
        for one in self._keepers():
            if isinstance(one, Retractor) and kind in one.retractions:
                records.posts.remove(post)
                return one.retractions[kind](records, _number(post.slot), post.room)
        return None


def fingerprint(reply: Reply) -> str:
    """What tells one drawing of a message from another: its words, and what its buttons say."""
    buttons = [choice.says for part in reply.parts if isinstance(part, Ballot | Choices) for choice in part.choices]
    told = "\n".join((*(in_words(part) for part in reply.parts), *(str(line) for line in reply.sources), *buttons))
    return hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()


def _number(slot: str) -> int:
    return int(slot.rpartition("-")[2])


def _pause(error: PlatformError, refusals: int) -> timedelta:
    """How long a message is left alone that was refused so often before."""
    if isinstance(error, Passing) and error.seconds is not None:
        return timedelta(seconds=error.seconds)
    first, longest = PASSING if isinstance(error, Passing) else REFUSED
    return min(first * (1 << min(refusals, 16)), longest)
