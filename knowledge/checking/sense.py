"""Whether a sentence turns its passage round: a claim denied, a word for its opposite, who does what to whom."""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from knowledge.checking.figures import in_digits
from knowledge.words import FUNCTION_WORDS, content_words, stem, words, words_of

OPPOSITES = Path(__file__).with_name("opposites.txt")
# So much of a sentence must be its passage's own words before their order tells anything.
MOSTLY = 0.9
# So few of the pairs of its words then stand in the order of the passage.
TURNED = 0.4
# So many letters of a word are left without its "un".
LEAST_BARE = 4
# So near to a word stand those that it joins.
BESIDE = 2
# How many words that carry meaning a denial reaches.
REACH = 3

_TOKEN = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*|[,;:.!?—–]")
_NEGATORS = words_of(
    """not never no nor neither without cannot hardly rarely seldom scarcely nothing none nobody nowhere lacks lack
    lacking fails fail failed failing refuses refuse unable"""
)
# What is prevented is denied, whether it is named before or after.
_PREVENTED = frozenset(map(stem, words_of("prevent avoid stop sacrifice protect escape steer")))
_CAUSED = frozenset(map(stem, words_of("cause provoke trigger produce")))
# "Not just a nice-to-have" denies nothing but that it is all; "don't forget to ..." denies nothing at all.
_ALL = words_of("just only merely simply solely purely exclusively alone")
_ONLY = words_of("only merely solely purely exclusively")
_BEYOND = words_of("than of beyond more")  # "rather than only", "instead of just"
_UNDENIED = words_of("forget hesitate miss fail")
_CLAUSE = words_of(", ; : . ! ? — – but because while although whereas instead of")
# What does not come at the expense of something leaves it as it is; else it denies it.
_AT_NO_EXPENSE = re.compile(r"\b(?:\w+n't|not|never|without)(?: \w+){0,2} at the (?:expense|cost|price) of\b")
# The bounds of figures are looked at elsewhere.
_BOUNDS = re.compile(
    r"\b(?:(?:no|not) )?(?:more|less|fewer|greater|higher|lower) than\b|\bat (?:the )?(?:least|most)\b"
)
_AT_EXPENSE = re.compile(r"\bat the (?:expense|cost|price) of\b")


# Where words no longer stand in one relation.
_JOINT = re.compile(
    r"[,;:.!?—–]|\b(?:and|or|but|while|whereas|if|when|where|which|that|who|because|since|so|than|it|they|he|she)\b",
    re.I,
)
# Passive voice and its like turn a sentence round and leave its sense: "costs are monitored", "is one of the benefits".
_PASSIVE = re.compile(
    r"\b(?:is|are|was|were|be|been|being|gets?)\s+(?:not\s+)?(?:\w+ly\s+)?(?:\w+(?:ed|en|wn)|possible|one of|sold|made"
    r"|kept|left|built|paid|held|sent|told|done|found|bought|brought|put|set|cut|run|met|taught|led|lost|spent)\b",
    re.I,
)
# So does what puts first that by which something is done: "among the benefits", "by implementing".
_FRONTED = re.compile(r"\b(?:thanks to|with|among|when|if|by \w+ing)\b", re.I)


def contradicts(sentence: str, passage: str) -> bool:
    """Whether `sentence` says the opposite of `passage`, the words nearest to it, as far as words can tell."""
    said, held = _claims(sentence), _claims(passage)
    if _CAUSED & said.keys() and _is_prevented(passage) and not _is_prevented(sentence):
        return True
    certain = [word for word in said.keys() & held.keys() if len(said[word]) == len(held[word]) == 1]
    # Where both deny the same, how far a denial reaches depends on how it is put.
    if not any(said[word] == held[word] == {True} for word in certain) and any(
        said[word] != held[word] for word in certain
    ):
        return True
    return any(_opposed(word, denied, held) for word, states in said.items() for denied in states)


def swaps(sentence: str, passage: str) -> bool:
    """Whether `sentence` puts nearly all its words in another order than `passage`, the words nearest to it, without a
    turn of phrase that would leave the sense as it is.
    """
    said, held = list(dict.fromkeys(_subjects(sentence))), _subjects(passage)
    shared = [word for word in said if word in held]
    if len(shared) < 3 or len(shared) < MOSTLY * len(said) or _PASSIVE.search(sentence):
        return False
    pairs = list(itertools.combinations(map(held.index, shared), 2))
    turned = sum(first < second for first, second in pairs) < TURNED * len(pairs)
    return (turned and not _FRONTED.search(sentence)) or _turned_about(sentence, passage)


def _turned_about(sentence: str, passage: str) -> bool:
    """Whether what stands around a word has changed sides: "nurses check patients", "patients check nurses"."""
    around = {word: (left, right) for clause in _clauses(passage) for word, left, right in _with_sides(clause)}
    return any(
        word in around and not around[word][0].isdisjoint(right) and not around[word][1].isdisjoint(left)
        for clause in _clauses(sentence)
        for word, left, right in _with_sides(clause)
    )


def _with_sides(clause: Sequence[str]) -> Iterator[tuple[str, frozenset[str], frozenset[str]]]:
    """Each word of `clause` with those that stand near before it and after it."""
    for place, word in enumerate(clause):
        left, right = clause[max(0, place - BESIDE) : place], clause[place + 1 : place + 1 + BESIDE]
        yield word, frozenset(left), frozenset(right)


def _clauses(text: str) -> list[list[str]]:
    return [_subjects(clause) for clause in _JOINT.split(text)]


def _subjects(text: str) -> list[str]:
    """The stems of the words of `text` that carry meaning and are no numbers, in order."""
    return [word for word in map(stem, content_words(in_digits(text))) if not word[0].isdigit()]


def alike(stems: Iterable[str]) -> frozenset[str]:
    """The stems that stand at the same pole of an opposition as one of `stems`."""
    return frozenset(other for word in stems for pole, _ in _poles().get(word, ()) for other in pole)


def _opposed(word: str, denied: bool, held: Mapping[str, frozenset[bool]]) -> bool:
    """Whether the passage holds an opposite of `word` (and neither it nor a word like it) with the same standing."""
    for pole, opposite in (*_poles().get(word, ()), *_unsaid(word)):
        if not held.keys().isdisjoint(pole):
            continue
        if any(denied in held[other] for other in opposite & held.keys()):
            return True
    return False


def _unsaid(word: str) -> Iterator[tuple[frozenset[str], frozenset[str]]]:
    """A word and the one that only "un" makes of it, each the opposite of the other: "locked", "unlocked"."""
    bare = word.removeprefix("un")
    if len(bare) >= LEAST_BARE:
        yield frozenset({word}), frozenset({bare} if bare != word else {f"un{word}"})


def _claims(text: str) -> dict[str, frozenset[bool]]:
    """The words of `text` that carry meaning, by their stems, and whether they are denied (perhaps both)."""
    found: dict[str, frozenset[bool]] = {}
    plain = _AT_NO_EXPENSE.sub(" and ", _BOUNDS.sub(" ", text.lower().replace("’", "'")))
    tokens = _TOKEN.findall(_AT_EXPENSE.sub("without", plain))
    prevented, left = False, 0
    for token, following in itertools.zip_longest(tokens, tokens[1:], fillvalue=""):
        if following in _ALL and (token in _BEYOND or _denies(token, following)):
            found["only"] = frozenset({True})
        elif token in _CLAUSE:
            left = 0
        elif token == "nothing" and following == "but":
            found["only"] = frozenset({False})
        elif _denies(token, following):
            if following not in _UNDENIED and following != ",":
                left = REACH
        elif token in _ONLY or (token == "just" and following in ("about", "a", "an")):
            found.setdefault("only", frozenset({False}))
        elif stem(token) in _PREVENTED:
            prevented, left = True, 0 if left else REACH
        elif token not in FUNCTION_WORDS or token in _spoken():
            found[stem(token)] = found.get(stem(token), frozenset()) | {left > 0}
            left = max(0, left - 1)
    return {word: frozenset({True, False}) for word in found} if prevented else found


def _is_prevented(text: str) -> bool:
    return not _PREVENTED.isdisjoint(map(stem, words(text)))


def _denies(token: str, following: str) -> bool:
    """Whether `token` denies what follows: "not", "doesn't", "(keep it) from becoming"."""
    return token in _NEGATORS or token.endswith("n't") or (token == "from" and following.endswith("ing"))


@functools.cache
def _spoken() -> frozenset[str]:
    """All words of the list of opposites, as they are written there."""
    return frozenset(word for line in _lines() for word in line.replace("|", " ").split())


def _lines() -> list[str]:
    return [line for line in OPPOSITES.read_text("utf-8").splitlines() if line and not line.startswith("#")]


@functools.cache
def _poles() -> Mapping[str, tuple[tuple[frozenset[str], frozenset[str]], ...]]:
    """For each stem the poles that it is of, each with its opposite."""
    poles: dict[str, tuple[tuple[frozenset[str], frozenset[str]], ...]] = {}
    for line in _lines():
        one, other = (frozenset(map(stem, half.split())) for half in line.split("|"))
        for pole, opposite in ((one, other), (other, one)):
            for word in pole:
                poles[word] = (*poles.get(word, ()), (pole, opposite))
    return poles
