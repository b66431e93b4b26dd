"""The share that a person claims: what is read, what is only a figure in a question, and how it is graded."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.intents.quizzes.grading import Claim, Grade, grade
from bot.intents.quizzes.guesses import admits_ignorance, is_bare_claim
from bot.intents.quizzes.shares import read_claim

DEV = Path(__file__).parents[1] / "eval" / "intents_dev.jsonl"
CASES = [
    case
    for line in DEV.read_text("utf-8").splitlines()
    if line.strip() and (case := json.loads(line))["context"] == "quiz_open"
]
ANSWERS = [case for case in CASES if case["expected_intent"] == "quiz_answer"]
OTHERS = [case for case in CASES if case["expected_intent"] != "quiz_answer"]


def percent(words: str) -> float | None:
    claim = read_claim(words)
    assert claim is not None, words
    return claim.percent


# --- One number ---


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("sixty", 60),
        ("65%", 65),
        ("65 per cent", 65),
        ("65pct", 65),
        ("\uff16\uff10\uff05", 60),
        ("sixty five percent", 65),
        ("sixty-three percent I think", 63),
        ("a hundred percent", 100),
        ("60,5%", 60.5),
        ("60.5.", 60.5),
        ("0.6", 60),
        (".6", 60),
        ("zero point six", 60),
        ("0.6%", 0.6),
        ("two thirds", 66.7),
        ("2/3?", 66.7),
        ("2/3rds", 66.7),
        ("three-quarters", 75),
        ("½", 50),
        ("half of them", 50),
        ("a third", 33.3),
        ("a quarter of them go over", 25),
        ("nine tenths", 90),
        ("six out of ten i guess", 60),
        ("6 in 10", 60),
        ("3 of 5", 60),
        ("one in five", 20),
        ("6 projects out of 10", 60),
        ("every third project", 33.3),
        ("60/40", 60),
        ("fifty-fifty", 50),
        ("sixty-ish", 60),
        ("60ish percent", 60),
        ("~60", 60),
        ("nearly two thirds", 66.7),
        ("all of them", 100),
        ("everyone", 100),
        ("none", 0),
        ("2", 2),
        ("almost all of them, 95%", 95),
        ("probably over half, maybe 65%", 65),
        ("65% in 2024", 65),
        ("i'm 90% sure it's 65", 65),
        ("not 60 but 70", 70),
        ("70 instead of 60", 70),
        ("150%", 150),
        ("-5%", -5),
        ("1000", 1000),
        ("sixy", 60),
        ("fourty", 40),
        ("65 precent", 65),
        ("two thrids", 66.7),
    ],
)
def test_one_number_is_read(words: str, number: float) -> None:
    claim = read_claim(words)
    assert claim is not None
    assert claim.percent == number
    assert claim.low == claim.high == pytest.approx(number, abs=0.05)


@given(st.integers(0, 100))
def test_every_percentage_is_read(number: int) -> None:
    assert read_claim(f"I'd say {number}%") == Claim(number, number, number)


@given(st.integers(1, 100), st.integers(1, 100))
def test_every_ratio_is_read(first: int, second: int) -> None:
    part, whole = sorted((first, second))
    assert percent(f"{part} out of {whole}") == round(100 * part / whole, 1)


@pytest.mark.parametrize(
    "words",
    [
        *(
            "",
            "   ",
            "NaN",
            "infinity",
            "hint",
            "skip this one",
            "next one pls",
            "show me 2 quotes",
            "give me the top 3",
        ),
        *("option 3", "$60", "60k", "the 60 second version", "half an hour", "next quarter", "a lot", "quite a few"),
        *("at most", "the most points", "that's all", "hello everyone", "not half", "12345678901234567890"),
    ],
)
def test_no_share_is_claimed(words: str) -> None:
    assert read_claim(words) is None
    assert not is_bare_claim(words)


# --- Bounds, ranges, amounts ---


@pytest.mark.parametrize(
    "words",
    [
        *("over 60", "over sixty", ">60%", "more than 60", "more then 60%", "north of sixty", "just over 60 percent"),
        *("more than sixty per cent of the projects", "more than 3 out of 5", "it's over 60, isn't it?"),
    ],
)
def test_over(words: str) -> None:
    claim = read_claim(words)
    assert claim is not None
    assert 60 < claim.low < 60.001
    assert (claim.high, claim.percent) == (100, 60)


@pytest.mark.parametrize(
    "words",
    [
        *("at least 60", "no less than 60", "60+", "60+%", "sixty plus", "60 or more", "60% or above", "60, at least"),
        *("≥60", ">= 60%", "not below 60"),
    ],
)
def test_at_least(words: str) -> None:
    assert read_claim(words) == Claim(60, 100, 60)


@pytest.mark.parametrize("words", ["less than 60%", "below 60", "under sixty", "<60", "not even 60", "just shy of 60"])
def test_under(words: str) -> None:
    claim = read_claim(words)
    assert claim is not None
    assert 59.999 < claim.high < 60
    assert (claim.low, claim.percent) == (0, 60)


@pytest.mark.parametrize(
    "words", ["at most 60", "no more than 60", "not over 60", "up to 60%", "60 or less", "60 tops"]
)
def test_at_most(words: str) -> None:
    assert read_claim(words) == Claim(0, 60, 60)


@pytest.mark.parametrize(
    ("words", "low", "high"),
    [
        ("60-70", 60, 70),
        ("60%–70%", 60, 70),
        ("60 to 70", 60, 70),
        ("70 to 60", 60, 70),
        ("between 60 and 70 percent", 60, 70),
        ("sixty to seventy", 60, 70),
        ("somewhere around 60 or 65", 60, 65),
        ("sixty, seventy? no, sixty or sixty-five", 60, 65),
        ("half to three quarters", 50, 75),
        ("6 or 7 out of ten", 60, 70),
        ("over 60 but under 70", 60, 70),
    ],
)
def test_a_range_names_its_middle(words: str, low: float, high: float) -> None:
    assert read_claim(words) == Claim(low, high, (low + high) / 2)


@pytest.mark.parametrize(
    ("words", "low", "high"),
    [
        ("the majority", 50, 100),
        ("the majorty", 50, 100),
        ("most", 50, 100),
        ("most of them", 50, 100),
        ("a minority", 0, 50),
        ("nearly all", 90, 100),
        ("almost everyone", 90, 100),
        ("all but a few", 90, 100),
        ("hardly any", 0, 10),
        ("only a few", 0, 20),
    ],
)
def test_an_amount_names_no_number(words: str, low: float, high: float) -> None:
    claim = read_claim(words)
    assert claim is not None
    assert claim.percent is None
    assert [claim.low, claim.high] == pytest.approx([low, high])
    assert is_bare_claim(words)


@pytest.mark.parametrize(
    "word", ["no", "no,", "no wait,", "wait,", "actually", "i mean", "make that", "sorry, actually", "no no no:"]
)
def test_after_a_correction_the_later_counts(word: str) -> None:
    assert percent(f"60, {word} 70") == 70
    assert percent(f"exactly 60, {word} over 70") == 70


# --- Nothing but a claim ---


@pytest.mark.parametrize(
    "words",
    [
        *("60%?", "i'd say something like 60 percent", "is it 60?", "about two thirds i guess", "more than half", "0"),
        *("almost all of them, 95%", "not sure, maybe 60?", "could it be 60?", "what about 60%?", "60% maybe more"),
        *("Over 60% of AI projects go over budget", "95%, let's be honest", "60, no wait, 70", "our guess is 65", "3%"),
        *("well i believe it's around sixty-five percent, give or take", "80% of teams tag them", "2 in 5", "150%"),
    ],
)
def test_a_bare_claim(words: str) -> None:
    assert is_bare_claim(words)


@pytest.mark.parametrize(
    "words",
    [
        *("is it true that 30% can be saved?", "how did company x save 30%?", "what does 60% mean here?", "2", "five"),
        *("i think 3", "save 30%", "why 60%?", "who said 60%?", "60% of what?", "what about the other 40%?", "poll 3"),
        *(
            "is more than half of cloud spend wasted?",
            "most of my spend is idle",
            "none of this makes sense",
            "60 gpus",
        ),
        *("we are at 60% of budget", "explain the 60%", "remind me at 60", "not 60", "no idea", "show all"),
        *("am i looking for something above or below half? just a hint", "why would half of a budget go to idle GPUs?"),
    ],
)
def test_no_bare_claim(words: str) -> None:
    assert not is_bare_claim(words)


@pytest.mark.parametrize(
    "words",
    [
        *("no idea", "dunno", "idk lol", "not sure", "pass", "I'll pass", "I don’t know", "i dont know", "beats me"),
        *(
            "no clue",
            "can't say",
            "you tell me",
            "haven't a clue, sorry",
            "haven't the foggiest",
            "who knows",
            "no diea",
        ),
        *("no clue, give me the answer please", "dunno, what's the answer?", "not really sure tbh", "not sure, 60?"),
    ],
)
def test_ignorance_is_admitted(words: str) -> None:
    assert admits_ignorance(words)


@pytest.mark.parametrize(
    "words",
    [
        *(
            "60",
            "sure",
            "i know",
            "the majority",
            "pass the budget on",
            "how do i pass the audit?",
            "don't tell me",
            "",
        ),
        *("i don't know what finops is, can you explain?", "what don't you know?", "i got the idea"),
    ],
)
def test_no_ignorance_is_admitted(words: str) -> None:
    assert not admits_ignorance(words)


# --- Grades ---

OVER_60: list[tuple[Grade, list[str]]] = [
    ("correct", ["over 60", "more than 60%", "at least 60", "60", "65", "two thirds", "70", "over 70%", "60 to 70"]),
    ("correct", ["between 55 and 65", "sixty-ish", "more than half but less than 70"]),
    ("close", ["50", "55", "59", "59.9", "70.1", "71", "80", "half", "three quarters", "40 to 60"]),
    ("close", ["more than half", "over 50%", "the majority", "most of them", "at least half", "over 75%"]),
    ("incorrect", ["20", "40", "49.9", "80.1", "81", "95", "100%", "150%", "-5%", "1000", "over 40%", "over 90%"]),
    ("incorrect", ["less than 60%", "less than 65", "under 70", "under half", "no more than 60", "under 100%"]),
    ("incorrect", ["almost all", "almost all of them, 95%", "all", "none", "hardly any", "a minority", "only a few"]),
    ("no_answer", ["no idea", "pass", ""]),
]


@pytest.mark.parametrize(("expected", "words"), [(expected, words) for expected, all_ in OVER_60 for words in all_])
def test_grades_over_60(expected: Grade, words: str) -> None:
    assert grade(read_claim(words), "over", 60) == expected


@pytest.mark.parametrize(
    ("words", "relation", "number", "expected"),
    [
        ("under 40", "under", 40, "correct"),
        ("35%", "under", 40, "correct"),
        ("less than half", "under", 40, "close"),
        ("a minority", "under", 40, "close"),
        ("45", "under", 40, "close"),
        ("25", "under", 40, "close"),
        ("over 40", "under", 40, "incorrect"),
        ("60", "under", 40, "incorrect"),
        ("hardly any", "under", 10, "correct"),
        ("nearly all", "over", 90, "correct"),
        ("more than half", "over", 45, "correct"),
        ("more than half", "over", 90, "close"),
        ("30", "about", 30, "correct"),
        ("a third", "about", 30, "correct"),
        ("35", "exactly", 30, "correct"),
        ("36", "exactly", 30, "close"),
        ("15", "about", 30, "close"),
        ("14", "about", 30, "incorrect"),
        ("over 25", "about", 30, "close"),
        ("over 40", "about", 30, "incorrect"),
        ("less than 20", "exactly", 30, "incorrect"),
        ("102%", "about", 100, "incorrect"),
    ],
)
def test_grades_of_other_answers(words: str, relation: str, number: float, expected: Grade) -> None:
    assert grade(read_claim(words), relation, number) == expected


@given(st.integers(0, 100), st.integers(0, 100))
def test_under_mirrors_over(said: int, number: int) -> None:
    assert grade(Claim(said, said, said), "over", number) == grade(
        Claim(100 - said, 100 - said, 100 - said), "under", 100 - number
    )


def test_an_unknown_relation_is_refused() -> None:
    with pytest.raises(ValueError, match="sideways"):
        grade(None, "sideways", 60)


# --- Lines of the evaluation ---


@pytest.mark.parametrize("case", ANSWERS, ids=lambda case: case["id"])
def test_answers_of_the_development_lines(case: dict[str, object]) -> None:
    words, expected, also = str(case["utterance"]), case["expected_value"], case.get("also_accept", [])
    assert isinstance(expected, dict)
    assert isinstance(also, list)
    claim = read_claim(words)
    assert grade(claim, "over", 60) in [expected["grade"], *also]
    assert (claim.percent if claim else None) == expected["percent"]
    assert is_bare_claim(words) is (claim is not None)
    assert admits_ignorance(words) is (claim is None)


@pytest.mark.parametrize("case", OTHERS, ids=lambda case: case["id"])
def test_other_development_lines_are_no_bare_claim(case: dict[str, object]) -> None:
    assert not is_bare_claim(str(case["utterance"]))


# --- Any text at all ---

_SHREDS = """
60 0.6 -5 % / - . , ? one two half third in of out or to between over under not no wait quarter 0th 1/ $9 most all
sixty point minus every 2nd 3rds 60s high 999999999 9999999999 + > < = ½ \ufdfa ish percent almost i'd pass idk \x00
"""
SHREDS = st.sampled_from(_SHREDS.split())


@given(st.text() | st.lists(SHREDS, max_size=40).map(" ".join) | st.lists(SHREDS, max_size=40).map("".join))
@example("60 " * 2_000)
@example("\ufdfa" * 2_000)
@example("9" * 2_000)
@example("0 quarters of 0th / 0")
def test_any_text_is_read_without_an_error(words: str) -> None:
    claim = read_claim(words)
    admitted = admits_ignorance(words)
    assert isinstance(admitted, bool)
    assert (grade(claim, "over", 60) == "no_answer") is (claim is None)
    if claim is None:
        assert not is_bare_claim(words)
    else:
        assert claim.low <= claim.high


@given(st.text(max_size=50))
def test_only_the_first_2000_characters_are_read(words: str) -> None:
    assert read_claim(" " * 2_000 + words) is None


@pytest.mark.parametrize("said", ["all of us are here", "all the best", "quiz us, all of us, fast"])
def test_who_is_there_is_no_share(said: str) -> None:
    assert read_claim(said) is None
