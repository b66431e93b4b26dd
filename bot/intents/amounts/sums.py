"""Amounts that are said together: added, taken away, from one to another; and what changes the one told before."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from bot.intents.amounts.estimates import money
from bot.intents.amounts.numbers import LETTER
from bot.intents.amounts.periods import converted, period_named

Joined = Literal[1, -1]

NEAR = 100  # characters before and after a number that say what it is
_WHICH = "I see two amounts: say which one I should take, or a range such as “40k to 60k a month”."
_TWO_CURRENCIES = "Those are two currencies: give the spend in one, for example €80k a month."
# The weight of a number beside which a scale, a currency or a period stands.
_PLAIN = 2
# "40k at 10%, not 30k": what is denied is no further amount.
_DENIED = re.compile(r"\b(?:not|instead of|rather than|no longer)\W{0,3}$", re.IGNORECASE)
# What is between two amounts that belong together, in at most so many characters.
LONGEST = 60
_TAKEN = re.compile(
    r"\b(?:minus|less|without|except(?: for)?|excluding|not counting|not including|apart from)\b|\s-\s", re.I
)
_ADDED = re.compile(r"(?:\b(?:and|plus|as well as|along with|together with)\b|\+|,)", re.I)
# With one of these in between two amounts are told apart, not together.
_APART = re.compile(
    r"\b(?:or|vs|versus|to|from|instead|rather|then|what|how|saved?|saves|saving|savings|goal|target|reduc\w+|cut|up"
    r"|of which|compared|but|if|was|were|not)\b|[?!]",
    re.I,
)
# What an amount is of. Amounts of two kinds are never added: what was planned, and what of that was spent.
_KINDS = {
    "planned": r"budgets?|budgeted|planned|plan|forecasts?|limit|cap|target|allowance|allocated|quota",
    "spent": r"spen[dt]s?|spending|pay(?:s|ing)?|paid|costs?|bills?|invoices?|used|burn(?:s|ed|t|ing)?",
    "earned": r"revenues?|income|earn(?:s|ed|ing)?|sales|funding|turnover",
    "left": r"left|remaining|remains",
}
_KIND = re.compile(rf"\b(?:{'|'.join(f'(?P<{kind}>{words})' for kind, words in _KINDS.items())})\b", re.I)
# A word for the kind of an amount that follows it at once: "30k budget", "20k were spent".
_OWN_KIND = re.compile(rf"\s*(?:(?:is|are|was|were|has been|have been|of|in)\s+)?{_KIND.pattern}", re.I)
_SIGN = rf"(?:[€$£¥₹]|(?:eur|usd|gbp|chf){LETTER}{{0}}\s?)?"
_NUMBER = r"\d[\d.,' ]{0,20}(?:e\d{1,2})?"
_RANGE = re.compile(
    rf"(?P<both>\bbetween\s+)?(?<![\w.,])(?P<low>{_SIGN}\s?\d[\d.,']{{0,20}}(?:e\d{{1,2}})?)(?P<unit>\s?(?:{LETTER}{{3,7}}|[€$£]))?"
    rf"(?P<mark>-|\s-\s|\s+(?:to|until|up to|and|or)\s+)(?:about\s+|maybe\s+)?(?={_SIGN}\s?\d)",
    re.I,
)
_EITHER = re.compile(r"\b(?:or|vs|versus|to)\b", re.I)
# "went from 40k to 60k" is no range.
_GREW = re.compile(
    r"\b(?:went|gone|rose|risen|grew|grown|jumped|climbed|fell|fallen|dropped|increased?|decreased?|up|down)\b.{0,20}$",
    re.I,
)
_CHANGED = re.compile(
    r"(?:(?:and|ok|so|but|now|what|how about|if|we|i|you|they|would|could|can|might|may|will|should|had|have|got|then"
    r"|when|do|did|let's|let us|please|suppose|imagine|assume|say|maybe|perhaps|also|well|hmm?|just|even|to|there is)"
    r"[\s,]+){0,8}"
    r"(?:(?P<more>plus|add(?:ed|ing|s)?|another|additional|on top|increase(?:d|s)? (?:it |that )?by|extra)"
    r"|(?P<less>minus|subtract|less|without|remove[ds]?|take away|took away|cut|drop(?:ped)?"
    r"|reduce[ds]? (?:it |that )?by))\b",
    re.I,
)
# "If we only reach half of it" is of the saving, and so of its rate.
_OF_THE_RATE = re.compile(r"\b(?:reach(?:ed)?|achieved?|manage[ds]?|realised?|realized?|saved?|get|got)\b", re.I)


@dataclass(frozen=True)
class Figure:
    """A number in the text: its value, what stands beside it, and how much speaks for its being the spend."""

    value: Decimal
    currency: str | None = None
    period: str | None = None
    weight: int = 0
    is_rate: bool = False
    start: int = 0
    end: int = 0
    parts: tuple[Figure, ...] = ()


def joined(between: str) -> Joined | None:
    """Whether what stands between two amounts adds the second (1), takes it away (-1), or neither."""
    if len(between) > LONGEST or _APART.search(between):
        return None
    if _TAKEN.search(between):
        return -1
    return 1 if _ADDED.search(between) else None


def kind_of(before: str, after: str) -> str | None:
    """What an amount is of, by the words between the amount before it and itself, or right after it: "planned",
    "spent", "earned" or "left"; None where neither says it.
    """
    if own := _OWN_KIND.match(after):
        return own.lastgroup
    said = list(_KIND.finditer(before))
    return said[-1].lastgroup if said else None


def from_to(text: str) -> tuple[str, str] | None:
    """`text` (numbers in digits) without the lower end of a range, and that end as it was said; None without a range.

    "40e3 to 60e3 a month" -> "60e3 a month", "40e3". Of "40-60e3" both are thousands.
    """
    for match in _RANGE.finditer(text):
        mark = match["mark"].strip().lower()
        if _GREW.search(text[max(0, match.start() - NEAR) : match.start()]):
            continue
        if mark == "or" or (mark == "and" and not match["both"]):
            continue
        rest = text[: match.start()] + text[match.end() :]
        high = re.match(rf"{_SIGN}\s?(?P<number>{_NUMBER})", text[match.end() :], re.I)
        low = match["low"]
        if high and (scale := re.search(r"e\d{1,2}", high["number"])) and "e" not in low.lower().lstrip("eur"):
            low += scale[0]
        return rest, low
    return None


def changes(said: str) -> tuple[Joined, str] | None:
    """Whether `said` adds something to what was told before (1) or takes it away (-1), and what; None where it begins
    anew.
    """
    match = _CHANGED.match(said.strip())
    return None if match is None else (1 if match["more"] else -1, said.strip()[match.end() :])


def is_of_rate(said: str) -> bool:
    """Whether what is multiplied is the saving, not the spend: "if we only get half of that"."""
    return _OF_THE_RATE.search(said) is not None


def either(between: str) -> bool:
    """Whether of two amounts with that in between one is meant, and not said which."""
    return len(between) <= LONGEST and _EITHER.search(between) is not None


def together(text: str, numbers: list[Figure], named: Figure) -> tuple[Figure, str | None]:
    """The sum of what is added and taken away, where `named` is part of that; and why there is none."""
    parts = [next(figure for figure in numbers if figure.weight)]
    signs: list[int] = [1]
    first = _kind(text, None, parts[0])
    for figure in numbers[numbers.index(parts[0]) + 1 :]:
        between = text[parts[-1].end : figure.start]
        sign = joined(between) if figure.weight or re.search(r"(?:\+|plus|minus)\W{0,5}$", between) else None
        if figure.value < 0 and figure.weight:
            figure, sign = replace(figure, value=-figure.value), -1
        if sign is None:
            is_another = min(figure.weight, parts[-1].weight) >= _PLAIN and figure.value != parts[-1].value
            if len(parts) == 1 and is_another and either(between):
                return named, _WHICH
            break
        if sign == 1 and (kind := _kind(text, parts[-1], figure)) and kind != (first or "spent"):
            return named, _WHICH
        parts.append(figure)
        signs.append(sign)
    if len(parts) == 1 or named not in parts or not all(part.value.is_finite() for part in parts):
        return named, None
    if len({part.currency for part in parts if part.currency}) > 1:
        return named, _TWO_CURRENCIES
    periods_said = [period for part in parts if (period := period_named(part.period))]
    period = periods_said[0] if periods_said else None
    total = Decimal()
    for part, times in zip(parts, signs, strict=True):
        own = period_named(part.period)
        # Of "20k on GPUs and 5k on storage a month" both are for a month.
        total += times * (converted(part.value, own, period) if own and period else part.value)
    currency = next((part.currency for part in parts if part.currency), None)
    return replace(parts[0], value=total, currency=currency, period=period, parts=tuple(parts)), None


def _kind(text: str, before: Figure | None, one: Figure) -> str | None:
    """What an amount is of, by the words since the amount before it, and right after it."""
    start = max(before.end if before else 0, one.start - NEAR)
    return kind_of(text[start : one.start], text[one.end : one.end + NEAR])


def unused(text: str, numbers: list[Figure], named: Figure) -> tuple[str, ...]:
    """The amounts that were said besides the one that is taken, and not denied."""
    return tuple(
        money(one.value, one.currency)
        for one in numbers
        if one.weight >= _PLAIN
        and one.value.is_finite()
        and one.value != named.value
        and one not in named.parts
        and not _DENIED.search(text[max(0, one.start - NEAR) : one.start])
    )
