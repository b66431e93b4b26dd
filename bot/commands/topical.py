"""Questions of files that name the topic that answers them: what the likelihood of documents is fitted and tried on."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.commands.graded import Question

if TYPE_CHECKING:
    from knowledge.documents.answering import DocumentAnswers
    from knowledge.library import Library


def topic_of(row: Question, library: Library) -> str | None:
    """The slug of the document that answers a question; None where its file names none that is there."""
    named = row.record.get("topic")
    known = isinstance(named, str) and library.report.handbook.document(named) is not None
    return named if known and row.answerable and not row.history else None


def write_document_weights(files: Sequence[Path], rows: Sequence[Question], library: Library) -> None:
    """Fit how likely documents answer on the questions that name a topic, and write it."""
    from knowledge.documents.answering import WEIGHTS
    from knowledge.documents.fitting import TopicQuestion, fit, measured

    asked = [TopicQuestion(row.asked, topic) for row in rows if (topic := topic_of(row, library))]
    table = fit(measured(asked, library.generation, library.retriever))
    command = f"finops-bot eval --fit {' '.join(file.name for file in files)}"
    WEIGHTS.write_text(json.dumps({"made_by": command, "questions": len(asked), **table}, indent=2) + "\n", "utf-8")
    click.echo(f"Weights of documents fitted on {len(asked)} questions: {WEIGHTS.name}\n")


def documents_of_folds(library: Library, rows: Sequence[Question]) -> Callable[[Question], DocumentAnswers]:
    """Gives for a question the documents whose likelihood was fitted without its topic and those of its fold."""
    from knowledge.documents.answering import DocumentAnswers, Likelihood
    from knowledge.documents.finding import DocumentSearch
    from knowledge.documents.fitting import TopicQuestion, fit, measured
    from knowledge.fitting import fold_of_name

    search = DocumentSearch(library.generation)
    asked = [TopicQuestion(row.asked, topic) for row in rows if (topic := topic_of(row, library))]
    found = measured(asked, library.generation, library.retriever) if asked else []

    @cache
    def answers(fold: int) -> DocumentAnswers:
        return DocumentAnswers(search, Likelihood(fit([one for one in found if fold_of_name(one.topic) != fold])))

    as_it_is = DocumentAnswers(search)

    def of(row: Question) -> DocumentAnswers:
        topic = topic_of(row, library)
        return answers(fold_of_name(topic)) if topic else as_it_is

    return of
