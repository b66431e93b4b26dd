"""Hints beside a script: questions that people put in other words, written by the editors, searched, never shown.

"section/kind"   = ["a question that the passage answers", ...]
"section/kind#2" = ["a question that its second unit answers", ...]
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from knowledge.chunks import Hint, Passage
from knowledge.script import Problem, ScriptError
from knowledge.script.parser import script_slug
from knowledge.script.text import Findings, read_text

ENDING = ".hints.toml"
_KEY = re.compile(r"([^#]+)(?:#([1-9][0-9]{0,3}))?")
_ERROR_LINE = re.compile(r"at line ([0-9]+)")


def with_hints(passages: Sequence[Passage], folders: Sequence[Path]) -> list[Passage]:
    """The passages with the hints that lie beside their scripts. Raises ScriptError with all that is wrong."""
    problems: list[Problem] = []
    more: dict[str, list[Hint]] = {}
    known = {passage.id: passage for passage in passages}
    for file in (file for folder in folders for file in _files(folder)):
        findings = Findings(file.name)
        for passage, hint in _read(file, known, findings):
            more.setdefault(passage, []).append(hint)
        problems += findings.problems
    if problems:
        raise ScriptError(problems)
    return [replace(passage, hints=passage.hints + tuple(more.get(passage.id, ()))) for passage in passages]


def _files(folder: Path) -> list[Path]:
    """The folder's files of hints by name, without hidden ones (editors leave such things behind)."""
    return sorted(file for file in folder.glob(f"*{ENDING}") if not file.name.startswith(".") and not file.is_dir())


def _read(file: Path, known: Mapping[str, Passage], findings: Findings) -> Iterator[tuple[str, Hint]]:
    """Each hint of a file with the id of its passage."""
    slug = script_slug(file.with_name(f"{file.name.removesuffix(ENDING)}.txt"))
    text = read_text(file, findings) or ""
    try:
        table = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        place = _ERROR_LINE.search(str(error))
        findings.problem(int(place[1]) if place else len(text.rstrip().split("\n")), f"not a TOML file: {error}")
        return
    lines = text.split("\n")
    for key, hints in table.items():
        if not isinstance(hints, list) or not all(isinstance(hint, str) and hint.strip() for hint in hints):
            findings.problem(_line(lines, key), f'"{key}": expected a list of questions')
            continue
        name, unit = found.groups() if (found := _KEY.fullmatch(key)) else (None, None)
        passage = known.get(f"{slug}/{name}")
        if passage is None or int(unit or 0) > len(passage.units):
            findings.problem(_line(lines, key), f'no passage "{key}"; expected section/kind or section/kind#unit')
        else:
            yield from ((passage.id, Hint(hint, int(unit) - 1 if unit else None, written=True)) for hint in hints)


def _line(lines: Sequence[str], key: str) -> int:
    """The line where `key` stands, 1 where it is not found as written."""
    written = (f'"{key}"', f"'{key}'", f"{key} ", f"{key}=", f"[{key}]")
    return next((number for number, line in enumerate(lines, 1) if line.lstrip().startswith(written)), 1)
