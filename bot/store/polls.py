"""Polls: what is open where, how it is opened, changed and closed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Select, delete, exists, or_, select
from sqlalchemy.orm import Session

from bot.store import Draft, Poll
from bot.store.due import DueRows
from bot.store.keys import key, person_of
from bot.store.models import InvitationRow, MessageRow, OptionRow, PollPlaceRow, PollRow, VoteRow
from bot.store.polling import CLOSE, REMIND, ballot_slot, result_slot, usual_reminder
from bot.store.posts import Posts
from bot.store.rooms import in_place, in_scope, made_in, name_of
from bot.store.rows import TOO_HIGH, delete_whole, insert_new, read, storable, table_of
from bot.store.scope import Scope
from bot.store.seal import Seal
from bot.store.votes import Votes
from bot.turn import WITHIN, Person, Room


class Polls:
    """All polls, in the hands of one step; `votes` are those in them."""

    def __init__(self, session: Session, seal: Seal, posts: Posts, due: DueRows) -> None:
        self._session = session
        self._seal = seal
        self.votes = Votes(session, seal, posts)
        self._posts = posts
        self._due = due
        # What was gathered: polls by their number, and whether they are held in a room.
        self._gathered: dict[int, Poll] = {}
        self._held_in: dict[tuple[int, Room], bool] = {}

    # --- Finding ---

    def open_in(self, room: Room) -> list[Poll]:
        """The polls that are open in the place, oldest first."""
        return self._found(self._held(room).where(PollRow.closed.is_(None)).order_by(PollRow.id))

    def newest_open(self, room: Room, at: datetime) -> Poll | None:
        """The newest poll of the place whose votes count at that moment."""
        running = self._held(room).where(PollRow.closed.is_(None))
        running = running.where(PollRow.closes.is_(None) | (PollRow.closes > at))
        return next(iter(self._found(running.order_by(PollRow.id.desc()).limit(1))), None)

    def last(self, room: Room, count: int = 1) -> list[Poll]:
        """The newest polls of the place, open or closed, newest first."""
        return self._found(self._held(room).order_by(PollRow.id.desc()).limit(count))

    def find(self, number: int, room: Room | None = None) -> Poll | None:
        """The poll of that number, if it is held in this place; None for a room is anywhere."""
        if not 0 < number < TOO_HIGH:
            return None
        if number in self._gathered:
            return self._gathered[number] if room is None or self._is_held(number, room.whole) else None
        wanted = select(PollRow) if room is None else self._held(room)
        return next(iter(self._found(wanted.where(PollRow.id == number))), None)

    def gather(self, voters: Mapping[int, Collection[Person]]) -> None:
        """Read polls that people are about to vote in, by their numbers, once for all that comes in this transaction.

        They stay as they are until it is over.
        """
        numbers = [number for number in voters if 0 < number < TOO_HIGH]
        rows = self.votes.locked(numbers) if numbers else []
        for row, poll in zip(rows, self._polls(rows), strict=True):
            self._gathered[row.id] = poll
            if poll.closed is None:
                self.votes.open_box(row, poll.numbers, voters[row.id])

    def settle(self) -> None:
        """Write down the votes, and let go of what was gathered."""
        self._gathered, self._held_in = {}, {}
        self.votes.settle()

    def all(self, still_open: bool = False, *, scope: Scope) -> list[Poll]:
        """All polls, newest first."""
        wanted = select(PollRow).where(in_scope(PollRow, scope)).order_by(PollRow.id.desc())
        return self._found(wanted.where(PollRow.closed.is_(None)) if still_open else wanted)

    def open_near(self, person: Person) -> list[Poll]:
        """The open polls of the places where `person` has talked, or that they have voted in by name; newest first."""
        me = person_of(person)
        # What is said in a thread that is a place of its own is kept with the place around it.
        thread = MessageRow.place + key(WITHIN) + MessageRow.thread
        same = [getattr(MessageRow, name) == getattr(PollPlaceRow, name) for name in ("platform", "server")]
        talked = [*same, or_(PollPlaceRow.place == MessageRow.place, PollPlaceRow.place == thread)]
        held = select(PollPlaceRow.poll).where(exists().where(MessageRow.person == me, *talked))
        voted = select(VoteRow.poll).where(VoteRow.voter == me)
        near = select(PollRow).where(PollRow.closed.is_(None), PollRow.id.in_(held) | PollRow.id.in_(voted))
        return self._found(near.order_by(PollRow.id.desc()))

    def of_schedule(self, schedule: int) -> list[Poll]:
        """What a recurrence has opened, oldest first."""
        return self._found(select(PollRow).where(PollRow.schedule == schedule).order_by(PollRow.id))

    def same_question(self, room: Room, question: str) -> list[Poll]:
        """The polls with that question in the place, oldest first."""
        return self._found(self._held(room).where(PollRow.question == question).order_by(PollRow.id))

    def questions_asked(self, room: Room) -> frozenset[str]:
        """The questions of all polls that were ever opened in the place."""
        return frozenset(self._session.scalars(select(PollRow.question).where(in_place(PollRow, room))))

    def places(self, poll: Poll) -> list[str]:
        """Where the poll is held, as the shell names the places."""
        return sorted(map(name_of, self._session.scalars(select(PollPlaceRow).where(PollPlaceRow.poll == poll.id))))

    # --- Opening, changing, closing ---

    def start(
        self,
        room: Room,
        by: str,
        at: datetime,
        draft: Draft,
        source: tuple[str, str] | None = None,
        schedule: int | None = None,
    ) -> Poll:
        """Open a poll in a room, for somebody of that key; `source` are slugs of a script and its section."""
        row = PollRow(
            **made_in(room, PollRow),
            opened_by=by,
            opened=at,
            several=draft.several,
            anonymous=draft.anonymous,
            script=source[0] if source else None,
            section=source[1] if source else None,
            schedule=schedule,
            key=self._seal.new_key() if draft.anonymous else None,
        )
        self._take_over(row, draft, at)
        self._session.add(row)
        self._session.flush()
        self._add_options(row, enumerate(draft.options), 1)
        self._session.add(PollPlaceRow(poll=row.id, **made_in(room, PollPlaceRow)))
        self._session.flush()
        self._set_due(row, at)
        return self._poll(row)

    def add_place(self, poll: Poll, room: Room) -> Poll:
        """Hold the poll in one more place."""
        self.settle()
        if insert_new(self._session, PollPlaceRow, {"poll": poll.id, **made_in(room, PollPlaceRow)}):
            self._posts.look_again(ballot_slot(poll.id))
        return self._poll(self._session.get_one(PollRow, poll.id))

    def take_back(self, poll: Poll, room: Room) -> bool:
        """Hold the poll no longer in a place where its ballot could not be shown; whether that was the last one.

        Then nobody can have voted, and nothing of it stays.
        """
        self.settle()
        self._session.execute(delete(PollPlaceRow).where(PollPlaceRow.poll == poll.id, in_place(PollPlaceRow, room)))
        self._posts.look_again(ballot_slot(poll.id))
        if self._session.scalar(select(PollPlaceRow.place).where(PollPlaceRow.poll == poll.id).limit(1)) is not None:
            return False
        delete_whole(self._session, table_of(PollRow), PollRow.id == poll.id)
        for what in (CLOSE, REMIND):
            self._due.set(what, poll.id, None)
        return True

    def change(self, poll: Poll, draft: Draft, at: datetime) -> Poll:
        """Change a poll that is open: an option that keeps its words keeps its number and votes, the others go;
        all stand as in `draft`.

        Raises ValueError where a vote would be lost.
        """
        row = self._locked(poll)
        kept = {option.text: option for option in self.votes.options(row)}
        gone = [option.number for text, option in kept.items() if text not in draft.options]
        counts = self.votes.counts(row)
        if any(counts.get(number) for number in gone):
            raise ValueError("an option with votes cannot go")
        self._session.execute(delete(OptionRow).where(OptionRow.poll == row.id, OptionRow.number.in_(gone)))
        free = max((option.number for option in kept.values()), default=0) + 1
        for option in kept.values():
            if option.text in draft.options:
                option.place = draft.options.index(option.text)
        new = [(place, text) for place, text in enumerate(draft.options) if text not in kept]
        self._add_options(row, new, free)
        self._take_over(row, draft, at)
        self._session.flush()
        self._set_due(row, at)
        self._posts.look_again(ballot_slot(poll.id))
        return self._poll(row)

    def close(self, poll: Poll, at: datetime) -> Poll:
        """The poll, closed; one that was closed before stays as it was.

        Of an anonymous one the counts are kept, and the votes and the key go.
        """
        row = self._locked(poll)
        if row.closed is not None:
            return self._poll(row)
        row.closed = row.closes if row.closes is not None and row.closes <= at else at
        if row.anonymous:
            self.votes.count_up(row, poll)
        self._session.execute(delete(InvitationRow).where(InvitationRow.poll == row.id))
        for what in (CLOSE, REMIND):
            self._due.set(what, row.id, None)
        self._posts.look_again(ballot_slot(poll.id))
        self._session.flush()
        return self._poll(row)

    def reopen(self, poll: Poll) -> Poll:
        """The poll, open again without a deadline. Raises ValueError for an anonymous one: nobody can be told apart."""
        row = self._locked(poll)
        if row.anonymous:
            raise ValueError("an anonymous poll cannot be reopened")
        row.closed = row.closes = row.remind = None
        self._posts.look_again(ballot_slot(poll.id))
        self._posts.drop(result_slot(poll.id))
        self._session.flush()
        return self._poll(row)

    # --- Rows ---

    def _held(self, room: Room) -> Select[PollRow]:
        return select(PollRow).where(PollRow.id.in_(select(PollPlaceRow.poll).where(in_place(PollPlaceRow, room))))

    def _found(self, wanted: Select[PollRow]) -> list[Poll]:
        return self._polls(self._session.scalars(wanted).all())

    def _is_held(self, number: int, room: Room) -> bool:
        if (number, room) not in self._held_in:
            here = self._held(room).where(PollRow.id == number).with_only_columns(PollRow.id)
            self._held_in[number, room] = self._session.scalar(here) is not None
        return self._held_in[number, room]

    def _locked(self, poll: Poll) -> PollRow:
        """The row, so that no vote is being counted and nobody else changes it meanwhile."""
        self.settle()
        wanted = select(PollRow).where(PollRow.id == poll.id).with_for_update()
        return self._session.scalars(wanted.execution_options(populate_existing=True)).one()

    def _take_over(self, row: PollRow, draft: Draft, at: datetime) -> None:
        """What can be changed of a poll while it is open."""
        row.question, row.hidden, row.zone = storable(draft.question), draft.hidden, draft.zone
        row.closes = at + draft.lasts if draft.lasts is not None else draft.until
        row.remind = None
        if row.closes is not None:
            before = usual_reminder(row.closes - at) if draft.remind is None else draft.remind
            row.remind = timedelta(seconds=int(before.total_seconds())) or None

    def _add_options(self, row: PollRow, placed: Iterable[tuple[int, str]], first: int) -> None:
        """Options with their places, numbered from `first` on."""
        self._session.add_all(
            OptionRow(poll=row.id, number=number, place=place, text=storable(text))
            for number, (place, text) in enumerate(placed, first)
        )

    def _set_due(self, row: PollRow, at: datetime) -> None:
        self._due.set(CLOSE, row.id, row.closes)
        reminder = row.closes - row.remind if row.closes is not None and row.remind else None
        self._due.set(REMIND, row.id, reminder if reminder is not None and reminder > at else None)

    def _poll(self, row: PollRow) -> Poll:
        return self._polls([row])[0]

    def _polls(self, rows: Sequence[PollRow]) -> list[Poll]:
        if not rows:
            return []
        numbers = [row.id for row in rows]
        options: dict[int, list[OptionRow]] = {number: [] for number in numbers}
        for option in self._session.scalars(
            select(OptionRow).where(OptionRow.poll.in_(numbers)).order_by(OptionRow.place, OptionRow.number)
        ):
            options[option.poll].append(option)
        platforms: dict[int, list[str]] = {number: [] for number in numbers}
        for held in self._session.scalars(select(PollPlaceRow).where(PollPlaceRow.poll.in_(numbers))):
            platforms[held.poll].append(held.platform)
        return [_poll(row, options[row.id], platforms[row.id]) for row in rows]


def _poll(row: PollRow, options: Sequence[OptionRow], platforms: Sequence[str]) -> Poll:
    return read(
        Poll,
        row,
        options=tuple(option.text for option in options),
        numbers=tuple(option.number for option in options),
        places=len(platforms),
        platforms=frozenset(platforms),
    )
