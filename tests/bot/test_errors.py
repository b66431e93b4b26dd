"""What is tried again while somebody waits, and what is not."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator

import pytest

from bot.errors import TRIES, Final, MissingRight, Passing, PlatformError, patiently


def sorted_as(error: Exception) -> PlatformError:
    """What a platform's own errors mean, in this test."""
    return Passing("reset") if isinstance(error, ConnectionError) else Final("never")


def calls(*outcomes: Exception | str) -> tuple[Callable[[], str], list[None]]:
    """A call that fails and gives in that order, and how often it was made."""
    left: Iterator[Exception | str] = iter(outcomes)
    made: list[None] = []

    def call() -> str:
        made.append(None)
        outcome = next(left)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    return call, made


def tried(call: Callable[[], str]) -> str:
    async def again() -> str:
        return call()

    return asyncio.run(patiently(again, sorted_as, pause=0))


def test_what_passes_is_tried_again_three_times() -> None:
    call, made = calls(ConnectionResetError(), Passing("502"), Passing("429", seconds=0), "shown")
    assert tried(call) == "shown"
    assert len(made) == TRIES + 1


def test_after_that_it_is_given_back() -> None:
    call, made = calls(*[ConnectionResetError()] * 9)
    with pytest.raises(Passing):
        tried(call)
    assert len(made) == TRIES + 1


@pytest.mark.parametrize("error", [MissingRight("invite me"), Final("never"), ValueError("a mistake")])
def test_what_does_not_pass_is_tried_once(error: Exception) -> None:
    call, made = calls(error, "shown")
    with pytest.raises(PlatformError):
        tried(call)
    assert len(made) == 1


def test_more_that_is_said_keeps_the_kind() -> None:
    for error in (Passing("429", 3), MissingRight("Invite me.", "not_in_channel"), Final("Never.")):
        more = error.adding("So it is not open.")
        assert type(more) is type(error)
        assert more.said.endswith(" So it is not open.")
        assert more.code == error.code
    assert Passing("429", 3).adding("Later.").seconds == 3
