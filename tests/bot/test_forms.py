"""Forms by what they say: a button that opens one lives on after a restart, for those who may open it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import pytest

from bot.reply import Field, Form
from bot.turn import Person, Room
from knowledge.script import Script
from tests.bot.conftest import ANA, BO, HERE, THERE, MakeTalk, Talk, choices, form


@pytest.fixture
def talk(talk_on: MakeTalk, scripts: Sequence[Script]) -> Talk:
    return talk_on(scripts, {"what is FinOps?": "A practice."})


def opened(talk: Talk, says: str, person: Person = BO, room: Room = HERE) -> Form | None:
    """What a button opens that says so."""
    return asyncio.run(talk.assistant.form(replace(talk.turn(says, person, room), aloud=False)))


def fields(form: Form | None) -> tuple[Field, ...]:
    assert form is not None
    return form.fields


@pytest.mark.parametrize("words", ["own poll", "edit the poll", "what is FinOps?", "savings"])
def test_a_form_is_found_again_by_what_it_says(words: str, talk: Talk) -> None:
    talk.say("start the poll", ANA)
    shown = form(talk.say(words, ANA))
    found = opened(talk, shown.says, ANA)
    assert found is not None
    assert (found.says, found.title, found.fields) == (shown.says, shown.title, shown.fields)


def test_a_posted_question_is_answered_in_a_form_as_long_as_it_is_open(talk: Talk) -> None:
    posted = talk.say("post a question for the team", ANA)
    (button,) = [choice for choice in choices(posted) if choice.opens]
    assert button.opens is not None
    assert fields(opened(talk, button.opens.says)) == button.opens.fields
    assert opened(talk, button.opens.says, room=THERE) is None
    talk.say("close the discussion", ANA)
    assert opened(talk, button.opens.says) is None


def test_only_moderators_open_the_forms_of_polls(talk: Talk) -> None:
    talk.say("start the poll", ANA)
    says = form(talk.say("edit the poll", ANA)).says
    assert opened(talk, says, BO) is None
    assert opened(talk, "poll new", BO) is None


def test_a_form_to_change_a_poll_shows_it_as_it_is_now(talk: Talk) -> None:
    talk.say("poll: Where? Here, There", ANA)
    shown = form(talk.say("edit the poll", ANA))
    values = {field.name: field.value for field in shown.fields} | {"question": "Whereabouts?"}
    talk.say(shown.says, ANA, fields=values)
    assert fields(opened(talk, shown.says, ANA))[0].value == "Whereabouts?"
    talk.say("poll 1 close", ANA)
    assert opened(talk, shown.says, ANA) is None


@pytest.mark.parametrize(
    "words", ["", "help", "vote 1 2", "poll 99 edit", "show savings_estimate nowhere", "unhelpful"]
)
def test_what_opens_nothing_opens_nothing(words: str, talk: Talk) -> None:
    assert opened(talk, words, ANA) is None
