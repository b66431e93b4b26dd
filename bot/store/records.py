"""What one step reads and writes, all in one transaction: nothing of it counts until the store commits."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta

from sqlalchemy import Select, delete, exists, func, or_, select, update
from sqlalchemy.orm import Session

from bot.reply import Part, Reply, Sources
from bot.store import Kept, Scene, Told, Unanswered
from bot.store.discussions import Discussions
from bot.store.drafts import Drafts
from bot.store.due import DueRows
from bot.store.insights import Insights
from bot.store.keys import conversation_of, key, person_of, place_of
from bot.store.leaderboard import Leaderboard
from bot.store.ledger import Ledger
from bot.store.models import (
    EventRow,
    FeedbackRow,
    MessageRow,
    QuizRow,
    SpendingRow,
    UnansweredRow,
)
from bot.store.places import Places
from bot.store.plans import Plans
from bot.store.polls import Polls
from bot.store.posts import Posts
from bot.store.quizzes import Quizzes
from bot.store.rounds import Rounds
from bot.store.rows import TOO_HIGH, WIPED, hold, insert_new, said_in, storable, upsert
from bot.store.seal import Seal
from bot.turn import Person, Room, Turn
from knowledge.answer import Message, Source

# What a follow-up can lean on; older turns are kept until their time is up, but not read.
REMEMBERED = 12
# Whoever claimed an event has this long to answer it; then its next delivery may.
LEASE = timedelta(seconds=90)


class Records:
    """The store in the hands of one step; what has a subject of its own lies in a room of its own."""

    def __init__(self, session: Session, seal: Seal) -> None:
        self._session = session
        self.ledger = Ledger(session)
        self.places = Places(session)
        self.posts = Posts(session)
        self.due = DueRows(session)
        self.plans = Plans(session, self.due)
        self.drafts = Drafts(session)
        self.polls = Polls(session, seal, self.posts, self.due)
        self.quizzes = Quizzes(session)
        self.rounds = Rounds(session, seal)
        self.leaderboard = Leaderboard(session)
        self.discussions = Discussions(session, self.posts, self.due)
        self.insights = Insights(session)

    # --- Events ---

    def is_taken(self, event_id: str, at: datetime) -> bool:
        """Whether an event is answered, or somebody is at it."""
        row = self._session.get(EventRow, key(event_id))
        return row is not None and (row.done or row.claimed_until > at)

    def claim(self, event_id: str, at: datetime, done: bool = False) -> bool:
        """Take an event to answer it; False if it is answered, or somebody else is at it.

        `done` where it is answered in this very transaction.
        """
        claimed = {"claimed_until": at + LEASE, "done": done}
        if insert_new(self._session, EventRow, {"id": key(event_id), **claimed}):
            return True
        lapsed = (EventRow.id == key(event_id), EventRow.done.is_(False), EventRow.claimed_until <= at)
        taken = update(EventRow).where(*lapsed).values(claimed)
        taken = taken.execution_options(synchronize_session=False)
        return bool(getattr(self._session.execute(taken), "rowcount", 0))

    def answered(self, event_id: str, at: datetime) -> None:
        """Mark an event as answered, claimed or not: no delivery of it is answered again."""
        done = {"done": True, "claimed_until": at}
        self._session.execute(upsert(self._session, EventRow, {"id": key(event_id)}, done))

    # --- Memory ---

    def scene(self, turn: Turn) -> Scene:
        """What `turn` finds in its room."""
        here = MessageRow.conversation == conversation_of(turn.room)
        if turn.room.private:
            # What was answered in private elsewhere goes on here.
            here |= MessageRow.private & (MessageRow.person == person_of(turn.person))
        rows = self._session.scalars(
            select(MessageRow)
            .where(here)
            .where(or_(MessageRow.private.is_(False), MessageRow.person == person_of(turn.person)))
            .order_by(MessageRow.id.desc())
            .limit(REMEMBERED)
        ).all()[::-1]
        thread = self.discussions.of_thread(turn.room)
        return Scene(
            history=tuple(Message("user" if row.activity is None else "assistant", row.content) for row in rows),
            before=rows[-1].activity if rows else None,
            place=self.places.find(turn.room),
            poll=self.polls.newest_open(turn.room, turn.at),
            quiz=self.quizzes.open_run(turn.person, turn.at),
            round=self.rounds.open_together(turn.room, turn.at),
            discussion=thread or self.discussions.current(turn.room, turn.at),
            in_thread=thread is not None,
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
        # What was said and its answer stay side by side, whoever else talks here at the same time.
        hold(self._session, f"talk {shared['conversation']}")
        said = MessageRow(activity=None, content=storable(turn.words), **shared)
        answer = MessageRow(
            activity=reply.activity, content=storable(reply.text), sources=_written(reply.parts), **shared
        )
        self._session.add_all((said, answer))
        self._session.flush()  # in this order, so that what was said comes first
        return answer.id

    def told(self, number: int, turn: Turn | None = None) -> Told | None:
        """The answer of that number; with a `turn` only if it was given to that person, in that conversation."""
        row = self._session.get(MessageRow, number) if number < TOO_HIGH else None
        if row is None or row.activity is None:
            return None
        if turn and (row.person, row.conversation) != (person_of(turn.person), conversation_of(turn.room)):
            return None
        asked = self._session.scalar(
            select(MessageRow)
            .where(MessageRow.conversation == row.conversation, MessageRow.id < number)
            .order_by(MessageRow.id.desc())
            .limit(1)
        )
        is_question = row.activity == "question" and asked is not None and asked.activity is None
        sources, numbered = _read(row.sources)
        return Told(row.activity, row.content, asked.content if asked and is_question else None, sources, numbered)

    def is_answered_last(self, turn: Turn, since: datetime) -> bool:
        """Whether the last that the bot said aloud in the turn's thread was said to its person, since then."""
        if turn.room.thread is None:
            return False
        answers = select(MessageRow).where(MessageRow.conversation == conversation_of(turn.room))
        newest = answers.where(MessageRow.activity.is_not(None), MessageRow.private.is_(False))
        row = self._session.scalar(newest.order_by(MessageRow.id.desc()).limit(1))
        return row is not None and row.person == person_of(turn.person) and row.at >= since

    def last_answer(self, turn: Turn) -> int | None:
        """The number of the newest answer to a question of this person in this conversation."""
        return self._session.scalar(
            select(func.max(MessageRow.id)).where(
                MessageRow.conversation == conversation_of(turn.room),
                MessageRow.person == person_of(turn.person),
                MessageRow.activity == "question",
            )
        )

    def note_unanswered(self, turn: Turn, outside: bool = False) -> None:
        """Keep a question that the sources do not cover, for those who write them."""
        self._session.add(
            UnansweredRow(
                place=place_of(turn.room),
                person=person_of(turn.person),
                question=storable(turn.words),
                outside=outside,
                at=turn.at,
            )
        )

    def unanswered(self, since: datetime) -> list[Unanswered]:
        """The questions since then that the sources did not cover, oldest first."""
        rows = self._session.scalars(
            select(UnansweredRow).where(UnansweredRow.at >= since).order_by(UnansweredRow.at, UnansweredRow.id)
        )
        return [Unanswered(row.question, row.person, row.place, row.outside, row.at) for row in rows]

    def answers_since(self, room: Room | None, since: datetime) -> int:
        """How many replies were given since then in a place, in all its threads; None stands for all places."""
        given = (MessageRow.activity.is_not(None), MessageRow.at >= since, *said_in(room))
        return self._count(select(func.count()).select_from(MessageRow).where(*given))

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
        where = {"message": message, "person": person_of(person)}
        opinion = {"helpful": helpful, "reason": why, "at": at}
        self._session.execute(upsert(self._session, FeedbackRow, where, opinion))
        return True

    # --- Privacy ---

    def kept(self, person: Person) -> Kept:
        """How much is stored about `person`."""
        return Kept(
            messages=self._count(select(func.count()).where(MessageRow.person == person_of(person))),
            votes=self.polls.votes.held(person),
            quizzes=self._count(select(func.count()).where(QuizRow.person == person_of(person)))
            + self.rounds.held(person),
            feedback=self._count(select(func.count()).where(FeedbackRow.person == person_of(person))),
            leaderboards=self.leaderboard.held(person),
            replies=self.discussions.held(person),
        )

    def forget(self, person: Person) -> None:
        """Delete what is stored about `person`. A vote in a closed poll stays in its count, without the person."""
        said = select(MessageRow.id).where(MessageRow.person == person_of(person))
        self.ledger.detach(SpendingRow.message.in_(said))
        for table in (MessageRow, UnansweredRow, FeedbackRow, QuizRow):
            self._session.execute(delete(table).where(table.person == person_of(person)))
        self.polls.forget(person)
        self.drafts.forget(person)
        self.rounds.forget(person)
        self.leaderboard.forget(person)
        self.discussions.forget(person)
        self._session.info[WIPED] = True

    def _count(self, query: Select[int]) -> int:
        return self._session.scalar(query) or 0


def _written(parts: Sequence[Part]) -> str | None:
    """What an answer stands on, as it is kept."""
    held = next((part for part in parts if isinstance(part, Sources)), None)
    if held is None:
        return None
    return storable(json.dumps({"sources": [asdict(one) for one in held.sources], "numbered": held.numbered}))


def _read(written: str | None) -> tuple[tuple[Source, ...], bool]:
    if written is None:
        return (), False
    held = json.loads(written)
    return tuple(Source(**one) for one in held["sources"]), held["numbered"]
