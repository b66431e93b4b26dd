"""Reading banks of quiz questions (NAME.quiz.toml): beside a script or a topic, or on their own in a folder of scripts.

[[question]]
question = "..."
answer = "..."            # with `wrong`, and `accept` where there are other ways to say it
number = 30               # instead of `answer`; with `unit` and `tolerance` (5, or "10%" of the number)
explanation = "..."
section = "..."           # of the script or topic of that name; or `source`
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from knowledge.bank import Bank, Question
from knowledge.bank.entry import Subject, read_entry
from knowledge.script import Problem, Quiz, Script, ScriptError
from knowledge.script.parser import LISTS, files_in, script_slug
from knowledge.script.table import Table, fold, read_tables
from knowledge.script.text import Findings, mended

ENDING = ".quiz.toml"
MOST = 500  # questions in one bank


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
        questions = _read(path, slug, by_slug.get(slug), findings)
        if slug in banks:
            findings.problem(1, f'second bank "{slug}" (first: {banks[slug].file}); expected another file name')
        problems += findings.in_order()
        banks.setdefault(slug, Bank(path.name, slug, questions, tuple(findings.warnings)))
    if problems:
        raise ScriptError(problems)
    return list(banks.values())


def subject_of(script: Script) -> Subject:
    """What a bank may name of a script: its sections by slug or title, and the headings of its notes."""
    places = {fold(heading): heading for heading, name in LISTS.items() if getattr(script, name)}
    places |= {fold(section.title): section.slug for section in script.sections}
    places |= {section.slug: section.slug for section in script.sections}
    asks = [section.element.question for section in script.sections if isinstance(section.element, Quiz)]
    return Subject(script.slug, script.file, places, tuple(asks))


def _read(path: Path, slug: str, subject: Subject | None, findings: Findings) -> tuple[Question, ...]:
    entries = [_repaired(entry) for entry in read_tables(path, "question", findings)]
    if len(entries) > MOST:
        findings.problem(1, f"{len(entries)} questions; expected at most {MOST}: part them into several files")
        return ()
    asked = [(place, entry, read_entry(entry, slug, subject)) for place, entry in enumerate(entries, start=1)]
    sound = [(place, entry, question) for place, entry, question in asked if question is not None]
    _check_different(sound, subject)
    return tuple(question for _, _, question in sound)


def _repaired(entry: Table) -> Table:
    """An entry with its texts on one line each, repaired as those of a script are."""

    def repaired(key: str, value: Any) -> Any:
        if isinstance(value, list):
            return [repaired(key, one) for one in value]
        return mended(" ".join(value.split()), entry.line_of(key), entry.findings) if isinstance(value, str) else value

    return replace(entry, values={key: repaired(key, value) for key, value in entry.values.items()})


def _check_different(found: Sequence[tuple[int, Table, Question]], subject: Subject | None) -> None:
    """Problems are ids and questions that are there twice, the script's own quizzes among them."""
    places: dict[str, int] = {}
    asked = {question.casefold(): "the script itself" for question in (subject.asks if subject else ())}
    for place, entry, question in found:
        if question.id in places:
            first = places[question.id]
            entry.problem("id", f'the id "{question.id}" is that of question {first}; expected another id')
        places.setdefault(question.id, place)
        folded = question.question.casefold()
        if folded in asked:
            entry.problem("question", f"asked by {asked[folded]} already; expected another question")
        asked.setdefault(folded, f"question {place}")
