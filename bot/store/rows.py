"""What all kinds of rows share: texts that every database takes, numbers that can be looked for, and upserts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, func, inspect, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase, Session

from bot.store.keys import place_of
from bot.store.models import MessageRow
from bot.turn import Room
from knowledge.answer import MAX_QUESTION

# Set in a session that deletes what must not linger anywhere.
WIPED = "wiped"
# No row has a number as high as this, whatever a button says; some databases refuse to look for one.
TOO_HIGH = 2**31


def storable(words: str) -> str:
    """`words` as every database takes them: at most as long as a question may be, without halves of characters."""
    return words[:MAX_QUESTION].encode("utf-8", "replace").decode("utf-8").replace("\x00", "")


def said_in(room: Room | None) -> tuple[ColumnElement[bool], ...]:
    """What picks the messages of a place, in all its threads; None stands for all places."""
    if room is None:
        return ()
    beginning = f"{place_of(room)}/"
    # LIKE would take "c1" for "C1".
    return (func.substr(MessageRow.conversation, 1, len(beginning)) == beginning,)


def upsert(session: Session, table: type[DeclarativeBase], where: Mapping[str, Any], values: Mapping[str, Any]) -> Any:
    """A row of that primary key with these values, whether it was there or not: two at once do not fail."""
    wanted = _insert(session)(table).values(**where, **values)
    return wanted.on_conflict_do_update(index_elements=list(where), set_=dict(values))


def insert_new(session: Session, table: type[DeclarativeBase], values: Mapping[str, Any]) -> bool:
    """Insert a row unless there is one of that primary key, or another process is at it; whether it was inserted."""
    # Not by the count of rows, which PostgreSQL's driver does not tell of an insert.
    wanted = _insert(session)(table).values(**values).on_conflict_do_nothing()
    return session.execute(wanted.returning(*inspect(table).primary_key)).first() is not None


def hold(session: Session, name: str) -> None:
    """Have others who hold that name wait until this transaction is over: for what is looked for before it is added.

    On SQLite they wait anyway, as it has one writer at a time.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"), {"name": name})


def _insert(session: Session) -> Any:
    return postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
