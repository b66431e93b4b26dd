"""A poll that is repeated, as lines: how the share of each option has changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from math import nan
from statistics import fmean

from bot.charts.alternative import alternative
from bot.charts.card import GRID, INNER, MARGIN, QUIET, SMALL, Card, new_card, once
from bot.charts.editions import MOST_OPTIONS, Course, Edition, circumstances, courses, latest
from bot.charts.lettering import Style
from bot.reply import Picture

# Told apart by those who see no red or no green as well, by their markers, and by the name at the end of each line.
LINES = (("#17508c", "o"), ("#b3470b", "s"), ("#00705a", "^"), ("#8e3a80", "D"), ("#7a5c00", "v"), ("#39434e", "<"))
OTHERS = "#7f8994"
NAME, MOST_NAME_LINES = 27, 2
# Where the plot is, in pixels: left of it stand the percentages, right of it the names.
LEFT, RIGHT, HEIGHT = MARGIN + 88, MARGIN + INNER - 340, 560
INSET, GAP = 14, 28
# The share at the top of the plot -> from one line of its grid to the next.
GRIDS = {20: 5, 30: 10, 40: 10, 50: 10, 60: 20, 80: 20, 100: 20}


@dataclass(frozen=True)
class Plot:
    """Where things are on the card, in pixels: editions from left to right at equal distances, shares from 0 up."""

    top: float
    editions: int
    highest: int

    def x(self, edition: int) -> float:
        """Where the edition of that place is."""
        return LEFT + INSET + (RIGHT - LEFT - 2 * INSET) * edition / (self.editions - 1)

    def y(self, share: float | None) -> float:
        """Where a share in percent is; not a number where there is none."""
        return nan if share is None else self.top + HEIGHT * (1 - min(share, self.highest) / self.highest)


def trend(editions: Sequence[Edition]) -> Picture | None:
    """A line an option over the editions, its name at the end; None for fewer than two editions.

    Of more than six options those with the highest shares in the end have names and colours; the others are thin and
    grey. The alternative text has all of them.
    """
    shown = latest(editions)
    if len(shown) < 2:
        return None
    lines = courses(shown)[:MOST_OPTIONS]
    rows = [(course.option, course.change) for course in lines]
    told = alternative("Trend", shown[-1].tally.question, rows, circumstances(shown))
    return Picture(partial(once, _drawn, tuple(shown), tuple(lines)), told, told=True)


def _drawn(shown: Sequence[Edition], lines: Sequence[Course]) -> bytes:
    question, told = shown[-1].tally.question, circumstances(shown)
    named = sorted(range(len(lines)), key=lambda place: -(lines[place].known or (-1,))[-1])[: len(LINES)]
    others = [course for place, course in enumerate(lines) if place not in named]
    with new_card() as card:
        most = max((share for course in lines for share in course.known), default=0)
        highest = next((top for top in GRIDS if most <= top), 100)
        plot = Plot(card.title(question) + 1.5 * GAP, len(shown), highest)
        _draw_grid(card, plot)
        _draw_days(card, plot, shown)
        for course in others:
            card.line(*_points(plot, course), OTHERS, 2, "o")
        _draw_named(card, plot, lines, sorted(named))
        grey = f"Thin grey lines: {len(others)} more {'option' if len(others) == 1 else 'options'}."
        return card.png(card.foot(plot.top + HEIGHT + 3 * GAP, (*told, grey) if others else told))


def _draw_grid(card: Card, plot: Plot) -> None:
    for share in range(0, plot.highest + 1, GRIDS[plot.highest]):
        y = plot.y(share)
        card.line((LEFT, RIGHT), (y, y), GRID, 2)
        card.text(LEFT - INSET, y + 0.36 * SMALL.size, f"{share}%", SMALL, "right")


def _draw_days(card: Card, plot: Plot, editions: Sequence[Edition]) -> None:
    """As many days as there is room for, the last one among them."""
    years = (editions[-1].day - editions[0].day).days >= 365
    days = [f"{edition.day.day} {edition.day:{'%b %Y' if years else '%b'}}" for edition in editions]
    wide = max(card.letters.width(day, SMALL) for day in days) + GAP
    step = next(step for step in range(1, len(days) + 1) if plot.x(step) - plot.x(0) >= wide or step == len(days))
    for place in range(len(days) - 1, -1, -step):
        card.text(plot.x(place), plot.top + HEIGHT + 1.6 * SMALL.size, days[place], SMALL, "center")


def _draw_named(card: Card, plot: Plot, lines: Sequence[Course], named: Sequence[int]) -> None:
    """Lines with the last share and the name of each at its end, moved apart where they would overlap."""
    labels = card.letters.labels([course.option for course in lines], Style(NAME, QUIET))
    names = []
    for place, (colour, marker) in zip(named, LINES, strict=False):
        course, style = lines[place], Style(NAME, colour)
        card.line(*_points(plot, course), colour, 4, marker)
        if course.known:
            last = max(at for at, share in enumerate(course.shares) if share is not None)
            words = f"{course.known[-1]}% {labels[place]}"
            written = card.letters.lines(words, style, MARGIN + INNER - RIGHT - 2 * GAP, MOST_NAME_LINES)
            names.append((plot.y(course.known[-1]), plot.x(last), written, style))
    names.sort(key=lambda name: name[0])
    heights = [len(written) * style.line for _, _, written, style in names]
    wanted = [y - height / 2 for (y, *_), height in zip(names, heights, strict=True)]
    tops = apart(wanted, heights, plot.top - GAP, plot.top + HEIGHT + GAP)
    for (y, x, written, style), top, height in zip(names, tops, heights, strict=True):
        # Dotted, so that it is not taken for a share that stays as it is.
        way = (x + INSET, RIGHT + GAP, RIGHT + 1.7 * GAP), (y, y, top + height / 2)
        card.line(*way, style.colour, 1.5, dotted=True)
        card.paragraph(RIGHT + 2 * GAP, top, written, style)


def apart(wanted: Sequence[float], heights: Sequence[float], start: float, end: float, gap: float = 8) -> list[float]:
    """Where boxes of these heights begin between `start` and `end`: as near as can be to where each is wanted, in that
    order, `gap` from each other. They must have room.
    """
    before = [sum(heights[:place]) + gap * place for place in range(len(heights))]
    # Without the boxes before them all want one place or a later one; those that want to pass each other share one.
    groups: list[list[float]] = []
    for top, offset in zip(wanted, before, strict=True):
        groups.append([top - offset])
        while len(groups) > 1 and fmean(groups[-2]) > fmean(groups[-1]):
            groups[-2:] = [groups[-2] + groups[-1]]
    last = end - sum(heights) - gap * (len(heights) - 1)
    shared = [max(start, min(fmean(group), last)) for group in groups for _ in group]
    return [top + offset for top, offset in zip(shared, before, strict=True)]


def _points(plot: Plot, course: Course) -> tuple[list[float], list[float]]:
    return [plot.x(at) for at in range(plot.editions)], [plot.y(share) for share in course.shares]
