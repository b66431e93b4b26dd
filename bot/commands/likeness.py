"""Likeness: what people wrote about the same thing, found by the library's sense of meaning."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from knowledge.question import clean
from knowledge.words import words

if TYPE_CHECKING:
    from bot.activities import Alike
    from knowledge.library import Library

# So many different wordings are compared, the newest; somebody waits for it.
MOST = 1_000


def likeness(library: Library) -> Alike:
    """Groups texts that are alike, given oldest first; beyond the newest only those of the same wording."""

    def alike(texts: Sequence[str]) -> Sequence[Sequence[int]]:
        from knowledge.grouping import group

        if not texts:
            return []
        by_wording: dict[tuple[str, ...], list[int]] = defaultdict(list)
        for place, text in enumerate(texts):
            by_wording[tuple(words(clean(text)))].append(place)
        same = sorted(by_wording.values(), key=lambda places: places[-1])
        older, newest = same[:-MOST], same[-MOST:]
        wordings = [clean(texts[places[-1]]) for places in newest]
        mended = [library.retriever.mend(wording) for wording in wordings]
        groups = group(mended, library.embed(wordings), list(map(len, newest)), library.retriever.weight)
        return [*([place for one in found for place in newest[one]] for found in groups), *older]

    return alike
