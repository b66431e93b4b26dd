"""One short message must not stop the bot: reading takes linear time, whatever is written."""

from __future__ import annotations

import itertools
import random
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial

import pytest

from bot.costs.money import read_budget
from bot.intents.amounts.calculations import read_calculation
from bot.intents.amounts.parts_of_sums import left_of_sum
from bot.intents.amounts.spending import read_spend
from bot.intents.behaviour import read_setting
from bot.intents.discussions import read_answer, read_discussion
from bot.intents.options import told_apart
from bot.intents.polls.draft_forms import read_form
from bot.intents.polls.drafts import read_draft
from bot.intents.polls.orders import read_order
from bot.intents.quizzes.guesses import admits_ignorance, is_bare_claim
from bot.intents.quizzes.leaving import read_leaving
from bot.intents.quizzes.measures import read_measure
from bot.intents.quizzes.rounds import read_round
from bot.intents.quizzes.shares import read_claim
from bot.intents.talk.leads import unled
from bot.intents.times.moments import read_deadline, read_recurrence
from bot.intents.understanding import Understanding
from bot.intents.votes.ballots import read_guess, read_vote
from bot.intents.votes.places import place_named
from bot.intents.votes.spoken import tokens
from bot.markup.reader import read
from bot.store import Scene
from knowledge.answer import MAX_QUESTION
from knowledge.cited import Sentences
from knowledge.followup import leans, read_together
from knowledge.question import asks, clean, item_asked, joined, parts
from knowledge.refusal import is_refused
from tests.growth import APPLIED, PATIENCE, Attack, attacks, every_pattern, spent, too_much

NOW = datetime(2025, 1, 6, 12, tzinfo=UTC)
OPTIONS = ("Not at all familiar", "Somewhat familiar", "Very familiar")


def draft(text: str) -> object:
    """A poll that somebody describes."""
    return read_draft(f"new poll: {text}", NOW, "UTC")


def asked_for(text: str) -> object:
    """A poll that somebody asks for in whatever words."""
    return read_draft(f"{text}? {text} make it a poll, {text}", NOW, "UTC")


def form(text: str) -> object:
    """A poll that somebody writes into a form."""
    return read_form({"question": text, "options": text, "when": text}, NOW, "UTC")


# Whoever reads the words of people as a whole.
READERS: Mapping[str, Callable[[str], object]] = {
    reader.__name__: reader
    for reader in (
        *(clean, parts, asks, joined, item_asked, leans, is_refused, read_spend, read_claim, is_bare_claim),
        *(
            admits_ignorance,
            draft,
            asked_for,
            form,
            read_order,
            read_discussion,
            read_answer,
            read_setting,
            read_budget,
            read,
        ),
    )
} | {
    "read_calculation": lambda text: (read_calculation(text), read_calculation(f"calculate {text}", "calculate", text)),
    "read_together": lambda text: read_together(text, text),
    "read_measure": lambda text: (read_measure(text, "hours"), read_measure(text, "USD")),
    "read_vote": lambda text: (read_vote(text, "Which one?", OPTIONS, True), tokens(text)),
    "read_leaving": read_leaving,
    "unled": unled,
    "place_named": place_named,
    "left_of_sum": lambda text: (
        left_of_sum(f"just {text}", "20k on GPUs and 5k on storage"),
        left_of_sum("just a", text),
    ),
    "read_guess": lambda text: read_guess(text, "Which one?", OPTIONS),
    "told_apart": lambda text: told_apart(text, OPTIONS),
    "read_deadline": lambda text: read_deadline(text, NOW, "UTC"),
    "read_recurrence": lambda text: read_recurrence(f"every {text}", NOW, "UTC"),
    "read_round": lambda text: read_round(text, True),
    "cited": lambda text: [*Sentences().read(text)],
}
# Words that readers look for, and what stands between words; the first few are what once took minutes.
PIECES: Sequence[str] = (
    *(
        "and,,,,",
        "ok...... and...... ",
        "well\n\nhi  hey, ",
        "« ",
        "1,",
        "a@",
        " \n",
        "???",
        "differ ",
        "your _ ",
        "![",
    ),
    *(
        " ",
        "a",
        "1",
        ",",
        "\n- a",
        "? ",
        "what is it, ",
        "12 ",
        "1,000 ",
        "$5 ",
        "80k a month ",
        "at 5% ",
        "two thirds ",
    ),
    *(
        "over 60% ",
        "not ",
        "no wait, 5% ",
        "one hundred ",
        "half a million ",
        "5 hours ",
        "very familiar or ",
        "b, c; ",
    ),
    *(
        "for 2h, ",
        "until friday 17:00, ",
        "every monday at 9:00 ",
        "remind 1h before, ",
        "anonymous; ",
        "'a 'a",
        '"',
        "(",
    ),
    *(
        "[a](",
        "**",
        "`",
        "> ",
        "| a ",
        "http://a.b ",
        "http://a(",
        "@a",
        "<@U1> ",
        "\u200d",
        "\u0301",
        "½",
        "60-",
        "1. ",
    ),
    *(
        "e.g. ",
        "[1]",
        "delete ",
        "the first ",
        "number 3 ",
        "not sure ",
        "save it as ",
        "show me the ",
        "3rd ",
        "please ",
    ),
    *("tommorow ", "organise ", "per month ", "\t", "\u2028", "point 5 "),
)


def reading(reader: Callable[[str], object]) -> Callable[[str], object]:
    """The reader, for whom some words are wrong."""

    def told(text: str) -> object:
        try:
            return reader(text)
        except ValueError:
            return None

    return told


def slow_patterns(rounds: int, most: int | None) -> list[str]:
    """The patterns that some text slows; `most` attacks on each are tried, chosen by chance but always the same."""
    found = []
    for used in every_pattern():
        tried = list(attacks(used.pattern, rounds))
        tried = random.Random(len(tried)).sample(tried, min(most or len(tried), len(tried)))
        for applied, attack in itertools.product(sorted(used.applied), tried):
            if told := too_much(partial(APPLIED[applied], used.pattern), attack):
                found.append(f"{used.where} ({applied}), {attack}: {told}")
                break
    return found


def test_no_pattern_takes_more_than_linear_time() -> None:
    assert slow_patterns(rounds=2, most=3) == []


@pytest.mark.trial
def test_no_pattern_takes_more_than_linear_time_whatever_it_is_given() -> None:
    assert slow_patterns(rounds=8, most=None) == []


@pytest.mark.parametrize("name", READERS)
def test_whole_readers_take_linear_time(name: str) -> None:
    read_it = reading(READERS[name])
    for piece in PIECES:  # what is loaded once, such as calendars
        read_it(piece)
    for piece in PIECES[:12]:
        assert too_much(read_it, Attack("", piece, "zzz"), floor=0.06) is None, piece


@pytest.mark.trial
@pytest.mark.parametrize("name", READERS)
def test_whole_readers_take_linear_time_whatever_they_read(name: str) -> None:
    read_it = reading(READERS[name])
    for piece in PIECES:
        read_it(piece)
    for one, other in itertools.product(PIECES, ["", *PIECES[::7]]):
        for end in ("", "zzz", "\n x"):
            assert too_much(read_it, Attack("", one + other, end), floor=0.06) is None, (one, other, end)


def test_what_is_too_long_is_stopped_after_a_finalizer_not_in_it() -> None:
    class Slow:
        def __del__(self) -> None:
            burn(2 * PATIENCE)

    def burn(seconds: float) -> None:
        end = time.thread_time() + seconds
        while time.thread_time() < end:
            sum(range(10_000))

    def read_slowly(text: str) -> None:
        Slow()
        burn(60 * PATIENCE)

    assert spent(read_slowly, "") == PATIENCE


@pytest.mark.parametrize("pieces", [PIECES[:12], pytest.param(PIECES, marks=pytest.mark.trial)], ids=["some", "all"])
def test_what_is_meant_is_found_in_linear_time(understanding: Understanding, pieces: Sequence[str]) -> None:
    def meant(text: str) -> object:
        return understanding.intent(text[:MAX_QUESTION], Scene())

    meant("what is finops?")
    for piece in pieces:
        assert too_much(meant, Attack("", piece), floor=0.3) is None, piece
