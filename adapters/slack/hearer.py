"""What Slack needs of an assistant."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Protocol

from bot.reply import Form, Reply
from bot.turn import Turn


class Hearer(Protocol):
    """Hears turns, and opens forms."""

    def hear(self, turn: Turn) -> AsyncIterator[Reply]:
        """The replies to `turn`, as they come."""
        ...

    async def form(self, turn: Turn) -> Form | None:
        """The form that the words of `turn` stand for."""
        ...

    async def home(self, turn: Turn) -> Reply:
        """What somebody finds in the app's home."""
        ...
