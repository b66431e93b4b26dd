"""BM25 over passages, held in memory.

Not a library: query words carry weights here (a synonym counts less than the word itself), and the libraries at hand
either lack that or take longer to import than a whole answer takes.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

# The usual constants of Okapi BM25 (Robertson & Zaragoza 2009, section 3.5).
K1 = 1.2
B = 0.75


class Lexical:
    """An inverted index: stem -> passages that hold it, with the score that one query word earns there."""

    def __init__(self, documents: Mapping[str, Iterable[str]]) -> None:
        """`documents` maps a passage's id to its stems."""
        counts = {name: Counter(stems) for name, stems in documents.items()}
        lengths = {name: count.total() for name, count in counts.items()}
        average = sum(lengths.values()) / max(1, len(lengths)) or 1.0
        holders: dict[str, list[tuple[str, int]]] = defaultdict(list)
        for name, count in counts.items():
            for stem, times in count.items():
                holders[stem].append((name, times))
        self._postings = {
            stem: [
                (name, self._idf(len(found), len(counts)) * _saturated(times, lengths[name] / average))
                for name, times in found
            ]
            for stem, found in holders.items()
        }
        self._total = len(counts)

    @staticmethod
    def _idf(holders: int, total: int) -> float:
        return math.log(1 + (total - holders + 0.5) / (holders + 0.5))

    def idf(self, stem: str) -> float:
        """How telling a stem is; the most of all where no passage holds it."""
        return self._idf(len(self._postings.get(stem, ())), self._total)

    def __contains__(self, stem: str) -> bool:
        return stem in self._postings

    def scores(self, query: Mapping[str, float]) -> dict[str, float]:
        """BM25 of every passage that holds a stem of `query` (stem -> weight)."""
        scores: dict[str, float] = defaultdict(float)
        for stem, weight in query.items():
            for name, score in self._postings.get(stem, ()):
                scores[name] += weight * score
        return scores


def _saturated(times: int, length: float) -> float:
    return times * (K1 + 1) / (times + K1 * (1 - B + B * length))
