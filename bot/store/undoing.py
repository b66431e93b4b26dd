"""What can be undone for a while: how something was before somebody changed it, for them alone."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from bot.store import Undoable
from bot.store.keys import person_of
from bot.store.models import UndoableRow
from bot.store.rooms import in_place, made_in
from bot.store.rows import TOO_HIGH, storable
from bot.turn import Turn

# Rows are kept so much longer than anything can be undone, to tell whoever is too late.
KEPT = timedelta(hours=1)
# What stands in a row, in place of what was changed, once it was undone.
TAKEN = ""


class Undoing:
    """All that can be undone, in the hands of one step."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def keep(self, turn: Turn, what: str, before: Mapping[str, Any]) -> int:
        """Keep how something was before `turn` changed it; its number. `before` is what JSON can hold."""
        self._session.execute(delete(UndoableRow).where(UndoableRow.at <= turn.at - KEPT))
        row = UndoableRow(
            **made_in(turn.room.around, UndoableRow),
            person=person_of(turn.person),
            what=what,
            before=storable(json.dumps(before)),
            at=turn.at,
        )
        self._session.add(row)
        self._session.flush()
        return row.id

    def last(self, turn: Turn) -> Undoable | None:
        """The last thing that the person of `turn` changed in its place, where it is still to be undone."""
        row = self._found(turn)
        return None if row is None or row.what == TAKEN else Undoable(row.what, json.loads(row.before), row.at)

    def take(self, turn: Turn, number: int | None = None) -> Undoable | None:
        """What the person of `turn` changed in its place under that number, or last; it can be taken once.

        Who says "undo" twice does not mean something older: that is named by its number alone.
        """
        row = self._found(turn, number)
        if row is None or row.what == TAKEN:
            return None
        found = Undoable(row.what, json.loads(row.before), row.at)
        untaken = (UndoableRow.id == row.id) & (UndoableRow.what != TAKEN)
        taken = self._session.execute(update(UndoableRow).where(untaken).values(what=TAKEN, before="{}"))
        return found if getattr(taken, "rowcount", 0) else None

    def _found(self, turn: Turn, number: int | None = None) -> UndoableRow | None:
        mine = select(UndoableRow).where(UndoableRow.person == person_of(turn.person))
        mine = mine.where(in_place(UndoableRow, turn.room.around))
        if number is not None:
            mine = mine.where(UndoableRow.id == (number if number < TOO_HIGH else 0))
        return self._session.scalars(mine.order_by(UndoableRow.id.desc()).limit(1)).first()
