"""Understanding: what words are about, explicit ones first, in the light of what is open here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot import shelf as scripts
from bot.intents import Attempt, Confirmed, Intent, Pick, Ref, Vote, sayings
from bot.intents.understanding import Understanding
from bot.shelf import Shelf
from bot.store import Poll, QuizRun, Scene
from knowledge.library import Library

NOON = datetime(2025, 1, 6, 12, tzinfo=UTC)
LATER = NOON + timedelta(minutes=5)
FAMILIAR = Poll(1, "How familiar are you with FinOps?", ("Very familiar", "Somewhat familiar", "Not at all"), NOON)
COSTS = Poll(2, "Which costs hurt?", ("Cloud compute", "Model licences", "Data storage", "People"), NOON)
RUN = QuizRun(1, "role-of-finops", "why-finops-matters-in-ai", NOON)
NOTHING, POLL, QUIZ = Scene(), Scene(poll=FAMILIAR), Scene(quiz=RUN)
SCENES = {
    "nothing": NOTHING,
    "poll": POLL,
    "quiz": QUIZ,
    "quiz, then poll": Scene(poll=replace(FAMILIAR, opened=LATER), quiz=RUN),
    "poll, then quiz": Scene(poll=FAMILIAR, quiz=replace(RUN, opened=LATER)),
    "costs": Scene(poll=COSTS),
    "quiz that is gone": Scene(quiz=QuizRun(1, "no-script", "no-section", NOON)),
    **{name: Scene(before=name) for name in ("question", "quote", "benefits", "savings_estimate", "quiz_start")},
}


def test_the_scenes_are_those_of_the_script(library: Library) -> None:
    (script,) = library.scripts
    assert scripts.polls(script)[0][1].options == FAMILIAR.options
    assert scripts.quizzes(script)[0][0].slug == RUN.section
    assert script.slug == RUN.script


@pytest.mark.parametrize("scene", SCENES.values(), ids=SCENES)
@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("start the poll", "poll_start"),
        ("quiz me", "quiz_start"),
        ("show me the benefits", "benefits"),
        ("savings slider", "savings_estimate"),
        ("give me a quote", "quote"),
        ("show the key takeaways", "takeaways"),
        ("show me the statistics", "stats"),
        ("help", "help"),
        ("???", "help"),
        ("what is FinOps?", "question"),
        ("how did Company X save?", "question"),
    ],
)
def test_plain_requests_are_understood_whatever_is_open(
    understanding: Understanding, said: str, name: str, scene: Scene
) -> None:
    assert understanding.intent(said, scene).name == name


@pytest.mark.parametrize("scene", SCENES.values(), ids=SCENES)
@pytest.mark.parametrize(
    ("said", "meant"),
    [
        (sayings.vote(7, 2), Intent("poll_answer", Vote(2, 7))),
        (sayings.close_poll(7), Intent("poll_close", Ref(7))),
        (f"  {sayings.poll_results(7)}\n", Intent("results", Ref(7))),
        (sayings.answer_quiz(7, 3), Intent("quiz_answer", Attempt(None, 3, 7))),
        (sayings.skip(7), Intent("quiz_skip", Ref(7))),
        (sayings.show("benefits", "role-of-finops", 4), Intent("benefits", Pick(4, "role-of-finops"))),
        (sayings.FORGET_ME, Intent("privacy", Confirmed(True))),
    ],
)
def test_buttons_mean_the_same_whatever_is_open(
    understanding: Understanding, said: str, meant: Intent, scene: Scene
) -> None:
    assert understanding.intent(said, scene) == meant


# --- Polls ---


@pytest.mark.parametrize(
    ("said", "option"),
    [
        ("1", 1),
        ("b", 2),
        ("the last one", 3),
        ("Very familiar!", 1),
        ("sumewhat familiar", 2),
        ("not at all", 3),
        ("we run a finops team, so yes very much", 1),
        ("never heard of it", 3),
        ("a litte", 2),
        ("no doubt, very familiar", 1),
    ],
)
def test_votes_are_heard_while_a_poll_is_open(understanding: Understanding, said: str, option: int) -> None:
    assert understanding.intent(said, POLL) == Intent("poll_answer", Vote(option))
    assert understanding.intent(said, NOTHING).name != "poll_answer"


@pytest.mark.parametrize(
    "said",
    [
        "not very familiar",
        "I'm not really very familiar with it",
        "isn't very familiar",
        "isnt very familiar to me",
        "very unfamiliar",
        "unfamiliar",
        "I would not say very familiar",
        "never very familiar",
    ],
)
def test_what_is_denied_gets_no_vote(understanding: Understanding, said: str) -> None:
    intent = understanding.intent(said, POLL)
    assert intent.name == "poll_answer"
    assert isinstance(intent.value, Vote)
    assert intent.value.option in (2, 3)


@pytest.mark.parametrize("said", ["1 or 2", "1 and 2", "a/c", "very familiar or somewhat familiar", "0", "4", "60%"])
def test_two_options_or_none_are_no_vote(understanding: Understanding, said: str) -> None:
    assert understanding.intent(said, POLL) == Intent("question")


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("results", "results"),
        ("close the poll", "poll_close"),
        ("stop", "stop"),
        ("very interesting, but why does finops matter?", "question"),
        ("what does very familiar mean?", "question"),
    ],
)
def test_not_everything_is_a_vote_while_a_poll_is_open(understanding: Understanding, said: str, name: str) -> None:
    assert understanding.intent(said, POLL).name == name


class Alike:
    """Meaning where nothing was taught and only likeness counts: texts are as near as a table says."""

    def __init__(self, near: Mapping[tuple[str, str], float]) -> None:
        self._near = near

    def scores(self, text: str, setting: str) -> Mapping[str, float]:
        return {"question": 1.0}

    def knows(self, text: str, setting: str) -> str | None:
        return None

    def likeness(self, text: str, others: Sequence[str]) -> Sequence[float]:
        return [self._near.get((text, other), 0.0) for other in others]


@pytest.mark.parametrize(
    ("said", "vote"),
    [
        ("our salaries", 4),
        ("gpu machines and such", 1),
        ("cloud compute", 1),
        ("data storag", 3),
        ("3", 3),
        ("bits and pieces", None),  # two are as near
        ("faintly related", None),
        ("not our people", None),
        ("are salaries meant?", None),
        ("this is a long remark on salaries that goes well beyond an option", None),
        ("people and data", None),
    ],
)
def test_options_that_are_no_degrees_are_chosen_by_words_and_by_nearness(
    library: Library, said: str, vote: int | None
) -> None:
    near = {
        ("our salaries", "People"): 0.6,
        ("gpu machines and such", "Cloud compute"): 0.55,
        ("gpu machines and such", "Data storage"): 0.4,
        ("bits and pieces", "Data storage"): 0.5,
        ("bits and pieces", "People"): 0.49,
        ("faintly related", "People"): 0.3,
        ("not our people", "People"): 0.8,
        ("are salaries meant?", "People"): 0.6,
        ("this is a long remark on salaries that goes well beyond an option", "People"): 0.7,
    }
    understanding = Understanding(Shelf(library.scripts), Alike(near))
    intent = understanding.intent(said, SCENES["costs"])
    assert intent == (Intent("poll_answer", Vote(vote)) if vote else Intent("question"))


# --- Quizzes ---


@pytest.mark.parametrize(("said", "percent"), [("60%", 60), ("sixty", 60), ("2/3", 66.7), ("six out of ten", 60)])
def test_shares_answer_an_open_quiz(understanding: Understanding, said: str, percent: float) -> None:
    intent = understanding.intent(said, QUIZ)
    assert intent.name == "quiz_answer"
    assert isinstance(intent.value, Attempt)
    assert intent.value.claim is not None
    assert intent.value.claim.percent == percent
    assert understanding.intent(said, NOTHING).name != "quiz_answer"


@pytest.mark.parametrize(("said", "option"), [("b", 2), ("option 3", 3), ("the last one", 4)])
def test_an_option_answers_an_open_quiz(understanding: Understanding, said: str, option: int) -> None:
    assert understanding.intent(said, QUIZ) == Intent("quiz_answer", Attempt(option=option))


@pytest.mark.parametrize("said", ["no idea", "I don't know", "beats me"])
def test_knowing_nothing_is_an_answer_too(understanding: Understanding, said: str) -> None:
    assert understanding.intent(said, QUIZ) == Intent("quiz_answer", Attempt())


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("hint", "quiz_hint"),
        ("skip", "quiz_skip"),
        ("next", "quiz_skip"),
        ("stop", "stop"),
        ("before I answer: what is finops?", "question"),
        ("is it true that 30% can be saved?", "question"),
        ("estimate savings for 80k a month", "savings_estimate"),
    ],
)
def test_not_everything_answers_an_open_quiz(understanding: Understanding, said: str, name: str) -> None:
    assert understanding.intent(said, QUIZ).name == name


@pytest.mark.parametrize(
    ("said", "scene", "name"),
    [
        ("2", "quiz, then poll", "poll_answer"),
        ("2", "poll, then quiz", "quiz_answer"),
        ("the last one", "quiz, then poll", "poll_answer"),
        ("the last one", "poll, then quiz", "quiz_answer"),
        ("60%", "quiz, then poll", "quiz_answer"),
        ("60%", "poll, then quiz", "quiz_answer"),
        ("very familiar", "quiz, then poll", "poll_answer"),
        ("very familiar", "poll, then quiz", "poll_answer"),
        ("hint", "quiz, then poll", "quiz_hint"),
        ("close the poll", "poll, then quiz", "poll_close"),
        ("2", "quiz that is gone", "question"),
    ],
)
def test_where_both_are_open_the_newer_one_is_meant_by_what_fits_both(
    understanding: Understanding, said: str, scene: str, name: str
) -> None:
    assert understanding.intent(said, SCENES[scene]).name == name
