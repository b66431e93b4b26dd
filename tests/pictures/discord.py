"""A message of Discord as a picture: the content, buttons and files that are sent, drawn as Discord draws them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from adapters.discord.buttons import view
from adapters.discord.render import Drawing, alternative
from tests.pictures.canvas import SANS, Canvas, Run

PAPER, EDGE, INK, QUIET, BUTTON = "#313338", "#45484f", "#dbdee1", "#a3a6ad", "#4e5058"
WIDTH, MARGIN, LEFT, SIZE, SMALL = 640, 18, 66, 14, 11.5
PICTURE = 400
_MARK = re.compile(r"\*\*(?P<bold>.*?)\*\*|\\(?P<plain>.)|\[(?P<link>(?:\\.|[^\]])*)\]\(<[^>]*>\)")
_ESCAPE = re.compile(r"\\(.)")


def draw(said: str, person: str, drawing: Drawing, title: str) -> str:
    """What a person said, and the messages that came."""
    canvas = Canvas(WIDTH, SANS, PAPER, EDGE)
    canvas.y = MARGIN
    _speaker(canvas, person, "#8a6db0")
    canvas.paragraph(LEFT, [Run(said, INK)], SIZE, MARGIN)
    canvas.y += SIZE
    _speaker(canvas, "FinOps Bot", "#1f3a5f", "APP")
    for text in drawing.texts:
        for line in text.split("\n"):
            _line(canvas, line)
    for picture in drawing.pictures:
        canvas.y += SIZE / 2
        canvas.picture(LEFT, picture.draw(), PICTURE, alternative(picture))
    for row in _rows(drawing):
        canvas.y += SIZE / 2
        _buttons(canvas, row)
    canvas.y += MARGIN
    return canvas.svg(title)


def _speaker(canvas: Canvas, name: str, colour: str, mark: str = "") -> None:
    canvas.box(MARGIN, canvas.y + 2, 34, 34, colour)
    canvas.line(LEFT, [Run(name, "#ffffff", bold=True), *([Run(f"  {mark}", QUIET)] if mark else [])], SIZE)


def _rows(drawing: Drawing) -> Sequence[dict[str, Any]]:
    shown = view(drawing.choices)
    return shown.to_components() if shown else ()


def _line(canvas: Canvas, line: str) -> None:
    if not line:
        canvas.y += SIZE / 2
    elif line.startswith("-# "):
        canvas.paragraph(LEFT, [*_runs(line[3:], QUIET)], SMALL, MARGIN)
    elif listed := re.match(r"(- |\d+\. )", line):
        top = canvas.y
        canvas.line(LEFT + 6, [Run("•" if listed[1] == "- " else listed[1].strip(), INK)], SIZE)
        canvas.y = top
        canvas.paragraph(LEFT + 26, [*_runs(line[listed.end() :], INK)], SIZE, MARGIN)
    else:
        canvas.paragraph(LEFT, [*_runs(line, INK)], SIZE, MARGIN)


def _runs(text: str, colour: str) -> Iterator[Run]:
    end = 0
    for mark in [*_MARK.finditer(text), None]:
        if before := text[end : mark.start() if mark else None]:
            yield Run(before, colour)
        if mark:
            end = mark.end()
            inner = _ESCAPE.sub(r"\1", mark["bold"] or mark["plain"] or mark["link"] or "")
            yield Run(inner, colour, bold=mark["bold"] is not None)


def _buttons(canvas: Canvas, row: dict[str, Any]) -> None:
    x = float(LEFT)
    for button in row["components"]:
        x += canvas.button(x, Run(button["label"], "#ffffff"), SIZE - 1, BUTTON, BUTTON) + 8
    canvas.y += 2.4 * (SIZE - 1)
