"""Hints beside a script: questions that people put in other words, written by the editors, searched, never shown.

"section/kind"   = ["a question that the passage answers", ...]
"section/kind#2" = ["a question that its second unit answers", ...]
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from knowledge.chunks import Hint, Passage
from knowledge.script import Problem, ScriptError

ENDING = ".hints.toml"


def with_hints(passages: Sequence[Passage], folders: Sequence[Path]) -> list[Passage]:
    """The passages with the hints that lie beside their scripts. Raises ScriptError with all that is wrong."""
    problems: list[Problem] = []
    more: dict[str, list[Hint]] = {}
    known = {passage.id: passage for passage in passages}
    for file in (file for folder in folders for file in sorted(folder.glob(f"*{ENDING}"))):
        for key, texts in _read(file, problems).items():
            name, _, unit = key.partition("#")
            passage = known.get(f"{file.name.removesuffix(ENDING)}/{name}")
            place = int(unit) - 1 if unit.isdigit() else None
            if passage is None or (unit and (place is None or not 0 <= place < len(passage.units))):
                problems.append(Problem(file.name, _line(file, key), f'no passage "{key}"; expected section/kind#unit'))
            else:
                more.setdefault(passage.id, []).extend(Hint(text, place) for text in texts)
    if problems:
        raise ScriptError(problems)
    return [replace(passage, hints=passage.hints + tuple(more.get(passage.id, ()))) for passage in passages]


def _read(file: Path, problems: list[Problem]) -> dict[str, list[str]]:
    try:
        table = tomllib.loads(file.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        problems.append(Problem(file.name, getattr(error, "lineno", 1), f"not a TOML file: {error}"))
        return {}
    wrong = [
        key
        for key, texts in table.items()
        if not isinstance(texts, list) or not all(isinstance(text, str) and text.strip() for text in texts)
    ]
    problems += [Problem(file.name, _line(file, key), f'"{key}": expected a list of questions') for key in wrong]
    return {key: texts for key, texts in table.items() if key not in wrong}


def _line(file: Path, key: str) -> int:
    """The line where `key` stands, 1 where it is not found as written."""
    lines = file.read_text("utf-8").splitlines()
    return next((number for number, line in enumerate(lines, 1) if line.lstrip().startswith(f'"{key}"')), 1)
