"""`ingest` and `sources`: bringing the index up to date, and what is in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

import click

from bot.commands.answers import write_record
from bot.commands.contents import telling_all_that_is_wrong
from bot.commands.sign import sign
from bot.commands.start import open_library, show_progress, start

if TYPE_CHECKING:
    from knowledge.bank import Question
    from knowledge.documents import Handbook
    from knowledge.library import Library
    from knowledge.script import Script


@click.command()
def ingest() -> None:
    """Bring the index up to date with scripts and handbook; only what is new or changed is embedded.

    Scripts of your own belong in the folder `scripts` of the bot's home, Markdown of your own in its folder `handbook`
    (see finops-bot doctor).
    """
    from knowledge.embedding_model import find_model
    from knowledge.ingest import ingest as bring_up_to_date

    settings = start()
    with telling_all_that_is_wrong(settings.home):
        _, report = bring_up_to_date(settings.home, find_model(settings.embedding_model), show_progress)
    sign().clear()
    for warning in report.warnings:
        click.echo(f"Warning: {warning}", err=True)
    click.echo(
        f"Generation {report.generation}: {report.embedded} passages embedded, {report.unchanged} unchanged, "
        f"{report.removed} removed."
    )


@click.command()
@click.option("--json", "as_json", is_flag=True, help="All of it as one JSON object.")
def sources(as_json: bool) -> None:
    """List what the bot knows: scripts with their sections and passages, the handbook by its parts, the quizzes."""
    library = open_library(start())
    sign().clear()
    if as_json:
        write_record(_record(library))
        return
    for title, sections in _sections(library).items():
        click.echo(f"{title}: {sum(sections.values())} passages")
        for (section, locator), count in sections.items():
            click.echo(f"  {section}{f' ({locator})' if locator else ''}: {count}")
    for line in handbook_lines(library.report.handbook):
        click.echo(line)
    for line in quiz_lines(library.questions, library.scripts):
        click.echo(line)


def _sections(library: Library) -> dict[str, dict[tuple[str, str | None], int]]:
    """How many passages each section of each script has, by title, section and place, in their order."""
    found: dict[str, dict[tuple[str, str | None], int]] = {}
    for passage in library.passages():
        if passage.origin == "video":
            sections = found.setdefault(passage.title, {})
            place = (passage.section, passage.locator)
            sections[place] = sections.get(place, 0) + 1
    return found


def _record(library: Library) -> dict[str, Any]:
    handbook = library.report.handbook
    return {
        "scripts": [
            {
                "title": title,
                "sections": [
                    {"section": section, "locator": locator, "passages": count}
                    for (section, locator), count in sections.items()
                ],
            }
            for title, sections in _sections(library).items()
        ],
        "handbook": [
            {
                "title": document.title,
                "part": document.part or None,
                "sections": [section.heading for section in document.sections],
                "checked": str(document.checked) if document.checked else None,
            }
            for document in handbook.documents
        ],
        "terms": len(handbook.terms),
        "quiz_questions": [
            {"bank": bank, "questions": len(asked), "own": sum(question.own for question in asked)}
            for bank, asked in ((bank, list(held)) for bank, held in groupby(library.questions, key=_bank))
        ],
    }


def _bank(question: Question) -> str:
    return question.bank


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
