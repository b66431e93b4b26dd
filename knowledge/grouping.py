"""Grouping: questions that ask for about the same thing, by the nearness of meaning and of words (average linkage)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from knowledge.words import stems

if TYPE_CHECKING:
    from knowledge.embedder import Vectors

# How much words count beside meaning, and from which mean nearness on two groups are one. Both were chosen on the
# labelled questions of `tests/knowledge/alike.toml`: a group that holds two things misleads more than two groups that
# hold one thing. From 0.485 to 0.51 the groups of the first half stay the same; below, one processor's rounding joined
# groups that another's kept apart.
BY_WORDS = 0.3
ALIKE = 0.5
# Rows compared at a time.
BLOCK = 512


def group(
    questions: Sequence[str], vectors: Vectors, counts: Sequence[int], weight: Callable[[str], float]
) -> list[list[int]]:
    """The places of `questions` in groups, in each the most typical wording first.

    `vectors` holds a row of length 1 a question, `counts` how often each was asked; `weight` says how telling a stem
    is. The memory needed grows with the square of the questions: 10,000 take about 1 GB.
    """
    if len(questions) < 2:
        return [[place] for place in range(len(questions))]
    from scipy.cluster.hierarchy import fcluster, linkage

    labels = fcluster(linkage(_distances(questions, vectors, weight), "average"), 1 - ALIKE, "distance")
    groups: dict[int, list[int]] = defaultdict(list)
    for place, label in enumerate(labels):
        groups[int(label)].append(place)
    return [_most_typical_first(places, vectors, counts) for places in groups.values()]


def _distances(questions: Sequence[str], vectors: Vectors, weight: Callable[[str], float]) -> Any:
    """How far each question is from each later one, as scipy wants it: one row after the other, without its end."""
    import numpy as np

    words = _word_vectors(questions, weight)

    def rows() -> Iterator[Any]:
        for first in range(0, len(questions), BLOCK):
            by_words = (words[first : first + BLOCK] @ words[first:].T).toarray()
            near = (1 - BY_WORDS) * (vectors[first : first + BLOCK] @ vectors[first:].T) + BY_WORDS * by_words
            for place, row in enumerate(near):
                yield 1 - row[place + 1 :]

    distances = np.empty(len(questions) * (len(questions) - 1) // 2)
    filled = 0
    for row in rows():
        distances[filled : filled + len(row)] = row
        filled += len(row)
    # Equal vectors are a little nearer than they can be: rounding.
    return np.clip(distances, 0, None, out=distances)


def _word_vectors(questions: Sequence[str], weight: Callable[[str], float]) -> Any:
    """A sparse row a question: its stems, the telling ones long, of length 1 in all (0 where it has none)."""
    from scipy.sparse import csr_array

    columns: dict[str, int] = {}
    data, indices, ends = [], [], [0]
    for question in questions:
        weights = {stem: weight(stem) for stem in stems(question)}
        length = sum(value**2 for value in weights.values()) ** 0.5 or 1.0
        for stem, value in weights.items():
            data.append(value / length)
            indices.append(columns.setdefault(stem, len(columns)))
        ends.append(len(data))
    return csr_array((data, indices, ends), shape=(len(questions), max(1, len(columns))), dtype="float32")


def _most_typical_first(places: Sequence[int], vectors: Vectors, counts: Sequence[int]) -> list[int]:
    """By nearness to the middle of all that was asked."""
    middle = sum(counts[place] * vectors[place] for place in places)
    return sorted(places, key=lambda place: -float(vectors[place] @ middle))
