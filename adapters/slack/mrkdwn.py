"""Slack's own text: what stands in notifications, and what makes Markdown harmless that Slack reads itself."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import assert_never

from bot.markup import (
    Block,
    Code,
    Heading,
    Items,
    Paragraph,
    Quote,
    Table,
    plain,
)
from bot.markup.visible import visible

# What Slack takes for a mention in Markdown that it reads itself, or for one of everybody.
_MENTION = re.compile(r"<(?=[!@#])|@(?=(?:channel|here|everyone|group)\b)", re.I)
# What could become one by what is streamed next.
_BEGUN = re.compile(r"(?:<|@\w*)\Z")
# Parts a mark from what follows; nobody sees or hears it.
JOINER = "\u2060"
BULLET = "•"
BETWEEN = "  "


def harmless(text: str) -> str:
    """The Markdown of a reply, as Slack may read it: nothing in it is a mention, whatever is put behind it."""
    return _BEGUN.sub(lambda found: found[0] + JOINER, _MENTION.sub(lambda found: found[0] + JOINER, visible(text)))


def escaped(text: str) -> str:
    """Plain words as they stand in Slack's text: nothing in them is a mention or a link."""
    told = visible(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _MENTION.sub(lambda found: found[0] + JOINER, told)


def write(blocks: Sequence[Block]) -> str:
    """Blocks as a text that is read without any format: in notifications, and where blocks cannot be shown."""
    return "\n\n".join(map(_block, blocks))


def lines_of(table: Table) -> list[str]:
    """A table as lines of the same width, cells below each other."""
    rows = [[plain(cell).replace("\n", " ") for cell in row] for row in (table.head, *table.rows)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [BETWEEN.join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]


def marked(items: Items) -> list[tuple[str, tuple[Block, ...]]]:
    """The items of a list, each with its mark."""
    first = items.first
    marks = (BULLET if first is None else f"{first + place}." for place in range(len(items.items)))
    return list(zip(marks, items.items, strict=True))


def _block(block: Block) -> str:
    match block:
        case Paragraph(parts) | Heading(parts):
            return plain(parts)
        case Code(text):
            return text
        case Quote(blocks):
            return "\n".join(f"> {line}" for line in write(blocks).split("\n"))
        case Items():
            return "\n".join(f"{mark} {_set_in(write(item))}" for mark, item in marked(block))
        case Table():
            return "\n".join(lines_of(block))
        case _:
            assert_never(block)


def _set_in(text: str) -> str:
    """The lines below the first set in, as those of a list in a list."""
    return text.replace("\n\n", "\n").replace("\n", "\n  ")
