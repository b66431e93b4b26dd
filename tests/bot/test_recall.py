"""Recall: gold sections by their ids, and whether they are found."""

from __future__ import annotations

from typing import Any

import pytest

from bot.commands.graded import Question, Verdict
from bot.commands.recall import gold_sections, recall
from knowledge.library import Library

TITLES = ("About the video", "All sections", "Introduction", "What is Sailing?", "Short Form Adaptation", "Statistics")


def row(asked: str, *ids: str, needed: int = 1) -> Question:
    record: dict[str, Any] = {"id": "1", "question": asked, "kind": "direct", "must_contain": [["x"]]}
    return Question("file", {**record, "section_ids": list(ids), "sections_needed": needed})


@pytest.mark.parametrize(
    ("ids", "expected"),
    [
        (["intro"], {"Introduction"}),
        (["what", "full.what"], {"What is Sailing?"}),
        (["short_form"], {"Short Form Adaptation"}),
        (["stats"], {"Statistics"}),
        (["statistics", "intro"], {"Statistics", "Introduction"}),
        (["meta"], {"About the video"}),
        (["full.wrap"], set()),
        ([], set()),
    ],
)
def test_sections_are_known_by_their_ids(ids: list[str], expected: set[str]) -> None:
    assert gold_sections(row("?", *ids), TITLES) == expected


def test_recall_counts_what_is_among_the_first(library: Library) -> None:
    found = row("What is FinOps?", "what"), Verdict(True, False, "")
    missed = row("What is FinOps?", "keywords"), Verdict(True, False, "")
    half = row("How long is the intro?", "intro", "keywords", needed=2), Verdict(True, False, "")
    assert recall(library, [found]) is not None
    for judged, share in (([found], 1.0), ([missed], 0.0), ([found, missed], 0.5), ([half], 0.5)):
        result = recall(library, judged)
        assert result is not None
        assert (result.questions, result.at[1]) == (len(judged), share)


def test_a_card_counts_by_its_sources(library: Library) -> None:
    card = row("What is FinOps?", "keywords"), Verdict(True, False, "", ("SEO Keywords",))
    result = recall(library, [card])
    assert result is not None
    assert result.at == {1: 1.0, 3: 1.0}


def test_there_is_no_recall_without_ids(library: Library) -> None:
    assert recall(library, [(row("What is FinOps?"), Verdict(True, False, ""))]) is None
