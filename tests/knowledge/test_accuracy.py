"""The pass marks: how many questions of the project's own files are answered as they should be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.commands.eval import Row, cross_validated, read_rows
from knowledge.answer import Answer
from knowledge.library import Library

FILES = Path(__file__).parents[1] / "eval"
DEV = ("script_questions_dev", "out_of_scope_dev")
OWN = ("script_questions_own", "out_of_scope_own")


@dataclass(frozen=True)
class Graded:
    """The rows of the question files and what was answered."""

    rows: Sequence[Row]
    answers: Sequence[Answer]

    def of(self, file: str, kind: str | None = None) -> list[tuple[Row, Answer]]:
        """The rows of a file, of one kind if that is given, with their answers."""
        pairs = zip(self.rows, self.answers, strict=True)
        found = [
            (row, answer) for row, answer in pairs if row.file == f"{file}.jsonl" and kind in (None, row.record["kind"])
        ]
        assert found
        return found

    def share(self, file: str, kind: str | None = None) -> float:
        """The share of those that pass."""
        return sum(row.passes(answer) for row, answer in self.of(file, kind)) / len(self.of(file, kind))

    def refused(self, file: str) -> float:
        """The share of answerable questions that were not answered."""
        return sum(answer.abstained for _, answer in self.of(file)) / len(self.of(file))

    def misses(self, file: str) -> Counter[str]:
        """How many fail, by kind."""
        return Counter(row.record["kind"] for row, answer in self.of(file) if not row.passes(answer))


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    return [row for name in (*DEV, *OWN) for row in read_rows(FILES / f"{name}.jsonl")]


@pytest.fixture(scope="module")
def graded(library: Library, rows: list[Row]) -> Graded:
    return Graded(rows, [library.answer(row.question, row.history) for row in rows])


@pytest.fixture(scope="module")
def unseen(library: Library, rows: list[Row]) -> Graded:
    """Each question judged by weights that were fitted without it."""
    answer = cross_validated(library, rows)
    return Graded(rows, [answer(place, row) for place, row in enumerate(rows)])


@pytest.mark.parametrize("name", ["graded", "unseen"])
def test_dev_questions_on_the_script(name: str, request: pytest.FixtureRequest) -> None:
    result: Graded = request.getfixturevalue(name)
    file = "script_questions_dev"
    assert result.share(file) >= 0.90
    assert {kind: missed for kind, missed in result.misses(file).items() if missed > 3} == {}
    assert result.refused(file) <= 0.04


@pytest.mark.parametrize("name", ["graded", "unseen"])
def test_dev_questions_out_of_scope(name: str, request: pytest.FixtureRequest) -> None:
    result: Graded = request.getfixturevalue(name)
    file = "out_of_scope_dev"
    assert result.share(file, "off_topic") == 1.0
    assert result.share(file, "near_miss") >= 0.80
    assert result.share(file, "adversarial") == 1.0


def test_own_questions_on_the_script(graded: Graded) -> None:
    assert graded.share("script_questions_own") >= 0.88


def test_own_questions_out_of_scope(graded: Graded) -> None:
    file = "out_of_scope_own"
    assert graded.share(file, "off_topic") == 1.0
    assert graded.share(file, "near_miss") >= 0.78
    assert graded.share(file, "adversarial") == 1.0


def test_every_answer_can_be_shown(graded: Graded) -> None:
    for row, answer in zip(graded.rows, graded.answers, strict=True):
        assert 1 <= len(answer.text) <= 1_500, row.question
        assert answer.sources or answer.abstained, row.question
