"""How often the section that holds the answer is among the first that are found."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from bot.commands.graded import Question, read_rows
from knowledge.chunks import Passage
from knowledge.library import Library

FILES = Path(__file__).parents[1] / "eval"


def names(row: Question, section: str) -> bool:
    """Whether a row names that section as one that holds its answer; it may name several, and their full script."""
    wanted = re.split(r"\s*;\s*", str(row.record.get("section", "")))
    said = section.casefold().rstrip("?")
    return any(said in one.casefold() or (one and one.casefold().rstrip("?") in said) for one in wanted)


def among(row: Question, found: Iterable[Passage], first: int) -> bool:
    """Whether one of the first sections found holds the answer."""
    return any(names(row, section) for section in list(dict.fromkeys(one.section for one in found))[:first])


def test_recall_at_three(library: Library) -> None:
    name = "script_questions_dev"
    sections = {passage.section for passage in library.passages()}
    rows = [row for row in read_rows(FILES / f"{name}.jsonl") if isinstance(row, Question)]
    graded = [row for row in rows if any(names(row, section) for section in sections)]
    assert len(graded) >= 0.9 * len(rows)
    found = {
        str(row.record["id"]): [
            [one.passage for one in part.search.found] for part in library.chain.judge(row.asked, row.history)
        ]
        for row in graded
    }
    at = {
        first: sum(any(among(row, one, first) for one in found[str(row.record["id"])]) for row in graded) / len(graded)
        for first in (1, 3)
    }
    missed = [row.asked for row in graded if not any(among(row, one, 3) for one in found[str(row.record["id"])])]
    print(f"{name}: {len(graded)} of {len(rows)} graded, recall@1 {at[1]:.1%}, recall@3 {at[3]:.1%}", missed)
    assert at[3] >= 0.95
