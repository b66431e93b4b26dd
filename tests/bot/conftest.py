"""Talks for tests: people who say words in rooms, on a clock that goes on with every turn; commands in processes."""

from __future__ import annotations

import asyncio
import dataclasses
import textwrap
from collections import Counter
from collections.abc import AsyncIterator, Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import Connection, MetaData

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
from bot.store.scope import EVERYTHING
from bot.turn import Person, Room, Turn
from knowledge.answer import Answer, Message, Source
from knowledge.script import Script
from knowledge.script.parser import read_scripts
from tests.postgresql import Lent, Server
from tests.stores import open_new, put_tables

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

KNOWLEDGE = Path(__file__).parents[2] / "knowledge"
MORE_SCRIPTS = Path(__file__).parents[1] / "knowledge" / "scripts"
# Lines of a talk that are shown when its test fails.
SHOWN = 6
FIRST, SECOND = "role-of-finops", "dataops-and-mlops"


def kept(records: Records, person: Person) -> Counter[str]:
    """How much is stored about a person, by what many of it are called."""
    return Counter({one.many: one.count for one in records.kept(person)})


def purge(store: Store, before: datetime) -> None:
    """Delete what is older than that moment."""
    with store.writing() as records:
        records.purge(before)


class Talk:
    """People who talk with an assistant; `now` is the clock, `heard` all turns so far, `told` all replies,
    `lines` both as a person would read them.
    """

    def __init__(self, assistant: Assistant, store: Store) -> None:
        self.assistant = assistant
        self.store = store
        self.now = NOON
        self.heard: list[Turn] = []
        self.told: list[Reply] = []
        self.lines: list[str] = []

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
        self.lines += [f"{turn.person.name}> {turn.words}", *(reply.text for reply in told)]
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


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show how a talk went on last when its test fails."""
    report = yield
    if report.failed:
        for name, value in getattr(item, "funcargs", {}).items():
            if isinstance(value, Talk):
                last = [textwrap.shorten(line, 300) for line in value.lines[-SHOWN:]]
                report.sections.append((f"{name}, its last lines", "\n".join(last)))
    return report


def without_elements(script: Script, slug: str) -> Script:
    """A script of another slug that has no polls, quizzes, cards or sliders."""
    sections = tuple(dataclasses.replace(section, element=None) for section in script.sections)
    return dataclasses.replace(script, slug=slug, title=f"An empty one called {slug}", sections=sections)


def ballot(reply: Reply) -> Ballot:
    """The open poll in a reply."""
    return next(part for part in reply.parts if isinstance(part, Ballot))


def held(own: Talk) -> int:
    """How many polls there are in all places."""
    with own.store.reading() as records:
        return len(records.polls.all(scope=EVERYTHING))


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


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run the tests marked `every_database` on each kind of database, all others on SQLite."""
    marked = metafunc.definition.get_closest_marker("every_database")
    for fixture in ("database", "empty_database"):
        if marked and fixture in metafunc.fixturenames:
            metafunc.parametrize(fixture, ["sqlite", "postgresql"], indirect=True)


@pytest.fixture(scope="session")
def postgresql_server(shared: Path) -> Iterator[Server]:
    """A PostgreSQL server, one for all workers of the run."""
    started = Server(shared)
    yield started
    started.stop()


@pytest.fixture(scope="session")
def lent(postgresql_server: Server) -> Iterator[Lent]:
    """A PostgreSQL database that the tests of this worker have one after another."""
    with closing(Lent(postgresql_server)) as database:
        yield database


@pytest.fixture
def postgresql(lent: Lent) -> Iterator[str]:
    """The URL of a PostgreSQL database, up to date and without rows."""
    yield lent.url
    lent.empty()


@pytest.fixture
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """Where a store of its own can lie: on SQLite, or as `every_database` says."""
    return _place(request, put_tables(tmp_path / "store.db"), "postgresql")


@pytest.fixture
def empty_postgresql(postgresql_server: Server) -> Iterator[str]:
    """The URL of a PostgreSQL database of its own that has not even tables."""
    with postgresql_server.database("template1") as url:
        yield url


@pytest.fixture
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """Where a database can lie that has not even tables: on SQLite, or as `every_database` says."""
    return _place(request, tmp_path / "store.db", "empty_postgresql")


def _place(request: pytest.FixtureRequest, file: Path, postgresql: str) -> Place:
    if getattr(request, "param", "sqlite") == "sqlite":
        return file
    url: str = request.getfixturevalue(postgresql)
    return url


@pytest.fixture
def store(database: Place) -> Iterator[Store]:
    """A store of its own: on SQLite, or as `every_database` says."""
    opened = Store(database)
    yield opened
    opened.close()


@pytest.fixture
def file_store(tmp_path: Path) -> Iterator[Store]:
    """A store in a file of its own, for whole talks, which are the same on every database."""
    opened = open_new(tmp_path / "store.db")
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
    engine = open_engine(read_url(place))
    with engine.connect() as connection:
        found = _reflected(connection)
        held = {
            table.name: [dict(row) for row in connection.execute(table.select().order_by(*table.c)).mappings()]
            for table in found.sorted_tables
        }
    engine.dispose()
    return held


# What SQLite databases look like, by how their tables were made: to find out is what takes long.
_KNOWN: dict[str, MetaData] = {}


def _reflected(connection: Connection) -> MetaData:
    made = ""
    if connection.dialect.name == "sqlite":
        made = repr(connection.exec_driver_sql("SELECT sql FROM sqlite_master ORDER BY name").all())
    if made in _KNOWN:
        return _KNOWN[made]
    found = MetaData()
    found.reflect(connection)
    if made:
        _KNOWN[made] = found
    return found


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
def own(talk_on: MakeTalk) -> Talk:
    """A talk on the project's own script alone, with a bot that knows only what is said in set forms."""
    return talk_on(read_scripts([KNOWLEDGE / "scripts"]))


@pytest.fixture
def two(talk_on: MakeTalk, scripts: Sequence[Script]) -> Talk:
    """A talk on two scripts, the project's own being current."""
    return talk_on(scripts)


# --- Commands ---
