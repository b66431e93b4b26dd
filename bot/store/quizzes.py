"""Quizzes: each person's go at one, from its start to its outcome."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.store import QuizRun
from bot.store.keys import person_of
from bot.store.models import QuizRow
from bot.store.rooms import in_place, made_in
from bot.store.rows import TOO_HIGH, read
from bot.turn import Person, Room, Turn

# A quiz that nobody answered for so long is over.
QUIZ_LASTS = timedelta(days=1)


class Quizzes:
    """All runs of quizzes, in the hands of one step."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def open_run(self, person: Person, at: datetime) -> QuizRun | None:
        """The quiz that is open for `person`, wherever they opened it."""
        row = self._session.scalar(
            select(QuizRow)
            .where(QuizRow.person == person_of(person), QuizRow.outcome.is_(None), QuizRow.opened > at - QUIZ_LASTS)
            .order_by(QuizRow.id.desc())
            .limit(1)
        )
        return read(QuizRun, row) if row else None

    def run(self, number: int, person: Person) -> QuizRun | None:
        """The run of that number, if it is of this person."""
        row = self._session.get(QuizRow, number) if number < TOO_HIGH else None
        return read(QuizRun, row) if row is not None and row.person == person_of(person) else None

    def start(
        self, turn: Turn, script: str, section: str, question: str | None = None, held: int | None = None
    ) -> QuizRun:
        """Open a quiz for the person; whatever they had open is stopped.

        `question` is the id of a bank's question, None for the section's own; `held` the number of the round.
        """
        self._session.execute(
            update(QuizRow)
            .where(QuizRow.person == person_of(turn.person), QuizRow.outcome.is_(None))
            .values(outcome="stopped")
        )
        row = QuizRow(
            person=person_of(turn.person),
            **made_in(turn.room.around, QuizRow),
            script=script,
            section=section,
            opened=turn.at,
            tries=0,
            tried=(),
            hints=0,
            question=question,
            round=held,
        )
        self._session.add(row)
        self._session.flush()
        return read(QuizRun, row)

    def keep(self, run: QuizRun) -> None:
        """Keep what changed in a run: tries and what was tried, hints, grade, outcome."""
        row = self._session.get_one(QuizRow, run.id)
        row.tries, row.hints, row.first, row.outcome = run.tries, run.hints, run.first, run.outcome
        row.tried = run.tried

    def of_round(self, held: int) -> list[QuizRun]:
        """The runs of a round that somebody has alone, in order."""
        return [
            read(QuizRun, row)
            for row in self._session.scalars(select(QuizRow).where(QuizRow.round == held).order_by(QuizRow.id))
        ]

    def over(self, person: Person, room: Room | None = None) -> list[QuizRun]:
        """All runs of a person that are over, oldest first; in one place only, if given."""
        query = (
            select(QuizRow)
            .where(QuizRow.person == person_of(person), QuizRow.outcome.is_not(None))
            .order_by(QuizRow.id)
        )
        if room is not None:
            query = query.where(in_place(QuizRow, room.around))
        return [read(QuizRun, row) for row in self._session.scalars(query)]
