"""The ledger: what language models took, answer by answer, and its sums. It knows no person and no words."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, case, func, select, update
from sqlalchemy.orm import Session

from bot.store import Spending
from bot.store.models import MessageRow, SpendingRow
from bot.store.months import month_after, month_before, month_of
from bot.store.rooms import in_scope, made_in
from bot.store.scope import Scope
from bot.turn import Turn
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
            **(made_in(turn.room.around, SpendingRow) | ({"place": ""} if untold else {})),
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
        """The nanodollars of the month, in all places: what the budget needs, and nobody is told."""
        total = self._session.scalar(select(func.sum(SpendingRow.nanodollars)).where(*_in_month(at)))
        return int(total or 0)

    def month(self, at: datetime, *, scope: Scope) -> Spending:
        """The sums of the month."""
        wanted = select(*_SUMS).where(*_in_month(at), in_scope(SpendingRow, scope))
        return _spending(self._session.execute(wanted).one())

    def places(self, at: datetime, *, scope: Scope) -> dict[str, Spending]:
        """The sums of the month by place, the dearest first; the private talks of a platform are one."""
        together = SpendingRow.platform + ", private talks"
        server = case((SpendingRow.server == "", ""), else_=SpendingRow.server + "/")
        named = SpendingRow.platform + "/" + server + SpendingRow.place
        return self._by(case((SpendingRow.private, together), else_=named), at, scope)

    def models(self, at: datetime, *, scope: Scope) -> dict[str, Spending]:
        """The sums of the month by model, the dearest first."""
        return self._by(SpendingRow.model, at, scope)

    def months(self, at: datetime, count: int, *, scope: Scope) -> dict[datetime, Spending]:
        """The sums of the `count` months before, by their first moments, the latest first; without empty ones."""
        found, month = {}, month_of(at)
        for _ in range(count):
            month = month_before(month)
            found[month] = self.month(month, scope=scope)
        return {month: spending for month, spending in found.items() if spending.answers}

    def detach_from(self, *which: ColumnElement[bool]) -> None:
        """Keep the sums of the answers among the messages that fulfil all of `which`, and are about to go, but not what
        leads to them or to a private talk.
        """
        place = case((SpendingRow.private, ""), else_=SpendingRow.place)
        self._session.execute(
            update(SpendingRow)
            .where(SpendingRow.message.in_(select(MessageRow.id).where(*which)))
            .values(message=None, place=place)
            .execution_options(synchronize_session=False)
        )

    def _by(self, name: Any, at: datetime, scope: Scope) -> dict[str, Spending]:
        # By place in the list: PostgreSQL would take the same expression with other parameters for another one.
        label = name.label("name")
        wanted = select(label, *_SUMS).where(*_in_month(at), in_scope(SpendingRow, scope)).group_by(label)
        rows = self._session.execute(wanted).all()
        sums = {row[0]: _spending(row[1:]) for row in rows}
        return dict(sorted(sums.items(), key=lambda item: (-item[1].nanodollars, -item[1].answers, item[0])))


def _in_month(at: datetime) -> tuple[ColumnElement[bool], ...]:
    month = month_of(at)
    return SpendingRow.at >= month, SpendingRow.at < month_after(month)


def _spending(row: Row[Any] | tuple[Any, ...]) -> Spending:
    # PostgreSQL sums whole numbers to decimals.
    return Spending(*map(int, row))
