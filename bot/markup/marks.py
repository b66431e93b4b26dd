"""Words of people, and moments, within the small Markdown: between marks that nobody else can set.

The marks are characters that Unicode keeps for a program's own use and that stand in no text (U+FDD0 to U+FDEF). What
is left without them is what is read where there is no markup. Only what the bot writes is read for marks, and what is
put between them loses its own: so nobody's words can end early, or make themselves a moment.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime

from bot.markup.visible import visible

WRITTEN, MOMENT, END = "\ufdd0", "\ufdd1", "\ufdd2"
# The digits of a moment in seconds, and a minus.
_DIGITS = {"-": "\ufdd5", **{str(digit): chr(0xFDD6 + digit) for digit in range(10)}}
_ENCODED = str.maketrans(_DIGITS)
_DECODED = str.maketrans({mark: digit for digit, mark in _DIGITS.items()})
_MARKS = re.compile(r"[\ufdd0-\ufdef]+")
MARKED = re.compile(
    rf"{WRITTEN}(?P<written>[^\ufdd0-\ufdef]*){END}|{MOMENT}(?P<at>[\ufdd5-\ufddf]+)(?P<words>[^\ufdd0-\ufdef]*){END}"
)


def as_written(text: str) -> str:
    """What somebody wrote, to be put into a reply's text: shown as it is, nothing in it is a format."""
    # Each line by itself, so that a reply of which lines are left out holds no mark without its other one.
    return "\n".join(f"{WRITTEN}{line}{END}" if line else "" for line in visible(text).splitlines())


def moment(at: datetime, words: str) -> str:
    """A moment (aware), to be put into a reply's text: in the reader's own time where a platform can, else `words`."""
    return f"{MOMENT}{str(int(at.timestamp())).translate(_ENCODED)}{unmarked(words)}{END}"


def read_moment(at: str) -> datetime:
    """The moment that its marks tell."""
    return datetime.fromtimestamp(int(at.translate(_DECODED)), UTC)


def unmarked(text: str) -> str:
    """`text` without marks: what is read where there is no markup."""
    return _MARKS.sub("", text)
