"""The pool: workers that answer what queued up, and end when they are told to."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from dataclasses import replace

from knowledge.answer import Answer
from knowledge.chain import Asked
from knowledge.pool import Pool


def echo(asked: Sequence[Asked]) -> list[Asked]:
    return [replace(one, answer=Answer(one.words, "answer")) for one in asked]


def workers() -> int:
    return sum(thread.name.startswith("answers-") for thread in threading.enumerate())


def test_what_was_asked_is_answered_before_the_workers_end() -> None:
    running = workers()
    free = threading.Event()

    def work(asked: Sequence[Asked]) -> list[Asked]:
        assert free.wait(30)
        return echo(asked)

    async def ask_and_close() -> list[Asked]:
        pool = Pool(work, workers=2, most=2)
        asking = [asyncio.create_task(pool.ask(Asked(str(number)))) for number in range(9)]
        await asyncio.sleep(0)
        closing = asyncio.create_task(asyncio.to_thread(pool.close))
        free.set()
        answered = await asyncio.gather(*asking)
        await closing
        return answered

    answered = asyncio.run(ask_and_close())
    assert [one.answer.text for one in answered if one.answer] == [str(number) for number in range(9)]
    assert workers() == running


def test_a_pool_that_was_never_asked_can_be_closed() -> None:
    Pool(echo).close()
