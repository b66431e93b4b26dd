"""A team's documents, made up: as many passages as wanted, beside the library's own, in a real index.

Each sentence is made of halves of two real ones and a name of its own, so that words are spread as in real texts, and
its vector is the mean of theirs with some noise: so many texts could not be embedded within minutes.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from knowledge.chunks import Passage
from knowledge.embedder import Embedder
from knowledge.generations import IndexFolder
from knowledge.index import entries
from knowledge.meaning import in_batches

if TYPE_CHECKING:
    from knowledge.embedder import Vectors

# What the names of its documents begin with.
TEAM = "team-"
# Chunks of a section, and sections of a document.
SECTION, DOCUMENT = 5, 10
SENTENCES = (2, 3, 4)
# The length of the noise beside a vector of length 1.
NOISE = 0.3
_SYLLABLES = ("ba", "do", "fen", "gri", "ka", "lor", "mi", "nu", "pel", "ra", "sto", "tu", "vex", "wi", "yan", "zo")


@dataclass(frozen=True)
class Sentences:
    """Real sentences, cut into words, and their vectors, a row each."""

    words: Sequence[Sequence[str]]
    vectors: Vectors


def build(home: Path, own: Sequence[Passage], embedder: Embedder, count: int, model: str) -> float:
    """Build an index of `own` passages and `count` made up ones in `home`; the seconds that the index took."""
    texts = [entry.text for passage in own for entry in entries(passage)]
    real = Sentences([text.split() for text in texts], in_batches(texts, embedder.embed))
    ends = np.cumsum([sum(1 for _ in entries(passage)) for passage in own])
    started = time.perf_counter()
    # They are made up twice, as all their vectors at once would be most of the memory that this takes.
    passages = [*own, *(passage for passage, _ in _made_up(real, count))]
    new = chain(np.split(real.vectors, ends[:-1]), (vectors for _, vectors in _made_up(real, count)))
    IndexFolder(home).build(None, passages, new, model).close()
    return time.perf_counter() - started


def _made_up(real: Sentences, count: int) -> Iterator[tuple[Passage, Vectors]]:
    """Passages, with a row for each of their entries."""
    chance, noise = random.Random(count), np.random.default_rng(count)
    for number in range(count):
        name = _name(number)
        if number % SECTION == 0:
            section = f"Notes on {name}"
        pairs = [chance.sample(range(len(real.words)), 2) for _ in range(chance.choice(SENTENCES))]
        units = tuple(_sentence(real.words[one], real.words[other], name) for one, other in pairs)
        vectors = np.stack([real.vectors[pair].mean(axis=0) for pair in pairs])
        vectors = np.concatenate([vectors.mean(axis=0, keepdims=True), vectors])
        vectors += noise.normal(0, NOISE / vectors.shape[1] ** 0.5, vectors.shape)
        document = f"{TEAM}{number // (SECTION * DOCUMENT)}"
        yield (
            Passage(
                id=f"{document}/made-up/content/{number}",
                document=document,
                title=f"Handbook {number // (SECTION * DOCUMENT)} of the team",
                section=section,
                locator=None,
                url=None,
                kind="content",
                lead="",
                units=units,
                order=number % (SECTION * DOCUMENT),
            ),
            (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32),
        )


def _sentence(one: Sequence[str], other: Sequence[str], name: str) -> str:
    words = [*one[: (len(one) + 1) // 2], name, *other[len(other) // 2 :]]
    return f"{' '.join(words).strip('.?!').capitalize()}."


def _name(number: int) -> str:
    """A word that no other number has."""
    syllables: list[str] = []
    while number or len(syllables) < 2:
        number, place = divmod(number, len(_SYLLABLES))
        syllables.append(_SYLLABLES[place])
    return "".join(syllables).capitalize()
