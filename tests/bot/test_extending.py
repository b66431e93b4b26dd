"""When a poll closes that is extended: a length of time counts from the end that it has."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.intents.times.extending import closing_time
from bot.intents.times.moments import MomentError
from tests.bot.conftest import ANA, Talk

NOW = datetime(2025, 1, 6, 12, tzinfo=UTC)
END = NOW + timedelta(days=3)


@pytest.mark.parametrize(
    ("said", "end"),
    [
        ("extend it by 2 hours", "Thu 9 Jan, 14:00"),
        ("extend the poll for a day", "Fri 10 Jan, 12:00"),
        ("prolong it an hour", "Thu 9 Jan, 13:00"),
        ("keep it open for another day", "Fri 10 Jan, 12:00"),
        ("shorten it by a day", "Wed 8 Jan, 12:00"),
        ("keep it open for 2 hours", "Mon 6 Jan, 14:00"),
        ("extend it until Friday 9:00", "Fri 10 Jan, 09:00"),
    ],
)
def test_a_length_of_time_is_added_to_the_end(said: str, end: str, talk: Talk) -> None:
    talk.say("poll: Where to? Alps, Coast, Lakes until Thursday 12:00", ANA)
    assert end in talk.say(said, ANA).text


@pytest.mark.parametrize("said", ["by 3 hours", "less by 3 hours"])
def test_what_has_no_end_cannot_be_moved(said: str) -> None:
    with pytest.raises(MomentError, match="no end"):
        closing_time(said, None, NOW, "UTC")


def test_an_end_is_not_moved_into_the_past() -> None:
    with pytest.raises(MomentError, match="over already"):
        closing_time("less by 4 days", END, NOW, "UTC")


@pytest.mark.parametrize("said", ["give them 2 more hours", "push the deadline back by two hours"])
def test_what_is_meant_says_so_when_it_is_asked(said: str, talk: Talk) -> None:
    talk.say("poll: Where to? Alps, Coast, Lakes until Thursday 12:00", ANA)
    asked = talk.say(said, ANA)
    assert "extend the poll by" in asked.text or "Thu 9 Jan, 14:00" in asked.text
