"""The figures of a text with the words around them: amounts, shares, counts, what they are for and how long."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from itertools import islice, pairwise
from typing import Literal

from bot.intents.amounts.currencies import currency_after, currency_before
from bot.intents.amounts.numbers import END, LETTER, MOST_NUMBERS, NUMBER, in_digits, plain, read_value
from knowledge.words import stem

LONGEST = 2_000
_NEAR = 40  # characters before and after a number in which its currency stands

# What stands for a figure among the words, and what ends a sentence or a part of one.
FIGURE = "#"
ENDS, BREAKS = frozenset(".?!\n"), frozenset([",", ";", "(", ")", "and", "but", "while", "versus", "vs"])

_TIMES = {"second": "second", "minute": "minute", "hour": "hour", "day": "day", "week": "week", "month": "month"}
_TIMES |= {"quarter": "quarter", "year": "year", "annum": "year", "sec": "second", "hr": "hour", "h": "hour"}
_TIMES |= {"s": "second", "mo": "month", "yr": "year", "min": "minute"}
_ADVERBS = {"hourly": "hour", "daily": "day", "weekly": "week", "monthly": "month", "quarterly": "quarter"}
_ADVERBS |= {"yearly": "year", "annual": "year", "annually": "year"}
# What a figure is for stands behind one of these: "an hour", "/day".
FOR_EACH = frozenset(["a", "an", "per", "each", "every", "/"])

_PERCENT = re.compile(rf"\s?(?:%|(?:percent|per cent|pct){END})", re.I)
_TIMES_SIGN = re.compile(rf"\s?[x×]{END}", re.I)
_CENTS = re.compile(rf"\s?(?:¢|cents?{END})", re.I)
_MINUS = re.compile(r"(?:^|[^\w%)\]'])-$")
_WORD = re.compile(rf"{LETTER}[^\W_]*(?:'{LETTER}+)?|[,;()./?!:\n]")

# A price is for a million tokens, or a thousand, or one: that is no figure of its own.
_THINGS = (
    r"(?:\s(?:requests?|calls?|queries|prompts?|messages?|users?|customers?|orders?|documents?|pages?|questions?)\b)"
)
_BASIS = re.compile(
    r"(?:\b(?:per|for each|for every)\s|/\s?|(?<=\d)\s(?:a|an|for a)\s)(?:1\s?|one\s|a\s)?"
    r"(?:(?P<million>million|mtoks?|mio|mil|mm|m|1[,.]?000[,.]?000)|(?P<thousand>thousand|ktoks?|k|1[,.]?000))(?![\w%])"
    rf"(?!(?:\s(?:api|llm|model|more))?{_THINGS})",
    re.I,
)
_PER_TOKEN = re.compile(r"(?:\bper|/|\ba|\beach)\s?token\b", re.I)
# "FP16", "int8", "4-bit": so many bits are a weight.
_FORMAT = re.compile(
    r"\b(?:(?:fp|bf|int|uint|nf|float)[ -]?(?P<bits>4|8|16|32|64)|(?P<said>4|8|16|32|64)[ -]?bits?)\b", re.I
)
# "In a month", "out of ten": no label of what goes in or comes out.
_WITHIN = re.compile(
    r"\bin(?= (?:a|an|the|our|my|your|total|all|each|one|this|that|which|\d|january|february|march|april|may|june|july"
    r"|august|september|october|november|december|bf16|fp|int)\b)|\bout(?= of\b)",
    re.I,
)
_PRECISION = re.compile(r"\b(full|half)[ -]precision\b", re.I)
# "The 5th benefit" counts nothing; "by the 15th" so many days of the month are over.
_ORDINAL = re.compile(rf"(?:st|nd|rd|th){END}", re.I)
_BY_DAY = re.compile(
    r"\b(?:by|until|till|up to|as of|through|it's|it is|today is) (?:the )?(?P<day>\d{1,2})(?:st|nd|rd|th)\b", re.I
)
# Left as words by the reader of numbers, as they mostly count nothing.
_SMALL = re.compile(rf"\b(?:two|three)(?= {LETTER}{{3,30}}s\b)", re.I)
_SPELLED = {"licence": "license", "licences": "licenses", "licenced": "licensed"}

Said = Literal["money", "percent", "ratio", "bare"]


@dataclass(frozen=True)
class Quantity:
    """A figure as it was said: `value` may be no number, or endless, or below zero; a share is a fraction.

    `place` is where it stands among the words. `period` is what it is for ("month"), `basis` how many a price is for.
    It is `asked` where a result is wanted for so many ("per thousand requests").
    """

    value: Decimal
    unit: Said
    place: int
    currency: str | None = None
    period: str | None = None
    basis: Decimal | None = None
    asked: bool = False


@dataclass(frozen=True)
class Told:
    """A text as `tokens`: stems of words, FIGURE for each figure, signs; `written` are the words as they were."""

    tokens: tuple[str, ...]
    written: tuple[str, ...]
    quantities: tuple[Quantity, ...]


def read_quantities(words: str) -> Told:
    """The figures of `words` (the first so many) and what stands around them; never raises."""
    text = _prepared(words[:LONGEST])
    tokens: list[str] = []
    written: list[str] = []
    found: list[Quantity] = []
    end = 0
    for match in islice(NUMBER.finditer(text), MOST_NUMBERS):
        if re.search(rf"{LETTER}-?$", text[max(0, match.start() - 2) : match.start()]):
            continue  # "H100", "GPT-4": part of a name
        share = _PERCENT.match(text[match.end() : match.end() + _NEAR])
        # Whoever writes "$" or "£" before a figure writes its decimals behind a point: "$1.125 an hour".
        pointed = "." in match[0] and text[: match.start()].endswith(("$", "£"))
        value = read_value(match, grouped=not (share or pointed))
        if value is None:
            continue
        if _ORDINAL.match(text, match.end()):
            continue  # "the 5th benefit"
        quantity, before, after = _quantity(text, match, value, end)
        _add(tokens, written, text[end : match.start() - before])
        asked = quantity.unit == "bare" and tokens[-1:] == ["per"]
        found.append(replace(quantity, place=len(tokens), asked=asked))
        tokens.append(FIGURE)
        written.append(FIGURE)
        end = match.end() + after
    _add(tokens, written, text[end:])
    return Told(tuple(tokens), tuple(written), tuple(_with_times(tokens, written, found)))


def time_named(word: str) -> str:
    """The unit of time that a word names, as a token or in small letters ("hr", "monthly"); "" for none."""
    return _STEMMED.get(stem(word), "") or _ADVERBS.get(word, "")


@lru_cache(4096)
def phrase_tokens(phrase: str) -> tuple[str, ...]:
    """A phrase as it stands among the tokens of a text; a number in it is any figure."""
    tokens: list[str] = []
    for part in re.split(r"\b(\d+)\b", _with_basis(phrase.replace("-", " "))):
        if part.isdigit():
            tokens.append(FIGURE)
        else:
            _add(tokens, [], part)
    return tuple(tokens)


def _prepared(words: str) -> str:
    text = plain(words)
    text = _PRECISION.sub(lambda match: "4 bytes" if match[1].lower() == "full" else "2 bytes", text)
    text = _WITHIN.sub("within", text)
    text = _BY_DAY.sub(lambda match: f"after {match['day']} days", text)
    text = _FORMAT.sub(lambda match: f" {Decimal(match['bits'] or match['said']) / 8} bytes ", text)
    text = _SMALL.sub(lambda match: {"two": "2", "three": "3"}[match[0].lower()], _with_basis(text))
    return in_digits(text)


def _with_basis(text: str) -> str:
    text = _BASIS.sub(lambda match: " permillion " if match["million"] else " perthousand ", text)
    return _PER_TOKEN.sub(" pertoken ", text)


def _quantity(text: str, match: re.Match[str], value: Decimal, since: int) -> tuple[Quantity, int, int]:
    """The figure at `match`, and how many characters before and after it belong to it; none of those up to `since`."""
    start, end = match.span()
    negative = bool(_MINUS.search(text[max(0, start - _NEAR) : start]))
    before, after = text[max(since, start - _NEAR) : start], text[end : end + _NEAR]
    head = before
    head = head[:-1] if negative else head
    if percent := _PERCENT.match(after):
        return Quantity(-value / 100 if negative else value / 100, "percent", 0), len(before) - len(head), percent.end()
    if times := _TIMES_SIGN.match(after):
        return Quantity(-value if negative else value, "ratio", 0), len(before) - len(head), times.end()
    if cents := _CENTS.match(after):
        return Quantity(-value / 100 if negative else value / 100, "money", 0), len(before) - len(head), cents.end()
    marked = currency_before(head, text)
    if marked:
        currency, head = marked
        if _MINUS.search(head.rstrip(" ")):
            negative, head = True, head.rstrip(" ")[:-1]
        kept = 0
    elif marked := currency_after(after, text):
        currency, rest = marked
        kept = len(after) - len(rest)
    else:
        return Quantity(-value if negative else value, "bare", 0), len(before) - len(head), 0
    return Quantity(-value if negative else value, "money", 0, currency), len(before) - len(head.rstrip()), kept


def _add(tokens: list[str], written: list[str], text: str) -> None:
    for match in _WORD.finditer(text.replace("-", " ").replace("_", " ")):
        word = match[0].lower()
        tokens.append(stem(_SPELLED.get(word, word)) if word[0].isalpha() else word)
        written.append(match[0])


def _with_times(tokens: list[str], written: list[str], found: list[Quantity]) -> list[Quantity]:
    """The figures with what they are for, as it stands between each and the next, or before it."""
    ends = [*(one.place for one in found[1:]), len(tokens)]
    start, made = 0, list[Quantity]()
    for one, end in zip(found, ends, strict=False):
        after, before = _clause(tokens[one.place + 1 : end]), _clause(tokens[start : one.place][::-1])
        adverbs = (
            *written[one.place + 1 : end][: len(after)][:4],
            *written[start : one.place][::-1][: len(before)][:4],
        )
        made.append(replace(one, period=_period(after, adverbs), basis=_basis(after) or _basis(before)))
        start = one.place + 1
    # "$3 and $15 per thousand": what the second is for, the first is for too.
    for place in range(len(made) - 2, -1, -1):
        one, other = made[place : place + 2]
        if one.unit == other.unit == "money" and one.basis is None and other.place - one.place <= 2:
            made[place] = replace(one, basis=other.basis)
    return made


def _clause(tokens: list[str]) -> list[str]:
    """The tokens up to the end of the part of the sentence."""
    end = next((place for place, token in enumerate(tokens) if token in ENDS or token in BREAKS), len(tokens))
    return tokens[:end]


def _period(after: list[str], near: tuple[str, ...]) -> str | None:
    """The period that is named after a figure ("a month"), or by a word near it ("monthly")."""
    for one, other in pairwise(["", *after[:6]]):
        if one in FOR_EACH and other in _STEMMED:
            return _STEMMED[other]
    return next((_ADVERBS[word.lower()] for word in near if word.lower() in _ADVERBS), None)


def _basis(tokens: list[str]) -> Decimal | None:
    return next((_BASES[token] for token in tokens[:6] if token in _BASES), None)


_STEMMED = {stem(word): period for word, period in _TIMES.items()}
_BASES = {stem("permillion"): Decimal(10**6), stem("perthousand"): Decimal(1000), stem("pertoken"): Decimal(1)}
