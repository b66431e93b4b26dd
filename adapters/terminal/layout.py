"""Lines of a given width: what may be shown of a text, and where it breaks."""

from __future__ import annotations

import re
import textwrap
import unicodedata
from collections.abc import Callable, Iterator

from bot.markup.marks import WRITTEN, unmarked
from bot.markup.visible import named_emoji

# A list item's mark, with what stands before it; short enough to leave room for words in the narrowest window.
_MARK = re.compile(r" {0,8}(?:[-*•]|\d{1,3}[.)]) {1,3}(?=\S)")
_HIDDEN = ("Cc", "Cs")
# A title is a line of its own: in marks of Markdown, or a few words that announce what stands below them.
_MARKED = re.compile(r"#{1,6} +(?P<headed>[^*#]+)|\*\*(?P<strong>[^*]+)\*\*")
_QUIZ = "Quiz: "
LONGEST_TITLE = 40
_ADDRESS = re.compile(r"https?://[^\s<>\"“”]+")
_NOT_OF_IT = ".,;:!?'’"


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


def titled(text: str) -> Iterator[tuple[str, bool]]:
    """The lines of a text, and whether each is a title; one in marks of Markdown comes without them.

    A title stands at the beginning or below an empty line. What people wrote is none.
    """
    lines = [line for whole in text.split("\n") for line in whole.splitlines() or [""]]
    for place, line in enumerate(lines):
        begins = not place or not lines[place - 1].strip()
        goes_on = place + 1 < len(lines) and bool(lines[place + 1].strip())
        marked = _MARKED.fullmatch(line.strip())
        if WRITTEN in line or not begins:
            yield line, False
        elif marked:
            yield marked["headed"] or marked["strong"], True
        else:
            announces = goes_on and line.endswith(":") and len(line) <= LONGEST_TITLE
            yield line, announces or line.startswith(_QUIZ)


def linked(drawn: str, link: Callable[[str, str], str]) -> str:
    """Drawn lines in which each address leads where it says; it ends before the mark that ends its sentence."""

    def led(found: re.Match[str]) -> str:
        address = found[0].rstrip(_NOT_OF_IT)
        while address.endswith(")") and address.count(")") > address.count("("):
            address = address[:-1].rstrip(_NOT_OF_IT)
        return link(address, address) + found[0][len(address) :]

    return _ADDRESS.sub(led, drawn)


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
