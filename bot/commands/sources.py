"""`ingest` and `sources`: bringing the index up to date, and what is in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

import click

from bot.commands.start import open_library, show_progress, start

if TYPE_CHECKING:
    from knowledge.bank import Question
    from knowledge.documents import Handbook
    from knowledge.script import Script


@click.command()
def ingest() -> None:
    """Bring the index up to date with scripts and handbook; only what is new or changed is embedded.

    Scripts of your own belong in the folder `scripts` of the bot's home, Markdown of your own in its folder `handbook`
    (see finops-bot doctor).
    """
    from knowledge.embedder import find_model
    from knowledge.ingest import ingest as bring_up_to_date

    settings = start()
    _, report = bring_up_to_date(settings.home, find_model(settings.embedding_model), show_progress)
    for warning in report.warnings:
        click.echo(f"Warning: {warning}", err=True)
    click.echo(
        f"Generation {report.generation}: {report.embedded} passages embedded, {report.unchanged} unchanged, "
        f"{report.removed} removed."
    )


@click.command()
def sources() -> None:
    """List what the bot knows: scripts with their sections and passages, the handbook by its parts, the quizzes."""
    library = open_library(start())
    of_scripts = (passage for passage in library.passages() if passage.origin == "video")
    for title, passages in groupby(of_scripts, key=lambda passage: passage.title):
        sections: dict[tuple[str, str | None], int] = {}
        for passage in passages:
            place = (passage.section, passage.locator)
            sections[place] = sections.get(place, 0) + 1
        click.echo(f"{title}: {sum(sections.values())} passages")
        for (section, locator), count in sections.items():
            click.echo(f"  {section}{f' ({locator})' if locator else ''}: {count}")
    for line in handbook_lines(library.report.handbook):
        click.echo(line)
    for line in quiz_lines(library.questions, library.scripts):
        click.echo(line)


def handbook_lines(handbook: Handbook) -> Iterator[str]:
    """The handbook by its parts: each topic with its sections and the day when its sources were read."""
    for part, documents in groupby(handbook.documents, key=lambda document: document.part):
        held = list(documents)
        yield f"Handbook, {part}: {len(held)} topics"
        for document in held:
            read = f", sources read on {document.checked}" if document.checked else ""
            yield f"  {document.title}: {len(document.sections)} sections{read}"
    if handbook.terms:
        yield f"Handbook, glossary: {len(handbook.terms)} terms"


def quiz_lines(questions: Sequence[Question], scripts: Sequence[Script]) -> Iterator[str]:
    """How many questions there are for quizzes, by script or bank, and how many of them are the video's own."""
    titles = {script.slug: script.title for script in scripts}
    of_topics = [question for question in questions if question.bank not in titles and question.section]
    if of_topics:
        yield f"Quiz questions, handbook: {len(of_topics)}"
    questions = [question for question in questions if question not in of_topics]
    for bank, held in groupby(questions, key=lambda question: question.bank):
        asked = list(held)
        own = sum(question.own for question in asked)
        yield f"Quiz questions, {titles.get(bank, bank)}: {len(asked)} ({own} of the video's own)"
