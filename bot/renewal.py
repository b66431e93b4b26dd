"""Renewal: a running bot takes over what an ingest has published, and ends its answers with what it began them with."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass

from bot.activities import Keeper
from bot.assistant import Assistant
from bot.catalogue import Catalogue
from bot.reply import Form, Reply
from bot.turn import Turn

log = logging.getLogger(__name__)

# So long, in seconds, do turns wait for what is newer; then they are answered from what there is.
PATIENCE = 5.0


@dataclass(frozen=True)
class Edition:
    """An assistant that speaks from one generation of the index; `close` lets go of that generation."""

    number: int
    assistant: Assistant
    close: Callable[[], None]


@dataclass
class _Held:
    """An edition, and how many turns it is hearing."""

    edition: Edition
    turns: int = 0


class Renewed:
    """Hears turns with the newest edition. Each turn looks for it: that is one small file to read."""

    def __init__(
        self,
        first: Edition,
        published: Callable[[], int | None],
        open_newest: Callable[[], Edition],
        patience: float = PATIENCE,
    ) -> None:
        """`published` gives the number of the published generation; `open_newest` may take its time, or fail."""
        self._held = _Held(first)
        self._published = published
        self._open_newest = open_newest
        self._patience = patience
        self._tried = first.number
        self._opening: asyncio.Task[None] | None = None

    @property
    def keepers(self) -> list[Keeper]:
        """What keeps things that come due, or messages that stand, as it is now."""
        return self._held.edition.assistant.keepers

    @property
    def catalogue(self) -> Catalogue:
        """What platforms offer to choose from, as it is now."""
        return self._held.edition.assistant.catalogue

    async def hear(self, turn: Turn) -> AsyncGenerator[Reply, None]:
        """The replies to `turn`, all from one edition."""
        await self._catch_up()
        held = self._held
        held.turns += 1
        try:
            async with aclosing(held.edition.assistant.hear(turn)) as replies:
                async for reply in replies:
                    yield reply
        finally:
            held.turns -= 1
            self._let_go(held)

    async def form(self, turn: Turn) -> Form | None:
        """The form that says the words of `turn`, from the edition that there is: a press waits for nothing newer."""
        return await self._held.edition.assistant.form(turn)

    async def home(self, turn: Turn) -> Reply:
        """What `turn.person` finds on the bot's own page."""
        return await self._held.edition.assistant.home(turn)

    async def _catch_up(self) -> None:
        """Begin to open what is newer; wait for it, but not for long."""
        number = self._published()
        if self._opening is None and number is not None and number != self._tried:
            self._tried = number
            self._opening = asyncio.create_task(self._take_over())
        if self._opening is not None:
            await asyncio.wait({self._opening}, timeout=self._patience)

    async def _take_over(self) -> None:
        try:
            newest = await asyncio.to_thread(self._open_newest)
        except Exception:
            log.exception("Generation %s of the index cannot be used; going on with the one before", self._tried)
        else:
            before, self._held = self._held, _Held(newest)
            self._tried = newest.number
            self._let_go(before)
        finally:
            self._opening = None

    def _let_go(self, held: _Held) -> None:
        """Close an edition that has been replaced, once it hears no turn any more."""
        if held is not self._held and not held.turns:
            asyncio.get_running_loop().run_in_executor(None, held.edition.close)
