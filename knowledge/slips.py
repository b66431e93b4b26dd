"""Words that another one may be a slip of, found among many by their letters alone."""

from __future__ import annotations

from collections.abc import Iterable


class Candidates:
    """Words, in order. Few of them are compared letter by letter: a slip changes the length and the letters little."""

    def __init__(self, words: Iterable[str]) -> None:
        import numpy as np

        self._words = sorted(words)
        self._lengths = np.array([len(word) for word in self._words], dtype=np.int64)
        self._letters = np.array([_letters(word) for word in self._words], dtype=np.uint32)

    def near(self, word: str, slips: int) -> list[str]:
        """All words that so many slips can make of `word`, and some more, in order."""
        import numpy as np

        # A wrong letter takes one letter away and brings another one.
        alike = np.bitwise_count(self._letters ^ np.uint32(_letters(word))) <= 2 * slips
        alike &= np.abs(self._lengths - len(word)) <= slips
        return [self._words[place] for place in np.flatnonzero(alike)]


def _letters(word: str) -> int:
    """Which letters stand in `word`, a bit for each; several may share one."""
    found = 0
    for letter in set(word):
        found |= 1 << ord(letter) % 32
    return found
