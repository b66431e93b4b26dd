"""One [[question]] of a bank: its keys checked one by one, each with a message of its own."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from knowledge.bank import LEVELS, Question
from knowledge.script.elements import is_share, read_share, same_share
from knowledge.script.text import Findings, slugify

LONGEST_QUESTION, LONGEST_OPTION, LONGEST_EXPLANATION, LONGEST_SOURCE = 300, 75, 600, 200
LONGEST_NAME = 40  # of a topic or a unit
MOST_WRONG, MOST_ACCEPTED = 5, 30
LARGEST = 1e15

_KEYS = (
    *("id", "question", "answer", "wrong", "accept", "number", "unit", "tolerance"),
    *("explanation", "section", "source", "topic", "level"),
)
_OF_NUMBERS = ("unit", "tolerance")
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_RELATIVE = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,4})?)\s*%")


@dataclass(frozen=True)
class Entry:
    """A table of the file: its place from 1, the line of its header, and the lines below that."""

    place: int
    table: Mapping[str, Any]
    line: int
    lines: tuple[str, ...]

    @property
    def name(self) -> str:
        """How messages call it."""
        return f"question {self.place}"

    def line_of(self, key: str, value: str = "") -> int:
        """The line where a key stands, or below it a value of its list; the header's where it is not found."""
        written = re.compile(rf"\s*[\"']?{re.escape(key)}[\"']?\s*=")
        found = next((at for at, line in enumerate(self.lines, start=1) if written.match(line)), 0)
        if found and value:
            below = enumerate(self.lines[found - 1 :], start=found)
            found = next((at for at, line in below if f'"{value}"' in line or f"'{value}'" in line), found)
        return self.line + found

    def with_table(self, table: Mapping[str, Any]) -> Entry:
        """The same entry with other values."""
        return replace(self, table=table)


@dataclass(frozen=True)
class Subject:
    """What a bank asks about: its file, what its questions may name of it (folded, with what is kept), and what it asks
    itself. A bank is about the subject whose slug is its name.
    """

    slug: str
    file: str
    places: Mapping[str, str]
    asks: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Reading:
    """An entry while it is read, with where its problems go."""

    entry: Entry
    findings: Findings

    def problem(self, key: str, said: str, value: str = "") -> None:
        self.findings.problem(self.entry.line_of(key, value), f"{self.entry.name}: {said}")

    def text(self, key: str, longest: int, required: bool = False) -> str | None:
        """The text of a key; None, with a problem where it should be there, is empty or too long."""
        value = self.entry.table.get(key)
        if value is None and not required:
            return None
        if value is None:
            self.problem(key, f'no "{key}"')
        elif not isinstance(value, str) or not value:
            self.problem(key, f'"{key}": expected a text that is not empty')
        elif len(value) > longest:
            self.problem(key, f'"{key}" has {len(value)} characters; expected at most {longest}')
        else:
            return value
        return None

    def texts(self, key: str, most: int, longest: int) -> tuple[str, ...]:
        """The texts of a list; problems are what is no text, too long, too many, or there twice after folding."""
        value = self.entry.table.get(key)
        if value is None:
            return ()
        if not isinstance(value, list) or not value or not all(isinstance(one, str) and one for one in value):
            self.problem(key, f'"{key}": expected a list of texts, as in ["One", "Another"]')
            return ()
        if len(value) > most:
            self.problem(key, f'"{key}" has {len(value)} entries; expected at most {most}')
        for one in value:
            if len(one) > longest:
                self.problem(key, f'"{key}": an entry has {len(one)} characters; expected at most {longest}', one)
        folded = [fold(one) for one in value]
        for one, same in zip(value, folded, strict=True):
            if folded.count(same) > 1:
                self.problem(key, f'"{key}": "{one}" is there twice; expected different ones', one)
                break
        return tuple(value)


def fold(option: str) -> str:
    """What makes two options the same: not case, spaces or the full stop at their end."""
    return " ".join(option.casefold().split()).rstrip(". ")


def read_entry(entry: Entry, bank: str, subject: Subject | None, findings: Findings) -> Question | None:
    """The question of an entry; None where something is wrong with it, with all problems."""
    reading, before = _Reading(entry, findings), len(findings.problems)
    for key in entry.table:
        if key not in _KEYS:
            reading.problem(key, f'unknown key "{key}"; expected one of {", ".join(_KEYS)}')
    asked = reading.text("question", LONGEST_QUESTION, required=True) or ""
    section, source = _place(reading, subject)
    question = Question(
        bank=bank,
        id=_id(reading, asked),
        question=asked,
        answer="",
        wrong=reading.texts("wrong", MOST_WRONG, LONGEST_OPTION),
        accept=reading.texts("accept", MOST_ACCEPTED, LONGEST_OPTION),
        explanation=reading.text("explanation", LONGEST_EXPLANATION, required=True),
        section=section,
        source=source,
        topic=reading.text("topic", LONGEST_NAME),
        level=_level(reading),
    )
    complete = _with_number if "number" in entry.table else _with_answer
    question = complete(reading, question)
    return question if len(findings.problems) == before else None


def _id(reading: _Reading, asked: str) -> str:
    """The id, or one that is derived from the text of the question."""
    given = reading.entry.table.get("id")
    if given is None:
        return slugify(asked) or f"q{hashlib.sha256(asked.encode()).hexdigest()[:8]}"
    if not isinstance(given, str) or not _SLUG.fullmatch(given) or len(given) > LONGEST_NAME + 8:
        reading.problem("id", '"id": expected small letters, digits and hyphens, as in "fuel-gauge"')
        return ""
    return given


def _level(reading: _Reading) -> Any:
    given = reading.entry.table.get("level")
    if given is not None and given not in LEVELS:
        reading.problem("level", f'"level": expected one of {", ".join(LEVELS)}')
    return given


def _place(reading: _Reading, subject: Subject | None) -> tuple[str | None, str | None]:
    """The section of what the bank is about, by its slug or its heading, or the source in free text."""
    section = reading.text("section", LONGEST_SOURCE)
    source = reading.text("source", LONGEST_SOURCE)
    given = {"section", "source"} & reading.entry.table.keys()
    if len(given) != 1:
        reading.problem("section", 'expected either "section" (of the script or topic) or "source"')
    elif section is not None and subject is None:
        reading.problem("section", f'"section": nothing of the name of this file; expected "source" for "{section}"')
    elif section is not None and subject is not None:
        if (found := subject.places.get(fold(section))) is None:
            reading.problem("section", f'no section "{section}" in {subject.file}')
        return found, None
    return None, source


def _with_answer(reading: _Reading, question: Question) -> Question:
    """The question with an answer in words; one that is a share and nothing else is graded as a share."""
    for key in _OF_NUMBERS:
        if key in reading.entry.table:
            reading.problem(key, f'"{key}" belongs to "number"; expected no such key beside "answer"')
    if "answer" not in reading.entry.table:
        reading.problem("answer", 'expected either "answer" with "wrong", or "number"')
        return question
    answer = reading.text("answer", LONGEST_OPTION, required=True) or ""
    if "wrong" not in reading.entry.table:
        reading.problem("wrong", f'no "wrong"; expected 1 to {MOST_WRONG} wrong options beside the answer')
    relation, percent = read_share(answer) if is_share(answer) else (None, None)
    right = {fold(answer), *map(fold, question.accept)}
    for option in question.wrong:
        if fold(option) in right:
            reading.problem("wrong", f'wrong option "{option}" is the answer; expected another', option)
        elif percent is not None and same_share(option, answer):
            reading.problem("wrong", f'wrong option "{option}" can be right, as the answer is "{answer}"', option)
    return replace(question, answer=answer, relation=relation, percent=percent)


def _with_number(reading: _Reading, question: Question) -> Question:
    """The question with a number as its answer."""
    for key in ("answer", "wrong", "accept"):
        if key in reading.entry.table:
            reading.problem(key, f'"{key}" belongs to an answer in words; expected no such key beside "number"')
    number, unit = reading.entry.table["number"], reading.text("unit", LONGEST_NAME)
    if not _is_number(number):
        reading.problem("number", '"number": expected a number, as in 30 or 1.5')
        return question
    return replace(
        question,
        answer=written(float(number), unit),
        number=float(number),
        unit=unit,
        tolerance=_tolerance(reading, float(number)),
    )


def _tolerance(reading: _Reading, number: float) -> float:
    given = reading.entry.table.get("tolerance", 0)
    if isinstance(given, str) and (relative := _RELATIVE.fullmatch(given)):
        return round(abs(number) * float(relative[1]) / 100, 9)
    if not _is_number(given) or given < 0:
        reading.problem("tolerance", '"tolerance": expected a number from 0 on, or a share of the number as in "10%"')
        return 0.0
    return float(given)


def _is_number(value: object) -> bool:
    return (
        isinstance(value, int | float)
        and not isinstance(value, bool)
        and abs(value) < LARGEST  # which no infinity and no NaN is
    )


def written(number: float, unit: str | None) -> str:
    """A number as people read it: "30%", "1,200 USD", "2.5 hours"."""
    figure = f"{number:,.10f}".rstrip("0").rstrip(".")
    return f"{figure}%" if unit == "%" else f"{figure} {unit}" if unit else figure
