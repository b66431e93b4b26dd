"""Plain words in a message: nothing in them is a format, a link or a mention for Discord."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.markup.visible import visible

# What Discord shows as somebody's or something's name, as an emoji, or as a moment; a mention tells nobody here.
TOKEN = (
    r"<(?:@[!&]?\d{15,21}|#\d{15,21}|a?:\w{2,32}:\d{15,21}|t:-?\d{1,13}(?::[tTdDfFRsS])?"
    r"|/[\w -]{1,98}:\d{15,21}|id:[a-z-]{1,20})>"
)
# Discord drops a backslash before any of these.
_ACTIVE = re.compile(rf"(?P<token>{TOKEN})|[\\*_~`|<>\[\]@]")
# What begins a heading, a list or small print where a line begins with it.
_LEADING = re.compile(r"^([^\S\n]*(?:(?=[#+-])|\d+(?=[.)])))", re.M)


def plain(text: str) -> str:
    """`text` as it stands, shown letter by letter; what cannot be sent, or turns the reading order, is left out."""
    return whole_lines(within(text))


def within(text: str) -> str:
    """The same for what stands within a line."""
    return _ACTIVE.sub(lambda found: found[0] if found["token"] else f"\\{found[0]}", visible(text))


def whole_lines(written: str) -> str:
    """Lines that are written already, none of which begins anything else."""
    return _LEADING.sub(r"\1\\", written)


def line(text: str) -> str:
    """The same on one line."""
    return plain(" ".join(text.split()))


def joined(pieces: Sequence[str], limit: int, between: str = "\n\n") -> list[str]:
    """Pieces put together into as few texts as possible, each of at most `limit` characters, as no piece is longer."""
    texts: list[str] = []
    for piece in filter(None, pieces):
        if texts and len(texts[-1]) + len(between) + len(piece) <= limit:
            texts[-1] += between + piece
        else:
            texts.append(piece)
    return texts
