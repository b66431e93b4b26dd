"""Splitting: blocks that are too long for one message become several, none of which ends inside a link."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TypeVar, assert_never

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
from bot.markup.reader import joined

T = TypeVar("T")
# How a dialect writes blocks.
Write = Callable[[Sequence[Block]], str]
_ENDS = (".", "!", "?", ":", ";")


def split(blocks: Sequence[Block], limit: int, write: Write) -> list[list[Block]]:
    """The blocks in groups of which each is written in at most `limit` characters, in as few as there can be."""
    groups: list[list[Block]] = []
    for block in blocks:
        if groups and len(write([*groups[-1], block])) <= limit:
            groups[-1].append(block)
        elif len(write([block])) <= limit:
            groups.append([block])
        else:
            groups += ([piece] for piece in _pieces(block, limit, write))
    return groups


def _pieces(block: Block, limit: int, write: Write) -> Iterator[Block]:
    """A block that is too long, in blocks that are not."""
    match block:
        case Paragraph(parts):
            yield from map(Paragraph, _lines(parts, limit, lambda parts: write([Paragraph(parts)])))
        case Heading(parts):
            yield from map(Heading, _lines(parts, limit, lambda parts: write([Heading(parts)])))
        case Code(text):
            lines = text.split("\n")
            for some in _fill(lines, limit, lambda some: write([replace(block, text="\n".join(some))]), _halved):
                yield replace(block, text="\n".join(some))
        case Quote(blocks):
            yield from (Quote(tuple(some)) for some in split(blocks, limit, lambda some: write([Quote(tuple(some))])))
        case Items():
            yield from _items(block, limit, write)
        case Table():
            yield from _rows(block, limit, write)
        case _:
            assert_never(block)


def _items(block: Items, limit: int, write: Write) -> Iterator[Block]:
    """Lists of whole items; one that is too long by itself is continued below."""
    first, rest = block.first, block.items

    def of(items: Sequence[tuple[Block, ...]]) -> Items:
        return Items(tuple(items), first)

    while rest:
        count = _fitting(rest, limit, lambda items: write([of(items)]))
        if count:
            yield of(rest[:count])
        else:
            begun, *more = split(rest[0], limit, lambda some: write([of([tuple(some)])]))
            yield of([tuple(begun)])
            for some in more:
                yield from some
            count = 1
        first = None if first is None else first + count
        rest = rest[count:]


def _rows(block: Table, limit: int, write: Write) -> Iterator[Block]:
    """Tables of whole rows, each with the head; where one row is too long, each cell is a line below its head."""

    def of(rows: Sequence[tuple[tuple[Inline, ...], ...]]) -> str:
        return write([replace(block, rows=tuple(rows))])

    if any(len(of([row])) > limit for row in block.rows) or not block.rows:
        for row in block.rows or (block.head,):
            pairs = zip(block.head, row, strict=True)
            cells = [part for head, cell in pairs for part in (*head, Words(": "), *cell, Break())]
            yield from (one for some in split([Paragraph(joined(cells[:-1]))], limit, write) for one in some)
        return
    rest = block.rows
    while rest:
        count = _fitting(rest, limit, of)
        yield replace(block, rows=rest[:count])
        rest = rest[count:]


def _lines(
    parts: tuple[Inline, ...], limit: int, write: Callable[[tuple[Inline, ...]], str]
) -> list[tuple[Inline, ...]]:
    """A long line in several, cut after a sentence where that leaves no small rest, else after a word."""
    atoms = list(_atoms(parts))

    def of(some: Sequence[Inline]) -> tuple[Inline, ...]:
        return _trimmed(joined(some))

    filled = _fill(atoms, limit, lambda some: write(of(some)), _halves, _ends_sentence)
    return [line for some in filled if (line := of(some))]


def _trimmed(parts: tuple[Inline, ...]) -> tuple[Inline, ...]:
    """Without what stands only between two lines."""
    while parts and _is_space(parts[0]):
        parts = parts[1:]
    while parts and _is_space(parts[-1]):
        parts = parts[:-1]
    if parts and isinstance(parts[-1], Words):
        parts = (*parts[:-1], Words(parts[-1].text.rstrip()))
    return parts


def _is_space(part: Inline) -> bool:
    return part == Break() or (isinstance(part, Words) and not part.text.strip())


def _atoms(parts: tuple[Inline, ...]) -> Iterator[Inline]:
    """What is not cut: words with the space behind them, links, what stands verbatim."""
    for part in parts:
        match part:
            case Words(text):
                yield from (Words(word) for word in _words(text))
            case Strong(inner):
                yield from (Strong((atom,)) for atom in _atoms(inner))
            case Emphasis(inner):
                yield from (Emphasis((atom,)) for atom in _atoms(inner))
            case Break() | Verbatim() | Link() | Moment():
                yield part
            case _:
                assert_never(part)


def _words(text: str) -> Iterator[str]:
    start = 0
    for place in range(1, len(text)):
        if text[place - 1] == " " and text[place] != " ":
            yield text[start:place]
            start = place
    yield text[start:]


def _halves(atom: Inline) -> list[Inline]:
    """What is too long by itself, in two; a link becomes its words and its address."""
    match atom:
        case Words(text) | Verbatim(text):
            middle = len(text) // 2
            return [type(atom)(text[:middle]), type(atom)(text[middle:])]
        case Moment(words=text):
            return list(_atoms((Words(text),)))
        case Strong((inner, *_)):
            return [Strong((half,)) for half in _halves(inner)]
        case Emphasis((inner, *_)):
            return [Emphasis((half,)) for half in _halves(inner)]
        case Link(parts, url):
            return list(_atoms((Words(f"{plain(parts)} "), Words(url))))
        case _:
            return [Words("")]


def _halved(line: str) -> list[str]:
    middle = len(line) // 2
    return [line[:middle], line[middle:]]


def _ends_sentence(atom: Inline) -> bool:
    match atom:
        case Break():
            return True
        case Words(text) | Verbatim(text) | Moment(words=text):
            return text.rstrip().endswith(_ENDS)
        case Strong(parts) | Emphasis(parts):
            return bool(parts) and _ends_sentence(parts[-1])
        case _:
            return False


def _fill(
    things: Sequence[T],
    limit: int,
    write: Callable[[Sequence[T]], str],
    halve: Callable[[T], list[T]],
    ends: Callable[[T], bool] = lambda thing: True,
) -> Iterator[Sequence[T]]:
    """The things in groups that fit, the last of each being an end where that leaves it at least half full."""
    rest = list(things)
    while rest:
        count = _fitting(rest, limit, write)
        if count == 0:
            halves = [half for half in halve(rest[0]) if half != rest[0]]
            # What cannot be halved is nothing but marks around a letter: no limit is as small as that.
            rest[:1] = halves
            continue
        if count < len(rest):
            count = next((place for place in range(count, count // 2, -1) if ends(rest[place - 1])), count)
        yield rest[:count]
        rest = rest[count:]


def _fitting(things: Sequence[T], limit: int, write: Callable[[Sequence[T]], str]) -> int:
    """How many of the things fit, from the first on."""
    low, high = 0, 1
    while high <= len(things) and len(write(things[:high])) <= limit:
        low, high = high, 2 * high
    high = min(high, len(things) + 1)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if len(write(things[:middle])) <= limit else (low, middle)
    return low
