"""Which of several things somebody means: by number, letter, place, or words that only one has; and by degree."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from knowledge.words import content_words, stem, words

# What people say around an option.
_SMALL_TALK = """
a an the is it its it's i i'd i'm im id would say think guess go going with for me my mine vote votes voting answer
option options choice number no. nr one please pls plz thanks thank you ta ok okay well hmm um uh so and then put
down that this probably maybe definitely certainly honestly tbh choose chose pick take picking finops
"""
_AROUND = frozenset(_SMALL_TALK.split())
_PLACES = {
    **{
        word: place
        for place, word in enumerate(["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth"], 1)
    },
    **{word: place for place, word in enumerate(["1st", "2nd", "3rd", "4th", "5th", "6th", "7th", "8th"], 1)},
    **{word: place for place, word in enumerate(["one", "two", "three", "four", "five", "six", "seven", "eight"], 1)},
    "top": 1,
    "last": -1,
    "bottom": -1,
    "middle": 0,
}
_DENIALS = frozenset(
    ["not", "no", "never", "neither", "nor", "hardly", "barely", "scarcely", "less", "least", "cannot", "without"]
)
_DENYING_VERB = re.compile(
    r"(?:is|are|was|were|do|does|did|have|has|had|ca|could|wo|would|should|ai)n'?t|can'?t|won'?t"
)
_UN = re.compile(r"un\w{4,}")
# Words beside an option's own: so many may stand there.
BESIDE = 3

DEGREES: Mapping[str, frozenset[str]] = {
    "none": frozenset(["not", "none", "never", "nothing", "nobody", "no", "zero"]),
    "some": frozenset(["somewhat", "some", "bit", "little", "slightly", "partly", "moderately", "fairly", "sometimes"]),
    "high": frozenset(["very", "extremely", "fully", "completely", "highly", "always", "expert", "totally", "yes"]),
}


def option_placed(text: str, count: int) -> int | None:
    """The option of `count`, from 1, that `text` names by number, letter or place: "2", "b)", "the last one"."""
    rest = _telling(text)
    return _place(rest[0], count) if len(rest) == 1 and "%" not in text else None


def told_apart(text: str, others: Sequence[str]) -> int | None:
    """Which of `others`, from 1, `text` names by words that only this one has; None where it names none, or two."""
    held = [set(map(stem, content_words(other))) for other in others]
    said = set(map(stem, content_words(text)))
    shares = [len(said & own.difference(*held[:at], *held[at + 1 :])) for at, own in enumerate(held)]
    most = max(shares, default=0)
    return shares.index(most) + 1 if most and shares.count(most) == 1 else None


def options_denied(text: str, options: Sequence[str]) -> frozenset[int]:
    """The options, from 1, that `text` names to deny them: "isn't very familiar", "very unfamiliar"."""
    spoken, own = words(text), [words(option) for option in options]
    known = {word for option in own for word in option}
    meant = [stem(word.removeprefix("un") if _UN.fullmatch(word) and word not in known else word) for word in spoken]
    denied = set()
    for place, option in enumerate(own, 1):
        for start in _starts(meant, [stem(word) for word in option]):
            before, within = spoken[max(0, start - BESIDE) : start], spoken[start : start + len(option)]
            # "No doubt, very familiar."
            telling = [word for word in before if word != "no"] + [word for word in within if word not in known]
            if _denies(telling):
                denied.add(place)
    return frozenset(denied)


def is_denial(word: str) -> bool:
    """Whether a word denies what follows it: "not", "isn't"."""
    return word in _DENIALS or _DENYING_VERB.fullmatch(word) is not None


def _denies(spoken: Sequence[str]) -> bool:
    """Whether something is denied, by a word or within one ("unfamiliar")."""
    return any(is_denial(word) or _UN.fullmatch(word) for word in spoken)


def _telling(text: str) -> list[str]:
    """The words of `text` without what people say around an option."""
    spoken = words(text)
    rest = [word for word in spoken if word not in _AROUND]
    if rest:
        return rest
    # "a" is an article, unless nothing else is said.
    return [word for word in spoken if word in _PLACES] or [word for word in spoken[-1:] if word == "a"]


def _place(word: str, count: int) -> int | None:
    if word.isdecimal() and len(word) <= 2:
        place = int(word)
    elif len(word) == 1 and "a" <= word <= "z":
        place = ord(word) - ord("a") + 1
    elif word in _PLACES:
        place = _PLACES[word]
        if place == 0:
            place = (count + 1) // 2 if count % 2 else 0
    else:
        return None
    return place if 1 <= place <= count else count if place == -1 else None


def _starts(said: Sequence[str], option: Sequence[str]) -> list[int]:
    """Where `option` stands in `said`, its words side by side."""
    size = len(option)
    starts = range(len(said) - size + 1) if option else ()
    return [start for start in starts if list(said[start : start + size]) == list(option)]


def degrees(options: Sequence[str]) -> dict[str, int]:
    """The option for each degree ("none", "some", "high"), from 1; {} where the options are no scale of degrees."""
    found: dict[str, int] = {}
    for place, option in enumerate(options, 1):
        said = set(re.findall(r"[a-z']+", option.casefold()))
        degree = next((name for name, telling in DEGREES.items() if said & telling), None)
        if degree is None or degree in found:
            return {}
        found[degree] = place
    return found if len(found) > 1 else {}
