"""Remarks about the talk itself, or to be friendly: courtesies word for word in six languages, the rest by label."""

from __future__ import annotations

import functools
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import get_args

from bot.intents import About, Chat, Intent, certain
from bot.intents.votes.spoken import spelt
from knowledge.question import asks
from knowledge.words import words, words_of

_FILE = Path(__file__).with_name("courtesies.toml")
# Of several things said at once the first of these is answered: "ok thanks, bye" is a goodbye.
WEIGHT: tuple[About, ...] = ("goodbye", "thanks", "praise", "laughter", "agreement", "greeting")
# Words: no courtesy is longer; so many are looked at before other words, and after them.
_LONGEST, _AT_AN_END = 12, 4
# What stands apart from words after it, or before it: "right now" agrees to nothing, "Monday morning" greets nobody.
_BEFORE: frozenset[About] = frozenset({"goodbye", "thanks", "praise", "laughter", "greeting"})
_AFTER: frozenset[About] = frozenset({"goodbye", "thanks", "laughter"})
# What a remark begins with, and what makes a wish of it.
_TOLD_OF = words_of(
    "i i'm i've we we've my our he she they it it's this that that's nobody everybody everyone somebody"
)
_WISHING = words_of("need want wants like wonder wondering curious looking know tell show explain help please pls")
# What a sign says, by a word of its name in Unicode.
_SIGNS: Mapping[str, About] = {
    "JOY": "laughter",
    "LAUGHING": "laughter",
    "HEART": "love",
    "KISS": "love",
    "HUGGING": "love",
    "FOLDED": "thanks",
    "WAVING": "greeting",
    "THUMBS": "agreement",
    "OK": "agreement",
    "CLAPPING": "praise",
    "PARTY": "joy",
    "CONFETTI": "joy",
    "CRYING": "frustration",
    "ANGRY": "frustration",
}

# What may stand side by side, as words, with what it is; None for what says nothing.
_Sayings = Mapping[tuple[str, ...], About | None]


def read_courtesy(text: str, talking: bool) -> Intent | None:
    """The courtesy that `text` is, in the first of the languages that has all of it; None where there is more to it.

    A greeting that opens a talk, where nobody was `talking` yet, asks for help.
    """
    for language, found in _courteous(text):
        if found:
            about = heaviest(found)
            opening = about == "greeting" and not talking
            return certain("help") if opening else certain("smalltalk", Chat(about, language))
    return None


def heaviest(abouts: Iterable[About]) -> About:
    """Of several remarks the one that is answered."""
    return min(abouts, key=lambda one: WEIGHT.index(one) if one in WEIGHT else len(WEIGHT))


def is_courteous(text: str) -> bool:
    """Whether `text` holds nothing but courtesies and what stands around them, which alone is none."""
    return any(found for _, found in _courteous(text))


def apart(text: str) -> Sequence[str]:
    """`text` without the courtesies that it begins and ends with, and these, in their order: "haha" and "so true"."""
    said = text.split()
    most = min(len(said) - 1, _AT_AN_END)
    start = next((size for size in range(most, 0, -1) if _says(said[:size], _BEFORE)), 0)
    end = next((size for size in range(most - start, 0, -1) if _says(said[-size:], _AFTER)), 0)
    cut = len(said) - end
    return [" ".join(part) for part in (said[:start], said[start:cut], said[cut:]) if part]


def _says(said: Sequence[str], abouts: frozenset[About]) -> bool:
    return any(found & abouts for _, found in _courteous(" ".join(said)))


def read_sign(text: str) -> Chat | None:
    """What a message of emoji alone says; None where there are none."""
    named = [word for word in names_of_signs(text).upper().split() if word in _SIGNS]
    return Chat(_SIGNS[named[0]] if named else "chat") if names_of_signs(text) else None


def names_of_signs(text: str) -> str:
    """The emoji of `text` by their names in Unicode: "penguin"."""
    signs = [character for character in text if unicodedata.category(character) == "So"]
    return " ".join(unicodedata.name(sign, "sign") for sign in signs).lower()


def read_chat(label: str, talking: bool) -> Chat | None:
    """The remark that a label says ("smalltalk thanks"); None for another, and for a greeting that opens a talk."""
    name, _, kind = label.partition(" ")
    abouts: tuple[About, ...] = get_args(About)
    about: About = next((one for one in abouts if one == kind), "chat")
    return Chat(about) if name == "smalltalk" or (about == "greeting" and talking) else None


def _courteous(text: str) -> Iterator[tuple[str, set[About]]]:
    """The languages that have all of a text, each with what is said in it."""
    said = tuple(map(spelt, words(text)))
    if not said or len(said) > _LONGEST:
        return
    for language, sayings in _languages().items():
        if (found := _found(said, sayings)) is not None:
            yield language, found


def _found(said: tuple[str, ...], sayings: _Sayings) -> set[About] | None:
    """What the sayings are that `said` consists of, the longest first; None where a word is left over."""
    found: set[About] = set()
    at = 0
    while at < len(said):
        end = next((end for end in range(len(said), at, -1) if said[at:end] in sayings), None)
        if end is None:
            return None
        if about := sayings[said[at:end]]:
            found.add(about)
        at = end
    return found


@functools.cache
def _languages() -> Mapping[str, _Sayings]:
    told = tomllib.loads(_FILE.read_text("utf-8"))
    return {
        language: {
            **{tuple(map(spelt, words(said))): None for said in kinds["around"]},
            **{tuple(map(spelt, words(said))): about for about in WEIGHT for said in kinds.get(about, ())},
        }
        for language, kinds in told.items()
    }


def is_remark(text: str) -> bool:
    """Whether `text` says something of somebody or something, and asks for nothing: "our boss will laugh at that"."""
    said = words(text)
    return bool(said) and said[0] in _TOLD_OF and not asks(text) and _WISHING.isdisjoint(said)
