"""Who said it and where it comes from: quotes and figures are never shown without that, or without saying it lacks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from knowledge.chunks import Passage, as_sentence
from knowledge.evidence import names_somebody

# How authored text is marked wherever it is shown.
EDITORS = "in the editors' words, not the video's"
NO_SOURCE = "The video names no source for this figure."
NO_SOURCES = "The video names no source for these figures."
NO_SPEAKER = "The video names no speaker."

_SOURCED = re.compile(r"\(|\baccording to\b|\bsource\b", re.I)


def quoted(quotes: Sequence[str]) -> list[str]:
    """Quotes as lines, and a line that says so where none of them is credited."""
    return [*(f"“{quote}”" for quote in quotes), *_uncredited(quotes)]


def stated(figures: Sequence[str]) -> list[str]:
    """Sentences with figures as lines, and a line that says so where none of them names its source."""
    return [*map(as_sentence, figures), *_unsourced(figures)]


def lacking(cited: Iterable[tuple[str, Passage]]) -> list[str]:
    """What to say with sentences that tell figures or quotes of passages where nobody is named for them."""
    from knowledge.checking.figures import read_figures

    notes: dict[str, None] = {}
    for sentence, passage in cited:
        if passage.kind == "quotes":
            notes |= dict.fromkeys(_uncredited(passage.units))
        elif passage.kind == "statistics" and read_figures(sentence):
            notes |= dict.fromkeys(_unsourced(passage.units))
    return list(notes)


def _uncredited(quotes: Sequence[str]) -> list[str]:
    return [] if any(map(names_somebody, quotes)) else [NO_SPEAKER]


def _unsourced(figures: Sequence[str]) -> list[str]:
    return [] if any(map(_SOURCED.search, figures)) else [NO_SOURCES if len(figures) > 1 else NO_SOURCE]
