"""The small Markdown of replies in Discord's dialect, in pieces that fit into messages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import assert_never

from adapters.discord.escaping import whole_lines, within
from bot.markup import (
    Block,
    Break,
    Code,
    Emphasis,
    Heading,
    Inline,
    Items,
    Link,
    Moment,
    Paragraph,
    Quote,
    Strong,
    Table,
    Verbatim,
    Words,
    plain,
)
from bot.markup.reader import read, read_line, words
from bot.markup.splitting import split
from bot.markup.visible import visible

_LANGUAGE = re.compile(r"[A-Za-z0-9+#-]{1,20}")
# What keeps a fence inside of code from ending it.
_GAP = "\N{ZERO WIDTH SPACE}"


def pieces(text: str, limit: int) -> list[str]:
    """A text as Discord shows it, in blocks of at most `limit` characters."""
    return [written for some in split(read(text), limit, write) if (written := write(some))]


def written(text: str) -> str:
    """What somebody wrote, on one line: nothing in it is a format, addresses in it can be followed."""
    return whole_lines(_line(words(" ".join(text.split()))))


def sentence(text: str) -> str:
    """What the bot says where there is no Markdown, on one line, with moments in it."""
    return whole_lines(_line(read_line(" ".join(text.split()))))


def write(blocks: Sequence[Block]) -> str:
    """Blocks, one below the other; a list follows its sentence without a gap."""
    written = ""
    before: Block | None = None
    for block in blocks:
        if not (text := _block(block)):
            continue
        close = isinstance(before, Heading) or (isinstance(before, Paragraph) and isinstance(block, Items | Table))
        written += ("\n" if close else "\n\n" if written else "") + text
        before = block
    return written


def _block(block: Block) -> str:
    match block:
        case Paragraph(parts):
            return whole_lines(_line(parts)).strip()
        case Heading(parts):
            return f"### {_line(parts).strip()}"
        case Code(text, language):
            named = language if _LANGUAGE.fullmatch(language) else ""
            return f"```{named}\n{visible(text).replace('```', f'``{_GAP}`')}\n```"
        case Quote(blocks):
            return "\n".join(f"> {one}".rstrip() for one in write(blocks).split("\n"))
        case Items(items, first):
            marks = [f"{first + place}. " if first is not None else "- " for place in range(len(items))]
            return "\n".join(_item(mark, item) for mark, item in zip(marks, items, strict=True))
        case Table(head, rows):
            # Discord has no tables: each row is an item that names its columns, which is also how it is heard best.
            return "\n".join(_row(head, row) for row in rows or (head,))
        case _:
            assert_never(block)


def _item(mark: str, blocks: Sequence[Block]) -> str:
    first, *rest = "\n".join(filter(None, map(_block, blocks))).split("\n")
    return "\n".join((mark + first, *(f"{' ' * len(mark)}{one}" for one in rest)))


def _row(head: Sequence[tuple[Inline, ...]], row: Sequence[tuple[Inline, ...]]) -> str:
    first, *others = (_line(cell) for cell in row)
    named = "; ".join(f"{_line(name)}: {cell}" for name, cell in zip(head[1:], others, strict=True))
    return f"- **{first}**: {named}" if first and named else f"- {first}{named}"


def _line(parts: Sequence[Inline]) -> str:
    return "".join(map(_inline, parts))


def _inline(part: Inline) -> str:
    match part:
        case Words(text):
            return within(text)
        case Break():
            return "\n"
        case Moment(at):
            # The reader's own clock, and how far off it is.
            seconds = int(at.timestamp())
            return f"<t:{seconds}:F> (<t:{seconds}:R>)"
        case Verbatim(text):
            return _verbatim(visible(text))
        case Strong(parts):
            return f"**{_line(parts)}**"
        case Emphasis(parts):
            return f"*{_line(parts)}*"
        case Link(parts, url):
            # In angle brackets no preview of the page appears below.
            address = visible(url)
            return f"<{address}>" if plain(parts) == url else f"[{_line(parts)}](<{address}>)"
        case _:
            assert_never(part)


def _verbatim(text: str) -> str:
    if "``" in text or not text.strip("` "):
        return within(text)
    return f"`` {text} ``" if "`" in text else f"`{text}`"
