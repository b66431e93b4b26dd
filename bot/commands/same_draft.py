"""Whether two polls are the same, as JSON holds them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from bot.intents.times.moments import next_occurrence

# Moments that are no farther apart are the same.
SAME = timedelta(minutes=1)
# Recurrences are the same by so many of their next dates.
DATES = 5


def same_draft(one: Mapping[str, Any], other: Mapping[str, Any], at: datetime) -> bool:
    """Whether two drafts (keys as `route` writes them) that were made at that moment would open the same poll."""
    plain = ("several", "anonymous", "hidden", "remind_minutes")
    return (
        _told(one["question"]) == _told(other["question"])
        and list(map(_told, one["options"])) == list(map(_told, other["options"]))
        and all(one[name] == other[name] for name in plain)
        and _same_moment(one["closes"], other["closes"])
        and _dates(one["repeats"], at) == _dates(other["repeats"], at)
    )


def _told(text: str) -> str:
    return " ".join(text.casefold().split())


def _same_moment(one: str | None, other: str | None) -> bool:
    if one is None or other is None:
        return one is other
    return abs(datetime.fromisoformat(one) - datetime.fromisoformat(other)) <= SAME


def _dates(rule: str | None, at: datetime) -> list[datetime]:
    """The next times of a rule, in UTC."""
    dates: list[datetime] = []
    while rule and len(dates) < DATES:
        coming = next_occurrence(rule, at, dates[-1] if dates else at, "UTC")
        if coming is None:
            break
        dates.append(coming)
    return dates
