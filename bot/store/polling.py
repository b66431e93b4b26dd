"""What the store and the activity of polls know alike: names of slots, what comes due, drafts as they are kept."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.store import Draft, Poll

CLOSE, REMIND = "close poll", "remind of poll"
# Live results of an anonymous poll are shown from so many voters on, and again after so many more: what one vote
# changed cannot be told.
STEP = 5


def ballot_slot(poll: int) -> str:
    """Where a poll is voted in, and where its end is seen."""
    return f"poll-{poll}"


def result_slot(poll: int) -> str:
    """Where the result of a poll is told when it closes."""
    return f"result-{poll}"


def usual_reminder(lasts: timedelta) -> timedelta:
    """How long before its close people are reminded of a poll that is open for so long: a tenth of that, at least 10
    minutes and at most a day. Of one that is open for less than half an hour nobody is reminded.
    """
    if lasts < timedelta(minutes=30):
        return timedelta(0)
    return min(max(lasts / 10, timedelta(minutes=10)), timedelta(days=1))


def draft_of(poll: Poll) -> Draft:
    """What would open such a poll again."""
    return replace(
        Draft(poll.question, poll.options, poll.several, poll.anonymous, poll.hidden),
        until=poll.closes,
        remind=timedelta(0) if poll.closes is not None and poll.remind is None else poll.remind,
        zone=poll.zone,
    )


def reusable(poll: Poll) -> Draft:
    """The same with a deadline as long after its opening, whenever that is."""
    lasts = poll.closes - poll.opened if poll.closes is not None else None
    return replace(draft_of(poll), until=None, lasts=lasts)


def write_draft(draft: Draft, whole: bool = False) -> str:
    """A draft as JSON; a fixed deadline and a recurrence are kept only of a `whole` one, which is not to come again."""
    more = {"until": draft.until.isoformat() if draft.until else None, "rule": draft.rule} if whole else {}
    held: dict[str, Any] = {
        "question": draft.question,
        "options": draft.options,
        "several": draft.several,
        "anonymous": draft.anonymous,
        "hidden": draft.hidden,
        "lasts": None if draft.lasts is None else draft.lasts.total_seconds(),
        "remind": None if draft.remind is None else draft.remind.total_seconds(),
        "zone": draft.zone,
        **more,
    }
    return json.dumps(held, ensure_ascii=False)


def read_draft(content: str) -> Draft:
    """The draft in what `write_draft` wrote."""
    held = json.loads(content)
    times = {name: None if held[name] is None else timedelta(seconds=held[name]) for name in ("lasts", "remind")}
    until = datetime.fromisoformat(held["until"]) if held.get("until") else None
    return Draft(**{**held, **times, "options": tuple(held["options"]), "until": until})
