"""What is measured of the best passage for a question: the features that decide whether it answers.

None of them knows a document. They were chosen on `script_questions_own`, `handbook_questions_own`, `out_of_scope_own`
and `uncovered_own`, each question with its passages and without them (AUROC 0.90, cross-validated by topic). Soft
coverage from the model's token states was measured too: it adds 0.002 and costs an embedding of each passage, so it is
not there.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from knowledge.chunks import Passage, Place
from knowledge.evidence import names_in
from knowledge.lexical import K1, Lexical
from knowledge.rows import PassageRows
from knowledge.search import UNRELATED, Found, Met
from knowledge.words import content_words, stem, stems, words

if TYPE_CHECKING:
    from collections.abc import Iterable

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
    best, others = found[0], found[1:]
    passage, lexical = best.passage, corpus.lexical
    subjects = {stem(word) for word in content_words(met.mended)}
    weight = {word: lexical.idf(word) for word in subjects}
    whole = sum(weight.values()) or 1.0

    def share(held: Collection[str]) -> float:
        """How much of the question's subjects is held, by weight."""
        return sum(weight[word] for word in subjects if word in held) / whole

    shown = sorted(range(len(best.units)), key=lambda place: -best.units[place])[:2]
    told = " ".join((passage.headings, passage.lead, *(passage.units[place] for place in shown)))
    three = frozenset[str]().union(*(corpus.asked_by(one.passage) for one in found[:3]))
    names = names_in(met.question)
    unit = max(best.units, default=UNRELATED)
    return {
        "score": best.score,
        "text": best.text,
        "unit": unit,
        "hint": best.hint,
        "by_hint_alone": max(0.0, best.hint - max(best.text, unit)),
        "about": float(np.sort(texts)[::-1][:ABOUT].mean()),
        "nearest_text": float(texts.max()),
        "above_next": best.score - float(np.mean([one.score for one in others[:ABOUT]] or [UNRELATED])),
        "above_document": best.score - _first(others, lambda one: one.passage.document != passage.document),
        "above_section": best.score - _first(others, lambda one: one.passage.place != passage.place),
        "coverage": share(corpus.stems(passage)),
        "coverage_asked": share(corpus.asked_by(passage)),
        "coverage_three": share(three),
        "coverage_units": share(frozenset(stems(told))),
        "in_headings": share(frozenset(stems(passage.headings))),
        "unknown": sum(weight[word] for word in subjects if word not in lexical) / whole,
        "lexical": min(1.0, best.lexical / ((K1 + 1) * whole)),
        "lacks_name": corpus.lacks(names, passage.document),
        "by_name": float(passage.kind in asked),
        "section_named": float(passage.place in named),
        "both_agree": float(_most(found, "text").document == _most(found, "lexical").document),
        "words": math.log1p(len(subjects)),
    }


def _first(found: Iterable[Found], fits: Any) -> float:
    return next((one.score for one in found if fits(one)), UNRELATED)


def _most(found: Sequence[Found], name: str) -> Passage:
    best: Found = max(found, key=lambda one: getattr(one, name))
    return best.passage


def _told(passage: Passage) -> str:
    return f"{passage.headings} {passage.lead} {passage.text}"


def _hinted(passage: Passage) -> str:
    return " ".join((*passage.words, *(hint.text for hint in passage.hints)))
