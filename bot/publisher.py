"""The publisher: keeps the messages that stand on one platform up to date, and has what is due done, while it runs."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Protocol

from bot.board import Board, Page
from bot.reply import Reply
from bot.turn import Room

log = logging.getLogger(__name__)

# How often it looks, in seconds, and how soon at most after it is told that something has changed.
LOOKS = 1.0
SOONEST = 0.25
# Between two edits of the same message: platforms allow so many in all, and nobody reads faster.
REST = timedelta(seconds=2)
# What could not be drawn is tried again after so long.
AGAIN = timedelta(seconds=5)
# So many messages are drawn at the same time.
AT_ONCE = 8


class Gone(Exception):
    """The room or the message is gone for good."""


class Later(Exception):
    """The platform wants to be left alone for so many seconds."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"The platform asks to wait {seconds:g} seconds.")
        self.seconds = seconds


class Poster(Protocol):
    """What shows messages on a platform. Each raises Gone or Later; after any other failure it is tried again."""

    @property
    def platform(self) -> str:
        """The name of the platform."""
        ...

    async def post(self, room: Room, reply: Reply, key: str) -> str:
        """Show a new message in the room; its reference. Two sends with the same `key` are the same message."""
        ...

    async def edit(self, room: Room, reference: str, reply: Reply) -> str | None:
        """Show `reply` in the place of the message of that reference; the new one's where it had to be replaced."""
        ...


def _now() -> datetime:
    return datetime.now(UTC)


class Publisher:
    """Draws what has changed; several changes of a message within its rest become one edit, the last is never lost."""

    def __init__(
        self,
        board: Board,
        work: Callable[[datetime], int],
        poster: Poster,
        clock: Callable[[], datetime] = _now,
        looks: float = LOOKS,
    ) -> None:
        """`work` does what is due at a moment; `looks` is how often, in seconds, all this is looked for."""
        self._board = board
        self._work = work
        self._poster = poster
        self._clock = clock
        self._looks = looks
        self._woken = asyncio.Event()

    def soon(self) -> None:
        """Something may have changed: look at once."""
        self._woken.set()

    async def run(self) -> None:
        """Look again and again, until this is cancelled; what is being drawn then is still drawn."""
        while True:
            looking = asyncio.create_task(self.look())
            try:
                await asyncio.shield(looking)
            except asyncio.CancelledError:
                with suppress(Exception):
                    await looking
                raise
            await asyncio.sleep(min(SOONEST, self._looks))
            with suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), self._looks)
            self._woken.clear()

    async def look(self) -> None:
        """Do what is due, then draw what has changed; a failure is told to the log alone."""
        try:
            await asyncio.to_thread(self._work, self._clock())
        except Exception:
            log.exception("What is due could not be done; it is tried again")
        try:
            while pages := await asyncio.to_thread(self._pages):
                await asyncio.gather(*(self._draw(page) for page in pages))
        except Exception:
            log.exception("What has changed could not be looked for; it is tried again")

    def _pages(self) -> list[Page]:
        return list(islice(self._board.pages(self._poster.platform, self._clock()), AT_ONCE))

    async def _draw(self, page: Page) -> None:
        post, reference = page.post, page.post.reference
        try:
            if reference is None:
                reference = await self._poster.post(post.room, page.reply, f"post {post.id}")
            else:
                reference = await self._poster.edit(post.room, reference, page.reply) or reference
        except Gone:
            await asyncio.to_thread(self._board.failed, page, for_good=True)
        except Later as later:
            rests = self._clock() + timedelta(seconds=later.seconds)
            await asyncio.to_thread(self._board.failed, page, for_good=False, rests=rests)
        except Exception:
            log.exception("%s could not be drawn in %s; it is tried again", post.slot, post.room.place)
            await asyncio.to_thread(self._board.failed, page, for_good=False, rests=self._clock() + AGAIN)
        else:
            await asyncio.to_thread(self._board.drawn, page, reference, rests=self._clock() + REST)
