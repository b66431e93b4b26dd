"""Sure, or ask: how sure it is what somebody wants, what it costs to be wrong, and what is done of both."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Literal

# How sure it is. "said": by a button, a number, an option's own words and nothing else that matters, a set phrase;
# "meant": one reading, clearly ahead of all others and of none of them; "open": whatever is less.
Certainty = Literal["said", "meant", "open"]

# What it costs to be wrong. "private": seen by nobody else and undone by one press (a card, an estimate, help);
# "counted": a vote or an answer to a quiz; "seen": others see it at once (a poll opened, something posted);
# "changed": what can be undone for a while (a setting, the close of a poll with names); "final": what cannot (the
# close of an anonymous or a native poll, a reveal, a deletion).
Stakes = Literal["private", "counted", "seen", "changed", "final"]

# What is done: it at once; a preview, for one person; a question, with what could be meant on buttons; or nothing but
# an answer, as to any question.
Does = Literal["act", "preview", "ask", "answer"]

_TABLE: Mapping[Stakes, tuple[Does, Does, Does]] = {
    # stakes: said, meant, open
    "private": ("act", "act", "answer"),
    "counted": ("act", "act", "ask"),
    "seen": ("act", "preview", "ask"),
    "changed": ("act", "ask", "ask"),
    "final": ("act", "ask", "ask"),
}
_COLUMNS: tuple[Certainty, ...] = ("said", "meant", "open")

# For so long what can be undone is undone by one press.
UNDONE_WITHIN = timedelta(minutes=10)


def does(stakes: Stakes, certainty: Certainty) -> Does:
    """What may be done of something that costs so much to be wrong, and is so sure."""
    return _TABLE[stakes][_COLUMNS.index(certainty)]
