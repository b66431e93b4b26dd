"""A number with a unit as people answer with it: "30 percent", "about two hours", "$1.2k", "between 4 and 6"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from bot.intents.amounts.currencies import currency_after, currency_before, is_currency
from bot.intents.amounts.numbers import LETTER, MOST_NUMBERS, NUMBER, in_digits, plain, read_value
from bot.intents.quizzes.grading import number_of, side_of
from bot.intents.quizzes.shares import read_claim
from knowledge.words import stem

LONGEST = 2_000
_NEAR = 60  # characters before and after a number that say what it is

_SECONDS = {"second": 1, "minute": 60, "hour": 3_600, "day": 86_400, "week": 604_800, "year": 31_557_600}
_SHORT = {"s": "second", "sec": "second", "min": "minute", "h": "hour", "hr": "hour", "d": "day", "yr": "year"}
_OVER = r"(?:more than|over|above|at least|no less than|greater than|minimum of|>)"
_UNDER = r"(?:less than|fewer than|under|below|at most|up to|no more than|maximum of|<)"
_BOUND = re.compile(rf"(?:(?P<over>{_OVER})|(?P<under>{_UNDER}))\s*(?:\S{{1,3}}\s*)?$", re.I)
_DENIED = re.compile(rf"(?:\bnot|n't|\bnever)(?:\s+{LETTER}+){{0,2}}\s*$", re.I)
_ANEW = re.compile(r"\b(?:no wait|wait|actually|i mean|rather|make that|scratch that|correction)\b", re.I)
_RANGE = re.compile(r"\s*(?:to|or|and|-|until)\s*+(?:about|maybe|\$|€|£)?\s*", re.I)
# Left as words by the reader of numbers, as they mostly count nothing.
_SMALL_VALUES = {"one": "1", "two": "2", "three": "3"}
_SMALL = re.compile(r"\b(?:one|two|three)\b(?!-|\s+(?:of|or|more|thing|hundred|thousand|million|and a half))", re.I)
_UNIT = re.compile(rf"\s*+-?\s*+(%|{LETTER}+)")


@dataclass(frozen=True)
class Measure:
    """A number claimed: from `low` to `high` in the unit that was asked for; None where it was told in another unit.

    `bound` where only a bound was named: "over", "under".
    """

    low: float | None
    high: float | None
    bound: str | None = None


def read_measure(words: str, unit: str | None) -> Measure | None:
    """The number that `words` claim in `unit` ("%", a currency's code, a unit of time, what is counted, or None).

    None where they claim none. After a correction ("4, no wait, 5") the later counts.
    """
    if unit == "%":
        claim = read_claim(words)
        if claim is None:
            # "30 dollars" is a number, and no share.
            return Measure(None, None) if _found(words, None) else None
        side = side_of(claim)
        if side == "at":
            return Measure(claim.low, claim.high)
        return Measure(number_of(claim), number_of(claim), side)
    found = _found(words, unit)
    return found[-1] if found else None


def _found(words: str, unit: str | None) -> list[Measure]:
    text = in_digits(_SMALL.sub(lambda match: _SMALL_VALUES[match[0].lower()], plain(words[:LONGEST])))
    found: list[Measure] = []
    end = 0
    for start, stop, value in _numbers(text):
        before, after = text[max(0, start - _NEAR) : start], text[stop : stop + _NEAR]
        if _DENIED.search(before):
            continue
        measure = _in_unit(value, before, after, unit, text)
        between = text[end:start]
        if found and _RANGE.fullmatch(_without_unit(between, unit)) and not _ANEW.search(between):
            low, high = found.pop().low, measure.high
            if low is not None and high is not None:
                # "90 to 120 minutes": the unit stands behind the second only.
                low *= high / value if value and _without_unit(between, unit) == between else 1
                measure = Measure(min(low, high), max(low, high))
        found.append(measure)
        end = stop
    return found


def _numbers(text: str) -> Iterator[tuple[int, int, float]]:
    for match in islice(NUMBER.finditer(text), MOST_NUMBERS):
        read = read_value(match, grouped=True)
        if read is not None and read.is_finite() and abs(read) < 10**18:
            before = text[max(0, match.start() - _NEAR) : match.start()]
            negative = before.endswith("-") and not re.search(r"[\w)]\s*-$", before)
            yield match.start(), match.end(), -float(read) if negative else float(read)


def _in_unit(value: float, before: str, after: str, unit: str | None, text: str) -> Measure:
    factor = _factor(before, after, unit, text)
    if factor is None:
        return Measure(None, None)
    bound = _BOUND.search(before)
    side = None if bound is None else "over" if bound["over"] else "under"
    return Measure(value * factor, value * factor, side)


def _factor(before: str, after: str, unit: str | None, text: str) -> float | None:
    """What the number is multiplied by to be in the unit that was asked for; None where it is in another one."""
    following = _UNIT.match(after)
    word = following[1].lower() if following else ""
    if word in ("%", "percent", "pct"):
        return None
    if unit is not None and is_currency(unit):
        marked = currency_before(before, text) or currency_after(after, text)
        return None if marked and marked[0] not in (None, unit) else 1.0
    if unit is not None and (wanted := _seconds(unit)) is not None:
        said = _seconds(word)
        return 1.0 if said is None else said / wanted
    return 1.0


def _seconds(unit: str) -> float | None:
    """How many seconds a unit of time has; None for what is none."""
    singular = unit.lower().removesuffix("s") or unit.lower()
    return _SECONDS.get(_SHORT.get(unit.lower(), _SHORT.get(singular, singular)))


def _without_unit(between: str, unit: str | None) -> str:
    """What stands between two numbers, without the unit of the first one."""
    match = _UNIT.match(between)
    said = match[1].lower() if match else ""
    is_unit = unit is not None and (stem(said) == stem(unit.lower()) or _seconds(said) is not None)
    return between[match.end() :] if match and is_unit else between
