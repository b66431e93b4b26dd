"""The box of a poll: what people choose in one transaction, read once and written once, however many they are."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from functools import cache
from typing import Any

from sqlalchemy import bindparam, delete, distinct, func, select
from sqlalchemy.orm import Session

from bot.store.keys import person_of
from bot.store.models import PollRow, SecretVoteRow, VoteRow
from bot.store.rows import insert_of, storable
from bot.store.seal import Seal, voter_by
from bot.turn import Person


@cache
def _upsert(insert: Any, table: type[VoteRow] | type[SecretVoteRow]) -> Any:
    """The statement that writes votes, made once."""
    wanted = insert(table)
    kept = {name: wanted.excluded[name] for name in ("option", "name") if hasattr(table, name)}
    return wanted.on_conflict_do_update(index_elements=[table.poll, table.voter, table.choice], set_=kept)


class Box:
    """The votes of one poll in the hands of one transaction. Its row must be locked, so that it stays as it is.

    Nothing is in the database before `write`.
    """

    def __init__(self, session: Session, seal: Seal, row: PollRow, offered: Collection[int]) -> None:
        """`offered` are the numbers of its options."""
        self._session = session
        self._seal = seal
        self._row = row
        self._table: type[VoteRow] | type[SecretVoteRow] = SecretVoteRow if row.anonymous else VoteRow
        self._key: bytes | None = None
        self._called: dict[str, str] = {}
        # Nobody can choose anything in a poll that is closed.
        self.offered = frozenset[int]() if row.closed is not None else frozenset(offered)
        self._chosen: dict[str, set[int]] = {}
        # What each voter has in each place of theirs by now: an option and the voter's name, or nothing any more.
        self._changed: dict[tuple[str, int], tuple[int, str] | None] = {}
        self._differs = False
        self._counts: dict[int, int] | None = None
        self._voters = 0

    def expect(self, people: Iterable[Person]) -> None:
        """Read what these people have chosen so far, and how the poll stands if all may see it. Raises SealError."""
        self._read({self._voter(person) for person in people})
        if not (self._row.anonymous or self._row.hidden):
            self.standing()

    def choices_of(self, person: Person) -> tuple[int, ...]:
        """The numbers of the options that `person` has chosen by now. Raises SealError."""
        return tuple(sorted(self._of(self._voter(person))))

    def vote(self, person: Person, options: Collection[int]) -> None:
        """Count that `person` chooses these options, beside others where several can be chosen. Raises SealError."""
        voter = self._voter(person)
        mine = self._of(voter)
        with_them = mine | set(options) if self._row.several else set(options)
        self._count(mine, with_them)
        for option in options:
            self._changed[voter, option if self._row.several else 0] = option, storable(person.name)
        self._chosen[voter] = with_them

    def withdraw(self, person: Person, option: int | None) -> None:
        """Take back one choice of `person`, or all. Raises SealError."""
        voter = self._voter(person)
        mine = self._of(voter)
        gone = mine if option is None else mine & {option}
        self._count(mine, mine - gone)
        for one in gone:
            self._changed[voter, one if self._row.several else 0] = None
        self._chosen[voter] = mine - gone

    def standing(self) -> tuple[Mapping[int, int], int]:
        """The votes by the number of their option, and how many people have voted by now."""
        if self._counts is None:
            self.write()
            table, here = self._table, self._table.poll == self._row.id
            counted = select(table.option, func.count()).where(here).group_by(table.option)
            self._counts = dict(self._session.execute(counted).all())
            self._voters = sum(self._counts.values())
            if self._row.several:
                self._voters = self._session.scalar(select(func.count(distinct(table.voter))).where(here)) or 0
        return self._counts, self._voters

    def write(self) -> bool:
        """Write down what has changed, in the order of the voters, so that no two groups wait for each other in a ring.

        Whether anything has since the box was opened.
        """
        changed, self._changed = sorted(self._changed.items()), {}
        self._differs = self._differs or bool(changed)
        written = [self._values(*where, *vote) for where, vote in changed if vote is not None]
        gone = [{"its_voter": voter, "its_choice": choice} for (voter, choice), vote in changed if vote is None]
        table, connection = self._table, self._session.connection()
        if written:
            connection.execute(_upsert(insert_of(self._session), table), written)
        if gone:
            own = (table.voter == bindparam("its_voter"), table.choice == bindparam("its_choice"))
            connection.execute(delete(table).where(table.poll == self._row.id, *own), gone)
        return self._differs

    def _values(self, voter: str, choice: int, option: int, name: str) -> dict[str, Any]:
        named = {} if self._row.anonymous else {"name": name}
        return {"poll": self._row.id, "voter": voter, "choice": choice, "option": option, **named}

    def _of(self, voter: str) -> set[int]:
        if voter not in self._chosen:
            self._read({voter})
        return self._chosen[voter]

    def _read(self, voters: Collection[str]) -> None:
        table = self._table
        held = select(table.voter, table.option).where(table.poll == self._row.id, table.voter.in_(sorted(voters)))
        self._chosen.update((voter, set()) for voter in voters)
        for voter, option in self._session.execute(held):
            self._chosen[voter].add(option)

    def _count(self, before: Collection[int], after: Collection[int]) -> None:
        if self._counts is None:
            return
        for option in before:
            self._counts[option] -= 1
        for option in after:
            self._counts[option] = self._counts.get(option, 0) + 1
        self._voters += bool(after) - bool(before)

    def _voter(self, person: Person) -> str:
        """What a person is called here, found out once."""
        if person.id not in self._called:
            self._called[person.id] = self._name_of(person)
        return self._called[person.id]

    def _name_of(self, person: Person) -> str:
        if not self._row.anonymous:
            return person_of(person)
        if self._row.key is None:
            # A closed one has no key: nobody is anybody in it any more.
            return ""
        self._key = self._key or self._seal.open_key(self._row.key)
        return voter_by(self._key, person)
