"""How near a claimed share comes to the answer of a quiz."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Grade = Literal["correct", "close", "incorrect", "no_answer"]
Side = Literal["over", "under", "at"]


@dataclass(frozen=True)
class Claim:
    """A share claimed: from `low` to `high` percent; `percent` is the number named, to one decimal, or None.

    The number of a range is its middle. An impossible share ("150%") is kept as it was said.
    """

    low: float
    high: float
    percent: float | None


def grade(claim: Claim | None, relation: str, percent: float) -> Grade:
    """How near `claim` comes to the quiz's own answer: `relation` ("over", "under", "about", "exactly") and `percent`.

    "over" N: N to N+10 or over such a number is correct; within 10 below N, within 20 above it, or "more than half"
    where N is above 50, close; a claim of less than any number incorrect. "under" N is the mirror image.
    "about" and "exactly" N: within 5 correct, within 15 close; a bound ("over 60") is at best close, and that only
    where it lets N in, 5 either way. Raises ValueError for another relation.
    """
    if relation not in ("over", "under", "about", "exactly"):
        raise ValueError(f"no relation of a quiz: {relation!r}")
    if claim is None:
        return "no_answer"
    if claim.percent is not None and not 0 <= claim.percent <= 100:
        return "incorrect"
    if relation == "over":
        return _grade_over(claim, percent)
    if relation == "under":
        named = None if claim.percent is None else 100 - claim.percent
        return _grade_over(Claim(100 - claim.high, 100 - claim.low, named), 100 - percent)
    away = round(abs(number_of(claim) - percent), 1)
    if side_of(claim) == "at":
        return "correct" if away <= 5 else "close" if away <= 15 else "incorrect"
    return "close" if away <= 15 and claim.low - 5 <= percent <= claim.high + 5 else "incorrect"


def _grade_over(claim: Claim, percent: float) -> Grade:
    side = side_of(claim)
    if side == "under":
        return "incorrect"
    above = round(number_of(claim) - percent, 1)
    if percent > 50 and side == "over" and number_of(claim) == 50:
        return "close"
    if 0 <= above <= 10:
        return "correct"
    return "close" if -10 <= above <= 20 else "incorrect"


def side_of(claim: Claim) -> Side:
    """Whether a claim is of all over a number, of all under one, or of a number or range itself."""
    if claim.low == claim.high:
        return "at"
    named = claim.percent
    if claim.high >= 100 and (named is None or abs(named - claim.low) < 0.1):
        return "over"
    if claim.low <= 0 and (named is None or abs(named - claim.high) < 0.1):
        return "under"
    return "at"


def number_of(claim: Claim) -> float:
    """The number that a claim is graded by: the one named, 50 for "most" or "a minority", or the middle."""
    if claim.percent is not None:
        return claim.percent
    if claim.low < claim.high and 50 in (round(claim.low, 6), round(claim.high, 6)):
        return 50.0
    return (claim.low + claim.high) / 2
