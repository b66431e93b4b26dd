"""How a poll stands or ended, as bars."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from bot.charts.alternative import alternative
from bot.charts.card import INK, INNER, MARGIN, QUIET, TRACK, Card, new_card, once
from bot.charts.lettering import Style
from bot.reply import Picture, Tally, standing

BAR, LEADING = "#4a83bd", "#17508c"
LABEL, FIGURES, MARK = Style(33, INK), Style(29, INK), Style(25, QUIET)
MOST_LINES = 3
HEIGHT, GAP = 30, 24


def chart(tally: Tally) -> Picture:
    """A bar an option, as long as its share of the voters, with its votes; the question above, how many voted below.

    The same tally gives the same bytes. The picture shows what its font has; the alternative text has every character.
    """
    figures = [_figures(count, share) for count, share in zip(tally.counts, tally.shares, strict=True)]
    rows = list(zip(tally.options, figures, strict=True))
    told = alternative("Bar chart", tally.question, rows, (standing(tally),))
    return Picture(partial(once, _drawn, tally, tuple(figures)), told, told=True)


def _drawn(tally: Tally, figures: Sequence[str]) -> bytes:
    with new_card() as card:
        top = card.title(tally.question) + GAP
        labels = card.letters.labels(tally.options, LABEL)
        leading = _leading(tally)
        mark = "tied for most votes" if len(leading) > 1 else "most votes"
        track = INNER - GAP - max((card.letters.width(text, _figures_style(True)) for text in figures), default=0)
        for place, (label, text) in enumerate(zip(labels, figures, strict=True)):
            leads = place in leading
            top = _label(card, top, label, mark if leads else "")
            length = track * min(tally.counts[place] / tally.voters, 1) if tally.voters else 0
            card.box(MARGIN, top, track, HEIGHT, TRACK)
            if length:
                card.box(MARGIN, top, max(length, 6), HEIGHT, LEADING if leads else BAR)
            card.text(MARGIN + INNER, top + 0.86 * HEIGHT, text, _figures_style(leads), "right")
            top += HEIGHT + 1.5 * GAP
        return card.png(card.foot(top, (standing(tally),)))


def _label(card: Card, top: float, label: str, mark: str) -> float:
    """An option above its bar, and at its right that it leads; returns where the bar begins."""
    room = INNER - (card.letters.width(mark, MARK) + GAP if mark else 0)
    end = card.paragraph(MARGIN, top, card.letters.lines(label, LABEL, room, MOST_LINES), LABEL)
    card.text(MARGIN + INNER, end - LABEL.line + LABEL.size, mark, MARK, "right")
    return end + 4


def _figures(count: int, share: int) -> str:
    return f"{count:,} {'vote' if count == 1 else 'votes'} ({share}%)"


def _figures_style(leads: bool) -> Style:
    return Style(FIGURES.size, FIGURES.colour, bold=leads)


def _leading(tally: Tally) -> set[int]:
    """The places of the options with the most votes; none where all have as many."""
    most = max(tally.counts, default=0)
    leading = {place for place, count in enumerate(tally.counts) if count == most}
    return leading if len(leading) < len(tally.counts) else set()
