"""How well a passage supports a sentence: by nearness of meaning, by words and by what is foreign, weighed by a fitted
logistic regression.

The weights lie in `support.json` with the command that made them (`finops-bot eval --fit`, over sentences that models
wrote, true ones and others).
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from knowledge.checking.figures import in_digits
from knowledge.checking.foreign import Foreign
from knowledge.checking.pieces import taken_apart
from knowledge.checking.sense import alike
from knowledge.checking.wordlists import STEMS
from knowledge.chunks import Passage
from knowledge.odds import Odds
from knowledge.words import content_words, frequency, stem, stems

if TYPE_CHECKING:
    from knowledge.checking.pieces import Embed

WEIGHTS = Path(__file__).with_name("support.json")
# Passages whose pieces are remembered: those that questions meet again and again.
MET_AGAIN = 512
# How much shared words count beside nearness, when the piece is sought that a sentence is taken from.
SHARED = 0.5
# The commonest words occur some 10^7 times in the word list.
COMMONEST = 7.0
# A strange word rarer than this is a name or a term of another subject: the logarithm of its count in the word list
# over that of the commonest, so a count of some 630. Of the graded sentences that are not held back, 1 true one of 500
# has such a word, and 12 others.
RAREST = 0.4
MEASURES = ("nearness", "rarest", "far")
# What sentences about sources are made of, beside their subject.
FRAME_WORDS = STEMS["own"] | STEMS["frame"]


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
        self._pieces = lru_cache(MET_AGAIN)(lambda passage: taken_apart(passage, embed))
        self._foreign = Foreign(embed)

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
        texts = [f"{one.title} {one.section} {one.text}" for one in passages]
        hints = [hint.text for one in passages for hint in one.hints]
        held = FRAME_WORDS.union(stems(" ".join((*texts, *hints))))
        held |= alike(held)
        measures = dict.fromkeys(MEASURES, 0.0)
        if any(word in held - FRAME_WORDS for word in said):  # else what is in any sentence is in these passages, too
            strange = [math.log10(frequency(word) + 1) for word in spoken if stem(word) not in held]
            measures = {
                "nearness": nearest,
                "rarest": min(strange, default=COMMONEST) / COMMONEST,
                "far": self._foreign.far(plain, held, pieces),
            }
        return Look(measures, piece, self._foreign.loads(plain, held, pieces, piece))


class Support:
    """Judges the measures by fitted weights."""

    def __init__(self, weights: Mapping[str, Any] | None = None) -> None:
        table = weights if weights is not None else json.loads(WEIGHTS.read_text("utf-8"))
        self._odds = Odds(table)
        self._from = float(table["support_from"])

    def suffices(self, measures: Mapping[str, float]) -> bool:
        """Whether a sentence of those measures is supported."""
        return measures["rarest"] >= RAREST and self.chance(measures) >= self._from

    def chance(self, measures: Mapping[str, float]) -> float:
        """How likely it is that a sentence of those measures says what its passages say."""
        return self._odds.chance(measures)
