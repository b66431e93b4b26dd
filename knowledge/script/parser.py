"""Reading script files: one of them, or all in some folders, with everything that is wrong told at once."""

from __future__ import annotations

import itertools
import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from knowledge.script import Listing, Paragraph, Problem, Script, ScriptError, Section
from knowledge.script.authored import read_authored, with_authored
from knowledge.script.outline import Block, lines_below, read_blocks, read_entries, under_headings
from knowledge.script.sections import read_sections
from knowledge.script.text import Findings, Line, prose, read_lines, slugify, without_bullet, words

_NARRATION, _STRUCTURE, _NOTES = "Full Script", "Detailed Script Structure", "Additional Information"
# The keys of the head and the lists of the notes, and what they are called in `Script`.
_HEAD = {
    "SEO Title": "seo_title",
    "Chapter": "chapter",
    "Section": "series_section",
    "Target Length": "target_length",
}
LISTS = {
    "Key Takeaways": "takeaways",
    "SEO Keywords": "keywords",
    "Additional Resources": "resources",
    "Expert Quotes": "quotes",
    "Statistics": "statistics",
    "Practical Examples": "examples",
}
SHORT_FORM, LISTING = "Short Form Adaptation", "YouTube Listing"
_AUTHORED = ".authored.toml"
_PLAIN_STEM = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
_HASHTAG = re.compile(r"(?<![\w&/#])#(?=\w*[^\W\d])(\w+)")
_LINKS = re.compile(r"\buseful links?\s*:\s*(.*?)(?=[.!?](?:\s|$)|\n|$)", re.IGNORECASE)


def read_scripts(folders: Sequence[Path]) -> list[Script]:
    """Read every *.txt in the folders: the first folder first, by name within a folder; a missing folder is empty.

    Raises ScriptError with the problems of all files, among them two scripts of one slug and an authored file
    without its script.
    """
    scripts: dict[str, Script] = {}
    owners: dict[str, Path] = {}
    problems: list[Problem] = []
    for path in [path for folder in folders for path in files_in(folder, ".txt")]:
        slug = script_slug(path)
        if slug in owners:
            told = f'second script "{slug}" (first: {owners[slug]}); expected another file name'
            problems.append(Problem(path.name, 1, told))
        owners.setdefault(slug, path)
        try:
            scripts.setdefault(slug, read_script(path))
        except ScriptError as error:
            problems += error.problems
    for path in [path for folder in folders for path in files_in(folder, _AUTHORED)]:
        script = path.with_name(path.name.removesuffix(_AUTHORED) + ".txt")
        if not script.exists():
            problems.append(Problem(path.name, 1, f"no script beside it; expected {script.name} in the same folder"))
    if problems:
        raise ScriptError(problems)
    return list(scripts.values())


def files_in(folder: Path, ending: str) -> list[Path]:
    """Return a folder's files by name, without hidden ones (editors and file systems leave such things behind)."""
    found = (path for path in folder.glob(f"*{ending}") if not path.name.startswith(".") and not path.is_dir())
    return sorted(found, key=lambda path: path.name)


def script_slug(path: Path) -> str:
    """Return the slug of a script file: its name without ".txt", made plain ASCII where it is not."""
    return path.stem if _PLAIN_STEM.fullmatch(path.stem) else slugify(path.stem) or "script"


def read_script(path: Path) -> Script:
    """Read a script and, where there is one, the authored file beside it (`NAME.authored.toml`).

    Raises ScriptError with all that is wrong with both. Whether the authored texts fit the script is compared only
    once the script itself can be read, so that one mistake is not told twice.
    """
    findings = Findings(path.name)
    script = _parse(read_lines(path, findings), script_slug(path), findings)
    beside = path.with_name(path.stem + _AUTHORED)
    of_authored = Findings(beside.name)
    authored = read_authored(beside, of_authored) if beside.exists() else {}
    if not findings.problems:
        script = with_authored(script, authored)
    if problems := findings.in_order() + of_authored.in_order():
        raise ScriptError(problems)
    return script


def _parse(lines: Sequence[Line], slug: str, findings: Findings) -> Script:
    blocks = read_blocks(lines)
    title = _title(blocks, findings)
    chapters = under_headings(blocks, 2, (_NARRATION, _STRUCTURE, _NOTES), findings)
    head = [line for block in blocks if block.level <= 1 for line in block.lines]
    entries = read_entries(head, tuple(_HEAD), "head of the script", findings)
    notes = under_headings(chapters[_NOTES], 3, (*LISTS, SHORT_FORM, LISTING), findings)
    if stray := next((line for block in chapters[_NOTES][:1] for line in block.lines if line.text), None):
        findings.warn(stray.number, f"{_NOTES}: text before the first ### heading: left out")
    below = {heading: lines_below(found, findings) for heading, found in notes.items()}
    lists: dict[str, Any] = {name: _items(heading, below[heading], findings) for heading, name in LISTS.items()}
    texts: dict[str, Any] = {name: entries[key].text if key in entries else None for key, name in _HEAD.items()}
    structure = chapters[_STRUCTURE]
    sections = read_sections(structure, lists["statistics"], findings)
    if lines and not sections:
        told = f'no section; expected "## {_STRUCTURE}" and below it "### Name" headings'
        findings.problem(structure[0].line if structure else 1, told)
    return Script(
        file=findings.file,
        slug=slug,
        title=title,
        narration=_narration(lines_below(chapters[_NARRATION], findings), sections),
        sections=sections,
        short_form=prose(below[SHORT_FORM]) or None,
        listing=_listing(below[LISTING]),
        warnings=tuple(sorted(findings.warnings, key=lambda warning: warning.line)),
        **texts,
        **lists,
    )


def _title(blocks: Sequence[Block], findings: Findings) -> str:
    titles = [block for block in blocks if block.level == 1]
    for block in titles[1:]:
        findings.problem(block.line, f'second title "{block.title}" (first on line {titles[0].line}); expected one')
    if not titles and (blocks[0].lines or blocks[1:]):
        findings.problem(1, 'no title; expected "# Title" on the first line')
    return titles[0].title if titles else ""


def _items(heading: str, lines: Iterable[Line], findings: Findings) -> tuple[str, ...]:
    """Read "- item" lines; a line without a bullet goes on with the item before it."""
    items: list[list[Line]] = []
    for line in lines:
        text = without_bullet(line.text)
        if text is not None:
            items.append([Line(line.number, text)])
        elif items and line.text:
            items[-1].append(line)
        elif line.text:
            findings.warn(line.number, f'{heading}: expected "- ..."; the line is taken as an item')
            items.append([line])
    return tuple(text for item in items if (text := prose(item)))


def _listing(lines: Sequence[Line]) -> Listing | None:
    """The text under the video; None where there is none."""
    whole = prose(lines)
    if not whole:
        return None
    # A line of nothing but hashtags goes as a whole, since a blank line would part paragraphs.
    rest = [Line(line.number, _without_hashtags(line.text), line.indented) for line in lines]
    text = prose(line for line, before in zip(rest, lines, strict=True) if line.text or not before.text)
    links = found[1].split(",") if (found := _LINKS.search(text)) else []
    names = (link.strip().removeprefix("and ").strip() for link in links)
    hashtags = dict.fromkeys(tag[0] for tag in _HASHTAG.finditer(whole))
    return Listing(text, tuple(hashtags), tuple(filter(None, names)))


def _without_hashtags(text: str) -> str:
    """Drop the hashtags that end a line; of one within a sentence ("use #FinOps now") only the sign."""
    parts = text.split()
    while parts and _HASHTAG.fullmatch(parts[-1]):
        parts.pop()
    return _HASHTAG.sub(r"\1", " ".join(parts))


def _narration(lines: Iterable[Line], sections: Sequence[Section]) -> tuple[Paragraph, ...]:
    """The paragraphs of the narration, each with the section that shares most words with it.

    A word counts the more the fewer sections use it (log of sections by sections with the word), so a word of all
    sections counts nothing. A paragraph that shares no such word belongs where the one before it does.
    """
    said = [words(f"{each.content} {each.engagement or ''} {each.teaser or ''}") for each in sections]
    uses = Counter(word for section in said for word in section)
    weights = {word: math.log(len(sections) / count) for word, count in uses.items()}
    found = []
    best = 0
    for written, paragraph in itertools.groupby(lines, lambda line: bool(line.text)):
        if written and sections:
            text = prose(paragraph)
            spoken = words(text)
            # Sorted, because sums of fractions differ in the last digit with their order, and sets have none.
            scores = [sum(weights[word] for word in sorted(spoken & section)) for section in said]
            if max(scores) > 0 and scores[best] < max(scores):
                best = scores.index(max(scores))
            found.append(Paragraph(text, sections[best].slug))
    return tuple(found)
