"""What is measured of the best passage for a question: the features that decide whether it answers.

None of them knows a document. They were chosen on `script_questions_own`, `handbook_questions_own`, `out_of_scope_own`
and `uncovered_own`, each question with its passages and without them, cross-validated by topic (AUROC 0.86 for passages
without written questions). Distances to further passages, the words of the three best, boosted trees and soft coverage
from the model's token states were measured too: they add nothing.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from knowledge.chunks import Passage, Place
from knowledge.evidence import names_in
from knowledge.lexical import K1, Lexical
from knowledge.rows import PassageRows
from knowledge.search import UNRELATED, Found, Met
from knowledge.words import content_words, stem, stems, words

# Passages that stand for what the corpus has on a subject at all.
ABOUT = 10
# Passages whose stems are remembered: those that questions meet again and again.
MET_AGAIN = 4_096
# Documents whose words are remembered: those in which questions look for a name again and again.
DOCUMENTS = 128


class Corpus:
    """What the passages of an index hold, word by word."""

    def __init__(self, passages: PassageRows, lexical: Lexical) -> None:
        self.lexical = lexical
        self._stems = lru_cache(MET_AGAIN)(lambda name: frozenset(stems(_told(passages[name]))))
        self._hints = lru_cache(MET_AGAIN)(lambda name: frozenset(stems(_hinted(passages[name]))))
        self._words = lru_cache(DOCUMENTS)(
            lambda document: frozenset(word for one in passages.of_document(document) for word in words(_told(one)))
        )

    def stems(self, passage: Passage) -> frozenset[str]:
        """The stems of what a passage says and stands under."""
        return self._stems(passage.id)

    def asked_by(self, passage: Passage) -> frozenset[str]:
        """The same, and those of the questions that it is known to answer."""
        return self._stems(passage.id) | self._hints(passage.id)

    def lacks(self, names: Collection[str], document: str) -> float:
        """The share of proper names that a document does not hold: "Bedrock" where it speaks of another provider."""
        if not names:
            return 0.0
        held = self._words(document)
        return sum(name not in held and name.removesuffix("s") not in held for name in names) / len(names)


def measure(
    met: Met,
    found: Sequence[Found],
    texts: Any,
    corpus: Corpus,
    asked: frozenset[str],
    named: Collection[Place],
) -> dict[str, float]:
    """The features of the best passage, all near 0 to 1 by nature; `texts` are the cosines of all that was met."""
    best, passage, lexical = found[0], found[0].passage, corpus.lexical
    subjects = {stem(word) for word in content_words(met.mended)}
    weight = {word: lexical.idf(word) for word in subjects}
    whole = sum(weight.values()) or 1.0
    held = corpus.stems(passage)

    def share(known: Collection[str]) -> float:
        """How much of the question's subjects is known, by weight."""
        return sum(weight[word] for word in subjects if word in known) / whole

    elsewhere = (one.score for one in found if one.passage.place != passage.place)
    return {
        "score": best.score,
        "unit": max(best.units, default=UNRELATED),
        "about": float(np.sort(texts)[::-1][:ABOUT].mean()),
        "above_section": best.score - next(elsewhere, UNRELATED),
        "coverage": share(held),
        "coverage_asked": share(corpus.asked_by(passage)),
        "rarest_missing": max((weight[word] for word in subjects if word not in held), default=0.0)
        / max(weight.values(), default=1.0),
        "unknown": sum(weight[word] for word in subjects if word not in lexical) / whole,
        "lexical": min(1.0, best.lexical / ((K1 + 1) * whole)),
        "lacks_name": corpus.lacks(names_in(met.question), passage.document),
        "by_name": float(passage.kind in asked),
        "section_named": float(passage.place in named),
        "words": math.log1p(len(subjects)),
    }


def _told(passage: Passage) -> str:
    return f"{passage.headings} {passage.lead} {passage.text}"


def _hinted(passage: Passage) -> str:
    return " ".join((*passage.words, *(hint.text for hint in passage.hints)))
