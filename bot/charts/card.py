"""The card that a picture is drawn on: opaque, with margins of its own, so that it is read on light and dark pages."""

from __future__ import annotations

import io
import logging
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from threading import Lock
from typing import TYPE_CHECKING, Literal

from bot.charts.lettering import Lettering, Style

if TYPE_CHECKING:
    from matplotlib.artist import Artist

# In pixels, twice as many as are shown, so that it is sharp on every screen.
WIDTH, MARGIN = 1200, 64
INNER = WIDTH - 2 * MARGIN

PAPER, EDGE, TRACK, GRID = "#f7f9fb", "#ccd4dd", "#e6ebf1", "#dde3ea"
INK, QUIET = "#1c2733", "#566373"

TITLES = tuple(Style(size, INK, bold=True) for size in (44, 38, 32))
SHORT_TITLE_LINES, MOST_TITLE_LINES = 3, 8
SMALL, MOST_FOOT_LINES = Style(27, QUIET), 6

Align = Literal["left", "center", "right"]

_drawing, _making = Lock(), Lock()
# So many of the newest pictures are remembered, some 50 kB each: many people look at one result.
REMEMBERED = 32


def once(draw: Callable[..., bytes], *facts: Hashable) -> bytes:
    """The PNG that `draw` makes of facts; of the same ones it is made once, however many ask for it."""
    with _making:
        return _made(draw, facts)


@lru_cache(REMEMBERED)
def _made(draw: Callable[..., bytes], facts: tuple[Hashable, ...]) -> bytes:
    return draw(*facts)


@contextmanager
def new_card() -> Iterator[Card]:
    """An empty card. One is drawn at a time, as matplotlib promises nothing to threads."""
    # It would tell the log of a home that it cannot write to; it then keeps its list of fonts in a temporary folder.
    logging.getLogger("matplotlib").setLevel(logging.ERROR)
    with _drawing:
        yield Card()


class Card:
    """Takes shapes from the top down, in pixels from its upper left corner. What is drawn later lies above."""

    def __init__(self) -> None:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
        from matplotlib.transforms import Affine2D

        self.letters = Lettering()
        # At 72 dots an inch a point is a pixel.
        self._figure = Figure(figsize=(WIDTH / 72, 1), dpi=72, facecolor=PAPER, edgecolor=PAPER)
        self._canvas = FigureCanvasAgg(self._figure)
        # Turned over in the end, when the height is known: matplotlib counts from the bottom.
        self._place = Affine2D()
        self._layers = 0

    def text(self, x: float, baseline: float, text: str, style: Style, align: Align = "left") -> None:
        """One line, exactly as it is; `align` says which part of it is at `x`."""
        from matplotlib.text import Text

        written = Text(
            x,
            baseline,
            text,
            color=style.colour,
            fontproperties=self.letters.font(style),
            horizontalalignment=align,
            verticalalignment="baseline",
            parse_math=False,
            usetex=False,
        )
        self._add(written)

    def paragraph(self, x: float, top: float, lines: Sequence[str], style: Style) -> float:
        """Lines below each other; returns where they end."""
        for number, line in enumerate(lines):
            self.text(x, top + number * style.line + style.size, line, style)
        return top + len(lines) * style.line

    def title(self, text: str) -> float:
        """The title at the top, smaller where it is long; returns where it ends."""
        shown = self.letters.shown(text, TITLES[0]) or "Poll results"
        for style in TITLES:
            lines = self.letters.lines(shown, style, INNER, MOST_TITLE_LINES)
            if len(lines) <= SHORT_TITLE_LINES:
                break
        return self.paragraph(MARGIN, MARGIN - style.size // 4, lines, style)

    def foot(self, top: float, sentences: Sequence[str]) -> float:
        """What is said below, each in lines of its own; returns where it ends."""
        for sentence in sentences:
            top = self.paragraph(MARGIN, top, self.letters.lines(sentence, SMALL, INNER, MOST_FOOT_LINES), SMALL)
        return top

    def box(self, x: float, top: float, width: float, height: float, colour: str) -> None:
        """A filled box with slightly round corners."""
        from matplotlib.patches import FancyBboxPatch

        corners = f"round,pad=0,rounding_size={min(6, width / 2)}"
        self._add(FancyBboxPatch((x, top), width, height, boxstyle=corners, facecolor=colour, edgecolor="none"))

    def line(
        self,
        xs: Sequence[float],
        ys: Sequence[float],
        colour: str,
        width: float,
        marker: str = "",
        dotted: bool = False,
    ) -> None:
        """A line through points, broken where one is not a number, with a marker at each where one is named."""
        from matplotlib.lines import Line2D

        drawn = Line2D(xs, ys, color=colour, linewidth=width, linestyle=":" if dotted else "-")
        if marker:
            drawn.set(marker=marker, markersize=3.5 * width, markeredgecolor=PAPER, markeredgewidth=width / 3)
        self._add(drawn)

    def png(self, height: float) -> bytes:
        """The card as a PNG, `height` pixels high without its lower margin: the same bytes for the same shapes."""
        from matplotlib.patches import Rectangle
        from PIL import Image

        whole = round(height) + MARGIN
        self._add(Rectangle((1, 1), WIDTH - 2, whole - 2, facecolor="none", edgecolor=EDGE, linewidth=2))
        self._figure.set_size_inches(WIDTH / 72, whole / 72)
        self._place.scale(1, -1).translate(0, whole)
        self._canvas.draw()
        drawn = Image.frombytes("RGBA", self._canvas.get_width_height(), bytes(self._canvas.buffer_rgba()))
        # A third of the size: few colours are on a card, and they are kept to a step of 255.
        few = drawn.convert("RGB").quantize(256, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
        written = io.BytesIO()
        few.save(written, "png")
        return written.getvalue()

    def _add(self, artist: Artist) -> None:
        self._layers += 1
        artist.set_zorder(self._layers)
        artist.set_transform(self._place)
        self._figure.add_artist(artist)
