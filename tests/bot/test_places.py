"""How the bot behaves in a place: what moderators set in words and in a form, and what comes of it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import pytest

from bot.activities.places import AUTOMATIC, MOST_MODERATORS, QUIET, check
from bot.board import Board
from bot.intents.behaviour import FEATURES, read_setting
from bot.limits import Limits
from bot.reply import Reply
from bot.scheduler import Scheduler
from bot.store import Place
from bot.turn import Person, Room
from knowledge.script import Script
from tests.bot.conftest import ALONE, ANA, BO, CY, HERE, MakeTalk, Talk, choices, form, labels

HEARD = Room("test", "heard", "t1", overheard=True)
ANSWERS = {"what is FinOps?": "A practice.", "why?": "For money."}


@pytest.fixture
def talk(talk_on: MakeTalk, scripts: Sequence[Script]) -> Talk:
    return talk_on(scripts, ANSWERS)


def place(talk: Talk, room: Room = HERE) -> Place:
    with talk.store.reading() as records:
        return records.places.find(room)


def overheard(talk: Talk, words: str, person: Person = BO, room: Room = HEARD, to_others: bool = False) -> list[Reply]:
    """The replies to what was not said to the bot."""
    return talk.replies(replace(talk.turn(words, person, room), addressed=False, to_others=to_others))


# --- In words ---


@pytest.mark.parametrize(
    ("words", "set_to"),
    [
        ("answer automatically here", Place(automatic=True)),
        ("please be quiet in this channel", Place(quiet=True)),
        ("switch quizzes off", Place(off=frozenset({"quizzes"}))),
        ("turn off the polls here", Place(off=frozenset({"polls"}))),
        ("make slack:U1 a moderator here", Place(moderators=("slack:U1",))),
    ],
)
def test_moderators_set_it_in_words(words: str, set_to: Place, talk: Talk) -> None:
    refused = talk.say(words, BO)
    assert place(talk) == Place()
    assert refused.text.startswith("Only moderators")
    talk.say(words, ANA)
    assert place(talk) == set_to


@pytest.mark.parametrize(
    ("words", "back"),
    [
        ("answer automatically", "only when you are mentioned"),
        ("be quiet", "don't be quiet"),
        ("switch savings off", "turn savings on"),
        ("make slack:U1 a moderator", "remove slack:U1 as a moderator"),
    ],
)
def test_what_was_set_is_set_back(words: str, back: str, talk: Talk) -> None:
    talk.say(words, ANA)
    assert place(talk) != Place()
    talk.say(back, ANA)
    assert place(talk) == Place()


@pytest.mark.parametrize("words", ["how do I switch costs off?", "turn on the lights", "quiet", "what is a moderator?"])
def test_other_words_set_nothing(words: str) -> None:
    assert read_setting(words) is None


# --- In a form ---


def test_the_form_holds_how_it_is_and_changes_all_of_it(talk: Talk) -> None:
    assert "Change the settings" not in labels(talk.say("settings", BO))
    shown = form(talk.say("settings", ANA))
    assert len(shown.fields) == 5
    values = {field.name: field.value for field in shown.fields}
    assert values["features"].split() == list(FEATURES)
    filled = {"answers": AUTOMATIC, "unasked": QUIET, "features": "polls\nsavings", "zone": "Berlin"}
    told = talk.say(shown.says, ANA, fields={**filled, "moderators": "slack:U1\nslack:U1 discord:7"})
    assert "I am quiet" in told.text
    off = frozenset(FEATURES) - {"polls", "savings"}
    assert place(talk) == Place(None, "Europe/Berlin", True, True, off, ("slack:U1", "discord:7"))
    again = asyncio.run(talk.assistant.form(talk.turn(shown.says, ANA)))
    assert again is not None
    assert again.fields[1].value == QUIET


def test_only_moderators_open_it_and_send_it(talk: Talk) -> None:
    says = form(talk.say("settings", ANA)).says
    assert asyncio.run(talk.assistant.form(talk.turn(says, BO))) is None
    assert talk.say(says, BO, fields={"unasked": QUIET}).text.startswith("Only moderators")
    assert place(talk) == Place()


def test_what_is_wrong_is_named_and_nothing_changes(talk: Talk) -> None:
    wrong = {"zone": "Atlantis", "moderators": "Ana"}
    assert set(check(wrong)) == {"zone", "moderators"}
    assert "Atlantis" in talk.say("settings change", ANA, fields=wrong).text
    assert place(talk) == Place()


@pytest.mark.parametrize("count", [MOST_MODERATORS - 1, MOST_MODERATORS, MOST_MODERATORS + 1])
def test_so_many_moderate_a_place_at_most(count: int) -> None:
    named = "\n".join(f"slack:U{number}" for number in range(count))
    assert bool(check({"moderators": named})) == (count > MOST_MODERATORS)


def test_a_private_talk_has_features_and_a_zone_alone(talk: Talk) -> None:
    shown = form(talk.say("settings", BO, ALONE))
    assert [field.name for field in shown.fields] == ["features", "zone"]
    assert "nobody moderates" in talk.say("make slack:U1 a moderator", BO, ALONE).text
    assert place(talk, ALONE) == Place()


# --- Rights ---


def test_who_is_named_moderates_that_place_alone(talk: Talk) -> None:
    with talk.store.writing() as records:
        records.places.change(HERE, moderators=("test:bo", "discord:7"))
    assert "Only moderators" not in talk.say("start the poll", BO).text
    assert "Only moderators" not in talk.say("show votes by name", replace(CY, groups=("discord:7",))).text
    assert "Only moderators" in talk.say("show votes by name", CY).text
    assert "Only moderators" in talk.say("start the poll", BO, Room("test", "there")).text


def test_nobody_makes_themselves_a_moderator_in_a_private_talk(talk: Talk) -> None:
    with talk.store.writing() as records:
        records.places.change(ALONE, moderators=("test:bo",))
    assert "Only moderators" in talk.say("start the poll", BO, ALONE).text


# --- Features ---


@pytest.mark.parametrize(
    ("feature", "words"),
    [
        ("polls", "start the poll"),
        ("quizzes", "quiz me"),
        ("benefits", "show the benefits"),
        ("savings", "savings"),
        ("discussions", "discuss"),
        ("excerpts", "a quote"),
        ("descriptions", "describe the video"),
    ],
)
def test_what_is_switched_off_is_not_begun(feature: str, words: str, talk: Talk) -> None:
    assert "switched off" not in talk.say(words, ANA).text
    with talk.store.writing() as records:
        records.places.change(HERE, off=frozenset({feature}))
    told = talk.say(words, ANA)
    assert told.text == f"{feature.capitalize()} are switched off here; “switch {feature} on” has them back."
    assert told.private


def test_what_is_open_goes_on_when_it_is_switched_off(talk: Talk) -> None:
    talk.say("start the poll", ANA)
    talk.say("switch polls off", ANA)
    assert "Counted" in talk.say("vote 1 1", BO).text
    assert "1 person voted; the poll is closed." in talk.say("poll 1 close", ANA).text


def test_nothing_unasked_is_posted_where_it_is_quiet_or_switched_off(talk: Talk) -> None:
    board = Board(lambda: talk.assistant.keepers, lambda: talk.store)
    work = Scheduler(lambda: talk.assistant.keepers, lambda: talk.store).work
    talk.say("poll: Tea? yes, no for 2h, remind 1h before", ANA)
    talk.say("be quiet", ANA)
    talk.wait(minutes=70)
    work(talk.now)
    assert [page.post.slot for page in board.pages("test", talk.now)] == ["poll-1"]


# --- Overheard ---


def test_who_was_answered_last_is_answered_on_in_the_thread(talk: Talk) -> None:
    talk.say("what is FinOps?", BO, HEARD)
    (reply,) = overheard(talk, "why?")
    assert reply.text == "For money."
    assert overheard(talk, "why?", CY) == []
    assert overheard(talk, "why?", BO, to_others=True) == []
    assert overheard(talk, "why?", BO, replace(HEARD, thread="t2")) == []
    assert overheard(talk, "why?", BO, replace(HEARD, overheard=False)) == []


def test_a_follow_up_is_not_declined_aloud_and_has_its_time(talk: Talk) -> None:
    talk.say("what is FinOps?", BO, HEARD)
    assert overheard(talk, "let me ask Bob about lunch") == []
    talk.wait(minutes=31)
    assert overheard(talk, "why?") == []


def test_where_it_is_automatic_questions_are_answered_if_the_bot_is_sure(talk: Talk) -> None:
    assert overheard(talk, "what is FinOps?", CY) == []
    talk.say("answer automatically", ANA, HEARD)
    (reply,) = overheard(talk, "what is FinOps?", CY, replace(HEARD, thread=None))
    assert reply.text == "A practice."
    assert "helpful" in [choice.label for choice in choices(reply)]
    for words in ("who is the pope?", "quiz me", "FinOps is great"):
        assert overheard(talk, words, CY, replace(HEARD, thread=None)) == []
    talk.say("be quiet", ANA, HEARD)
    assert overheard(talk, "what is FinOps?", CY, replace(HEARD, thread=None)) == []


def test_what_is_overheard_and_not_answered_is_not_kept(talk: Talk) -> None:
    talk.say("answer automatically", ANA, HEARD)
    overheard(talk, "who is the pope?", CY)
    with talk.store.reading() as records:
        assert records.kept(CY) == []


# --- Limits ---


def test_ten_questions_a_minute(talk: Talk) -> None:
    talk.assistant._limits = Limits()
    for _ in range(10):
        assert talk.say("what is FinOps?", BO).text == "A practice."
    told = talk.say("what is FinOps?", BO)
    assert told.private
    assert told.text.startswith("You have asked 10 questions within a minute: please wait ")
    assert talk.say("what is FinOps?", CY).text == "A practice."
    assert "Poll" in talk.say("start the poll", ANA).text
