"""Answers that are kept: who asks for the same gets them, who asks for something else does not."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bot.commands.graded import Question, read_rows
from knowledge.answer import Answer
from knowledge.cache import AnswerCache, Asking
from knowledge.chain import Asked
from knowledge.library import Library

FILES = Path(__file__).parents[1] / "eval"
UNITS = (("doc/part/content/0", (0, 1)),)


def asking(text: str, library: Library, units: tuple[tuple[str, tuple[int, ...]], ...] = UNITS) -> Asking:
    return Asking(text, library.retriever.embedder.embed([text])[0], units)


@pytest.mark.parametrize(
    ("asked", "again", "same"),
    [
        ("What is FinOps?", "what is finops", True),
        ("What is FinOps?", "What exactly is FinOps?", True),
        ("What is FinOps?", "Who is the video for?", False),
        ("Which projects go over budget?", "Which projects do not go over budget?", False),
        ("Is FinOps only about cost?", "Is FinOps about more than cost?", False),
        ("What is the second benefit?", "What is the third benefit?", False),
        ("How do they save 30%?", "How do they save 70%?", False),
    ],
)
def test_who_asks_for_the_same(asked: str, again: str, same: bool, library: Library) -> None:
    cache = AnswerCache()
    cache.put(asking(asked, library), Answer("So it is.", "answer"))
    assert (cache.get(asking(again, library)) is not None) == same


def test_other_units_of_the_sources_are_another_answer(library: Library) -> None:
    cache = AnswerCache()
    cache.put(asking("What is FinOps?", library), Answer("So it is.", "answer"))
    assert cache.get(asking("What is FinOps?", library, (("doc/part/content/0", (2,)),))) is None


def test_the_oldest_answers_go() -> None:
    cache = AnswerCache(most=3)
    vector = np.ones(1, dtype=np.float32)
    for number in range(5):
        cache.put(Asking("What?", vector, ((str(number), (0,)),)), Answer(str(number), "answer"))
    kept = [cache.get(Asking("What?", vector, ((str(number), (0,)),))) for number in range(5)]
    assert [answer.text for answer in kept if answer] == ["2", "3", "4"]


def test_few_questions_get_an_answer_that_was_kept_for_something_else(library: Library) -> None:
    # A hit is wrong where the other question wanted something else, by what its grade wants an answer to contain, and
    # this one's grade would not have had the kept answer.
    cache = AnswerCache()
    owners: dict[str, Question] = {}
    asked_for, hits, wrong = 0, 0, 0
    for name in ("script_questions_dev", "script_questions_own", "script_questions_held"):
        for row in read_rows(FILES / f"{name}.jsonl"):
            assert isinstance(row, Question)
            asked = library.chain.invoke(Asked(row.asked, row.history))
            if asked.answer is None or asked.answer.verdict != "answer" or asked.leans or not asked.parts:
                continue
            units = tuple((pick.passage.id, pick.units) for part in asked.parts for pick in part.picks)
            one = asking(asked.text, library, units)
            asked_for += 1
            if known := cache.get(one):
                hits += 1
                other = owners[known.text]
                wrong += other.record["must_contain"] != row.record["must_contain"] and not row.contained(known.text)
            else:
                text = f"{len(owners)} {asked.answer.text}"
                owners[text] = row
                cache.put(one, Answer(text, "answer"))
    print(f"{asked_for} questions, {hits} answered by what was kept, {wrong} of them wrongly")
    assert hits >= 0.05 * asked_for
    assert wrong <= 0.02 * hits
