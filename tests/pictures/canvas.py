"""A canvas for SVG: lines of text that are wrapped, boxes, buttons, pictures; and the words of one that was drawn."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING
from xml.etree import ElementTree
from xml.sax.saxutils import escape, quoteattr

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

NAMESPACE = "http://www.w3.org/2000/svg"
# Widths are measured in DejaVu Sans, which runs wider than these: so nothing is cut off wherever it is shown.
SANS = "-apple-system, 'Segoe UI', Helvetica, Arial, 'DejaVu Sans', sans-serif"
MONO = "'DejaVu Sans Mono', Menlo, Consolas, monospace"
# Of a line, in parts of the size of its letters.
LEADING = 1.45


@dataclass(frozen=True)
class Run:
    """Letters of one look, within a line."""

    text: str
    colour: str
    bold: bool = False
    italic: bool = False

    @property
    def markup(self) -> str:
        """It as a piece of an SVG text."""
        weight = ' font-weight="bold"' if self.bold else ""
        slant = ' font-style="italic"' if self.italic else ""
        return f'<tspan fill="{self.colour}"{weight}{slant}>{escape(self.text)}</tspan>'


class Canvas:
    """Takes shapes; `y` is where the next line goes, in pixels from the top."""

    def __init__(self, width: int, font: str, paper: str, edge: str) -> None:
        self.width = width
        self.y = 0.0
        self._font, self._paper, self._edge = font, paper, edge
        self._shapes: list[str] = []

    def line(self, x: float, runs: Sequence[Run], size: float) -> None:
        """One line as it is; `y` moves below it."""
        tspans = "".join(run.markup for run in runs)
        baseline = self.y + size * (LEADING + 0.7) / 2
        if tspans:
            place = f'x="{x:g}" y="{baseline:.1f}" font-size="{size:g}"'
            self._shapes.append(f'<text {place} xml:space="preserve">{tspans}</text>')
        self.y += size * LEADING

    def paragraph(self, x: float, runs: Sequence[Run], size: float, right: float = 0) -> None:
        """Lines, broken between words so that they end before `right` pixels from the edge."""
        for line in wrapped(runs, size, self.width - right - x):
            self.line(x, line, size)

    def box(self, x: float, y: float, width: float, height: float, fill: str, edge: str = "none") -> None:
        """A box with round corners."""
        place = f'x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}"'
        self._shapes.append(f'<rect {place} rx="5" fill="{fill}" stroke="{edge}"/>')

    def button(self, x: float, text: Run, size: float, fill: str, edge: str) -> float:
        """A button at `y`, which stays; how wide it is."""
        width, height = 2 * size + measured([text], size), 2.3 * size
        self.box(x, self.y, width, height, fill, edge)
        place = f'x="{x + width / 2:.1f}" y="{self.y + 1.5 * size:.1f}" font-size="{size:g}" text-anchor="middle"'
        self._shapes.append(f"<text {place}>{text.markup}</text>")
        return width

    def picture(self, x: float, png: bytes, width: float, alternative: str) -> None:
        """A picture with its alternative text; `y` moves below it."""
        from PIL import Image

        across, down = Image.open(io.BytesIO(png)).size
        height = width * down / across
        data = base64.b64encode(png).decode()
        place = f'x="{x:g}" y="{self.y:.1f}" width="{width:g}" height="{height:.1f}"'
        held = f"<title>{escape(alternative)}</title>"
        self._shapes.append(f'<image {place} href="data:image/png;base64,{data}">{held}</image>')
        self.y += height

    def svg(self, title: str) -> str:
        """The picture as it is now; `title` says what it is of."""
        height = round(self.y)
        size = f'width="{self.width}" height="{height}" viewBox="0 0 {self.width} {height}"'
        head = f'<svg xmlns="{NAMESPACE}" {size} role="img" aria-label={quoteattr(title)} font-family="{self._font}">'
        frame = f'x="0.5" y="0.5" width="{self.width - 1}" height="{height - 1}" rx="8"'
        paper = f'<rect {frame} fill="{self._paper}" stroke="{self._edge}"/>'
        return "\n".join((head, f"<title>{escape(title)}</title>", paper, *self._shapes, "</svg>")) + "\n"


def words_of(svg: str) -> str:
    """What a picture says, a line each; of a picture in it, its alternative text."""
    root = ElementTree.fromstring(svg)
    told = (f"{{{NAMESPACE}}}text", f"{{{NAMESPACE}}}image")
    return "\n".join("".join(shape.itertext()).strip() for shape in root if shape.tag in told)


def measured(runs: Sequence[Run], size: float) -> float:
    """How wide letters are, in pixels."""
    return sum(_font(run.bold).getlength(run.text) for run in runs) * size / 100


def wrapped(runs: Sequence[Run], size: float, width: float) -> Iterator[list[Run]]:
    """The lines of a paragraph; "\\n" begins a new one."""
    line: list[Run] = []
    for word in _words(runs):
        if word.text == "\n":
            yield line
            line = []
        elif line and measured([*line, replace(word, text=word.text.rstrip())], size) > width:
            yield line
            line = [replace(word, text=word.text.lstrip())]
        else:
            line.append(word)
    if line:
        yield line


def _words(runs: Sequence[Run]) -> Iterator[Run]:
    for run in runs:
        for number, text in enumerate(run.text.split("\n")):
            if number:
                yield replace(run, text="\n")
            for place, word in enumerate(text.split(" ")):
                if word or place:
                    yield replace(run, text=f"{' ' if place else ''}{word}")


@cache
def _font(bold: bool) -> FreeTypeFont:
    from matplotlib import font_manager
    from PIL import ImageFont

    found = font_manager.FontProperties(family="DejaVu Sans", weight="bold" if bold else "normal")
    return ImageFont.truetype(font_manager.findfont(found), 100)
