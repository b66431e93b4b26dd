"""What the words of a question name: kinds of passage ("visual cue"), sections by their titles, moments on a clock."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from knowledge.chunks import ABOUT, ALL_SECTIONS, Passage, Place
from knowledge.question import clock_span, moment
from knowledge.words import stems, words

# Part of a title names its section if it holds a word that at most this share of the sections have in their titles.
TELLING = 0.15
# A word that more titles hold than this is not looked up: it names none of them.
COMMONEST = 500

# A question with such a word is for the section whose title begins with it, if it shares the better part of the rest.
_REASONS = frozenset({"why", "how"})


class Names:
    """The names that passages go by."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self._by_word: dict[str, set[str]] = defaultdict(set)
        self._by_phrase: dict[str, set[str]] = defaultdict(set)
        for name, kind in {(name, passage.kind) for passage in passages for name in passage.words}:
            if " " in name:
                self._by_phrase[" ".join(words(name))].add(kind)
            else:
                self._by_word[name.removesuffix("s")].add(kind)
        places = dict.fromkeys(passage.place for passage in passages)
        self._by_title: dict[tuple[str, ...], list[Place]] = defaultdict(list)
        for place in places:
            self._by_title[tuple(words(place.section))].append(place)
        for passage in passages:
            for name in passage.called:
                self._by_title[tuple(words(name))].append(passage.place)
        self._phrases_for_sections = sorted({name for one in passages for name in one.called if " " in name})
        self._longest = max(map(len, self._by_title), default=0)
        self._by_stem = _by_stem([place for place in places if place.section not in (ABOUT, ALL_SECTIONS)])
        self._clock = {passage.place: span for passage in passages if (span := clock_span(passage.locator)) is not None}

    def kinds(self, text: str) -> dict[str, frozenset[str]]:
        """The kinds of passage that `text` asks for by name, by the word or the phrase that does, in the order of the
        text. A phrase ("cannot see") goes before its words, and so does one that names a section ("the end").
        """
        said = f" {' '.join(words(text))} "
        asked: dict[str, set[str]] = {}
        for phrase, kinds in self._by_phrase.items():
            if f" {phrase} " in said:
                asked[phrase] = kinds
                said = said.replace(f" {phrase} ", f" {'_'.join(phrase.split())} ")
        for phrase in self._phrases_for_sections:
            said = said.replace(f" {phrase} ", "  ")
        told = [word.replace("_", " ") for word in said.split()]
        found = {
            word: asked.get(word) or self._by_word.get(word.removesuffix("'s").removesuffix("s"), set())
            for word in told
        }
        return {word: frozenset(kinds) for word, kinds in found.items() if kinds}

    def sections(self, text: str) -> dict[Place, float]:
        """The sections whose title stands in `text`: 1.0 for the whole title, else how much of it, by weight."""
        shares: dict[Place, float] = defaultdict(float)
        for word in dict.fromkeys(stems(text)):
            for place, weight in self._by_stem.get(word, ()):
                shares[place] += weight
        named = {place: share for place, share in shares.items() if share > 0.5}
        said = words(text)
        named |= {place: 1.0 for place in named if (why := words(place.section)[0]) in _REASONS and why in said}
        named |= dict.fromkeys(self._titles_in(said), 1.0)
        if (second := moment(text)) is not None:
            named |= {place: 1.0 for place, (start, end) in self._clock.items() if start <= second < end}
        return named

    def ends(self, document: str) -> int | None:
        """The second at which the last section of a document ends; None where it has no clock."""
        return max((end for place, (_, end) in self._clock.items() if place.document == document), default=None)

    def _titles_in(self, said: Sequence[str]) -> Iterable[Place]:
        for first in range(len(said)):
            for last in range(first + 1, min(first + self._longest, len(said)) + 1):
                yield from self._by_title.get(tuple(said[first:last]), ())


def _by_stem(places: Iterable[Place]) -> Mapping[str, list[tuple[Place, float]]]:
    """For each stem the sections that have it in a telling title, with its weight there (a title's add up to 1)."""
    titles = {place: set(stems(place.section)) for place in places}
    distinct = {frozenset(title) for title in titles.values()}
    spread = Counter(word for title in distinct for word in title)
    found: dict[str, list[tuple[Place, float]]] = defaultdict(list)
    for place, title in titles.items():
        weights = {word: math.log(len(distinct) / spread[word]) for word in title}
        whole = sum(weights.values())
        if whole and any(spread[word] <= TELLING * len(distinct) for word in title):
            for word, weight in weights.items():
                found[word].append((place, weight / whole))
    return {word: held for word, held in found.items() if len(held) <= COMMONEST}
