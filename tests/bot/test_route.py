"""`route`: the intent of an utterance and the value that it names, a JSON line for a line."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.commands.route import Router
from bot.intents import NAMES
from bot.intents.understanding import Understanding
from knowledge.answer import Message
from knowledge.library import Library

Run = Callable[..., "subprocess.CompletedProcess[bytes]"]


@pytest.fixture(scope="module")
def router(library: Library, understanding: Understanding) -> Router:
    return Router(understanding, library.scripts[0])


def files_of(home: Path) -> set[str]:
    return {str(file.relative_to(home)) for file in home.rglob("*")}


# --- Values ---


def graded(grade: str, percent: float | None) -> dict[str, Any]:
    return {"grade": grade, "percent": percent}


def saved(spend: float | None, period: str | None, currency: str | None, **more: float | None) -> dict[str, Any]:
    return {"spend": spend, "period": period, "currency": currency, **more}


@pytest.mark.parametrize(
    ("utterance", "context", "intent", "value"),
    [
        ("what is FinOps?", None, "question", None),
        ("start the poll", None, "poll_start", None),
        ("stop", "poll_open", "stop", None),
        # Votes: the option's full text
        ("b", "poll_open", "poll_answer", "Somewhat familiar"),
        ("verry familar", "poll_open", "poll_answer", "Very familiar"),
        ("not at all", "poll_open", "poll_answer", "Not at all"),
        ("vote 1 3", "poll_open", "poll_answer", "Not at all"),
        ("vote 1 0", "poll_open", "poll_answer", None),
        ("vote 1 4", "poll_open", "poll_answer", None),
        ("vote 1 3", None, "poll_answer", None),
        # Quizzes: grade and percent, to one decimal
        ("65%", "quiz_open", "quiz_answer", graded("correct", 65)),
        ("two thirds", "quiz_open", "quiz_answer", graded("correct", 66.7)),
        ("half?", "quiz_open", "quiz_answer", graded("close", 50)),
        ("less than 60%", "quiz_open", "quiz_answer", graded("incorrect", 60)),
        ("the majority", "quiz_open", "quiz_answer", graded("close", None)),
        ("no idea", "quiz_open", "quiz_answer", graded("no_answer", None)),
        ("quiz 1 answer 4", "quiz_open", "quiz_answer", graded("correct", 60)),
        ("quiz 1 answer 0", "quiz_open", "quiz_answer", graded("no_answer", None)),
        ("quiz 1 answer 5", "quiz_open", "quiz_answer", graded("no_answer", None)),
        # Benefits
        ("open the card about forecasting", None, "benefits", {"benefit": 3}),
        ("show me the benefits", None, "benefits", None),
        # Savings: what was named, and what follows from it
        ("savings slider", None, "savings_estimate", None),
        (
            "how much could we save if we spend 50k a month on AI?",
            None,
            "savings_estimate",
            saved(50_000, "month", None, max_saving=15_000),
        ),
        (
            "estimate savings for £80k/month at 15%",
            None,
            "savings_estimate",
            saved(80_000, "month", "GBP", rate=0.15, saving=12_000),
        ),
        (
            "estimate savings for 80k a month at 45%",
            None,
            "savings_estimate",
            saved(80_000, "month", None, max_saving=24_000),
        ),
        (
            "estimate savings on $1234.567 at 12.5%",
            None,
            "savings_estimate",
            saved(1234.57, None, "USD", rate=0.125, saving=154.32),
        ),
        (
            "estimate savings for 80k a month at 0%",
            None,
            "savings_estimate",
            saved(80_000, "month", None, rate=0, saving=0),
        ),
        ("estimate savings at 10%", None, "savings_estimate", saved(None, None, None, rate=0.1, saving=None)),
        ("estimate savings at 45%", None, "savings_estimate", saved(None, None, None, max_saving=None)),
        ("estimate savings for -5", None, "savings_estimate", saved(None, None, None, max_saving=None)),
    ],
)
def test_values(router: Router, utterance: str, context: str | None, intent: str, value: Any) -> None:
    found = router.route(utterance, context)
    assert (found.intent.name, found.value) == (intent, value)
    # As JSON: true numbers, and nothing that JSON does not know.
    assert json.loads(json.dumps(found.value, allow_nan=False)) == value


LUNCH = {"poll": {"question": "Where do we eat?", "options": ["Noodles", "Soup", "Nowhere"]}}
ROOTS = {"quiz": {"question": "What is the root of 81?", "options": ["3", "9", "27"], "answer": "9"}}
SHARE = {"quiz": {"question": "How much of it is idle?", "percent": 40}}
CITY = {"quiz": {"question": "Which city lies on the Vltava?", "answer": "Prague"}}


@pytest.mark.parametrize(
    ("utterance", "context", "intent", "value"),
    [
        ("2", LUNCH, "poll_answer", {"votes": [2]}),
        ("noodles", LUNCH, "poll_answer", {"votes": [1]}),
        ("1 and 3", {"poll": {**LUNCH["poll"], "several": True}}, "poll_answer", {"votes": [1, 3]}),
        ("close the poll", LUNCH, "poll_close", None),
        ("2", ROOTS, "quiz_answer", graded("correct", None)),
        ("the third one", ROOTS, "quiz_answer", graded("incorrect", None)),
        ("45%", SHARE, "quiz_answer", graded("correct", 45)),
        ("a third", SHARE, "quiz_answer", graded("close", 33.3)),
        ("it is Prague", CITY, "quiz_answer", graded("correct", None)),
    ],
)
def test_any_poll_and_any_quiz_can_be_open(
    router: Router, utterance: str, context: Any, intent: str, value: Any
) -> None:
    found = router.route(utterance, context)
    assert (found.intent.name, found.value) == (intent, value)


def test_a_poll_that_is_to_be_opened_comes_as_its_draft(router: Router) -> None:
    at = datetime(2026, 11, 27, 10, tzinfo=UTC)
    found = router.route("anonymous poll: Where do we eat? Noodles, Soup for 2h", None, at)
    assert (found.intent.name, found.does, found.unread) == ("poll_start", "act", ())
    assert found.value == {
        "question": "Where do we eat?",
        "options": ["Noodles", "Soup"],
        "several": False,
        "anonymous": True,
        "hidden": False,
        "closes": "2026-11-27T12:00:00+00:00",
        "remind_minutes": None,
        "repeats": None,
    }


def test_what_cannot_be_opened_is_asked(router: Router) -> None:
    found = router.route("poll: Where do we eat? Noodles, noodles")
    assert (found.intent.name, found.does) == ("poll_start", "ask")


def test_a_talk_before_says_what_goes_on(router: Router) -> None:
    history = [Message("user", "show me the benefits"), Message("assistant", "Benefits, number 2 of 5: ...")]
    found = router.route("next", None, history=history)
    assert (found.intent.name, found.value) == ("benefits", {"benefit": 3})


# --- Lines ---

SAID = {"certainty": "said", "does": "act"}
ASKED = {"certainty": "meant", "does": "answer"}
LINES: list[tuple[bytes, Any]] = [
    (
        b'{"id": 1, "utterance": "quiz me"}',
        {"id": 1, "intent": "quiz_start", "value": None} | SAID,
    ),
    (
        b'{"id": "b", "utterance": "2", "context": "poll_open"}',
        {"id": "b", "intent": "poll_answer", "value": "Somewhat familiar"} | SAID,
    ),
    (
        b'{"id": 2.5, "utterance": "60%", "context": "quiz_open", "more": [1]}\r',
        {
            "id": 2.5,
            "intent": "quiz_answer",
            "value": {"grade": "correct", "percent": 60.0},
            "certainty": "said",
            "does": "act",
        },
    ),
    (
        '{"id": "é費", "utterance": "€80k a month at 15 %", "context": null}'.encode(),
        {
            "id": "é費",
            "intent": "savings_estimate",
            "value": {"spend": 80000, "period": "month", "currency": "EUR", "rate": 0.15, "saving": 12000},
            "certainty": "meant",
            "does": "act",
        },
    ),
    (
        b'{"id": 3, "utterance": ""}',
        {"id": 3, "intent": "question", "value": None} | ASKED,
    ),
    (
        json.dumps({"id": 4, "utterance": "start the poll " * 9_000}).encode(),
        {"id": 4, "intent": "question", "value": None} | ASKED,
    ),
    (
        b'{"id": "\\ud800", "utterance": "\\udfff help"}',
        {"id": "\ud800", "intent": "help", "value": None} | SAID,
    ),
    (b"no JSON", None),
    (b"[1]", None),
    (b"\xff\xfe", None),
    (b"{" * 50_000, None),
    (b'{"utterance": "help"}', None),
    (b'{"id": null, "utterance": "help"}', None),
    (b'{"id": 1e999, "utterance": "help"}', None),
    (b'{"id": 5}', 5),
    (b'{"id": 6, "utterance": 7}', 6),
    (b'{"id": "c", "utterance": "help", "context": "quiz"}', "c"),
    (b'{"id": "d", "utterance": "help", "context": ["quiz_open"]}', "d"),
    (b'{"id": "e", "utterance": "help", "context": false}', "e"),
    (b'{"id": "f", "utterance": "help", "context": {"poll": {"question": "?"}}}', "f"),
    (b'{"id": "g", "utterance": "help", "context": {"quiz": {"question": "?"}}}', "g"),
    (b'{"id": "h", "utterance": "help", "at": "soon"}', "h"),
    (b'{"id": "i", "utterance": "help", "history": "hi"}', "i"),
    (
        b'{"id": "last", "utterance": "help"}',
        {"id": "last", "intent": "help", "value": None} | SAID,
    ),
]


def test_lines_are_answered_in_order_and_nothing_is_kept(bot: Run, home: Path) -> None:
    before = files_of(home)
    done = bot("route", "--jsonl", stdin=b"\n \n".join(line for line, _ in LINES), LC_ALL="C")
    assert (done.returncode, done.stderr) == (0, b"")
    lines = done.stdout.decode("utf-8").splitlines()
    assert len(lines) == len(LINES)
    for line, (asked, expected) in zip(lines, LINES, strict=True):
        record = json.loads(line, parse_constant=pytest.fail)
        if isinstance(expected, dict):
            assert record == expected, asked[:80]
            assert list(record) == ["id", "intent", "value", "certainty", "does"]
        else:
            assert list(record) == ["id", "error"], asked[:80]
            assert record["id"] == expected, asked[:80]
            assert record["error"]
    assert "é費" in lines[3]
    assert files_of(home) - before <= {"finops-bot.log"}


def test_no_lines_are_no_error(bot: Run) -> None:
    done = bot("route", "--jsonl")
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


@pytest.mark.parametrize("arguments", [["quiz me"], ["--jsonl", "quiz me"], ["--json"], ["--jsonl", "--colour"]])
def test_wrong_options_are_said_in_one_line(bot: Run, arguments: list[str]) -> None:
    done = bot("route", *arguments, stdin=b'{"id": 1, "utterance": "help"}\n')
    assert (done.returncode, done.stdout) == (2, b"")
    said = done.stderr.decode()
    assert "Traceback" not in said
    assert said.count("\n") == 1


@pytest.mark.parametrize(
    "utterance",
    ["", "\0", "\ud800", "vote 999999999 999999999", "quiz 1 answer 99", "9" * 2_000, "save 1e999999", "½ of ∞", "٦٠٪"],
)
@pytest.mark.parametrize("context", [None, "poll_open", "quiz_open"])
def test_odd_utterances_have_an_intent_and_a_value_that_json_can_hold(
    router: Router, utterance: str, context: str | None
) -> None:
    found = router.route(utterance, context)
    assert found.intent.name in NAMES
    json.dumps(found.value, allow_nan=False)
