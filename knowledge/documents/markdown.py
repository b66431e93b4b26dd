"""Reading one Markdown file: its front matter, its headings, and what stands under each in sentences and items."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from knowledge.chunks import sentences
from knowledge.documents import Document, TopicBlock, TopicSection, Unit
from knowledge.documents.front_matter import Head, read_head
from knowledge.script.parser import script_slug
from knowledge.script.text import Findings, mended, read_text

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.tree import SyntaxTreeNode

# What begins and ends the front matter.
FENCE = "---"


def read_document(path: Path, findings: Findings) -> Document | None:
    """The document of a file; None, with a problem, where there is nothing to read."""
    text = read_text(path, findings)
    if text is None:
        return None
    lines = text.split("\n")
    written, begins = _front_matter(lines)
    head = read_head(written, findings) if begins else Head()
    nodes = _parsed("\n".join(lines[begins:]))
    title = head.title or _first_heading(nodes) or path.stem.replace("-", " ").replace("_", " ")
    sections = tuple(_sections(nodes, title, begins, findings))
    if not sections:
        findings.problem(begins + 1, "nothing to read; expected sentences in Markdown")
        return None
    return Document(path.name, script_slug(path), title, sections, **head.fields)


def _front_matter(lines: Sequence[str]) -> tuple[Sequence[str], int]:
    """The lines between the fences, and how many lines there are to the end of the front matter; 0 where none is."""
    if not lines or lines[0].rstrip() != FENCE:
        return (), 0
    end = next((place for place, line in enumerate(lines[1:], 1) if line.rstrip() == FENCE), None)
    return (lines[1:end], end + 1) if end else ((), 0)


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    # HTML is known as such, and left out: a comment is no sentence.
    return MarkdownIt("commonmark").enable("table")


def _parsed(text: str) -> list[SyntaxTreeNode]:
    from markdown_it.tree import SyntaxTreeNode

    return list(SyntaxTreeNode(_parser().parse(text)).children)


def _first_heading(nodes: Sequence[SyntaxTreeNode]) -> str | None:
    first = next((node for node in nodes if node.type == "heading"), None)
    return _plain(first) if first is not None and first.tag == "h1" else None


def _sections(nodes: Sequence[SyntaxTreeNode], title: str, offset: int, findings: Findings) -> Iterator[TopicSection]:
    """The sections in order; a heading stands under those above it ("Rates > Spot")."""
    path: list[tuple[int, str]] = []
    heading, line = title, offset + 1
    blocks: list[TopicBlock] = []
    for node in nodes:
        if node.type == "heading":
            if blocks:
                yield TopicSection(heading, tuple(blocks), line)
            depth, said, blocks = int(node.tag[1:]), _text(node, offset, findings), []
            if depth == 1 and not path and said == title:
                continue
            path = [*(above for above in path if above[0] < depth), (depth, said)]
            heading, line = " > ".join(text for _, text in path) or title, _line(node, offset)
        else:
            blocks += _blocks(node, offset, findings)
    if blocks:
        yield TopicSection(heading, tuple(blocks), line)


def _blocks(node: SyntaxTreeNode, offset: int, findings: Findings) -> Iterator[TopicBlock]:
    line = _line(node, offset)
    match node.type:
        case "paragraph":
            yield from _block("sentence", sentences(_text(node, offset, findings)), line)
        case "bullet_list" | "ordered_list":
            unit: Unit = "item" if node.type == "bullet_list" else "step"
            yield from _block(unit, tuple(_text(item, offset, findings) for item in node.children), line)
        case "table":
            yield from _block("item", tuple(_rows(node, offset, findings)), line)
        case "blockquote":
            for inner in node.children:
                yield from _blocks(inner, offset, findings)
        case "fence" | "code_block":
            yield from _block("item", tuple(mended(one, line, findings) for one in node.content.splitlines()), line)


def _block(unit: Unit, texts: Sequence[str], line: int) -> Iterator[TopicBlock]:
    if kept := tuple(text for text in texts if text):
        yield TopicBlock(unit, kept, line)


def _rows(table: SyntaxTreeNode, offset: int, findings: Findings) -> Iterator[str]:
    """Each row as a sentence of its own: the first cell, then every other one with the name of its column."""
    head, *bodies = table.children
    names = [_text(cell, offset, findings) for cell in head.children[0].children]
    for row in (row for body in bodies for row in body.children):
        first, *others = (_text(cell, offset, findings) for cell in row.children)
        told = [f"{name}: {text}" if name else text for name, text in zip(names[1:], others, strict=True) if text]
        yield f"{first}: {'; '.join(told)}" if first and told else first or "; ".join(told)


def _text(node: SyntaxTreeNode, offset: int, findings: Findings) -> str:
    return mended(_plain(node), _line(node, offset), findings)


def _plain(node: SyntaxTreeNode) -> str:
    """The words of a node without marks of Markdown; an item's inner items follow it in one line."""
    match node.type:
        case "text" | "code_inline":
            return str(node.content)
        case "softbreak" | "hardbreak":
            return " "
        case "html_inline":
            return " " if node.content.startswith("<br") else ""
        case "image":
            return ""
        case "inline" | "heading" | "th" | "td" | "strong" | "em" | "link":
            return "".join(map(_plain, node.children))
        case _:
            return " ".join(filter(None, map(_plain, node.children)))


def _line(node: SyntaxTreeNode, offset: int) -> int:
    return offset + node.map[0] + 1 if node.map else offset + 1
