"""Small talk: one friendly line, in the language of a courtesy, and nothing leans on it."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import get_args

import pytest

from bot.activities import smalltalk
from bot.activities.questions import IN_ENGLISH, NOTHING_IN_ENGLISH
from bot.intents import About, Chat, certain
from bot.intents.sense import SMALLTALK
from bot.intents.talk.languages import KNOWN, language_of
from bot.intents.talk.smalltalk import read_courtesy, read_sign
from knowledge.answer import NOT_THAT, OFF_SUBJECT
from tests.bot.conftest import ANA, Talk

LINES: Mapping[str, Mapping[str, Sequence[str]]] = tomllib.loads(
    Path(smalltalk.__file__).with_name("smalltalk.toml").read_text("utf-8")
)
ABOUTS: tuple[About, ...] = get_args(About)
COURTESIES = ("goodbye", "thanks", "praise", "agreement", "greeting")


def test_there_are_lines_for_all_that_can_be_said_each_short_and_on_one_line() -> None:
    assert set(LINES) == set(ABOUTS)
    for about, languages in LINES.items():
        assert set(languages) == (set(KNOWN) if about in COURTESIES else {"en"}), about
        for lines in languages.values():
            assert len(set(lines)) == len(lines) >= 3, about
            assert all(0 < len(line) <= 110 and "\n" not in line for line in lines), about


def test_what_is_taught_is_of_a_kind_that_there_is() -> None:
    taught = [json.loads(line)["about"] for line in SMALLTALK.read_text("utf-8").splitlines()]
    assert set(taught) <= set(ABOUTS)


@pytest.mark.parametrize(
    ("said", "about", "language"),
    [
        ("Thanks a lot!", "thanks", "en"),
        ("ok, thank you. Good night all", "goodbye", "en"),
        ("thaaaanks so much", "thanks", "en"),
        ("haha yes, coool", "praise", "en"),
        ("Vielen Dank, sehr schön", "thanks", "de"),
        ("Tschüss zusammen 👋", "goodbye", "de"),
        ("Merci beaucoup !", "thanks", "fr"),
        ("Très bien, merci", "thanks", "fr"),
        ("¡Muchas gracias!", "thanks", "es"),
        ("muito obrigado pela ajuda", "thanks", "pt"),
        ("grazie mille", "thanks", "it"),
    ],
)
def test_a_courtesy_is_known_in_its_language(said: str, about: About, language: str) -> None:
    assert read_courtesy(said, talking=True) == certain("smalltalk", Chat(about, language))


@pytest.mark.parametrize("said", ["hello", "Guten Morgen", "bonjour à tous", "¡Hola!", "bom dia", "Buonasera"])
def test_a_greeting_opens_a_talk_with_help_and_is_returned_later(said: str) -> None:
    assert read_courtesy(said, talking=False) == certain("help")
    greeted = read_courtesy(said, talking=True)
    assert greeted is not None
    assert isinstance(greeted.value, Chat)
    assert greeted.value.about == "greeting"


@pytest.mark.parametrize(
    "said", ["", "bot", "yes", "so", "thanks, what is showback?", "no thanks to them", "hello world program"]
)
def test_what_has_more_to_it_is_no_courtesy(said: str) -> None:
    assert read_courtesy(said, talking=True) is None


@pytest.mark.parametrize(
    ("sign", "about"), [("😂😂", "laughter"), ("❤️", "love"), ("🙏", "thanks"), ("🪑", "chat"), ("", None), ("..", None)]
)
def test_a_message_of_emoji_says_what_their_names_say(sign: str, about: About | None) -> None:
    assert read_sign(sign) == (Chat(about) if about else None)


def test_no_line_is_said_twice_in_a_row(talk: Talk) -> None:
    told = [talk.say("thanks!").text for _ in range(9)]
    assert set(told) == set(LINES["thanks"]["en"])
    assert all(one != next_one for one, next_one in pairwise(told))


@pytest.mark.parametrize(
    ("said", "about"),
    [
        ("you are really good at this", "praise"),
        ("what a stupid useless bot", "insult"),
        ("hahaha that is funny", "laughter"),
        ("am I talking with a human or a robot?", "are_you_human"),
        ("who developed you?", "who_made_you"),
        ("how are you doing?", "how_are_you"),
        ("I have to run, see you all next week", "goodbye"),
    ],
)
def test_talk_about_the_talk_gets_a_line_and_no_refusal(talk: Talk, said: str, about: About) -> None:
    talk.say("What is FinOps?")
    reply = talk.say(said)
    assert reply.activity == "smalltalk"
    assert reply.text in LINES[about]["en"]
    assert not reply.abstained


@pytest.mark.parametrize("between", ["thanks", "haha", "wow, great", "🙏"])
def test_nothing_leans_on_small_talk(talk: Talk, between: str) -> None:
    talk.say("we spend 80k a month, what could we save?")
    assert talk.say(between).activity == "smalltalk"
    assert "288,000" in talk.say("and for a year?").text


def test_a_question_with_thanks_is_a_question(talk: Talk) -> None:
    assert talk.say("Thanks! And what is the financial compass?").activity == "question"


@pytest.mark.parametrize(
    ("said", "language"),
    [
        ("Wie wird das Wetter morgen in Hamburg?", "de"),
        ("quelle est la capitale de la Suisse ?", "fr"),
        ("¿quién ganó el mundial de fútbol?", "es"),
        ("qual é o melhor restaurante de Lisboa?", "pt"),
    ],
)
def test_what_is_declined_is_declined_in_the_language_of_the_question(talk: Talk, said: str, language: str) -> None:
    reply = talk.say(said)
    assert reply.text == NOTHING_IN_ENGLISH[language]
    assert reply.abstained


def test_an_answer_follows_the_line_that_says_its_language(talk: Talk) -> None:
    reply = talk.say("Kannst du mir bitte sagen, was FinOps genau ist?")
    assert reply.text.startswith(f"{IN_ENGLISH['de']}\n\n")
    assert "FinOps" in reply.text.removeprefix(IN_ENGLISH["de"])


@pytest.mark.parametrize("said", ["What is FinOps?", "finops", "kubernetes", "GPU PUE EBITDA", "pizza is terrible", ""])
def test_what_may_be_english_is(said: str, talk: Talk) -> None:
    assert language_of(said) == "en"


def test_declined_in_english_as_ever(talk: Talk) -> None:
    assert talk.say("What is the capital of Switzerland?").text in (OFF_SUBJECT, NOT_THAT)


@pytest.mark.parametrize("again", ["again", "what did you say?", "Say that again, please", "pardon?", "come again?"])
def test_what_was_told_last_is_told_again_with_its_sources(talk: Talk, again: str) -> None:
    told = talk.say("What is the financial compass?")
    talk.say("thanks")
    repeated = talk.say(again)
    assert (repeated.text, repeated.sources, repeated.activity) == (told.text, told.sources, "question")


def test_again_before_anything_was_said_says_so(talk: Talk) -> None:
    assert talk.say("what did you say?").abstained


@pytest.mark.parametrize(("one", "place"), [("the third one?", 3), ("the last one", -1), ("and the second?", 2)])
def test_one_of_a_list_is_of_the_newest_list(talk: Talk, one: str, place: int) -> None:
    listing = talk.say("What can I do when the GPU bill doubles?")
    items = [line.removeprefix("- ") for line in listing.text.splitlines() if line.startswith("- ")]
    assert talk.say(one).text == items[place - 1 if place > 0 else -1]


@pytest.mark.parametrize("said", ["which one won?", "who is ahead right now?", "so who won in the end"])
def test_who_won_is_asked_of_the_poll_that_was_spoken_of(talk: Talk, said: str) -> None:
    talk.say("poll: Where do we eat? Pizza, Sushi", ANA)
    talk.say("sushi")
    talk.say("close the poll", ANA)
    assert "Sushi" in talk.say(said).text


def test_why_only_moderators_may(talk: Talk) -> None:
    assert talk.say("poll: Where do we eat? Pizza, Sushi").text.startswith("Only moderators")
    assert talk.say("why not?").text in LINES["moderators"]["en"]


@pytest.mark.parametrize("said", ["what were the options?", "which options are there?", "what can I vote for?"])
def test_the_options_are_those_of_the_open_poll(talk: Talk, said: str) -> None:
    talk.say("poll: Where do we eat? Pizza, Sushi", ANA)
    assert "Pizza" in talk.say(said).text


@pytest.mark.parametrize(
    "said", ["that's all, please close the poll", "time's up. Close the poll!", "ok team, close it"]
)
def test_what_is_said_around_an_order_changes_nothing(talk: Talk, said: str) -> None:
    talk.say("poll: Where do we eat? Pizza, Sushi", ANA)
    talk.say("pizza")
    assert "closed" in talk.say(said.replace("close it", "close the poll"), ANA).text


@pytest.mark.parametrize(("sign", "counted"), [("🍕", "Pizza"), ("🐙", "Octopus"), ("🦉🦉", "Owl")])
def test_an_emoji_votes_for_the_option_that_is_called_so(talk: Talk, sign: str, counted: str) -> None:
    talk.say("poll: What shall it be? Pizza, Octopus, Owl", ANA)
    told = talk.say(sign).text
    assert told.startswith(f"Counted: {counted}") or f"“{counted}”" in told


def test_a_poll_is_told_again_as_it_stands_by_now(talk: Talk) -> None:
    talk.say("poll: Where do we eat? Pizza, Sushi", ANA)
    talk.say("pizza")
    assert "1 person voted" in talk.say("again", ANA).text


def test_nobody_is_told_again_what_somebody_else_was_told(talk: Talk) -> None:
    talk.say("What is the financial compass?", ANA)
    assert talk.say("again").text == "I have told you nothing here yet that I could tell again."
