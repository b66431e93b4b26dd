"""Due work: closes, reminders, recurrences and digests, done once each however many processes look."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.activities import Chore, Keeper

if TYPE_CHECKING:
    from bot.store.database import Store

log = logging.getLogger(__name__)

# What failed is tried again so much later; what else is due goes on meanwhile.
AGAIN = timedelta(minutes=5)


class Scheduler:
    """Does what is due. Nothing is lost while no process runs: what has become due meanwhile is done then."""

    def __init__(self, keepers: Callable[[], Sequence[Keeper]], open_store: Callable[[], Store]) -> None:
        self._keepers = keepers
        self._open_store = open_store

    def work(self, at: datetime) -> int:
        """Do all that is due at that moment, each in a transaction of its own; how much that was."""
        done = 0
        while self._do_next(at):
            done += 1
        return done

    def _do_next(self, at: datetime) -> bool:
        store = self._open_store()
        with store.reading() as records:
            coming = records.due.next()
        # To look costs no writer's turn.
        if coming is None or coming > at:
            return False
        due = None
        try:
            with store.writing() as records:
                due = records.due.take(at)
                if due is not None:
                    self._chore(due.what)(records, due, at)
        except Exception:
            if due is None:
                raise
            log.exception("%s %s failed; reference %s", due.what, due.number, secrets.token_hex(4))
            with store.writing() as records:
                records.due.set(due.what, due.number, at + AGAIN)
        return due is not None

    def _chore(self, what: str) -> Chore:
        return next(chores[what] for one in self._keepers() if what in (chores := one.chores))
