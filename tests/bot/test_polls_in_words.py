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
from tests.bot.conftest import ANA, Talk

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


@pytest.mark.parametrize(
    "said", ["what was my vote?", "which one did i pick again", "did I vote yet?", "show me my vote", "how did i vote"]
)
def test_whoever_asks_is_told_their_own_vote_and_keeps_it(said: str, own: Talk) -> None:
    own.say("poll: Where to? Alps, Coast, Lakes", ANA)
    assert "You have not voted" in own.say(said).text
    own.say("coast")
    assert own.say(said).text.startswith("In “Where to?” you chose Coast.")
    assert own.say(said).private


def test_of_several_choices_some_are_kept_and_some_taken_out_in_words(own: Talk) -> None:
    own.say("poll: Where to? Alps, Coast, Lakes, several choices", ANA)
    own.say("alps and coast")
    assert own.say("just lakes for me").text.startswith("Changed: Lakes instead of Alps and Coast.")
    assert "you choose Alps and Coast again" in own.say("undo").text
    assert own.say("take alps out of my vote").text.startswith("Taken back. You still choose Coast.")
    assert own.say("drop lakes from mine").text.startswith("You did not choose that")


@pytest.mark.parametrize("said", ["is the coast warm", "the coast is boring", "alps are boring"])
def test_a_remark_on_an_option_is_no_vote(said: str, own: Talk) -> None:
    own.say("poll: Where to? Alps, Coast", ANA)
    assert "Counted" not in own.say(said).text


def test_a_rhythm_at_the_end_of_a_list_may_be_an_option(own: Talk) -> None:
    shown = own.say("ask everyone: keep the demo? yes, no, every other month", ANA).text
    assert "every other month" in shown
    assert "not open yet" in shown
    assert "comes again every week" in own.say("poll: Lunch? pizza, sushi, every Monday at 9", ANA).text


@pytest.mark.parametrize("said", ["actually add Fridays", "could you add fridays", "add Fridays too"])
def test_what_is_added_is_an_option_like_the_others(said: str, own: Talk) -> None:
    own.say("ask the team about Mondays or Tuesdays maybe", ANA)
    shown = own.say(said, ANA).text
    assert "ridays" in shown
    assert "comes again" not in shown
