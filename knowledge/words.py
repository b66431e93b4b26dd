"""Words of a question and of a text made comparable: function words, British and American spelling, stems, typos."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from snowballstemmer.english_stemmer import EnglishStemmer

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")

# Words that carry no subject: they never count as known, unknown or matched.
FUNCTION_WORDS = frozenset(
    """
    a about above after again against all almost also am an and any anybody anyone anything are aren't around as at away
    back be because been before being below between both but by came can can't cannot come comes could couldn't did
    didn't do does doesn't doing don't done down during each either else even ever every everybody everyone everything
    few for from further gave get gets getting give given gives go goes going gone got had has have haven't having he
    her here hers him his how how's however i i'd i'll i'm i've if in into is isn't it it'd it'll it's its itself just
    kind let let's like many may maybe me might mine more most much must my need needs neither never no nobody none nor
    not nothing now of off often on once one ones only onto or other others otherwise ought our ours out over own per
    perhaps quite rather really s same shall she should shouldn't since so some somebody someone something sort such t
    take taken takes than that that's the their theirs them themselves then there there's these they they'd they'll
    they're they've thing things this those though through thus to too toward towards under until unto up upon us use
    used uses using very via want wants was wasn't way ways we we'd we'll we're we've well went were weren't what what's
    whatever when when's where where's whether which while who who's whole whom whose why why's will with within without
    won't would wouldn't yes yet you you'd you'll you're you've your yours yourself
    actually anyway basically btw cheers exactly folks fyi guys hello hey hi hiya hmm hm huh idk imo just kinda lol lot
    lots mate nah nope ok okay oh ooh pls plz please pretty q quick quickly really simply sorry stuff sure team tell thank
    thanks thx tho totally u umm uh um wanna gonna gotta wondering wow yeah yep yo asking ask asked explain describe show
    know say says said saying mean means meant talk talks talking mention mentions mentioned call called according
    wat whats hows wheres whos thats dont doesnt isnt cant
    """.split()  # noqa: SIM905 - a list of two hundred quoted words would be harder to read and to keep
)
# "team" opens a message ("team, ..."), and is a subject as well.
_SUBJECTS_TOO = frozenset({"team"})


def words(text: str) -> list[str]:
    """The words and numbers of `text` in lower case, in order; "what's" is one word, "cross-team" two."""
    return [match.group().replace("’", "'") for match in _WORD.finditer(text.lower())]


def content_words(text: str) -> list[str]:
    """The words of `text` that carry its subject."""
    return [word for word in words(text) if word not in FUNCTION_WORDS or word in _SUBJECTS_TOO]


@functools.cache
def _stemmer() -> EnglishStemmer:
    from snowballstemmer.english_stemmer import EnglishStemmer

    return EnglishStemmer()


@functools.lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """The stem of a word, the same for British and American spelling ("organisations", "organization")."""
    word = word.removesuffix("'s")
    folded = re.sub(r"(?<=..[a-z])is(?=(?:e|es|ed|er|ers|ing|ation|ations|ational)$)", "iz", word)
    folded = re.sub(r"(?<=[a-z]{2})our(?=(?:s|ed|ing|ite|ites|able|al)?$)", "or", folded)
    folded = re.sub(r"ogramme(?=s?$)", "ogram", folded)
    return str(_stemmer().stemWord(folded))


def stems(text: str) -> list[str]:
    """The stems of the words of `text` that carry its subject."""
    return [stem(word) for word in content_words(text)]


class Spelling:
    """Mends typos towards the words that the sources use; a word that is English is left as it is."""

    def __init__(self, vocabulary: Iterable[str]) -> None:
        self._known = FUNCTION_WORDS.union(word for word in vocabulary if not word.isdigit())
        self._candidates = sorted(word for word in self._known if len(word) > 2)

    def mend(self, text: str) -> str:
        """`text` with each typo replaced; everything else stays, to the letter."""
        return _WORD.sub(lambda match: self._mend_word(match.group()), text)

    def _mend_word(self, written: str) -> str:
        word = written.lower().replace("’", "'")
        if len(word) < 3 or not word.isalpha() or word in self._known or word.removesuffix("s") in self._known:
            return written
        if word in _english():
            return written
        return self._nearest(word) or written

    @functools.lru_cache(maxsize=2_000)  # noqa: B019 - one Spelling lives as long as its index
    def _nearest(self, word: str) -> str | None:
        """The candidate within one slip (two in a long word), the commonest where several are as near."""
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        slips = 1 if len(word) < 6 else 2
        found = process.extract(word, self._candidates, scorer=OSA.distance, score_cutoff=slips, limit=8)
        if not found:
            return None
        frequency = _english()

        def unlikely(hit: tuple[str, float, int]) -> tuple[float, bool, int]:
            # People rarely miss the first letter, and often swap two.
            candidate, distance, _ = hit
            return distance + (candidate[0] != word[0]), sorted(candidate) != sorted(word), -frequency.get(candidate, 0)

        return min(found, key=unlikely)[0]


@functools.cache
def _english() -> Mapping[str, int]:
    """How often each English word occurs (pyspellchecker's list): to tell a typo from a word that is merely unknown."""
    from spellchecker import SpellChecker

    listed: Mapping[str, int] = SpellChecker().word_frequency.dictionary
    return listed
