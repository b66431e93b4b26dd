"""The sections of the detailed structure of a script, on the video's clock."""

from __future__ import annotations

import itertools
from collections.abc import Container, Mapping, Sequence

from knowledge.script import Section
from knowledge.script.elements import read_element, read_points
from knowledge.script.outline import Block, Entry, read_entries
from knowledge.script.text import Findings, clock, read_seconds, slugify

# The keys of a section, and what their values are called in `Section`; of the time it has the start and the end.
_FIELDS = {
    "Content": "content",
    "Visual Cue": "visual",
    "Audio Cue": "audio",
    "Engagement": "engagement",
    "Interactive Element": "element_text",
    "Accessibility Note": "accessibility",
    "Next Topic Teaser": "teaser",
}
_TIME, _TOTAL = "Estimated Time", "Total Estimated Time"
_TIME_EXAMPLES = '"30 seconds", "1 minute 30 seconds" or "1:30"'


def read_sections(blocks: Sequence[Block], statistics: Sequence[str], findings: Findings) -> tuple[Section, ...]:
    """Read the blocks of the detailed structure, which follow each other on the video's clock.

    Every section has Content and Estimated Time, and the total that the script states, if any, is their sum; whatever
    is not so is a problem. What a section lacks is told, and the section is kept so that the rest can be checked.
    """
    sections: list[Section] = []
    total: Entry | None = None
    for block, following in itertools.zip_longest(blocks, blocks[1:]):
        place = f'section "{block.title}"' if block.level > 2 else block.title
        entries = read_entries(block.lines, (*_FIELDS, _TIME, _TOTAL), place, findings)
        if stated := entries.pop(_TOTAL, None):
            if total is not None:
                findings.problem(stated.line, f'second "{_TOTAL}" (first on line {total.line})')
            total = total or stated
        if block.level == 2:
            for entry in entries.values():
                findings.warn(entry.line, f'"{entry.key}" stands before the first section: left out')
        elif block.level > 4:
            findings.problem(block.line, f'heading "{block.title}" is too deep; expected ### or #### for a section')
        elif entries or block.level == 4 or following is None or following.level != 4:  # else it only holds sections
            start = sections[-1].end if sections else 0
            slug = _free_slug(block.title, {section.slug for section in sections})
            sections.append(_section(block, slug, start, entries, statistics, findings))
    if total is not None:
        _check_total(total, sections, findings)
    return tuple(sections)


def _section(
    block: Block, slug: str, start: int, entries: Mapping[str, Entry], statistics: Sequence[str], findings: Findings
) -> Section:
    texts = {name: entries[key].text if key in entries else None for key, name in _FIELDS.items()}
    content = texts.pop("content") or ""
    if not content:
        findings.problem(block.line, f'section "{block.title}" has no Content; expected "Content: ..."')
    points = read_points(content)
    element = entries.get("Interactive Element")
    return Section(
        slug=slug,
        title=block.title,
        content=content,
        points=points,
        element=read_element(element.text, element.line, points, statistics, findings) if element else None,
        start=start,
        end=start + _seconds(block, entries.get(_TIME), findings),
        **texts,
    )


def _seconds(block: Block, entry: Entry | None, findings: Findings) -> int:
    if entry is None:
        told = f'has no {_TIME}; expected for example "{_TIME}: 30 seconds"'
        findings.problem(block.line, f'section "{block.title}" {told}')
        return 0
    seconds = read_seconds(entry.text)
    if not seconds:
        told = f'no time in "{entry.text}"; expected for example {_TIME_EXAMPLES}'
        findings.problem(entry.line, f'section "{block.title}": {told}')
    return seconds or 0


def _free_slug(title: str, taken: Container[str]) -> str:
    slug = free = slugify(title) or "section"
    number = 1
    while free in taken:
        number += 1
        free = f"{slug}-{number}"
    return free


def _check_total(total: Entry, sections: Sequence[Section], findings: Findings) -> None:
    """Compare the stated total with the sum of the sections, once all their times can be read."""
    stated = read_seconds(total.text)
    end = sections[-1].end if sections else 0
    if stated is None:
        findings.problem(total.line, f'no time in "{_TOTAL}: {total.text}"; expected for example {_TIME_EXAMPLES}')
    elif all(section.seconds for section in sections) and stated != end:
        findings.problem(total.line, f'"{_TOTAL}" says {clock(stated)}, but the sections add up to {clock(end)}')
