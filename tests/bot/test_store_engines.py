"""Connecting to databases: what URLs mean, what each kind of transaction is, servers that are away, many at once."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from bot.reply import Reply, Text
from bot.store import Draft, Poll, StoreError, StoreGone
from bot.store.database import Store
from bot.store.engines import CONNECTIONS, named, open_engine, read_url, reading, writing
from bot.store.keys import person_of
from bot.store.rows import hold
from bot.store.scope import EVERYTHING
from bot.turn import Person, Room, Turn
from tests.bot.conftest import Place, run_sql, stored, tables
from tests.postgresql import Server
from tests.waiting import PATIENCE

pytestmark = pytest.mark.every_database

ROOT = Path(__file__).parents[2]
NOON = datetime(2025, 1, 6, 12, tzinfo=UTC)
HERE, THERE = Room("test", "here"), Room("test", "there")
ANA = Person("test:ana", "Ana")


def voter(number: int) -> Person:
    return Person(f"test:{number}", f"Voter {number}")


def start_poll(store: Store, anonymous: bool = False) -> Poll:
    draft = Draft("Which fruit?", ("apple", "pear"), anonymous=anonymous)
    with store.writing() as records:
        return records.polls.start(HERE, person_of(ANA), NOON, draft)


@pytest.fixture
def server_of_its_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A PostgreSQL server that a test may stop."""
    started = Server(tmp_path_factory.mktemp("server"))
    yield started
    started.stop()


# --- URLs ---


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
def test_each_name_of_postgresql_means_the_same(postgresql: str, scheme: str) -> None:
    with closing(Store(postgresql.replace("postgresql", scheme, 1))) as store, store.reading() as records:
        assert records.polls.all(scope=EVERYTHING) == []
        assert str(store).startswith("postgresql://")


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgres://me:topsecret@host:5433/base", "postgresql://me:***@host:5433/base"),
        ("postgresql://me@host/base?password=topsecret&sslmode=require", "postgresql://me@host/base"),
        ("postgresql://me:topsecret@/base?host=/run/pg", "postgresql://me:***@/base?host=%2Frun%2Fpg"),
    ],
)
def test_a_database_is_named_without_its_password(url: str, shown: str) -> None:
    assert named(read_url(url)) == shown


AWAY = [
    ("postgresql://me:topsecret@127.0.0.1:1/base", "Connection refused"),
    ("postgres://me:topsecret@/base?host=/nowhere/at/all", "No such file or directory"),
    ("postgresql://me@127.0.0.1:1/base?password=topsecret", "Connection refused"),
    ("postgresql://me:topsecret@127.0.0.1:1/base?nosuch=1", 'invalid connection option "nosuch"'),
]


@pytest.mark.parametrize(("url", "reason"), AWAY)
def test_a_server_that_is_away_is_one_sentence_without_a_password(url: str, reason: str) -> None:
    with pytest.raises(StoreError) as caught:
        Store(url)
    said = str(caught.value)
    assert said.startswith("The store postgresql://me")
    assert "cannot be reached" in said
    assert reason in said
    assert said.endswith("with the right user and password.")
    assert ". " not in said
    assert "\n" not in said
    assert "topsecret" not in said


def test_a_database_that_is_not_there_is_told(postgresql: str) -> None:
    with pytest.raises(StoreError, match=r'cannot be reached \(database "test_.*_not" does not exist\)'):
        Store(postgresql.replace("?", "_not?"))


def test_tables_of_something_else_are_left_alone(postgresql_server: Server) -> None:
    with postgresql_server.database("template1") as url:
        run_sql(url, "CREATE TABLE messages (subject TEXT)", "INSERT INTO messages VALUES ('Lunch?')")
        before = stored(url)
        with pytest.raises(StoreError, match=r'cannot be used \(relation "messages" already exists\)') as caught:
            Store(url)
        assert stored(url) == before
    assert ". " not in str(caught.value)


def test_a_database_that_cannot_hold_every_language_is_refused(postgresql_server: Server) -> None:
    name = "latin"
    postgresql_server.run(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'")
    with pytest.raises(StoreError, match="keeps text as LATIN1"):
        Store(postgresql_server.url(name))
    postgresql_server.run(f"DROP DATABASE {name} WITH (FORCE)")


# --- Transactions ---


def test_what_is_committed_on_postgresql_is_on_disk_and_readers_see_one_moment(postgresql: str) -> None:
    engine = open_engine(read_url(postgresql))
    told = {}
    for use in (reading, writing):
        with use(engine).begin() as connection:
            names = ("transaction_isolation", "transaction_read_only", "synchronous_commit")
            told[use.__name__] = [connection.scalar(text(f"SHOW {name}")) for name in names]
    engine.dispose()
    assert told == {"reading": ["repeatable read", "on", "on"], "writing": ["read committed", "off", "on"]}


def test_what_is_deleted_from_a_file_is_overwritten(tmp_path: Path) -> None:
    file = tmp_path / "store.db"
    with closing(Store(file)) as store:
        with store.writing() as records:
            records.remember(Turn("test:1", HERE, ANA, "an unmistakable secret", NOON), Reply((Text("Hm."),), "help"))
        with store.writing() as records:
            records.forget(ANA)
    assert b"unmistakable" not in file.read_bytes()


def test_a_process_has_no_more_connections_than_it_may(postgresql: str) -> None:
    with closing(Store(postgresql)) as store:
        gate, counted = threading.Barrier(CONNECTIONS), []

        def count(number: int) -> None:
            with store.reading() as records:
                assert records.polls.all(scope=EVERYTHING) == []
                gate.wait(30) if number < CONNECTIONS else None
                counted.append(number)

        with ThreadPoolExecutor(2 * CONNECTIONS) as threads:
            list(threads.map(count, range(2 * CONNECTIONS)))
    assert len(counted) == 2 * CONNECTIONS


def test_a_store_works_on_after_its_server_was_away(
    server_of_its_own: Server, caplog: pytest.LogCaptureFixture
) -> None:
    with server_of_its_own.database() as url, closing(Store(url)) as store:
        poll = start_poll(store)
        server_of_its_own.pause()
        for _ in range(3):
            with pytest.raises(StoreGone):
                start_poll(store)
            assert not store.is_usable()
        with pytest.raises(StoreError, match="cannot be reached"):
            Store(url)
        server_of_its_own.resume()
        assert store.is_usable()
        with store.reading() as records:
            assert records.polls.all(scope=EVERYTHING) == [poll]
        start_poll(store)
    told = [record.getMessage() for record in caplog.records if record.name == "bot.store.outage"]
    assert ["Until it is back" in told[0], "can be used again" in told[1], len(told)] == [True, True, 2]


# --- At the same time ---


OPEN = """
import sys
from bot.store.database import Store
from bot.store.scope import EVERYTHING
print("here", flush=True)
sys.stdin.readline()
store = Store(sys.argv[1])
with store.reading() as records:
    print(records.polls.all(scope=EVERYTHING), flush=True)
store.close()
"""


def test_three_processes_start_at_once_on_an_empty_database(postgresql_server: Server) -> None:
    with postgresql_server.database("template1") as url:
        command, pipe = [sys.executable, "-c", OPEN, url], subprocess.PIPE
        started = [
            subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, stderr=pipe, text=True) for _ in range(3)
        ]
        for process in started:
            assert process.stdout is not None
            assert process.stdout.readline() == "here\n"
        for process in started:
            assert process.stdin is not None
            process.stdin.write("\n")
            process.stdin.flush()
        assert [process.communicate(timeout=PATIENCE) for process in started] == [("[]\n", "")] * 3
        assert len(tables(url)["alembic_version"]) == 1


@pytest.mark.parametrize("anonymous", [pytest.param(False, marks=pytest.mark.trial), True])
def test_votes_of_three_stores_are_all_counted(database: Place, anonymous: bool) -> None:
    key = b"k" * 32
    stores = [Store(database, lambda: key) for _ in range(3)]
    poll = start_poll(stores[0], anonymous)

    def vote(number: int) -> bool:
        """The votes of some, in an order that no other group has, beside others of the same people."""
        people = [voter((number * step) % 60) for step in range(1, 8)]
        with stores[number % 3].writing() as records:
            records.polls.gather({poll.id: people})
            counted = [records.polls.votes.vote(poll, person, [1 + number % 2]) for person in people]
        return all(counted)

    with ThreadPoolExecutor(9) as threads:
        assert all(threads.map(vote, range(120)))
    with stores[0].reading() as records:
        tally = records.polls.votes.tally(poll)
    for store in stores:
        store.close()
    assert tally.voters == sum(tally.counts) == 60


def test_a_vote_counts_before_the_close_or_not_at_all(database: Place) -> None:
    """Whoever was told that their vote counts is in the result."""
    stores = [Store(database) for _ in range(3)]
    poll, counted, gate = start_poll(stores[0]), [], threading.Barrier(4)

    def vote(thread: int) -> None:
        gate.wait(30)
        for number in range(1_000):
            with stores[thread].writing() as records:
                if not records.polls.votes.vote(poll, voter(1_000 * thread + number), [1]):
                    return
            counted.append(number)

    with ThreadPoolExecutor(3) as threads:
        votes = [threads.submit(vote, thread) for thread in range(3)]
        gate.wait(30)
        while len(counted) < 10:
            [one.result() for one in votes if one.done()]
        with stores[0].writing() as records:
            closed = records.polls.close(poll, NOON)
            told = records.polls.votes.tally(closed)
        [one.result() for one in votes]
    with stores[1].reading() as records:
        tally = records.polls.votes.tally(replace(poll, closed=NOON))
    for store in stores:
        store.close()
    assert tally.voters == told.voters == len(counted) >= 10


def test_no_vote_is_for_an_option_that_went_meanwhile(database: Place) -> None:
    """Whoever votes while a moderator takes the option away waits, and is told."""
    stores = [Store(database) for _ in range(2)]
    poll = start_poll(stores[0])

    def vote() -> bool:
        with stores[1].writing() as records:
            return records.polls.votes.vote(poll, ANA, [2])

    with ThreadPoolExecutor(1) as thread:
        with stores[0].writing() as records:
            records.polls.change(poll, Draft("Which fruit?", ("apple", "plum")), NOON)
            voting = thread.submit(vote)
            with suppress(TimeoutError):
                voting.result(0.3)
        assert not voting.result(30)
    with stores[0].reading() as records:
        assert records.polls.votes.voters(poll) == 0
    for store in stores:
        store.close()


def test_of_what_is_due_each_is_taken_once(database: Place) -> None:
    stores = [Store(database) for _ in range(3)]
    with stores[0].writing() as records:
        for number in range(30):
            records.due.set("something", number, NOON)

    def take_all(store: Store) -> list[int]:
        taken: list[int] = []
        while True:
            with store.writing() as records:
                if (due := records.due.take(NOON)) is None:
                    return taken
                taken.append(due.number)

    with ThreadPoolExecutor(3) as threads:
        taken = [number for numbers in threads.map(take_all, stores) for number in numbers]
    for store in stores:
        store.close()
    assert sorted(taken) == list(range(30))


def test_what_is_due_is_there_again_when_its_step_fails(store: Store) -> None:
    with store.writing() as records:
        records.due.set("something", 1, NOON)
    with suppress(ValueError), store.writing() as records:
        assert records.due.take(NOON) is not None
        raise ValueError
    with store.writing() as records:
        assert records.due.take(NOON) is not None


def test_what_several_set_at_once_is_there_once(database: Place) -> None:
    stores = [Store(database) for _ in range(3)]
    poll, gate = start_poll(stores[0]), threading.Barrier(6)
    with stores[0].writing() as records:
        number = records.remember(Turn("test:1", HERE, ANA, "hello", NOON), Reply((Text("Hm."),), "question"))

    def set_all(thread: int) -> None:
        gate.wait(30)
        for _ in range(5):
            with stores[thread % 3].writing() as records:
                records.posts.put(HERE, "poll-1")
                records.polls.add_place(poll, THERE)
                records.places.change(HERE, zone="Europe/Berlin")
                records.plans.keep(HERE, "Lunch", Draft("Where?", ("here", "there")))
                assert records.judge(number, ANA, True, None, NOON)

    with ThreadPoolExecutor(6) as threads:
        list(threads.map(set_all, range(6)))
    for store in stores:
        store.close()
    held = tables(database)
    names = ("posts", "places", "templates", "feedback")
    assert {name: len(held[name]) for name in names} == dict.fromkeys(names, 1)
    assert len(held["poll_places"]) == 2


def test_names_are_held_until_the_end_of_a_transaction(postgresql: str) -> None:
    engine, order = writing(open_engine(read_url(postgresql))), []

    def wait() -> None:
        with Session(engine) as other, other.begin():
            hold(other, "a name")
            order.append("second")

    with ThreadPoolExecutor(1) as thread:
        with Session(engine) as session, session.begin():
            hold(session, "a name")
            waiting = thread.submit(wait)
            while not session.scalar(text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")):
                assert not waiting.done()
            order.append("first")
        waiting.result(30)
    engine.dispose()
    assert order == ["first", "second"]
