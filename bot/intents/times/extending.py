"""When something closes that is extended or shortened: "by 2 hours" counts from the end that it has, not from now."""

from __future__ import annotations

import re
from datetime import datetime

from bot.intents.times.moments import MomentError, read_deadline

# Beside a length of time these say that it is added to the end, or taken from it.
_LONGER = re.compile(
    r"\b(?:extend\w*|prolong\w*|push\w*|postpon\w+|delay\w*|another|more|longer|extra|additional|later|add)\b", re.I
)
_SHORTER = re.compile(r"\b(?:earlier|sooner|shorten\w*|shorter|forward)\b", re.I)
_BY = re.compile(r"(?P<less>less )?by (?P<span>.+)", re.I | re.S)
_ONE_MORE = re.compile(r"\b(?:another|an (?:extra|additional))(?= (?:minute|hour|day|week|month)\b)", re.I)
_MORE = re.compile(r"\b(?:another|more|longer|extra|additional)\b ?", re.I)
NO_END = (
    "It has no end that could be moved: it closes when a moderator closes it. Say until when, for example “keep it "
    "open until Friday 17:00”."
)
NOT_AHEAD = "Then it would be over already: say until when, or close it."


def without_more(words: str) -> str:
    """`words` without those that only say that a length of time is added: "one more day" is "one day"."""
    return _MORE.sub("", _ONE_MORE.sub("one", words)).strip()


def as_span(said: str, span: str) -> str:
    """A length of time as an order holds it: "by 2 hours" where `said` extends something, "less by 2 hours" where it
    shortens it, "for 2 hours" where it counts from now.
    """
    if _SHORTER.search(said):
        return f"less by {span}"
    return f"by {span}" if _LONGER.search(said) else f"for {span}"


def closing_time(text: str, closes: datetime | None, now: datetime, zone: str) -> datetime:
    """When what `closes` is to close, as `text` of an order says it. Raises MomentError, as `read_deadline` does, and
    for a span of what has no end.
    """
    said = text if _BY.fullmatch(text) else as_span(text, without_more(text).removeprefix("for "))
    moves = _BY.fullmatch(said)
    wanted = read_deadline(moves["span"] if moves else text, now, zone)
    if isinstance(wanted, datetime):
        return wanted
    if moves is None:
        return now + wanted
    if closes is None:
        raise MomentError(NO_END)
    moved = closes - wanted if moves["less"] else closes + wanted
    if moved <= now:
        raise MomentError(NOT_AHEAD)
    return moved
