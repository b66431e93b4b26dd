"""A message of Slack as a picture: the blocks that are sent, drawn as Slack draws them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from adapters.slack.render import Message
from tests.pictures.canvas import LEADING, SANS, Canvas, Run

Kit = dict[str, Any]

PAPER, EDGE, INK, QUIET, LINK, BUTTON = "#ffffff", "#d5d8dc", "#1d1c1d", "#616061", "#1264a3", "#b6b9bd"
WIDTH, MARGIN, LEFT, SIZE, SMALL = 640, 18, 62, 14, 12
PICTURE = 400


def draw(said: str, person: str, messages: Sequence[Message], title: str) -> str:
    """What a person said, and the messages that came."""
    canvas = Canvas(WIDTH, SANS, PAPER, EDGE)
    canvas.y = MARGIN
    _speaker(canvas, person, "#7a5c9e")
    canvas.paragraph(LEFT, [Run(said, INK)], SIZE, MARGIN)
    canvas.y += SIZE
    for message in messages:
        _speaker(canvas, "FinOps Bot", "#1f3a5f", "APP")
        for block in message.blocks:
            _block(canvas, block)
            canvas.y += SIZE / 2
        for picture in message.pictures:
            canvas.picture(LEFT, picture.draw(), PICTURE, picture.alternative)
            canvas.y += SIZE / 2
    canvas.y += MARGIN - SIZE / 2
    return canvas.svg(title)


def _speaker(canvas: Canvas, name: str, colour: str, mark: str = "") -> None:
    canvas.box(MARGIN, canvas.y + 2, 32, 32, colour)
    canvas.line(LEFT, [Run(name, INK, bold=True), *([Run(f"  {mark}", QUIET)] if mark else [])], SIZE)


def _block(canvas: Canvas, block: Kit) -> None:
    match block["type"]:
        case "rich_text":
            for element in block["elements"]:
                _rich(canvas, element)
        case "context":
            for element in block["elements"]:
                canvas.paragraph(LEFT, [Run(element["text"], QUIET)], SMALL, MARGIN)
        case "section":
            button = block["accessory"]["text"]["text"]
            top = canvas.y
            canvas.button(WIDTH - MARGIN - 66, Run(button, INK, bold=True), SMALL, PAPER, BUTTON)
            canvas.paragraph(LEFT, [Run(block["text"]["text"], INK)], SIZE, MARGIN + 80)
            canvas.y = max(canvas.y, top + 2.4 * SMALL)
        case "actions" | "context_actions":
            _buttons(canvas, [*_labels(block["elements"])])
        case other:
            raise ValueError(f"A block of type {other} is not drawn yet.")


def _labels(elements: Sequence[Kit]) -> Iterator[str]:
    for element in elements:
        if element["type"] == "feedback_buttons":
            yield from (element[name]["text"]["text"] for name in ("positive_button", "negative_button"))
        else:
            yield (element.get("text") or element["placeholder"])["text"]


def _buttons(canvas: Canvas, labels: Sequence[str]) -> None:
    x = float(LEFT)
    for label in labels:
        x += canvas.button(x, Run(label, INK, bold=True), SMALL, PAPER, BUTTON) + SMALL / 2
        if x > WIDTH - 150:
            x, canvas.y = float(LEFT), canvas.y + 2.7 * SMALL
    canvas.y += 2.4 * SMALL if x > LEFT else 0


def _rich(canvas: Canvas, element: Kit) -> None:
    match element["type"]:
        case "rich_text_section":
            canvas.paragraph(LEFT, [*_runs(element)], SIZE, MARGIN)
        case "rich_text_list":
            for number, item in enumerate(element["elements"], 1):
                mark = f"{number}." if element["style"] == "ordered" else "•"
                top = canvas.y
                canvas.line(LEFT + 8, [Run(mark, INK)], SIZE)
                canvas.y = top
                canvas.paragraph(LEFT + 28, [*_runs(item)], SIZE, MARGIN)
        case other:
            raise ValueError(f"An element of type {other} is not drawn yet.")
    canvas.y += (LEADING - 1) * SIZE / 2


def _runs(section: Kit) -> Iterator[Run]:
    for one in section["elements"]:
        style = one.get("style", {})
        colour = LINK if one["type"] == "link" else INK
        yield Run(one["text"], colour, style.get("bold", False), style.get("italic", False))
