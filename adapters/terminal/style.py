"""How the terminal looks: what may be bold, dim or pressed, and which characters it can draw."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TextIO
from urllib.parse import quote

_BOLD, _DIM, _NORMAL = "\x1b[1m", "\x1b[2m", "\x1b[0m"
# A link of a terminal (OSC 8): address, words, end. Those that know none show the words alone.
_LINK = "\x1b]8;;{}\x1b\\{}\x1b]8;;\x1b\\"
# What may stand in an address as it is; everything else is written as %XX.
_OF_ADDRESSES = "!#$%&'()*+,/:;=?@[]~"
# The console of Linux writes out what it should only follow.
_WITHOUT_LINKS = ("linux",)


@dataclass(frozen=True)
class Style:
    """Plain unless `colour`; `block` draws bars, `dot` stands between what can be pressed aside.

    Addresses can be pressed where `links`.
    """

    colour: bool = False
    block: str = "█"
    dot: str = "·"
    links: bool = False

    def heading(self, text: str) -> str:
        """The lines of `text`, bold where that can be."""
        return self._marked(_BOLD, text)

    def aside(self, text: str) -> str:
        """The lines of `text`, dim where that can be."""
        return self._marked(_DIM, text)

    def link(self, words: str, url: str) -> str:
        """The lines of `words`, each leading to `url` where that can be."""
        if not self.links:
            return words
        address = quote(url, safe=_OF_ADDRESSES)
        lines = (line.strip(" ") for line in words.split("\n"))
        return "\n".join(
            whole.replace(line, _LINK.format(address, line)) if line else whole
            for whole, line in zip(words.split("\n"), lines, strict=True)
        )

    def _marked(self, mark: str, text: str) -> str:
        if not self.colour:
            return text
        # Each line by itself: a pager or a screen reader may take up any of them.
        return "\n".join(f"{mark}{line}{_NORMAL}" if line else line for line in text.split("\n"))


PLAIN = Style()


def style_of(output: TextIO, environment: Mapping[str, str]) -> Style:
    """The style for `output`: links for capable terminals, colour where the owner has not refused it (NO_COLOR)."""
    capable = is_capable(output, environment)
    colour, links = (
        capable and not environment.get("NO_COLOR"),
        capable and environment.get("TERM") not in _WITHOUT_LINKS,
    )
    return Style(colour, _first(output, PLAIN.block, "#"), _first(output, PLAIN.dot, "/"), links)


def is_capable(output: TextIO, environment: Mapping[str, str]) -> bool:
    """Whether `output` is a terminal where a line can be written over; the one of a screen reader (dumb) is not."""
    return output.isatty() and environment.get("TERM") != "dumb"


def _first(output: TextIO, wanted: str, otherwise: str) -> str:
    try:
        wanted.encode(output.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return otherwise
    return wanted
