"""Figures in sentences: their value, their unit and their bound, so that "over 60%" is not "60%" and "half" is one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from knowledge.words import stems

Bound = Literal["exactly", "over", "up to", "about"]


@dataclass(frozen=True)
class Figure:
    """A figure as a sentence states it; `value` is in plain digits ("60"), or a word such as "dozens".

    `unit` is "%", the sign of a currency, or "". `change` tells "by 30%" from "30% of", `reached` "fell to 30%" from
    both; `about` are the stems of what stands around it, up to the next clause, and `of` is the first after it.
    """

    value: str
    unit: str
    bound: Bound
    change: bool = field(default=False, compare=False)
    share: bool = field(default=False, compare=False)
    reached: bool = False
    about: frozenset[str] = field(default=frozenset(), compare=False)
    of: str = field(default="", compare=False)

    @property
    def plain(self) -> bool:
        """Whether it is a number and nothing more, as a count is."""
        return self.unit == "" and self.bound == "exactly"


_BEFORE: tuple[tuple[Bound, str], ...] = (
    (
        "up to",
        r"up to|(?:by )?as (?:much|many|high|far) as|at (?:the )?most|no more than|not more than|less than|under|below|"
        r"fewer than|(?:a )?maximum(?: \w+){0,3}|max\.?|not exceed(?:ing)?|until|within",
    ),
    (
        "over",
        r"over|more than|above|beyond|exceed(?:s|ed|ing)?|in excess of|greater than|higher than|upwards? of|north of"
        r"|past|at (?:the )?least|no (?:less|fewer) than|(?:a )?minimum(?: of)?|as (?:little|few|low) as",
    ),
    ("about", r"about|around|roughly|approximately|nearly|almost|close to|some|circa|ca\.?|approaching"),
)
_AFTER: tuple[tuple[Bound, str], ...] = (
    ("up to", r"(?:or|and) (?:less|below|under|fewer)|at (?:the )?most|(?:as (?:a|the) )?maximum"),
    ("over", r"(?:or|and) (?:more|above|over|higher)|at (?:the )?least|plus"),
    ("about", r"or so"),
)
_BOUND_BEFORE = tuple(
    (bound, re.compile(rf"\b(?:{words})\s+(?:(?:an?|the|of)\s+)*[$€£¥]?$", re.I)) for bound, words in _BEFORE
)
_BOUND_AFTER = tuple((bound, re.compile(rf"\s{{0,3}}(?:{words})\b", re.I)) for bound, words in _AFTER)
_CHANGED = re.compile(r"\bby (?:\w{1,40} ){0,3}$", re.I)
# So many characters on either side of a figure say what it is of.
NEAR = 400
_NUMBER = re.compile(
    r"(?P<money>[$€£¥]\s?)?(?<![\w.])(?P<value>\d+(?:[.,:]\d+)*)(?P<ordinal>st|nd|rd|th)?"
    r"(?:(?P<percent>\s?%|[\s-]?per\s?cent\b|\s?percentage points?\b)"
    r"|\s?(?P<currency>dollars?|euros?|pounds?|usd|eur|gbp|cents?)\b)?",
    re.I,
)
_SIGNS = {"dollar": "$", "usd": "$", "euro": "€", "eur": "€", "pound": "£", "gbp": "£", "cent": "¢"}
# What is cut "to 30%" has 30% left.
_REACHED = re.compile(
    r"\b(?:f[ae]ll(?:s|en|ing)?|fell|drop\w*|cut|cuts|cutting|reduc\w+|lower\w*|decreas\w+|shr[aiu]nk\w*|sank|sink\w*"
    r"|r[io]se(?:s|n)?|rising|grow\w*|grew|increas\w+|rais\w+|climb\w*|went|goes|brought)\b(?: [\w'’]+){0,5} to $",
    re.I,
)
_ONE_IN = re.compile(r"\b(\d{1,2}|one) (?:in|out of)(?: every)? (\d{1,3})\b", re.I)
_ROUND = re.compile(r"\b(\d+(?:\.\d+)?) (1000(?:000)*)\b")
# Where another claim begins.
_CLAUSE = re.compile(
    r"[,;:.!?]\s|\b(?:while|whereas|but|although|because|after|before|when|if|that|by (?=\w+ing\b))\b", re.I
)
# Amounts in words that name no number; "a quarter of" is a share, "last quarter" three months.
_VAGUE = re.compile(
    r"\b(?:half|halve[sd]?|halving|twice|thrice|(?:doubl|tripl|quadrupl)(?:e[sd]?|ing)|[\w-]{1,20}fold"
    r"|(?:a|one|two|1|2|3|three)[\s-](?:3rds?|thirds?|quarters?|4ths?|fourths?|5ths?|fifths?|10ths?|tenths?)"
    r"|dozens?|hundreds|thousands|millions|billions|trillions|majority"
    r"|(?<!the )(?<!at )most (?:of|(?:\w+ ){0,2}?\w+s))\b",
    re.I,
)
# "Doubled", "doubles" and "doubling" are one.
_MULTIPLIED = re.compile(r"(?<=bl|pl)(?:es|ed|ing)$")
_PARTS = {"quarter": 4, "4th": 4, "fourth": 4, "5th": 5, "fifth": 5, "10th": 10, "tenth": 10}
_TIMES = {"two": 2, "2": 2, "three": 3, "3": 3}


def read_figures(text: str) -> list[Figure]:
    """The figures of `text` in their order; ordinals ("the third") are none."""
    plain = in_digits(text)
    # "3 quarters" is one figure, and no 3.
    return [*_numbers(_VAGUE.sub(lambda match: " " * len(match[0]), plain), plain), *_vague(plain)]


def ordinals(text: str) -> list[int]:
    """The places in a list that `text` names: "the third benefit", "5th", "benefit number 2"."""
    named = {word: place for place, word in enumerate(_ORDINALS, 1)}
    found = re.findall(
        rf"\b(?:({'|'.join(_ORDINALS)})|(\d+)(?:st|nd|rd|th)|(?:number|no\.) (\d{{1,2}}))\b", in_digits(text), re.I
    )
    return [named[word.lower()] if word else int(digits or number) for word, digits, number in found]


_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")


def _numbers(counted: str, plain: str) -> Iterator[Figure]:
    for match in _NUMBER.finditer(counted):
        if match["ordinal"]:
            continue
        named = (match["currency"] or "").lower()
        unit = "%" if match["percent"] else (match["money"] or _SIGNS.get(named.removesuffix("s"), "")).strip()
        value = match["value"].replace(",", ".") if unit == "%" else match["value"].replace(",", "")
        yield _figure(value, unit, plain, match)


def _vague(plain: str) -> Iterator[Figure]:
    for match in _VAGUE.finditer(plain):
        word = _MULTIPLIED.sub("e", re.sub(r"\W+", " ", match[0].lower()).strip())
        times, _, part = word.partition(" ")
        parts = _PARTS.get(part.removesuffix("s"))
        if word == "half":
            yield _figure("50", "%", plain, match)
        elif parts:
            yield _figure(str(100 * _TIMES.get(times, 1) // parts), "%", plain, match)
        else:
            yield _figure("most" if word.startswith(("most", "majority")) else word, "", plain, match)


def _figure(value: str, unit: str, plain: str, match: re.Match[str]) -> Figure:
    before, after = plain[max(0, match.start() - NEAR) : match.start()], plain[match.end() : match.end() + NEAR]
    bound = _bound(before, after)
    change = _CHANGED.search(before) is not None
    # What is "accelerated by 30%" is not what stands before "and accelerated".
    led = _CLAUSE.split(before)[-1].rpartition(" and " if change else "\0")[2]
    following = _CLAUSE.split(after)[0]
    return Figure(
        value,
        unit,
        bound,
        change=change,
        share=bool(re.match(r"\s*of\b", after, re.I)),
        reached=bound != "up to" and _REACHED.search(before) is not None,
        about=frozenset(stems(f"{led} {following}")),
        of=next(iter(stems(following)), ""),
    )


def _bound(before: str, after: str) -> Bound:
    for bound, written in _BOUND_BEFORE:
        if written.search(before):
            return bound
    return next((bound for bound, written in _BOUND_AFTER if written.match(after)), "exactly")


def in_digits(text: str) -> str:
    """`text` with its number words in digits: "sixty per cent" -> "60 %", "three in five" -> "60 %"."""
    from text_to_num import alpha2digit

    plain = re.sub(r"\bper cent\b|\bpercent\b", "%", str(alpha2digit(text, "en")), flags=re.I)
    plain = _ROUND.sub(lambda match: f"{float(match[1]) * int(match[2]):.0f}", plain)
    return _ONE_IN.sub(_percentage, plain)


def _percentage(match: re.Match[str]) -> str:
    part, whole = 1 if match[1].lower() == "one" else int(match[1]), int(match[2])
    return f"{100 * part // whole} %" if part < whole and 100 * part % whole == 0 else match[0]
