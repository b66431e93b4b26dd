"""What can be pressed is understood, and no figure is told that is neither the scripts' nor computed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from bot.activities.help import EXAMPLES
from bot.commands.start import make_assistant
from bot.intents.sayings import read_saying
from bot.intents.understanding import Understanding
from bot.reply import LONGEST_SAYING, Reply, Tally
from bot.settings import Settings
from bot.store import Scene
from knowledge.script import Script
from tests.bot.conftest import ANA, BO, HERE, THERE, Talk, choices
from tests.stores import open_new

if TYPE_CHECKING:
    from knowledge.library import Library

# A long talk: who speaks, and what they say.
SAID = [
    *((ANA, words) for words in ("help", "start the poll", "results", "2", "quiz me", "hint", "stop", "stop")),
    *((BO, words) for words in ("help", "start the poll", "results", "1", "hint", "quiz me", "no idea", "20%")),
    *((BO, words) for words in ("how many AI projects go over budget?", "show me the statistics", "skip", "skip")),
    *((BO, words) for words in ("show me the benefits", "open card 3", "benefit 9", "give me a quote", "another one")),
    *((BO, words) for words in ("savings slider", "savings for 80k a month", "and at 12%?", "savings on 0")),
    *((BO, words) for words in ("savings for £12,500.50 a year at 45%", "give the team something to discuss")),
    *((BO, words) for words in ("key takeaways", "keywords", "resources", "short version", "what comes next?")),
    *((BO, words) for words in ("describe the video", "describe the intro", "settings", "privacy", "delete my data")),
    *((BO, words) for words in ("what is FinOps?", "not helpful", "what do you cost?", "leaderboard", "thanks!")),
    *((BO, words) for words in ("did Company X cut its costs by 70%?", "and the third one?", "tell me a joke")),
    *((ANA, words) for words in ("close the poll", "close the poll", "results", "start the poll", "settings")),
]
# Buttons that lead to another activity than the one that shows them, and activities all of whose buttons do.
ELSEWHERE = {
    **dict.fromkeys(EXAMPLES[:2], "question"),
    "Quiz me": "quiz_start",
    "Start the poll": "poll_start",
    "Close the poll": "poll_close",
    "Undo": "undo",
    "Hint": "quiz_hint",
    "Skip": "quiz_skip",
    "helpful": "help",
    "not helpful": "help",
    "share": "help",
    "The five benefits": "benefits",
    "Estimate our savings": "savings_estimate",
    "Key takeaways": "takeaways",
    "A question for the team": "engagement_question",
    "Describe the pictures and sounds": "describe",
}
OWN = {
    "poll_start": "poll_answer",
    **dict.fromkeys(("quiz_start", "quiz_answer", "quiz_hint"), "quiz_answer"),
}
FIGURE = re.compile(r"\d+(?:[.,]\d+)?(?= ?(?:%|per ?cent\b))")


@pytest.fixture(scope="module")
def talk_of_all(
    library: Library, settings: Settings, understanding: Understanding, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Talk]:
    """The long talk, held once."""
    with closing(open_new(tmp_path_factory.mktemp("long") / "store.db")) as store:
        talk = Talk(make_assistant(library, settings, lambda: store, understanding), store)
        for person, words in SAID:
            talk.say(words, person)
        yield talk


@pytest.fixture(scope="module")
def long_talk(talk_of_all: Talk) -> Sequence[Reply]:
    """What was replied in it."""
    return tuple(talk_of_all.told)


def test_everything_that_can_be_pressed_leads_to_the_activity_that_it_belongs_to(
    talk_of_all: Talk, long_talk: Sequence[Reply]
) -> None:
    pressed = set()
    for reply in long_talk:
        for choice in choices(reply):
            says = choice.says or (choice.opens.says if choice.opens else "")
            wanted = ELSEWHERE.get(choice.label) or OWN.get(reply.activity, reply.activity)
            for person, room in ((ANA, HERE), (BO, THERE)):
                told = talk_of_all.say(says, person, room)
                assert told.activity == wanted, (reply.activity, choice.label, says, told.text)
            pressed.add(wanted)
    assert pressed >= {*ELSEWHERE.values(), *OWN.values(), "savings_estimate", "quote", "privacy"}


def test_what_is_pressed_can_be_carried_by_every_platform(long_talk: Sequence[Reply]) -> None:
    for reply in long_talk:
        for choice in choices(reply):
            says = choice.says or (choice.opens.says if choice.opens else "")
            assert 0 < len(says) <= LONGEST_SAYING
            assert says.isascii()
            assert choice.label.strip()


def test_words_with_ids_are_read_exactly(long_talk: Sequence[Reply]) -> None:
    said = {choice.says for reply in long_talk for choice in choices(reply) if re.search(r"\d|-", choice.says)}
    read = {words for words in said if read_saying(words)}
    # An estimate's steps and opinions on answers are read by their activities.
    assert {words.split()[0] for words in said - read} == {"savings", "helpful", "share"}


def test_no_figure_is_told_that_is_neither_the_scripts_nor_computed(
    long_talk: Sequence[Reply], scripts: Sequence[Script]
) -> None:
    script = scripts[0]
    own = (*script.statistics, *(section.content for section in script.sections), "Over 60%")
    # The quiz's wrong options, marked as the editors', and the span around 60 that its hint gives.
    held = " ".join((*own, "Under 10%, About 25%, About 40%", "between 40% and 80%"))
    known = set(FIGURE.findall(held))
    for reply in long_talk:
        computed = {str(share) for part in reply.parts if isinstance(part, Tally) for share in part.shares}
        if reply.activity == "savings_estimate":
            computed |= {str(step) for step in range(0, 31, 5)} | {"12"}
        if reply.activity == "leaderboard":
            computed |= {"0", "50", "100"}
        assert set(FIGURE.findall(reply.text)) <= known | computed, reply.text


def test_the_understanding_of_buttons_needs_no_scene(long_talk: Sequence[Reply], understanding: Understanding) -> None:
    for reply in long_talk:
        for choice in choices(reply):
            if choice.label in ELSEWHERE and choice.label not in ("helpful", "not helpful", "share"):
                assert understanding.intent(choice.says, Scene()).name == ELSEWHERE[choice.label]
