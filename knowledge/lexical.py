"""BM25 in memory: each query word adds what it earns in the passages that hold it, the telling words first."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any

import numpy as np

# The usual constants of Okapi BM25 (Robertson & Zaragoza 2009, section 3.5).
K1 = 1.2
B = 0.75
# A word that more passages hold tells them apart too little to be looked for: it adds to those that others found, so
# that a question costs the same however many passages there are.
LONGEST = 2_000


class Lexical:
    """An inverted index: stem -> places of the passages that hold it, with the score that it earns there."""

    def __init__(self, documents: Mapping[str, Iterable[str]]) -> None:
        """`documents` maps a passage's id to its stems."""
        counts = [Counter(stems) for stems in documents.values()]
        lengths = [count.total() for count in counts]
        average = sum(lengths) / max(1, len(lengths)) or 1.0
        holders: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for place, count in enumerate(counts):
            for stem, times in count.items():
                holders[stem].append((place, times))
        self._names = list(documents)
        self._places = {name: place for place, name in enumerate(documents)}
        self._postings: dict[str, tuple[Any, Any]] = {}
        for stem, found in holders.items():
            idf = self._idf(len(found))
            scores = [idf * _saturated(times, lengths[place] / average) for place, times in found]
            self._postings[stem] = (np.array([place for place, _ in found]), np.array(scores, dtype=np.float32))

    def _idf(self, holders: int) -> float:
        return math.log(1 + (len(self._names) - holders + 0.5) / (holders + 0.5))

    def idf(self, stem: str) -> float:
        """How telling a stem is; the most of all where no passage holds it."""
        return self._idf(len(self._postings[stem][0]) if stem in self._postings else 0)

    def __contains__(self, stem: str) -> bool:
        return stem in self._postings

    def scores(self, query: Iterable[str], among: Collection[str] = (), count: int = 64) -> dict[str, float]:
        """BM25 of the `count` best passages for the stems of `query`, and of those of `among` that hold any."""
        lists = sorted((self._postings[stem] for stem in set(query) & self._postings.keys()), key=_length)
        if not lists:
            return {}
        telling = [posting for posting in lists if len(posting[0]) <= LONGEST] or lists[:1]
        asked = np.array([self._places[name] for name in among if name in self._places], dtype=np.int64)
        found = np.unique(np.concatenate([asked, *(places for places, _ in telling)]))
        total = np.zeros(len(found), dtype=np.float32)
        for places, scores in telling:
            total[np.searchsorted(found, places)] += scores
        for places, scores in lists[len(telling) :]:
            at = np.searchsorted(places, found).clip(max=len(places) - 1)
            total += np.where(places[at] == found, scores[at], 0)
        best = range(len(found)) if len(found) <= count else np.argpartition(-total, count)[:count]
        kept = {*map(int, best), *map(int, np.searchsorted(found, asked))}
        return {self._names[found[place]]: float(total[place]) for place in kept if total[place] > 0}


def _length(posting: tuple[Any, Any]) -> int:
    return len(posting[0])


def _saturated(times: int, length: float) -> float:
    return times * (K1 + 1) / (times + K1 * (1 - B + B * length))
