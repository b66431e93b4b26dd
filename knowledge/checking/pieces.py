"""What of its passages bears on a sentence: their nearest piece, and which of its words are foreign to them.

Words are foreign that are far from all of theirs, or that load a claim in a way in which none of theirs does.
"""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from knowledge.checking.figures import in_digits
from knowledge.checking.sense import alike
from knowledge.checking.wordlists import FRAME_WORDS
from knowledge.chunks import Passage, sentences
from knowledge.words import FUNCTION_WORDS, content_words, frequency, stem, stems, words

if TYPE_CHECKING:
    from knowledge.embedder import Vectors

    Embed = Callable[[Sequence[str]], Vectors]

LOADED = Path(__file__).with_name("loaded.txt")
# A sentence may put together what so many neighbouring sentences of a passage say.
WIDEST = 3
# Passages whose pieces are remembered: those that questions meet again and again.
MET_AGAIN = 512
# How much shared words count beside nearness, when the piece is sought that a sentence is taken from.
SHARED = 0.5
# The commonest words occur some 10^7 times in the word list.
COMMONEST = 7.0
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
MEASURES = ("nearness", "rarest", "far")

_DENIAL = re.compile(r"(?:\b(?:not|no|never|nor)|n['’]t)\s+(?:\w+\s+)?$", re.I)
_DENIES = re.compile(r"\b(?:not|no|never|nor|neither|without|cannot)\b|n['’]t\b", re.I)
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")


@dataclass(frozen=True)
class Pieces:
    """A passage in pieces: its sentences, up to three neighbours together, and all of it, with a vector for each.

    `words` are the vectors of its words, a row each.
    """

    texts: tuple[str, ...]
    vectors: Vectors
    words: Vectors


@dataclass(frozen=True)
class Look:
    """What was measured of a sentence, the piece of its passages that is nearest, and whether it loads its claim."""

    measures: Mapping[str, float]
    piece: str
    loaded: bool


class Evidence:
    """Holds sentences against the pieces of passages."""

    def __init__(self, embed: Embed) -> None:
        """`embed` gives a row of length 1 for each text."""
        self._embed = embed
        self._pieces = functools.lru_cache(MET_AGAIN)(self._taken_apart)

    def look(self, sentence: str, passages: Sequence[Passage]) -> Look:
        """What of `passages` bears on `sentence`."""
        pieces = [self._pieces(passage) for passage in passages]
        vector = self._embed([sentence])[0]
        plain = in_digits(sentence)
        spoken = [word for word in content_words(plain) if not word[0].isdigit()]
        said = [stem(word) for word in spoken]
        count = max(1, len(said))
        nearest, closest, piece = -1.0, -1.0, ""
        for one in pieces:
            for text, near in zip(one.texts, (one.vectors @ vector).tolist(), strict=True):
                nearest = max(nearest, near)
                shared = near + SHARED * len(set(said) & set(stems(text))) / count
                if shared > closest:
                    closest, piece = shared, text
        known = known_stems(passages)
        held = [one.words for one in pieces if len(one.words)]
        measures = dict.fromkeys(MEASURES, 0.0)
        if any(word in known - FRAME_WORDS for word in said):  # else what is in any sentence is in these passages, too
            strange = [math.log10(frequency(word) + 1) for word in spoken if stem(word) not in known]
            measures = {
                "nearness": nearest,
                "rarest": min(strange, default=COMMONEST) / COMMONEST,
                "far": self._far(plain, known, held),
            }
        return Look(measures, piece, self._loads(plain, known, held, piece))

    def _taken_apart(self, passage: Passage) -> Pieces:
        said = [sentence for unit in passage.units for sentence in sentences(unit)]
        runs = [
            " ".join(said[first : first + many])
            for many in range(1, WIDEST + 1)
            for first in range(len(said) - many + 1)
        ]
        texts = tuple(dict.fromkeys((*runs, passage.text)))
        spoken = list(dict.fromkeys(content_words(f"{passage.title} {passage.section} {passage.text}")))
        vectors = self._embed([*texts, *spoken])
        return Pieces(texts, vectors[: len(texts)], vectors[len(texts) :])

    def _far(self, sentence: str, known: Collection[str], held: Sequence[Vectors]) -> float:
        """How far the words of `sentence` whose stems are not `known` are from the nearest of `held`, from 0 to 1.

        It is the sum over these strange words of one less the cosine, as a share of `FARTHEST`.
        """
        strange = [one[0].lower() for one in _strange_words(sentence, known)]
        if not strange:
            return 0.0
        vectors = self._embed(strange[:MOST])
        cosines = [vectors @ one.T for one in held]
        distances = [1 - max(float(one[place].max()) for one in cosines) for place in range(len(vectors))]
        return min(sum(distances), FARTHEST) / FARTHEST

    def _loads(self, sentence: str, known: Collection[str], held: Sequence[Vectors], piece: str) -> bool:
        """Whether a word of `sentence` loads its claim (it insults, assures, belittles or leaves something undone) in a
        way in which no word of `held` does. What is denied ("not merely") loads nothing, and where `piece`, which it is
        from, denies something, to leave it undone is no more than that.
        """
        loaded = frozenset(word for way in _ways().values() for word in way)
        strange = _strange_words(sentence, known, loaded)
        spoken = [one[0].lower() for one in strange if not _DENIAL.search(sentence[: one.start()])]
        if not spoken:
            return False
        vectors = self._embed(spoken[:MOST])
        for name, way in self._loading.items():
            if name == FORGOING and _DENIES.search(piece):
                continue
            common = max([UNRELATED, *(float((one @ way.T).max()) for one in held)])
            if float((vectors @ way.T).max()) - common >= LOADING:
                return True
        return False

    @functools.cached_property
    def _loading(self) -> dict[str, Vectors]:
        """The vectors of the words that load a claim, by the way in which they do."""
        return {name: self._embed(way) for name, way in _ways().items()}


def known_stems(passages: Sequence[Passage]) -> frozenset[str]:
    """The stems that are no news beside these passages: their own, those like them, and those of any sentence."""
    texts = [f"{one.title} {one.section} {one.text}" for one in passages]
    hints = [hint.text for one in passages for hint in one.hints]
    held = FRAME_WORDS.union(stems(in_digits(" ".join((*texts, *hints)))))
    return held | alike(held)


@functools.cache
def _ways() -> Mapping[str, Sequence[str]]:
    """The words that load a claim, by the way in which they do."""
    lines = [line for line in LOADED.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    return {name.strip(): listed.split() for name, _, listed in (line.partition("|") for line in lines)}


def _strange_words(sentence: str, known: Collection[str], even: Collection[str] = ()) -> list[re.Match[str]]:
    """The words of `sentence` that carry meaning, or are in `even`, whose stems are not `known`; numbers are none."""
    return [
        match
        for match in _WORD.finditer(sentence)
        if any(
            stem(word) not in known and not word[0].isdigit() and (word not in FUNCTION_WORDS or word in even)
            for word in words(match[0])
        )
    ]
