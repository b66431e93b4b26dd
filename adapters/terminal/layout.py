"""Lines of a given width: what may be shown of a text, and where it breaks."""

from __future__ import annotations

import re
import textwrap
import unicodedata

from bot.markup.marks import unmarked
from bot.markup.visible import named_emoji

# A list item's mark, with what stands before it; short enough to leave room for words in the narrowest window.
_MARK = re.compile(r" {0,8}(?:[-*•]|\d{1,3}[.)]) {1,3}(?=\S)")
_HIDDEN = ("Cc", "Cs")


def clean(text: str) -> str:
    """`text` without control characters: none of it can move the cursor, colour or rename the window."""
    return "\n".join("".join(map(_visible, line)) for line in named_emoji(unmarked(text)).splitlines())


def clean_line(text: str) -> str:
    """`text` cleaned, on one line."""
    return " ".join(clean(text).split())


def _visible(character: str) -> str:
    if unicodedata.category(character) not in _HIDDEN:
        return character
    if character == "\t":
        return " "
    # Half a surrogate pair cannot be written; anything else does not show.
    return "\N{REPLACEMENT CHARACTER}" if unicodedata.category(character) == "Cs" else ""


def wrap(text: str, width: int, lead: str = "") -> str:
    """One line of clean text wrapped; what follows the first line hangs under the text after `lead` or a list mark.

    A word that is longer than `width` stays whole, as far to the left as it needs.
    """
    hanging = len(lead)
    if not lead and (mark := _MARK.match(text)):
        hanging = mark.end()
    lines = textwrap.wrap(
        lead + text, width, subsequent_indent=" " * hanging, break_on_hyphens=False, break_long_words=False
    )
    return "\n".join(line if len(line) <= width else _moved_left(line, width) for line in lines)


def _moved_left(line: str, width: int) -> str:
    bare = line.lstrip(" ")
    return bare.rjust(width)
