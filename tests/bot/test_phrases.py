"""Set phrases: what the bot itself tells people to say is said, whatever is open; and nothing else is."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest

from bot.activities.help import CHOICES, EXAMPLES, POLL, SAYINGS
from bot.intents.sense import OTHERS, UTTERANCES, read_utterances
from bot.intents.talk.phrases import read_phrase
from bot.intents.understanding import Understanding
from bot.store import Scene

EVALUATION = Path(__file__).parents[1] / "eval"
SCRIPTS = Path(__file__).parents[2] / "knowledge" / "scripts"
# So many words are somebody's own.
LONG = 4


@pytest.mark.parametrize("said", SAYINGS)
def test_what_a_terminal_completes_is_understood_and_no_question(understanding: Understanding, said: str) -> None:
    found = understanding.intent(said, Scene())
    assert found.name != "question"
    assert found.certainty != "open"


@pytest.mark.parametrize("said", [choice.says for choice in (*CHOICES, POLL) if choice.says not in EXAMPLES])
def test_what_a_button_of_the_greeting_says_is_sure(understanding: Understanding, said: str) -> None:
    assert understanding.intent(said, Scene()).certainty == "said"


@pytest.mark.parametrize(
    "said",
    [
        "Stop!",
        "help please",
        "the results",
        "undo that",
        "can you close the poll?",
        "Oh, never mind, thanks",
        "nvm wrong chat",
    ],
)
def test_a_set_phrase_is_said_with_or_without_courtesy(said: str) -> None:
    found = read_phrase(said)
    assert found is not None
    assert found.certainty == "said"


@pytest.mark.parametrize(
    "said", ["stop the leak", "don't close the poll", "results of what?", "a quiz is no exam", "never mind the cost"]
)
def test_more_than_the_phrase_is_none(said: str) -> None:
    assert read_phrase(said) is None


def plain(text: str) -> str:
    """The words of a text, as they are compared."""
    return " ".join(re.findall(r"[\w']+", text.lower()))


def asked_in(pattern: str) -> set[str]:
    """What the files of that name ask, as far as it is somebody's own: few words are the same for everybody."""
    asked: set[str] = set()
    for file in EVALUATION.glob(pattern):
        for record in map(json.loads, file.read_text("utf-8").splitlines()):
            turns = [turn["say"] for turn in record["turns"]] if "turns" in record else []
            asked.update(map(plain, [*turns, *(record[name] for name in ("utterance", "question") if name in record)]))
    return {text for text in asked if len(text.split()) >= LONG}


@pytest.mark.parametrize("pattern", ["*_dev.jsonl", "*_held.jsonl"])
def test_no_line_that_came_from_elsewhere_is_a_hint(pattern: str) -> None:
    written = [tomllib.loads(file.read_text("utf-8")) for file in SCRIPTS.glob("*.hints.toml")]
    hints = {plain(hint) for passages in written for hints in passages.values() for hint in hints}
    assert len(hints) > 1_500
    assert not hints & asked_in(pattern)


def test_no_line_that_is_asked_is_taught() -> None:
    taught = {
        plain(json.loads(line)["utterance"])
        for file in (UTTERANCES, OTHERS)
        for line in file.read_text("utf-8").splitlines()
    }
    assert len(taught) > 2_500
    assert not taught & asked_in("*.jsonl")
    assert len(read_utterances()) > len(taught)


@pytest.mark.parametrize(
    "said",
    [
        "the tax office closes at noon",
        "our team quiz was a mess",
        "thanks, but I did not mean to open anything",
        "sledgehammer",
        "the vote in the council was unanimous",
        "he revealed the answer to everybody at dinner",
    ],
)
def test_what_is_none_of_all_does_nothing_to_others(understanding: Understanding, said: str) -> None:
    found = understanding.intent(said, Scene())
    assert found.name in ("question", "smalltalk", "help") or found.certainty == "open"
