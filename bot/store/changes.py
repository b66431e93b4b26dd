"""Changes: whoever waits for something to do is told that there may be something, done here or by another process.

Without that they would have to look again and again, however little happens.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from sqlalchemy import Engine

from bot.store.rows import CHANNEL

log = logging.getLogger(__name__)

# How soon another process's change of a SQLite file is noticed, in seconds. To look costs two microseconds and no
# statement.
NOTICED = 1.0
# How long to wait before listening to PostgreSQL again, in seconds, once the connection is gone.
AGAIN = 5.0


class Changes:
    """What is due, or what stands, has changed."""

    def __init__(self, engine: Engine) -> None:
        self._url = engine.url
        self._guard = Lock()
        self._waiting: list[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = []

    def tell(self) -> None:
        """Something has changed; from any thread."""
        with self._guard:
            for loop, event in self._waiting:
                if not loop.is_closed():
                    loop.call_soon_threadsafe(event.set)

    @contextmanager
    def heard(self) -> Iterator[asyncio.Event]:
        """An event of this loop that is set whenever something has changed; whoever waits for it clears it."""
        waiting = (asyncio.get_running_loop(), asyncio.Event())
        with self._guard:
            self._waiting.append(waiting)
        try:
            yield waiting[1]
        finally:
            with self._guard:
                self._waiting.remove(waiting)

    async def watch(self) -> None:
        """Tell of what other processes change, until this is cancelled."""
        if self._url.get_backend_name() == "postgresql":
            await self._listen()
        elif self._url.database not in (None, "", ":memory:"):
            await self._watch_log(f"{self._url.database}-wal")
        await asyncio.Event().wait()  # nobody else sees a database in memory

    async def _watch_log(self, path: str) -> None:
        """SQLite writes whatever is committed, by any process, to its log first."""
        seen = _state(path)
        while True:
            await asyncio.sleep(NOTICED)
            if (now := _state(path)) != seen:
                seen = now
                self.tell()

    async def _listen(self) -> None:
        """PostgreSQL tells by itself what `tell_of_change` passes on, once it counts."""
        import psycopg  # its driver takes a twentieth of a start, and most stores are SQLite's

        address = self._url.set(drivername="postgresql").render_as_string(hide_password=False)
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(address, autocommit=True) as connection:
                    await connection.execute(f"LISTEN {CHANNEL}")
                    # What was told before is found by looking.
                    self.tell()
                    async for _ in connection.notifies():
                        self.tell()
            except psycopg.Error as error:
                log.info("Changes by other processes are not heard for a while: %s", type(error).__name__)
            await asyncio.sleep(AGAIN)


def _state(path: str) -> tuple[int, int] | None:
    """What differs after each write to a file: when it was written to, in nanoseconds, and its size."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size
