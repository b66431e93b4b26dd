"""Claiming a turn and concluding it: its step is taken, and kept together with what was said and what was spent."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from bot.activities import Heard, Keeper, Step, drawer_of, feedback, sharing
from bot.activities.polls import making
from bot.costs.budget import Budget
from bot.costs.prices import nanodollars
from bot.intents import Vote, Withdrawal
from bot.markup.marks import as_written
from bot.reply import LONGEST_SAYING, Choice, Choices, Part, Reply, Text
from bot.shelf import Shelf
from bot.together import Claimed, Together
from bot.turn import Turn
from bot.withholding import without_answer
from knowledge.answer import Spent

if TYPE_CHECKING:
    from bot.store import QuizRun, Round
    from bot.store.database import Store
    from bot.store.records import Records


class Concluding:
    """Concludes turns: of each, all counts or nothing."""

    def __init__(
        self,
        open_store: Callable[[], Store],
        clock: Callable[[], datetime],
        shelf: Shelf,
        budget: Budget,
        keepers: Callable[[], Sequence[Keeper]],
        expect: Callable[[Sequence[Claimed]], object],
    ) -> None:
        """`expect` is told of turns that are about to be read one after the other."""
        self._open_store = open_store
        self._clock = clock
        self._shelf = shelf
        self._budget = budget
        self._keepers = keepers
        self._together = Together(open_store, clock, expect)

    async def claim(self, turn: Turn, then: Callable[[Claimed], Heard]) -> Heard | None:
        """Take a turn to answer it, and `then` read it, in a thread. None if it is answered or somebody is at it."""
        return await self._together.claim(turn, then)

    async def keep(self, heard: Heard, taken: Reply | Step, claimed: bool) -> Reply | None:
        """The reply, once the step is taken and all of it is in the store; votes and replies that are ready go
        together. None where another delivery of the turn was faster; `claimed` where this one has claimed it already.
        """
        reply, asked = await self._keep(heard, taken, claimed), making.still_asked(heard)
        if reply is not None and heard.intent.besides:
            reply = replace(reply, parts=(*reply.parts, *_also_said(heard.intent.besides)))
        if reply is None or asked is None or not (reply.private or heard.turn.room.private):
            return reply  # what nobody else has seen of a poll is not told in public
        # It is no part of the talk that others read: so it is added to what is kept.
        return replace(reply, parts=(*reply.parts, asked))

    async def _keep(self, heard: Heard, taken: Reply | Step, claimed: bool) -> Reply | None:
        value = heard.intent.value
        if isinstance(taken, Reply):
            return await self._keep_ready(heard, taken, claimed)
        if isinstance(value, Vote | Withdrawal) and heard.intent.certainty != "open":
            return await self._together.vote(heard.turn, value.poll, taken, claimed)
        # What other steps read and hold is not known, nor in which order.
        return await asyncio.to_thread(self._conclude, heard, taken, claimed)

    def give_up(self, turn: Turn) -> None:
        """An apology is an answer too: no later delivery of the turn gets another one."""
        with suppress(Exception), self._open_store().writing() as records:
            records.events.answered(turn.id, self._clock())

    def count(self, turn: Turn, spent: Spent) -> None:
        """What was spent is spent, whatever became of the reply."""
        with suppress(Exception):
            with self._open_store().writing() as records:
                sums = records.ledger.enter(turn, spent, nanodollars(spent, turn.at), None)
            self._budget.warn(*sums, turn.at)

    def addressed(self, turn: Turn, reply: Reply) -> Reply:
        """The reply, private where nobody else in the room could read what it is about, unless it is to stand there."""
        heard_by_all = turn.aloud and not turn.quoted
        if heard_by_all or turn.room.private or drawer_of(reply.slot, self._keepers()) is not None:
            return reply
        return replace(reply, private=True)

    async def _keep_ready(self, heard: Heard, ready: Reply, claimed: bool) -> Reply | None:
        """Keep what was said, beside what else is being kept."""
        turn = heard.turn
        if ready.spent or heard.scene.is_asking:
            told, cost = await asyncio.to_thread(self._prepared, heard, ready)
        else:
            told, cost = self._prepared(heard, ready)
        kept = await self._together.keep(
            turn, lambda records: _kept(turn, told, cost, records), claimed, durable=ready.spent is not None
        )
        if kept is None:
            return None
        reply, sums = kept
        if sums:
            self._budget.warn(*sums, turn.at)
        return reply

    def _prepared(self, heard: Heard, ready: Reply) -> tuple[Reply, int | None]:
        """The reply as it may be told, and what it cost in nanodollars: all that needs no store, and may take a while.

        Prices are loaded when the first one is looked up.
        """
        cost = nanodollars(ready.spent, heard.turn.at) if ready.spent else None
        return self._told(heard, ready, heard.scene.quiz, heard.scene.round), cost

    def _conclude(self, heard: Heard, step: Step, claimed: bool) -> Reply | None:
        """Take the step, and keep it together with what was said: all of it counts, or nothing.

        None where another delivery of the turn was faster.
        """
        turn = heard.turn
        with self._open_store().writing() as records:
            if not claimed and not records.events.claim(turn.id, self._clock(), done=True):
                return None
            reply = step(records)
            run, held = heard.scene.quiz, heard.scene.round
            if _may_tell(reply):
                # The step may have opened a question or ended one.
                run = records.quizzes.open_run(turn.person, turn.at)
                held = records.rounds.open_together(turn.room, turn.at)
            reply, _ = _kept(turn, self._told(heard, reply, run, held), None, records)
            if claimed:
                records.events.answered(turn.id, self._clock())
        return reply

    def _told(self, heard: Heard, reply: Reply, run: QuizRun | None, held: Round | None) -> Reply:
        """The reply as it may be told, while these questions are open, of this person and of all in the room."""
        return self.addressed(heard.turn, self._withheld(reply, run, held))

    def _withheld(self, reply: Reply, run: QuizRun | None, held: Round | None) -> Reply:
        """The reply without what would give away an open question, of this person or of all in the room."""
        if not _may_tell(reply):
            return reply
        if run and (own := self._shelf.question(run.ref)):
            reply = without_answer(reply, own)
        if held and not held.revealed and (common := self._shelf.question(held.ref)):
            reply = without_answer(reply, common, together=True)
        return reply


def _may_tell(reply: Reply) -> bool:
    """Whether the reply might give an open question away; a quiz knows itself what it may tell."""
    return not reply.activity.startswith(("quiz", "poll_answer"))


def _kept(turn: Turn, reply: Reply, cost: int | None, records: Records) -> tuple[Reply, tuple[int, int] | None]:
    """Keep what was said and what it cost: the reply with what is offered beside it, and the sums of its month, where
    something was spent.
    """
    number, sums = None, None
    if reply.lacks:
        records.note_unanswered(turn, outside=reply.lacks == "outside")
    if reply.remembered:
        said = replace(turn, words="") if reply.unheard else turn
        number = records.remember(said, sharing.remembered(turn, reply))
        offered = (*feedback.offered(reply, number), *sharing.offered(turn, reply, number))
        if offered:
            reply = replace(reply, parts=(*reply.parts, Choices(offered, aside=True)))
    if reply.spent:
        sums = records.ledger.enter(turn, reply.spent, cost, number)
    return reply, sums


def _also_said(words: str) -> tuple[Part, ...]:
    """What else was said in the same turn and is not done, with a button that says it where one can."""
    told = Text(f"That was one of two things: you also said “{as_written(words)}”.")
    sayable = words.isascii() and len(words) <= LONGEST_SAYING
    return (told, Choices((Choice(words, words),), aside=True)) if sayable else (told,)
