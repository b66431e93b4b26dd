"""The ledger: what language models took, answer by answer, and its sums. It knows no person and no words."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, case, func, or_, select, update
from sqlalchemy.orm import Session

from bot.store import Spending
from bot.store.keys import place_of
from bot.store.models import SpendingRow
from bot.store.months import month_after, month_before, month_of
from bot.turn import Room, Turn
from knowledge.answer import Spent

_SUMS = (
    func.count(),
    func.coalesce(func.sum(SpendingRow.input_tokens), 0),
    func.coalesce(func.sum(SpendingRow.output_tokens), 0),
    func.coalesce(func.sum(SpendingRow.nanodollars), 0),
    func.count() - func.count(SpendingRow.nanodollars),
)


class Ledger:
    """What was spent, in the hands of one step. Sums are of the calendar month (UTC) of a moment."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def enter(self, turn: Turn, spent: Spent, nanodollars: int | None, message: int | None) -> tuple[int, int]:
        """Keep what the answer to `turn` took: the nanodollars of its month before, and with it.

        `nanodollars` is None where the price is not known, `message`, its number, where it is not remembered.
        """
        before = self.cost(turn.at)
        # Only the message tells whose private talk it was, when somebody wants to be forgotten.
        untold = turn.room.private and message is None
        row = SpendingRow(
            platform=turn.room.platform,
            place=None if untold else place_of(turn.room),
            private=turn.room.private,
            message=message,
            model=spent.model,
            input_tokens=spent.input_tokens,
            output_tokens=spent.output_tokens,
            nanodollars=nanodollars,
            at=turn.at,
        )
        self._session.add(row)
        self._session.flush()
        return before, before + (nanodollars or 0)

    def cost(self, at: datetime) -> int:
        """The nanodollars of the month, in all places."""
        total = self._session.scalar(select(func.sum(SpendingRow.nanodollars)).where(*_in_month(at)))
        return int(total or 0)

    def month(self, at: datetime, room: Room | None = None) -> Spending:
        """The sums of the month, in one place or in all."""
        here = () if room is None else (SpendingRow.place == place_of(room),)
        return _spending(self._session.execute(select(*_SUMS).where(*_in_month(at), *here)).one())

    def places(self, at: datetime) -> dict[str, Spending]:
        """The sums of the month by place, the dearest first; the private talks of a platform are one."""
        together = SpendingRow.platform + ", private talks"
        return self._by(case((SpendingRow.private, together), else_=SpendingRow.place), at)

    def models(self, at: datetime) -> dict[str, Spending]:
        """The sums of the month by model, the dearest first."""
        return self._by(SpendingRow.model, at)

    def months(self, at: datetime, count: int) -> dict[datetime, Spending]:
        """The sums of the `count` months before, by their first moments, the latest first; without empty ones."""
        found, month = {}, month_of(at)
        for _ in range(count):
            month = month_before(month)
            found[month] = self.month(month)
        return {month: spending for month, spending in found.items() if spending.answers}

    def detach(self, *which: ColumnElement[bool]) -> None:
        """Keep the sums of the rows that fulfil all of `which`, but not what leads to a message or a private talk."""
        leads = or_(SpendingRow.message.is_not(None), SpendingRow.private & SpendingRow.place.is_not(None))
        place = case((SpendingRow.private, None), else_=SpendingRow.place)
        self._session.execute(
            update(SpendingRow)
            .where(leads, *which)
            .values(message=None, place=place)
            .execution_options(synchronize_session=False)
        )

    def _by(self, name: Any, at: datetime) -> dict[str, Spending]:
        # By place in the list: PostgreSQL would take the same expression with other parameters for another one.
        label = name.label("name")
        rows = self._session.execute(select(label, *_SUMS).where(*_in_month(at)).group_by(label)).all()
        sums = {row[0]: _spending(row[1:]) for row in rows}
        return dict(sorted(sums.items(), key=lambda item: (-item[1].nanodollars, -item[1].answers, item[0])))


def _in_month(at: datetime) -> tuple[ColumnElement[bool], ...]:
    month = month_of(at)
    return SpendingRow.at >= month, SpendingRow.at < month_after(month)


def _spending(row: Row[Any] | tuple[Any, ...]) -> Spending:
    # PostgreSQL sums whole numbers to decimals.
    return Spending(*map(int, row))
