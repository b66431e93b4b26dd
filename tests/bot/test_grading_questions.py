"""Grading answers to any question of a bank, by option, number with unit, share or words: right, close, wrong, none."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.intents.quizzes.grading import Grade
from bot.intents.quizzes.judging import grade_question, hints
from bot.intents.quizzes.measures import read_measure
from bot.shelf import quiz_options
from knowledge.bank import Question, all_questions, own_question
from knowledge.bank.reader import read_banks, subject_of
from knowledge.script import Quiz
from knowledge.script.parser import read_scripts

FOLDER = Path(__file__).parents[2] / "knowledge" / "scripts"
SCRIPTS = read_scripts([FOLDER])
QUESTIONS = {
    question.id: question for question in all_questions(SCRIPTS, read_banks([FOLDER], map(subject_of, SCRIPTS)))
}
GRADES = ("correct", "close", "incorrect", "no_answer")

# For each question: what is right, close and wrong.
ANSWERS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]] = {
    "own.why-finops-matters-in-ai": (
        ("over 60%", "65%", "more than sixty percent", "d", "4"),
        ("55%", "more than half"),
        ("20%", "a quarter", "2"),
    ),
    "what-finops-is": (
        (
            "a collaborative practice",
            "colaborative practise that brings financial acountability",
            "it brings financial accountability",
            "the collaborative one",
        ),
        (),
        ("a software product", "not a collaborative practice", "a team of auditors", "something with clouds"),
    ),
    "short-for": (
        ("Financial Operations", "financal operations", "operations, financial ones", "finance ops"),
        ("financial something",),
        ("finance options", "final optimization", "not financial operations", "a fine opera"),
    ),
    "compass": (
        ("compass", "a finacial compas", "I'd say the compass", "isn't it a compass?", "the compass, not the anchor"),
        ("compass or anchor",),
        ("the anchor", "not the compass", "anything but a compass", "a map"),
    ),
    "bridge": (
        ("the realities of your budget", "your budget", "budget realities", "to the budget"),
        (),
        ("the wishes of customers", "not the budget", "your provider's servers"),
    ),
    "fuel-gauge": (
        ("fuel gauge", "the feul guage", "how much fuel is left", "not the speed limit but the fuel gauge"),
        ("the fuel gauge and the speed limit",),
        ("the speed limit", "the rear mirror", "not the fuel gauge", "the tyres"),
    ),
    "sports-cars": (
        ("they burn through resources fast", "powerful but they burn through resources", "they are powerful"),
        ("because they burn resources quickly",),
        ("because few people may drive them", "they are simple", "they are red"),
    ),
    "black-hole": (
        ("a black hole", "black hole", "a finacial black hole"),
        (),
        ("a maze", "a snowball", "not a black hole", "a volcano"),
    ),
    "not-a-benefit": (
        ("faster hiring", "hiring AI specialists", "the hiring one", "hirring of specialists"),
        (),
        ("cost transparency", "collaboration between teams", "better forecasting"),
    ),
    "how-many-benefits": (
        ("5", "five", "about 5", "there are 5 benefits", "4, no wait, 5"),
        ("at least 5",),
        ("4", "six", "over 6", "50%", "1 to 9"),
    ),
    "not-penny-pinching": (
        (
            "maximizing value",
            "getting the most value",
            "the value of every dollar",
            "maximising the value of each dollar",
        ),
        (),
        ("cheaper clouds", "delaying projects", "not the value of every dollar", "being stingy"),
    ),
    "aligned-with": (
        ("business objectives", "buisness objectives", "the goals of the company", "objectives of the business"),
        (),
        ("industry standards", "vendor roadmaps", "not business objectives", "the stars"),
    ),
    "company-x-cut": (
        ("30%", "30", "about thirty percent", "a third", "0.3", "roughly 30 per cent", "by 28 percent", "25 to 35%"),
        ("38%", "40", "over 25%", "a fifth"),
        ("60%", "half", "5%", "$30", "45 percent", "between 10% and 50%"),
    ),
    "company-x-speed": (
        ("it accelerated", "it got faster", "it sped up", "acceleration", "It acelerated."),
        (),
        ("it slowed down", "it was paused", "it did not accelerate", "it stayed the same"),
    ),
    "company-x-how": (
        ("its spending", "their spending", "where the money goes", "costs", "into its spendings"),
        (),
        ("its competitors", "training data", "not its spending", "the weather"),
    ),
    "up-to": (
        ("up to 30%", "30%", "30", "at most 30 percent", "25%"),
        ("35%", "15%"),
        ("60%", "over 80%", "about 45%", "all of it"),
    ),
    "drains-or-drives": (
        ("innovation and competitive advantage", "innovation", "competitive advantage", "inovation"),
        (),
        ("prices", "office space", "not innovation", "media attention"),
    ),
    "hand-in-hand": (
        (
            "financial responsibility",
            "fiscal responsibility",
            "finacial responsability",
            "being responsible with money",
        ),
        (),
        ("technical perfection", "public attention", "not financial responsibility", "the compass"),
    ),
    "public-sector": (
        ("to justify AI investments", "justifying investments", "showing that public funds are used responsibly"),
        (),
        ("salaries", "raising fees", "replacing paper forms", "parking"),
    ),
}
IGNORANT = ("no idea", "I don't know", "dunno", "pass", "not sure", "no clue, sorry", "")
NAUGHTY = (
    *("'; DROP TABLE quizzes;--", "<script>alert(1)</script>", "\ud800", "\x00", "٣٠", "💥" * 50, "x" * 5_000),
    *("%s%n", "../../etc/passwd", "NaN", "-0", "1e999", "9" * 400, "$\\frac{1}{0}$", "=1+1", "ﷺ", "\u202e60%"),
)
ROWS = [
    (name, words, grade)
    for name, groups in ANSWERS.items()
    for grade, group in zip(("correct", "close", "incorrect"), groups, strict=True)
    for words in group
]


def test_every_question_has_answers_here() -> None:
    assert set(ANSWERS) == set(QUESTIONS)


@pytest.mark.parametrize(("name", "words", "expected"), ROWS)
def test_an_answer_is_graded(name: str, words: str, expected: Grade) -> None:
    assert grade_question(QUESTIONS[name], words) == expected


@pytest.mark.parametrize("words", IGNORANT)
def test_not_knowing_is_no_answer(words: str) -> None:
    for name, question in QUESTIONS.items():
        assert grade_question(question, words) == "no_answer", name


@pytest.mark.parametrize("name", QUESTIONS)
def test_each_option_is_graded_by_number_letter_and_words(name: str) -> None:
    question = QUESTIONS[name]
    options = quiz_options(question)
    for place, option in enumerate(options, 1):
        expected = "correct" if option == question.answer else "incorrect"
        said = [str(place), "abcdef"[place - 1], option, option.upper(), f"I think it is: {option}"]
        assert {grade_question(question, words) for words in said} == {expected}, option
        assert grade_question(question, "whatever", place) == expected
        with pytest.raises(IndexError):
            grade_question(question, "whatever", len(options) + 1)


def test_naughty_words_are_never_right() -> None:
    right = {("company-x-cut", "٣٠"), ("up-to", "٣٠"), ("own.why-finops-matters-in-ai", "\u202e60%")}
    for name, question in QUESTIONS.items():
        for words in NAUGHTY:
            if (name, words) not in right:
                assert grade_question(question, words) in ("incorrect", "no_answer"), (name, words)


@given(st.sampled_from(sorted(QUESTIONS)), st.text(max_size=80))
def test_any_words_get_a_grade(name: str, words: str) -> None:
    assert grade_question(QUESTIONS[name], words) in GRADES


def number_question(number: float, unit: str | None, tolerance: float) -> Question:
    return Question("bank", "number", "How much?", "", number=number, unit=unit, tolerance=tolerance)


@given(st.integers(-1_000, 1_000), st.integers(0, 50), st.integers(-200, 200))
def test_a_number_is_right_within_its_tolerance_and_close_within_twice(number: int, tolerance: int, off: int) -> None:
    judged = grade_question(number_question(number, "benefits", tolerance), f"{number + off} benefits")
    away = abs(off)
    assert judged == ("correct" if away <= tolerance else "close" if away <= 2 * tolerance else "incorrect")


@pytest.mark.parametrize(
    ("unit", "number", "words", "expected"),
    [
        ("USD", 1_200, "$1.2k", "correct"),
        ("USD", 1_200, "1,200 dollars", "correct"),
        ("USD", 1_200, "about twelve hundred", "correct"),
        ("USD", 1_200, "1200 euros", "incorrect"),
        ("hours", 2, "two hours", "correct"),
        ("hours", 2, "120 minutes", "correct"),
        ("hours", 2, "90 to 150 minutes", "correct"),
        ("hours", 2, "2 days", "incorrect"),
        ("hours", 2, "2", "correct"),
        ("%", 30, "30 dollars", "incorrect"),
        (None, 7, "seven", "correct"),
        (None, 7, "not 7", "no_answer"),
        (None, 7, "between 6 and 8", "correct"),
        (None, 7, "many", "no_answer"),
    ],
)
def test_a_number_is_read_with_its_unit(unit: str | None, number: float, words: str, expected: Grade) -> None:
    assert grade_question(number_question(number, unit, 0), words) == expected


def test_a_bound_is_at_best_close() -> None:
    question = number_question(10, "hours", 2)
    assert grade_question(question, "over 9 hours") == "close"
    assert grade_question(question, "less than 9 hours") == "incorrect"


@given(st.text(max_size=60), st.sampled_from(["%", "USD", "hours", "benefits", None]))
def test_any_words_are_read_as_a_number_or_not(words: str, unit: str | None) -> None:
    measure = read_measure(words, unit)
    assert measure is None or measure.low is None or measure.high is None or measure.low <= measure.high


def test_the_rule_of_the_scripts_own_quiz_in_words_is_kept() -> None:
    question = own_question("s", "x", Quiz("Who owns an idle endpoint?", "The model owner", None, None))
    said = {"the owners of models": "correct", "the owner": "close", "the auditor": "incorrect"}
    assert {words: grade_question(question, words) for words in said} == said


@pytest.mark.parametrize("name", QUESTIONS)
def test_no_hint_says_the_answer(name: str) -> None:
    question = QUESTIONS[name]
    given_hints = hints(question)
    assert given_hints
    for hint in given_hints:
        assert question.answer.casefold() not in hint.casefold()
        if question.percent is None:  # by the contract a range of shares is graded by its middle
            assert grade_question(question, hint) != "correct"
