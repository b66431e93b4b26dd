"""The additional information of a script: takeaways, keywords, quotes and the like, and the YouTube listing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.script import Listing
from knowledge.script.sections import Block
from knowledge.script.text import Findings, Line, prose, without_bullet

_LISTS = (
    "Key Takeaways",
    "SEO Keywords",
    "Additional Resources",
    "Expert Quotes",
    "Statistics",
    "Practical Examples",
)
_SHORT_FORM, _LISTING = "Short Form Adaptation", "YouTube Listing"
_HEADINGS = (*_LISTS, _SHORT_FORM, _LISTING)
_HASHTAG = re.compile(r"(?<![\w&/#])#(?=\w*[^\W\d])(\w+)")
_LINKS = re.compile(r"\buseful links?\s*:\s*(.*?)(?=[.!?](?:\s|$)|\n|$)", re.IGNORECASE)


@dataclass(frozen=True)
class Notes:
    """What "## Additional Information" holds; empty and None where the script has no such heading."""

    lists: dict[str, tuple[str, ...]]
    short_form: str | None
    listing: Listing | None

    def items(self, heading: str) -> tuple[str, ...]:
        """Return the items below a heading such as "Key Takeaways"."""
        return self.lists.get(heading, ())


def read_notes(blocks: Sequence[Block], findings: Findings) -> Notes:
    """Read the blocks of the additional information; unknown headings are warnings, a repeated one is a problem."""
    known: dict[str, Block] = {}
    for block in blocks:
        name = _known_heading(block)
        if block.level == 2:
            _warn_of_text(block, findings)
        elif name is None:
            expected = ", ".join(_HEADINGS)
            findings.warn(
                block.line, f'unknown heading "{block.title}" in {blocks[0].title}: left out; known are {expected}'
            )
        elif name in known:
            findings.problem(block.line, f'second heading "{name}" (first on line {known[name].line})')
        else:
            known[name] = block
    short_form = prose(known[_SHORT_FORM].lines) if _SHORT_FORM in known else ""
    listing = read_listing(known[_LISTING].lines) if _LISTING in known else None
    lists = {name: _items(known[name], findings) for name in _LISTS if name in known}
    return Notes(lists, short_form or None, listing)


def _known_heading(block: Block) -> str | None:
    title = " ".join(block.title.casefold().split()).removesuffix(":").strip()
    return next((name for name in _HEADINGS if block.level == 3 and name.casefold() == title), None)


def _warn_of_text(block: Block, findings: Findings) -> None:
    if line := next((line for line in block.lines if line.text), None):
        findings.warn(line.number, f"{block.title}: text before the first ### heading: left out")


def _items(block: Block, findings: Findings) -> tuple[str, ...]:
    """Read "- item" lines; a line without a bullet goes on with the item before it."""
    items: list[list[Line]] = []
    for line in block.lines:
        text = without_bullet(line.text)
        if text is not None:
            items.append([Line(line.number, text)])
        elif items and line.text:
            items[-1].append(line)
        elif line.text:
            findings.warn(line.number, f'{block.title}: expected "- ..."; the line is taken as an item')
            items.append([line])
    return tuple(text for item in items if (text := prose(item)))


def read_listing(lines: Sequence[Line]) -> Listing | None:
    """Read the text under the video; None where there is none."""
    whole = prose(lines)
    if not whole:
        return None
    hashtags = dict.fromkeys(tag[0] for tag in _HASHTAG.finditer(whole))
    # A line of nothing but hashtags goes as a whole, since a blank line would part paragraphs.
    rest = [Line(line.number, _without_hashtags(line.text), line.indented) for line in lines]
    text = prose(line for line, before in zip(rest, lines, strict=True) if line.text or not before.text)
    return Listing(text, tuple(hashtags), _links(text))


def _without_hashtags(text: str) -> str:
    """Drop the hashtags that end a line; of one within a sentence ("use #FinOps now") only the sign."""
    parts = text.split()
    while parts and _HASHTAG.fullmatch(parts[-1]):
        parts.pop()
    return _HASHTAG.sub(r"\1", " ".join(parts))


def _links(text: str) -> tuple[str, ...]:
    found = _LINKS.search(text)
    names = found[1].split(",") if found else []
    return tuple(name for each in names if (name := each.strip().removeprefix("and ").strip()))
