"""A clock that jumps a day, either way: people are answered, deadlines come once, nobody is shut out."""

from __future__ import annotations

import time

import pytest

from bot.limits import QUESTIONS_A_MINUTE, Limits
from bot.scheduler import Scheduler
from tests.bot.conftest import ANA, BO, CY, Talk


@pytest.mark.parametrize("days", [1, -1])
def test_a_talk_goes_on_when_the_clock_jumps(talk: Talk, days: int) -> None:
    work = Scheduler(lambda: talk.assistant.keepers, lambda: talk.store).work
    talk.say("poll: Where do we eat? Pizza, Sushi for 2h", ANA)
    talk.say("pizza", BO)
    talk.say("quiz me", CY)
    talk.wait(days=days)
    work(talk.now)
    assert "financial compass" in talk.say("what is FinOps?").text
    talk.say("sushi", CY)
    assert talk.tally().closed is (days > 0)
    assert talk.say("privacy").activity == "privacy"
    talk.wait(days=-days)
    work(talk.now)
    talk.wait(hours=3)
    work(talk.now)
    assert work(talk.now) == 0
    assert talk.tally().closed
    assert "financial compass" in talk.say("what is FinOps?").text


@pytest.mark.parametrize("days", [1, -1])
def test_a_jump_shuts_nobody_out(days: int, monkeypatch: pytest.MonkeyPatch) -> None:
    limits, real = Limits(), time.time
    for _ in range(QUESTIONS_A_MINUTE):
        assert limits.wait(BO) is None
    assert limits.wait(BO) is not None
    monkeypatch.setattr(time, "time", lambda: real() + days * 86_400)
    assert limits.wait(BO) is None
