"""BM25: each query word adds what it earns in the passages that hold it, the telling words first.

An inverted index in the folder of a generation, looked up stem by stem and never read as a whole:

    holders.npy      the places of the passages that hold the first stem, those of the second, and so on
    earned.npy       what each stem earns in each of them
    passages.sqlite3 in its table `stems` where the passages of a stem begin and end, in `words` all words
"""

from __future__ import annotations

import math
from array import array
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from knowledge.chunks import Passage
from knowledge.manifest import DamagedIndex
from knowledge.rows import PassageRows, writing
from knowledge.words import stems, words

# The usual constants of Okapi BM25 (Robertson & Zaragoza 2009, section 3.5).
K1 = 1.2
B = 0.75
# A word that more passages hold tells them apart too little to be looked for: it adds to those that others found, so
# that a question costs the same however many passages there are.
LONGEST = 2_000
HOLDERS, EARNED = "holders.npy", "earned.npy"
_TABLES = """
CREATE TABLE stems (stem TEXT PRIMARY KEY, first INTEGER, last INTEGER) WITHOUT ROWID;
CREATE TABLE words (word TEXT PRIMARY KEY, passages INTEGER) WITHOUT ROWID;
"""
# Stems of which it is remembered where their passages are.
MET_AGAIN = 8_192


class Lexical:
    """The index in a folder, with the rows of its passages."""

    def __init__(self, folder: Path, rows: PassageRows) -> None:
        """Raises DamagedIndex."""
        self._rows = rows
        self._spans = lru_cache(MET_AGAIN)(self._span)
        try:
            self._holders, self._earned = (
                np.asarray(np.load(folder / name, mmap_mode="r")) for name in (HOLDERS, EARNED)
            )
        except (OSError, ValueError, EOFError) as error:
            raise DamagedIndex("The words of the index cannot be read.") from error

    def idf(self, stem: str) -> float:
        """How telling a stem is; the most of all where no passage holds it."""
        first, last = self._spans(stem)
        return _idf(last - first, len(self._rows))

    def __contains__(self, stem: str) -> bool:
        first, last = self._spans(stem)
        return last > first

    def vocabulary(self) -> dict[str, int]:
        """All words that are searched, and how many passages hold each."""
        return dict(self._rows.ask("SELECT word, passages FROM words"))

    def scores(self, query: Iterable[str], among: Collection[str] = (), count: int = 64) -> dict[str, float]:
        """BM25 of the `count` best passages for the stems of `query`, and of those of `among` that hold any."""
        spans = sorted((self._spans(stem) for stem in set(query) if stem in self), key=_length)
        if not spans:
            return {}
        telling = [span for span in spans if _length(span) <= LONGEST] or spans[:1]
        asked = np.array([self._rows.place(name) for name in among], dtype=np.int32)
        found = np.unique(np.concatenate([asked, *(self._holders[first:last] for first, last in telling)]))
        total = np.zeros(len(found), dtype=np.float32)
        for first, last in telling:
            total[np.searchsorted(found, self._holders[first:last])] += self._earned[first:last]
        for first, last in spans[len(telling) :]:
            places = self._holders[first:last]
            at = np.searchsorted(places, found).clip(max=len(places) - 1)
            total += np.where(places[at] == found, self._earned[first:last][at], 0)
        best = range(len(found)) if len(found) <= count else np.argpartition(-total, count)[:count]
        kept = {*map(int, best), *map(int, np.searchsorted(found, asked))}
        return {self._rows.name(found[place]): float(total[place]) for place in kept if total[place] > 0}

    def _span(self, stem: str) -> tuple[int, int]:
        """Where the passages that hold a stem begin and end."""
        found = self._rows.ask("SELECT first, last FROM stems WHERE stem = ?", stem)
        return found[0] if found else (0, 0)


def write_lexical(folder: Path, passages: Iterable[Passage]) -> None:
    """Write the index of `passages` beside their rows. Raises OSError."""
    # Of each stem the places of its holders, and how often each of them has it, in as little memory as that takes.
    holders: dict[str, tuple[array[int], array[int]]] = defaultdict(lambda: (array("i"), array("i")))
    lengths, known = array("i"), Counter[str]()
    for place, passage in enumerate(passages):
        said = _searched(passage)
        known.update({*words(said), *passage.words})
        counts = Counter(stems(said))
        lengths.append(counts.total())
        for stem, times in counts.items():
            places, counted = holders[stem]
            places.append(place)
            counted.append(times)
    length = np.array(lengths) / (sum(lengths) / max(1, len(lengths)) or 1.0)
    spans: list[tuple[str, int, int]] = []
    earned: list[Any] = [np.zeros(0, dtype=np.float32)]
    for stem, (places, counted) in holders.items():
        first = spans[-1][2] if spans else 0
        spans.append((stem, first, first + len(places)))
        scores = _idf(len(places), len(lengths)) * _saturated(np.array(counted), length[np.array(places)])
        earned.append(scores.astype(np.float32))
    np.save(
        folder / HOLDERS,
        np.concatenate([np.zeros(0, dtype=np.int32), *(np.array(places) for places, _ in holders.values())]),
    )
    np.save(folder / EARNED, np.concatenate(earned))
    with writing(folder) as connection:
        connection.executescript(_TABLES)
        connection.executemany("INSERT INTO stems VALUES (?, ?, ?)", spans)
        connection.executemany("INSERT INTO words VALUES (?, ?)", known.items())


def _length(span: tuple[int, int]) -> int:
    return span[1] - span[0]


def _idf(holders: int, passages: int) -> float:
    return math.log(1 + (passages - holders + 0.5) / (holders + 0.5))


def _saturated(times: Any, length: Any) -> Any:
    return times * (K1 + 1) / (times + K1 * (1 - B + B * length))


def _searched(passage: Passage) -> str:
    """What BM25 searches: title and other names of a document twice, its heading, all that it says, its hints."""
    hints = " ".join(hint.text for hint in passage.hints)
    return f"{passage.above or passage.section} {passage.headings} {passage.lead} {passage.text} {hints}"
