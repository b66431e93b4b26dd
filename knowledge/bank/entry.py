"""One [[question]] of a bank: its keys checked one by one, each with a message of its own."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from knowledge.bank import LEVELS, Question
from knowledge.script.authored import check_wrong
from knowledge.script.elements import is_share, read_share
from knowledge.script.table import Table, fold
from knowledge.script.text import slugify

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
class Subject:
    """What a bank asks about: its file, what its questions may name of it (folded, with what is kept), and what it asks
    itself. A bank is about the subject whose slug is its name.
    """

    slug: str
    file: str
    places: Mapping[str, str]
    asks: tuple[str, ...] = ()


def read_entry(reading: Table, bank: str, subject: Subject | None) -> Question | None:
    """The question of an entry; None where something is wrong with it, with all problems."""
    before = len(reading.findings.problems)
    reading.knows(_KEYS)
    asked = reading.text("question", LONGEST_QUESTION, required=True) or ""
    section, source = _place(reading, subject)
    question = Question(
        bank=bank,
        id=_id(reading, asked),
        question=asked,
        answer="",
        wrong=reading.texts("wrong", LONGEST_OPTION, MOST_WRONG),
        accept=reading.texts("accept", LONGEST_OPTION, MOST_ACCEPTED),
        explanation=reading.text("explanation", LONGEST_EXPLANATION, required=True),
        section=section,
        source=source,
        topic=reading.text("topic", LONGEST_NAME),
        level=_level(reading),
    )
    complete = _with_number if "number" in reading.values else _with_answer
    question = complete(reading, question)
    return question if len(reading.findings.problems) == before else None


def _id(reading: Table, asked: str) -> str:
    """The id, or one that is derived from the text of the question."""
    given = reading.values.get("id")
    if given is None:
        return slugify(asked) or f"q{hashlib.sha256(asked.encode()).hexdigest()[:8]}"
    if not isinstance(given, str) or not _SLUG.fullmatch(given) or len(given) > LONGEST_NAME + 8:
        reading.problem("id", '"id": expected small letters, digits and hyphens, as in "fuel-gauge"')
        return ""
    return given


def _level(reading: Table) -> Any:
    given = reading.values.get("level")
    if given is not None and given not in LEVELS:
        reading.problem("level", f'"level": expected one of {", ".join(LEVELS)}')
    return given


def _place(reading: Table, subject: Subject | None) -> tuple[str | None, str | None]:
    """The section of what the bank is about, by its slug or its heading, or the source in free text."""
    section = reading.text("section", LONGEST_SOURCE)
    source = reading.text("source", LONGEST_SOURCE)
    given = {"section", "source"} & reading.values.keys()
    if len(given) != 1:
        reading.problem("section", 'expected either "section" (of the script or topic) or "source"')
    elif section is not None and subject is None:
        reading.problem("section", f'"section": nothing of the name of this file; expected "source" for "{section}"')
    elif section is not None and subject is not None:
        if (found := subject.places.get(fold(section))) is None:
            reading.problem("section", f'no section "{section}" in {subject.file}')
        return found, None
    return None, source


def _with_answer(reading: Table, question: Question) -> Question:
    """The question with an answer in words; one that is a share and nothing else is graded as a share."""
    for key in _OF_NUMBERS:
        if key in reading.values:
            reading.problem(key, f'"{key}" belongs to "number"; expected no such key beside "answer"')
    if "answer" not in reading.values:
        reading.problem("answer", 'expected either "answer" with "wrong", or "number"')
        return question
    answer = reading.text("answer", LONGEST_OPTION, required=True) or ""
    if "wrong" not in reading.values:
        reading.problem("wrong", f'no "wrong"; expected 1 to {MOST_WRONG} wrong options beside the answer')
    relation, percent = read_share(answer) if is_share(answer) else (None, None)
    check_wrong(reading, question.wrong, answer, question.accept)
    return replace(question, answer=answer, relation=relation, percent=percent)


def _with_number(reading: Table, question: Question) -> Question:
    """The question with a number as its answer."""
    for key in ("answer", "wrong", "accept"):
        if key in reading.values:
            reading.problem(key, f'"{key}" belongs to an answer in words; expected no such key beside "number"')
    number, unit = reading.values["number"], reading.text("unit", LONGEST_NAME)
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


def _tolerance(reading: Table, number: float) -> float:
    given = reading.values.get("tolerance", 0)
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
