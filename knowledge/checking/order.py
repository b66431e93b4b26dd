"""Who does what to whom: whether a sentence puts its passage's words in another order, and so in other roles."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from knowledge.checking.figures import in_digits
from knowledge.checking.wordlists import WORDS
from knowledge.words import FUNCTION_WORDS, content_words, stem, words

# Share of a sentence's words that must be its passage's own before their order tells anything.
MOSTLY = 0.9
# Words that carry meaning, from one to the next that belongs to it, in a passage.
REACH = 3
# Share of a sentence's neighbouring words that must be neighbours in its passage, in that order, and from how many
# pairs of neighbours on that tells anything. By hand on the graded sentences that are not held back: 22 of 65 swaps,
# 4 of 12 exchanged roles and 1 of 430 true sentences keep fewer.
KEPT, FEWEST = 0.6, 3
# How many words on either side of one are those that it joins.
BESIDE = 2

# Where words no longer stand in one relation.
_JOINT = re.compile(
    r"[,;:.!?—–]|\b(?:and|or|but|while|whereas|if|when|where|which|that|who|because|since|so|than|it|they|he|she)\b",
    re.I,
)
# What stands in another clause may come first or last.
_CLAUSE = re.compile(r"[,;:.!?—–]|\b(?:once|after|before|until|unless|when|if|while|because|since)\b", re.I)
# Passive voice and its like turn a sentence round and leave its sense: "costs are monitored", "is one of the benefits".
_PASSIVE = re.compile(
    r"\b(?:is|are|was|were|be|been|being|gets?)\s+(?:not\s+)?(?:\w+ly\s+)?(?:\w+(?:ed|en|wn)|possible|one of|sold|made"
    r"|kept|left|built|paid|held|sent|told|done|found|bought|brought|put|set|cut|run|met|taught|led|lost|spent)\b",
    re.I,
)


def swaps(sentence: str, passage: str) -> bool:
    """Whether `sentence` gives the words of `passage`, the words nearest to it, other roles, without a turn of phrase
    that would leave the sense as it is.
    """
    said, held = dict.fromkeys(_subjects(sentence)), frozenset(_subjects(passage))
    shared = sum(word in held for word in said)
    if shared < 3 or shared < MOSTLY * len(said) or _PASSIVE.search(sentence):
        return False
    return _kept(sentence, passage) < KEPT or _turned_about(sentence, passage)


def _kept(sentence: str, passage: str) -> float:
    """The share of neighbours in the clauses of `sentence` that are neighbours in `passage`; 1 where they are few."""
    held = _hinged(passage)
    places: dict[str, list[int]] = {}
    for place, (word, _) in enumerate(held):
        places.setdefault(word, []).append(place)
    turnable = {(one, other) for (one, _), (other, hinged) in pairwise(held) if hinged}

    def follows(one: str, other: str) -> bool:
        return any(0 < second - first <= REACH for first in places[one] for second in places[other])

    kept = [
        follows(one, other) or (follows(other, one) and (hinged or (other, one) in turnable))
        for clause in _CLAUSE.split(sentence)
        for (one, _), (other, hinged) in pairwise([entry for entry in _hinged(clause) if entry[0] in places])
        if one != other
    ]
    return sum(kept) / len(kept) if len(kept) >= FEWEST else 1.0


def _hinged(text: str) -> list[tuple[str, bool]]:
    """The stems of the words of `text` that carry meaning, numbers left out, and whether a hinge precedes each."""
    found: list[tuple[str, bool]] = []
    hinged = False
    for word in words(in_digits(text)):
        if word in FUNCTION_WORDS or word[0].isdigit():
            hinged = hinged or word in WORDS["hinges"]
        else:
            found.append((stem(word), hinged))
            hinged = False
    return found


def _turned_about(sentence: str, passage: str) -> bool:
    """Whether what stands around a word has changed sides: "nurses check patients", "patients check nurses"."""
    around = {word: (left, right) for clause in _clauses(passage) for word, left, right in _with_sides(clause)}
    return any(
        word in around and not around[word][0].isdisjoint(right) and not around[word][1].isdisjoint(left)
        for clause in _clauses(sentence)
        for word, left, right in _with_sides(clause)
    )


def _with_sides(clause: Sequence[str]) -> Iterator[tuple[str, frozenset[str], frozenset[str]]]:
    """Each word of `clause` with those that stand near before it and after it; what comes twice has no side."""
    clause = [word for word, times in Counter(clause).items() if times == 1]
    for place, word in enumerate(clause):
        left, right = clause[max(0, place - BESIDE) : place], clause[place + 1 : place + 1 + BESIDE]
        yield word, frozenset(left), frozenset(right)


def _clauses(text: str) -> list[list[str]]:
    return [_subjects(clause) for clause in _JOINT.split(text)]


def _subjects(text: str) -> list[str]:
    """The stems of the words of `text` that carry meaning and are no numbers, in order."""
    return [word for word in map(stem, content_words(in_digits(text))) if not word[0].isdigit()]
