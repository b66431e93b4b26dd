"""Grouping: what asks for about the same thing comes together, and what does not stays apart."""

from __future__ import annotations

import itertools
import tomllib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from knowledge.grouping import group
from knowledge.library import Library

HALVES: dict[str, list[list[str]]] = tomllib.loads(Path(__file__).with_name("alike.toml").read_text("utf-8"))


def grouped(library: Library, questions: Sequence[str], counts: Sequence[int] | None = None) -> list[list[int]]:
    mended = [library.retriever.mend(question) for question in questions]
    return group(mended, library.embed(questions), counts or [1] * len(questions), library.retriever.weight)


def pairs(groups: Sequence[Sequence[int]]) -> set[tuple[int, int]]:
    """All pairs of places that are in one group."""
    return {pair for places in groups for pair in itertools.combinations(sorted(places), 2)}


@pytest.mark.parametrize(("half", "precision", "recall"), [("first", 0.87, 0.80), ("second", 0.80, 0.51)])
def test_pairs_of_the_labelled_questions(library: Library, half: str, precision: float, recall: float) -> None:
    questions = [question for things in HALVES[half] for question in things]
    places = iter(range(len(questions)))
    wanted = pairs([[next(places) for _ in things] for things in HALVES[half]])
    found = pairs(grouped(library, questions))
    right = len(found & wanted)
    print(f"{half}: precision {right / len(found):.3f}, recall {right / len(wanted):.3f} of {len(wanted)} pairs")
    assert right / len(found) >= precision
    assert right / len(wanted) >= recall


def test_every_question_is_in_one_group(library: Library) -> None:
    questions = [question for things in HALVES["first"] for question in things]
    for few in (questions, questions[:2], questions[:1], []):
        assert sorted(itertools.chain(*grouped(library, few))) == list(range(len(few)))


def test_more_questions_than_are_compared_at_a_time(library: Library) -> None:
    questions = ["How do we do chargeback?", "What music plays in the intro?"] * 600
    assert sorted(map(len, grouped(library, questions))) == [600, 600]


def test_the_typical_wording_is_in_the_middle_and_often_asked(library: Library) -> None:
    questions = ["sorry, but how would one do chargeback, if at all?", "How do we do chargeback?", "do chargeback how"]
    ((first, *_),) = grouped(library, questions)
    assert first == 1
    ((first, *_),) = grouped(library, questions, [50, 1, 1])
    assert first == 0


def test_questions_without_words_are_grouped_too() -> None:
    vectors = np.eye(3, dtype=np.float32)
    assert sorted(group(["???", "!!!", "the"], vectors, [1, 1, 1], lambda stem: 1.0)) == [[0], [1], [2]]
