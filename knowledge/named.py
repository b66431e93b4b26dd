"""What the words of a question name: kinds of passage ("visual cue"), sections by their titles, moments on a clock."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from knowledge.chunks import Passage, Place
from knowledge.question import clock_span, moment
from knowledge.words import stems, words


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
        # The stems of the titles of each script and its sections.
        self.headings: dict[str, set[str]] = defaultdict(set)
        for passage in passages:
            self.headings[passage.document].update(stems(f"{passage.title} {passage.section}"))
        places = dict.fromkeys(passage.place for passage in passages)
        self._by_title: dict[tuple[str, ...], list[Place]] = defaultdict(list)
        for place in places:
            self._by_title[tuple(words(place.section))].append(place)
        for passage in passages:
            for name in passage.called:
                self._by_title[tuple(words(name))].append(passage.place)
        self._phrases_for_sections = sorted({name for one in passages for name in one.called if " " in name})
        self._longest = max(map(len, self._by_title), default=0)
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

    def sections(self, text: str) -> frozenset[Place]:
        """The sections that `text` names, by their whole titles, by what they are called, or by a moment in them."""
        named = set(self._titles_in(words(text)))
        if (second := moment(text)) is not None:
            named |= {place for place, (start, end) in self._clock.items() if start <= second < end}
        return frozenset(named)

    def _titles_in(self, said: Sequence[str]) -> Iterable[Place]:
        for first in range(len(said)):
            for last in range(first + 1, min(first + self._longest, len(said)) + 1):
                yield from self._by_title.get(tuple(said[first:last]), ())
