"""Fitting how likely documents answer, on questions that each have a topic: with that topic, and without it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from knowledge.documents.finding import DocumentSearch, Lookup
from knowledge.fitting import Example, regression
from knowledge.index import Generation
from knowledge.odds import Odds
from knowledge.retriever import HybridRetriever

# Of the questions that are answered with their topic at most so many fall below each threshold.
LOST_ANSWERS, LOST_NEAREST = 0.10, 0.04
# C of the regression, the less the smaller the weights: the value of the measurements on other documents.
LOOSENESS = 0.3


@dataclass(frozen=True)
class TopicQuestion:
    """A question of a file and the slug of the document that answers it; None where none does."""

    question: str
    topic: str | None


@dataclass(frozen=True)
class Measured:
    """What was measured of a question, good where the document was there that answers it, and which one that is."""

    example: Example
    topic: str


def measured(asked: Sequence[TopicQuestion], generation: Generation, retriever: HybridRetriever) -> list[Measured]:
    """Each question with all documents and without the one that answers it, which is the nearest miss that there is.

    What a question finds with all documents counts as good where the best passage is of its topic.
    """
    whole = DocumentSearch(generation)
    searches: dict[str, DocumentSearch] = {}
    found: list[Measured] = []
    for one, met in zip(asked, retriever.meet([one.question for one in asked]), strict=True):
        with_it = whole.find(met)
        if one.topic is None:
            found += _row(with_it, False, "none")
            continue
        document = f"handbook/{one.topic}"
        best = with_it.best
        if best is not None and best.passage.document == document:
            found += _row(with_it, True, one.topic)
        if one.topic not in searches:
            searches[one.topic] = DocumentSearch(generation, {document})
        found += _row(searches[one.topic].find(met), False, one.topic)
    return found


def _row(lookup: Lookup, good: bool, topic: str) -> Iterator[Measured]:
    if lookup.features:
        yield Measured(Example(lookup.features, good), topic)


def fit(rows: Sequence[Measured]) -> dict[str, Any]:
    """The table of weights for `Likelihood`, both classes of one weight; the thresholds from the rows."""
    import numpy as np

    examples = [row.example for row in rows]
    table = regression(examples, balanced=True, looseness=LOOSENESS)
    odds = Odds(table)
    good = [odds.chance(example.features) for example in examples if example.good]
    return {
        **table,
        "answer_from": round(float(np.quantile(good, LOST_ANSWERS)), 3),
        "nearest_from": round(float(np.quantile(good, LOST_NEAREST)), 3),
    }
