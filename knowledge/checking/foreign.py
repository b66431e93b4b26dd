"""What of a sentence is foreign to its passages: words far from all of theirs, words that load a claim."""

from __future__ import annotations

import functools
import re
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from knowledge.words import FUNCTION_WORDS, stem, words

if TYPE_CHECKING:
    from knowledge.checking.pieces import Embed, Pieces
    from knowledge.embedder import Vectors

LOADED = Path(__file__).with_name("loaded.txt")
# So many strange words are looked at; a sentence with more of them fails by their number.
MOST = 8
# Strange words with nothing near them; more of them make no difference.
FARTHEST = 4
# Cosine of two words up to which they have nothing to do with each other: of the strange words of true sentences nine
# in ten come no nearer to a loaded one.
UNRELATED = 0.4
# From so much nearer to a loaded word on than any word of its passages (a difference of cosines), a word loads a claim.
LOADING = 0.15
# The way of loading that says that something is left undone.
FORGOING = "forgoing"

_DENIAL = re.compile(r"(?:\b(?:not|no|never|nor)|n['’]t)\s+(?:\w+\s+)?$", re.I)
_DENIES = re.compile(r"\b(?:not|no|never|nor|neither|without|cannot)\b|n['’]t\b", re.I)
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")


class Foreign:
    """Measures how foreign sentences are to what is held against them."""

    def __init__(self, embed: Embed) -> None:
        """`embed` gives a row of length 1 for each text."""
        self._embed = embed

    def far(self, sentence: str, known: Collection[str], held: Sequence[Pieces]) -> float:
        """How far the words of `sentence` whose stems are not `known` are from the nearest of `held`, from 0 to 1.

        It is the sum over these strange words of one less the cosine, as a share of `FARTHEST`.
        """
        strange = [one[0].lower() for one in strange_words(sentence, known)]
        if not strange:
            return 0.0
        vectors = self._embed(strange[:MOST])
        cosines = [vectors @ one.words.T for one in held if len(one.words)]
        distances = [1 - max(float(one[place].max()) for one in cosines) for place in range(len(vectors))]
        return min(sum(distances), FARTHEST) / FARTHEST

    def loads(self, sentence: str, known: Collection[str], held: Sequence[Pieces], piece: str) -> bool:
        """Whether a word of `sentence` loads its claim (it insults, assures, belittles or leaves something undone) in a
        way in which no word of `held` does. What is denied ("not merely") loads nothing, and where `piece`, which it is
        from, denies something, to leave it undone is no more than that.
        """
        spoken = [one[0].lower() for one in strange_words(sentence, known, self._ways[0]) if not _denied(sentence, one)]
        if not spoken:
            return False
        vectors = self._embed(spoken[:MOST])
        for name, way in self._ways[1].items():
            if name == FORGOING and _DENIES.search(piece):
                continue
            common = max([UNRELATED, *(float((one.words @ way.T).max()) for one in held if len(one.words))])
            if float((vectors @ way.T).max()) - common >= LOADING:
                return True
        return False

    @functools.cached_property
    def _ways(self) -> tuple[frozenset[str], dict[str, Vectors]]:
        """The words that load a claim, and the vectors of those of each way, by its name."""
        lines = [line for line in LOADED.read_text("utf-8").splitlines() if line and not line.startswith("#")]
        ways = {name.strip(): listed.split() for name, _, listed in (line.partition("|") for line in lines)}
        return frozenset(word for way in ways.values() for word in way), {
            name: self._embed(way) for name, way in ways.items()
        }


def strange_words(sentence: str, known: Collection[str], even: Collection[str] = ()) -> list[re.Match[str]]:
    """The words of `sentence` that carry meaning, or are in `even`, whose stems are not `known`; numbers are none."""
    return [
        match
        for match in _WORD.finditer(sentence)
        if any(
            stem(word) not in known and not word[0].isdigit() and (word not in FUNCTION_WORDS or word in even)
            for word in words(match[0])
        )
    ]


def _denied(sentence: str, word: re.Match[str]) -> bool:
    return _DENIAL.search(sentence[: word.start()]) is not None
