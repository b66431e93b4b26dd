"""Polls of Discord's own, where they fit: shown, voted in, kept in step with the store, and ended with it.

A vote there is words like any other. What the gateway did not tell is made good from the list of voters: after every
start, and before the end. The result is the store's, never Discord's.
"""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal
from weakref import WeakValueDictionary

import discord

from adapters.discord.buttons import parted
from adapters.discord.errors import REFUSALS
from adapters.discord.listen import PLATFORM, channel_of, room_of
from adapters.discord.render import beside
from bot.catalogue import Catalogue
from bot.intents import sayings
from bot.markup.visible import named_emoji
from bot.reply import Ballot, Reply
from bot.store import Poll, Post, StoreGone
from bot.turn import Person, Room, Turn

log = logging.getLogger(__name__)

LONGEST_QUESTION, LONGEST_ANSWER, MOST_ANSWERS = 300, 55, 10
HOUR = timedelta(hours=1)
FEWEST_HOURS, MOST_HOURS = 1, 768
# A poll is posted so soon after it was opened that its whole hours are still the same; the clocks of Discord and of
# this machine may be minutes apart.
AT_ONCE = timedelta(minutes=5)
# How often the voters of a poll are listed, in seconds, and from how long before its end on; and how often it is looked
# for the poll that ends next: none of Discord's own is open for less than an hour.
LOOKS, BEFORE_THE_END, BEAT = 5.0, timedelta(seconds=15), 120.0
PAGE = 100
BAD_REQUEST, NOT_AS_A_POLL = 400, (400, 403)

Say = Callable[[Turn], AsyncIterator[Reply]]


@dataclass(frozen=True)
class Shown:
    """A poll as Discord shows it, which can never be changed."""

    question: str
    answers: tuple[str, ...]
    hours: int
    ended: bool = False


def hours(poll: Poll, at: datetime) -> int | None:
    """For how many hours a poll is held by Discord's own means; None where they do not fit.

    They fit where nothing else than they can do is wanted: one place, open votes that everybody sees as they come.
    """
    if poll.closes is None or poll.anonymous or poll.hidden or poll.places > 1 or at - poll.opened > AT_ONCE:
        return None
    if len(poll.question) > LONGEST_QUESTION or len(poll.options) > MOST_ANSWERS:
        return None
    lasts = poll.closes - poll.opened
    whole = lasts % HOUR == timedelta(0) and FEWEST_HOURS <= lasts // HOUR <= MOST_HOURS
    return lasts // HOUR if whole and all(len(option) <= LONGEST_ANSWER for option in poll.options) else None


class Native:
    """Discord's own polls."""

    def __init__(
        self, client: discord.Client, catalogue: Callable[[], Catalogue], say: Say, clock: Callable[[], datetime]
    ) -> None:
        """`say` gives a vote to the assistant."""
        self._client = client
        self._catalogue = catalogue
        self._say = say
        self._clock = clock
        self._known: dict[int, Shown | None] = {}
        # By message; a lock is there as long as somebody waits for it or holds it.
        self._locks: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
        self._missed = asyncio.Event()

    async def post(self, channel: discord.PartialMessageable, reply: Reply, key: str) -> int | None:
        """Show a ballot as a poll of Discord's own; the message's id, or None where that does not fit."""
        number = _poll_in(reply)
        poll = await asyncio.to_thread(self._catalogue().poll, number) if number is not None else None
        lasts = hours(poll, self._clock()) if poll is not None and poll.closed is None else None
        if poll is None or lasts is None:
            return None
        shown = discord.Poll(poll.question, timedelta(hours=lasts), multiple=poll.several)
        for option in poll.options:
            text, emoji = _answer(option)
            shown.add_answer(text=text, emoji=emoji)
        try:
            message = await channel.send(
                beside(reply),
                poll=shown,
                nonce=key,
                suppress_embeds=True,
            )
        except discord.HTTPException as error:
            # Who may not send polls, or not this one, may still send buttons.
            if error.status not in NOT_AS_A_POLL:
                raise
            return None
        self._known[message.id] = Shown(poll.question, _answers(poll.options), lasts)
        return message.id

    async def edit(self, message: discord.PartialMessage, reply: Reply) -> Literal["done", "replace", "other"]:
        """Bring a poll of Discord's own up to date: it can only be ended."""
        if _poll_in(reply) is None or (shown := await self._shown(message)) is None:
            return "other"
        ballot = next((part for part in reply.parts if isinstance(part, Ballot)), None)
        same = ballot is not None and (ballot.question, _answers(one.label for one in ballot.choices)) == (
            shown.question,
            shown.answers,
        )
        if same and not shown.ended and await self._hours(reply) == shown.hours:
            return "done"
        if not shown.ended:
            await _end(message)
            self._known[message.id] = replace(shown, ended=True)
        return "done" if ballot is None else "replace"

    async def voted(self, payload: discord.RawPollVoteActionEvent, added: bool) -> None:
        """Somebody has voted, or taken a vote back."""
        async with self._locks.setdefault(payload.message_id, asyncio.Lock()):
            room = await self._room(payload.channel_id, payload.guild_id)
            poll = await asyncio.to_thread(self._catalogue().poll_in, room, str(payload.message_id))
            if poll is None or not 1 <= payload.answer_id <= len(poll.numbers):
                return
            person = await self._person(payload.guild_id, payload.user_id)
            await self._vote(poll, room, person, poll.numbers[payload.answer_id - 1], added)

    def missed(self) -> None:
        """Votes may have been missed: list all voters, soon."""
        self._missed.set()

    async def run(self) -> None:
        """Make good what was missed, and list the voters of what ends soon, until this is cancelled."""
        while True:
            until_end = await self._until_next_end()
            try:
                async with asyncio.timeout(min(max(until_end, LOOKS), BEAT)):
                    await self._missed.wait()
                self._missed.clear()
                await self.catch_up()
            except TimeoutError:
                if until_end <= BEAT:
                    await self.catch_up(self._clock() + BEFORE_THE_END)

    async def _until_next_end(self) -> float:
        """In how many seconds the voters of the poll have to be listed that ends next. It is one statement."""
        try:
            ends = await asyncio.to_thread(self._catalogue().next_close)
        except StoreGone:
            ends = None  # the store has told the log
        return BEAT + 1 if ends is None else (ends - BEFORE_THE_END - self._clock()).total_seconds()

    async def catch_up(self, ending: datetime | None = None) -> None:
        """The same as `reconcile`; a failure is told to the log alone."""
        try:
            await self.reconcile(ending)
        except StoreGone:
            pass  # the store has told the log
        except Exception:
            log.exception("The voters of polls could not be listed; it is tried again")

    async def reconcile(self, ending: datetime | None = None) -> None:
        """Bring the store in step with the lists of voters: of all polls, or of those that end until a moment."""
        catalogue = self._catalogue()
        look = (catalogue.open_ballots, PLATFORM) if ending is None else (catalogue.ending_ballots, PLATFORM, ending)
        for poll, post in await asyncio.to_thread(*look):
            if poll.closes is None or hours(poll, poll.opened) is None:
                continue  # not one of Discord's own
            try:
                await self._compare(poll, post)
            except REFUSALS:
                log.exception("The voters of poll %s could not be listed", poll.id)

    async def _compare(self, poll: Poll, post: Post) -> None:
        place, reference = channel_of(post.room), int(post.reference or 0)
        message = self._client.get_partial_messageable(place).get_partial_message(reference)
        shown = await self._shown(message)
        if shown is None or (shown.question, shown.answers) != (poll.question, _answers(poll.options)):
            return
        async with self._locks.setdefault(reference, asyncio.Lock()):
            people, voters = await self._voters(message, poll)
            held = await asyncio.to_thread(self._catalogue().votes, poll)
            for id_, chosen in voters.items():
                for number in sorted(chosen - held.get(id_, frozenset())):
                    await self._vote(poll, post.room, people[id_], number, added=True)
            for id_, chosen in held.items():
                # With one choice each, another one has taken the place of the one before.
                if poll.several or id_ not in voters:
                    for number in sorted(chosen - voters.get(id_, frozenset())):
                        await self._vote(poll, post.room, Person(id_, ""), number, added=False)

    async def _voters(
        self, message: discord.PartialMessage, poll: Poll
    ) -> tuple[Mapping[str, Person], Mapping[str, frozenset[int]]]:
        """Who has voted, and the numbers of the options that each has chosen, by the person's id."""
        people: dict[str, Person] = {}
        chosen: dict[str, frozenset[int]] = {}
        for answer, number in enumerate(poll.numbers, 1):
            async for person in self._voters_of(message, answer):
                people[person.id] = person
                chosen[person.id] = chosen.get(person.id, frozenset()) | {number}
        return people, chosen

    async def _voters_of(self, message: discord.PartialMessage, answer: int) -> AsyncIterator[Person]:
        """All voters of an answer, by pages. (The library's own way trusts Discord's count, which is but a guess.)"""
        after = None
        while True:
            told = await self._client.http.get_poll_answer_voters(
                message.channel.id, message.id, answer, after=after, limit=PAGE
            )
            for user in told["users"]:
                yield Person(f"{PLATFORM}:{user['id']}", user.get("global_name") or user["username"])
            if len(told["users"]) < PAGE:
                return
            after = int(told["users"][-1]["id"])

    async def _vote(self, poll: Poll, room: Room, person: Person, number: int, added: bool) -> None:
        words = sayings.vote(poll.id, number) if added else sayings.withdraw(poll.id, number)
        # Discord takes no vote after the end: one that is learnt of later was cast before.
        now = self._clock()
        at = now if poll.closes is None else min(now, poll.closes - timedelta(seconds=1))
        # An event of the gateway has no id; what it says twice does no harm.
        turn = Turn(f"{PLATFORM}:vote:{uuid.uuid4().hex}", room, person, words, at, aloud=False)
        async for _ in self._say(turn):
            pass

    async def _room(self, channel_id: int, guild_id: int | None) -> Room:
        """The room of a channel of which the gateway tells only the id."""
        channel = self._client.get_channel(channel_id)
        if channel is None and guild_id is not None:
            with suppress(*REFUSALS):
                channel = await self._client.fetch_channel(channel_id)
        return room_of(channel or discord.Object(channel_id), guild_id, overhears=False)

    async def _person(self, guild_id: int | None, user_id: int) -> Person:
        """Somebody of whom the gateway tells only the id."""
        guild = self._client.get_guild(guild_id) if guild_id is not None else None
        user = (guild.get_member(user_id) if guild else None) or self._client.get_user(user_id)
        if user is None:
            user = await self._client.fetch_user(user_id)
        return Person(f"{PLATFORM}:{user_id}", user.display_name)

    async def _shown(self, message: discord.PartialMessage) -> Shown | None:
        """What a message shows as a poll of Discord's own; None where it is none."""
        if message.id not in self._known:
            fetched = await message.fetch()
            self._known[message.id] = _as_shown(fetched.poll, fetched.created_at) if fetched.poll else None
        return self._known[message.id]

    async def _hours(self, reply: Reply) -> int | None:
        """For how many hours the poll of a ballot would be held by Discord's own means, as it is now."""
        number = _poll_in(reply)
        poll = await asyncio.to_thread(self._catalogue().poll, number) if number is not None else None
        return hours(poll, poll.opened) if poll is not None else None


async def _end(message: discord.PartialMessage) -> None:
    """End the poll of a message; one that has just ended by itself stays as it is."""
    fetched = await message.fetch()
    if fetched.poll is None or fetched.poll.is_finalised():
        return
    try:
        await fetched.end_poll()
    except discord.HTTPException as error:
        if error.status != BAD_REQUEST:
            raise


def _as_shown(poll: discord.Poll, posted: datetime) -> Shown:
    lasts = (poll.expires_at - posted) / HOUR if poll.expires_at is not None else 0
    return Shown(poll.question, tuple(answer.text for answer in poll.answers), round(lasts), poll.is_finalised())


def _poll_in(reply: Reply) -> int | None:
    kind, _, number = (reply.slot or "").rpartition("-")
    return int(number) if kind == "poll" and number.isdecimal() else None


def _answers(options: Iterable[str]) -> tuple[str, ...]:
    return tuple(_answer(option)[0] for option in options)


def _answer(option: str) -> tuple[str, discord.PartialEmoji | None]:
    """An option as Discord's own polls hold it: its text, and the emoji that it begins with."""
    text, emoji = parted(option)
    return named_emoji(text), emoji
