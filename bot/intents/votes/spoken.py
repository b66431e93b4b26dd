"""What people say about the options of a poll or a quiz as words, and the lists of such talk in `ballot_words.toml`."""

from __future__ import annotations

import functools
import re
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from knowledge.words import frequency

LISTS = Path(__file__).with_name("ballot_words.toml")

# Smileys of letters say nothing; apostrophes of all kinds are one.
_SMILEY = re.compile(r"(?<!\S)[:;=8][-o']?[)(DPpO/|](?!\S)")
_APOSTROPHES = dict.fromkeys(map(ord, "\u2018\u2019\u02bc\u2032`\u00b4"), "'")
# What makes an emoji of a plain sign ("1" in a box), the colours of a thumb, and halves of characters.
_DRESS = re.compile("[\ufe0e\ufe0f\u20e3\u200d\U0001f3fb-\U0001f3ff\ud800-\udfff]")
_TOKEN = re.compile(
    r"[+-]1(?!\w)|\d{1,3}(?:[.,]\d{3}){1,4}(?![\d.,]\d)|\d{1,9}(?:[.:,h]\d{1,9})?(?:st|nd|rd|th|%|[kKmM](?!\w)|[ap]m(?!\w))?"
    r"|[^\W\d_]+(?:'[^\W\d_]+)*'?|[^\w\s]|_"
)
# What ends a clause. A dash does where it stands apart, which `tokens` sees to.
BREAKS = frozenset(".,;:!?()[]{}\u2026\n\u2013\u2014|\u00bf\u00a1")
_NEGATED = re.compile(
    r"(?P<verb>ca|wo|sha|is|are|was|were|do|does|did|have|has|had|could|would|should|must|need|ai)n'?t"
)
_VERBS = {"ca": "can", "wo": "will", "sha": "shall", "ai": "is"}
# "wont" and "cant" are words of their own, but nobody says them of options; "its" is "it is" as often as not.
_CONTRACTED = {
    **{f"{who}'m": (who, "am") for who in ("i",)},
    **{f"{who}'re": (who, "are") for who in ("we", "you", "they")},
    **{f"{who}'ve": (who, "have") for who in ("i", "we", "you", "they")},
    **{f"{who}'ll": (who, "will") for who in ("i", "we", "you", "they", "he", "she", "it", "that")},
    **{f"{who}'d": (who, "would") for who in ("i", "we", "you", "they", "he", "she", "it", "that")},
    **{f"{who}'s": (who, "is") for who in ("it", "that", "he", "she", "there", "this", "what", "who", "where", "how")},
    "let's": ("let", "us"),
    "lets": ("let", "us"),
    "im": ("i", "am"),
    "ive": ("i", "have"),
    "id": ("i", "would"),
    "ill": ("i", "will"),
    "thats": ("that", "is"),
    "theyre": ("they", "are"),
    "whats": ("what", "is"),
    "cannot": ("can", "not"),
    "gonna": ("going", "to"),
    "wanna": ("want", "to"),
    "gotta": ("got", "to"),
    "dunno": ("do", "not", "know"),
    "idk": ("do", "not", "know"),
    "y'all": ("you",),
    "'em": ("them",),
}
_ELONGATED = re.compile(r"([^\W\d_])\1{2,}")


@dataclass(frozen=True)
class Token:
    """A word, a number or a sign, as it is compared; `upper` where it was written in capitals."""

    text: str
    upper: bool = False

    @property
    def is_break(self) -> bool:
        """Whether it ends a clause."""
        return self.text in BREAKS

    @property
    def is_word(self) -> bool:
        """Whether it is a word or a number, and no sign."""
        return self.text[0].isalnum()


def tokens(text: str) -> tuple[Token, ...]:
    """The words, numbers and signs of `text`: lower case, no accents, "don't" as "do not", "n" for "nnnn"."""
    found: list[Token] = []
    plain = _SMILEY.sub(" ", _DRESS.sub("", unicodedata.normalize("NFC", text)).translate(_APOSTROPHES))
    for match in _TOKEN.finditer(plain.replace("...", " \u2026 ")):
        written = match[0]
        if written == "-" and not (written := _dash(plain, match.start())):
            continue
        if written in "_*\"'":
            continue
        if found and found[-1].text == written and not (written.isascii() or written[0].isalnum()):
            continue  # an emoji that is said three times says what it says once
        upper = written.isupper() and written[0].isalpha()
        found.extend(Token(one, upper) for one in _written_out(_folded(written)))
    return tuple(found)


def _dash(text: str, at: int) -> str:
    """What a hyphen stands for: a pause, one of two numbers, or nothing where it joins words."""
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    if before.isdigit() and after.isdigit():
        return "/"
    return "" if before.isalnum() and after.isalnum() else "\u2013"


def spelt(word: str) -> str:
    """A word that is drawn out as it is spelt: "noooo" as "no", "cooool" as "cool"."""
    if not _ELONGATED.search(word):
        return word
    ways = [_ELONGATED.sub(letters, word) for letters in (r"\1", r"\1\1")]
    return max(ways, key=frequency)


@functools.lru_cache(4_096)
def _folded(written: str) -> str:
    """A word in lower case without accents; letters that are drawn out are written twice at most."""
    if not written[0].isalnum() or written.isascii():
        return _ELONGATED.sub(r"\1\1", spelt(written.lower())).rstrip("'")
    apart = unicodedata.normalize("NFKD", written.lower())
    plain = "".join(one for one in apart if not unicodedata.combining(one)).rstrip("'") or written
    return _ELONGATED.sub(r"\1\1", plain)


def _written_out(word: str) -> Sequence[str]:
    if word in _CONTRACTED:
        return _CONTRACTED[word]
    if match := _NEGATED.fullmatch(word):
        verb = match["verb"]
        return (_VERBS.get(verb, verb), "not")
    return (word.removesuffix("'s"),)


def words_in(text: str) -> tuple[str, ...]:
    """The words of `text` as they are compared, without its signs."""
    return tuple(token.text for token in tokens(text) if not token.is_break)


class Phrases:
    """Phrases of several lists; the longest that stands somewhere is found there, with all lists that hold it."""

    def __init__(self, lists: Mapping[str, str]) -> None:
        self._held: dict[tuple[str, ...], frozenset[str]] = {}
        for name, line in lists.items():
            for phrase in line.split(","):
                if said := words_in(phrase):
                    self._held[said] = self._held.get(said, frozenset()) | {name}
        self._longest = max(map(len, self._held), default=0)
        self.words = frozenset(word for said in self._held for word in said)

    def at(self, said: Sequence[str], start: int) -> tuple[int, frozenset[str]]:
        """How many words the longest phrase at `start` has, and the lists that hold it; 0 and none without one."""
        for size in range(min(self._longest, len(said) - start), 0, -1):
            if lists := self._held.get(tuple(said[start : start + size])):
                return size, lists
        return 0, frozenset()

    def lists_of(self, said: Sequence[str]) -> frozenset[str]:
        """The lists that hold `said` as a whole."""
        return self._held.get(tuple(said), frozenset())


@functools.cache
def phrases() -> Phrases:
    """The lists of `ballot_words.toml`."""
    listed = tomllib.loads(LISTS.read_text("utf-8"))
    return Phrases({name: line for name, line in listed.items() if isinstance(line, str)})
