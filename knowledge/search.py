"""What is searched for, and what is found for it: the types that retrieval, deciding and composing share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from knowledge.chunks import Passage, Place
from knowledge.index import Hit

# A passage that only BM25 finds, or that has no hint near a question, counts as this near: about the cosine of two
# unrelated sentences.
UNRELATED = 0.1


@dataclass(frozen=True)
class Met:
    """A question as it is searched for: mended, its vector (of length 1), and what lies near that."""

    question: str
    mended: str
    vector: Any
    hits: Sequence[Hit]


@dataclass(frozen=True)
class Found:
    """A passage found for a question: its score and what that is made of, all of them cosines but for BM25.

    `text` is that of its text, `hint` that of its nearest hint, `units` are those of its units or of hints for them.
    """

    passage: Passage
    score: float
    text: float
    hint: float
    units: tuple[float, ...]
    lexical: float


@dataclass(frozen=True)
class Search:
    """What was found for one question, best first, and what was measured of the best; {} where there is nothing."""

    question: str
    mended: str
    found: tuple[Found, ...] = ()
    features: Mapping[str, float] = field(default_factory=dict)
    asked: frozenset[str] = frozenset()  # the kinds of passage asked for by name
    named: frozenset[Place] = frozenset()  # the sections asked for by name

    @property
    def best(self) -> Found | None:
        """The best passage; None where nothing was found."""
        return self.found[0] if self.found else None
