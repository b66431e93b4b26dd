"""The pool: what many ask at once is done together, and each gets what is its own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

import pytest

from knowledge.pool import Pool

T = TypeVar("T")


class Work:
    """Doubles numbers; it keeps what it was given at once, and can be held up. Thirteen brings bad luck to all."""

    def __init__(self, *, held: bool = False) -> None:
        self.given: list[list[int]] = []
        self.begun = threading.Event()
        self.free = threading.Event()
        if not held:
            self.free.set()

    def __call__(self, numbers: Sequence[int]) -> list[int]:
        self.given.append(list(numbers))
        self.begun.set()
        assert self.free.wait(30)
        if 13 in numbers:
            raise ValueError("Thirteen!")
        return [2 * number for number in numbers]


async def while_busy(pool: Pool[int, int], work: Work, then: Callable[[], Awaitable[T]]) -> T:
    """What `then` gives; all that it asks at first queues up while the one worker is at work."""
    first = asyncio.ensure_future(pool.ask(0))
    await asyncio.to_thread(work.begun.wait, 30)
    following = asyncio.ensure_future(then())
    await asyncio.sleep(0.05)
    work.free.set()
    assert await first == 0
    return await following


def test_each_of_many_gets_its_own() -> None:
    async def everybody() -> list[int]:
        pool = Pool(Work())
        return await asyncio.gather(*(pool.ask(number) for number in range(100, 600)))

    assert asyncio.run(everybody()) == [2 * number for number in range(100, 600)]


def test_what_queues_up_while_a_worker_is_busy_is_done_together_in_order() -> None:
    work = Work(held=True)
    pool = Pool(work, workers=1, most=4)

    async def many() -> list[int]:
        return await asyncio.gather(*map(pool.ask, range(1, 7)))

    assert asyncio.run(while_busy(pool, work, many)) == [2, 4, 6, 8, 10, 12]
    assert work.given == [[0], [1, 2, 3, 4], [5, 6]]


def test_what_fails_fails_alone() -> None:
    work = Work(held=True)
    pool = Pool(work, workers=1)

    async def many() -> list[int | BaseException]:
        return await asyncio.gather(*map(pool.ask, (1, 13, 3)), return_exceptions=True)

    one, unlucky, three = asyncio.run(while_busy(pool, work, many))
    assert (one, three) == (2, 6)
    assert isinstance(unlucky, ValueError)


def test_after_a_failure_the_worker_goes_on() -> None:
    async def again() -> int:
        pool = Pool(Work(), workers=1)
        with pytest.raises(ValueError, match="Thirteen"):
            await pool.ask(13)
        return await pool.ask(4)

    assert asyncio.run(again()) == 8


def test_work_that_loses_something_is_an_error_not_another_ones_answer() -> None:
    async def ask() -> None:
        pool: Pool[int, int] = Pool(lambda numbers: list(numbers)[1:])
        await pool.ask(1)

    with pytest.raises(RuntimeError, match="1 were asked for, and 0 done"):
        asyncio.run(ask())


def test_who_waits_no_more_takes_nothing_from_the_others() -> None:
    work = Work(held=True)
    pool = Pool(work, workers=1)

    async def one_leaves() -> list[int | BaseException]:
        asking = [asyncio.ensure_future(pool.ask(number)) for number in (1, 2, 3)]
        await asyncio.sleep(0)
        asking[1].cancel()
        return await asyncio.gather(*asking, return_exceptions=True)

    one, gone, three = asyncio.run(while_busy(pool, work, one_leaves))
    assert (one, three) == (2, 6)
    assert isinstance(gone, asyncio.CancelledError)
    assert work.given == [[0], [1, 3]]


def test_who_leaves_during_the_work_harms_nobody() -> None:
    work = Work(held=True)
    pool = Pool(work, workers=1)

    async def leave() -> int:
        asking = asyncio.ensure_future(pool.ask(1))
        await asyncio.to_thread(work.begun.wait, 30)
        asking.cancel()
        work.free.set()
        return await pool.ask(2)

    assert asyncio.run(leave()) == 4


def test_an_event_loop_that_ended_meanwhile_stops_no_worker() -> None:
    work = Work(held=True)
    pool = Pool(work, workers=1)

    async def impatient() -> None:
        asking = asyncio.ensure_future(pool.ask(1))
        await asyncio.to_thread(work.begun.wait, 30)
        asking.cancel()

    async def another() -> int:
        return await pool.ask(2)

    asyncio.run(impatient())
    work.free.set()
    assert asyncio.run(another()) == 4


def test_event_loops_in_many_threads_share_a_pool() -> None:
    pool = Pool(Work())
    told: dict[int, list[int]] = {}

    async def some(start: int) -> list[int]:
        return await asyncio.gather(*map(pool.ask, range(start, start + 40)))

    def ask(start: int) -> None:
        told[start] = asyncio.run(some(start))

    threads = [threading.Thread(target=ask, args=(start,)) for start in range(100, 500, 40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert told == {start: [2 * number for number in range(start, start + 40)] for start in range(100, 500, 40)}


# --- Its end ---


def running() -> int:
    return sum(thread.name.startswith("pool-") for thread in threading.enumerate())


def test_what_was_asked_is_done_before_the_workers_end() -> None:
    before = running()
    work = Work(held=True)

    async def ask_and_close() -> list[int]:
        pool = Pool(work, workers=2, most=2)
        asking = [asyncio.create_task(pool.ask(number)) for number in range(9)]
        await asyncio.sleep(0)
        closing = asyncio.create_task(asyncio.to_thread(pool.close))
        work.free.set()
        done = await asyncio.gather(*asking)
        await closing
        return done

    assert asyncio.run(ask_and_close()) == [2 * number for number in range(9)]
    assert running() == before


def test_a_pool_that_was_never_asked_can_be_closed() -> None:
    Pool(Work()).close()
