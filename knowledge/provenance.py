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
    lines = [f"“{quote}”" for quote in quotes]
    return lines if any(map(names_somebody, quotes)) else [*lines, NO_SPEAKER]


def stated(figures: Sequence[str]) -> list[str]:
    """Sentences with figures as lines, and a line that says so where none of them names its source."""
    lines = [as_sentence(figure) for figure in figures]
    return lines if any(map(_SOURCED.search, figures)) else [*lines, NO_SOURCE if len(lines) == 1 else NO_SOURCES]


def lacking(cited: Iterable[tuple[str, Passage]]) -> list[str]:
    """What to say with sentences that tell figures or quotes of passages where nobody is named for them."""
    from knowledge.checking.figures import read_figures

    notes = {
        note: None
        for sentence, passage in cited
        for note in (_lacks(passage) if passage.kind == "quotes" or read_figures(sentence) else ())
    }
    return list(notes)


def _lacks(passage: Passage) -> list[str]:
    units = list(passage.units)
    if passage.kind == "quotes":
        return [] if any(map(names_somebody, units)) else [NO_SPEAKER]
    if passage.kind == "statistics":
        return [] if any(map(_SOURCED.search, units)) else [NO_SOURCES if len(units) > 1 else NO_SOURCE]
    return []
