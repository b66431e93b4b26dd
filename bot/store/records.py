"""What one step reads and writes, all in one transaction: nothing of it counts until the store commits."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Select, delete, exists, func, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.reply import Reply, Tally
from bot.store import Kept, Poll, QuizRun, Scene, conversation_of, key, person_of, place_of
from bot.store.ledger import Ledger
from bot.store.models import (
    EventRow,
    FeedbackRow,
    MessageRow,
    OptionRow,
    PlaceRow,
    PollRow,
    QuizRow,
    SpendingRow,
    UnansweredRow,
    VoteRow,
)
from bot.turn import Person, Room, Turn
from knowledge.answer import MAX_QUESTION, Message

# What a follow-up can lean on; older turns are kept until their time is up, but not read.
REMEMBERED = 12
# Whoever claimed an event has this long to answer it; then its next delivery may.
LEASE = timedelta(seconds=90)
# A quiz that nobody answered for so long is over.
QUIZ_LASTS = timedelta(days=1)
# No row has a number as high as this, whatever a button says; some databases refuse to look for one.
TOO_HIGH = 2**31


class Records:
    """The store in the hands of one step; its `ledger` holds what was spent."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.ledger = Ledger(session)

    # --- Events ---

    def claim(self, event_id: str, at: datetime) -> bool:
        """Take an event to answer it; False if it is answered, or somebody else is at it."""
        wanted = key(event_id)
        try:
            with self._session.begin_nested():
                self._session.add(EventRow(id=wanted, claimed_until=at + LEASE, done=False))
        except IntegrityError:
            lapsed = (EventRow.id == wanted, EventRow.done.is_(False), EventRow.claimed_until <= at)
            taken = self._session.execute(
                update(EventRow)
                .where(*lapsed)
                .values(claimed_until=at + LEASE)
                .execution_options(synchronize_session=False)
            )
            return bool(getattr(taken, "rowcount", 0))
        return True

    def answered(self, event_id: str) -> None:
        """Mark a claimed event as answered: no delivery of it is answered again."""
        marked = update(EventRow).where(EventRow.id == key(event_id)).values(done=True)
        self._session.execute(marked.execution_options(synchronize_session=False))

    # --- Memory ---

    def scene(self, turn: Turn) -> Scene:
        """What `turn` finds in its room."""
        rows = self._session.scalars(
            select(MessageRow)
            .where(MessageRow.conversation == conversation_of(turn.room))
            .where(or_(MessageRow.private.is_(False), MessageRow.person == person_of(turn.person)))
            .order_by(MessageRow.id.desc())
            .limit(REMEMBERED)
        ).all()[::-1]
        place = self._session.get(PlaceRow, place_of(turn.room))
        return Scene(
            history=tuple(Message("user" if row.activity is None else "assistant", row.content) for row in rows),
            before=rows[-1].activity if rows else None,
            script=place.script if place else None,
            poll=self.open_poll(turn.room),
            quiz=self.open_quiz(turn.person, turn.at),
            spent=self.ledger.cost(turn.at),
        )

    def remember(self, turn: Turn, reply: Reply) -> int:
        """Keep what was said and answered; the number of the answer, for feedback on it."""
        shared = {
            "conversation": conversation_of(turn.room),
            "person": person_of(turn.person),
            "private": reply.private,
            "at": turn.at,
        }
        said = MessageRow(activity=None, content=storable(turn.words), **shared)
        answer = MessageRow(activity=reply.activity, content=storable(reply.text), **shared)
        self._session.add_all((said, answer))
        self._session.flush()  # in this order, so that what was said comes first
        return answer.id

    def last_answer(self, turn: Turn) -> int | None:
        """The number of the newest answer to a question of this person in this conversation."""
        return self._session.scalar(
            select(func.max(MessageRow.id)).where(
                MessageRow.conversation == conversation_of(turn.room),
                MessageRow.person == person_of(turn.person),
                MessageRow.activity == "question",
            )
        )

    def note_unanswered(self, turn: Turn) -> None:
        """Keep a question that the sources do not cover, for those who write them."""
        self._session.add(
            UnansweredRow(
                place=place_of(turn.room), person=person_of(turn.person), question=storable(turn.words), at=turn.at
            )
        )

    def answers_since(self, room: Room | None, since: datetime) -> int:
        """How many replies were given since then in a place, in all its threads; None stands for all places."""
        given = select(func.count()).where(MessageRow.activity.is_not(None), MessageRow.at >= since)
        if room is not None:
            beginning = f"{place_of(room)}/"
            # LIKE would take "c1" for "C1".
            given = given.where(func.substr(MessageRow.conversation, 1, len(beginning)) == beginning)
        return self._count(given)

    def judge(self, message: int, person: Person, helpful: bool, reason: str | None, at: datetime) -> bool:
        """Keep what `person` thinks of an answer that was given to them; False if it was not."""
        given = select(
            exists().where(
                MessageRow.id == message, MessageRow.person == person_of(person), MessageRow.activity.is_not(None)
            )
        )
        if message >= TOO_HIGH or not self._session.scalar(given):
            return False
        why = storable(reason) if reason else None
        self._session.merge(FeedbackRow(message=message, person=person_of(person), helpful=helpful, reason=why, at=at))
        return True

    # --- Places ---

    def use_script(self, room: Room, slug: str) -> None:
        """Make the script of that slug the current one of the place."""
        self._session.merge(PlaceRow(place=place_of(room), script=slug))

    # --- Polls ---

    def open_poll(self, room: Room) -> Poll | None:
        """The poll that is open in the place; the newest, if ever there were several."""
        return self._newest_poll(select(PollRow).where(PollRow.closed.is_(None)), room)

    def last_poll(self, room: Room) -> Poll | None:
        """The newest poll of the place, open or closed."""
        return self._newest_poll(select(PollRow), room)

    def poll(self, number: int, room: Room) -> Poll | None:
        """The poll of that number, if it belongs to this place."""
        row = self._session.get(PollRow, number) if number < TOO_HIGH else None
        return self._poll(row) if row is not None and row.place == place_of(room) else None

    def questions_polled(self, room: Room) -> frozenset[str]:
        """The questions of all polls that were ever opened in the place."""
        return frozenset(self._session.scalars(select(PollRow.question).where(PollRow.place == place_of(room))))

    def start_poll(self, turn: Turn, question: str, options: Sequence[str]) -> Poll:
        """Open a poll in the turn's place."""
        row = PollRow(place=place_of(turn.room), question=question, opened_by=person_of(turn.person), opened=turn.at)
        self._session.add(row)
        self._session.flush()
        self._session.add_all(OptionRow(poll=row.id, number=place, text=text) for place, text in enumerate(options, 1))
        self._session.flush()
        return self._poll(row)

    def vote(self, poll: Poll, person: Person, option: int) -> int | None:
        """Count the vote of `person`; the option that they had before, None if they had none."""
        row = self._session.get(VoteRow, (poll.id, person_of(person)))
        if row is None:
            self._session.add(VoteRow(poll=poll.id, person=person_of(person), option=option))
            return None
        before, row.option = row.option, option
        return before

    def tally(self, poll: Poll) -> Tally:
        """How the poll stands."""
        self._session.flush()
        votes = Counter(self._session.scalars(select(VoteRow.option).where(VoteRow.poll == poll.id)))
        counts = tuple(votes[number] for number in range(1, len(poll.options) + 1))
        return Tally(poll.id, poll.question, poll.options, counts, votes.total(), poll.closed is not None)

    def close_poll(self, poll: Poll, at: datetime) -> Poll:
        """The poll, closed; one that was closed before stays as it was."""
        row = self._session.get_one(PollRow, poll.id)
        row.closed = row.closed or at
        return self._poll(row)

    # --- Quizzes ---

    def open_quiz(self, person: Person, at: datetime) -> QuizRun | None:
        """The quiz that is open for `person`, wherever they opened it."""
        row = self._session.scalar(
            select(QuizRow)
            .where(QuizRow.person == person_of(person), QuizRow.outcome.is_(None), QuizRow.opened > at - QUIZ_LASTS)
            .order_by(QuizRow.id.desc())
            .limit(1)
        )
        return _run(row) if row else None

    def quiz(self, number: int, person: Person) -> QuizRun | None:
        """The run of that number, if it is of this person."""
        row = self._session.get(QuizRow, number) if number < TOO_HIGH else None
        return _run(row) if row is not None and row.person == person_of(person) else None

    def start_quiz(self, turn: Turn, script: str, section: str) -> QuizRun:
        """Open a quiz for the person; whatever they had open is stopped."""
        self._session.execute(
            update(QuizRow)
            .where(QuizRow.person == person_of(turn.person), QuizRow.outcome.is_(None))
            .values(outcome="stopped")
        )
        row = QuizRow(
            person=person_of(turn.person),
            place=place_of(turn.room),
            script=script,
            section=section,
            opened=turn.at,
            tries=0,
            hints=0,
        )
        self._session.add(row)
        self._session.flush()
        return _run(row)

    def keep_quiz(self, run: QuizRun) -> None:
        """Keep what changed in a run: tries, hints, grade, outcome."""
        row = self._session.get_one(QuizRow, run.id)
        row.tries, row.hints, row.first, row.outcome = run.tries, run.hints, run.first, run.outcome

    def quizzes_of(self, person: Person, room: Room | None = None) -> list[QuizRun]:
        """All runs of a person that are over, oldest first; in one place only, if given."""
        query = (
            select(QuizRow)
            .where(QuizRow.person == person_of(person), QuizRow.outcome.is_not(None))
            .order_by(QuizRow.id)
        )
        if room is not None:
            query = query.where(QuizRow.place == place_of(room))
        return [_run(row) for row in self._session.scalars(query)]

    # --- Privacy ---

    def kept(self, person: Person) -> Kept:
        """How much is stored about `person`."""
        return Kept(
            messages=self._count(select(func.count()).where(MessageRow.person == person_of(person))),
            votes=self._count(select(func.count()).where(VoteRow.person == person_of(person))),
            quizzes=self._count(select(func.count()).where(QuizRow.person == person_of(person))),
            feedback=self._count(select(func.count()).where(FeedbackRow.person == person_of(person))),
        )

    def forget(self, person: Person) -> None:
        """Delete what is stored about `person`. A vote in a closed poll stays in its count, without the person."""
        said = select(MessageRow.id).where(MessageRow.person == person_of(person))
        self.ledger.detach(SpendingRow.message.in_(said))
        for table in (MessageRow, UnansweredRow, FeedbackRow, QuizRow):
            self._session.execute(delete(table).where(table.person == person_of(person)))
        open_polls = select(PollRow.id).where(PollRow.closed.is_(None))
        self._session.execute(delete(VoteRow).where(VoteRow.person == person_of(person), VoteRow.poll.in_(open_polls)))
        for vote in self._session.scalars(select(VoteRow).where(VoteRow.person == person_of(person))).all():
            vote.person = f"forgotten:{secrets.token_hex(8)}"
        self._session.execute(
            update(PollRow).where(PollRow.opened_by == person_of(person)).values(opened_by="forgotten")
        )

    # --- Reading rows ---

    def _count(self, query: Select[int]) -> int:
        return self._session.scalar(query) or 0

    def _newest_poll(self, query: Select[PollRow], room: Room) -> Poll | None:
        row = self._session.scalar(query.where(PollRow.place == place_of(room)).order_by(PollRow.id.desc()).limit(1))
        return self._poll(row) if row else None

    def _poll(self, row: PollRow) -> Poll:
        options = select(OptionRow.text).where(OptionRow.poll == row.id).order_by(OptionRow.number)
        return Poll(row.id, row.question, tuple(self._session.scalars(options)), row.opened, row.closed)


def storable(text: str) -> str:
    """`text` as every database takes it: at most as long as a question may be, without halves of characters."""
    return text[:MAX_QUESTION].encode("utf-8", "replace").decode("utf-8").replace("\x00", "")


def _run(row: QuizRow) -> QuizRun:
    return QuizRun(row.id, row.script, row.section, row.opened, row.tries, row.hints, row.first, row.outcome)
