"""The outline of a script file: its headings, what stands under each, and "Key: value" lines."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from knowledge.script.text import Findings, Line, prose

_LONGEST_KEY = 4  # words; what is longer before a colon is a sentence
# "#FinOps" is a hashtag; from two marks on, a forgotten blank does no harm.
_HEADING = re.compile(r"(#(?=\s)|#{2,6}(?!#))\s*(\S.*)")


@dataclass
class Block:
    """A heading (its level, title and line) and the lines below it, up to the next heading of any level."""

    level: int
    title: str
    line: int
    lines: list[Line] = field(default_factory=list)


@dataclass
class Entry:
    """The value of a key, which begins on `line` and may go on over the following lines."""

    key: str
    line: int
    lines: list[Line]

    @property
    def text(self) -> str:
        """The value as prose; empty where the key has none."""
        return prose(self.lines)


def read_blocks(lines: Iterable[Line]) -> list[Block]:
    """Part a file at its headings; the first block, of level 0, holds what stands before any heading."""
    blocks = [Block(0, "", 1)]
    for line in lines:
        if heading := _HEADING.fullmatch(line.text):
            blocks.append(Block(len(heading[1]), heading[2], line.number))
        else:
            blocks[-1].lines.append(line)
    return blocks


def under_headings(
    blocks: Iterable[Block], level: int, known: Sequence[str], findings: Findings
) -> dict[str, list[Block]]:
    """For each known heading of that level, in any case, its block and those below it; none where it is not there.

    What stands under no such heading is left out: a heading that is there twice is a problem, the rest are warnings.
    """
    names = {name.casefold(): name for name in known}
    found: dict[str, list[Block]] = {name: [] for name in known}
    current: list[Block] | None = None
    for block in blocks:
        if block.level <= level:
            name = names.get(_folded(block.title).removesuffix(":").strip()) if block.level == level else None
            current = found[name] if name else None
            if current:
                findings.problem(block.line, f'second heading "{name}" (first on line {current[0].line})')
                current = None
            elif current is None and block.level == level:
                told = f"left out with all below it; known are {', '.join(known)}"
                findings.warn(block.line, f'unknown heading "{block.title}": {told}')
        elif current is None:
            findings.warn(block.line, f'heading "{block.title}" stands outside {", ".join(known)}: left out')
        if current is not None:
            current.append(block)
    return found


def lines_below(blocks: Sequence[Block], findings: Findings) -> list[Line]:
    """The lines under a heading; headings within are left out, their text is kept."""
    for block in blocks[1:]:
        findings.warn(block.line, f'heading "{block.title}" within {blocks[0].title}: left out, its text is kept')
    return [line for block in blocks for line in (Line(block.line, ""), *block.lines)]


def read_entries(lines: Iterable[Line], known: Sequence[str], place: str, findings: Findings) -> dict[str, Entry]:
    """Read "Key: value" lines by their known keys, in any case and spacing; empty values are left out.

    An unknown key or text without a key is a warning, a key given twice a problem.
    """
    names = {key.casefold(): key for key in known}
    entries: dict[str, Entry] = {}
    current: Entry | None = None
    for line in lines:
        before, colon, after = line.text.partition(":")
        key = names.get(_folded(before)) if colon else None
        if key is not None:
            current = Entry(key, line.number, [Line(line.number, after.strip())])
            if key in entries:
                findings.problem(line.number, f'{place}: second "{key}" (first on line {entries[key].line})')
            entries.setdefault(key, current)
        elif colon and _looks_like_key(before, after):
            findings.warn(line.number, f'{place}: unknown key "{before.strip()}"{_meant(before, known)}: left out')
            current = Entry(before, line.number, [])
        elif current is not None:
            current.lines.append(line)
        elif line.text:
            findings.warn(line.number, f"{place}: text without a key: left out; expected one of {', '.join(known)}")
    return {key: entry for key, entry in entries.items() if entry.text}


def _folded(title: str) -> str:
    return " ".join(title.casefold().split())


def _looks_like_key(before: str, after: str) -> bool:
    """Whether "before:" is worded as a key ("Camera Cue:"), rather than as a sentence that goes on."""
    parts = before.split()
    titled = all(part.isalpha() and part[0].isupper() for part in parts)
    return 0 < len(parts) <= _LONGEST_KEY and titled and (not after or after.startswith(" "))


def _meant(key: str, known: Sequence[str]) -> str:
    close = difflib.get_close_matches(key.strip().title(), known, n=1, cutoff=0.8)
    return f' (did you mean "{close[0]}"?)' if close else ""
