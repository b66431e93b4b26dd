"""Rounds of quiz questions: which are open, where they stand, and what was answered in those held together."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, select, update
from sqlalchemy.orm import Session

from bot.store import Round, RoundAnswer, round_slot
from bot.store.keys import person_of
from bot.store.models import RoundAnswerRow, RoundRow
from bot.store.posts import Posts
from bot.store.rooms import in_place, made_in
from bot.store.rows import TOO_HIGH, read, upsert
from bot.store.seal import Seal
from bot.turn import Person, Room, Turn

# A round is over after so long, however far it has come.
ROUND_LASTS = timedelta(days=1)


class Rounds:
    """All rounds, in the hands of one step."""

    def __init__(self, session: Session, seal: Seal, posts: Posts) -> None:
        self._session = session
        self._seal = seal
        self._posts = posts

    def start(self, turn: Turn, questions: Sequence[str], together: bool) -> Round:
        """Open a round of these questions (refs) where the turn was said; one alone ends the one before."""
        if not together:
            self.end_alone(turn.person, turn.at)
        row = RoundRow(
            **made_in(turn.room, RoundRow),
            person=person_of(turn.person),
            together=together,
            questions=json.dumps(list(questions)),
            at=0,
            revealed=False,
            asked=turn.at,
            opened=turn.at,
        )
        self._session.add(row)
        self._session.flush()
        return _round(row)

    def find(self, number: int, room: Room | None = None, hold: bool = False) -> Round | None:
        """The round of that number that is held together, in that place if one is given.

        `hold` keeps others from changing it until the step is over.
        """
        if number >= TOO_HIGH:
            return None
        here = () if room is None else (in_place(RoundRow, room),)
        wanted = select(RoundRow).where(RoundRow.id == number, RoundRow.together.is_(True), *here)
        if hold:
            wanted = wanted.with_for_update().execution_options(populate_existing=True)
        row = self._session.scalar(wanted)
        return _round(row) if row else None

    def alone(self, number: int, person: Person) -> Round | None:
        """The round of that number, if this person has it alone."""
        row = self._session.get(RoundRow, number) if number < TOO_HIGH else None
        return _round(row) if row and not row.together and row.person == person_of(person) else None

    def last_alone(self, person: Person) -> Round | None:
        """The newest round that this person had alone."""
        row = self._session.scalar(_newest().where(RoundRow.person == person_of(person), RoundRow.together.is_(False)))
        return _round(row) if row else None

    def open_together(self, room: Room, at: datetime) -> Round | None:
        """The round that is open for all in the place."""
        row = self._session.scalar(_open(at).where(in_place(RoundRow, room), RoundRow.together.is_(True)))
        return _round(row) if row else None

    def open_alone(self, person: Person, at: datetime) -> Round | None:
        """The round that this person is in alone."""
        row = self._session.scalar(_open(at).where(RoundRow.person == person_of(person), RoundRow.together.is_(False)))
        return _round(row) if row else None

    def is_open(self, held: Round, at: datetime) -> bool:
        """Whether a round goes on at that moment."""
        return held.ended is None and held.opened > at - ROUND_LASTS

    def keep(self, held: Round) -> None:
        """Keep what changed in a round: where it stands, and its end."""
        row = self._session.get_one(RoundRow, held.id)
        row.at, row.revealed, row.asked, row.ended = held.at, held.revealed, held.asked, held.ended

    def end_alone(self, person: Person, at: datetime) -> None:
        """End whatever round this person has open alone."""
        mine = (RoundRow.person == person_of(person), RoundRow.together.is_(False), RoundRow.ended.is_(None))
        self._session.execute(update(RoundRow).where(*mine).values(ended=at))

    def asked_in(self, room: Room) -> set[str]:
        """The questions (refs) that rounds together have come to in the place."""
        rows = self._session.scalars(select(RoundRow).where(in_place(RoundRow, room), RoundRow.together.is_(True)))
        return {ref for row in rows for ref in _round(row).questions[: row.at + 1]}

    # --- Answers in rounds together ---

    def answer(self, held: Round, person: Person, grade: str, option: int | None) -> None:
        """Keep the answer of somebody to the question that a round stands at; a later one takes its place."""
        where = {"round": held.id, "at": held.at, "person": person_of(person)}
        self._session.execute(upsert(self._session, RoundAnswerRow, where, {"grade": grade, "option": option}))

    def answers(self, held: Round) -> list[RoundAnswer]:
        """All answers of a round, to the questions that it has come to."""
        rows = self._session.scalars(
            select(RoundAnswerRow)
            .where(RoundAnswerRow.round == held.id)
            .order_by(RoundAnswerRow.at, RoundAnswerRow.person)
            .execution_options(populate_existing=True)
        )
        return [read(RoundAnswer, row) for row in rows]

    def permit(self, held: Round, person: Person) -> str:
        """What lets `person`, who was seen where the round is held, answer in a private talk."""
        return self._seal.permit(held.id, person, "round")

    def is_permit(self, text: str, held: Round, person: Person) -> bool:
        """Whether that is the permit of this person for this round."""
        return self._seal.is_permit(text, held.id, person, "round")

    def draw_again(self, *which: ColumnElement[bool]) -> None:
        """Have the rounds drawn again from which the answers that fulfil all of `which` are about to go."""
        if rounds := self._session.scalars(select(RoundAnswerRow.round).where(*which).distinct()).all():
            self._posts.changed(*(round_slot(number) for number in sorted(rounds)))


def _newest() -> Select[RoundRow]:
    return select(RoundRow).order_by(RoundRow.id.desc()).limit(1)


def _open(at: datetime) -> Select[RoundRow]:
    return _newest().where(RoundRow.ended.is_(None), RoundRow.opened > at - ROUND_LASTS)


def _round(row: RoundRow) -> Round:
    return read(Round, row, questions=tuple(json.loads(row.questions)))
