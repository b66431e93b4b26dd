"""Votes: who chose what, where that is no secret, and how a poll stands."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress

from sqlalchemy import ColumnElement, delete, distinct, func, select, update
from sqlalchemy.orm import Session

from bot.reply import Tally
from bot.store import Poll
from bot.store.keys import person_of
from bot.store.models import OptionRow, PollRow, SecretVoteRow, VoteRow
from bot.store.polling import STEP
from bot.store.rows import WIPED, storable, upsert
from bot.store.seal import Seal, SealError
from bot.turn import Person

# What is told of who is forgotten, or voted before names were kept.
FORGOTTEN = "somebody"


class Votes:
    """All votes, in the hands of one step."""

    def __init__(self, session: Session, seal: Seal) -> None:
        self._session = session
        self._seal = seal

    def choices_of(self, poll: Poll, person: Person) -> tuple[int, ...]:
        """The numbers of the options that `person` has chosen. Raises SealError."""
        table = _table(poll)
        chosen = select(table.option).where(table.poll == poll.id, table.voter == self._voter(poll, person))
        return tuple(self._session.scalars(chosen.order_by(table.option)))

    def vote(self, poll: Poll, person: Person, options: Iterable[int]) -> bool:
        """Count that `person` chooses the options of those numbers, beside others where there are several choices.

        False, and nothing is changed, where the poll was closed meanwhile, or an option went. Raises SealError.
        """
        wanted = set(options)
        offered = self._open_for_good(poll)
        if not offered or not wanted <= offered:
            return False
        table, voter = _table(poll), self._voter(poll, person)
        name = {} if poll.anonymous else {"name": storable(person.name)}
        for option in sorted(wanted):
            where = {"poll": poll.id, "voter": voter, "choice": option if poll.several else 0}
            self._session.execute(upsert(self._session, table, where, {"option": option, **name}))
        self._take_step(poll)
        return True

    def withdraw(self, poll: Poll, person: Person, option: int | None = None) -> bool:
        """Take back one choice of `person`, or all; False where the poll was closed meanwhile. Raises SealError."""
        if not self._open_for_good(poll):
            return False
        table = _table(poll)
        taken = delete(table).where(table.poll == poll.id, table.voter == self._voter(poll, person))
        self._session.execute(taken if option is None else taken.where(table.option == option))
        return True

    def voters(self, poll: Poll) -> int:
        """How many people have voted."""
        row = self._session.get_one(PollRow, poll.id)
        if row.voters is not None:
            return row.voters
        table = _table(poll)
        counted = select(func.count(distinct(table.voter))).where(table.poll == poll.id)
        return self._session.scalar(counted) or 0

    def tally(self, poll: Poll) -> Tally:
        """How the poll stands: exactly, whoever may see it."""
        self._session.flush()
        counts = self.counts(self._session.get_one(PollRow, poll.id))
        # With one choice each there are as many voters as votes.
        return _tally(poll, counts, self.voters(poll) if poll.several else sum(counts.values()))

    def shown_tally(self, poll: Poll) -> Tally | None:
        """What people may see of how the poll stands: nothing where it is hidden, the last step where anonymous."""
        if poll.closed is not None or not (poll.hidden or poll.anonymous):
            return self.tally(poll)
        row = self._session.get_one(PollRow, poll.id)
        if poll.hidden or row.shown is None:
            return None
        voters, counts = json.loads(row.shown)
        return _tally(poll, {int(number): count for number, count in counts.items()}, voters)

    def names(self, poll: Poll) -> Mapping[int, Sequence[str]]:
        """Who chose each option, by its number; nothing of an anonymous poll."""
        wanted = select(VoteRow).where(VoteRow.poll == poll.id).order_by(VoteRow.name, VoteRow.voter)
        found: dict[int, list[str]] = {}
        for row in self._session.scalars(wanted):
            found.setdefault(row.option, []).append(FORGOTTEN if row.name is None else row.name)
        return found

    def by_person(self, poll: Poll) -> Mapping[str, frozenset[int]]:
        """The numbers of the options that each person has chosen, by their key; nothing of an anonymous poll."""
        found: dict[str, frozenset[int]] = {}
        for row in self._session.scalars(select(VoteRow).where(VoteRow.poll == poll.id)):
            found[row.voter] = found.get(row.voter, frozenset()) | {row.option}
        return found

    def permit(self, poll: Poll, person: Person) -> str:
        """What lets `person`, who was seen where the poll is held, vote in a private talk."""
        return self._seal.permit(poll.id, person)

    def is_permit(self, text: str, poll: Poll, person: Person) -> bool:
        """Whether that is the permit of this person for this poll."""
        return self._seal.is_permit(text, poll.id, person)

    # --- Privacy ---

    def held(self, person: Person) -> int:
        """How many choices of `person` are stored under what they are called; anonymous ones while they are open."""
        named = self._session.scalar(
            select(func.count()).select_from(VoteRow).where(VoteRow.voter == person_of(person))
        )
        return (named or 0) + sum(
            self._session.scalar(select(func.count()).select_from(SecretVoteRow).where(*own)) or 0
            for own in self._secret_votes(person)
        )

    def forget(self, person: Person) -> None:
        """Delete the votes of `person` in open polls. In closed ones they stay in the counts, without the person."""
        for own in self._secret_votes(person):
            self._session.execute(delete(SecretVoteRow).where(*own))
        mine, still_open = VoteRow.voter == person_of(person), select(PollRow.id).where(PollRow.closed.is_(None))
        self._session.execute(delete(VoteRow).where(mine, VoteRow.poll.in_(still_open)))
        for poll in self._session.scalars(select(VoteRow.poll).where(mine).distinct()).all():
            # Another name in each poll, so that nothing stays together that one person chose.
            stranger = {"voter": f"forgotten:{secrets.token_hex(8)}", "name": None}
            self._session.execute(update(VoteRow).where(mine, VoteRow.poll == poll).values(stranger))

    def _secret_votes(self, person: Person) -> Iterator[tuple[ColumnElement[bool], ...]]:
        """What picks the votes of `person` in each open anonymous poll whose key can be opened."""
        for poll in self._session.scalars(select(PollRow).where(PollRow.key.is_not(None))).all():
            with suppress(SealError):
                voter = self._seal.voter(poll.key or "", person)
                yield SecretVoteRow.poll == poll.id, SecretVoteRow.voter == voter

    # --- Rows ---

    def _options(self, poll: int) -> Sequence[OptionRow]:
        return self._session.scalars(select(OptionRow).where(OptionRow.poll == poll)).all()

    def _open_for_good(self, poll: Poll) -> frozenset[int]:
        """The options that can be voted for, and stay so until this step is done; none where the poll is closed.

        Votes wait for somebody who changes or closes the poll, and he for them, but not for each other; except where
        live results go up in steps, as two at once would take a step together.
        """
        in_turn = poll.anonymous and not poll.hidden
        held = select(PollRow).where(PollRow.id == poll.id).with_for_update(read=not in_turn, key_share=in_turn)
        row = self._session.scalars(held.execution_options(populate_existing=True)).one()
        if row.closed is not None:
            return frozenset()
        # Only now: beside the row that was waited for, one query would find the options as they were before.
        return frozenset(self._session.scalars(select(OptionRow.number).where(OptionRow.poll == poll.id)))

    def _voter(self, poll: Poll, person: Person) -> str:
        if not poll.anonymous:
            return person_of(person)
        key = self._session.get_one(PollRow, poll.id).key
        # A closed one has no key: nobody is anybody in it any more.
        return self._seal.voter(key, person) if key else ""

    def counts(self, row: PollRow) -> Mapping[int, int]:
        """The votes by the number of their option."""
        if row.anonymous and row.voters is not None:
            return {option.number: option.votes or 0 for option in self._options(row.id)}
        table = SecretVoteRow if row.anonymous else VoteRow
        counted = select(table.option, func.count()).where(table.poll == row.id).group_by(table.option)
        return dict(self._session.execute(counted).all())

    def count_up(self, row: PollRow, poll: Poll) -> None:
        """Keep the counts of an anonymous poll that closes; its votes and its key go."""
        counts = self.counts(row)
        row.voters = self.voters(poll)
        for option in self._options(row.id):
            option.votes = counts.get(option.number, 0)
        self._session.execute(delete(SecretVoteRow).where(SecretVoteRow.poll == row.id))
        row.key = row.shown = None
        self._session.info[WIPED] = True

    def _take_step(self, poll: Poll) -> None:
        """Let the live results of an anonymous poll be seen again, once enough people more have voted."""
        if not poll.anonymous or poll.hidden:
            return
        row, voters = self._session.get_one(PollRow, poll.id), self.voters(poll)
        seen = json.loads(row.shown)[0] if row.shown else 0
        if voters >= seen + STEP:
            row.shown = json.dumps([voters, dict(self.counts(row))])


def _table(poll: Poll) -> type[VoteRow] | type[SecretVoteRow]:
    return SecretVoteRow if poll.anonymous else VoteRow


def _tally(poll: Poll, counts: Mapping[int, int], voters: int) -> Tally:
    listed = tuple(counts.get(number, 0) for number in poll.numbers)
    return Tally(poll.id, poll.question, poll.options, listed, voters, poll.closed is not None, poll.several)
