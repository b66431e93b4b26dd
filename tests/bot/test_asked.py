"""What is nothing but an answer to the open question of a bank, and what asks or wants something else."""

from __future__ import annotations

import pytest

from bot.intents import Intent
from bot.intents.asked import QUIZ, explicit_answer
from bot.intents.quizzes.judging import grade_question
from knowledge.bank import Question

COMPASS = Question(
    "bank", "compass", "What is FinOps like?", "A compass", ("An anchor",), ("how one finds the way",), source="A"
)
FIVE = Question("bank", "five", "How many benefits are there?", "5 benefits", number=5.0, unit="benefits", source="A")
CUT = Question("bank", "cut", "By how much were costs cut?", "30%", number=30.0, unit="%", tolerance=5.0, source="A")


def answer(text: str, question: Question) -> Intent | None:
    return explicit_answer(text, None, question, QUIZ)


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("a finacial compas", COMPASS),
        ("isn't it a compass?", COMPASS),
        ("Is it the compass?", COMPASS),
        ("how one finds the way", COMPASS),
        ("5", FIVE),
        ("about five benefits I think", FIVE),
        ("there are 5 of them", FIVE),
        ("roughly a third", CUT),
        ("30", CUT),
    ],
)
def test_an_answer_is_recognized(text: str, question: Question) -> None:
    found = answer(text, question)
    assert found is not None
    assert found.name == "quiz_answer"
    assert grade_question(question, text) == "correct"


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("what is a compass?", COMPASS),
        ("how does FinOps work as a compass for the projects of a whole company?", COMPASS),
        ("show me the benefits", COMPASS),
        ("savings for 80k a month", FIVE),
        ("savings for 80k a month", CUT),
        ("open card 3", FIVE),
        ("what are the 5 benefits?", FIVE),
        ("did Company X cut its costs by 70%?", CUT),
        ("", COMPASS),
    ],
)
def test_other_words_are_left_alone(text: str, question: Question) -> None:
    assert answer(text, question) is None
