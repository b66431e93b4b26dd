"""Rooms in rows: how a room is written into the row of what is made there, looked for, and read again."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

from sqlalchemy import ColumnElement, Table, and_, or_, select, true

from bot.store.keys import key
from bot.store.models.base import Base, Direct, Placed, Threaded
from bot.store.models.roles import held_through
from bot.store.rows import table_of
from bot.store.scope import Scope
from bot.turn import WITHIN, Room


def made_in(room: Room, table: type[Placed]) -> dict[str, Any]:
    """The columns that say of a row of this table that it is made in `room`: in its place, or its very thread."""
    made: dict[str, Any] = {
        "platform": key(room.platform),
        "server": key(room.server or ""),
        "place": key(room.place),
        "public": room.public,
    }
    if issubclass(table, Threaded):
        made["thread"] = key(room.thread or "")
    if issubclass(table, Direct):
        made["private"] = room.private
    return made


def in_place(table: type[Placed], room: Room) -> ColumnElement[bool]:
    """What picks the rows of the place of `room`, in all its threads; also those made before servers were kept."""
    return at_place(table, key(room.platform), key(room.server or ""), key(room.place))


def at_place(table: type[Placed], platform: Any, server: Any, place: Any) -> ColumnElement[bool]:
    """The same by the keys of the place, or by parameters that stand for them."""
    return and_(table.platform == platform, table.place == place, or_(table.server == server, table.server == ""))


def in_room(table: type[Threaded], room: Room) -> ColumnElement[bool]:
    """What picks the rows of `room` itself: of its thread, or of the place outside of threads."""
    return and_(in_place(table, room), table.thread == key(room.thread or ""))


def in_scope(table: type[Base], scope: Scope) -> ColumnElement[bool]:
    """What picks the rows of a table that are in a scope; never those of which it is not known where they were made.

    What has no place of its own is where what it is part of is, a poll wherever it is held. Raises ValueError for a
    table whose rows belong to no place.
    """
    return true() if scope.room is None else _within(table_of(table), scope.room, scope.server)


def _within(table: Table, room: Room, server: bool) -> ColumnElement[bool]:
    if (pair := held_through(table)) is not None:
        own, other = pair
        return own.in_(select(other).where(_within(other.table, room, server)))
    columns = table.columns
    within = and_(columns.platform == key(room.platform), columns.server == key(room.server or ""))
    # What is said in a thread that is a place of its own is kept with the place around it.
    here = (key(room.place), key(room.around.place))
    return and_(within, columns.public.is_(True) if server else columns.place.in_(here))


def room_of(row: Placed, overheard: bool = False) -> Room:
    """The room that a row was made in; `overheard` as the row has it."""
    thread = row.thread if isinstance(row, Threaded) else ""
    private = row.private if isinstance(row, Direct) else False
    return Room(
        unquote(row.platform),
        unquote(row.place),
        unquote(thread) or None,
        private,
        overheard,
        unquote(row.server) or None,
        row.public,
    )


def name_of(row: Placed) -> str:
    """The place of a row as the shell names it: "slack/T1/C1"."""
    return "/".join(filter(None, (row.platform, row.server, row.place.replace(key(WITHIN), "/"))))
