"""Hints beside a script: questions that people put in other words, written by the editors, searched, never shown.

"section/kind"   = ["a question that the passage answers", ...]
"section/kind#2" = ["a question that its second unit answers", ...]
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from knowledge.chunks import Hint, Passage
from knowledge.script import Problem, ScriptError
from knowledge.script.parser import files_in, script_slug
from knowledge.script.table import read_table
from knowledge.script.text import Findings

ENDING = ".hints.toml"
_KEY = re.compile(r"([^#]+)(?:#([1-9][0-9]{0,3}))?")


def with_hints(passages: Sequence[Passage], folders: Sequence[Path]) -> list[Passage]:
    """The passages with the hints that lie beside their scripts. Raises ScriptError with all that is wrong."""
    problems: list[Problem] = []
    more: dict[str, list[Hint]] = {}
    known = {passage.id: passage for passage in passages}
    for file in [file for folder in folders for file in files_in(folder, ENDING)]:
        findings = Findings(file.name)
        for passage, hint in _read(file, known, findings):
            more.setdefault(passage, []).append(hint)
        problems += findings.problems
    if problems:
        raise ScriptError(problems)
    return [replace(passage, hints=passage.hints + tuple(more.get(passage.id, ()))) for passage in passages]


def _read(file: Path, known: Mapping[str, Passage], findings: Findings) -> Iterator[tuple[str, Hint]]:
    """Each hint of a file with the id of its passage."""
    slug = script_slug(file.with_name(f"{file.name.removesuffix(ENDING)}.txt"))
    table = read_table(file, findings)
    for key, hints in table.values.items():
        if not isinstance(hints, list) or not all(isinstance(hint, str) and hint.strip() for hint in hints):
            table.problem(key, f'"{key}": expected a list of questions')
            continue
        name, unit = found.groups() if (found := _KEY.fullmatch(key)) else (None, None)
        passage = known.get(f"{slug}/{name}")
        if passage is None or int(unit or 0) > len(passage.units):
            table.problem(key, f'no passage "{key}"; expected section/kind or section/kind#unit')
        else:
            yield from ((passage.id, Hint(hint, int(unit) - 1 if unit else None, written=True)) for hint in hints)
