"""What most commands begin with: settings, the log, progress for a person, the library, the assistant."""

from __future__ import annotations

import gc
import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click
from dotenv import load_dotenv

from bot.commands.contents import telling_all_that_is_wrong
from bot.commands.private import keep_private
from bot.commands.sign import sign
from bot.logs import write_logs
from bot.secret import read_secret
from bot.settings import Settings, SettingsError, read_settings

if TYPE_CHECKING:
    from bot.activities import Activity
    from bot.assistant import Assistant
    from bot.costs.budget import Budget
    from bot.intents.sense import LearnedSense, Utterance
    from bot.intents.understanding import Understanding
    from bot.limits import Limits
    from bot.renewal import Edition, Renewed
    from bot.store.database import Store
    from knowledge.answer import Answerer
    from knowledge.answers import Answers
    from knowledge.library import Library


log = logging.getLogger(__name__)


def start() -> Settings:
    """Read the settings and start the log. Raises SettingsError."""
    # The keys of providers too may stand in `.env`; their libraries look for them in the environment.
    try:
        load_dotenv(".env")
    except ValueError as error:  # of its encoding, or of a character that no variable may hold
        raise SettingsError("The file .env is not plain text: save it as UTF-8.") from error
    settings = read_settings()
    keep_private(settings.home)
    write_logs(settings)
    return settings


def show_progress(message: str) -> None:
    """Tell a person what is under way, on standard error."""
    sign().say(message)


@contextmanager
def loading() -> Iterator[None]:
    """For what is loaded to stay: looking through it for garbage again and again costs a fifth of a cold start."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def open_library(settings: Settings, meanwhile: bool = False) -> Library:
    """The library, brought up to date first. Raises KnowledgeError.

    With `meanwhile` one that is damaged may be of the last sound generation, and is to be built again.
    """
    with loading(), telling_all_that_is_wrong(settings.home):
        from knowledge.library import open_library

        library = open_library(settings.home, settings.embedding_model, show_progress, meanwhile, settings.prefer)
    for warning in library.report.warnings:
        sign().clear()
        click.echo(f"Warning: {warning}", err=True)
    return library


def open_store(settings: Settings) -> Store:
    """The store that the settings name, without what is older than it may be. Raises StoreError."""
    from bot.activities.privacy import delete_old
    from bot.store.database import Store

    store = Store(settings.store, partial(read_secret, settings))
    with store.writing() as records:
        delete_old(records, settings.retention_days, datetime.now(UTC))
    return store


def open_budget(settings: Settings) -> Budget:
    """The budget that the settings set. Raises SettingsError where it could not be held to, and LanguageModelError."""
    from bot.costs.budget import Budget
    from bot.costs.prices import is_priced
    from knowledge.model import open_model

    budget = Budget(settings.model, settings.monthly_budget if settings.model else None)
    if budget.limit is None:
        return budget
    open_model(settings.model)  # what is wrong with its name is said before its price is missed
    if not is_priced(budget.model, datetime.now(UTC)):
        # The model is not named here: people put keys in the wrong place.
        raise SettingsError(
            "FINOPS_MONTHLY_BUDGET cannot be held to, as no price is known for the language model in FINOPS_MODEL: "
            "name another model, such as openai:gpt-4.1-mini, or leave the budget out."
        )
    return budget


def spent_this_month(budget: Budget, settings: Settings) -> int:
    """The nanodollars that language models have cost in this month, where there is a limit to hold to."""
    if budget.limit is None:
        return 0
    with closing(existing_store(settings)) as store, store.reading() as records:
        return records.ledger.cost(datetime.now(UTC))


def existing_store(settings: Settings) -> Store:
    """The store as it is; one that is not there yet is not made by looking. Raises StoreError."""
    if isinstance(settings.store, Path) and not settings.store.exists():
        return no_store()
    from bot.store.database import Store

    return Store(settings.store, partial(read_secret, settings))


def no_store() -> Store:
    """A store of its own for whoever keeps nothing."""
    from bot.store.database import Store
    from bot.store.engines import IN_MEMORY

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

    return Understanding(
        Shelf(library.scripts, library.questions, library.report.handbook),
        learned_sense(library, settings),
        settings.timezone,
    )


def open_answers(library: Library, settings: Settings) -> Answers:
    """What answers questions: with the language model that the settings name, if any. Raises LanguageModelError."""
    from knowledge.answers import Answers

    if not settings.model:
        return Answers(library.chain)
    from knowledge.checking import Checker
    from knowledge.model import open_model
    from knowledge.writer import Writer

    embed = library.retriever.embedder.embed
    return Answers(library.chain, Writer(open_model(settings.model), Checker(embed)), embed)


def make_assistant(
    library: Library,
    settings: Settings,
    store: Callable[[], Store] = no_store,
    understanding: Understanding | None = None,
    answerer: Answerer | None = None,
    budget: Budget | None = None,
    limits: Limits | None = None,
) -> Assistant:
    """The assistant with all its activities, in the order in which they are asked; without a budget, none is kept.

    Unless another answerer is given, answers are composed without a language model.
    """
    from adapters.discord.addresses import address_of
    from bot.activities.benefits import Benefits
    from bot.activities.calculations import Calculations
    from bot.activities.descriptions import Descriptions
    from bot.activities.engagement import Engagement
    from bot.activities.excerpts import Excerpts
    from bot.activities.feedback import Feedback
    from bot.activities.help import Help
    from bot.activities.insights import Insights
    from bot.activities.places import Places
    from bot.activities.polls import Polls
    from bot.activities.privacy import Privacy
    from bot.activities.questions import Questions
    from bot.activities.quizzes import Quizzes
    from bot.activities.retelling import Retellings
    from bot.activities.savings import Savings
    from bot.activities.schedules import Schedules
    from bot.activities.sharing import Sharing
    from bot.activities.smalltalk import Smalltalk
    from bot.activities.stop import Stop
    from bot.activities.switched import Switched
    from bot.activities.undoes import Undoes
    from bot.activities.usage import Usage
    from bot.assistant import Assistant
    from bot.commands.likeness import likeness
    from bot.costs.budget import Budget
    from bot.shelf import Shelf
    from knowledge.answers import Answers

    shelf, alike = Shelf(library.scripts, library.questions, library.report.handbook), likeness(library)
    budget = budget or Budget(settings.model)
    polls, places = Polls(shelf, settings.timezone, {"discord": address_of}), Places(shelf, settings.timezone)
    activities: list[Activity] = [
        Switched(),
        Undoes((polls, places)),
        Feedback(),
        Retellings(shelf.handbook),
        Sharing(),
        Schedules(),
        polls,
        Quizzes(shelf),
        Benefits(shelf),
        Savings(shelf),
        Calculations(),
        Engagement(shelf, lambda: store().reading(), alike, settings.timezone),
        Excerpts(shelf),
        Descriptions(shelf),
        Insights(lambda: store().reading(), alike, settings.retention_days),
        Usage(budget),
        Privacy(settings.retention_days, settings.model),
        places,
        Stop(),
        Smalltalk(),
        Help(),
        Questions(answerer or Answers(library.chain), budget),
    ]
    understanding = understanding or understand(library, settings)
    return Assistant(activities, understanding, shelf, store, budget=budget, limits=limits, embed=library.embed)


def make_renewed(
    library: Library, settings: Settings, store: Callable[[], Store], budget: Budget, limits: Limits | None = None
) -> Renewed:
    """The assistant that takes over what an ingest publishes while it runs. Raises LanguageModelError."""
    from bot.commands.rebuilding import Rebuilding
    from bot.renewal import Renewed
    from knowledge.embedding_model import find_model
    from knowledge.generations import IndexFolder
    from knowledge.ingest import ingest
    from knowledge.library import reopen_library
    from knowledge.manifest import DamagedIndex

    def build() -> None:
        ingest(settings.home, find_model(settings.embedding_model), log.info)[0].close()

    rebuilding = Rebuilding(build)

    def newest() -> Edition:
        try:
            reopened = reopen_library(library, settings.home, settings.embedding_model)
        except DamagedIndex:
            rebuilding.begin()
            raise
        return _edition(reopened, settings, store, budget, limits)

    if library.report.damage:
        rebuilding.begin()
    return Renewed(_edition(library, settings, store, budget, limits), IndexFolder(settings.home).current, newest)


def _edition(
    library: Library, settings: Settings, store: Callable[[], Store], budget: Budget, limits: Limits | None
) -> Edition:
    from bot.renewal import Edition

    answers = open_answers(library, settings)
    assistant = make_assistant(library, settings, store, answerer=answers, budget=budget, limits=limits)

    def close() -> None:
        answers.close()
        library.generation.close()

    return Edition(library.generation.number, assistant, close)
