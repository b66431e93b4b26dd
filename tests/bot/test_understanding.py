"""Understanding: what words are about, explicit ones first, in the light of what is open here."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot import shelf as scripts
from bot.intents import Abstention, Attempt, Confirmed, Intent, Pick, Ref, Vote, certain, sayings
from bot.intents.understanding import Understanding
from bot.store import Poll, QuizRun, Scene
from knowledge.answer import Message
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
        (sayings.vote(7, 2), certain("poll_answer", Vote(2, 7))),
        (sayings.close_poll(7), certain("poll_close", Ref(7))),
        (f"  {sayings.poll_results(7)}\n", certain("results", Ref(7))),
        (sayings.answer_quiz(7, 3), certain("quiz_answer", Attempt(None, 3, 7))),
        (sayings.skip(7), certain("quiz_skip", Ref(7))),
        (sayings.show("benefits", "role-of-finops", 4), certain("benefits", Pick(4, "role-of-finops"))),
        (sayings.FORGET_ME, certain("privacy", Confirmed(True))),
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
    intent = understanding.intent(said, POLL)
    assert (intent.name, intent.value) == ("poll_answer", Vote(option))
    assert understanding.intent(said, NOTHING).name != "poll_answer"


@pytest.mark.parametrize(
    "said",
    [
        "not very familiar",
        "I'm not really very familiar with it",
        "isn't very familiar",
        "isnt very familiar to me",
        "very unfamiliar",
        "I would not say very familiar",
        "never very familiar",
        *("1 or 2", "1 and 2", "a/c", "very familiar or somewhat familiar", "0", "4"),
    ],
)
def test_what_is_denied_or_not_clear_is_asked(understanding: Understanding, said: str) -> None:
    intent = understanding.intent(said, POLL)
    assert (intent.name, intent.certainty) == ("poll_answer", "open")
    # Once in a row: then it is looked up.
    assert understanding.intent(said, replace(POLL, before="poll_answer")).name == "question"


def test_a_share_is_no_vote(understanding: Understanding) -> None:
    assert understanding.intent("60%", POLL).name == "question"


def test_yes_is_the_vote_that_was_asked_about(understanding: Understanding) -> None:
    asked = Message("assistant", "I am not sure what you mean. Do you vote for “Somewhat familiar”?")
    scene = replace(POLL, before="poll_answer", history=(asked,))
    assert understanding.intent("yes", scene) == Intent("poll_answer", Vote(2), "said")
    assert understanding.intent("nope", scene) == Intent("poll_answer", Abstention(), "said")
    assert understanding.intent("yes", POLL).value != Vote(2)


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


@pytest.mark.parametrize(
    ("said", "vote"),
    [("cloud compute", 1), ("data storag", 3), ("3", 3), ("people or storage", None), ("not our people", None)],
)
def test_options_that_are_no_degrees_are_chosen_by_words(
    understanding: Understanding, said: str, vote: int | None
) -> None:
    intent = understanding.intent(said, SCENES["costs"])
    assert intent.name == "poll_answer"
    assert (intent.value == Vote(vote)) if vote else (intent.certainty == "open")


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
    assert understanding.intent(said, QUIZ) == certain("quiz_answer", Attempt(option=option))


@pytest.mark.parametrize("said", ["no idea", "I don't know", "beats me"])
def test_knowing_nothing_is_an_answer_too(understanding: Understanding, said: str) -> None:
    intent = understanding.intent(said, QUIZ)
    assert (intent.name, intent.value) == ("quiz_answer", Attempt())


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
