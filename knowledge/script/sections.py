"""The outline of a script file (headings and "Key: value" lines) and the sections of its detailed structure."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from knowledge.script import Element, Section
from knowledge.script.elements import read_element, read_points
from knowledge.script.text import Findings, Line, clock, prose, read_seconds, slugify

_SECTION_KEYS = (
    "Content",
    "Visual Cue",
    "Audio Cue",
    "Engagement",
    "Interactive Element",
    "Estimated Time",
    "Accessibility Note",
    "Next Topic Teaser",
)
_TOTAL = "Total Estimated Time"
_TIME_EXAMPLES = '"30 seconds", "1 minute 30 seconds" or "1:30"'
_LONGEST_KEY = 4  # words; what is longer before a colon is a sentence


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
        if heading := _heading(line.text):
            blocks.append(Block(*heading, line.number))
        else:
            blocks[-1].lines.append(line)
    return blocks


def _heading(text: str) -> tuple[int, str] | None:
    title = text.lstrip("#")
    level = len(text) - len(title)
    # "#FinOps" is a hashtag; from two marks on, a forgotten blank does no harm.
    if not 1 <= level <= 6 or not title.strip() or (level == 1 and not title.startswith(" ")):
        return None
    return level, title.strip()


def read_entries(lines: Iterable[Line], known: Sequence[str], place: str, findings: Findings) -> dict[str, Entry]:
    """Read "Key: value" lines by their known keys, in any case and spacing; empty values are left out.

    An unknown key or text without a key is a warning, a key given twice a problem.
    """
    names = {key.casefold(): key for key in known}
    entries: dict[str, Entry] = {}
    current: Entry | None = None
    for line in lines:
        before, colon, after = line.text.partition(":")
        key = names.get(" ".join(before.casefold().split())) if colon else None
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


def _looks_like_key(before: str, after: str) -> bool:
    """Whether "before:" is worded as a key ("Camera Cue:"), rather than as a sentence that goes on."""
    parts = before.split()
    titled = all(part.isalpha() and part[0].isupper() for part in parts)
    return 0 < len(parts) <= _LONGEST_KEY and titled and (not after or after.startswith(" "))


def _meant(key: str, known: Sequence[str]) -> str:
    close = difflib.get_close_matches(key.strip().title(), known, n=1, cutoff=0.8)
    return f' (did you mean "{close[0]}"?)' if close else ""


def read_sections(
    blocks: Sequence[Block], statistics: Sequence[str], findings: Findings
) -> tuple[tuple[Section, ...], int]:
    """Read the blocks of the detailed structure; return its sections and their length in seconds.

    The sections follow each other on the video's clock. Every section has Content and Estimated Time, and the total
    that the script states, if any, is their sum; whatever is not so is a problem.
    """
    builder = _Sections(statistics, findings)
    part: str | None = None
    for place, block in enumerate(blocks):
        entries = read_entries(block.lines, (*_SECTION_KEYS, _TOTAL), _place(block), findings)
        builder.note_total(entries.pop(_TOTAL, None))
        if block.level == 2:
            builder.skip(entries)
        elif block.level == 3:
            holds_sections = any(after.level == 4 for after in blocks[place + 1 : place + 2])
            part = block.title
            if entries or not holds_sections:
                builder.add(block, None, entries)
        elif block.level == 4:
            builder.add(block, part, entries)
        else:
            findings.problem(block.line, f'heading "{block.title}" is too deep; expected ### or #### for a section')
    builder.check_total()
    return tuple(builder.sections), builder.clock


def _place(block: Block) -> str:
    return f'section "{block.title}"' if block.level > 2 else block.title


class _Sections:
    """The sections read so far, the video's clock after them, and the total that the script states."""

    def __init__(self, statistics: Sequence[str], findings: Findings) -> None:
        self.statistics = statistics
        self.findings = findings
        self.sections: list[Section] = []
        self.clock = 0
        self.times_known = True
        self.total: Entry | None = None

    def skip(self, entries: dict[str, Entry]) -> None:
        """Warn of entries that stand before the first section."""
        for entry in entries.values():
            self.findings.warn(entry.line, f'"{entry.key}" stands before the first section: left out')

    def note_total(self, entry: Entry | None) -> None:
        if entry is not None and self.total is not None:
            self.findings.problem(entry.line, f'second "{_TOTAL}" (first on line {self.total.line})')
        self.total = self.total or entry

    def add(self, block: Block, part: str | None, entries: dict[str, Entry]) -> None:
        """Add a section; what it lacks is a problem, and the section is kept so that the rest can be checked."""

        def text(key: str) -> str | None:
            return entries[key].text if key in entries else None

        content = text("Content")
        if content is None:
            self.findings.problem(block.line, f'section "{block.title}" has no Content; expected "Content: ..."')
        seconds = self._seconds(block, entries.get("Estimated Time"))
        points = read_points(content or "")
        section = Section(
            slug=self._free_slug(block.title),
            title=block.title,
            part=part,
            line=block.line,
            content=content or "",
            points=points,
            visual=text("Visual Cue"),
            audio=text("Audio Cue"),
            engagement=text("Engagement"),
            element=self._element(entries.get("Interactive Element"), points),
            element_text=text("Interactive Element"),
            accessibility=text("Accessibility Note"),
            teaser=text("Next Topic Teaser"),
            start=self.clock,
            end=self.clock + seconds,
        )
        self.clock = section.end
        self.sections.append(section)

    def _element(self, entry: Entry | None, points: Sequence[str]) -> Element | None:
        if entry is None:
            return None
        return read_element(entry.text, entry.line, points, self.statistics, self.findings)

    def _seconds(self, block: Block, entry: Entry | None) -> int:
        seconds = read_seconds(entry.text) if entry is not None else None
        if entry is None:
            self.findings.problem(
                block.line,
                f'section "{block.title}" has no Estimated Time; expected for example "Estimated Time: 30 seconds"',
            )
        elif not seconds:
            self.findings.problem(
                entry.line, f'section "{block.title}": no time in "{entry.text}"; expected for example {_TIME_EXAMPLES}'
            )
        self.times_known = self.times_known and bool(seconds)
        return seconds or 0

    def _free_slug(self, title: str) -> str:
        slug = slugify(title) or "section"
        taken = {section.slug for section in self.sections}
        number, free = 2, slug
        while free in taken:
            number, free = number + 1, f"{slug}-{number}"
        return free

    def check_total(self) -> None:
        """Compare the stated total with the sum of the sections, once all their times can be read."""
        if self.total is None:
            return
        seconds = read_seconds(self.total.text)
        if seconds is None:
            self.findings.problem(
                self.total.line, f'no time in "{_TOTAL}: {self.total.text}"; expected for example {_TIME_EXAMPLES}'
            )
        elif self.times_known and seconds != self.clock:
            self.findings.problem(
                self.total.line, f'"{_TOTAL}" says {clock(seconds)}, but the sections add up to {clock(self.clock)}'
            )
