"""The queue of writers: within a process each has its turn in the order in which they came."""

from __future__ import annotations

import threading
from collections import deque

from bot.store import StoreGone

BUSY = "The store is busy, as something else is being written to it for long: try again later."


class Queue:
    """A lock that goes to whoever has waited longest.

    SQLite lets one write at a time, and lets the others look again after pauses of their own: with many threads some
    would wait many times as long as others.
    """

    def __init__(self, patience: float) -> None:
        """`patience` is how long to wait, in seconds; then StoreGone is raised."""
        self._patience = patience
        self._guard = threading.Lock()
        self._taken = False
        self._waiting: deque[threading.Lock] = deque()

    def __enter__(self) -> None:
        with self._guard:
            if not self._taken:
                self._taken = True
                return
            turn = threading.Lock()
            turn.acquire()
            self._waiting.append(turn)
        try:
            came = turn.acquire(timeout=self._patience)
        except BaseException:
            self._leave(turn)
            raise
        if not came:
            self._leave(turn)
            raise StoreGone(BUSY)

    def __exit__(self, *failure: object) -> None:
        with self._guard:
            self._pass_on()

    def _leave(self, turn: threading.Lock) -> None:
        """Wait no longer; a turn that came meanwhile goes to the next."""
        with self._guard:
            if turn in self._waiting:
                self._waiting.remove(turn)
            else:
                self._pass_on()

    def _pass_on(self) -> None:
        if self._waiting:
            self._waiting.popleft().release()
        else:
            self._taken = False
