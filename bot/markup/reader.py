"""Reading the small Markdown of replies (CommonMark with tables; HTML, pictures and indented code are plain words)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING

from bot.markup import (
    Block,
    Break,
    Code,
    Emphasis,
    Heading,
    Inline,
    Items,
    Link,
    Paragraph,
    Quote,
    Strong,
    Table,
    Verbatim,
    Words,
)

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.tree import SyntaxTreeNode

# An address that stands in a sentence ends before the mark that ends the sentence; brackets in it come in pairs.
_PAIR = r"\([^\s<>()\[\]\"“”]*\)"
_ADDRESS = re.compile(rf"https?://(?:[^\s<>()\[\]\"“”]|{_PAIR})*(?:[^\s<>()\[\]\"“”.,;:!?'’]|{_PAIR})")
_WEB = re.compile(r"https?://[^\s<>|]+", re.I)
_PLAIN_ONLY = ("html_block", "html_inline", "image", "entity", "hr", "lheading", "code", "reference")
# So deep, quotes and lists are read: ten lists in each other.
_DEEPEST = 20


def read(text: str) -> tuple[Block, ...]:
    """The blocks of a text; one that nests deeper than anybody writes is read as plain lines."""
    from markdown_it.tree import SyntaxTreeNode

    # A zero byte is another character to Markdown, and means nothing to anybody.
    told = text.replace("\0", "")
    tokens = _parser().parse(told)
    # The parser leaves out what stands deeper.
    within = (token for line in tokens for token in (line, *(line.children or ())))
    if any(token.nesting == 1 and token.level >= _DEEPEST - 1 for token in within):
        return (Paragraph(joined(part for line in told.split("\n") for part in (Words(line), Break()))[:-1]),)
    return tuple(_blocks(SyntaxTreeNode(tokens).children))


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": False, "maxNesting": _DEEPEST}).enable("table").disable(list(_PLAIN_ONLY))


def _blocks(nodes: Sequence[SyntaxTreeNode]) -> Iterator[Block]:
    for node in nodes:
        match node.type:
            case "paragraph" if parts := _of_line(node):
                yield Paragraph(parts)
            case "heading" if parts := _of_line(node):
                yield Heading(parts)
            case "fence":
                yield Code(node.content.rstrip("\n"), node.info.strip())
            case "blockquote" if blocks := tuple(_blocks(node.children)):
                yield Quote(blocks)
            case "bullet_list":
                yield Items(tuple(tuple(_blocks(item.children)) for item in node.children))
            case "ordered_list":
                first = node.attrGet("start")
                yield Items(
                    tuple(tuple(_blocks(item.children)) for item in node.children), 1 if first is None else int(first)
                )
            case "table":
                lines = [row for part in node.children for row in part.children]
                rows = [tuple(_of_line(cell) for cell in line.children) for line in lines]
                yield Table(rows[0], tuple(rows[1:]))


def _of_line(node: SyntaxTreeNode) -> tuple[Inline, ...]:
    """What a paragraph, a heading or a cell holds."""
    return joined(part for child in node.children for part in _inlines(child.children))


def _inlines(nodes: Sequence[SyntaxTreeNode]) -> Iterator[Inline]:
    for node in nodes:
        match node.type:
            case "softbreak" | "hardbreak":
                yield Break()
            case "code_inline":
                yield Verbatim(node.content)
            case "strong":
                yield Strong(joined(_inlines(node.children)))
            case "em":
                yield Emphasis(joined(_inlines(node.children)))
            case "link":
                yield from _link(joined(_inlines(node.children)), str(node.attrGet("href") or ""))
            case _:
                yield from _with_addresses(node.content)


def _link(parts: tuple[Inline, ...], url: str) -> Iterator[Inline]:
    """A link that can be followed from a chat; of any other one the words."""
    unlinked = _unlinked(parts)
    if _WEB.fullmatch(url):
        yield Link(unlinked or (Words(url),), url)
    else:
        yield from unlinked


def _unlinked(parts: tuple[Inline, ...]) -> tuple[Inline, ...]:
    """The same without links, as no link holds another one."""
    return joined(part for one in parts for part in (one.parts if isinstance(one, Link) else (one,)))


def _with_addresses(text: str) -> Iterator[Inline]:
    end = 0
    for match in _ADDRESS.finditer(text):
        yield Words(text[end : match.start()])
        yield Link((Words(match[0]),), match[0])
        end = match.end()
    yield Words(text[end:])


def joined(parts: Iterator[Inline] | Sequence[Inline]) -> tuple[Inline, ...]:
    """The same with words put together that stand side by side, and nothing empty."""
    found: list[Inline] = []
    for part in parts:
        last = found[-1] if found else None
        if isinstance(part, Words) and isinstance(last, Words):
            found[-1] = Words(last.text + part.text)
        elif isinstance(part, Strong) and isinstance(last, Strong):
            found[-1] = Strong(joined((*last.parts, *part.parts)))
        elif isinstance(part, Emphasis) and isinstance(last, Emphasis):
            found[-1] = Emphasis(joined((*last.parts, *part.parts)))
        elif part != Words("") and part not in (Strong(()), Emphasis(())):
            found.append(part)
    return tuple(found)
