"""From a reply to lines of a terminal: plain text, nothing by colour alone, wrapped to the width."""

from __future__ import annotations

import textwrap
from typing import assert_never

from bot.reply import Part, Reply, Sources, Text

# Long lines tire the eye, however wide the window is.
WIDEST = 100
NARROWEST = 20


def render(reply: Reply, width: int) -> str:
    """The reply as text, no line longer than `width` (nor than is good to read) unless one word is."""
    return "\n\n".join(_part(part, max(NARROWEST, min(width, WIDEST))) for part in reply.parts)


def _part(part: Part, width: int) -> str:
    match part:
        case Text(text):
            return "\n".join(_wrapped(line, width) for line in text.splitlines())
        case Sources(sources):
            label = "Source: " if len(sources) == 1 else "Sources: "
            return _wrapped(label + "; ".join(map(str, sources)), width)
        case _:
            assert_never(part)


def _wrapped(line: str, width: int) -> str:
    """A line wrapped; the rest of a list item stands under its text."""
    mark, _, rest = line.partition(" ")
    hanging = len(mark) + 1 if rest and (mark == "-" or mark.rstrip(".").isdigit()) else 0
    return textwrap.fill(line, width, subsequent_indent=" " * hanging, break_on_hyphens=False, break_long_words=False)
