"""Answers that were written before, for questions that ask for the same: near in meaning, answered by the same units.

A question that may be answered by yes or no, or that differs in a denial, a figure, a place in a list or in how many
questions it holds, is another one unless its words are the same.

Measured (`finops-bot eval --cache tests/eval/script_questions_*.jsonl`): of 260 different questions 22 (8.5 %) get an
answer that was kept for another, none of which asks for something else. Down to a cosine of 0.65 it would be 42 with
none wrong by their grades, but there are "start time of the conclusion" and "how long is it" among them, at 0.70.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cachetools import LRUCache

from knowledge.answer import Answer
from knowledge.question import item_asked
from knowledge.words import content_words, stem, words

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vector = NDArray[np.float32]

# From this cosine on, two questions with the same answer in the sources ask for the same.
SAME = 0.75
MOST = 2_000
_YES_OR_NO = re.compile(
    r"(?:\W*+(?:(?:and|so|but|ok|well|hey|hi)\W++)++)?+(?:is|are|was|were|does|do|did|can|could|should|would|will|has|have|isn't|"
    r"aren't|doesn't|don't|didn't|can't|won't)\b",
    re.I,
)
# "Which chapter, and in which book?" asks twice; "chapter name" asks once as well.
_ASKING = re.compile(r"\b(?:what|which|who|whom|whose|when|where|why|how)\b", re.I)
_DENIALS = frozenset(("not", "no", "never", "without", "except", "besides", "other", "only", "least", "most"))


@dataclass(frozen=True)
class Asking:
    """What a question asks for: its vector, and the units of the sources that answer it by passage."""

    text: str
    vector: Vector
    units: tuple[tuple[str, tuple[int, ...]], ...]


class AnswerCache:
    """The newest answers of one generation of the index; another generation has a cache of its own."""

    def __init__(self, most: int = MOST) -> None:
        self._answers: LRUCache[tuple[object, ...], list[tuple[Asking, Answer]]] = LRUCache(most, getsizeof=len)

    def get(self, asking: Asking) -> Answer | None:
        """The answer to a question that asks for the same; None where there is none."""
        known = self._answers.get(_key(asking), [])
        return next((answer for other, answer in reversed(known) if _same(asking, other)), None)

    def put(self, asking: Asking, answer: Answer) -> None:
        """Keep an answer; those that were met longest ago go."""
        key = _key(asking)
        self._answers[key] = [*self._answers.get(key, ()), (asking, answer)][-int(self._answers.maxsize) :]


def _key(asking: Asking) -> tuple[object, ...]:
    """What must be equal: the units, and those words of a question on which its answer may turn."""
    said = words(asking.text)
    turning = frozenset(word for word in said if word in _DENIALS or word.endswith("n't") or word.isdigit())
    exact = frozenset(map(stem, content_words(asking.text))) if _YES_OR_NO.match(asking.text) else None
    item = item_asked(asking.text)
    return asking.units, turning, exact, (item.place, item.one, item.other), max(1, len(_ASKING.findall(asking.text)))


def _same(one: Asking, other: Asking) -> bool:
    return float(one.vector @ other.vector) >= SAME
