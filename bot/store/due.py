"""What comes due: one row for each thing, done in the transaction that takes it, and so exactly once."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.store import Due
from bot.store.models import DueRow
from bot.store.rows import read, tell_of_change, upsert


class DueRows:
    """All that comes due, in the hands of one step."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def set(self, what: str, number: int, at: datetime | None) -> None:
        """Have it done at that moment, instead of any other that was set; None is never."""
        if at is None:
            self._session.execute(delete(DueRow).where(DueRow.what == what, DueRow.number == number))
        else:
            self._session.execute(upsert(self._session, DueRow, {"what": what, "number": number}, {"at": at}))
            tell_of_change(self._session)

    def when(self, what: str, number: int) -> datetime | None:
        """When it is to be done."""
        row = self._session.get(DueRow, (what, number), populate_existing=True)
        return row.at if row else None

    def take(self, at: datetime) -> Due | None:
        """The first thing whose time has come, to be done in this transaction; None if nothing is left.

        Its row is locked and goes with the transaction: another process takes another one meanwhile, and where this one
        dies, the row is there again. So no lease is needed.
        """
        wanted = select(DueRow).where(DueRow.at <= at).order_by(DueRow.at, DueRow.what, DueRow.number).limit(1)
        row = self._session.scalar(wanted.with_for_update(skip_locked=True))
        if row is None:
            return None
        taken = read(Due, row)
        self._session.delete(row)
        self._session.flush()
        return taken

    def first(self, what: str) -> datetime | None:
        """When the first thing of that kind is due."""
        return self._session.scalar(select(DueRow.at).where(DueRow.what == what).order_by(DueRow.at).limit(1))

    def until(self, what: str, at: datetime) -> list[int]:
        """The numbers of what is due of that kind until a moment, what comes first first."""
        found = select(DueRow.number).where(DueRow.what == what, DueRow.at <= at)
        return list(self._session.scalars(found.order_by(DueRow.at, DueRow.number)))

    def next(self) -> datetime | None:
        """When the next thing is due."""
        return self._session.scalar(select(DueRow.at).order_by(DueRow.at).limit(1))
