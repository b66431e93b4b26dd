"""What most commands begin with: settings, the log, progress for a person, the library, the assistant."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

import click

from bot.logs import write_logs
from bot.settings import Settings, read_settings

if TYPE_CHECKING:
    from bot.activities import Activity
    from bot.assistant import Assistant
    from bot.intents.sense import LearnedSense, Utterance
    from bot.intents.understanding import Understanding
    from bot.store.database import Store
    from knowledge.answer import Answerer
    from knowledge.library import Library


def start() -> Settings:
    """Read the settings and start the log. Raises SettingsError."""
    settings = read_settings()
    write_logs(settings)
    return settings


def show_progress(message: str) -> None:
    """Tell a person what is under way, on standard error."""
    click.echo(f"{message} ...", err=True)


@contextmanager
def loading() -> Iterator[None]:
    """For what is loaded to stay: looking through it for garbage again and again costs a fifth of a cold start."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def open_library(settings: Settings) -> Library:
    """The library, brought up to date first. Raises KnowledgeError."""
    with loading():
        from knowledge.library import open_library

        library = open_library(settings.home, settings.embedding_model, show_progress)
    for warning in library.report.warnings:
        click.echo(f"Warning: {warning}", err=True)
    return library


def open_store(settings: Settings) -> Store:
    """The store that the settings name, without what is older than it may be. Raises StoreError."""
    from bot.store.database import Store

    store = Store(settings.store)
    store.purge(datetime.now(UTC) - timedelta(days=settings.retention_days))
    return store


def no_store() -> Store:
    """A store of its own for whoever keeps nothing."""
    from bot.store.database import IN_MEMORY, Store

    return Store(IN_MEMORY)


def learned_sense(library: Library, settings: Settings, taught: Sequence[Utterance] | None = None) -> LearnedSense:
    """What people mean, learned from `taught`, by default from the examples that come with the bot."""
    from bot.intents.features import features
    from bot.intents.sense import LearnedSense, read_utterances
    from knowledge.meaning import open_meaning

    learn = partial(
        open_meaning,
        features=features,
        embed=library.embed,
        folder=settings.home / "meaning",
        model=library.generation.model,
        progress=show_progress,
    )
    return LearnedSense(read_utterances() if taught is None else taught, learn, library.embed)


def understand(library: Library, settings: Settings) -> Understanding:
    """What turns are about."""
    from bot.intents.understanding import Understanding
    from bot.shelf import Shelf

    return Understanding(Shelf(library.scripts), learned_sense(library, settings))


def make_assistant(
    library: Library,
    settings: Settings,
    store: Callable[[], Store] = no_store,
    understanding: Understanding | None = None,
    answerer: Answerer | None = None,
) -> Assistant:
    """The assistant with all its activities, in the order in which they are asked."""
    from bot.activities.benefits import Benefits
    from bot.activities.descriptions import Descriptions
    from bot.activities.engagement import Engagement
    from bot.activities.excerpts import Excerpts
    from bot.activities.feedback import Feedback
    from bot.activities.help import Help
    from bot.activities.places import Places
    from bot.activities.polls import Polls
    from bot.activities.privacy import Privacy
    from bot.activities.questions import Questions
    from bot.activities.quizzes import Quizzes
    from bot.activities.savings import Savings
    from bot.activities.stop import Stop
    from bot.activities.usage import Usage
    from bot.assistant import Assistant
    from bot.shelf import Shelf
    from knowledge.answers import Answers

    shelf = Shelf(library.scripts)
    activities: list[Activity] = [
        Feedback(),
        Polls(shelf),
        Quizzes(shelf),
        Benefits(shelf),
        Savings(shelf),
        Engagement(shelf),
        Excerpts(shelf),
        Descriptions(shelf),
        Usage(),
        Privacy(settings.retention_days),
        Places(shelf),
        Stop(),
        Help(),
        Questions(answerer or Answers(library.chain)),
    ]
    return Assistant(activities, understanding or understand(library, settings), shelf, store)
