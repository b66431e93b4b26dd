"""What is searched for, and what is found for it in scripts: the types that retrieval, judging and composing share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from knowledge.aim import Aim
from knowledge.chunks import Passage, Place
from knowledge.index import Hit

# A passage that only BM25 finds counts as this near, about the cosine of two unrelated sentences.
UNRELATED = 0.1


@dataclass(frozen=True)
class Found:
    """A passage found for a question: its score, what the score is made of, and how near each of its units is."""

    passage: Passage
    score: float
    dense: float
    lexical: float
    units: tuple[float, ...]
    hint: float  # the nearest hint for the passage as a whole


@dataclass(frozen=True)
class Search:
    """What was found for one question: passages, best first, and how near it is to what lies outside."""

    question: str
    mended: str
    found: tuple[Found, ...]
    outside: Mapping[str, float] = field(default_factory=dict)  # the nearest example of each kind
    aim: Aim = field(default_factory=lambda: Aim({}, {}))
    asked: frozenset[str] = frozenset()  # the kinds of passage asked for by name
    named: Mapping[Place, float] = field(default_factory=dict)  # the sections named, and how much of their titles
    joint: tuple[Found, ...] = ()  # what is asked for by name at once, where that is more than one

    @property
    def best(self) -> Found | None:
        """The best passage, None where nothing was found."""
        return self.found[0] if self.found else None

    @property
    def nearness(self) -> float:
        """The score of the best passage, 0 where there is none."""
        return self.found[0].score if self.found else 0.0

    @property
    def kind(self) -> str | None:
        """The kind of the best passage."""
        return self.found[0].passage.kind if self.found else None

    def with_units_of(self, other: Search) -> Search:
        """This search with the nearness of each unit as `other` sees it, where that has found the passage too."""
        seen = {found.passage.id: found for found in other.found}
        found = tuple(
            replace(one, units=seen[one.passage.id].units) if one.passage.id in seen else one for one in self.found
        )
        return replace(self, found=found)

    def nearer(self, place: Place, by: float) -> Search:
        """This search with the passages of a section nearer by so much, those that are the source's own."""
        found = [
            replace(one, score=one.score + by) if one.passage.place == place and not one.passage.authored else one
            for one in self.found
        ]
        return replace(self, found=tuple(sorted(found, key=lambda one: -one.score)))


@dataclass(frozen=True)
class Met:
    """A question as it is searched for: mended, its vector (of length 1), and what lies near that."""

    question: str
    mended: str
    vector: Any
    hits: Sequence[Hit]
    taught: Any
