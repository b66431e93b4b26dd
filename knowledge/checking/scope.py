"""How far a sentence reaches: when, at which rank, of all, on which condition; none of it beyond its passages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from knowledge.checking.wordlists import WORDS
from knowledge.chunks import Passage
from knowledge.words import words

_ADVERBS = {
    **{f"{time}ly": time for time in ("hour", "week", "month", "quarter", "year", "night")},
    "daily": "day",
    "annual": "year",
    "annually": "year",
}
_RANKS = "second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|2nd|3rd|[4-9]th"
_SUPERLATIVE = re.compile(rf"\b(?:({_RANKS})[\s-]+)?(most (?!of\b)\w+|\w{{3,}}est)\b")
# "Not all" speaks of some.
_ALL = re.compile(
    r"(?<!\bnot )(?<!n't )(?<!n’t )\b(?:all|always|every|each|everyone|everybody|entire|entirely|whole|none|nobody)\b"
    r"(?! (?:minute|hour|day|week|month|quarter|year)\b)",
    re.I,
)

# What lets a claim hold in some cases only. "If" and "when" may stand for what a passage says in other words.
_CONDITION = re.compile(
    r"\b(?:unless|until|till|provided|providing|only (?:if|when|while|once|after|where)|(?:as|so) long as|except"
    r"|on condition)\b",
    re.I,
)

# What is paid per request is paid for each; where nothing has an owner, nobody owns it.
_AS_GOOD = (
    (re.compile(r"each|every|whole|entire", re.I), re.compile(r"\b(?:per|any)\b", re.I)),
    (re.compile(r"none|nobody", re.I), re.compile(r"\b(?:no|not|never|without|un\w+ed)\b|n['’]t\b", re.I)),
)


def overreaches(sentence: str, passages: Sequence[Passage]) -> str | None:
    """The word with which `sentence` reaches farther than its passages; None where none does."""
    return _strange_time(sentence, passages) or _strange_rank(sentence, passages) or _strange_extent(sentence, passages)


def _strange_time(sentence: str, passages: Iterable[Passage]) -> str | None:
    """The unit of time or time of day that the passages do not name: what is sold "a day" is not sold "an hour"."""
    held = {_time(word) for one in passages for word in words(f"{one.title} {one.section} {one.text}")}
    return next((word for word in words(sentence) if _time(word) in WORDS["times"] - held), None)


def _time(word: str) -> str:
    return _ADVERBS.get(word, word.removesuffix("'s").removesuffix("s"))


def _strange_rank(sentence: str, passages: Iterable[Passage]) -> str | None:
    """The superlative that the passages hold at another rank only: the second largest is not the largest."""
    held = _SUPERLATIVE.findall(" ".join(one.text for one in passages).lower())
    for rank, word in _SUPERLATIVE.findall(sentence.lower()):
        ranks = {other for other, same in held if same == word}
        if rank not in ranks and (rank or ranks):
            return f"{rank} {word}".strip()
    return None


def _strange_extent(sentence: str, passages: Sequence[Passage]) -> str | None:
    """The word that speaks of all, where the passages speak of none such and list nothing."""
    held = " ".join(one.text for one in passages)
    if any(one.listed for one in passages) or _ALL.search(held):
        return None
    return next((one[0] for one in _ALL.finditer(sentence) if not _is_as_good(one[0], held)), None)


def _is_as_good(word: str, held: str) -> bool:
    """Whether what is held says in other words what `word` says of all."""
    return any(said.fullmatch(word) and meant.search(held) for said, meant in _AS_GOOD)


def sets_condition(sentence: str, passages: str) -> bool:
    """Whether `sentence` lets its claim hold under a condition, where `passages` set none."""
    return _CONDITION.search(sentence) is not None and _CONDITION.search(passages) is None
