"""Sentences that make polls: what is opened is right, and whatever is not wholly understood is shown before."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.intents.polls.drafts import DraftError, check_draft, read_draft
from bot.intents.times.moments import first_occurrence, next_occurrence
from bot.store import Draft

EVAL = Path(__file__).parents[1] / "eval"
# Moments within so many seconds are the same, and rules whose first so many dates are.
SAME, DATES = 60, 5


def opened(words: str, at: datetime) -> Draft | None:
    """The poll that is opened at once; None where it is shown before, or asked about."""
    try:
        draft = read_draft(words, at, "UTC")
    except DraftError:
        return None
    return None if draft is None or draft.unread or check_draft(draft) else draft


def dates(rule: str | None, at: datetime) -> list[datetime | None]:
    if rule is None or (first := first_occurrence(rule, at, "UTC")) is None:
        return []
    found: list[datetime | None] = [first]
    while len(found) < DATES and (last := found[-1]):
        found.append(next_occurrence(rule, first, last, "UTC"))
    return found


def is_right(draft: Draft, wanted: dict[str, Any], at: datetime) -> bool:
    closes = at + draft.lasts if draft.lasts is not None else draft.until
    told = datetime.fromisoformat(wanted["closes"]) if wanted["closes"] else None
    remind = None if draft.remind is None else draft.remind.total_seconds() / 60
    return (
        draft.question.casefold() == wanted["question"].casefold()
        and [one.casefold() for one in draft.options] == [one.casefold() for one in wanted["options"]]
        and (draft.several, draft.anonymous, draft.hidden) == (wanted["several"], wanted["anonymous"], wanted["hidden"])
        and (closes is None) == (told is None)
        and (closes is None or told is None or abs((closes - told).total_seconds()) <= SAME)
        and remind == wanted["remind_minutes"]
        and dates(draft.rule, at) == dates(wanted["repeats"], at)
    )


@pytest.mark.parametrize("file", ["polls_own.jsonl", "polls_dev.jsonl"])
def test_what_opens_is_right_and_most_clear_sentences_open(file: str) -> None:
    rows = [json.loads(line) for line in (EVAL / file).read_text("utf-8").splitlines()]
    wrong, right, clear = [], 0, 0
    for row in rows:
        at, wanted = datetime.fromisoformat(row["at"]), row["expected"]
        clear += "ask" not in wanted
        if (draft := opened(row["utterance"], at)) is None:
            continue
        if "ask" in wanted or not is_right(draft, wanted, at):
            wrong.append(row["utterance"])
        else:
            right += 1
    assert wrong == []
    assert right >= 0.75 * clear


@pytest.mark.parametrize(
    "words",
    [
        "please don't start a poll: Where to? Rome, Paris",
        "on Monday start a poll: Where to? Rome, Paris",
        "poll at 5pm: Where to? Rome, Paris",
        "poll for next week: Where to? Rome, Paris",
        "poll: Where to? Rome, Paris, asap",
        "poll: Where to? Rome, Paris - a quick one",
        "poll: Where to? Rome, fish and chips",
        "poll: Where to? TCP/IP or OSI",
        "poll: Which day? Friday, Monday, Tuesday until noon",
        "poll: Where to? Rome, Paris, tomorrow 5pm",
        "poll: Where to? Rome, Paris, bis Freitag 12 Uhr",
    ],
)
def test_what_can_be_read_in_two_ways_is_not_opened(words: str) -> None:
    assert opened(words, datetime(2026, 11, 27, 10, tzinfo=UTC)) is None
