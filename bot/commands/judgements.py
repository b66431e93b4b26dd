"""Questions of files as what the decision is fitted on: each with its passages, and without them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.commands.graded import Question

if TYPE_CHECKING:
    from knowledge.chunks import Passage
    from knowledge.decision import Decider
    from knowledge.fitting import JudgedQuestion
    from knowledge.library import Library
    from knowledge.search import Met, Search

# What a question that no source answers counts, by its kind, and one whose passages were taken out. Far-off questions
# are few, and an answer to one is the fault that people notice most.
COUNTS = {"off_topic": 4.0, "near_miss": 2.0, "uncovered": 2.0}
WITHOUT = 0.5
# Attacks are refused by patterns, whatever they are near.
BY_PATTERNS = "adversarial"


def topic_of(row: Question) -> str:
    """What a question is about, by its file: questions about one thing are never fitted and tried in one fold."""
    record = row.record
    return str(record.get("topic") or ", ".join(record.get("section_ids", ())) or record["id"])


def judgements(library: Library, rows: Sequence[Question]) -> list[JudgedQuestion]:
    """What was measured of each question: with all sources, without hints, and without the passages that answer it."""
    asked = [row for row in rows if row.kind != BY_PATTERNS and not row.is_lenient and not row.needs_calculation]
    mets = library.retriever.meet([_together(row) for row in asked]) if asked else []
    return [one for row, met in zip(asked, mets, strict=True) for one in _of_row(library, row, met)]


def _together(row: Question) -> str:
    from knowledge.followup import read_followup

    followup = read_followup(row.asked, row.history) if row.history else None
    return followup.together if followup else row.asked


def _of_row(library: Library, row: Question, met: Met) -> Iterator[JudgedQuestion]:
    retriever = library.retriever
    search = retriever.search(met)
    yield from _judged(library, row, search, asked=True)
    if not row.answerable:
        return
    passages = library.generation.passages
    unhinted = [hit for hit in met.hits if hit.role != "hint" or not passages[hit.passage].hints[hit.place].written]
    yield from _judged(library, row, retriever.search(replace(met, hits=unhinted)), asked=True, hints=False)
    gone = _answering(row, list(passages.values()))
    yield from _judged(library, row, retriever.search(met, without=gone))


def _judged(
    library: Library, row: Question, search: Search, *, asked: bool = False, hints: bool = True
) -> Iterator[JudgedQuestion]:
    from knowledge.compose import compose
    from knowledge.decision import lacking_fact
    from knowledge.fitting import JudgedQuestion
    from knowledge.picks import write
    from knowledge.question import item_asked

    if search.best is None:
        return
    picks = compose(search, library.retriever, item_asked(search.mended))
    good = row.answerable and row.contained(write(picks))
    # What lacks the kind of fact that is asked for is no answer by rule, however near it is: nothing to learn from.
    if good or lacking_fact(search, picks) is None:
        yield JudgedQuestion(
            search.features,
            good,
            topic_of(row),
            hints and search.best.passage.is_hinted,
            asked,
            row.kind != "off_topic",
            1.0 if row.answerable and asked else WITHOUT if row.answerable else COUNTS.get(row.kind, 1.0),
        )


def _answering(row: Question, passages: Sequence[Passage]) -> set[str]:
    """The ids of the passages of a question: its document's, or those of the sections that hold what it asks for."""
    topic = f"handbook/{row.record.get('topic')}"
    holding = [one for one in passages if row.contained(f"{one.lead} {one.section} {one.text}")]
    documents = {one.document for one in holding if one.joins} | {topic}
    sections = {one.section for one in holding if not one.joins}
    return {
        one.id for one in passages if one.document in documents or (not one.joins and one.section in sections)
    }.union(one.id for one in holding)


def write_weights(files: Sequence[Path], rows: Sequence[Question], library: Library) -> None:
    """Fit the decision on questions and write it."""
    from knowledge.decision import WEIGHTS
    from knowledge.fitting import fit

    judged = judgements(library, rows)
    command = f"finops-bot eval --fit {' '.join(file.name for file in files)}"
    table = {"made_by": command, "questions": len(rows), **fit(judged)}
    WEIGHTS.write_text(json.dumps(table, indent=2) + "\n", "utf-8")
    click.echo(f"Weights fitted on {len(rows)} questions: {WEIGHTS.name}\n")


def deciders_of_folds(library: Library, rows: Sequence[Question]) -> Callable[[Question], Decider]:
    """Gives for a question the decider that was fitted without its topic and those of its fold."""
    from knowledge.fitting import decider_of, fold_of_name

    judged = judgements(library, rows)

    @cache
    def decider(fold: int) -> Decider:
        return decider_of(judged, fold)

    return lambda row: decider(fold_of_name(topic_of(row)))
