"""Letters on a card: how wide they are, which of them its font has, and how a text breaks into lines."""

from __future__ import annotations

import unicodedata
from bisect import bisect
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.font_manager import FontProperties

# No text of a poll is longer; what is behind it is not even measured.
LONGEST = 600
# More marks on one letter than any language has would stand in the lines above and below.
MOST_MARKS = 2


@dataclass(frozen=True)
class Style:
    """How a text is written: the height of its letters in pixels, its colour as "#rrggbb"."""

    size: int
    colour: str
    bold: bool = False

    @property
    def line(self) -> int:
        """From one baseline to the next, in pixels."""
        return round(1.32 * self.size)


class Lettering:
    """The letters that come with matplotlib (DejaVu Sans). Not to be shared by threads."""

    def __init__(self) -> None:
        import matplotlib
        from matplotlib.backends.backend_agg import RendererAgg
        from matplotlib.font_manager import get_font

        folder = Path(matplotlib.get_data_path(), "fonts", "ttf")
        self._files = {False: folder / "DejaVuSans.ttf", True: folder / "DejaVuSans-Bold.ttf"}
        self._fonts = {bold: get_font(str(file)) for bold, file in self._files.items()}
        # Only measures: at 72 dots an inch a point is a pixel.
        self._renderer = RendererAgg(1, 1, 72)

    def font(self, style: Style) -> FontProperties:
        """A style as matplotlib has it."""
        from matplotlib.font_manager import FontProperties

        return FontProperties(fname=str(self._files[style.bold]), size=style.size)

    def width(self, text: str, style: Style) -> float:
        """How wide a line is, in pixels."""
        return float(self._renderer.get_text_width_height_descent(text, self.font(style), False)[0])

    def shown(self, text: str, style: Style) -> str:
        """What can be shown of `text` in one line, as the font has no emoji and no Chinese: "" where nothing can be.

        Signs alone say nothing once what stood between them is gone.
        """
        whole = " ".join(unicodedata.normalize("NFC", text[:LONGEST]).split())
        kept, marks = "", 0
        for char in whole:
            marks = marks + 1 if unicodedata.combining(char) else 0
            if marks <= MOST_MARKS and self._has(char, style):
                kept += char
        kept = " ".join(kept.split())
        return kept if kept == whole or any(map(str.isalnum, kept)) else ""

    def labels(self, options: Sequence[str], style: Style) -> tuple[str, ...]:
        """What can be shown of each option; its number stands for one of which nothing can be, or too little to tell it
        from another.
        """
        shown = [self.shown(option, style) for option in options]
        times = Counter(shown)
        numbered = ((f"Option {number}", label) for number, label in enumerate(shown, 1))
        return tuple(
            label if label and times[label] == 1 else f"{name}: {label}" if label else name for name, label in numbered
        )

    def lines(self, text: str, style: Style, width: float, most: int) -> tuple[str, ...]:
        """`text` in lines of `width` pixels; an ellipsis stands for what does not fit into `most` lines."""
        fits = partial(self._fits, style, width)
        lines = tuple(islice(_broken(text, fits), most + 1))
        if len(lines) <= most:
            return lines
        last = lines[most - 1]
        cut = bisect(range(len(last)), False, key=lambda at: not fits(f"{last[: at + 1].rstrip()}…"))
        return (*lines[: most - 1], f"{last[:cut].rstrip()}…")

    def _fits(self, style: Style, width: float, text: str) -> bool:
        return self.width(text, style) <= width

    def _has(self, char: str, style: Style) -> bool:
        # Controls are no letters, though the font has a sign for some.
        return not unicodedata.category(char).startswith("C") and self._fonts[style.bold].get_char_index(ord(char)) > 0


def _broken(text: str, fits: Callable[[str], bool]) -> Iterator[str]:
    """Lines that fit, broken between words, and inside a word only where it is longer than a line."""
    words, line = text.split(), ""
    while words:
        longer = f"{line} {words[0]}".lstrip()
        if fits(longer):
            line = longer
            del words[0]
        elif line:
            yield line
            line = ""
        else:
            word = words[0]
            cut = max(1, bisect(range(len(word)), False, key=lambda at: not fits(word[: at + 1])))
            while cut < len(word) and unicodedata.combining(word[cut]):
                cut += 1
            yield word[:cut]
            words[0] = word[cut:]
            if not words[0]:
                del words[0]
    if line:
        yield line
