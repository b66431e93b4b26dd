"""What makes an amount that was told before so many times as large: "double it", "half the calls", "15% cheaper"."""

from __future__ import annotations

import re
from decimal import Decimal

from knowledge.words import words, words_of

_FACTORS = {
    **dict.fromkeys(("double", "doubles", "doubled", "doubling", "twice"), Decimal(2)),
    **dict.fromkeys(("triple", "triples", "tripled", "thrice"), Decimal(3)),
    **dict.fromkeys(("half", "halve", "halves", "halved", "halving"), Decimal("0.5")),
}
_FACTOR = re.compile(
    rf"\b(?:(?P<factor>{'|'.join(_FACTORS)})|(?P<times>\d{{1,3}}(?:\.\d)?)\s?(?:x|times))(?!\w)"
    # "twice a day", "half an hour"
    r"(?!\s(?:an?|per|each|every)\s)",
    re.I,
)
_SHARE = re.compile(r"(?<![\w.])(?P<share>\d{1,3}(?:\.\d{1,2})?)\s?(?:%|percent\b|per cent\b)", re.I)
_MORE = re.compile(
    r"\b(?:more(?: expensive)?|higher|up|plus|add(?:ed|s)?|extra|increas\w{1,4}|ris(?:e|es|ing)|rose|rais\w{1,3}"
    r"|grow\w{0,3}|grew|dearer|pricier|tax(?:es)?|vat|on top|surcharge|mark-?up)\b",
    re.I,
)
_LESS = re.compile(
    r"\b(?:less(?: expensive)?|fewer|lower\w{0,3}|drop\w{0,4}|decreas\w{1,4}|fall\w{0,3}|fell|cuts?|cutting"
    r"|reduc\w{1,4}|down|shrink\w{0,3}|minus|cheaper|off)\b",
    re.I,
)
# "If it doubles next year": when that is to be changes nothing, and "half a year" is a period.
_NEXT = re.compile(r"\bnext (?:year|quarter|month|week)\b", re.I)
# What may be said around a factor, of all that was told before.
AROUND = words_of(
    """and ok so but now hm hmm what about how if we i it that this you would could can then when was were is be do does
    did it's that's reach reached achieve achieved manage managed realise realize save saved get got
    come make to only just let let's say please as much many of the a our my your amount spend spending bill budget
    cost costs"""
)


def scaled(said: str) -> Decimal | None:
    """By how much `said` (numbers in digits) multiplies what was told before, and says nothing else: "what if we double
    it?" is 2; None where it does not.
    """
    factor = _factor(said)
    return factor if factor and set(words(_NEXT.sub(" ", _FACTOR.sub(" ", said)))) <= AROUND else None


def relative(said: str) -> tuple[Decimal, str] | None:
    """By how much `said` (numbers in digits) multiplies something, and the words beside that: "what if the price drops
    15%?" is 0.85; None where it does not, or says more than one such thing.
    """
    share = list(_SHARE.finditer(said))
    rest = _SHARE.sub(" ", said)
    if factor := _factor(rest):
        rest = _FACTOR.sub(" ", rest)
    elif len(share) == 1 and bool(_MORE.search(rest)) != bool(_LESS.search(rest)):
        part = Decimal(share[0]["share"]) / 100
        factor = 1 + part if _MORE.search(rest) else 1 - part
        rest, share = _LESS.sub(" ", _MORE.sub(" ", rest)), []
    if not factor or share or factor <= 0 or re.search(r"\d", rest):
        return None
    return factor, rest


def _factor(said: str) -> Decimal | None:
    """The one factor that is said; None where there is none, or another."""
    found = list(_FACTOR.finditer(said))
    if len(found) != 1:
        return None
    times, factor = found[0]["times"], found[0]["factor"]
    return Decimal(times) if times else _FACTORS[factor.lower()]
