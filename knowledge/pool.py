"""The pool: questions of many askers at once, answered by a few workers in threads of their own.

A worker takes all that has queued up while it was busy and answers that together: one embedding, one query of Chroma.
So nobody waits for a timer, and under load the work for a question shrinks. Embedding and searching leave the
interpreter free, so two workers keep two processors busy.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from queue import Empty, SimpleQueue

from knowledge.chain import Asked

WORKERS = 2
# So many at once: more would make the first of them wait for the last.
MOST = 32

Work = Callable[[Sequence[Asked]], list[Asked]]
Job = tuple[Asked, "Future[Asked]"]


class Pool:
    """Workers that put questions through a chain; they start with the first question."""

    def __init__(self, work: Work, workers: int = WORKERS, most: int = MOST) -> None:
        """`work` answers several questions at once, in their order."""
        self._work = work
        self._workers = workers
        self._most = most
        self._jobs: SimpleQueue[Job | None] = SimpleQueue()  # None ends the worker that takes it
        self._starting = threading.Lock()
        self._threads: list[threading.Thread] = []

    async def ask(self, asked: Asked) -> Asked:
        """`asked` with its answer. Raises what the work on it raises."""
        if not self._threads:
            self._start()
        done: Future[Asked] = Future()
        self._jobs.put((asked, done))
        return await asyncio.wrap_future(done)

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
                    threading.Thread(target=self._run, name=f"answers-{number}", daemon=True)
                    for number in range(self._workers)
                ]
                for thread in self._threads:
                    thread.start()

    def _run(self) -> None:
        while (jobs := self._take()) is not None:
            try:
                self._answer(jobs)
            except Exception:
                # One of them may have failed all: each gets what is its own.
                for job in jobs:
                    self._answer_one(job)

    def _take(self) -> list[Job] | None:
        """All that has queued up, not to be cancelled any more; None where the worker should end."""
        job = self._jobs.get()
        if job is None:
            return None
        jobs = [job]
        while len(jobs) < self._most:
            try:
                job = self._jobs.get_nowait()
            except Empty:
                break
            if job is None:
                self._jobs.put(None)
                break
            jobs.append(job)
        return [(asked, done) for asked, done in jobs if done.set_running_or_notify_cancel()]

    def _answer(self, jobs: Sequence[Job]) -> None:
        answered = self._work([asked for asked, _ in jobs])
        for (_, done), asked in zip(jobs, answered, strict=True):
            done.set_result(asked)

    def _answer_one(self, job: Job) -> None:
        asked, done = job
        try:
            done.set_result(self._work([asked])[0])
        except Exception as error:
            done.set_exception(error)
