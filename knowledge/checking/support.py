"""How well a passage supports a sentence: by nearness of meaning and by words, weighed by a fitted logistic regression.

The weights lie in `support.json` with the command that made them (`finops-bot eval --fit`, over sentences that models
wrote, true ones and others).
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from knowledge.checking.figures import in_digits
from knowledge.checking.origins import OWN_WORDS
from knowledge.checking.sense import alike
from knowledge.chunks import Passage, sentences
from knowledge.odds import Odds
from knowledge.words import content_words, frequency, stem, stems

if TYPE_CHECKING:
    from knowledge.embedder import Vectors

WEIGHTS = Path(__file__).with_name("support.json")
# A sentence may put together what so many neighbouring sentences of a passage say.
WIDEST = 3
_REASON = re.compile(
    r"\b(?:because|since|due to|thanks to|owing to|so that|in order to|as a result of|built by|led by)\b", re.I
)
# How much shared words count beside nearness, when the piece is sought that a sentence is taken from.
SHARED = 0.5
# The commonest words occur some 10^7 times in the word list.
COMMONEST = 7.0
# Passages whose pieces are remembered: those that questions meet again and again.
MET_AGAIN = 512
MEASURES = ("nearness", "held", "hinted", "new", "added", "reason", "rarest")
# What sentences about sources are made of, beside their subject.
_FRAME = (
    "show describe mention name list give call explain point present offer compare liken speak refer answer picture "
    "main major first second third fourth fifth include consist involve mean idea role help make work project viewer "
    "host audience ask invite raise hint phrase word plain short simple way upwards north purpose"
)
FRAME_WORDS = OWN_WORDS | frozenset(map(stem, _FRAME.split()))


class Evidence:
    """The pieces of passages that sentences are held against, with their vectors."""

    def __init__(self, embed: Callable[[Sequence[str]], Vectors]) -> None:
        self._embed = embed
        self._pieces: dict[str, tuple[tuple[str, ...], Vectors]] = {}

    def pieces(self, passage: Passage) -> tuple[tuple[str, ...], Vectors]:
        """The sentences of a passage, up to three neighbours together, and all of it, each with its vector."""
        found = self._pieces.get(passage.digest)
        if found is None:
            said = [sentence for unit in passage.units for sentence in sentences(unit)]
            runs = [
                " ".join(said[first : first + many])
                for many in range(1, WIDEST + 1)
                for first in range(len(said) - many + 1)
            ]
            pieces = tuple(dict.fromkeys((*runs, passage.text)))
            found = pieces, self._embed(pieces)
            if len(self._pieces) >= MET_AGAIN:
                self._pieces.clear()
            self._pieces[passage.digest] = found
        return found

    def measure(self, sentence: str, passages: Sequence[Passage]) -> tuple[dict[str, float], str]:
        """How well `passages` support `sentence`, and the piece of them that comes nearest to it."""
        vector = self._embed([sentence])[0]
        spoken = [word for word in content_words(in_digits(sentence)) if not word[0].isdigit()]
        said = [stem(word) for word in spoken]
        count = max(1, len(said))
        nearest, closest, piece = -1.0, -1.0, ""
        for passage in passages:
            pieces, vectors = self.pieces(passage)
            for one, near in zip(pieces, (vectors @ vector).tolist(), strict=True):
                nearest = max(nearest, near)
                shared = near + SHARED * len(set(said) & set(stems(one))) / count
                if shared > closest:
                    closest, piece = shared, one
        texts = " ".join(f"{one.title} {one.section} {one.text}" for one in passages)
        held = frozenset(map(stem, content_words(texts))) | FRAME_WORDS
        hinted = held.union(stem(word) for one in passages for hint in one.hints for word in content_words(hint.text))
        hinted |= alike(hinted)
        new = [word for word in spoken if stem(word) not in hinted]
        if not any(word in hinted - FRAME_WORDS for word in said):
            return dict.fromkeys(MEASURES, 0.0), piece  # what is in any sentence is in these passages, too
        told = set(stems(piece))
        told_again = len(told & (set(said) | alike(said))) / max(1, len(told))
        return {
            "nearness": nearest,
            "held": sum(word in held for word in said) / count,
            "hinted": sum(word in hinted for word in said) / count,
            "new": min(len(new), 8) / 8,
            # What is told nearly whole and has more to it was added to.
            "added": told_again * min(len(new), 8) / 8,
            "reason": float(bool(_REASON.search(sentence)) and not _REASON.search(texts)),
            "rarest": min((math.log10(frequency(word) + 1) for word in new), default=COMMONEST) / COMMONEST,
        }, piece


class Support:
    """Judges the measures by fitted weights."""

    def __init__(self, weights: Mapping[str, Any] | None = None) -> None:
        table = weights if weights is not None else json.loads(WEIGHTS.read_text("utf-8"))
        self._odds = Odds(table)
        self._from = float(table["support_from"])

    def suffices(self, measures: Mapping[str, float]) -> bool:
        """Whether a sentence of those measures is supported."""
        return self.chance(measures) >= self._from

    def chance(self, measures: Mapping[str, float]) -> float:
        """How likely it is that a sentence of those measures says what its passages say."""
        return self._odds.chance(measures)
