"""What is under way, so that a clean stop can wait for it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager

log = logging.getLogger(__name__)

# A clean stop waits so long, in seconds, for what was begun.
ENDING = 25.0


class Work:
    """Counts what is under way."""

    def __init__(self) -> None:
        self._begun = 0
        self._idle = asyncio.Event()
        self._idle.set()

    @contextmanager
    def begun(self) -> Iterator[None]:
        """What a clean stop waits for."""
        self._begun += 1
        self._idle.clear()
        try:
            yield
        finally:
            self._begun -= 1
            if not self._begun:
                self._idle.set()

    async def finish(self) -> None:
        """Wait for what was begun, but not for long."""
        try:
            async with asyncio.timeout(ENDING):
                await self._idle.wait()
        except TimeoutError:
            log.warning("Some answers were not finished when Slack was left")
