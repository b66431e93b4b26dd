"""A talk in the terminal as a picture: what was typed, and what came, bold and dim as there."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.pictures.canvas import LEADING, MONO, Canvas, Run

PAPER, EDGE, INK, DIM, TYPED = "#1b2430", "#3a4657", "#dfe6ee", "#93a1b3", "#8fd0a5"
SIZE, MARGIN = 13, 18
# Of a letter, in parts of its size: that of DejaVu Sans Mono, the widest of the fonts.
ADVANCE = 0.602
_SIGN = re.compile(r"\x1b\[(\d*)m|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)")


def draw(shown: str, columns: int) -> str:
    """What stood on a screen so many columns wide; a line that begins with "> " was typed."""
    canvas = Canvas(round(columns * ADVANCE * SIZE + 2 * MARGIN), MONO, PAPER, EDGE)
    canvas.y = MARGIN
    for line in shown.strip("\n").split("\n"):
        runs = [Run("> ", DIM), Run(line[2:], TYPED, bold=True)] if line.startswith("> ") else [*_runs(line)]
        canvas.line(MARGIN, runs, SIZE)
    canvas.y += MARGIN - (LEADING - 1) * SIZE
    return canvas.svg("A talk with FinOps Bot in the terminal")


def _runs(line: str) -> Iterator[Run]:
    """A line by its signs for bold and dim; those for links are left out."""
    look, end = "", 0
    for sign in [*_SIGN.finditer(line), None]:
        text = line[end : sign.start() if sign else None]
        if text:
            yield Run(text, DIM if look == "2" else INK, bold=look == "1")
        if sign:
            end = sign.end()
            look = sign[1] if sign[1] is not None else look
