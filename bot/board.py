"""The board: messages that stand in rooms, drawn from the present state by whoever holds that platform's connection.

What a message should show is never stored: it is what its slot shows now. So changes made between two looks become one
edit, whoever made them, and a message that was being drawn when a process died is drawn by the next.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from bot.activities import Drawn, Keeper, drawer_of
from bot.reply import Ballot, Choices, Reply, in_words
from bot.store import Post
from bot.turn import Room

if TYPE_CHECKING:
    from bot.store.database import Store
    from bot.store.records import Records


@dataclass(frozen=True)
class Page:
    """A message to draw: new where its post has no reference, else in the place of the one that stands there."""

    post: Post
    reply: Reply


class Board:
    """All messages that stand, for the connections of platforms."""

    def __init__(self, keepers: Callable[[], Sequence[Keeper]], open_store: Callable[[], Store]) -> None:
        self._keepers = keepers
        self._open_store = open_store

    def pages(self, platform: str, at: datetime) -> Iterator[Page]:
        """What has to be drawn on a platform, each claimed as it is given: tell `drawn` or `failed` of it soon."""
        store = self._open_store()
        with store.reading() as records:
            posts = [(post, self._draw(records, post)) for post in records.posts.unsettled(platform, at)]
        for post, seen in posts:
            if seen is not None and post.shown == fingerprint(seen.reply) and not seen.final:
                continue
            with store.writing() as records:
                if (held := records.posts.claim(post, at)) is None:
                    continue
                # Only now nobody else draws it: what it shows by now is what counts.
                drawn = self._draw(records, held)
                if drawn is None or held.shown == fingerprint(drawn.reply):
                    records.posts.drawn(held, held.reference, held.shown, drawn is None or drawn.final)
                    continue
            yield Page(held, drawn.reply)

    def drawn(self, page: Page, reference: str, rests: datetime | None = None) -> None:
        """A page stands in its room now, under that reference; until `rests` it is left as it is."""
        shown = fingerprint(page.reply)
        with self._open_store().writing() as records:
            now = self._draw(records, page.post)
            settled = now is None or (now.final and fingerprint(now.reply) == shown)
            records.posts.drawn(page.post, reference, shown, settled, rests)

    def failed(self, page: Page, for_good: bool, rests: datetime | None = None) -> None:
        """A page could not be drawn; it is tried again after `rests`, unless room or message are gone for good."""
        post = page.post
        with self._open_store().writing() as records:
            records.posts.drawn(post, post.reference, post.shown, for_good, rests)

    def placed(self, room: Room, reply: Reply, reference: str) -> None:
        """A reply to a turn stands in the room, under that reference, and will be kept up to date there."""
        if not reply.private and drawer_of(reply.slot, self._keepers()) is not None:
            assert reply.slot is not None
            with self._open_store().writing() as records:
                records.posts.placed(room, reply.slot, reference, fingerprint(reply))

    def release(self, room: Room, reply: Reply) -> bool:
        """Leave a reply to whoever draws what stands; False where it is nothing that stands, and is yet to be shown."""
        if reply.private or reply.slot is None or drawer_of(reply.slot, self._keepers()) is None:
            return False
        with self._open_store().writing() as records:
            records.posts.release(room, reply.slot)
        return True

    def _draw(self, records: Records, post: Post) -> Drawn | None:
        drawer = drawer_of(post.slot, self._keepers())
        return drawer(records, int(post.slot.rpartition("-")[2]), post.room) if drawer else None


def fingerprint(reply: Reply) -> str:
    """What tells one drawing of a message from another: its words, and what its buttons say."""
    buttons = [choice.says for part in reply.parts if isinstance(part, Ballot | Choices) for choice in part.choices]
    told = "\n".join((*(in_words(part) for part in reply.parts), *(str(line) for line in reply.sources), *buttons))
    return hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()
