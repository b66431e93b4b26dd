"""How the terminal looks: what may be bold or dim, and which characters it can draw."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TextIO

_BOLD, _DIM, _NORMAL = "\x1b[1m", "\x1b[2m", "\x1b[0m"


@dataclass(frozen=True)
class Style:
    """Plain unless `colour`; `block` draws bars, `dot` stands between what can be pressed aside."""

    colour: bool = False
    block: str = "█"
    dot: str = "·"

    def heading(self, text: str) -> str:
        """The lines of `text`, bold where that can be."""
        return self._marked(_BOLD, text)

    def aside(self, text: str) -> str:
        """The lines of `text`, dim where that can be."""
        return self._marked(_DIM, text)

    def _marked(self, mark: str, text: str) -> str:
        if not self.colour:
            return text
        # Each line by itself: a pager or a screen reader may take up any of them.
        return "\n".join(f"{mark}{line}{_NORMAL}" if line else line for line in text.split("\n"))


PLAIN = Style()


def style_of(output: TextIO, environment: Mapping[str, str]) -> Style:
    """The style for `output`: colour for capable terminals whose owner has not refused it (NO_COLOR)."""
    colour = is_capable(output, environment) and not environment.get("NO_COLOR")
    return Style(colour, _first(output, PLAIN.block, "#"), _first(output, PLAIN.dot, "/"))


def is_capable(output: TextIO, environment: Mapping[str, str]) -> bool:
    """Whether `output` is a terminal where a line can be written over; the one of a screen reader (dumb) is not."""
    return output.isatty() and environment.get("TERM") != "dumb"


def _first(output: TextIO, wanted: str, otherwise: str) -> str:
    try:
        wanted.encode(output.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return otherwise
    return wanted
