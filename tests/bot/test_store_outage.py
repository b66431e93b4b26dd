"""A database that cannot be used for a while: told once when it goes, once when it is back, and to nobody else."""

from __future__ import annotations

import asyncio
import logging
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from bot.activities.polls import Polls
from bot.board import Board
from bot.logs import failure
from bot.publisher import Publisher
from bot.shelf import Shelf
from bot.store import Draft, StoreGone, engines
from bot.store.database import Store
from bot.store.scope import EVERYTHING
from bot.turn import Room
from tests.bot.conftest import ANA
from tests.bot.test_publisher import Wall

NOON = datetime(2025, 1, 6, 12, tzinfo=UTC)
HERE = Room("test", "here")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "store.db"


@pytest.fixture
def store(file: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> Iterator[Store]:
    """A store whose log is looked at; nobody waits long for a locked file."""
    monkeypatch.setattr(engines, "PATIENCE", 0.2)
    caplog.set_level(logging.INFO)
    with closing(Store(file)) as opened:
        caplog.clear()
        yield opened


def write(store: Store) -> None:
    with store.writing() as records:
        records.polls.start(HERE, ANA.id, NOON, Draft("Which fruit?", ("apple", "pear")))


def told(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records]


def test_a_locked_file_is_told_once_and_once_when_it_is_free(
    store: Store, file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        for _ in range(3):
            with pytest.raises(StoreGone, match="is held by another program"):
                write(store)
            assert not store.is_usable()
        other.execute("ROLLBACK")
    # To read was possible all the time: only a writer can tell.
    with store.reading() as records:
        assert records.polls.all(scope=EVERYTHING) == []
    assert len(told(caplog)) == 1
    assert store.is_usable()
    write(store)
    assert told(caplog) == [
        f"The store {file} is held by another program (database is locked): wait for that program, or end it. "
        "Until it is back, this is not told again.",
        f"The store {file} can be used again.",
    ]
    assert all(record.exc_info is None for record in caplog.records)


def test_a_file_that_was_moved_away_takes_nothing_that_would_be_lost(store: Store, file: Path) -> None:
    away = file.with_name("away")
    file.rename(away)
    for _ in range(2):
        with pytest.raises(StoreGone, match="was deleted or replaced while the bot runs: put it back"):
            write(store)
        assert not store.is_usable()
    file.write_bytes(b"")
    assert not store.is_usable()
    os.replace(away, file)
    assert store.is_usable()
    write(store)


def fill(connection: Connection) -> None:
    """Write more than fits."""
    connection.exec_driver_sql("PRAGMA max_page_count = 1")  # no more pages than there are
    connection.exec_driver_sql("CREATE TABLE large AS SELECT zeroblob(1000000)")


def test_a_full_disk_is_told_as_one(store: Store, file: Path) -> None:
    full = f"The store {file} cannot be written to, as its disk is full: make room there."
    with pytest.raises(StoreGone, match=full), store.rebuilding() as connection:
        fill(connection)


def test_what_is_only_wrong_is_no_outage(store: Store) -> None:
    with pytest.raises(DBAPIError, match="no such table"), store.snapshot() as connection:
        connection.exec_driver_sql("SELECT 1 FROM nowhere")
    assert store.is_usable()


def test_what_looks_again_and_again_tells_the_log_nothing_more(
    store: Store, file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    keepers = [Polls(Shelf(()))]
    publisher = Publisher(Board(lambda: keepers, lambda: store), Wall(), lambda: NOON)
    away = file.with_name("away")
    file.rename(away)
    for _ in range(5):
        asyncio.run(publisher.look())
    assert len(told(caplog)) == 1
    away.rename(file)
    asyncio.run(publisher.look())
    assert [line.partition(f" {file}")[0] for line in told(caplog)] == ["The file of the store,", "The store"]


def test_what_fails_meanwhile_is_told_without_a_trace() -> None:
    with pytest.raises(StoreGone) as caught:
        raise StoreGone("The store is away.") from OSError("no way")
    assert failure(caught.value) == "The store is away."
