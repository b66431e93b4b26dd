"""Votes: who chose what, where that is no secret, and how a poll stands."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress

from sqlalchemy import ColumnElement, delete, distinct, func, select, update
from sqlalchemy.orm import Session

from bot.reply import Tally
from bot.store import Poll
from bot.store.box import Box
from bot.store.keys import person_of
from bot.store.models import OptionRow, PollRow, SecretVoteRow, VoteRow
from bot.store.polling import FEWEST, ballot_slot
from bot.store.posts import Posts
from bot.store.rows import WIPED, count
from bot.store.seal import Seal, SealError
from bot.turn import Person

# What is told of who is forgotten, or voted before names were kept.
FORGOTTEN = "somebody"


class Votes:
    """All votes, in the hands of one step: what changes is kept in a box for each poll, and written at its end.

    Whatever else reads or changes their rows has to `settle` before.
    """

    def __init__(self, session: Session, seal: Seal, posts: Posts) -> None:
        self._session = session
        self._seal = seal
        self._boxes: dict[int, Box] = {}
        self._posts = posts

    def choices_of(self, poll: Poll, person: Person) -> tuple[int, ...]:
        """The numbers of the options that `person` has chosen. Raises SealError."""
        if poll.id in self._boxes:
            return self._boxes[poll.id].choices_of(person)
        table = _table(poll)
        chosen = select(table.option).where(table.poll == poll.id, table.voter == self._voter(poll, person))
        return tuple(self._session.scalars(chosen.order_by(table.option)))

    def vote(self, poll: Poll, person: Person, options: Iterable[int]) -> bool:
        """Count that `person` chooses the options of those numbers, beside others where there are several choices.

        False, and nothing is changed, where the poll was closed meanwhile, or an option went. Raises SealError.
        """
        wanted, box = set(options), self._box(poll)
        if not box.offered or not wanted <= box.offered:
            return False
        box.vote(person, wanted)
        return True

    def withdraw(self, poll: Poll, person: Person, option: int | None = None) -> bool:
        """Take back one choice of `person`, or all; False where the poll was closed meanwhile. Raises SealError."""
        box = self._box(poll)
        if not box.offered:
            return False
        box.withdraw(person, option)
        return True

    def open_box(self, row: PollRow, offered: Collection[int], people: Iterable[Person]) -> None:
        """Have the votes of many in one poll read at once; its row is locked, and has options of those numbers."""
        box = self._boxes[row.id] = Box(self._session, self._seal, row, offered)
        # Each of them is told, when they vote.
        with suppress(SealError):
            box.expect(people)

    def settle(self) -> None:
        """Write down all that has changed; what shows it is drawn anew, soon."""
        boxes, self._boxes = self._boxes, {}
        if changed := [number for number in sorted(boxes) if boxes[number].write()]:
            self._posts.changed(*(ballot_slot(number) for number in changed))

    def voters(self, poll: Poll) -> int:
        """How many people have voted."""
        if (box := self._boxes.get(poll.id)) is not None and box.offered:
            return box.standing()[1]
        row = self._session.get_one(PollRow, poll.id)
        if row.voters is not None:
            return row.voters
        table = _table(poll)
        counted = select(func.count(distinct(table.voter))).where(table.poll == poll.id)
        return self._session.scalar(counted) or 0

    def tally(self, poll: Poll) -> Tally:
        """How the poll stands, exactly: what people may see of it is `shown_tally`."""
        if (box := self._boxes.get(poll.id)) is not None and box.offered:
            return _tally(poll, *box.standing())
        self._session.flush()
        row = self._session.get_one(PollRow, poll.id)
        counts = self.counts(row)
        # With one choice each there are as many voters as votes.
        one_each = not poll.several and row.voters is None
        return _tally(poll, counts, sum(counts.values()) if one_each else self.voters(poll))

    def shown_tally(self, poll: Poll) -> Tally | None:
        """What people may see of how the poll stands.

        None before the close of a hidden or an anonymous one, and of an anonymous one with too few voters.
        """
        if poll.closed is None and (poll.hidden or poll.anonymous):
            return None
        if poll.anonymous and self.voters(poll) < FEWEST:
            return None
        return self.tally(poll)

    def names(self, poll: Poll) -> Mapping[int, Sequence[str]]:
        """Who chose each option, by its number; nothing of an anonymous poll."""
        self.settle()
        wanted = select(VoteRow).where(VoteRow.poll == poll.id).order_by(VoteRow.name, VoteRow.voter)
        found: dict[int, list[str]] = {}
        for row in self._session.scalars(wanted):
            found.setdefault(row.option, []).append(FORGOTTEN if row.name is None else row.name)
        return found

    def by_person(self, poll: Poll) -> Mapping[str, frozenset[int]]:
        """The numbers of the options that each person has chosen, by their key; nothing of an anonymous poll."""
        self.settle()
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

    def held_by_name(self, person: Person) -> int:
        """How many choices of `person` are stored under their key."""
        return count(self._session, VoteRow, VoteRow.voter == person_of(person))

    def held_secretly(self, person: Person) -> int:
        """How many choices of `person` there are in open anonymous polls."""
        return sum(count(self._session, SecretVoteRow, *own) for own in self._secret_votes(person))

    def forget_secret(self, person: Person) -> None:
        """Delete the votes of `person` in open anonymous polls; of closed ones none are kept."""
        gone: set[int] = set()
        for own in self._secret_votes(person):
            gone.update(self._session.scalars(delete(SecretVoteRow).where(*own).returning(SecretVoteRow.poll)))
        self._draw_again(gone)

    def forget_named(self, person: Person) -> None:
        """Delete the votes of `person` in open polls. In closed ones they stay in the counts, without the person."""
        mine, still_open = VoteRow.voter == person_of(person), select(PollRow.id).where(PollRow.closed.is_(None))
        theirs = delete(VoteRow).where(mine, VoteRow.poll.in_(still_open))
        self._draw_again({*self._session.scalars(theirs.returning(VoteRow.poll))})
        for poll in self._session.scalars(select(VoteRow.poll).where(mine).distinct()).all():
            # Another name in each poll, so that nothing stays together that one person chose.
            stranger = {"voter": f"forgotten:{secrets.token_hex(8)}", "name": None}
            self._session.execute(update(VoteRow).where(mine, VoteRow.poll == poll).values(stranger))

    def _draw_again(self, polls: Collection[int]) -> None:
        if polls:
            self._posts.changed(*(ballot_slot(poll) for poll in sorted(polls)))

    def _secret_votes(self, person: Person) -> Iterator[tuple[ColumnElement[bool], ...]]:
        """What picks the votes of `person` in each open anonymous poll whose key can be opened."""
        for poll in self._session.scalars(select(PollRow).where(PollRow.key.is_not(None))).all():
            with suppress(SealError):
                voter = self._seal.voter(poll.key or "", person)
                yield SecretVoteRow.poll == poll.id, SecretVoteRow.voter == voter

    # --- Rows ---

    def options(self, row: PollRow) -> Sequence[OptionRow]:
        """The options of a poll, in order."""
        wanted = select(OptionRow).where(OptionRow.poll == row.id).order_by(OptionRow.place, OptionRow.number)
        return self._session.scalars(wanted).all()

    def _box(self, poll: Poll) -> Box:
        """The box of a poll, which stays as it is until this step is done."""
        if poll.id not in self._boxes:
            (row,) = self.locked([poll.id])
            # Only now: beside the row that was waited for, one query would find the options as they were before.
            offered = self._session.scalars(select(OptionRow.number).where(OptionRow.poll == poll.id)).all()
            self._boxes[poll.id] = Box(self._session, self._seal, row, offered)
        return self._boxes[poll.id]

    def locked(self, polls: Collection[int]) -> Sequence[PollRow]:
        """The rows of polls that are voted in: groups of votes, and whoever changes or closes one, take turns.

        Shared locks would be faster for single votes, but whoever closes a poll could wait for ever: in several
        processes there is always a group under way.
        """
        held = select(PollRow).where(PollRow.id.in_(polls)).order_by(PollRow.id).with_for_update(key_share=True)
        return self._session.scalars(held.execution_options(populate_existing=True)).all()

    def _voter(self, poll: Poll, person: Person) -> str:
        if not poll.anonymous:
            return person_of(person)
        key = self._session.get_one(PollRow, poll.id).key
        # A closed one has no key: nobody is anybody in it any more.
        return self._seal.voter(key, person) if key else ""

    def counts(self, row: PollRow) -> Mapping[int, int]:
        """The votes by the number of their option."""
        self.settle()
        if row.anonymous and row.voters is not None:
            return {option.number: option.votes or 0 for option in self.options(row)}
        table = SecretVoteRow if row.anonymous else VoteRow
        counted = select(table.option, func.count()).where(table.poll == row.id).group_by(table.option)
        return dict(self._session.execute(counted).all())

    def count_up(self, row: PollRow, poll: Poll) -> None:
        """Keep the counts of an anonymous poll that closes, if enough people voted; its votes and its key go."""
        counts, row.voters = self.counts(row), self.voters(poll)
        for option in self.options(row):
            option.votes = counts.get(option.number, 0) if row.voters >= FEWEST else None
        self._session.execute(delete(SecretVoteRow).where(SecretVoteRow.poll == row.id))
        row.key = None
        self._session.info[WIPED] = True


def _table(poll: Poll) -> type[VoteRow] | type[SecretVoteRow]:
    return SecretVoteRow if poll.anonymous else VoteRow


def _tally(poll: Poll, counts: Mapping[int, int], voters: int) -> Tally:
    listed = tuple(counts.get(number, 0) for number in poll.numbers)
    return Tally(poll.id, poll.question, poll.options, listed, voters, poll.closed is not None, poll.several)
