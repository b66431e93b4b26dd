"""Amounts that are said together: added, taken away, from one to another; and what changes the one told before."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Literal

from bot.intents.numbers import LETTER

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
_SCALED = re.compile(
    r"(?:(?:and|ok|so|but|now|hm+|what about|what|how about|if|we|i|it|that|this|you|would|could|can|then|when|was|were"
    r"|is|only|just|let's|say|please)[\s,]+){0,7}"
    rf"(?P<factor>{'|'.join(_FACTORS)}|(?P<times>\d{{1,3}}(?:\.\d)?)\s?(?:x|times))"
    r"(?: (?:it|that|this|as much|as many|of (?:it|that|this)|the (?:amount|spend|spending|bill|budget|cost)"
    r"|(?:our|my) (?:spend|spending|bill|budget)))?[\s?!.]*",
    re.I,
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


def changes(words: str) -> tuple[Joined, str] | None:
    """Whether `words` add something to what was told before (1) or take it away (-1), and what; None where they begin
    anew.
    """
    match = _CHANGED.match(words.strip())
    return None if match is None else (1 if match["more"] else -1, words.strip()[match.end() :])


def scaled(words: str) -> Decimal | None:
    """By how much `words` (numbers in digits) multiply what was told before, and say nothing else: "what if we double
    it?" is 2; None where they do not.
    """
    match = _SCALED.fullmatch(words.strip())
    if match is None:
        return None
    return Decimal(match["times"]) if match["times"] else _FACTORS[match["factor"].lower()]


def either(between: str) -> bool:
    """Whether of two amounts with that in between one is meant, and not said which."""
    return len(between) <= LONGEST and _EITHER.search(between) is not None
