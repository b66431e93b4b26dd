"""The assistant: hears a turn, gives it to the first activity that takes it, and replies; it never raises."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import replace
from datetime import UTC, datetime
from threading import Lock
from typing import TYPE_CHECKING

from bot.activities import Activity, Former, Growing, Heard, Keeper, Listener, Step
from bot.activities.help import greeting
from bot.activities.home import home
from bot.catalogue import Catalogue
from bot.concluding import Concluding
from bot.costs.budget import Budget
from bot.intents import Intent, Vote, Withdrawal
from bot.intents.behaviour import read_setting
from bot.intents.sayings import read_saying
from bot.intents.talk.languages import language_of
from bot.intents.understanding import Understanding
from bot.limits import Limits, Wait
from bot.logs import failure
from bot.overhearing import Overhearing, Way
from bot.reply import LONGEST_SAYING, Form, Reply, Text
from bot.shelf import Shelf
from bot.store import Scene
from bot.together import Claimed
from bot.turn import Turn
from knowledge.answer import MAX_QUESTION, Message

if TYPE_CHECKING:
    from bot.store.database import Store

log = logging.getLogger(__name__)

# Attempts: a turn is begun twice at most. A process that died at it once may have died of something else.
MOST_ATTEMPTS = 2


class GivenUp(Exception):
    """A turn whose words are not read again: whoever read them before never came to an end."""


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
        embed: Callable[[Sequence[str]], object] | None = None,
    ) -> None:
        """`open_store` is called when the store is first needed; `clock` tells when a turn arrives, which may be long
        after it was said; `budget` is told what was spent; `limits` hold people to so many questions, if there are any;
        `embed` is told what many say at the same time, before each is read.
        """
        self._activities = activities
        self._understanding = understanding
        self._shelf = shelf
        self._open_store = open_store
        self._clock = clock
        self._limits = limits
        self._embed = embed
        self._opening = Lock()
        self._opened: Store | None = None
        listeners = [activity for activity in activities if isinstance(activity, Listener)]
        self._overhearing = Overhearing(listeners, lambda: self._store, clock)
        self._concluding = Concluding(
            lambda: self._store, clock, shelf, budget or Budget(), lambda: self.keepers, self._expect
        )

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
        vote = _pressed_vote(turn)
        if self._limits and (wait := self._limits.wait(turn.person, "vote" if vote else "act")):
            if turn.addressed and not wait.known:
                yield _patience(wait)
            return
        if not turn.addressed:
            async for reply in self._hear_overheard(turn):
                yield reply
            return
        try:
            heard = vote or await self._concluding.claim(turn, self._read)
            if heard is None:
                return
            async with aclosing(self._replies(heard, claimed=vote is None)) as replies:
                async for reply in replies:
                    yield reply
        except Exception as error:
            reference = secrets.token_hex(4)
            log.error("A turn on %s failed; reference %s\n%s", turn.room.platform, reference, failure(error))
            await asyncio.to_thread(self._concluding.give_up, turn)
            sorry = Reply((Text(f"Sorry, that went wrong on my side (reference {reference})."),), "question", True)
            yield self._concluding.addressed(turn, sorry)

    async def _hear_overheard(self, turn: Turn) -> AsyncGenerator[Reply, None]:
        """The reply to what was not addressed to the bot, where it is wanted and sure: nothing else is said aloud."""
        way = await asyncio.to_thread(self._overhearing.take, turn)
        if way is None:
            return
        try:
            heard = await asyncio.to_thread(self._listen, turn)
            if (reply := await self._sure_reply(heard, way)) is None:
                return
            last = await self._concluding.keep(heard, reply, False)
            if last is not None:
                yield last
        except Exception as error:
            reference = secrets.token_hex(4)
            log.error("Words overheard on %s failed; reference %s\n%s", turn.room.platform, reference, failure(error))

    async def _sure_reply(self, heard: Heard, way: Way) -> Reply | Step | None:
        name = heard.intent.name
        if heard.intent.certainty == "open" or name == "smalltalk" or (way == "automatic" and name != "question"):
            # Nobody is asked what they mean, nor chatted with, who did not speak to the bot.
            return None
        taken = await self._ask_around(heard)
        if isinstance(taken, AsyncGenerator):
            if self._limits and self._limits.wait(heard.turn.person):
                await taken.aclose()
                return None
            taken = [reply async for reply in taken][-1]
            if taken.spent and taken.abstained:
                await asyncio.to_thread(self._concluding.count, heard.turn, taken.spent)
        if not isinstance(taken, Reply):
            return taken
        unsure = taken.abstained or (way == "automatic" and taken.verdict not in (None, "answer"))
        return None if unsure else taken

    async def _replies(self, heard: Heard, claimed: bool) -> AsyncGenerator[Reply, None]:
        """The reply as it grows; the last one is kept, then given."""
        turn, taken = heard.turn, await self._ask_around(heard)
        if isinstance(taken, AsyncGenerator) and self._limits and (wait := self._limits.wait(turn.person)):
            await taken.aclose()
            taken = _patience(wait)
        if isinstance(taken, AsyncGenerator):
            async with aclosing(taken) as growing:
                whole = await anext(growing)
                async for reply in growing:
                    # Whether it gives away an open quiz is known only when all is said.
                    if not heard.scene.is_asking:
                        yield self._concluding.addressed(turn, whole)
                    whole = reply
            taken = whole
        try:
            last = await self._concluding.keep(heard, taken, claimed)
        except Exception:
            if isinstance(taken, Reply) and taken.spent:
                await asyncio.to_thread(self._concluding.count, turn, taken.spent)
            raise
        if last is not None:
            yield last

    async def form(self, turn: Turn) -> Form | None:
        """The form that says the words of `turn`, as it is now, for whoever opens it; None where there is none such."""
        try:
            return await asyncio.to_thread(self._find_form, turn)
        except Exception as error:
            log.error("A form on %s failed; reference %s\n%s", turn.room.platform, secrets.token_hex(4), failure(error))
            return None

    async def home(self, turn: Turn) -> Reply:
        """What `turn.person` finds on the bot's own page; nothing is remembered of it."""
        try:
            return await asyncio.to_thread(self._find_home, turn)
        except Exception as error:
            log.error("A home on %s failed; reference %s\n%s", turn.room.platform, secrets.token_hex(4), failure(error))
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
        intent = self._understood_words(turn, scene)
        heard = Heard(_meant_by(turn, intent), intent, scene)
        taken = await self._ask_around(heard)
        if isinstance(taken, AsyncGenerator):
            return [reply async for reply in taken][-1]
        if isinstance(taken, Reply):
            return taken
        with self._store.trying() as records:
            return taken(records)

    def _read(self, claimed: Claimed) -> Heard:
        """A turn as it is understood, once it is claimed. Raises GivenUp where those who were at it have died of it."""
        if claimed.attempts > MOST_ATTEMPTS:
            raise GivenUp(f"it was begun {claimed.attempts - 1} times and never ended")
        return self._understood(claimed.turn, claimed.scene)

    def _expect(self, claimed: Sequence[Claimed]) -> None:
        """What many say at the same time is embedded in one go, but for buttons and what is not read again."""
        words = [one.turn.words for one in claimed if one.attempts <= MOST_ATTEMPTS]
        if self._embed:
            self._embed([text for text in words if len(text) <= MAX_QUESTION and not read_saying(text.strip())])

    def _listen(self, turn: Turn) -> Heard:
        """The turn as it is understood in its room."""
        with self._store.reading() as records:
            scene = records.scene(turn)
        return self._understood(turn, scene)

    def _understood(self, turn: Turn, scene: Scene) -> Heard:
        """The turn as it is understood in what it finds."""
        if turn.quoted:
            # Whoever wrote that took no part in the talk of who asks about it.
            quoted = replace(scene, history=(), before=None)
            return Heard(turn, Intent("question"), quoted, language_of(turn.words))
        # Whom a setting names is told by their id.
        named = read_setting(turn.by_id) if turn.people else None
        intent = named or self._understood_words(turn, scene)
        turn = _meant_by(_with_rights(turn, scene), intent)
        # What tells languages apart may have to be loaded: here that holds up nobody else.
        language = language_of(turn.words) if intent.name == "question" else None
        return Heard(turn, intent, scene, language)

    def _understood_words(self, turn: Turn, scene: Scene) -> Intent:
        return self._understanding.intent(turn.words, scene, turn.at, turn.person.timezone)

    async def _ask_around(self, heard: Heard) -> Reply | Step | Growing:
        # Words of somebody else are no order: only what takes everything answers them.
        for activity in self._activities[-1:] if heard.turn.quoted else self._activities:
            if (taken := await activity.take(heard)) is not None:
                return taken
        raise LookupError("No activity takes this turn: the last one listed must take everything.")


def _pressed_vote(turn: Turn) -> Heard | None:
    """A vote by a button, which is about its poll alone: hundreds come in a second, and need nothing of the room."""
    # Nothing longer stands on a button; other words are read only when their turn is claimed.
    pressed = read_saying(turn.words) if not turn.quoted and len(turn.words) <= LONGEST_SAYING else None
    if pressed is None or not isinstance(pressed.value, Vote | Withdrawal):
        return None
    return Heard(turn, pressed, Scene())


def _meant_by(turn: Turn, intent: Intent) -> Turn:
    """The turn with those of its words alone that say what is meant, where it has others around them."""
    return replace(turn, words=intent.said) if intent.said else turn


def _with_rights(turn: Turn, scene: Scene) -> Turn:
    """The turn of somebody who moderates where it is said, be it only there. Nobody moderates a private talk."""
    person, named = turn.person, scene.place.moderators
    if person.moderator or turn.room.private or not {person.id, *person.groups} & set(named):
        return turn
    return replace(turn, person=replace(person, moderator=True))


def _patience(wait: Wait) -> Reply:
    return Reply((Text(wait.told),), "question", abstained=True, private=True, remembered=False)
