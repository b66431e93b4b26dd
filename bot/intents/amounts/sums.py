"""Amounts that are said together: added, taken away, from one to another; and what changes the one told before."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Literal

from bot.intents.amounts.numbers import LETTER
from knowledge.words import words, words_of

Joined = Literal[1, -1]

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
    r"(?:(?:and|ok|so|but|now|what|how about|if|we|i|you|would|could|can|then|when|do|did|let's|please)[\s,]+){0,6}"
    r"(?:(?P<more>plus|add(?:ed|ing|s)?|another|additional|on top|increase(?:d|s)? (?:it |that )?by|extra)"
    r"|(?P<less>minus|subtract|less|without|remove[ds]?|take away|took away|cut|drop(?:ped)?"
    r"|reduce[ds]? (?:it |that )?by))\b",
    re.I,
)
_FACTORS = {
    "double": Decimal(2),
    "doubled": Decimal(2),
    "twice": Decimal(2),
    "triple": Decimal(3),
    "tripled": Decimal(3),
    "half": Decimal("0.5"),
    "halve": Decimal("0.5"),
    "halved": Decimal("0.5"),
}
_FACTOR = re.compile(rf"\b(?:(?P<factor>{'|'.join(_FACTORS)})|(?P<times>\d{{1,3}}(?:\.\d)?)\s?(?:x|times))(?!\w)", re.I)
# What may be said around a factor, of what was told before and nothing else.
_AROUND_FACTOR = words_of(
    """and ok so but now hm hmm what about how if we i it that this you would could can then when was were is be do does
    did come make to only just let let's say please as much many of the a our my your amount spend spending bill budget
    cost costs"""
)


def joined(between: str) -> Joined | None:
    """Whether what stands between two amounts adds the second (1), takes it away (-1), or neither."""
    if len(between) > LONGEST or _APART.search(between):
        return None
    if _TAKEN.search(between):
        return -1
    return 1 if _ADDED.search(between) else None


def from_to(text: str) -> tuple[str, str] | None:
    """`text` (numbers in digits) without the lower end of a range, and that end as it was said; None without a range.

    "40e3 to 60e3 a month" -> "60e3 a month", "40e3". Of "40-60e3" both are thousands.
    """
    for match in _RANGE.finditer(text):
        mark = match["mark"].strip().lower()
        if _GREW.search(text[: match.start()]):
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


def scaled(said: str) -> Decimal | None:
    """By how much `said` (numbers in digits) multiplies what was told before, and says nothing else: "what if we double
    it?" is 2; None where it does not.
    """
    factors = list(_FACTOR.finditer(said))
    if len(factors) != 1 or not set(words(_FACTOR.sub(" ", said))) <= _AROUND_FACTOR:
        return None
    times, factor = factors[0]["times"], factors[0]["factor"]
    return Decimal(times) if times else _FACTORS[factor.lower()]


def either(between: str) -> bool:
    """Whether of two amounts with that in between one is meant, and not said which."""
    return len(between) <= LONGEST and _EITHER.search(between) is not None
