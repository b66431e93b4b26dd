"""Whether a sentence turns its passage round: a claim denied, a word for its opposite."""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from knowledge.checking.wordlists import STEMS, WORDS
from knowledge.words import FUNCTION_WORDS, stem, stems

OPPOSITES = Path(__file__).with_name("opposites.txt")
# So many letters of a word are left without its "un".
LEAST_BARE = 4
# How many words that carry meaning a denial reaches.
REACH = 3

_TOKEN = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*|[,;:.!?—–]")
# What does not come at the expense of something leaves it as it is; else it denies it.
_AT_NO_EXPENSE = re.compile(r"\b(?:\w+n't|not|never|without)(?: \w+){0,2} at the (?:expense|cost|price) of\b")
# What a claim is set against is not claimed, and whether it holds is not said: "hours rather than tokens".
_CONTRAST = re.compile(
    r"\b(?:rather than|instead of|unlike)\b[^,;:.!?]*|\bor not\b"
    r"|\bnot (?!just\b|only\b|merely\b|simply\b|solely\b)[^,;:.!?]{0,200}?\bbut\b"
)
# The bounds of figures are looked at elsewhere.
_BOUNDS = re.compile(
    r"\b(?:(?:no|not) )?(?:more|less|fewer|greater|higher|lower) than\b|\bat (?:the )?(?:least|most)\b"
)
_AT_EXPENSE = re.compile(r"\bat the (?:expense|cost|price) of\b")


def contradicts(sentence: str, passage: str) -> bool:
    """Whether `sentence` says the opposite of `passage`, the words nearest to it, as far as words can tell."""
    (said, ours), (held, theirs) = _claims(sentence), _claims(passage)
    if STEMS["caused"] & said.keys() and STEMS["prevented"] & set(stems(passage)) - set(stems(sentence)):
        return True
    certain = [word for word in said.keys() & held.keys() if len(said[word]) == len(held[word]) == 1]
    turned = [word for word in certain if said[word] != held[word]]
    # Where both deny the same, or each what the other claims, how far a denial reaches depends on how it is put.
    both = any(said[word] == held[word] == {True} for word in certain) or len({said[word] for word in turned}) > 1
    if not both and not (ours | theirs).isdisjoint(turned):
        return True
    return any(_opposed(word, denied, held) for word, states in said.items() for denied in states)


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


def _claims(text: str) -> tuple[dict[str, frozenset[bool]], frozenset[str]]:
    """The words of `text` that carry meaning, by their stems, and whether they are denied (perhaps both); and those of
    them that come first after a denial, which is about them.
    """
    found: dict[str, frozenset[bool]] = {}
    heads = {"only"}
    plain = _AT_NO_EXPENSE.sub(" and ", _BOUNDS.sub(" ", text.lower().replace("’", "'")))
    tokens = _TOKEN.findall(_AT_EXPENSE.sub("without", _CONTRAST.sub(" , ", plain)))
    prevented, left = False, 0
    for token, following in itertools.zip_longest(tokens, tokens[1:], fillvalue=""):
        if following in WORDS["all"] and _denies(token, following):
            found["only"] = frozenset({True})
        elif token in WORDS["clause"] and not (token in WORDS["phrase"] and left == REACH):  # "neither of the two"
            left = 0
        elif token == "nothing" and following == "but":
            found["only"] = frozenset({False})
        elif _denies(token, following):
            left = left if following == "," else REACH
        elif _forgoes(token, following):
            left = 0 if left else REACH
        elif token in WORDS["only"] or (token == "just" and following in ("about", "a", "an")):
            found.setdefault("only", frozenset({False}))
        elif stem(token) in STEMS["prevented"]:
            prevented, left = True, 0 if left else REACH
        elif token not in FUNCTION_WORDS or token in _spoken():
            if left >= REACH - 1:
                heads.add(stem(token))
            found[stem(token)] = found.get(stem(token), frozenset()) | {left > 0}
            left = max(0, left - 1)
    if prevented:
        found = dict.fromkeys(found, frozenset({True, False}))
    return found, frozenset(heads)


def _denies(token: str, following: str) -> bool:
    """Whether `token` denies what follows: "not", "doesn't", "(keep it) from becoming"."""
    return token in WORDS["negators"] or token.endswith("n't") or (token == "from" and following.endswith("ing"))


def _forgoes(token: str, following: str) -> bool:
    """Whether `token` says that what follows is left undone: "fails to", "omits"; "an omitted step" does not."""
    return stem(token) in STEMS["forgone"] and (
        not token.endswith("ed") or following == "to" or following.endswith("ing")
    )


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
