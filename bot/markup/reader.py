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
    Moment,
    Paragraph,
    Quote,
    Strong,
    Table,
    Verbatim,
    Words,
    plain,
)
from bot.markup.marks import MARKED, read_moment, unmarked

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.tree import SyntaxTreeNode

# An address that stands in a sentence ends before the mark that ends the sentence; brackets in it come in pairs.
_PAIR = r"\([^\s<>()\[\]\"“”]*\)"
_ADDRESS = re.compile(rf"https?://(?:[^\s<>()\[\]\"“”]|{_PAIR})*(?:[^\s<>()\[\]\"“”.,;:!?'’]|{_PAIR})")
# The same where Markdown is read: what stands in brackets of its own is a link there, and marks around it are formats.
_BARE = re.compile(
    rf"(?<!\]\()(?<![<\w])https?://(?:[^\s<>()\[\]\"“”|\\`*]|{_PAIR})*(?:[^\s<>()\[\]\"“”.,;:!?'’|\\`*_~]|{_PAIR})"
)
_WEB = re.compile(r"https?://[^\s<>|]+", re.I)
_PLAIN_ONLY = ("html_block", "html_inline", "image", "entity", "hr", "lheading", "code", "reference")
# Stands before and behind the number of what was taken out of a text.
_HELD = "\ufdd3"
# So deep, quotes and lists are read: ten lists in each other.
_DEEPEST = 20


def read(text: str) -> tuple[Block, ...]:
    """The blocks of a text; one that nests deeper than anybody writes is read as plain lines."""
    # A zero byte is another character to Markdown, and means nothing to anybody.
    return _Reader().read(text.replace("\0", ""))


def read_line(text: str) -> tuple[Inline, ...]:
    """What the bot says where there is no Markdown: its words, with those of people and moments among them."""
    return joined(part for one in _marked(text) for part in (_words(one) if isinstance(one, str) else one))


def words(text: str) -> tuple[Inline, ...]:
    """What somebody wrote: nothing in it is a format, but addresses lead somewhere."""
    return joined(_words(text))


class _Reader:
    """Reads a text, with what Markdown must not touch taken out of it first."""

    def __init__(self) -> None:
        # What was taken out: in its place stands its number.
        self._held: list[tuple[Inline, ...]] = []

    def read(self, text: str) -> tuple[Block, ...]:
        from markdown_it.tree import SyntaxTreeNode

        guarded = "".join(self._guarded(one) if isinstance(one, str) else self._place(one) for one in _marked(text))
        tokens = _parser().parse(guarded)
        # The parser leaves out what stands deeper.
        within = (token for line in tokens for token in (line, *(line.children or ())))
        if any(token.nesting == 1 and token.level >= _DEEPEST - 1 for token in within):
            return (Paragraph(read_line(text)),)
        return tuple(self._blocks(SyntaxTreeNode(tokens).children))

    def _place(self, parts: tuple[Inline, ...]) -> str:
        self._held.append(parts)
        return f"{_HELD}{len(self._held) - 1}{_HELD}"

    def _guarded(self, text: str) -> str:
        """The text without its bare addresses: in them Markdown would see formats."""
        return _BARE.sub(lambda found: self._place((Link((Words(found[0]),), found[0]),)), text)

    def _blocks(self, nodes: Sequence[SyntaxTreeNode]) -> Iterator[Block]:
        for node in nodes:
            match node.type:
                case "paragraph" if parts := self._of_line(node):
                    yield Paragraph(parts)
                case "heading" if parts := self._of_line(node):
                    yield Heading(parts)
                case "fence":
                    yield Code(self._restored(node.content).rstrip("\n"), self._restored(node.info).strip())
                case "blockquote" if blocks := tuple(self._blocks(node.children)):
                    yield Quote(blocks)
                case "bullet_list":
                    yield Items(tuple(tuple(self._blocks(item.children)) for item in node.children))
                case "ordered_list":
                    first = node.attrGet("start")
                    items = tuple(tuple(self._blocks(item.children)) for item in node.children)
                    yield Items(items, 1 if first is None else int(first))
                case "table":
                    lines = [row for part in node.children for row in part.children]
                    rows = [tuple(self._of_line(cell) for cell in line.children) for line in lines]
                    yield Table(rows[0], tuple(rows[1:]))

    def _of_line(self, node: SyntaxTreeNode) -> tuple[Inline, ...]:
        """What a paragraph, a heading or a cell holds."""
        return joined(part for child in node.children for part in self._inlines(child.children))

    def _inlines(self, nodes: Sequence[SyntaxTreeNode]) -> Iterator[Inline]:
        for node in nodes:
            match node.type:
                case "softbreak" | "hardbreak":
                    yield Break()
                case "code_inline":
                    yield Verbatim(self._restored(node.content))
                case "strong":
                    yield Strong(joined(self._inlines(node.children)))
                case "em":
                    yield Emphasis(joined(self._inlines(node.children)))
                case "link":
                    yield from _link(joined(self._inlines(node.children)), str(node.attrGet("href") or ""))
                case _:
                    yield from self._with_held(node.content)

    def _with_held(self, text: str) -> Iterator[Inline]:
        """Words, and what was taken out of them."""
        for place, piece in enumerate(text.split(_HELD)):
            yield from self._held[int(piece)] if place % 2 else _addresses(piece)

    def _restored(self, text: str) -> str:
        return "".join(
            plain(self._held[int(piece)]) if place % 2 else piece for place, piece in enumerate(text.split(_HELD))
        )


def _marked(text: str) -> Iterator[str | tuple[Inline, ...]]:
    """The bot's own words, and between them those of people, and moments."""
    end = 0
    for match in MARKED.finditer(text):
        yield unmarked(text[end : match.start()])
        if match["at"] is None:
            yield words(match["written"])
        else:
            yield (Moment(read_moment(match["at"]), match["words"]),)
        end = match.end()
    yield unmarked(text[end:])


def _words(text: str) -> Iterator[Inline]:
    for place, line in enumerate(unmarked(text).split("\n")):
        if place:
            yield Break()
        yield from _addresses(line)


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": False, "maxNesting": _DEEPEST}).enable("table").disable(list(_PLAIN_ONLY))


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


def _addresses(text: str) -> Iterator[Inline]:
    """Words, and the addresses among them."""
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
