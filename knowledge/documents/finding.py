"""Finding passages of documents in Markdown for a question, and what is measured of the best of them.

The score and the features know no document. The weights of the decision are fitted by `finops-bot eval --fit` on
questions that each have a topic, with and without that topic.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from knowledge.chunks import Passage
from knowledge.documents.passages import TERM
from knowledge.evidence import missing_fact, names_in
from knowledge.index import Generation
from knowledge.lexical import K1, Lexical
from knowledge.search import UNRELATED, Met
from knowledge.words import content_words, stem, stems, words

# Passages that are looked at closely for each question, and of how many more the scores are known.
CLOSELY, KNOWN = 20, 50
# How much the best BM25 of a question counts beside a cosine (measured: relative to the best, it carries over to large
# and small collections; a fixed scale does not).
LEXICAL_WEIGHT = 0.25
# A passage of the glossary says in one sentence what a topic explains: it comes after the topic's own.
TERM_BEHIND = 0.05
# How sharply scores tell the first passage from the others (the factor of a softmax).
SHARP = 20.0


@dataclass(frozen=True)
class Topical:
    """A passage that was found: its score, its cosine and that of each of its units, and its BM25."""

    passage: Passage
    score: float
    dense: float
    units: tuple[float, ...]
    lexical: float


@dataclass(frozen=True)
class Lookup:
    """What documents hold near a question, best first, and what was measured of the best; {} where there is nothing."""

    question: str
    mended: str
    found: tuple[Topical, ...] = ()
    features: Mapping[str, float] = field(default_factory=dict)

    @property
    def best(self) -> Topical | None:
        """The best passage; None where nothing was found."""
        return self.found[0] if self.found else None


class DocumentSearch:
    """Searches the documents of one generation of the index."""

    def __init__(self, generation: Generation, without: Collection[str] = ()) -> None:
        """`without` are documents that are left out, to measure what is found where the right one is missing."""
        self._generation = generation
        told = [one for one in generation.passages.values() if one.origin != "video" and one.document not in without]
        self._passages = {passage.id: passage for passage in told}
        self._held = {passage.id: frozenset(stems(_searched(passage))) for passage in told}
        self._lexical = Lexical({passage.id: stems(_searched(passage)) for passage in told})
        self._words: dict[str, set[str]] = defaultdict(set)  # by document
        for passage in told:
            self._words[passage.document].update(words(_searched(passage)))

    def find(self, met: Met) -> Lookup:
        """The passages for a question, and how well the best of them fits it."""
        near = {hit.passage: hit.similarity for hit in met.hits if hit.passage in self._passages}
        asked = stems(met.mended)
        lexical = self._lexical.scores(asked, near)
        if not near and not lexical:
            return Lookup(met.question, met.mended)
        names = sorted({*near, *lexical})
        dense = self._generation.text_vectors(names) @ met.vector
        most = max(lexical.values(), default=0.0) or 1.0
        shares = np.array([lexical.get(name, 0.0) / most for name in names])
        behind = np.array([TERM_BEHIND * (self._passages[name].kind == TERM) for name in names])
        blended = dense + LEXICAL_WEIGHT * shares - behind
        order = np.argsort(-blended, kind="stable")[:KNOWN]
        found = []
        for place in order[:CLOSELY]:
            name = names[place]
            units = self._generation.unit_vectors(name) @ met.vector
            score = (float(dense[place]) + float(units.max())) / 2 + LEXICAL_WEIGHT * float(shares[place])
            found.append(
                Topical(
                    self._passages[name],
                    score - float(behind[place]),
                    float(dense[place]),
                    tuple(units.tolist()),
                    lexical.get(name, 0.0),
                )
            )
        found.sort(key=lambda one: -one.score)
        first_by_meaning = self._passages[names[int(np.argmax(dense))]].document
        first_by_words = self._passages[max(lexical, key=lambda name: lexical[name])].document if lexical else ""
        features = self._measured(met, found, blended[order], first_by_meaning == first_by_words)
        return Lookup(met.question, met.mended, tuple(found), features)

    def opening(self, passage: Passage) -> Passage | None:
        """The first passage of the document of `passage`."""
        return next((one for one in self._passages.values() if one.document == passage.document), None)

    def _lacking(self, names: Collection[str], document: str) -> float:
        """The share of the names that a document does not hold: "Bedrock" where it speaks of another provider."""
        held = self._words[document]
        lacking = [name for name in names if name not in held and name.removesuffix("s") not in held]
        return len(lacking) / max(1, len(names))

    def _measured(self, met: Met, found: Sequence[Topical], blended: Any, agree: bool) -> dict[str, float]:
        """The features of the best passage; all are near 0 to 1 by nature."""
        best, others = found[0], found[1:]
        subjects = {stem(word) for word in content_words(met.mended)}
        weight = {word: self._lexical.idf(word) for word in subjects}
        whole = sum(weight.values()) or 1.0
        second = next((one.score for one in others if one.passage.document != best.passage.document), UNRELATED)
        nearest = sorted(range(len(best.units)), key=lambda place: -best.units[place])[:2]
        shown = frozenset(stems(" ".join((best.passage.headings, *(best.passage.units[place] for place in nearest)))))
        held = self._held[best.passage.id]
        headings = frozenset(stems(best.passage.headings))
        mass = np.exp(SHARP * (blended - blended.max()))
        return {
            "score": best.score,
            "dense": best.dense,
            "above_next_ten": best.score - float(np.mean([one.score for one in others[:10]] or [UNRELATED])),
            "above_second_document": best.score - second,
            "coverage": sum(weight[word] for word in subjects if word in held) / whole,
            "unit_coverage": sum(weight[word] for word in subjects if word in shown) / whole,
            "in_headings": sum(weight[word] for word in subjects if word in headings) / whole,
            "unknown_mass": sum(weight[word] for word in subjects if word not in self._lexical) / whole,
            "lexical_share": min(1.0, best.lexical / ((K1 + 1) * whole)),
            "lacks_name": self._lacking(names_in(met.question), best.passage.document),
            "lacks_fact": float(missing_fact(met.mended, best.passage.text) is not None),
            "mass_of_first": float(mass[0] / mass.sum()),
            "both_agree": float(agree),
            "words": math.log1p(len(subjects)),
        }


def _searched(passage: Passage) -> str:
    """What BM25 searches: the title and other names twice, the heading, and all that it says."""
    return f"{passage.heading} {passage.above} {passage.section} {passage.text}"
