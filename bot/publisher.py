"""The publisher: keeps the messages that stand on one platform up to date while it runs, and does nothing else."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Protocol

from bot.board import Board, Page
from bot.errors import Passing, PlatformError
from bot.reply import Reply
from bot.store import StoreGone
from bot.turn import Room

log = logging.getLogger(__name__)

# It looks when something has changed, when a rest is over, and in any case after so long, in seconds: a look is one
# statement, so an idle bot makes one in two minutes.
BEAT = 120.0
# After a look it waits so long, in seconds, for more to change.
SOONEST = 0.1
# What could not be looked for is looked for again after so long.
AGAIN = timedelta(seconds=5)
# So many messages are drawn at the same time, one a place: whoever waits for a platform keeps a place, not the others.
AT_ONCE = 64
# A message that takes longer, in seconds, is tried again later; less than the lease of who draws it.
LONGEST = 45.0
# What is said of what passes.
COMES = "It is shown as soon as it does."


class Poster(Protocol):
    """What shows messages on a platform. Each raises PlatformError; after any other failure it is tried again."""

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

    def __init__(self, board: Board, poster: Poster, clock: Callable[[], datetime] = _now, beat: float = BEAT) -> None:
        """`beat` is how often it looks where nothing happens, in seconds."""
        self._board = board
        self._poster = poster
        self._clock = clock
        self._beat = beat
        self._drawing: dict[asyncio.Task[None], str] = {}
        # Places in which something could not be drawn for want of a right.
        self._refused: set[str] = set()

    async def run(self) -> None:
        """Draw what changes, until this is cancelled; what is being drawn then is still drawn."""
        try:
            with self._board.changes.heard() as woken:
                while True:
                    woken.clear()
                    again = await self._begin(lambda _: woken.set())
                    await asyncio.sleep(SOONEST)
                    with suppress(TimeoutError):
                        async with asyncio.timeout(self._until(again)):
                            await woken.wait()
        finally:
            if self._drawing:
                await asyncio.wait(self._drawing)

    async def look(self) -> None:
        """Draw what has changed, and wait until it stands."""
        while True:
            await self._begin(lambda _: None)
            if not self._drawing:
                return
            await asyncio.wait(self._drawing)

    async def place(self, room: Room, reply: Reply) -> bool:
        """Show the reply to a turn at once if it is to stand in the room; False where it is just to be said.

        Raises PlatformError where it could not be shown: what passes is tried again; else what it was about is taken
        back, and the error says so too.
        """
        if not self._board.stands(reply):
            return False
        page = await asyncio.to_thread(self._board.take, room, reply, self._clock())
        if page is not None and (error := await self._draw(page)) is not None:
            raise error
        return True

    async def welcome(self, room: Room) -> None:
        """Somebody talks to the bot in a place: what it could not show there for want of a right it may show now."""
        if room.place in self._refused:
            self._refused.discard(room.place)
            await asyncio.to_thread(self._board.retry, room.platform, room.place)

    async def _begin(self, ended: Callable[[asyncio.Task[None]], None]) -> datetime | None:
        """Begin to draw what can be drawn; when to look again, None where only a change can bring something."""
        room_left = AT_ONCE - len(self._drawing)
        if room_left <= 0:
            return None
        now, busy = self._clock(), set(self._drawing.values())
        try:
            look = await asyncio.to_thread(self._board.look, self._poster.platform, now, busy, room_left)
            while not look.pages and look.again is not None and look.again <= now:
                # What was looked at shows what it should already.
                look = await asyncio.to_thread(self._board.look, self._poster.platform, now, busy, room_left)
        except StoreGone:
            return now + AGAIN  # the store has told the log
        except Exception:
            log.exception("What has changed could not be looked for; it is tried again")
            return now + AGAIN
        for page in look.pages:
            task = asyncio.create_task(self._draw_alone(page))
            self._drawing[task] = page.post.room.place
            task.add_done_callback(self._drawing.pop)
            task.add_done_callback(ended)
        # Others in the same places come when these are drawn.
        return None if look.pages else look.again

    def _until(self, again: datetime | None) -> float:
        """How long to wait, in seconds."""
        if again is None:
            return self._beat
        return min(max((again - self._clock()).total_seconds(), 0), self._beat)

    async def _draw_alone(self, page: Page) -> None:
        try:
            await self._draw(page)
        except StoreGone:
            pass  # the lease ends, and it is drawn again
        except Exception:
            log.exception("%s was drawn, but that could not be noted", page.post.slot)

    async def _draw(self, page: Page) -> PlatformError | None:
        """Draw a message; what kept it from being drawn, with what became of it."""
        try:
            async with asyncio.timeout(LONGEST):
                reference = await self._send(page)
        except PlatformError as error:
            return await self._refuse(page, error)
        except TimeoutError:
            return await self._refuse(page, Passing("timeout"))
        except Exception as error:
            if not page.post.refusals:
                log.exception("%s could not be drawn; it is tried again", page.post.slot)
            return await self._refuse(page, Passing(type(error).__name__))
        await asyncio.to_thread(self._board.drawn, page, reference, self._clock())
        return None

    async def _send(self, page: Page) -> str:
        post = page.post
        if post.reference is None:
            return await self._poster.post(post.room, page.reply, f"post {post.id}")
        return await self._poster.edit(post.room, post.reference, page.reply) or post.reference

    async def _refuse(self, page: Page, error: PlatformError) -> PlatformError:
        became = await asyncio.to_thread(self._board.refused, page, error, self._clock())
        if became is None and not isinstance(error, Passing):
            self._refused.add(page.post.room.place)
        if isinstance(error, Passing):
            became = COMES
        return error.adding(became) if became else error
