"""The queue of writers: in the order in which they came, and nobody waits for ever."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest

from bot.store import StoreError
from bot.store.queue import BUSY, Queue


def waiting(queue: Queue, count: int) -> None:
    """Come back when so many wait."""
    while len(queue._waiting) < count:
        threading.Event().wait(0.001)


def test_turns_come_in_the_order_of_arrival() -> None:
    queue, order = Queue(30), list[int]()

    def take(number: int) -> None:
        with queue:
            order.append(number)

    with ThreadPoolExecutor(8) as threads, queue:
        for number in range(8):
            threads.submit(take, number)
            waiting(queue, number + 1)
        order.append(-1)
    assert order == list(range(-1, 8))


def test_one_holds_it_at_a_time_and_each_has_it_as_often() -> None:
    queue, inside, most = Queue(30), list[int](), list[int]()

    def take(number: int) -> None:
        for _ in range(200):
            with queue:
                inside.append(number)
                most.append(len(inside))
                inside.remove(number)

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(take, range(4)))
    assert most == [1] * 800


def test_who_has_waited_long_enough_is_told_and_the_turn_goes_on() -> None:
    queue = Queue(0.01)
    with ThreadPoolExecutor(1) as thread:
        with queue, pytest.raises(StoreError) as caught:
            thread.submit(queue.__enter__).result(30)
        assert str(caught.value) == BUSY
        assert not queue._waiting
    with queue:
        pass


def test_a_failure_inside_gives_the_turn_on() -> None:
    queue = Queue(0.01)
    for _ in range(2):
        with suppress(ValueError), queue:
            raise ValueError
    with queue:
        pass
