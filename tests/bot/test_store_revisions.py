"""The way over from earlier revisions: with rows in all tables of each, to the tables of today."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import BigInteger, Column, Connection, MetaData, Table

from bot.store import earlier
from bot.store.database import Store
from bot.store.engines import open_engine, read_url, writing
from bot.store.revisions import revision_of, revisions
from bot.store.scope import EVERYTHING
from bot.turn import Person, Room, Turn
from knowledge.answer import Spent
from tests.bot.conftest import Place, run_sql, stored, tables
from tests.bot.earlier_tables import make_earlier

pytestmark = pytest.mark.every_database

NOON = datetime(2025, 1, 6, 12, tzinfo=UTC)
TURN = Turn("test:1", Room("test", "here"), Person("test:ana", "Ana"), "hello", NOON)
ROWS = 3


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
    if column.name == "platform":
        return "test"
    if column.name in ("place", "conversation"):
        place = f"test/%2F{row}" if column.table.name not in ("posts", "schedules") else f"%2F{row}"
        return f"{place}/{row}.5" if column.name == "conversation" else place
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


def fill_at(place: Place) -> None:
    """The same for a database."""
    engine = writing(open_engine(read_url(place)))
    with engine.begin() as connection:
        fill(connection)
    engine.dispose()


# What is called otherwise today, or told by columns of its own.
MOVED = {("votes", "person"): "voter", ("posts", "shown"): "fingerprint"}
# What is not kept: who was drawing a message then, and results of anonymous polls before the close or of few voters.
LEFT = {("posts", "claimed_until"), ("polls", "shown"), ("options", "votes")}


def whole(row: dict[str, Any]) -> dict[str, Any]:
    """A row of today with its place in the one column that earlier ones had it in."""
    if "platform" not in row:
        return row
    place = f"{row['platform']}/{row['place']}" if row["place"] else None
    return {**row, "place": place, "conversation": f"{place}/{row.get('thread')}", "thread": row.get("thread") or None}


def ends_everyday(values: Sequence[Any]) -> list[Any]:
    """The first and the last of them as parameters of every run, those between as parameters of trials."""
    return [one if one in (values[0], values[-1]) else pytest.param(one, marks=pytest.mark.trial) for one in values]


@pytest.mark.parametrize("revision", ends_everyday(earlier.REVISIONS))
def test_every_row_of_every_earlier_revision_comes_over(empty_database: Place, revision: str) -> None:
    make_earlier(empty_database, revision)
    fill_at(empty_database)
    before = tables(empty_database)
    Store(empty_database).close()
    after = tables(empty_database)
    assert after["alembic_version"] == [{"version_num": revisions()[-1]}]
    assert not [name for name in after if name.startswith("earlier_")]
    assert len(before) > 5
    # Who voted where stood in the ids of events, so they are wiped.
    assert (len(before["events"]), after["events"]) == (ROWS, [])
    for name in before.keys() - {"alembic_version", "events"}:
        kept = [whole(row) for row in after[name]]
        if name in ("posts", "schedules"):
            kept = [{**row, "place": now["place"]} for row, now in zip(kept, after[name], strict=True)]
            # What will not change any more rests for ever.
            kept = [{**row, "settled": row.get("rests_until") is None} for row in kept]
        for row in before[name]:
            wanted = {
                MOVED.get((name, column), column): held for column, held in row.items() if (name, column) not in LEFT
            }
            assert any(wanted.items() <= found.items() for found in kept), (name, wanted, kept)
        assert len(kept) == ROWS


def test_numbers_of_earlier_revisions_are_not_given_again(empty_database: Place) -> None:
    make_earlier(empty_database, "0009")
    run_sql(
        empty_database,
        "INSERT INTO drafts (person, content, at) VALUES ('test:ana', '{}', '2025-01-06 12:00:00.000000')",
        "DELETE FROM drafts",
    )
    Store(empty_database).close()
    insert = "INSERT INTO drafts (person, content, at) VALUES ('test:ana', '{}', '2025-01-06 12:00:00.000000')"
    run_sql(empty_database, insert)
    assert [row["id"] for row in tables(empty_database)["drafts"]] == [2]


def test_polls_talks_and_questions_of_the_first_version_go_on(empty_database: Place) -> None:
    make_earlier(empty_database, "0001")
    run_sql(
        empty_database,
        "INSERT INTO messages VALUES (7, 'test/here/', 'test:ana', NULL, 'hello', false, '2025-01-06 12:00:00.000000')",
        "INSERT INTO messages VALUES (8, 'test/here/', 'test:ana', 'help', 'Hi.', false, '2025-01-06 12:00:00.000000')",
        "INSERT INTO polls VALUES (1, 'test/here', 'Which fruit?', 'test:ana', '2025-01-06 12:00:00.000000', NULL)",
        "INSERT INTO options VALUES (1, 1, 'apple'), (1, 2, 'pear')",
        "INSERT INTO votes VALUES (1, 'test:ana', 2)",
        "INSERT INTO places VALUES ('test/here', 'a-script')",
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
            (kept,) = records.unanswered(NOON, scope=EVERYTHING)
            assert (kept.question, kept.place, kept.outside, kept.at) == ("who won?", "test/here", False, NOON)
            # What was kept without its server goes on in whichever server the place is.
            there = Turn("test:2", Room("test", "here", server="T1"), TURN.person, "hello", NOON)
            assert records.scene(there) == scene
        with store.writing() as records:
            assert records.polls.votes.vote(scene.poll, TURN.person, [1])
            assert records.polls.votes.tally(scene.poll).counts == (1, 0)
            assert records.ledger.enter(TURN, Spent("openai:gpt-4.1-mini", 20, 5), 16, 8) == (0, 16)
            records.places.change(there.room, zone="Europe/Berlin")
            assert records.scene(there).place.script == "a-script"
    assert revisions()[-1] in stored(empty_database)


def test_a_revision_of_today_is_known(database: Place) -> None:
    engine = open_engine(read_url(database))
    Store(database).close()
    with engine.connect() as connection:
        assert revision_of(connection) == revisions()[-1]
    engine.dispose()
