"""Due work: closes, reminders, recurrences and digests, done once each however many processes look."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from bot.activities import Chore, Keeper
from bot.store import StoreGone

if TYPE_CHECKING:
    from bot.store.database import Store

log = logging.getLogger(__name__)

# What failed is tried again so much later; what else is due goes on meanwhile.
AGAIN = timedelta(minutes=5)
# It looks when something has become due or was set, and in any case after so long, in seconds.
BEAT = 120.0
# What could not be looked for is looked for again after so long, in seconds.
SOON = 5.0


def _now() -> datetime:
    return datetime.now(UTC)


class Scheduler:
    """Does what is due. Nothing is lost while no process runs: what has become due meanwhile is done then."""

    def __init__(
        self,
        keepers: Callable[[], Sequence[Keeper]],
        open_store: Callable[[], Store],
        clock: Callable[[], datetime] = _now,
    ) -> None:
        self._keepers = keepers
        self._open_store = open_store
        self._clock = clock

    async def run(self) -> None:
        """Do what is due when it is, until this is cancelled; what was begun then is done."""
        changes = self._open_store().changes
        with changes.heard() as changed:
            while True:
                changed.clear()
                working = asyncio.create_task(asyncio.to_thread(self._work_and_look))
                try:
                    wait = await asyncio.shield(working)
                except asyncio.CancelledError:
                    await asyncio.wait({working})
                    raise
                with suppress(TimeoutError):
                    async with asyncio.timeout(wait):
                        await changed.wait()

    def work(self, at: datetime) -> int:
        """Do all that is due at that moment, each in a transaction of its own; how much that was."""
        return self._do_all(at)[0]

    def _do_all(self, at: datetime) -> tuple[int, datetime | None]:
        """How much was done, and when the next thing is due. A look that finds nothing is one statement."""
        done = 0
        while (coming := self._coming()) is not None and coming <= at:
            if not self._do_next(at):
                break  # others are at what is left
            done += 1
        return done, coming

    def _work_and_look(self) -> float:
        """Do what is due; in how many seconds to look again. A failure is told to the log alone."""
        try:
            _, coming = self._do_all(self._clock())
        except StoreGone:
            return SOON  # the store has told the log
        except Exception:
            log.exception("What is due could not be done; it is tried again")
            return SOON
        if coming is None:
            return BEAT
        wait = (coming - self._clock()).total_seconds()
        return min(wait, BEAT) if wait > 0 else SOON  # others are at it

    def _coming(self) -> datetime | None:
        """When the next thing is due. To look costs no writer's turn."""
        with self._open_store().reading() as records:
            return records.due.next()

    def _do_next(self, at: datetime) -> bool:
        store = self._open_store()
        due = None
        try:
            with store.writing() as records:
                due = records.due.take(at)
                if due is not None:
                    self._chore(due.what)(records, due, at)
        except StoreGone:
            raise
        except Exception:
            if due is None:
                raise
            log.exception("%s %s failed; reference %s", due.what, due.number, secrets.token_hex(4))
            with store.writing() as records:
                records.due.set(due.what, due.number, at + AGAIN)
        return due is not None

    def _chore(self, what: str) -> Chore:
        return next(chores[what] for one in self._keepers() if what in (chores := one.chores))
