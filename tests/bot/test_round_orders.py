"""Rounds in words: how they are asked for, led and joined, and what is none of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.intents import RoundAction, RoundOrder
from bot.intents.quizzes.rounds import read_for_all, read_round


def order(words: str, in_round: bool = False) -> RoundOrder | None:
    found = read_round(words, in_round)
    return found.value if found is not None and isinstance(found.value, RoundOrder) else None


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("quiz round", RoundOrder("start")),
        ("Start a quiz round, please!", RoundOrder("start")),
        ("quiz me with 5 questions", RoundOrder("start", count=5)),
        ("ask me seven questions", RoundOrder("start", count=7)),
        ("5 questions about benefits", RoundOrder("start", count=5, text="benefits")),
        ("give me 3 questions on the case study", RoundOrder("start", count=3, text="the case study")),
        ("another round of 4 questions", RoundOrder("start", count=4)),
        ("quiz for everybody", RoundOrder("start", together=True)),
        ("quiz for everyone with 4 questions", RoundOrder("start", count=4, together=True)),
        ("start a quiz with 5 questions for the whole team", RoundOrder("start", count=5, together=True)),
        ("start a team quiz with 5 questions", RoundOrder("start", count=5, together=True)),
        ("team quiz about metaphors", RoundOrder("start", text="metaphors", together=True)),
        ("quiz everybody", RoundOrder("start", together=True)),
        ("again with the wrong ones", RoundOrder("again")),
        ("join the leaderboard", RoundOrder("join")),
        ("take me off the leaderboard", RoundOrder("leave")),
    ],
)
def test_a_round_is_asked_for(words: str, meant: RoundOrder) -> None:
    assert order(words) == meant
    assert order(f"  {words.upper()} ") is not None


@pytest.mark.parametrize(
    ("words", "action"),
    [
        ("reveal", "reveal"),
        ("reveal the answer", "reveal"),
        ("next question please", "next"),
        ("go on", "next"),
        ("end the round", "end"),
        ("stop the team quiz", "end"),
        ("show us the answer", "reveal"),
        ("what's the right answer?", "reveal"),
        ("move on", "next"),
        ("end it", "end"),
        ("quit the whole quiz", "end"),
        ("end of the quiz, everybody", "end"),
    ],
)
def test_an_open_round_is_led(words: str, action: RoundAction) -> None:
    assert order(words, in_round=True) == RoundOrder(action)
    assert order(words) is None


def test_next_goes_on_once_the_answer_is_shown() -> None:
    assert read_round("next one please", in_round=True) is None
    found = read_round("next one please", in_round=True, revealed=True)
    assert found is not None
    assert found.value == RoundOrder("next")


@pytest.mark.parametrize(
    "words",
    [
        *("quiz me", "quiz", "leaderboard", "what are the 5 benefits?", "who leads the leaderboard?", "questions?"),
        *("are leaderboards a good way to drive cost awareness?", "3 questions", "how many questions are there?"),
        *("everybody should join us", "start the poll", "what is a team quiz?", "next", "5", ""),
    ],
)
def test_other_words_are_left_alone(words: str) -> None:
    assert order(words, in_round=True) is None


@given(st.text(max_size=200), st.booleans())
def test_any_words_are_read_or_left(words: str, in_round: bool) -> None:
    found = order(words, in_round)
    assert found is None or found.count is None or 0 <= found.count <= 999


@pytest.mark.parametrize(
    ("said", "count"), [("let's run something with the team, 3 questions", 3), ("test us all please", None)]
)
def test_who_names_others_may_want_a_quiz_for_all(said: str, count: int | None) -> None:
    found = read_for_all(said)
    assert found is not None
    assert (found.value, found.certainty) == (RoundOrder("start", count=count, together=True), "meant")
    assert read_for_all("quiz me please") is None
