"""The bot's own page: what is open for somebody, their results, what moderators can do; and nothing of others."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from bot.reply import Reply
from bot.turn import Person
from knowledge.script import Script
from tests.bot.conftest import ALONE, ANA, BO, CY, HERE, THERE, MakeTalk, Talk, labels, saying, tables


@pytest.fixture
def talk(talk_on: MakeTalk, scripts: Sequence[Script]) -> Talk:
    return talk_on(scripts[:1])


def home(talk: Talk, person: Person = BO) -> Reply:
    return asyncio.run(talk.assistant.home(replace(talk.turn("home", person, ALONE), aloud=False)))


def test_somebody_new_finds_what_the_bot_can_do(talk: Talk) -> None:
    reply = home(talk)
    assert "Quiz me" in labels(reply)
    assert "You have not answered one yet" in reply.text
    assert "Open polls" not in reply.text


def test_open_polls_are_those_of_places_where_one_talks(talk: Talk) -> None:
    talk.say("poll: Where do we eat? Here, There", ANA)
    talk.say("poll: Secret plans? Yes, No", ANA, THERE)
    talk.say("keywords", BO, HERE)
    assert "Where do we eat?" in home(talk, BO).text
    assert "Secret plans" not in home(talk, BO).text
    assert "Where do we eat?" not in home(talk, CY).text


def test_one_votes_from_there(talk: Talk) -> None:
    talk.say("poll: Where do we eat? Here, There", ANA)
    talk.say("keywords", BO)
    ballot = talk.say(saying(home(talk, BO), "Vote: Where do we eat?"), BO, ALONE)
    talk.say(saying(ballot, "There"), BO, ALONE)
    assert talk.tally().counts == (0, 1)
    assert "1 person voted so far." in home(talk, BO).text


def test_closed_polls_are_gone(talk: Talk) -> None:
    talk.say("poll: Where do we eat? Here, There for 1h", ANA)
    talk.say("keywords", BO)
    talk.wait(hours=2)
    assert "Where do we eat?" not in home(talk, BO).text


def test_own_results_are_counted(talk: Talk) -> None:
    talk.say("quiz me", BO)
    talk.say("65%", BO)
    assert "1 of 1 right at the first try" in home(talk, BO).text
    assert "right at the first try" not in home(talk, CY).text


def test_only_moderators_find_their_panel(talk: Talk) -> None:
    assert "Insights" in labels(home(talk, ANA))
    assert "Insights" not in labels(home(talk, BO))


def test_nothing_is_remembered_of_it(talk: Talk, tmp_path: Path) -> None:
    before = tables(tmp_path / "store.db")
    home(talk, ANA)
    assert tables(tmp_path / "store.db") == before
