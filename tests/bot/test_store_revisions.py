"""Migrations upwards: from every revision to the newest, with rows in all tables of that revision."""

from __future__ import annotations

from collections import Counter
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import BigInteger, Column, Connection, MetaData, Table

from bot.store.database import Store
from bot.store.engines import open_engine, read_url, writing
from bot.store.revisions import migrate, revision_of, revisions
from bot.turn import Person, Room, Turn
from knowledge.answer import Spent
from tests.bot.conftest import Place, migrate_to, run_sql, tables

NOON = datetime(2025, 1, 6, 12, tzinfo=UTC)
TURN = Turn("test:1", Room("test", "here"), Person("test:ana", "Ana"), "hello", NOON)
ROWS = 3
# What a migration changes on purpose: the columns of a table that are called otherwise afterwards, or are gone (None).
CHANGED: dict[tuple[str, str], str | None] = {("votes", "person"): "voter"}


def value(column: Column[Any], row: int) -> Any:
    """What the column holds in the row of that number: another value in each, and nothing in the last where it may."""
    if column.foreign_keys:
        (key,) = column.foreign_keys
        return value(key.column, row)
    if column.nullable and row == ROWS - 1:
        return None
    kind = column.type.python_type
    if kind is bool:
        return row % 2 == 0
    if kind is int:
        return row + (2**40 if isinstance(column.type, BigInteger) else 1)
    if kind is datetime:
        return datetime(2025, 1, 6, 12) + timedelta(minutes=row, microseconds=123_456)
    assert kind is str, f"{column} is of a type that has no rows here yet"
    return f"{column.name} {row}: 費 👍 'quoted' \\ 100%"


def fill(connection: Connection) -> None:
    """Put rows into all tables that there are."""
    found = MetaData()
    found.reflect(connection)
    for table in found.sorted_tables:
        if table.name != "alembic_version":
            connection.execute(table.insert(), [row_of(table, row) for row in range(ROWS)])


def row_of(table: Table, row: int) -> dict[str, Any]:
    return {column.name: value(column, row) for column in table.columns}


def counted(rows: list[dict[str, Any]], names: dict[str, str]) -> Counter[tuple[Any, ...]]:
    """The rows as far as their columns are known by `names`, in no order."""
    return Counter(tuple(row[name] for name in names) for row in rows)


@pytest.mark.parametrize("revision", revisions())
def test_every_row_of_every_revision_is_kept(empty_database: Place, revision: str) -> None:
    engine = writing(open_engine(read_url(empty_database)))
    with engine.begin() as connection:
        migrate(connection, revision)
        fill(connection)
    before = tables(empty_database)
    with engine.begin() as connection:
        migrate(connection)
        assert revision_of(connection) == revisions()[-1]
    engine.dispose()
    after = tables(empty_database)
    assert len(before) > 5
    for name, rows in before.items():
        if name == "alembic_version":
            continue
        assert len(rows) == ROWS
        names = {column: CHANGED.get((name, column), column) for column in rows[0]}
        kept = {old: new for old, new in names.items() if new is not None}
        assert counted(after[name], dict.fromkeys(kept.values(), "")) == counted(rows, kept), name


def test_polls_talks_and_questions_of_the_first_version_go_on(empty_database: Place) -> None:
    migrate_to(empty_database, "0001")
    run_sql(
        empty_database,
        "INSERT INTO messages VALUES (7, 'test/here/', 'test:ana', NULL, 'hello', false, '2025-01-06 12:00:00.000000')",
        "INSERT INTO messages VALUES (8, 'test/here/', 'test:ana', 'help', 'Hi.', false, '2025-01-06 12:00:00.000000')",
        "INSERT INTO polls VALUES (1, 'test/here', 'Which fruit?', 'test:ana', '2025-01-06 12:00:00.000000', NULL)",
        "INSERT INTO options VALUES (1, 1, 'apple'), (1, 2, 'pear')",
        "INSERT INTO votes VALUES (1, 'test:ana', 2)",
        "INSERT INTO unanswered VALUES (1, 'test/here', 'test:ana', 'who won?', '2025-01-06 12:00:00.000000')",
    )
    with closing(Store(empty_database)) as store:
        with store.reading() as records:
            scene = records.scene(TURN)
            assert scene.poll is not None
            assert [message.content for message in scene.history] == ["hello", "Hi."]
            assert records.polls.votes.tally(scene.poll).counts == (0, 1)
            assert (scene.spent, records.ledger.cost(NOON)) == (0, 0)
            # Before it was known whether a question was outside the subject, all of them were reported.
            (kept,) = records.unanswered(NOON)
            assert (kept.question, kept.outside, kept.at) == ("who won?", False, NOON)
        with store.writing() as records:
            assert records.polls.votes.vote(scene.poll, TURN.person, [1])
            assert records.polls.votes.tally(scene.poll).counts == (1, 0)
            assert records.ledger.enter(TURN, Spent("openai:gpt-4.1-mini", 20, 5), 16, 8) == (0, 16)
