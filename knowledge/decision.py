"""Deciding: answer, hedge or decline, by a logistic regression over what the search found.

The weights are fitted by `finops-bot eval --fit` (see `knowledge.fitting`) and lie in `decision.json` with the command
and the files that made them.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from knowledge import outside
from knowledge.answer import Verdict
from knowledge.evidence import OWN_DATA, figures, missing_fact
from knowledge.retriever import HybridRetriever
from knowledge.search import UNRELATED, Search
from knowledge.words import content_words, stem, stems

# So much of an aim beyond the subject is taken back where the source has every word of the question: one that nobody
# wrote hints for is aimed at less well.
HELD = 0.4
WEIGHTS = Path(__file__).with_name("decision.json")


@dataclass(frozen=True)
class Decision:
    """How likely the best passage answers, what it lacks if that is known, and the features it was judged by."""

    chance: float
    lacks: str | None
    features: Mapping[str, float]


def measure(search: Search, retriever: HybridRetriever, text: str) -> dict[str, float]:
    """The features of a search: `text` is what would be answered. All are near 0 to 1 by nature."""
    best = search.best
    if best is None:
        return {}
    subjects = [stem(word) for word in content_words(search.mended)]
    held = retriever.subjects(best.passage).union(stems(text))
    whole = sum(map(retriever.weight, subjects)) or 1.0
    covered = sum(retriever.weight(word) for word in subjects if word in held) / whole
    by_name = best.passage.kind in search.asked
    told_figures = figures(" ".join((text, *(found.passage.text for found in search.found))))
    return {
        "score": best.score,
        "nearest": max((*best.units, best.hint)),
        "lexical": min(best.lexical, 12.0) / 12.0,
        **{f"like_{kind}": near for kind, near in search.outside.items()},
        "aim": search.aim.at(best.passage),
        **{f"aim_{kind}": search.aim.beyond(kind) for kind in outside.KINDS},
        "aim_off_topic": search.aim.beyond("off_topic") * (1 - HELD * covered),
        "unknown": sum(1 for word in subjects if not retriever.knows(word)) / max(1, len(subjects)),
        "covered": covered,
        "by_name": float(by_name),
        "pointed": search.named.get(best.passage.place, 0.0) if by_name else 0.0,
        "lacks_fact": float(missing_fact(search.mended, text) is not None),
        "lacks_figure": float(bool(figures(search.mended) - told_figures)),
        "own_data": float(bool(OWN_DATA.search(search.question))),
    }


class Decider:
    """Judges searches with fitted weights."""

    def __init__(self, weights: Mapping[str, Any] | None = None) -> None:
        table = weights if weights is not None else json.loads(WEIGHTS.read_text("utf-8"))
        self._weights: dict[str, float] = dict(table["weights"])
        self._constant = float(table["constant"])
        self.answer_from = float(table["answer_from"])
        self.hedge_from = float(table["hedge_from"])

    def verdict(self, chance: float) -> Verdict:
        """What is done with an answer of that chance to be right."""
        if chance >= self.answer_from:
            return "answer"
        return "hedge" if chance >= self.hedge_from else "decline"

    def decide(self, search: Search, retriever: HybridRetriever, text: str) -> Decision:
        """How likely `text`, composed from the best passages, answers the question of `search`."""
        features = measure(search, retriever, text)
        if not features:
            return Decision(0.0, None, {})
        odds = self._constant + sum(weight * features.get(name, UNRELATED) for name, weight in self._weights.items())
        return Decision(1 / (1 + math.exp(-odds)), missing_fact(search.mended, text), features)
