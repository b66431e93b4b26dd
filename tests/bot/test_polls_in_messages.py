"""A poll that is made in several messages: what is asked for, what answers it, and what is something else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.intents import Begun, Intent, Order
from bot.intents.polls.begun import WAITS, begin_poll, part_asked, read_begun
from bot.intents.polls.prepared import read_prepared
from bot.store import Scene
from bot.turn import Room
from knowledge.answer import Message
from tests.bot.conftest import ANA, BO, HERE, THERE, Talk, ballot, held

NOON = datetime(2025, 1, 6, 12, tzinfo=UTC)


def asked(told: str, ago: timedelta = timedelta(minutes=1)) -> Scene:
    return Scene(history=(Message("user", "..."), Message("assistant", told)), before="poll_start", told_at=NOON - ago)


def test_question_then_options_then_opened(own: Talk) -> None:
    assert own.say("we need an anonymous poll for 2 hours", ANA).text.startswith("What is the question?")
    options = own.say("ok. Where do we eat?", ANA)
    assert options.text.startswith("“Where do we eat?” Which options")
    assert "anonymous, for 2 hours" in options.text
    preview = own.say("Pizza, Sushi or Salad", ANA)
    assert "- Pizza\n- Sushi\n- Salad" in preview.text
    assert preview.private
    assert held(own) == 0
    opened = ballot(own.say("yes please", ANA))
    assert [choice.label for choice in opened.choices] == ["Pizza", "Sushi", "Salad"]
    assert held(own) == 1


@pytest.mark.parametrize("leaving", ["cancel", "never mind", "stop"])
def test_a_poll_is_left_at_each_of_its_questions(own: Talk, leaving: str) -> None:
    for before in (["make a poll"], ["make a poll", "Lunch?"], ["make a poll", "Lunch?", "yes, no"]):
        for said in before:
            own.say(said, ANA)
        assert own.say(leaving, ANA).text.startswith("All right")
        assert not own.say("Soup, Salad", ANA).text.startswith("This is how it will look")
    assert held(own) == 0


def test_what_is_asked_meanwhile_is_answered_and_the_poll_waits(own: Talk) -> None:
    own.say("make a poll", ANA)
    assert own.say("privacy", ANA).text.endswith("Your poll: What is the question? Say it, or “cancel”.")
    own.say("Lunch?", ANA)
    # Where all hear the answer, what nobody else has seen of the poll is not told.
    assert "Lunch?" not in own.say("thanks", ANA).text
    assert "Lunch?" not in own.say("how long is a poll open?", ANA).text
    assert "- Soup" in own.say("Soup, Salad", ANA).text


def test_what_others_say_meanwhile_is_no_part_of_it(own: Talk) -> None:
    own.say("make a poll", ANA)
    own.say("Lunch?", ANA)
    assert "Soup" not in own.say("Soup, Salad", BO).text
    assert "- Stew" in own.say("Stew, Noodles", ANA).text


def test_one_option_is_too_few_and_skip_makes_yes_and_no(own: Talk) -> None:
    own.say("make a poll", ANA)
    own.say("Do we keep the stand-up?", ANA)
    assert "So far: “Maybe”. A poll needs at least 2." in own.say("Maybe", ANA).text
    assert own.say("back", ANA).text.startswith("“Do we keep the stand-up?” Which options")
    assert own.say("back", ANA).text.startswith("What is the question?")
    own.say("Do we move the stand-up?", ANA)
    preview = own.say("skip", ANA).text
    assert "Do we move the stand-up?\n- Yes\n- No" in preview


def test_only_moderators_begin_one(own: Talk) -> None:
    assert own.say("make a poll", BO).text.startswith("Only moderators")
    assert "Which options" not in own.say("Lunch?", BO).text


def test_a_part_is_waited_for_an_hour() -> None:
    told = "“Lunch?” Which options, with commas between them? ..."
    assert part_asked(asked(told), NOON) == Begun("Lunch?")
    assert part_asked(asked(told, WAITS + timedelta(minutes=1)), NOON) is None


@pytest.mark.parametrize("said", ["start the poll", "is there a poll?", "what is a poll", "results of the poll"])
def test_a_poll_that_is_there_is_not_begun(said: str) -> None:
    assert begin_poll(said, Intent("question"), NOON, "UTC") is None


@pytest.mark.parametrize(
    ("said", "part"),
    [
        ("wait, what is showback?", ""),
        ("what is showback?", "Lunch?"),
        ("by the way, who is Company X?", ""),
        ("hold on", "Lunch?"),
    ],
)
def test_what_interrupts_is_no_part_of_the_poll(said: str, part: str) -> None:
    told = f"“{part}” Which options, with commas between them?" if part else "What is the question?"
    assert read_begun(said, asked(told), Intent("question"), NOON, "UTC") is None


@pytest.mark.parametrize(("said", "action"), [("ja", "post"), ("looks good", "post"), ("nope", "discard")])
def test_a_preview_is_answered_by_yes_and_no(said: str, action: str) -> None:
    told = "This is how it will look:\n\nPoll: Lunch?\n- Soup\n- Salad"
    found = read_prepared(said, asked(told), Intent("question"), NOON, "UTC")
    assert found is not None
    assert isinstance(found.value, Order)
    assert (found.value.action, found.value.text) == (action, "Lunch?")


def draft(own: Talk, question: str = "Lunch?", room: Room = HERE) -> None:
    for said in ("make a poll", question, "Soup, Salad"):
        own.say(said, ANA, room)


@pytest.mark.parametrize("said", ["1", "a", "the first", "love it", "no doubt", "why not", "perfect salad"])
def test_what_is_no_plain_yes_opens_nothing(own: Talk, said: str) -> None:
    draft(own)
    own.say(said, ANA)
    assert held(own) == 0


def test_a_yes_to_something_else_opens_nothing(own: Talk) -> None:
    draft(own)
    own.say("privacy", ANA)
    own.say("yes", ANA)
    assert held(own) == 0


def test_a_yes_opens_the_poll_that_is_shown_where_it_is_said(own: Talk) -> None:
    draft(own, "There?", THERE)
    draft(own, "Here?", HERE)
    assert ballot(own.say("yes", ANA, THERE)).question == "There?"
    assert ballot(own.say("yes", ANA, HERE)).question == "Here?"


@pytest.mark.parametrize("leaving", ["no", "cancel"])
def test_a_no_throws_away_the_poll_that_is_shown_where_it_is_said(own: Talk, leaving: str) -> None:
    draft(own, "There?", THERE)
    draft(own, "Here?", HERE)
    assert own.say(leaving, ANA, THERE).text == "All right, it is thrown away."
    assert ballot(own.say("yes", ANA, HERE)).question == "Here?"
    own.say("yes", ANA, THERE)
    assert held(own) == 1


def test_half_a_character_harms_nothing(own: Talk) -> None:
    draft(own)
    assert own.say("\ud800", ANA).text
    assert held(own) == 0
