"""Polls: what is open where, how it is opened, changed and closed."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, delete, select, update
from sqlalchemy.orm import Session

from bot.store import Draft, Poll
from bot.store.due import DueRows
from bot.store.keys import person_of, place_of
from bot.store.models import InvitationRow, MessageRow, OptionRow, PollPlaceRow, PollRow, VoteRow
from bot.store.polling import CLOSE, REMIND, ballot_slot, result_slot, usual_reminder
from bot.store.posts import Posts
from bot.store.rows import TOO_HIGH, insert_new, storable
from bot.store.seal import Seal
from bot.store.votes import Votes
from bot.turn import Person, Room

# How long an invitation to another place is good for.
INVITED = timedelta(days=1)
# Without letters and digits that are taken for each other.
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


class Polls:
    """All polls, in the hands of one step; `votes` are those in them."""

    def __init__(self, session: Session, seal: Seal, posts: Posts, due: DueRows) -> None:
        self._session = session
        self._seal = seal
        self.votes = Votes(session, seal)
        self._posts = posts
        self._due = due

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
        wanted = select(PollRow) if room is None else self._held(room)
        return next(iter(self._found(wanted.where(PollRow.id == number))), None)

    def all(self, still_open: bool = False) -> list[Poll]:
        """All polls of all places, newest first."""
        wanted = select(PollRow).order_by(PollRow.id.desc())
        return self._found(wanted.where(PollRow.closed.is_(None)) if still_open else wanted)

    def open_near(self, person: Person) -> list[Poll]:
        """The open polls of the places where `person` has talked, or that they have voted in by name; newest first."""
        me = person_of(person)
        talked = select(MessageRow.conversation).where(MessageRow.person == me).distinct()
        places = {talk.rpartition("/")[0] for talk in self._session.scalars(talked)}
        held = select(PollPlaceRow.poll).where(PollPlaceRow.place.in_(places))
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
        return frozenset(self._session.scalars(select(PollRow.question).where(PollRow.place == place_of(room))))

    def places(self, poll: Poll) -> list[str]:
        """Where the poll is held, by the keys of the places."""
        held = select(PollPlaceRow.place).where(PollPlaceRow.poll == poll.id)
        return list(self._session.scalars(held.order_by(PollPlaceRow.place)))

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
            place=place_of(room),
            question=storable(draft.question),
            opened_by=by,
            opened=at,
            several=draft.several,
            anonymous=draft.anonymous,
            hidden=draft.hidden,
            zone=draft.zone,
            script=source[0] if source else None,
            section=source[1] if source else None,
            schedule=schedule,
            key=self._seal.new_key() if draft.anonymous else None,
        )
        self._set_times(row, draft, at)
        self._session.add(row)
        self._session.flush()
        self._session.add_all(
            OptionRow(poll=row.id, number=number, text=storable(text)) for number, text in enumerate(draft.options, 1)
        )
        self._session.add(PollPlaceRow(poll=row.id, place=place_of(room)))
        self._session.flush()
        self._set_due(row, at)
        return self._poll(row)

    def add_place(self, poll: Poll, room: Room) -> Poll:
        """Hold the poll in one more place."""
        insert_new(self._session, PollPlaceRow, {"poll": poll.id, "place": place_of(room)})
        return self._again(poll)

    def invite(self, poll: Poll, at: datetime) -> str:
        """A code by which a moderator elsewhere can hold the poll there too."""
        self._session.execute(delete(InvitationRow).where(InvitationRow.until <= at))
        code = "".join(secrets.choice(_LETTERS) for _ in range(8))
        self._session.add(InvitationRow(code=code, poll=poll.id, until=at + INVITED))
        return code

    def invited(self, code: str, at: datetime) -> Poll | None:
        """The poll that a code invites to."""
        row = self._session.get(InvitationRow, code)
        return self.find(row.poll) if row is not None and row.until > at else None

    def change(self, poll: Poll, draft: Draft, at: datetime) -> Poll:
        """Change a poll that is open: an option that keeps its words keeps its number and votes, the others go.

        Raises ValueError where a vote would be lost.
        """
        row = self._locked(poll)
        kept = {option.text: option for option in self._options(row.id)}
        gone = [option.number for text, option in kept.items() if text not in draft.options]
        counts = self.votes.counts(row)
        if any(counts.get(number) for number in gone):
            raise ValueError("an option with votes cannot go")
        self._session.execute(delete(OptionRow).where(OptionRow.poll == row.id, OptionRow.number.in_(gone)))
        free = max((option.number for option in kept.values()), default=0) + 1
        fresh = [text for text in draft.options if text not in kept]
        self._session.add_all(
            OptionRow(poll=row.id, number=number, text=storable(text)) for number, text in enumerate(fresh, free)
        )
        row.question, row.hidden, row.zone = storable(draft.question), draft.hidden, draft.zone
        self._set_times(row, draft, at)
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

    def forget(self, person: Person) -> None:
        """Let go of the votes of `person`, as far as that can be, and of who opened a poll."""
        self.votes.forget(person)
        self._session.execute(
            update(PollRow).where(PollRow.opened_by == person_of(person)).values(opened_by="forgotten")
        )

    # --- Rows ---

    def _held(self, room: Room) -> Select[PollRow]:
        held: ColumnElement[bool] = PollPlaceRow.place == place_of(room)
        return select(PollRow).join(PollPlaceRow, PollPlaceRow.poll == PollRow.id).where(held)

    def _found(self, wanted: Select[PollRow]) -> list[Poll]:
        return [self._poll(row) for row in self._session.scalars(wanted).all()]

    def _again(self, poll: Poll) -> Poll:
        return self._poll(self._session.get_one(PollRow, poll.id))

    def _locked(self, poll: Poll) -> PollRow:
        """The row, so that no vote is being counted and nobody else changes it meanwhile."""
        wanted = select(PollRow).where(PollRow.id == poll.id).with_for_update()
        return self._session.scalars(wanted.execution_options(populate_existing=True)).one()

    def _set_times(self, row: PollRow, draft: Draft, at: datetime) -> None:
        row.closes = at + draft.lasts if draft.lasts is not None else draft.until
        row.remind = None
        if row.closes is not None:
            before = usual_reminder(row.closes - at) if draft.remind is None else draft.remind
            row.remind = int(before.total_seconds()) or None

    def _set_due(self, row: PollRow, at: datetime) -> None:
        self._due.set(CLOSE, row.id, row.closes)
        reminder = row.closes - timedelta(seconds=row.remind) if row.closes is not None and row.remind else None
        self._due.set(REMIND, row.id, reminder if reminder is not None and reminder > at else None)

    def _options(self, poll: int) -> Sequence[OptionRow]:
        wanted = select(OptionRow).where(OptionRow.poll == poll).order_by(OptionRow.number)
        return self._session.scalars(wanted).all()

    def _poll(self, row: PollRow) -> Poll:
        options = self._options(row.id)
        places = self._session.scalars(select(PollPlaceRow.place).where(PollPlaceRow.poll == row.id)).all()
        return Poll(
            id=row.id,
            question=row.question,
            options=tuple(option.text for option in options),
            opened=row.opened,
            closed=row.closed,
            numbers=tuple(option.number for option in options),
            several=row.several,
            anonymous=row.anonymous,
            hidden=row.hidden,
            closes=row.closes,
            remind=None if row.remind is None else timedelta(seconds=row.remind),
            zone=row.zone,
            script=row.script,
            section=row.section,
            schedule=row.schedule,
            places=len(places),
            platforms=frozenset(place.partition("/")[0] for place in places),
        )
