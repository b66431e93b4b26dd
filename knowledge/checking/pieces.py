"""The pieces of a passage that a sentence is held against, each with its vector, remembered from one to the next."""

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
# Passages whose pieces are remembered: those that questions meet again and again.
MET_AGAIN = 512


@dataclass(frozen=True)
class Pieces:
    """A passage in pieces: its sentences, up to three neighbours together, and all of it, with a vector for each.

    `words` are the vectors of its words, a row each.
    """

    texts: tuple[str, ...]
    vectors: Vectors
    words: Vectors


class PieceStore:
    """Takes passages to pieces, and remembers those that it has met."""

    def __init__(self, embed: Embed) -> None:
        """`embed` gives a row of length 1 for each text."""
        self._embed = embed
        self._known: dict[str, Pieces] = {}

    def of(self, passage: Passage) -> Pieces:
        """The pieces of `passage`."""
        found = self._known.get(passage.digest)
        if found is None:
            found = self._taken_apart(passage)
            if len(self._known) >= MET_AGAIN:
                self._known.clear()
            self._known[passage.digest] = found
        return found

    def _taken_apart(self, passage: Passage) -> Pieces:
        said = [sentence for unit in passage.units for sentence in sentences(unit)]
        runs = [
            " ".join(said[first : first + many])
            for many in range(1, WIDEST + 1)
            for first in range(len(said) - many + 1)
        ]
        texts = tuple(dict.fromkeys((*runs, passage.text)))
        words = list(dict.fromkeys(content_words(f"{passage.title} {passage.section} {passage.text}")))
        vectors = self._embed([*texts, *words])
        return Pieces(texts, vectors[: len(texts)], vectors[len(texts) :])
