"""The connection to Discord: what happens there is heard, answered, and kept up to date."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Protocol, TypedDict, Unpack, cast

import discord
from discord.abc import Snowflake

from adapters.discord import forms
from adapters.discord.buttons import ABOUT, AGAIN, MINE, OPEN, SAY, THREAD, Picked, Pressed, button, view
from adapters.discord.commands import tree as command_tree
from adapters.discord.deliver import Delivery, whisper
from adapters.discord.listen import SAID, turn_of, turn_said
from adapters.discord.native import Native
from adapters.discord.offering import asked_about, offer
from adapters.discord.poster import Channels
from adapters.discord.reading import named
from adapters.discord.render import Drawing
from adapters.discord.threads import go_on
from bot.board import Board
from bot.catalogue import Catalogue
from bot.intents.sayings import is_of_a_quiz
from bot.publisher import Publisher
from bot.reply import Form, Reply
from bot.settings import Settings, SettingsError
from bot.turn import Turn

log = logging.getLogger(__name__)

# What began is finished within this time when the bot is stopped, in seconds.
LAST_WORDS = 30.0
# The library waits so long at most, in seconds, where Discord asks for patience; for more it says so. It takes no less.
LONGEST_WAIT = 30.0
SHARDS = "FINOPS_DISCORD_SHARD_IDS needs FINOPS_DISCORD_SHARDS, the number of all shards, and ids below that number."
CORRECT = "Correct it"
# Discord's number for an interaction that it does not know any more: three seconds have passed.
EXPIRED = 10062
PRESS_AGAIN = "I was too late for what you pressed or sent me, so nothing came of it: please do it again."


class How(TypedDict, total=False):
    """How words are said: `quoted` where they are those of another message, `pictures` where some came with them."""

    quoted: bool
    pictures: bool
    fields: Mapping[str, str]


class Hearer(Protocol):
    """What Discord needs of an assistant."""

    @property
    def catalogue(self) -> Catalogue:
        """What can be chosen."""
        ...

    def hear(self, turn: Turn) -> AsyncIterator[Reply]:
        """The replies to a turn."""
        ...

    async def form(self, turn: Turn) -> Form | None:
        """The form that the words of a turn stand for; None where they stand for none."""
        ...


def _now() -> datetime:
    return datetime.now(UTC)


class Bot(discord.AutoShardedClient):
    """The bot in Discord. Nothing in it has to be kept: it can be another process after each event."""

    def __init__(
        self,
        settings: Settings,
        hearer: Hearer,
        board: Board,
        clock: Callable[[], datetime] = _now,
    ) -> None:
        """Raises SettingsError for shards that cannot be."""
        super().__init__(
            intents=_intents(settings.discord_message_content),
            allowed_mentions=discord.AllowedMentions.none(),  # of whatever it sends or edits
            chunk_guilds_at_startup=False,
            max_ratelimit_timeout=LONGEST_WAIT,
            **_shards(settings),
        )
        self._moderators = frozenset(settings.moderators)
        self._overhears = settings.discord_message_content
        self._hearer = hearer
        self._drafts = forms.Drafts(clock)
        self.native = Native(self, lambda: hearer.catalogue, hearer.hear, clock)
        self.publisher = Publisher(board, Channels(self, self.native), clock)
        self._delivery = Delivery(self.publisher, self._drafts.keep, clock)
        self.tree = command_tree(self, lambda: hearer.catalogue, self._say, self._open, self._ask, self._fill)
        self._running: set[asyncio.Task[Any]] = set()
        self._known = asyncio.Event()
        self._stopping = False
        self.add_dynamic_items(Pressed, Picked)

    # --- Beginning and end ---

    async def setup_hook(self) -> None:
        """Tell Discord the commands."""
        await self.tree.sync()
        self._known.set()

    async def keep_up(self, caught_up: Callable[[], None]) -> None:
        """Keep what stands up to date, as soon as Discord knows the bot, until this is cancelled.

        `caught_up` is called when the votes are known that were cast while the bot was away.
        """
        await self._known.wait()
        await self.native.catch_up()
        caught_up()
        async with asyncio.TaskGroup() as keeping:
            keeping.create_task(self.publisher.run())
            keeping.create_task(self.native.run())

    async def on_ready(self) -> None:
        """What happened while there was no connection is not told again."""
        self.native.missed()

    async def on_shard_ready(self, shard: int) -> None:
        """The same for a part of the servers."""
        self.native.missed()

    async def close(self) -> None:
        """Finish what began, then leave; nothing new is begun."""
        if not self._stopping:
            self._stopping = True
            if began := self._running - {asyncio.current_task()}:
                await asyncio.wait(began, timeout=LAST_WORDS)
        await super().close()

    # --- What happens ---

    async def on_message(self, message: discord.Message) -> None:
        """Somebody has said something."""
        by_people = not (message.author.bot or message.webhook_id) and message.type in SAID
        if not by_people or self.user is None or not self._begin():
            return
        channel = await self._known_channel(message.channel)
        turn = await turn_said(message, self.user, self._moderators, self._overhears, channel)
        if turn.addressed and not turn.quoted and message.reference is None and turn.room.thread == str(message.id):
            # A second mention goes on with what its person was answered before.
            begun = await asyncio.to_thread(self._hearer.catalogue.talk, turn)
            turn = replace(turn, room=replace(turn.room, thread=begun or turn.room.thread))
        # What is overheard without the right to read it has no words.
        if turn.quoted and message.reference is not None and message.reference.message_id is not None:
            await offer(message, message.reference.message_id)
        elif turn.addressed or (self._overhears and message.content.strip()):
            await self._delivery.answer(message, turn, self._hearer.hear(turn))

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        """A form was submitted; commands and presses have ways of their own."""
        told = interaction.data.get("custom_id", "") if interaction.data else ""
        if interaction.type is discord.InteractionType.modal_submit and isinstance(told, str):
            await self._submitted(interaction, told.removeprefix(forms.SUBMITTED))

    async def on_raw_poll_vote_add(self, payload: discord.RawPollVoteActionEvent) -> None:
        """Somebody has voted in a poll of Discord's own."""
        if self._begin():
            await self.native.voted(payload, added=True)

    async def on_raw_poll_vote_remove(self, payload: discord.RawPollVoteActionEvent) -> None:
        """Somebody has taken back a vote in a poll of Discord's own."""
        if self._begin():
            await self.native.voted(payload, added=False)

    async def press(self, interaction: discord.Interaction[Any], what: str) -> None:
        """Do what a button or a menu carries."""
        kind, _, words = what.partition(" ")
        if kind == OPEN:
            await self._open(interaction, words)
        elif kind == AGAIN:
            key, _, says = words.partition(" ")
            await self._open(interaction, says, key)
        elif kind == THREAD:
            await go_on(interaction, int(words))
        elif kind == MINE:
            if self._begin() and await _deferred(interaction):
                await self._delivery.show_withheld(interaction, words)
        elif kind == ABOUT and (asked := await asked_about(interaction, int(words))):
            await self._ask(interaction, *asked)
        elif kind == SAY:
            await self._say(interaction, words)

    # --- What is done ---

    async def _say(self, interaction: discord.Interaction[Any], words: str, **how: Unpack[How]) -> None:
        in_place = interaction.message is not None and is_of_a_quiz(words)
        if self._begin() and await _deferred(interaction, in_place):
            said = await named(words, interaction.guild, cast(discord.abc.User, self.user))
            turn = await turn_of(interaction, said.words, self._moderators, self._overhears)
            turn = replace(turn, people=said.people, **how)
            await self._delivery.respond(interaction, turn, self._hearer.hear(turn), in_place)

    async def _ask(self, interaction: discord.Interaction[Any], words: str, pictures: bool) -> None:
        """Ask about the words of another message, which are a question and nothing else."""
        await self._say(interaction, words, quoted=True, pictures=pictures)

    async def _fill(self, interaction: discord.Interaction[Any], words: str, values: Mapping[str, str]) -> None:
        """Hear a form that a command has filled in."""
        await self._say(interaction, words, fields=await self._by_name(interaction, values))

    async def _by_name(self, interaction: discord.Interaction[Any], values: Mapping[str, str]) -> dict[str, str]:
        """What was filled in, with names in the place of mentions."""
        me = cast(discord.abc.User, self.user)
        return {name: (await named(value, interaction.guild, me)).words for name, value in values.items()}

    async def _open(self, interaction: discord.Interaction[Any], says: str, key: str = "") -> None:
        """Open a form. Where there is none (any more, or for this person), the answer to the same words says why."""
        # Discord waits three seconds for a window: no talk is followed back before it is there.
        turn = await turn_of(interaction, says, self._moderators, self._overhears, followed=False)
        form = await self._hearer.form(turn)
        if form is None:
            await self._say(interaction, says)
            return
        try:
            await interaction.response.send_modal(forms.modal(form, self._drafts.find(key)))
        except discord.HTTPException as error:
            await _too_late(interaction, error)

    async def _submitted(self, interaction: discord.Interaction[Any], says: str) -> None:
        """Hear what was filled in; with mistakes in it, say which, and let it be opened again as it was."""
        if not (self._begin() and await _deferred(interaction)):
            return
        turn = await turn_of(interaction, says, self._moderators, self._overhears)
        form = await self._hearer.form(turn)
        typed = forms.filled_in(cast(Mapping[str, Any], interaction.data or {}).get("components", ()), form)
        values = await self._by_name(interaction, typed)
        if form is not None and (wrong := form.check(values)):
            again = button(CORRECT, f"{AGAIN} {self._drafts.keep(values)} {says}")
            await interaction.edit_original_response(content=forms.what_is_wrong(form, wrong), view=view((), (again,)))
            return
        submitted = await turn_of(interaction, says, self._moderators, self._overhears, values)
        await self._delivery.respond(interaction, submitted, self._hearer.hear(submitted))

    async def _known_channel(self, channel: Snowflake) -> Snowflake:
        """The channel, asked for where the library does not hold it: it may be a thread."""
        if isinstance(channel, discord.PartialMessageable) and channel.guild_id is not None:
            with suppress(discord.HTTPException):
                return await self.fetch_channel(channel.id)
        return channel

    def _begin(self) -> bool:
        """Something begins that is finished even if the bot is stopped; False where it is being stopped."""
        task = asyncio.current_task()
        if self._stopping or task is None:
            return False
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return True


async def _deferred(interaction: discord.Interaction[Any], in_place: bool = False) -> bool:
    """Tell Discord at once that an answer comes; False where nobody can answer any more, or somebody else does.

    With `in_place` the message that was pressed may become the answer.
    """
    private = interaction.guild_id is not None
    try:
        await interaction.response.defer(ephemeral=private and not in_place, thinking=not in_place)
    except discord.HTTPException as error:
        await _too_late(interaction, error)
        return False
    return True


async def _too_late(interaction: discord.Interaction[Any], error: discord.HTTPException) -> None:
    """Tell whoever pressed that nothing came of it, by the one way that is left; somebody else may have answered."""
    log.warning("Interaction %s cannot be answered any more (%s)", interaction.id, error.code)
    if error.code == EXPIRED:
        await whisper(interaction.user, Drawing((PRESS_AGAIN,)), f"{interaction.id}-late")


def _intents(content: bool) -> discord.Intents:
    """The events that are needed, and no more."""
    wanted = discord.Intents.none()
    wanted.guilds = wanted.guild_messages = wanted.dm_messages = wanted.guild_polls = True
    wanted.emojis_and_stickers = True  # which emoji may be drawn on buttons
    wanted.message_content = content
    return wanted


def _shards(settings: Settings) -> dict[str, Any]:
    count, ids = settings.discord_shards, list(settings.discord_shard_ids)
    if ids and (count is None or max(ids) >= count or min(ids) < 0):
        raise SettingsError(SHARDS)
    return {"shard_count": count, "shard_ids": ids or None}
