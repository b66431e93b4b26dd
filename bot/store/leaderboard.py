"""The leaderboard of a place: who wants to be seen there, and how often people were right at the first try."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from bot.store import Round, Score
from bot.store.keys import person_of
from bot.store.models import LeaderboardRow, QuizRow, RoundAnswerRow, RoundRow
from bot.store.rooms import in_place, made_in, room_of
from bot.store.rows import storable, upsert
from bot.turn import Person, Room


class Leaderboard:
    """All leaderboards, in the hands of one step."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def join(self, room: Room, person: Person) -> None:
        """Have `person` seen in the leaderboard of the place under the name that they have now."""
        where = {**made_in(room.around, LeaderboardRow), "person": person_of(person)}
        seen = {"public": where.pop("public"), "name": storable(person.name)}
        self._session.execute(upsert(self._session, LeaderboardRow, where, seen))

    def leave(self, room: Room, person: Person) -> bool:
        """Have `person` not seen there any more; False where they were not."""
        mine = (in_place(LeaderboardRow, room.around), LeaderboardRow.person == person_of(person))
        return bool(getattr(self._session.execute(delete(LeaderboardRow).where(*mine)), "rowcount", 0))

    def names(self, room: Room) -> dict[str, str]:
        """The names of those who have joined, by person."""
        return self._named(in_place(LeaderboardRow, room.around))

    def names_of_round(self, held: Round) -> dict[str, str]:
        """The names of those who have joined where a round is held, by person."""
        row = self._session.get_one(RoundRow, held.id)
        return self._named(in_place(LeaderboardRow, room_of(row).around))

    def _named(self, condition: ColumnElement[bool]) -> dict[str, str]:
        return {row.person: row.name for row in self._session.scalars(select(LeaderboardRow).where(condition))}

    def scores(self, room: Room) -> dict[str, Score]:
        """How right people were in this place: alone, and in rounds together as far as they are revealed."""
        found: dict[str, Score] = {}
        for person, grade in self._first_grades(room):
            before = found.get(person, Score())
            found[person] = Score(before.right + (grade == "correct"), before.answered + 1)
        return found

    def _first_grades(self, room: Room) -> Iterator[tuple[str, str]]:
        alone = select(QuizRow.person, QuizRow.first).where(
            in_place(QuizRow, room.around), QuizRow.outcome.is_not(None), QuizRow.first.is_not(None)
        )
        yield from ((person, str(grade)) for person, grade in self._session.execute(alone))
        together = (
            select(RoundAnswerRow.person, RoundAnswerRow.grade)
            .join(RoundRow, RoundRow.id == RoundAnswerRow.round)
            .where(in_place(RoundRow, room))
            .where((RoundAnswerRow.at < RoundRow.at) | RoundRow.revealed.is_(True))
        )
        yield from ((person, grade) for person, grade in self._session.execute(together))
