"""Reading script files: one of them, or all in some folders, with everything that is wrong told at once."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from knowledge.script import Paragraph, Problem, Script, ScriptError, Section
from knowledge.script.authored import Authored, read_authored, with_authored
from knowledge.script.notes import read_notes
from knowledge.script.sections import Block, read_blocks, read_entries, read_sections
from knowledge.script.text import Findings, Line, paragraphs, prose, read_lines, slugify, words

_HEAD_KEYS = ("SEO Title", "Chapter", "Section", "Target Length")
_NARRATION, _STRUCTURE, _NOTES = "Full Script", "Detailed Script Structure", "Additional Information"
_CHAPTERS = (_NARRATION, _STRUCTURE, _NOTES)
_AUTHORED = ".authored.toml"
_PLAIN_STEM = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")


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
            problems.append(
                Problem(path.name, 1, f'second script "{slug}" (first: {owners[slug]}); expected another file name')
            )
        owners.setdefault(slug, path)
        try:
            scripts.setdefault(slug, read_script(path))
        except ScriptError as error:
            problems += error.problems
    problems += [problem for folder in folders for problem in _orphans(folder)]
    if problems:
        raise ScriptError(problems)
    return list(scripts.values())


def files_in(folder: Path, ending: str) -> list[Path]:
    """Return a folder's files by name, without hidden ones (editors and file systems leave such things behind)."""
    found = (path for path in folder.glob(f"*{ending}") if not path.name.startswith(".") and not path.is_dir())
    return sorted(found, key=lambda path: path.name)


def _orphans(folder: Path) -> list[Problem]:
    problems = []
    for path in files_in(folder, _AUTHORED):
        script = path.name.removesuffix(_AUTHORED) + ".txt"
        if not (folder / script).exists():
            problems.append(Problem(path.name, 1, f"no script beside it; expected {script} in the same folder"))
    return problems


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
    authored_path = path.with_name(path.stem + _AUTHORED)
    authored_findings = Findings(authored_path.name)
    authored = read_authored(authored_path, authored_findings) if authored_path.exists() else Authored()
    if not findings.problems:
        script = with_authored(script, authored)
    problems = _by_line(findings.problems) + _by_line(authored_findings.problems)
    if problems:
        raise ScriptError(problems)
    return script


def _by_line(problems: list[Problem]) -> list[Problem]:
    return sorted(problems, key=lambda problem: problem.line)


def _parse(lines: Sequence[Line], slug: str, findings: Findings) -> Script:
    title, head, chapters = _outline(read_blocks(lines), findings)
    entries = read_entries(head, _HEAD_KEYS, "head of the script", findings)
    heads = {key: entry.text for key, entry in entries.items()}
    notes = read_notes(chapters[_NOTES], findings)
    sections, seconds = read_sections(chapters[_STRUCTURE], notes.items("Statistics"), findings)
    if lines and not sections:
        line = chapters[_STRUCTURE][0].line if chapters[_STRUCTURE] else 1
        findings.problem(line, f'no section; expected "## {_STRUCTURE}" and below it "### Name" headings')
    return Script(
        file=findings.file,
        slug=slug,
        title=title,
        seo_title=heads.get("SEO Title"),
        chapter=heads.get("Chapter"),
        series_section=heads.get("Section"),
        target_length=heads.get("Target Length"),
        narration=_narration(chapters[_NARRATION], sections, findings),
        sections=sections,
        total_seconds=seconds,
        takeaways=notes.items("Key Takeaways"),
        keywords=notes.items("SEO Keywords"),
        resources=notes.items("Additional Resources"),
        short_form=notes.short_form,
        quotes=notes.items("Expert Quotes"),
        statistics=notes.items("Statistics"),
        examples=notes.items("Practical Examples"),
        listing=notes.listing,
        short_version=None,
        warnings=tuple(_by_line(findings.warnings)),
    )


def _outline(blocks: Sequence[Block], findings: Findings) -> tuple[str, list[Line], dict[str, list[Block]]]:
    """Sort blocks into the title, the lines of the head and the chapters, each with its "##" block first."""
    title: Block | None = None
    head: list[Line] = []
    chapters: dict[str, list[Block]] = {name: [] for name in _CHAPTERS}
    current: list[Block] | None = None
    for block in blocks:
        if block.level <= 1:
            head += block.lines
            current = None
        if block.level == 1 and title is not None:
            findings.problem(block.line, f'second title "{block.title}" (first on line {title.line}); expected one')
        elif block.level == 1:
            title = block
        elif block.level == 2:
            current = _chapter(block, chapters, findings)
        elif block.level > 2 and current is None:
            findings.warn(block.line, f'heading "{block.title}" stands outside {", ".join(_CHAPTERS)}: left out')
        if block.level >= 2 and current is not None:
            current.append(block)
    if title is None and any(block.lines or block.level for block in blocks):
        findings.problem(1, 'no title; expected "# Title" on the first line')
    return title.title if title else "", head, chapters


def _chapter(block: Block, chapters: dict[str, list[Block]], findings: Findings) -> list[Block] | None:
    """Return the list that collects the blocks of the chapter that `block` opens; None where they are left out."""
    title = " ".join(block.title.casefold().split()).removesuffix(":").strip()
    name = next((name for name in _CHAPTERS if name.casefold() == title), None)
    if name is None:
        findings.warn(
            block.line, f'unknown heading "{block.title}": left out with all below it; known are {", ".join(_CHAPTERS)}'
        )
        return None
    if chapters[name]:
        findings.problem(block.line, f'second heading "{name}" (first on line {chapters[name][0].line})')
        return None
    return chapters[name]


def _narration(blocks: Sequence[Block], sections: Sequence[Section], findings: Findings) -> tuple[Paragraph, ...]:
    groups = []
    for block in blocks:
        if block.level > 2:
            findings.warn(block.line, f'heading "{block.title}" within {_NARRATION}: left out, its text is kept')
        groups += paragraphs(block.lines)
    texts = [(prose(group), group[0].number) for group in groups]
    slugs = _likest_sections([text for text, _ in texts], sections)
    return tuple(Paragraph(text, slug, line) for (text, line), slug in zip(texts, slugs, strict=True))


def _likest_sections(texts: Sequence[str], sections: Sequence[Section]) -> list[str]:
    """Return for each text the slug of the section that shares most words with it.

    A word counts the more the fewer sections use it (log of sections by sections with the word), so a word of all
    sections counts nothing. A text that shares no such word belongs where the one before it does.
    """
    if not sections:
        return [""] * len(texts)
    said = [words(f"{each.content} {each.engagement or ''} {each.teaser or ''}") for each in sections]
    uses = Counter(word for section in said for word in section)
    weights = {word: math.log(len(sections) / count) for word, count in uses.items()}
    slugs = []
    best = 0
    for text in texts:
        spoken = words(text)
        # Sorted, because sums of fractions differ in the last digit with their order, and sets have none.
        scores = [sum(weights[word] for word in sorted(spoken & section)) for section in said]
        if max(scores) > 0 and scores[best] < max(scores):
            best = scores.index(max(scores))
        slugs.append(sections[best].slug)
    return slugs
