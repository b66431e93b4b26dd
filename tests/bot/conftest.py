"""Talks for tests: people who say words in rooms, on a clock that goes on with every turn; commands in processes."""

from __future__ import annotations

import asyncio
import dataclasses
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import MetaData

from bot.assistant import Assistant
from bot.commands.start import make_assistant
from bot.intents import Name
from bot.intents.understanding import Understanding
from bot.reply import Ballot, Choice, Choices, Form, Reply, Tally
from bot.settings import Settings
from bot.shelf import Shelf
from bot.store import Scene
from bot.store.database import Store
from bot.store.engines import open_engine, read_url, writing
from bot.store.records import Records
from bot.store.revisions import migrate
from bot.turn import Person, Room, Turn
from knowledge.answer import Answer, Message, Source
from knowledge.script import Script
from knowledge.script.parser import read_scripts
from tests.postgresql import Server

if TYPE_CHECKING:
    from knowledge.library import Library

Place = str | Path
NOON = datetime(2025, 1, 6, 12, tzinfo=UTC)
ANA = Person("test:ana", "Ana", moderator=True)
BO = Person("test:bo", "Bo")
CY = Person("test:cy", "Cy")
HERE = Room("test", "here")
THERE = Room("test", "there")
ALONE = Room("test", "alone", private=True)

ROOT = Path(__file__).parents[2]
KNOWLEDGE = ROOT / "knowledge"
MORE_SCRIPTS = Path(__file__).parents[1] / "knowledge" / "scripts"
FIRST, SECOND = "role-of-finops", "dataops-and-mlops"


class Talk:
    """People who talk with an assistant; `now` is the clock, `heard` all turns so far, `told` all replies."""

    def __init__(self, assistant: Assistant, store: Store) -> None:
        self.assistant = assistant
        self.store = store
        self.now = NOON
        self.heard: list[Turn] = []
        self.told: list[Reply] = []

    def turn(self, words: str, person: Person = BO, room: Room = HERE, fields: Mapping[str, str] | None = None) -> Turn:
        """A turn that nobody has said yet, a second after the one before."""
        self.now += timedelta(seconds=1)
        turn = Turn(f"test:{len(self.heard)}", room, person, words, self.now, fields or {})
        self.heard.append(turn)
        return turn

    def replies(self, turn: Turn) -> list[Reply]:
        """The replies to a turn."""

        async def collect() -> list[Reply]:
            return [reply async for reply in self.assistant.hear(turn)]

        told = asyncio.run(collect())
        self.told += told
        return told

    def say(self, words: str, person: Person = BO, room: Room = HERE, fields: Mapping[str, str] | None = None) -> Reply:
        """The one reply to words, which is no apology."""
        (reply,) = self.replies(self.turn(words, person, room, fields))
        assert not reply.text.startswith("Sorry"), (words, reply.text)
        return reply

    def wait(self, **time: float) -> None:
        """Let time pass: days=1, minutes=5."""
        self.now += timedelta(**time)

    def scene(self, person: Person = BO, room: Room = HERE) -> Scene:
        """What the next turn of somebody would find."""
        with self.store.reading() as records:
            return records.scene(Turn("test:-", room, person, "", self.now))

    def tally(self, room: Room = HERE) -> Tally:
        """How the newest poll of a room stands."""
        with self.store.reading() as records:
            (poll,) = records.polls.last(room)
            return records.polls.votes.tally(poll)


def without_elements(script: Script, slug: str) -> Script:
    """A script of another slug that has no polls, quizzes, cards or sliders."""
    sections = tuple(dataclasses.replace(section, element=None) for section in script.sections)
    return dataclasses.replace(script, slug=slug, title=f"An empty one called {slug}", sections=sections)


def choices(reply: Reply) -> list[Choice]:
    """All that can be pressed in a reply."""
    return [choice for part in reply.parts if isinstance(part, Choices | Ballot) for choice in part.choices]


def labels(reply: Reply) -> list[str]:
    """What is written on all that can be pressed in a reply."""
    return [choice.label for choice in choices(reply)]


def saying(reply: Reply, label: str) -> str:
    """What the button of that label says."""
    return next(choice.says for choice in choices(reply) if choice.label == label)


def form(reply: Reply) -> Form:
    """The form that a reply opens."""
    return next(choice.opens for choice in choices(reply) if choice.opens)


class Told:
    """An answerer that gives the answers it was told; to anything else that its sources do not hold it."""

    def __init__(self, answers: Mapping[str, str]) -> None:
        self.answers = answers
        self.asked: list[tuple[str, tuple[Message, ...]]] = []

    async def answer(
        self, question: str, history: Sequence[Message] = (), composed: bool = False
    ) -> AsyncIterator[Answer]:
        """The answer to `question`."""
        self.asked.append((question, tuple(history)))
        if question in self.answers:
            yield Answer(self.answers[question], "answer", (Source("Video", "Part", "0:00-0:30", None),))
        else:
            yield Answer("My sources do not cover that.", "decline", (Source("Video", "Near", None, None),))


class Taught:
    """A sense that knows the phrases it was taught, and finds texts alike that share words."""

    def __init__(self, phrases: Mapping[str, Name | str]) -> None:
        self._phrases = phrases

    def scores(self, text: str, setting: str) -> Mapping[str, float]:
        """Nothing fits what is not known."""
        return {}

    def knows(self, text: str, setting: str) -> str | None:
        """The label of a phrase."""
        return self._phrases.get(text)

    def likeness(self, text: str, others: Sequence[str]) -> Sequence[float]:
        """The share of each other text's words that `text` has."""
        said = set(text.casefold().split())
        return [len(said & set(other.casefold().split())) / len(other.split()) for other in others]


PHRASES: Mapping[str, Name | str] = {
    "quiz me": "quiz_start",
    "quiz me on DataOps": "quiz_start",
    "quiz me on the role": "quiz_start",
    "start the poll": "poll_start",
    "start the poll on MLOps": "poll_start",
    "show the benefits": "benefits",
    "a quote": "quote",
    "statistics": "stats",
    "savings": "savings_estimate",
    "settings": "settings",
    "use the DataOps script": "settings",
    "describe the video": "describe",
    "keywords": "keywords",
    "short version": "short_version",
    "discuss": "engagement_question",
    "what comes next": "next_topic",
    "stop": "stop",
    "hint": "quiz_hint",
    "skip": "quiz_skip",
    "results": "results",
}


# --- Stores ---


@pytest.fixture(scope="session")
def postgresql_server(shared: Path) -> Iterator[Server]:
    """A PostgreSQL server, one for all workers of the run."""
    started = Server(shared)
    yield started
    started.stop()


@pytest.fixture
def postgresql(postgresql_server: Server) -> Iterator[str]:
    """The URL of a PostgreSQL database of its own, up to date and without rows."""
    with postgresql_server.database() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """Where a store of its own can lie, on each kind of database."""
    if request.param == "sqlite":
        return tmp_path / "store.db"
    url: str = request.getfixturevalue("postgresql")
    return url


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    """Where a database of its own can lie that has not even tables, of each kind."""
    if request.param == "sqlite":
        yield tmp_path / "store.db"
    else:
        with request.getfixturevalue("postgresql_server").database("template1") as url:
            yield url


@pytest.fixture
def store(database: Place) -> Iterator[Store]:
    """A store of its own, on each kind of database."""
    opened = Store(database)
    yield opened
    opened.close()


@pytest.fixture
def file_store(tmp_path: Path) -> Iterator[Store]:
    """A store in a file of its own, for whole talks, which are the same on every database."""
    opened = Store(tmp_path / "store.db")
    yield opened
    opened.close()


def run_sql(place: Place, *statements: str) -> None:
    """Run statements in a database, all in one transaction."""
    engine = writing(open_engine(read_url(place)))
    with engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    engine.dispose()


def migrate_to(place: Place, revision: str | None = None) -> None:
    """Bring a database to that revision, by default the newest."""
    engine = writing(open_engine(read_url(place)))
    with engine.begin() as connection:
        migrate(connection, revision)
    engine.dispose()


def tables(place: Place) -> dict[str, list[dict[str, Any]]]:
    """All that is in a database: the rows of each table in the order of their keys."""
    engine, found = open_engine(read_url(place)), MetaData()
    with engine.connect() as connection:
        found.reflect(connection)
        held = {
            table.name: [dict(row) for row in connection.execute(table.select().order_by(*table.c)).mappings()]
            for table in found.sorted_tables
        }
    engine.dispose()
    return held


def stored(place: Place) -> str:
    """All that is in a database, a line a row."""
    return "\n".join(f"{name}: {row}" for name, rows in tables(place).items() for row in rows)


@pytest.fixture
def records(store: Store) -> Iterator[Records]:
    """The records in one transaction, for what does not depend on it."""
    with store.writing() as held:
        yield held


@pytest.fixture
def talk(library: Library, settings: Settings, understanding: Understanding, file_store: Store) -> Talk:
    """A talk with the bot as it is."""
    return Talk(make_assistant(library, settings, lambda: file_store, understanding), file_store)


@pytest.fixture(scope="session")
def scripts() -> tuple[Script, ...]:
    """The project's own script, and a second one."""
    return tuple(read_scripts([KNOWLEDGE / "scripts", MORE_SCRIPTS]))


MakeTalk = Callable[..., Talk]


@pytest.fixture
def talk_on(library: Library, settings: Settings, file_store: Store) -> MakeTalk:
    """Makes a talk on given scripts with a bot that knows the phrases above; answers are told to it beforehand."""

    def make(scripts: Sequence[Script], answers: Mapping[str, str] | None = None) -> Talk:
        shelved = dataclasses.replace(library, report=dataclasses.replace(library.report, scripts=tuple(scripts)))
        understanding = Understanding(Shelf(scripts), Taught(PHRASES))
        answerer = Told(answers or {})
        return Talk(make_assistant(shelved, settings, lambda: file_store, understanding, answerer), file_store)

    return make


@pytest.fixture
def two(talk_on: MakeTalk, scripts: Sequence[Script]) -> Talk:
    """A talk on two scripts, the project's own being current."""
    return talk_on(scripts)


# --- Commands ---


@pytest.fixture(scope="session")
def environment() -> Callable[..., dict[str, str]]:
    """The environment of a process of the bot in a home, with whatever else is given."""
    own = ("FINOPS_", "LC_", "LANG", "PYTEST", "DATABASE_URL")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(own)}

    def of(home: Path, **more: str) -> dict[str, str]:
        return {**kept, "LANG": "C.UTF-8", "FINOPS_HOME": str(home), "PYTHONWARNINGS": "default", **more}

    return of


@pytest.fixture
def bot(home: Path, environment: Callable[..., dict[str, str]]) -> Callable[..., subprocess.CompletedProcess[bytes]]:
    """Runs `finops-bot` in a process of its own."""

    def run(*arguments: str, stdin: bytes = b"", at: Path = home, **more: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [sys.executable, "-m", "bot", *arguments],
            cwd=ROOT,
            env=environment(at, **more),
            input=stdin,
            capture_output=True,
            timeout=100,
        )

    return run
