"""Drafts: polls that somebody has filled in and not opened yet, each for its author alone."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.store import Draft, Prepared
from bot.store.keys import person_of
from bot.store.models import DraftRow
from bot.store.polling import MOST_DRAFTS, read_draft, write_draft
from bot.store.rows import TOO_HIGH, count, storable
from bot.turn import Person


class Drafts:
    """All drafts, in the hands of one step."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def keep(self, person: Person, draft: Draft, at: datetime, number: int | None = None) -> int:
        """Keep a draft, in the place of the one of that number if that is theirs; its number."""
        row = self._of(number, person)
        if row is None:
            row = DraftRow(person=person_of(person), content="", at=at)
            self._session.add(row)
        row.content, row.at = storable(write_draft(draft, whole=True)), at
        self._session.flush()
        mine = select(DraftRow.id).where(DraftRow.person == person_of(person)).order_by(DraftRow.at.desc())
        kept = self._session.scalars(mine.order_by(DraftRow.id.desc()).limit(MOST_DRAFTS)).all()
        self._session.execute(delete(DraftRow).where(DraftRow.person == person_of(person), DraftRow.id.not_in(kept)))
        return row.id

    def find(self, number: int | None, person: Person) -> Draft | None:
        """The draft of that number, if it is theirs and still there."""
        row = self._of(number, person)
        return read_draft(row.content) if row else None

    def take(self, number: int | None, person: Person) -> Draft | None:
        """The same, which then is no draft any more: of two who take it at the same time one gets it."""
        draft = self.find(number, person)
        if draft is None:
            return None
        taken = self._session.execute(delete(DraftRow).where(DraftRow.id == number))
        return draft if getattr(taken, "rowcount", 0) else None

    def of_question(self, person: Person, question: str) -> int | None:
        """The number of somebody's newest draft with that question; None where there is none."""
        mine = select(DraftRow).where(DraftRow.person == person_of(person))
        rows = self._session.scalars(mine.order_by(DraftRow.at.desc(), DraftRow.id.desc()))
        return next((row.id for row in rows if read_draft(row.content).question == question), None)

    def newest(self, person: Person) -> Prepared | None:
        """The draft that somebody has filled in or changed last."""
        mine = select(DraftRow).where(DraftRow.person == person_of(person))
        row = self._session.scalar(mine.order_by(DraftRow.at.desc(), DraftRow.id.desc()).limit(1))
        return Prepared(row.id, read_draft(row.content)) if row else None

    def held(self, person: Person) -> int:
        """How many drafts of somebody there are."""
        return count(self._session, DraftRow, DraftRow.person == person_of(person))

    def _of(self, number: int | None, person: Person) -> DraftRow | None:
        if number is None or not 0 < number < TOO_HIGH:
            return None
        row = self._session.get(DraftRow, number)
        return row if row is not None and row.person == person_of(person) else None
