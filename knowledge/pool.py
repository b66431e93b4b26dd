"""The pool: work asked for by many at once, done by a few workers in threads of their own.

A worker takes all that has queued up while it was busy and does that together: one embedding, one query of Chroma. So
nobody waits for a timer, and under load the work for each shrinks. Embedding and searching leave the interpreter free,
so two workers keep two processors busy.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Generic, TypeVar

WORKERS = 2
# So many at once: more would make the first of them wait for the last.
MOST = 32
# Those who were answered together come back together: a worker waits so long for them, in seconds, and not for one.
COMING_BACK = 0.001

Asked = TypeVar("Asked")
Done = TypeVar("Done")


@dataclass(frozen=True)
class _Job(Generic[Asked, Done]):
    """What is asked, and where the one who asks waits for it."""

    asked: Asked
    waiting: asyncio.Future[Done]
    loop: asyncio.AbstractEventLoop


class Pool(Generic[Asked, Done]):
    """Workers that start with the first job; any number of event loops may ask them."""

    def __init__(
        self, work: Callable[[Sequence[Asked]], Sequence[Done]], workers: int = WORKERS, most: int = MOST
    ) -> None:
        """`work` does several at once, in their order."""
        self._work = work
        self._workers = workers
        self._most = most
        self._jobs: SimpleQueue[_Job[Asked, Done] | None] = SimpleQueue()  # None ends the worker that takes it
        self._starting = threading.Lock()
        self._threads: list[threading.Thread] = []

    async def ask(self, asked: Asked) -> Done:
        """What the work makes of `asked`. Raises what the work on it raises."""
        if not self._threads:
            self._start()
        loop = asyncio.get_running_loop()
        waiting: asyncio.Future[Done] = loop.create_future()
        self._jobs.put(_Job(asked, waiting, loop))
        return await waiting

    def close(self) -> None:
        """End the workers; they answer first what was asked before. Nothing may be asked afterwards."""
        for _ in self._threads:
            self._jobs.put(None)
        for thread in self._threads:
            thread.join()

    def _start(self) -> None:
        with self._starting:
            if not self._threads:
                # They hold nothing that must be put away: the process may end over them.
                self._threads = [
                    threading.Thread(target=self._run, name=f"pool-{number}", daemon=True)
                    for number in range(self._workers)
                ]
                for thread in self._threads:
                    thread.start()

    def _run(self) -> None:
        while (jobs := self._take()) is not None:
            _give(jobs, self._outcomes([job.asked for job in jobs]))
            if len(jobs) > 1:
                time.sleep(COMING_BACK)

    def _take(self) -> list[_Job[Asked, Done]] | None:
        """What has queued up, but for those who wait no more; None where the worker should end."""
        job = self._jobs.get()
        if job is None:
            return None
        jobs = [job]
        with suppress(Empty):
            while len(jobs) < self._most:
                job = self._jobs.get_nowait()
                if job is None:
                    self._jobs.put(None)
                    break
                jobs.append(job)
        return [job for job in jobs if not job.waiting.done()]

    def _outcomes(self, asked: Sequence[Asked]) -> list[Done | Exception]:
        """What comes of each: what the work made of it, or what it raised."""
        if not asked:
            return []
        try:
            done = list(self._work(asked))
            if len(done) != len(asked):
                raise RuntimeError(f"{len(asked)} were asked for, and {len(done)} done.")
        except Exception as error:
            # One of them may have failed all: each gets what is its own.
            return [error] if len(asked) == 1 else [outcome for one in asked for outcome in self._outcomes([one])]
        return [*done]


def _give(jobs: Sequence[_Job[Asked, Done]], outcomes: Sequence[Done | Exception]) -> None:
    """Hand each job its outcome; an event loop is woken once for all of its own."""
    given: dict[asyncio.AbstractEventLoop, list[tuple[asyncio.Future[Done], Done | Exception]]] = defaultdict(list)
    for job, outcome in zip(jobs, outcomes, strict=True):
        given[job.loop].append((job.waiting, outcome))
    for loop, pairs in given.items():
        with suppress(RuntimeError):  # it is closed: nobody waits any more
            loop.call_soon_threadsafe(_settle, pairs)


def _settle(pairs: Sequence[tuple[asyncio.Future[Done], Done | Exception]]) -> None:
    for waiting, outcome in pairs:
        if waiting.done():
            continue
        if isinstance(outcome, Exception):
            waiting.set_exception(outcome)
        else:
            waiting.set_result(outcome)
