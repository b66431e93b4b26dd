"""The options of a poll, as words are compared with them: their own words and parts, slips, initials, degrees."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from math import isclose

from bot.intents.votes.clocks import (
    ARTICLES,
    HALF_A_DAY,
    amount_at,
    amount_of,
    numbers_at,
    option_time,
    plain_number,
    ranks,
    same_day,
    same_word,
    time_at,
)
from bot.intents.votes.spoken import Token, phrases, tokens
from knowledge.words import FUNCTION_WORDS, RARE, frequency, stem

# So many slips has a mistyped word at most, from a length in letters on; shorter words have none.
SLIPS = ((8, 2), (3, 1))
# A year of 365 days and twelve months of 30 differ by so much, as a share: what differs no more is the same.
ALIKE = 0.015
# The lists whose phrases name an option that holds a phrase of the same list: degrees, how often, doubt, none.
NAMING = (
    *("degree_none", "degree_low", "degree_some", "degree_mid", "degree_high"),
    *("often_day", "often_week", "often_month", "often_quarter", "often_year", "unsure", "maybe", "indifferent"),
    "none",
)
# Of these the option must be a phrase as a whole.
_WHOLE = frozenset(["unsure", "maybe", "indifferent", "none"])
_HUMPS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")


@dataclass(frozen=True)
class Options:
    """The options of a poll, as words are compared with them.

    `names` are all that an option is called, each with its place: its words, and each of its parts that no other option
    has ("Yes, move it").
    """

    said: tuple[tuple[str, ...], ...]
    names: tuple[tuple[int, tuple[str, ...]], ...]
    telling: tuple[frozenset[str], ...]
    numbers: tuple[frozenset[str], ...]
    times: tuple[int | None, ...]
    amounts: tuple[float | None, ...]
    topic: frozenset[str]
    short: dict[str, frozenset[int]]
    yes: frozenset[int]
    no: frozenset[int]
    named: dict[str, frozenset[int]] = field(default_factory=dict)
    order: tuple[int, ...] = ()

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.said)

    @property
    def polar(self) -> bool:
        """Whether they are yes and no, or agreement and its contrary."""
        return bool(self.yes and self.no)

    @property
    def graded(self) -> bool:
        """Whether words of degree tell one from another."""
        return any(name.startswith("degree") for name in self.named)

    def within(self, stemmed: str) -> frozenset[int]:
        """The places of the options in which a stem stands."""
        return frozenset(place for place, held in enumerate(self.telling, 1) if stemmed and stemmed in held)

    def sequence(self, said: Sequence[Token], start: int) -> tuple[int, frozenset[int]]:
        """How many words at `start` are all the words of an option, and the places of those options."""
        best, places = 0, set[int]()
        for place, own in self.names:
            size = _fits(said, start, own) if own else 0
            if size > best:
                best, places = size, {place}
            elif size and size == best:
                places.add(place)
        return best, frozenset(places)

    def word(self, token: Token) -> frozenset[int]:
        """The places of the options of which a word, or one that it is a slip of, is a telling part."""
        found = self.within(telling_form(token.text)) or self.short.get(token.text, frozenset())
        return found or self.within(self.mended(token.text))

    def mended(self, word: str) -> str:
        """The stem of the option's word that `word` is a slip of; "" where it is none, or could be of two."""
        return _mended(word, frozenset(one for own in self.said for one in own))

    def dated(self, day: str) -> frozenset[int]:
        """The options with this day of the month where all are dates, and the one at that place: "the 2nd" of
        "2 May, 3 May" may be both.
        """
        held = frozenset(place for place, numbers in enumerate(self.numbers, 1) if day in numbers)
        if (
            not held
            or any(one is not None for one in self.times)
            or not all(any(map(same_day, own)) for own in self.said)
        ):
            return frozenset()
        return held | ({int(day)} & set(range(1, self.count + 1)))

    def time(self, texts: Sequence[str], at: int) -> tuple[int, frozenset[int]]:
        """How many words at a place say a time, or how long, and the options of that; of half a day where it says no
        more.
        """
        amounts = (amount_at(texts, at), *numbers_at(texts, at)) if any(self.amounts) else ()
        for size, amount in amounts:
            same = frozenset(
                place for place, one in enumerate(self.amounts, 1) if one and isclose(one, amount, rel_tol=ALIKE)
            )
            if size and same:
                return size, same
        if not any(one is not None for one in self.times):
            return 0, frozenset()
        size, minute, whole = time_at(texts, at)
        exact = frozenset(place for place, one in enumerate(self.times, 1) if size and one == minute)
        if exact or whole or not size:
            return size, exact
        alike = [
            place for place, one in enumerate(self.times, 1) if one is not None and (one - minute) % HALF_A_DAY == 0
        ]
        return size, frozenset(alike)


def telling_form(word: str) -> str:
    """A word as it is compared: its stem in English; a weekday or a month by its full name."""
    return same_day(word) or stem(same_word(word) or word)


def _fits(said: Sequence[Token], start: int, own: Sequence[str]) -> int:
    """How many tokens at `start` say all words of an option, one after the other, signs left out; 0 if they do not."""
    at = start
    if len(own) > 1 and said[at].text == "".join(own):
        return 1  # "newrelic"
    for word in own:
        while start < at < len(said) and not said[at].is_word and word != said[at].text:
            if said[at].is_break and said[at].text not in "()":
                return 0
            at += 1
        counted = word == "1" and len(own) > 1 and at < len(said) and said[at].text in ARTICLES  # "a week"
        if counted or (at < len(said) and _same(said[at].text, word)):
            at += 1
        elif at + 1 < len(said) and said[at + 1].is_word and said[at].text + said[at + 1].text == word:
            at += 2  # "lite llm"
        else:
            return 0
    return at - start


def _same(spoken: str, word: str) -> bool:
    if spoken == word or plain_number(spoken) == plain_number(word) != "":
        return True
    if not (spoken.isalpha() and word.isalpha()) or word in FUNCTION_WORDS:
        return False
    return telling_form(spoken) == telling_form(word) or _mended(spoken, frozenset([word])) == stem(word)


@functools.lru_cache(8_192)
def _mended(word: str, known: frozenset[str]) -> str:
    from rapidfuzz.distance import OSA

    if not word.isalpha() or word in FUNCTION_WORDS or word in phrases().words or frequency(word) > RARE:
        return ""
    most = next((slips for length, slips in SLIPS if len(word) >= length), 0)
    # The first letter is rarely missed, so "unfamiliar" is no slip of "familiar"; nor is "careless" one of "careful".
    near = {
        stem(other)
        for other in known
        if other.isalpha()
        and len(other) > 3
        and other[0] == word[0]
        and OSA.distance(word, other, score_cutoff=most) <= most
        and other.endswith("less") == word.endswith("less")
    }
    return near.pop() if len(near) == 1 and most else ""


@functools.lru_cache(512)
def options_of(question: str, options: tuple[str, ...]) -> Options:
    """The options of a poll with this question, ready to be compared."""
    whole = [[token.text for token in tokens(option) if not token.is_break] for option in options]
    said = tuple(tuple(word for word in own if word[0].isalnum()) or tuple(own) for own in whole)
    names = (*enumerate(said, 1), *_parts(options))
    telling = tuple(frozenset(telling_form(word) for word in own if _tells(word)) for own in whole)
    numbers = tuple(frozenset(filter(None, map(plain_number, own))) for own in said)
    topic = frozenset(stem(token.text) for token in tokens(question) if token.is_word)
    named: dict[str, set[int]] = {}
    yes, no = set[int](), set[int]()
    for place, own in enumerate(said, 1):
        for name in _lists_in(own):
            if name in NAMING and (name not in _WHOLE or name in phrases().lists_of(own)):
                named.setdefault(name, set()).add(place)
        head = _head(own)
        yes |= {place} if "yes" in head else set()
        no |= {place} if "no" in head else set()
    order = ranks(whole) or []
    return Options(
        said,
        names,
        telling,
        numbers,
        tuple(map(option_time, said)),
        tuple(map(amount_of, whole)),
        topic,
        _short(options),
        frozenset(yes),
        frozenset(no),
        _frozen(named.items()),
        tuple(sorted(range(1, len(order) + 1), key=lambda place: order[place - 1])),
    )


def _parts(options: Sequence[str]) -> Iterator[tuple[int, tuple[str, ...]]]:
    """The parts of options of several words each, between stops and slashes, that one option alone has."""
    held: dict[tuple[str, ...], set[int]] = {}
    for place, option in enumerate(options, 1):
        parts: list[list[str]] = [[]]
        for token in tokens(option):
            if token.is_word:
                parts[-1].append(token.text)
            elif token.is_break or token.text == "/":
                parts.append([])
        for own in parts if len(parts) > 1 else []:
            held.setdefault(tuple(own), set()).add(place)
    for part, places in held.items():
        if len(places) == 1 and len(part) > 1:
            yield places.pop(), part


def _frozen(places: Iterable[tuple[str, set[int]]]) -> dict[str, frozenset[int]]:
    return {name: frozenset(held) for name, held in places}


def _tells(word: str) -> bool:
    """Whether a word or an emoji tells an option from others."""
    return (word not in FUNCTION_WORDS and word[0].isalpha() and len(word) > 1) or not (
        word.isascii() or word[0].isalnum()
    )


def _short(options: Sequence[str]) -> dict[str, frozenset[int]]:
    """The options by their initials: "NR" for "New Relic", "TS" for "TypeScript"; not by those that are words."""
    found: dict[str, set[int]] = {}
    for place, option in enumerate(options, 1):
        initials = "".join(hump[0] for hump in _HUMPS.findall(option)).lower()
        if 1 < len(initials) < 6 and initials.isalpha() and initials not in FUNCTION_WORDS | phrases().words:
            found.setdefault(initials, set()).add(place)
    return _frozen(found.items())


def _lists_in(own: Sequence[str]) -> frozenset[str]:
    """The lists that hold phrases of an option."""
    found, at = frozenset[str](), 0
    while at < len(own):
        size, lists = phrases().at(own, at)
        found |= lists
        at += size or 1
    return found


def _head(own: Sequence[str]) -> frozenset[str]:
    """The lists of what an option begins with, but for words of degree: "Strongly agree" agrees."""
    start = 0
    while start < len(own) - 1 and phrases().lists_of(own[start : start + 1]) & set(NAMING):
        start += 1
    size, lists = phrases().at(own, start)
    # "Not sure" and "No idea" are no refusals, nor is "Sure" anything but small talk beside other words.
    if lists & {"unsure", "maybe", "hedge", "indifferent", "none", "emphasis"} and size > 1:
        return frozenset()
    return lists if size == len(own) - start or lists_alone(own[start]) & {"yes", "no"} else frozenset()


def lists_alone(word: str) -> frozenset[str]:
    """The lists that hold a word by itself."""
    return phrases().lists_of((word,))
