"""The assistant: hears a turn, gives it to the first activity that takes it, and replies; it never raises."""

from __future__ import annotations

import asyncio
import logging
import secrets
import traceback
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import TYPE_CHECKING, Literal

from bot.activities import Activity, Former, Growing, Heard, Keeper, Listener, Step, drawer_of, feedback, sharing
from bot.activities.help import greeting
from bot.activities.home import home
from bot.catalogue import Catalogue
from bot.costs.budget import Budget
from bot.costs.prices import nanodollars
from bot.intents import Intent, Vote, Withdrawal
from bot.intents.sayings import read_saying
from bot.intents.understanding import Understanding
from bot.limits import QUESTIONS_A_MINUTE, Limits
from bot.reply import Choices, Form, Reply, Text
from bot.shelf import Shelf
from bot.store import Scene, StoreError
from bot.turn import Turn
from bot.withholding import without_answer
from knowledge.answer import Message, Spent
from knowledge.errors import KnowledgeError
from knowledge.question import asks

if TYPE_CHECKING:
    from bot.store.database import Store
    from bot.store.records import Records

log = logging.getLogger(__name__)

# How what was only overheard is answered.
Way = Literal["follow-up", "automatic"]
# So long after an answer goes on what its person says in the thread.
FOLLOWED = timedelta(minutes=30)


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
        limits: Limits | None = None,
    ) -> None:
        """`open_store` is called when the store is first needed; `clock` tells when a turn arrives, which may be long
        after it was said; `budget` is told what was spent; `limits` hold people to so many questions, if there are any.
        """
        self._activities = activities
        self._understanding = understanding
        self._shelf = shelf
        self._open_store = open_store
        self._clock = clock
        self._budget = budget or Budget()
        self._limits = limits
        self._opening = Lock()
        self._opened: Store | None = None

    @property
    def keepers(self) -> list[Keeper]:
        """The activities that keep things that come due, or messages that stand."""
        return [activity for activity in self._activities if isinstance(activity, Keeper)]

    @property
    def catalogue(self) -> Catalogue:
        """What platforms offer to choose from."""
        return Catalogue(self._shelf, lambda: self._store)

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
            async for reply in self._hear_overheard(turn):
                yield reply
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

    async def _hear_overheard(self, turn: Turn) -> AsyncGenerator[Reply, None]:
        """The reply to what was not addressed to the bot, where it is wanted and sure: nothing else is said aloud."""
        way = await asyncio.to_thread(self._overhear, turn)
        if way is None:
            return
        try:
            heard = await asyncio.to_thread(self._listen, turn)
            if heard is None or (reply := await self._sure_reply(heard, way)) is None:
                return
            last = await asyncio.to_thread(self._conclude, heard, reply, False)
            if last is not None:
                yield last
        except Exception as error:
            log.error("Turn %s was not answered; reference %s\n%s", turn.id, secrets.token_hex(4), _told(error))

    async def _sure_reply(self, heard: Heard, way: Way) -> Reply | Step | None:
        if way == "automatic" and heard.intent.name != "question":
            return None
        taken = await self._ask_around(heard)
        if isinstance(taken, AsyncGenerator):
            if self._limits and self._limits.wait(heard.turn.person):
                await taken.aclose()
                return None
            taken = [reply async for reply in taken][-1]
            if taken.spent and taken.abstained:
                await asyncio.to_thread(self._count, heard.turn, taken.spent)
        if isinstance(taken, Reply) and (taken.abstained or (way == "automatic" and not taken.sure)):
            return None
        return taken

    async def _replies(self, heard: Heard) -> AsyncGenerator[Reply, None]:
        """The reply as it grows; the last one is kept, then given."""
        turn, taken, claimed = heard.turn, await self._ask_around(heard), False
        if isinstance(taken, AsyncGenerator) and self._limits and (seconds := self._limits.wait(turn.person)):
            await taken.aclose()
            taken = _patience(seconds)
        if isinstance(taken, AsyncGenerator):
            # What takes its time is claimed before; a step and its claim are one transaction.
            async with aclosing(taken) as growing:
                if not (claimed := await asyncio.to_thread(self._claim, turn)):
                    return
                whole = await anext(growing)
                async for reply in growing:
                    # Whether it gives away an open quiz is known only when all is said.
                    if not heard.scene.is_asking:
                        yield self._addressed(turn, whole)
                    whole = reply
            taken = whole
        try:
            last = await asyncio.to_thread(self._conclude, heard, taken, claimed)
        except Exception:
            if isinstance(taken, Reply) and taken.spent:
                await asyncio.to_thread(self._count, turn, taken.spent)
            raise
        if last is not None:
            yield last

    async def form(self, turn: Turn) -> Form | None:
        """The form that says the words of `turn`, as it is now, for whoever opens it; None where there is none such."""
        try:
            return await asyncio.to_thread(self._find_form, turn)
        except Exception as error:
            log.error("Form of %s failed; reference %s\n%s", turn.id, secrets.token_hex(4), _told(error))
            return None

    async def home(self, turn: Turn) -> Reply:
        """What `turn.person` finds on the bot's own page; nothing is remembered of it."""
        try:
            return await asyncio.to_thread(self._find_home, turn)
        except Exception as error:
            log.error("Home of %s failed; reference %s\n%s", turn.id, secrets.token_hex(4), _told(error))
            return greeting(turn.person)

    def _find_home(self, turn: Turn) -> Reply:
        with self._store.reading() as records:
            return home(turn, records)

    def _find_form(self, turn: Turn) -> Form | None:
        intent = read_saying(turn.words) or Intent("help")
        with self._store.reading() as records:
            scene = records.scene(turn)
            heard = Heard(_with_rights(turn, scene), intent, scene)
            formers = [activity for activity in self._activities if isinstance(activity, Former)]
            return next((form for one in formers if (form := one.form(heard, records))), None)

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
        return Heard(_with_rights(turn, scene), self._understanding.intent(turn.words, scene), scene)

    def _overhear(self, turn: Turn) -> Way | None:
        """Let whoever wants it take what was only overheard; else in which way it is answered all the same, if in any.

        A failure is told to nobody but the log.
        """
        try:
            with self._store.reading() as records:
                if records.is_taken(turn.id, self._clock()):
                    return None
                wanting = [one for one in self._listeners if one.wants(turn, records)]
                if not wanting:
                    return self._way(turn, records)
            with self._store.writing() as records:
                if records.claim(turn.id, self._clock(), done=True):
                    # The first that takes it has it.
                    any(one.overhear(turn, records) for one in wanting)
        except Exception as error:
            log.error("Turn %s was lost; reference %s\n%s", turn.id, secrets.token_hex(4), _told(error))
        return None

    def _way(self, turn: Turn, records: Records) -> Way | None:
        """As a follow-up of whom the bot answered last in this thread, or as a question where it answers all."""
        if not turn.room.overheard or turn.to_others or (place := records.places.find(turn.room)).quiet:
            return None
        if records.is_answered_last(turn, turn.at - FOLLOWED):
            return "follow-up"
        return "automatic" if place.automatic and asks(turn.words) else None

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
            reply = self._addressed(turn, reply)
            if reply.remembered:
                number = records.remember(turn, reply)
                offered = (*feedback.offered(reply, number), *sharing.offered(turn, reply, number))
                if offered:
                    reply = replace(reply, parts=(*reply.parts, Choices(offered, aside=True)))
            if spent:
                sums = records.ledger.enter(turn, spent, cost, number)
            if claimed:
                records.answered(turn.id, self._clock())
        if sums:
            self._budget.warn(*sums, turn.at)
        return reply

    def _addressed(self, turn: Turn, reply: Reply) -> Reply:
        """The reply, private where nobody else in the room could read what it is about, unless it is to stand there."""
        if turn.aloud or turn.room.private or drawer_of(reply.slot, self.keepers) is not None:
            return reply
        return replace(reply, private=True)

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


def _with_rights(turn: Turn, scene: Scene) -> Turn:
    """The turn of somebody who moderates where it is said, be it only there. Nobody moderates a private talk."""
    person, named = turn.person, scene.place.moderators
    if person.moderator or turn.room.private or not {person.id, *person.groups} & set(named):
        return turn
    return replace(turn, person=replace(person, moderator=True))


def _patience(seconds: int) -> Reply:
    said = f"You have asked {QUESTIONS_A_MINUTE} questions within a minute: please wait {seconds} seconds."
    return Reply((Text(said),), "question", abstained=True, private=True, remembered=False)


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
