"""Which kind of source a question asks by name: "according to the video", "what does the handbook say"."""

from __future__ import annotations

import re
from collections.abc import Mapping

from knowledge.chunks import Origin

# How each kind of source is called in a sentence.
CALLED: Mapping[Origin, str] = {"video": "the video", "handbook": "the handbook", "own": "your own documents"}
_NAMED: tuple[tuple[Origin, re.Pattern[str]], ...] = (
    ("handbook", re.compile(r"\bhand ?book\b", re.I)),
    ("video", re.compile(r"\b(?:video|script|clip|film)\b", re.I)),
)


# Words that only say where to look.
_OF_HANDBOOK = re.compile(
    r"(?<!\s)\s*+,?\s*+\b(?:according to|as|by|in|from|does|says?|what) (?:the|your) hand ?book"
    r"(?: says?| have to say)?\b,?",
    re.I,
)


def origin_named(text: str) -> Origin | None:
    """Which of them a question asks by name; None for both or neither."""
    named = [origin for origin, pattern in _NAMED if pattern.search(text)]
    return named[0] if len(named) == 1 else None


def without_handbook(text: str) -> str:
    """`text` without "according to the handbook" and the like, which would be searched for as if it were a subject."""
    return " ".join(_OF_HANDBOOK.sub("", text).split()) or text


def not_there(asked: Origin, answering: Origin) -> str:
    """What leads to the words of another kind of source than the one that was asked."""
    return f"{CALLED[asked][:1].upper()}{CALLED[asked][1:]} does not cover that. From {CALLED[answering]}:"
