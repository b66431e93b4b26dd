"""Reading banks of quiz questions (NAME.quiz.toml): beside a script or a topic, or on their own in a folder of scripts.

[[question]]
question = "..."
answer = "..."            # with `wrong`, and `accept` where there are other ways to say it
number = 30               # instead of `answer`; with `unit` and `tolerance` (5, or "10%" of the number)
explanation = "..."
section = "..."           # of the script or topic of that name; or `source`
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from knowledge.bank import Bank, Question
from knowledge.bank.entry import Entry, Subject, fold, read_entry
from knowledge.script import Problem, Quiz, Script, ScriptError
from knowledge.script.parser import files_in, script_slug
from knowledge.script.text import Findings, is_damaged, read_text, read_toml, repair

ENDING = ".quiz.toml"
MOST = 500  # questions in one bank

_HEADER = re.compile(r"\s*\[\[\s*[\"']?question[\"']?\s*\]\]")


def read_banks(folders: Sequence[Path], subjects: Iterable[Subject]) -> list[Bank]:
    """Read every *.quiz.toml in the folders, in their order; a bank is about the subject whose slug is its name.

    Raises ScriptError with the problems of all files, among them two banks of one name.
    """
    by_slug = {subject.slug: subject for subject in subjects}
    banks: dict[str, Bank] = {}
    problems: list[Problem] = []
    for path in [path for folder in folders for path in files_in(folder, ENDING)]:
        slug = script_slug(path.with_name(f"{path.name.removesuffix(ENDING)}.txt"))
        findings = Findings(path.name)
        if slug in banks:
            findings.problem(1, f'second bank "{slug}" (first: {banks[slug].file}); expected another file name')
        questions = _read(path, slug, by_slug.get(slug), findings)
        problems += sorted(findings.problems, key=lambda problem: problem.line)
        banks.setdefault(slug, Bank(path.name, slug, questions, tuple(findings.warnings)))
    if problems:
        raise ScriptError(problems)
    return list(banks.values())


def subject_of(script: Script) -> Subject:
    """What a bank may name of a script: its sections by slug or title, and the headings of its notes."""
    notes = {
        "Key Takeaways": script.takeaways,
        "Additional Resources": script.resources,
        "Expert Quotes": script.quotes,
        "Statistics": script.statistics,
        "Practical Examples": script.examples,
    }
    places = {fold(heading): heading for heading, held in notes.items() if held}
    places |= {fold(section.title): section.slug for section in script.sections}
    places |= {section.slug: section.slug for section in script.sections}
    asks = [section.element.question for section in script.sections if isinstance(section.element, Quiz)]
    return Subject(script.slug, script.file, places, tuple(asks))


def _read(path: Path, slug: str, subject: Subject | None, findings: Findings) -> tuple[Question, ...]:
    text = read_text(path, findings)
    data = read_toml(text, findings) if text is not None else None
    if text is None or data is None:
        return ()
    lines = text.split("\n")
    for name in data:
        if name != "question":
            findings.problem(_line_of(lines, name), f'unknown key "{name}"; expected [[question]]')
    tables = data.get("question")
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        findings.problem(_line_of(lines, "question"), "no question; expected tables that begin with [[question]]")
        return ()
    if len(tables) > MOST:
        findings.problem(1, f"{len(tables)} questions; expected at most {MOST}: part them into several files")
        return ()
    entries = [_repaired(entry, findings) for entry in _entries(tables, lines)]
    questions = [(entry, read_entry(entry, slug, subject, findings)) for entry in entries]
    whole = [(entry, question) for entry, question in questions if question is not None]
    _check_different(whole, subject, findings)
    return tuple(question for _, question in whole)


def _line_of(lines: Sequence[str], name: str) -> int:
    written = re.compile(rf"\s*\[*\s*[\"']?{re.escape(name)}[\"']?\s*(?:=|\]|\.)")
    return next((number for number, line in enumerate(lines, start=1) if written.match(line)), 1)


def _entries(tables: Sequence[Mapping[str, Any]], lines: Sequence[str]) -> list[Entry]:
    """The tables with their lines; where no headers are found (an inline list), all stand on the first line."""
    headers = [number for number, line in enumerate(lines, start=1) if _HEADER.match(line)]
    if len(headers) != len(tables):
        return [Entry(place, table, 1, ()) for place, table in enumerate(tables, start=1)]
    ends = [*headers[1:], len(lines) + 1]
    return [
        Entry(place, table, header, tuple(lines[header : end - 1]))
        for place, (table, header, end) in enumerate(zip(tables, headers, ends, strict=True), start=1)
    ]


def _repaired(entry: Entry, findings: Findings) -> Entry:
    """An entry with its texts on one line each, repaired as those of a script are."""

    def mended(key: str, value: Any) -> Any:
        if isinstance(value, list):
            return [mended(key, one) for one in value]
        if not isinstance(value, str):
            return value
        text = repair(" ".join(value.split()))
        if is_damaged(text):
            findings.warn(entry.line_of(key), "damaged characters that cannot be repaired; write them anew")
            text = " ".join(text.replace("\ufffd", " ").split())
        return text

    return entry.with_table({key: mended(key, value) for key, value in entry.table.items()})


def _check_different(found: Sequence[tuple[Entry, Question]], subject: Subject | None, findings: Findings) -> None:
    """Problems are ids and questions that are there twice, the script's own quizzes among them."""
    places: dict[str, int] = {}
    asked = {question.casefold(): "the script itself" for question in (subject.asks if subject else ())}
    for entry, question in found:
        if question.id in places:
            findings.problem(
                entry.line_of("id"),
                f'{entry.name}: the id "{question.id}" is that of question {places[question.id]}; expected another id',
            )
        places.setdefault(question.id, entry.place)
        folded = question.question.casefold()
        if folded in asked:
            findings.problem(
                entry.line_of("question"), f"{entry.name}: asked by {asked[folded]} already; expected another question"
            )
        asked.setdefault(folded, f"question {entry.place}")
