"""The pass marks: how many questions of the project's own files are answered as they should be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.commands.eval import Row, cross_validated, read_rows
from knowledge.answer import MAX_ANSWER, Answer
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


def check_dev(result: Graded) -> None:
    """The marks for the files that came from elsewhere."""
    asked, beyond = DEV
    assert result.share(asked) >= 0.90
    assert {kind: missed for kind, missed in result.misses(asked).items() if missed > 3} == {}
    assert result.refused(asked) <= 0.04
    assert result.share(beyond, "off_topic") == 1.0
    assert result.share(beyond, "near_miss") >= 0.80
    assert result.share(beyond, "adversarial") == 1.0


def test_pass_marks(library: Library, rows: list[Row]) -> None:
    result = Graded(rows, [library.answer(row.question, row.history) for row in rows])
    check_dev(result)
    asked, beyond = OWN
    assert result.share(asked) >= 0.88
    assert result.share(beyond, "off_topic") == 1.0
    assert result.share(beyond, "near_miss") >= 0.78
    assert result.share(beyond, "adversarial") == 1.0
    for row, answer in zip(result.rows, result.answers, strict=True):
        assert 1 <= len(answer.text) <= MAX_ANSWER, row.question
        assert answer.sources or answer.abstained, row.question


def test_pass_marks_with_weights_fitted_without_the_question(library: Library, rows: list[Row]) -> None:
    answer = cross_validated(library, rows)
    check_dev(Graded(rows, [answer(place, row) for place, row in enumerate(rows)]))
