"""The pieces of a passage that a sentence is held against, each with its vector."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from knowledge.chunks import Passage, sentences
from knowledge.words import content_words

if TYPE_CHECKING:
    from knowledge.embedder import Vectors

    Embed = Callable[[Sequence[str]], Vectors]

# A sentence may put together what so many neighbouring sentences of a passage say.
WIDEST = 3


@dataclass(frozen=True)
class Pieces:
    """A passage in pieces: its sentences, up to three neighbours together, and all of it, with a vector for each.

    `words` are the vectors of its words, a row each.
    """

    texts: tuple[str, ...]
    vectors: Vectors
    words: Vectors


def taken_apart(passage: Passage, embed: Embed) -> Pieces:
    """The pieces of `passage`; `embed` gives a row of length 1 for each text."""
    said = [sentence for unit in passage.units for sentence in sentences(unit)]
    runs = [
        " ".join(said[first : first + many]) for many in range(1, WIDEST + 1) for first in range(len(said) - many + 1)
    ]
    texts = tuple(dict.fromkeys((*runs, passage.text)))
    words = list(dict.fromkeys(content_words(f"{passage.title} {passage.section} {passage.text}")))
    vectors = embed([*texts, *words])
    return Pieces(texts, vectors[: len(texts)], vectors[len(texts) :])
