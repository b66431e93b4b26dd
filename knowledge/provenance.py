"""Who said it and where it comes from: quotes and figures are never shown without that, or without saying it lacks."""

from __future__ import annotations

import re
from collections.abc import Sequence

from knowledge.chunks import as_sentence
from knowledge.evidence import names_somebody

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
