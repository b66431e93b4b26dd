"""What tables and their columns say of themselves: whose a row is, where it was made, and how long it is kept.

“Delete my data”, what is told of what is kept, retention, scopes and backups go by that and by nothing else, so that
a new table is in all of them. What a table has to say is told in `bot.store.models`; `unsaid` finds what it leaves out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from functools import cache
from typing import Annotated, Any, TypeVar

from sqlalchemy import BigInteger, Boolean, Column, DateTime, Integer, MetaData, String, Table, Text, TypeDecorator
from sqlalchemy.orm import mapped_column

Role = TypeVar("Role")

Key = String(255)
# Who stands where somebody is forgotten and their row stays.
NOBODY = "forgotten"


class AtForget(Enum):
    """What becomes of a row when the person in one of its columns is forgotten."""

    GO = "the row goes"
    RENAME = "the row stays, of NOBODY and without names"
    SPECIAL = "what the store does by hand for this very column"


GO, RENAME, SPECIAL = AtForget.GO, AtForget.RENAME, AtForget.SPECIAL


@dataclass(frozen=True)
class Whose:
    """A column that holds the key of a person; rows of theirs are counted to them as `one` or `many`.

    Where the column `shared` of a row that would go is true, others are in it: it is renamed.
    """

    at_forget: AtForget
    one: str
    many: str
    shared: str | None = None


@dataclass(frozen=True)
class Lasts:
    """A moment: retention counts from it. `longer` than the messages are rows kept that name nobody."""

    longer: timedelta = timedelta(0)


@dataclass(frozen=True)
class PartOf:
    """A column ("table.column") whose rows take this one's rows with them, as a foreign key does."""

    target: str


class Holds(Enum):
    """What else a column can hold. All of it goes with its row."""

    PLACE = "a part of the place where the row was made"
    NAME = "what a person was called, to be shown"
    WORDS = "what somebody wrote"
    PLAIN = "nothing that came from a person, or only what names neither a person nor a place"
    SEALED = "what only the bot's secret opens"


def plain() -> dict[str, Any]:
    """The info of a column that holds nothing of a person or a place."""
    return {"role": Holds.PLAIN}


# Columns of texts, by what they hold; any other says so by its info.
Name = Annotated[str, mapped_column(Text, info={"role": Holds.NAME})]
Words = Annotated[str, mapped_column(Text, info={"role": Holds.WORDS})]
Plain = Annotated[str, mapped_column(Text, info=plain())]
PlainKey = Annotated[str, mapped_column(Key, info=plain())]
PlaceKey = Annotated[str, mapped_column(Key, info={"role": Holds.PLACE})]
Sealed = Annotated[str, mapped_column(Text, info={"role": Holds.SEALED})]
Amount = Annotated[int, mapped_column(BigInteger, info=plain())]

STAYS = "stays"
NOWHERE = "nowhere"


def person(at_forget: AtForget, one: str, many: str, shared: str | None = None) -> dict[str, Any]:
    """The info of a column that holds a person, as `Whose` has it."""
    return {"role": Whose(at_forget, one, many, shared)}


def lasts(longer: timedelta = timedelta(0)) -> dict[str, Any]:
    """The info of a column that retention counts from."""
    return {"role": Lasts(longer)}


def part_of(target: str) -> dict[str, Any]:
    """The info of a column that says which row of another table this one is part of, where no foreign key does."""
    return {"role": PartOf(target)}


def about(kept: str | None = None, where: str | None = None) -> dict[str, Any]:
    """The last of a table's `__table_args__`: what its columns do not tell.

    `kept` is STAYS where rows are kept until somebody deletes them, or what they are for is over. `where` is NOWHERE
    where rows belong to no place, or the table that says in which places one is held.
    """
    return {"info": {"kept": kept, "where": where}}


def role_of(column: Column[Any]) -> object:
    """What a column says of itself, None for nothing."""
    return column.info.get("role")


def having(metadata: MetaData, kind: type[Role]) -> Iterator[tuple[Column[Any], Role]]:
    """The columns whose role is of that kind, with it; those of parts before those of what they are part of."""
    for table in reversed(metadata.sorted_tables):
        for column in table.columns:
            if isinstance(role := role_of(column), kind):
                yield column, role


def wholes(table: Table) -> Iterator[tuple[Column[Any], Column[Any]]]:
    """The columns of a table that say what a row is part of, each with the column that it refers to."""
    for column in table.columns:
        for key in column.foreign_keys:
            yield column, key.column
        if isinstance(role := role_of(column), PartOf):
            name, _, other = role.target.partition(".")
            yield column, table.metadata.tables[name].columns[other]


@cache
def parts(table: Table) -> tuple[tuple[Column[Any], Column[Any]], ...]:
    """The columns of other tables whose rows are part of this one's, each with the column that it refers to."""
    found = (pair for other in table.metadata.sorted_tables for pair in wholes(other))
    return tuple(pair for pair in found if pair[1].table is table)


def is_placed(table: Table) -> bool:
    """Whether rows have the place where they were made in columns of their own."""
    return any(role_of(column) is Holds.PLACE for column in table.columns)


@cache
def held_through(table: Table) -> tuple[Column[Any], Column[Any]] | None:
    """By which column, and which of another table, it is found where a row belongs; None where it says so itself.

    Raises ValueError for a table whose rows belong nowhere.
    """
    where = table.info.get("where")
    if where not in (None, NOWHERE):
        return next((whole, part) for part, whole in parts(table) if part.table.name == where)
    if is_placed(table):
        return None
    if where is None and (pair := next(wholes(table), None)) is not None:
        return pair
    raise ValueError(f"the rows of {table.name} belong to no place")


# --- What is left out ---


def unsaid(metadata: MetaData) -> list[str]:
    """What tables and columns do not say of themselves and have to, in sentences."""
    return [missing for table in metadata.sorted_tables for missing in (*_of_columns(table), *_of_table(table))]


def _of_columns(table: Table) -> Iterator[str]:
    for column in table.columns:
        role = role_of(column)
        if role is None and _could_name(column) and not column.foreign_keys:
            yield f"{table.name}.{column.name} does not say whether it holds a person, a place, words or none of these"
        if isinstance(role, Whose) and role.shared is not None and role.shared not in table.columns:
            yield f"{table.name}.{column.name} has no column {role.shared}"


def _of_table(table: Table) -> Iterator[str]:
    roles = [role_of(column) for column in table.columns]
    has_whole = next(wholes(table), None) is not None
    if table.info.get("kept") is None and not has_whole and not any(isinstance(role, Lasts) for role in roles):
        yield f"{table.name} does not say how long its rows are kept"
    if table.info.get("where") is None and not has_whole and not is_placed(table):
        yield f"{table.name} does not say where its rows belong"
    if Holds.NAME in roles and not any(isinstance(role, Whose) for role in roles):
        yield f"{table.name} holds a name, and not whose it is"


def _could_name(column: Column[Any]) -> bool:
    """Whether a value could be the id or the name of somebody, or of a place; small numbers count rows and times."""
    kind = column.type.impl if isinstance(column.type, TypeDecorator) else column.type
    return isinstance(kind, BigInteger) or not isinstance(kind, Integer | Boolean | DateTime)
