"""Words of a question and of a text made comparable: function words, British and American spelling, stems, typos."""

from __future__ import annotations

import functools
import re
import threading
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from knowledge.slips import Candidates

if TYPE_CHECKING:
    from Stemmer import Stemmer

# The list's lowest count: as many of these words are slips that somebody printed as are words.
RARE = 50
# Capitals up to this length are an abbreviation rather than a slip.
ABBREVIATION = 4
# A word of so many letters may have two slips.
LONG = 7
# Texts whose words are remembered: one question is looked at from many sides.
MET_AGAIN = 2_048

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_QUOTES = frozenset("'\"‘’“”«»")

# Words that carry no subject: they never count as known, unknown or matched.
FUNCTION_WORDS = frozenset(
    word
    for line in Path(__file__).with_name("function_words.txt").read_text("utf-8").splitlines()
    if not line.startswith("#")
    for word in line.split()
)


def words(text: str) -> list[str]:
    """The words and numbers of `text` in lower case, in order; "what's" is one word, "cross-team" two."""
    return list(_words(text))


@functools.lru_cache(MET_AGAIN)
def _words(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(text.lower().replace("’", "'")))


def words_of(line: str) -> frozenset[str]:
    """The words that a list of words in one text names; white space separates them."""
    return frozenset(line.split())


def content_words(text: str) -> list[str]:
    """The words of `text` that carry its subject."""
    return [word for word in words(text) if word not in FUNCTION_WORDS]


# A stemmer holds the word that it is at: two threads in it make nonsense of both words.
_stemming = threading.Lock()


@functools.cache
def _stemmer() -> Stemmer:
    from Stemmer import Stemmer

    return Stemmer("english")


# British endings -> American ones.
_ENDINGS = tuple(
    (re.compile(british), american)
    for british, american in (
        (r"(?<=..[a-z])is(?=(?:e|es|ed|er|ers|ing|ation|ations|ational)$)", "iz"),  # organise
        (r"(?<=[a-z]l)ys(?=(?:e|es|ed|er|ers|ing)$)", "yz"),  # analyse
        (r"(?<=[a-z]{2})our(?=(?:s|ed|ing|ite|ites|able|al)?$)", "or"),  # colour
        (r"ogramme(?=s?$)", "ogram"),  # programme
        (r"(?<=[a-z]al)ogue(?=s?$)", "og"),  # catalogue
        (r"(?<=[a-z]{2}t)re(?=s?$)", "er"),  # centre
    )
)


def american(word: str) -> str:
    """`word` as it is spelt in America ("organisations" -> "organizations")."""
    for ending, spelt in _ENDINGS:
        word = ending.sub(spelt, word)
    return word


@functools.lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """The stem of a word, the same for British and American spelling ("organisations", "organization")."""
    folded = american(word.removesuffix("'s"))
    with _stemming:
        return str(_stemmer().stemWord(folded))


def stems(text: str) -> list[str]:
    """The stems of the words of `text` that carry its subject."""
    return list(_stems(text))


@functools.lru_cache(MET_AGAIN)
def _stems(text: str) -> tuple[str, ...]:
    return tuple(map(stem, content_words(text)))


class Spelling:
    """Mends typos towards the words that the sources use; a word that is English is left as it is."""

    def __init__(self, vocabulary: Iterable[str], used: Mapping[str, int] | None = None) -> None:
        """`used` may say how often the sources have each word: of several that are as near the commonest is meant."""
        self._used = used or {}
        self._known = FUNCTION_WORDS.union(word for word in vocabulary if not word.isdigit())
        self._candidates = Candidates(word for word in self._known if len(word) > 2)

    def mend(self, text: str) -> str:
        """`text` with each typo replaced; everything else stays, to the letter, and so does a word in quotation marks:
        whoever quotes it means it as it stands.
        """

        def mended(match: re.Match[str]) -> str:
            quoted = (
                text[match.start() - 1 : match.start()] in _QUOTES and text[match.end() : match.end() + 1] in _QUOTES
            )
            return match.group() if quoted else self._mend_word(match.group())

        return _WORD.sub(mended, text)

    def _mend_word(self, written: str) -> str:
        word = written.lower().replace("’", "'")
        if len(word) < 3 or not word.isalpha() or word in self._known or word.removesuffix("s") in self._known:
            return written
        if max(_english().get(word, 0), _english().get(american(word), 0)) > RARE or _is_name(written):
            return written
        nearest = self._nearest(word)
        # A capital may be that of a name: "Gartner" is no slip of "partner".
        if nearest is None or (written[0].isupper() and nearest[0] != word[0]):
            return written
        return nearest

    @functools.lru_cache(maxsize=2_000)  # noqa: B019 - one Spelling lives as long as its index
    def _nearest(self, word: str) -> str | None:
        """The candidate within one slip (two in a long word), the commonest where several are as near."""
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        slips = 1 if len(word) < LONG or word in _english() else 2
        near = self._candidates.near(word, slips)
        found = process.extract(word, near, scorer=OSA.distance, score_cutoff=slips, limit=None)
        if len(word) == 3:
            # One letter of three is a third of the word: "ceo" is no slip of "seo", nor "bot" of "but". But short words
            # are the commonest, and what has their letters is one of them: "teh".
            found = [hit for hit in found if hit[0] in FUNCTION_WORDS and sorted(hit[0]) == sorted(word)]
        if not found:
            return None
        frequency = _english()

        def unlikely(hit: tuple[str, float, int]) -> tuple[float, bool, bool, int, int]:
            # People rarely miss the first letter, often swap two, and leave one out or double it more often than they
            # take another: "wich" is "which" and not "with".
            candidate, distance, _ = hit
            rare = -self._used.get(candidate, 0), -frequency.get(candidate, 0)
            swapped = sorted(candidate) == sorted(word)
            return distance + (candidate[0] != word[0]), not swapped, len(candidate) == len(word), *rare

        return min(found, key=unlikely)[0]


def _is_name(written: str) -> bool:
    """Whether capitals make a name of a word: "AWS", "DevOps"."""
    inside = any(character.isupper() for character in written[1:])
    return inside and (len(written) <= ABBREVIATION or not written.isupper())


@functools.lru_cache(MET_AGAIN)
def frequency(word: str) -> int:
    """How often a word in lower case, or the one that it is a form of, occurs in English; 0 where it is none.

    Names occur as well, though less.
    """
    spelt = american(word.removesuffix("'s"))
    forms = [spelt, *(spelt[: -len(ending)] + end for ending, end in _FORMS if spelt.endswith(ending))]
    return max(_english().get(form, 0) for form in forms)


# Endings of English words, and what stands in their place in the word that they are forms of.
_FORMS = (("s", ""), ("es", ""), ("ies", "y"), ("ed", ""), ("d", ""), ("ing", ""), ("ing", "e"), ("ly", ""), ("er", ""))


@functools.cache
def _english() -> Mapping[str, int]:
    """How often each English word occurs (pyspellchecker's list): to tell a typo from a word that is merely unknown."""
    from spellchecker import SpellChecker

    listed: Mapping[str, int] = SpellChecker().word_frequency.dictionary
    return listed
