"""The monthly budget: who may still call a language model, at once and one after the other, and what the log says."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from bot.costs.budget import MOST_READ, MOST_WRITTEN, Budget
from bot.costs.prices import nanodollars
from knowledge.answer import Spent

MODEL = "openai:gpt-4.1-mini"
JANUARY = datetime(2025, 1, 31, 23, 59, tzinfo=UTC)
FEBRUARY = datetime(2025, 2, 1, tzinfo=UTC)
CENT = 10_000_000  # in nanodollars
# $0.0008: 1,000 tokens in at $0.40 a million, 250 out at $1.60
SPENT = Spent(MODEL, 1_000, 250)
MOST = nanodollars(Spent(MODEL, MOST_READ, MOST_WRITTEN), JANUARY) or 0


def budget(dollars: str) -> Budget:
    return Budget(MODEL, Decimal(dollars))


def ask(budget: Budget, at: datetime = JANUARY, spent: int = 0, took: Spent | None = SPENT) -> bool:
    """One answer; whether a model was called for it."""
    with budget.call(at, spent) as call:
        call.spent = None if call.composed else took
    return not call.composed


def test_without_a_limit_a_model_is_always_called() -> None:
    free = Budget(MODEL)
    assert ask(free, spent=10**18)
    assert not free.is_used_up(JANUARY, 10**18)


def test_what_the_store_knows_counts() -> None:
    assert ask(budget("0.05"), spent=5 * CENT - 1)
    assert not ask(budget("0.05"), spent=5 * CENT)
    assert budget("0.05").is_used_up(JANUARY, 5 * CENT)
    assert not budget("0.05").is_used_up(JANUARY, 5 * CENT - 1)


def test_what_was_spent_here_counts_before_the_store_knows_it() -> None:
    held = budget("0.01")
    asked = [ask(held) for _ in range(20)]
    # 13 × $0.0008 are the first to reach a cent.
    assert asked == [True] * 13 + [False] * 7
    assert held.is_used_up(JANUARY)


def test_it_does_not_count_twice_when_the_store_knows_it() -> None:
    held, known = budget("0.01"), 0
    for _ in range(12):
        assert ask(held, spent=known)
        known += 800_000
    assert ask(held, spent=known)
    assert not ask(held, spent=known)


def test_a_new_month_has_a_new_budget() -> None:
    held = budget("0.01")
    assert not ask(held, spent=CENT)
    assert ask(held, FEBRUARY)
    assert not ask(held, JANUARY)
    elsewhere = timezone(timedelta(hours=2))
    assert not ask(held, datetime(2025, 2, 1, 1, 59, tzinfo=elsewhere))  # still January in UTC
    assert ask(held, datetime(2025, 2, 1, 2, tzinfo=elsewhere))


def test_calls_under_way_count_as_much_as_they_could_cost() -> None:
    held = budget("0.10")
    expected = -(-10 * CENT // MOST)
    with ExitStack() as under_way:
        calls = [under_way.enter_context(held.call(JANUARY, 0)) for _ in range(20)]
        assert [call.composed for call in calls] == [False] * expected + [True] * (20 - expected)
        assert not held.is_used_up(JANUARY)
    # They took nothing in the end, as from a cache.
    assert ask(held)


def test_calls_in_many_threads_overrun_by_one_answer_at_most() -> None:
    held, dearest = budget("0.10"), Spent(MODEL, MOST_READ, MOST_WRITTEN)
    together, took, lock = threading.Barrier(16), [], threading.Lock()

    def some_answers(_: int) -> None:
        together.wait()
        for _ in range(5):
            with held.call(JANUARY, 0) as call:
                if not call.composed:
                    call.spent = dearest
                    with lock:
                        took.append(nanodollars(dearest, JANUARY) or 0)

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(some_answers, range(16)))
    assert 10 * CENT <= sum(took) < 10 * CENT + MOST


def test_a_call_that_fails_lets_go_of_what_was_set_aside() -> None:
    held = budget("0.01")
    for _ in range(3):
        with suppress(OSError), held.call(JANUARY, 0) as call:
            assert not call.composed
            raise OSError
    assert ask(held)


def test_a_model_that_costs_nothing_is_never_held_back() -> None:
    local = Budget("ollama:llama3.2", Decimal("0.01"))
    assert all(ask(local, took=Spent("ollama:llama3.2", 10**6, 10**6)) for _ in range(100))


@pytest.mark.parametrize(
    ("before", "after", "percents"),
    [
        (0, 79, []),
        (0, 80, [80]),
        (79, 81, [80]),
        (80, 99, []),
        (80, 100, [100]),
        (99, 120, [100]),
        (0, 120, [100]),
        (100, 140, []),
        (50, 50, []),
    ],
)
def test_the_log_warns_where_a_share_is_reached(
    before: int, after: int, percents: Sequence[int], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        budget("1").warn(before * CENT, after * CENT, JANUARY)
    said = [record.getMessage() for record in caplog.records]
    assert len(said) == len(percents)
    for line, percent in zip(said, percents, strict=True):
        assert f"in January 2025; {percent}% of the monthly budget of $1 is used" in line


def test_the_log_says_nothing_without_a_limit(caplog: pytest.LogCaptureFixture) -> None:
    Budget(MODEL).warn(0, 10**18, JANUARY)
    assert caplog.records == []
