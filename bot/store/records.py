"""What one step reads and writes, all in one transaction: nothing of it counts until the store commits."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import exists, func, insert, select
from sqlalchemy.orm import Session

from bot.reply import Part, Reply, Sources
from bot.store import Kept, Scene, Told, Unanswered
from bot.store.discussions import Discussions
from bot.store.drafts import Drafts
from bot.store.due import DueRows
from bot.store.events import Events
from bot.store.insights import Insights
from bot.store.invitations import Invitations
from bot.store.keys import person_of, talk_of
from bot.store.leaderboard import Leaderboard
from bot.store.ledger import Ledger
from bot.store.looks import look, said_before, without_chat
from bot.store.models import FeedbackRow, MessageRow, UnansweredRow
from bot.store.places import Places
from bot.store.plans import Plans
from bot.store.polls import Polls
from bot.store.posts import Posts
from bot.store.quizzes import Quizzes
from bot.store.retention import ByHand, Retention
from bot.store.rooms import in_place, in_room, in_scope, made_in, name_of, room_of
from bot.store.rounds import Rounds
from bot.store.rows import TOO_HIGH, count, hold, read, storable, upsert
from bot.store.scope import Scope
from bot.store.seal import Seal
from bot.store.undoing import Undoing
from bot.turn import Person, Turn
from knowledge.answer import Message, Source

# Made once; the numbers come in the order of the rows.
_REMEMBERED = insert(MessageRow).returning(MessageRow.id, sort_by_parameter_order=True)


class Records:
    """The store in the hands of one step; what has a subject of its own lies in a room of its own."""

    def __init__(self, session: Session, seal: Seal) -> None:
        self._session = session
        self.events = Events(session, seal)
        self.ledger = Ledger(session)
        self.places = Places(session)
        self.posts = Posts(session)
        self.due = DueRows(session)
        self.plans = Plans(session, self.due)
        self.drafts = Drafts(session)
        self.undoing = Undoing(session)
        self.polls = Polls(session, seal, self.posts, self.due)
        self.invitations = Invitations(session)
        self.quizzes = Quizzes(session)
        self.rounds = Rounds(session, seal, self.posts)
        self.leaderboard = Leaderboard(session)
        self.discussions = Discussions(session, self.posts, self.due)
        self.insights = Insights(session)
        self._retention = self._retained()

    def settle(self) -> None:
        """Write down what was kept back so that it is written at once; nothing is read or changed after that."""
        self.polls.settle()

    # --- Memory ---

    def scene(self, turn: Turn) -> Scene:
        """What `turn` finds in its room."""
        place, there = look(self._session, turn)
        talked = "said" in there or turn.room.private
        said, chatted = without_chat(said_before(self._session, turn) if talked else ())
        thread = self.discussions.of_thread(turn.room) if "thread" in there else None
        current = thread or (self.discussions.current(turn.room, turn.at) if "discussion" in there else None)
        return Scene(
            history=tuple(
                Message("user" if activity is None else "assistant", words) for activity, words, _ in said if words
            ),
            before=said[-1][0] if said else None,
            told_at=said[-1][2] if said else None,
            chatted=chatted,
            place=place,
            poll=self.polls.newest_open(turn.room, turn.at) if "poll" in there else None,
            prepared=self.drafts.newest(turn.person) if "draft" in there else None,
            quiz=self.quizzes.open_run(turn.person, turn.at) if "quiz" in there else None,
            round=self.rounds.open_together(turn.room, turn.at) if "round" in there else None,
            discussion=current,
            in_thread=thread is not None,
            spent=self.ledger.cost(turn.at) if "spent" in there else 0,
        )

    def remember(self, turn: Turn, reply: Reply) -> int:
        """Keep what was said and answered; the number of the answer, for feedback on it."""
        shared = {
            **made_in(turn.room.around, MessageRow),
            "person": person_of(turn.person),
            "private": reply.private,
            "at": turn.at,
        }
        # What was said and its answer stay side by side, whoever else talks here at the same time.
        hold(self._session, f"talk {talk_of(turn.room)}")
        said = {"activity": None, "content": storable(turn.words), "sources": None}
        told = {"activity": reply.activity, "content": storable(reply.text), "sources": _written(reply.parts)}
        # In this order, so that what was said comes first.
        numbers = self._session.connection().scalars(_REMEMBERED, [{**shared, **said}, {**shared, **told}]).all()
        return numbers[-1]

    def told(self, number: int, turn: Turn | None = None) -> Told | None:
        """The answer of that number; with a `turn` only if it was given to that person, in that conversation."""
        if number >= TOO_HIGH:
            return None
        given = select(MessageRow).where(MessageRow.id == number)
        if turn:
            given = given.where(MessageRow.person == person_of(turn.person), in_room(MessageRow, turn.room.around))
        row = self._session.scalar(given)
        if row is None or row.activity is None:
            return None
        same = (getattr(MessageRow, name) == getattr(row, name) for name in ("platform", "server", "place", "thread"))
        asked = self._session.scalar(
            select(MessageRow).where(*same, MessageRow.id < number).order_by(MessageRow.id.desc()).limit(1)
        )
        is_question = row.activity == "question" and asked is not None and asked.activity is None
        sources, numbered = _read(row.sources)
        question = asked.content if asked and is_question else None
        return Told(row.activity, row.content, question, sources, numbered, row.shared_by or "")

    def told_last(self, turn: Turn) -> Told | None:
        """What the turn's person was told last in its talk, but for small talk."""
        given = select(MessageRow.id).where(
            MessageRow.person == person_of(turn.person),
            in_room(MessageRow, turn.room.around),
            MessageRow.activity.is_not(None),
            MessageRow.activity != "smalltalk",
        )
        number = self._session.scalar(given.order_by(MessageRow.id.desc()).limit(1))
        return None if number is None else self.told(number, turn)

    def shared(self, number: int, by: str) -> None:
        """Keep who shows the answer of that number to all in the room."""
        self._session.get_one(MessageRow, number).shared_by = storable(by)

    def is_answered_last(self, turn: Turn, since: datetime) -> bool:
        """Whether the last that the bot said aloud in the turn's thread was said to its person, since then."""
        if turn.room.thread is None:
            return False
        answers = select(MessageRow).where(in_room(MessageRow, turn.room.around))
        newest = answers.where(MessageRow.activity.is_not(None), MessageRow.private.is_(False))
        row = self._session.scalar(newest.order_by(MessageRow.id.desc()).limit(1))
        return row is not None and row.person == person_of(turn.person) and row.at >= since

    def last_talk(self, turn: Turn, since: datetime) -> str | None:
        """The thread in the turn's place in which its person was answered last, since then; None for none."""
        row = self._session.scalar(
            select(MessageRow)
            .where(in_place(MessageRow, turn.room.around), MessageRow.person == person_of(turn.person))
            .where(MessageRow.activity.is_not(None), MessageRow.at >= since)
            .order_by(MessageRow.id.desc())
            .limit(1)
        )
        return room_of(row).thread if row is not None else None

    def last_answer(self, turn: Turn) -> int | None:
        """The number of the newest answer to a question of this person in this conversation."""
        return self._session.scalar(
            select(func.max(MessageRow.id)).where(
                in_room(MessageRow, turn.room.around),
                MessageRow.person == person_of(turn.person),
                MessageRow.activity == "question",
            )
        )

    def note_unanswered(self, turn: Turn, outside: bool = False) -> None:
        """Keep a question that the sources do not cover, for those who write them."""
        self._session.add(
            UnansweredRow(
                **made_in(turn.room.around, UnansweredRow),
                person=person_of(turn.person),
                question=storable(turn.words),
                outside=outside,
                at=turn.at,
            )
        )

    def unanswered(self, since: datetime, *, scope: Scope) -> list[Unanswered]:
        """The questions since then that the sources did not cover, oldest first."""
        rows = self._session.scalars(
            select(UnansweredRow)
            .where(UnansweredRow.at >= since, in_scope(UnansweredRow, scope))
            .order_by(UnansweredRow.at, UnansweredRow.id)
        )
        return [read(Unanswered, row, place=name_of(row)) for row in rows]

    def answers_since(self, since: datetime, *, scope: Scope) -> int:
        """How many replies were given since then."""
        given = (MessageRow.activity.is_not(None), MessageRow.at >= since, in_scope(MessageRow, scope))
        return count(self._session, MessageRow, *given)

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

    def kept(self, person: Person) -> list[Kept]:
        """What is stored about `person`, the most first."""
        self.settle()
        return self._retention.kept(person)

    def forget(self, person: Person) -> None:
        """Delete what is stored about `person`. A vote in a closed poll stays in its count, without the person."""
        self.settle()
        self._retention.forget(person)

    def purge(self, before: datetime) -> None:
        """Delete what was said before that moment; polls and their counts stay, and sums of what was spent."""
        self._retention.purge(before)

    def _retained(self) -> Retention:
        votes = self.polls.votes
        by_hand = {
            "votes.voter": ByHand(votes.held_by_name, votes.forget_named),
            "secret_votes.voter": ByHand(votes.held_secretly, votes.forget_secret),
            "places.moderators": ByHand(self.places.moderated, self.places.forget_moderator),
        }
        before = {
            "messages": self.ledger.detach_from,
            "remarks": self.discussions.draw_again,
            "round_answers": self.rounds.draw_again,
        }
        return Retention(self._session, by_hand, before)


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
