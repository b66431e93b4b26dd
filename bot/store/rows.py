"""What all kinds of rows share: texts that every database takes, numbers that can be looked for, and upserts."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar, cast

from sqlalchemy import ColumnElement, Connection, Table, delete, func, inspect, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase, Session

from bot.store.models.roles import parts
from knowledge.answer import MAX_QUESTION

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Read = TypeVar("Read", bound="DataclassInstance")

# So many rows are in memory at a time where all of a table are moved.
BATCH = 1_000
# Set in a session that deletes what must not linger anywhere.
WIPED = "wiped"
# Set in a session that changes what is due, or what stands: whoever waits for that is told when it counts.
CHANGED = "changed"
# The channel on which processes tell each other of that, in PostgreSQL.
CHANNEL = "finops_bot"
# What has to be done before rows go, by the name of their table; it is told what picks them.
Before = Mapping[str, Callable[..., None]]
# No row has a number as high as this, whatever a button says; some databases refuse to look for one.
TOO_HIGH = 2**31


def storable(words: str) -> str:
    """`words` as every database takes them: at most as long as a question may be, without halves of characters."""
    return words[:MAX_QUESTION].encode("utf-8", "replace").decode("utf-8").replace("\x00", "")


def upsert(session: Session, table: type[DeclarativeBase], where: Mapping[str, Any], values: Mapping[str, Any]) -> Any:
    """A row of that primary key with these values, whether it was there or not: two at once do not fail."""
    wanted = insert_of(session)(table).values(**where, **values)
    return wanted.on_conflict_do_update(index_elements=list(where), set_=dict(values))


def insert_new(session: Session, table: type[DeclarativeBase], values: Mapping[str, Any]) -> bool:
    """Insert a row unless there is one of that primary key, or another process is at it; whether it was inserted."""
    # Not by the count of rows, which PostgreSQL's driver does not tell of an insert.
    wanted = insert_of(session)(table).values(**values).on_conflict_do_nothing()
    return session.execute(wanted.returning(*inspect(table).primary_key)).first() is not None


def table_of(mapped: type[DeclarativeBase]) -> Table:
    """The table of a class of rows."""
    return cast(Table, mapped.__table__)


def read(kind: type[Read], row: DeclarativeBase, **other: Any) -> Read:
    """A row as the dataclass `kind` has it: `other` is what it has and the row has not, or has otherwise.

    Raises AttributeError for what neither has, even where `kind` has a default for it.
    """
    same = {field.name: getattr(row, field.name) for field in fields(kind) if field.name not in other}
    return kind(**same, **other)


def count(session: Session, table: type[DeclarativeBase] | Table, *which: ColumnElement[bool]) -> int:
    """How many rows fulfil all of `which`."""
    return session.scalar(select(func.count()).select_from(table).where(*which)) or 0


def delete_whole(session: Session, table: Table, *which: ColumnElement[bool], before: Before | None = None) -> None:
    """Delete the rows that fulfil all of `which`, and first what is part of them, in whatever table.

    What `before` has by the name of a table is told what picks its rows, just before they go.
    """
    for part, whole in parts(table):
        delete_whole(session, part.table, part.in_(select(whole).where(*which)), before=before)
    if before and table.name in before:
        before[table.name](*which)
    session.execute(delete(table).where(*which))


def hold(session: Session, name: str, shared: bool = False) -> None:
    """Have others who hold that name wait until this transaction is over: for what is looked for before it is added.

    Those who hold it `shared` do not wait for each other. On SQLite all wait anyway, as it has one writer at a time.
    """
    if session.get_bind().dialect.name == "postgresql":
        lock = "pg_advisory_xact_lock_shared" if shared else "pg_advisory_xact_lock"
        session.execute(text(f"SELECT {lock}(hashtextextended(:name, 0))"), {"name": name})


def tell_of_change(session: Session) -> None:
    """What is due, or what stands, changes with this transaction."""
    if session.info.get(CHANGED):
        return
    session.info[CHANGED] = True
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_notify(:channel, '')"), {"channel": CHANNEL})


def fill(connection: Connection, table: Table, rows: Iterable[Mapping[str, Any]]) -> None:
    """Insert rows whose values may be as JSON has them; all have the same columns."""
    kinds = {column.name: column.type.python_type for column in table.columns}
    typed = ({name: _typed(value, kinds[name]) for name, value in row.items()} for row in rows)
    while some := list(islice(typed, BATCH)):
        connection.execute(table.insert(), some)


def _typed(value: Any, kind: type) -> Any:
    """A value of JSON, or of a column without a type, as its column has it."""
    if isinstance(value, str) and kind is datetime:
        return datetime.fromisoformat(value)
    if isinstance(value, str) and kind is bytes:
        return base64.b64decode(value, validate=True)
    return value


def insert_of(session: Session) -> Any:
    """What makes an INSERT of a table that knows ON CONFLICT."""
    return postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
