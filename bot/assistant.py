"""The assistant: hears a turn, gives it to the first activity that takes it, and replies; it never raises."""

from __future__ import annotations

import asyncio
import logging
import secrets
import traceback
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing, suppress
from dataclasses import replace
from datetime import UTC, datetime
from threading import Lock
from typing import TYPE_CHECKING

from bot.activities import Activity, Growing, Heard, Keeper, Listener, Step
from bot.activities.feedback import offer
from bot.costs.budget import Budget
from bot.costs.prices import nanodollars
from bot.intents import Vote, Withdrawal
from bot.intents.sayings import read_saying
from bot.intents.understanding import Understanding
from bot.reply import Reply, Text
from bot.shelf import Shelf
from bot.store import Scene, StoreError
from bot.turn import Turn
from bot.withholding import without_answer
from knowledge.answer import Message, Spent
from knowledge.errors import KnowledgeError

if TYPE_CHECKING:
    from bot.store.database import Store
    from bot.store.records import Records

log = logging.getLogger(__name__)


def _now() -> datetime:
    return datetime.now(UTC)


class Assistant:
    """Hears turns. The order of `activities` is the routing table: the last should take everything."""

    def __init__(
        self,
        activities: Sequence[Activity],
        understanding: Understanding,
        shelf: Shelf,
        open_store: Callable[[], Store],
        clock: Callable[[], datetime] = _now,
        budget: Budget | None = None,
    ) -> None:
        """`open_store` is called when the store is first needed; `clock` tells when a turn arrives, which may be long
        after it was said; `budget` is told what was spent.
        """
        self._activities = activities
        self._understanding = understanding
        self._shelf = shelf
        self._open_store = open_store
        self._clock = clock
        self._budget = budget or Budget()
        self._opening = Lock()
        self._opened: Store | None = None

    @property
    def keepers(self) -> list[Keeper]:
        """The activities that keep things that come due, or messages that stand."""
        return [activity for activity in self._activities if isinstance(activity, Keeper)]

    @property
    def _store(self) -> Store:
        # Turns are heard in several threads: the first opens the store, the others wait for it.
        with self._opening:
            if self._opened is None:
                self._opened = self._open_store()
            return self._opened

    async def hear(self, turn: Turn) -> AsyncGenerator[Reply, None]:
        """The replies to `turn`; none where it was answered before, or was only overheard.

        What the last reply says is in the store before it is given; one that grows is given as it grows. A failure
        leaves the room as it was; it becomes an apology with a reference that stands in the log.
        """
        if not turn.addressed:
            await asyncio.to_thread(self._overhear, turn)
            return
        try:
            heard = await asyncio.to_thread(self._listen, turn)
            if heard is None:
                return
            async with aclosing(self._replies(heard)) as replies:
                async for reply in replies:
                    yield reply
        except Exception as error:
            reference = secrets.token_hex(4)
            log.error("Turn %s failed; reference %s\n%s", turn.id, reference, _told(error))
            await asyncio.to_thread(self._give_up, turn)
            yield Reply((Text(f"Sorry, that went wrong on my side (reference {reference})."),), "question", True)

    async def _replies(self, heard: Heard) -> AsyncGenerator[Reply, None]:
        """The reply as it grows; the last one is kept, then given."""
        taken, claimed = await self._ask_around(heard), False
        if isinstance(taken, AsyncGenerator):
            # What takes its time is claimed before; a step and its claim are one transaction.
            async with aclosing(taken) as growing:
                if not (claimed := await asyncio.to_thread(self._claim, heard.turn)):
                    return
                whole = await anext(growing)
                async for reply in growing:
                    # Whether it gives away an open quiz is known only when all is said.
                    if not heard.scene.is_asking:
                        yield whole
                    whole = reply
            taken = whole
        try:
            last = await asyncio.to_thread(self._conclude, heard, taken, claimed)
        except Exception:
            if isinstance(taken, Reply) and taken.spent:
                await asyncio.to_thread(self._count, heard.turn, taken.spent)
            raise
        if last is not None:
            yield last

    async def respond(self, turn: Turn, history: Sequence[Message], spent: int = 0) -> Reply:
        """The reply to `turn` after `history`, with nothing open and nothing kept, in a month that cost `spent`."""
        asked = next((message.content for message in reversed(history) if message.role == "user"), None)
        before = self._understanding.intent(asked, Scene()).name if asked else None
        scene = Scene(history=tuple(history), before=before, spent=spent)
        heard = Heard(turn, self._understanding.intent(turn.words, scene), scene)
        taken = await self._ask_around(heard)
        if isinstance(taken, AsyncGenerator):
            return [reply async for reply in taken][-1]
        if isinstance(taken, Reply):
            return taken
        with self._store.trying() as records:
            return taken(records)

    def _listen(self, turn: Turn) -> Heard | None:
        """The turn as it is understood in its room; None if it is answered already, or somebody else is at it."""
        pressed = read_saying(turn.words)
        if pressed is not None and isinstance(pressed.value, Vote | Withdrawal):
            # A vote is about its poll alone: hundreds come in a second, and need nothing else of the room.
            return Heard(turn, pressed, Scene())
        with self._store.reading() as records:
            if records.is_taken(turn.id, self._clock()):
                return None
            scene = records.scene(turn)
        return Heard(turn, self._understanding.intent(turn.words, scene), scene)

    def _overhear(self, turn: Turn) -> None:
        """Let whoever wants it take what was only overheard; a failure is told to nobody but the log."""
        try:
            with self._store.reading() as records:
                if records.is_taken(turn.id, self._clock()):
                    return
                wanting = [one for one in self._listeners if one.wants(turn, records)]
            if not wanting:
                return
            with self._store.writing() as records:
                if records.claim(turn.id, self._clock(), done=True):
                    # The first that takes it has it.
                    any(one.overhear(turn, records) for one in wanting)
        except Exception as error:
            log.error("Turn %s was lost; reference %s\n%s", turn.id, secrets.token_hex(4), _told(error))

    @property
    def _listeners(self) -> list[Listener]:
        return [activity for activity in self._activities if isinstance(activity, Listener)]

    def _claim(self, turn: Turn) -> bool:
        with self._store.writing() as records:
            return records.claim(turn.id, self._clock())

    async def _ask_around(self, heard: Heard) -> Reply | Step | Growing:
        for activity in self._activities:
            if (taken := await activity.take(heard)) is not None:
                return taken
        raise LookupError("No activity takes this turn: the last one listed must take everything.")

    def _give_up(self, turn: Turn) -> None:
        """An apology is an answer too: no later delivery of the turn gets another one."""
        with suppress(Exception), self._store.writing() as records:
            records.answered(turn.id, self._clock())

    def _count(self, turn: Turn, spent: Spent) -> None:
        """What was spent is spent, whatever became of the reply."""
        with suppress(Exception):
            with self._store.writing() as records:
                sums = records.ledger.enter(turn, spent, nanodollars(spent, turn.at), None)
            self._budget.warn(*sums, turn.at)

    def _conclude(self, heard: Heard, taken: Reply | Step, claimed: bool) -> Reply | None:
        """Take the step, and keep it together with what was said: all of it counts, or nothing.

        None where another delivery of the turn was faster.
        """
        turn, spent = heard.turn, taken.spent if isinstance(taken, Reply) else None
        # Before the room is held: prices are loaded when the first one is looked up.
        cost = nanodollars(spent, turn.at) if spent else None
        number, sums = None, None
        with self._store.writing() as records:
            if not claimed and not records.claim(turn.id, self._clock(), done=True):
                return None
            reply = taken if isinstance(taken, Reply) else taken(records)
            if reply.lacks:
                records.note_unanswered(turn, outside=reply.lacks == "outside")
            reply = self._withheld(heard, reply, records, changed=not isinstance(taken, Reply))
            if reply.remembered:
                number = records.remember(turn, reply)
                if reply.activity == "question" and not reply.abstained:
                    reply = replace(reply, parts=(*reply.parts, offer(number)))
            if spent:
                sums = records.ledger.enter(turn, spent, cost, number)
            if claimed:
                records.answered(turn.id, self._clock())
        if sums:
            self._budget.warn(*sums, turn.at)
        return reply

    def _withheld(self, heard: Heard, reply: Reply, records: Records, changed: bool) -> Reply:
        """The reply without what would give away an open question, of this person or of all in the room.

        `changed` where a step was taken, which may have opened or ended one.
        """
        if reply.activity.startswith(("quiz", "poll_answer")):
            return reply
        run, held, turn = heard.scene.quiz, heard.scene.round, heard.turn
        if changed:
            run, held = records.quizzes.open_run(turn.person, turn.at), records.rounds.open_together(turn.room, turn.at)
        if run and (own := self._shelf.question(run.ref)):
            reply = without_answer(reply, own)
        if held and not held.revealed and (common := self._shelf.question(held.ref)):
            reply = without_answer(reply, common, together=True)
        return reply


def _told(error: BaseException) -> str:
    """Where and as what it failed, for the log. Only the bot's own errors are told in full: the text of any other one
    can hold what somebody said.
    """
    kind = (
        f"{type(error).__name__}: {error}" if isinstance(error, KnowledgeError | StoreError) else type(error).__name__
    )
    places = "".join(traceback.format_tb(error.__traceback__))
    cause = error.__cause__
    return f"{places}{kind}" + (f"\nbecause of\n{_told(cause)}" if cause else "")
