"""Retention: what is kept of a person, its deletion, and that of what has become old, in all tables there are.

Which rows those are is said by the columns themselves (`bot.store.models.roles`). By hand is done only what no column
can say: how secret votes are found, what is shown elsewhere and has to be drawn again, what the ledger lets go of.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, update
from sqlalchemy.orm import Session

from bot.store import Kept
from bot.store.keys import person_of
from bot.store.models import Base
from bot.store.models.roles import NOBODY, RENAME, SPECIAL, Holds, Lasts, Whose, having, role_of
from bot.store.rows import WIPED, Before, count, delete_whole
from bot.turn import Person


@dataclass(frozen=True)
class ByHand:
    """What is done for a column whose `at_forget` is SPECIAL: how many rows are of a person, and their forgetting."""

    held: Callable[[Person], int]
    forget: Callable[[Person], None]


class Retention:
    """How long all that is stored is kept, in the hands of one step."""

    def __init__(self, session: Session, by_hand: Mapping[str, ByHand], before: Before) -> None:
        """`by_hand` has all SPECIAL columns ("table.column")."""
        self._session = session
        self._by_hand = by_hand
        self._before = before

    def kept(self, person: Person) -> list[Kept]:
        """What is stored about `person`, the most first."""
        self._session.flush()
        counts: dict[tuple[str, str], int] = {}
        for column, whose in having(Base.metadata, Whose):
            called = whose.one, whose.many
            counts[called] = counts.get(called, 0) + self._held(column, whose, person)
        found = [Kept(number, *called) for called, number in counts.items() if number]
        return sorted(found, key=lambda kept: (-kept.count, kept.many))

    def forget(self, person: Person) -> None:
        """Delete what is stored about `person`, or leave it to nobody, as each column has it."""
        self._session.flush()
        for column, whose in having(Base.metadata, Whose):
            theirs = column == person_of(person)
            if whose.at_forget is SPECIAL:
                self._by_hand[str(column)].forget(person)
            elif whose.at_forget is RENAME:
                self._rename(column, theirs)
            else:
                if whose.shared is not None:
                    self._rename(column, theirs, column.table.columns[whose.shared].is_(True))
                delete_whole(self._session, column.table, theirs, before=self._before)
        self._gone()

    def purge(self, before: datetime) -> None:
        """Delete what counts from an earlier moment."""
        self._session.flush()
        for column, lasts in having(Base.metadata, Lasts):
            delete_whole(self._session, column.table, column < before - lasts.longer, before=self._before)
        self._gone()

    def _held(self, column: Column[Any], whose: Whose, person: Person) -> int:
        if whose.at_forget is SPECIAL:
            return self._by_hand[str(column)].held(person)
        return count(self._session, column.table, column == person_of(person))

    def _rename(self, column: Column[Any], *which: ColumnElement[bool]) -> None:
        names = {other: None for other in column.table.columns if role_of(other) is Holds.NAME}
        self._session.execute(update(column.table).where(*which).values({column: NOBODY, **names}))

    def _gone(self) -> None:
        """What was read before is read again, and what was deleted must not linger anywhere."""
        self._session.expire_all()
        self._session.info[WIPED] = True
