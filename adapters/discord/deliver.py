"""Showing replies: under what somebody said, to them alone where it is private, with a first sign at once."""

from __future__ import annotations

import asyncio
import io
import logging
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any, Protocol

import discord
from discord import ui

from adapters.discord.buttons import MINE, THREAD, Keep, Usable, button, nothing_usable, view
from adapters.discord.errors import REFUSALS, kind_of
from adapters.discord.markdown import written
from adapters.discord.render import Drawing, alternative, draw
from adapters.discord.withheld import Withheld
from bot.errors import MissingRight, Passing, PlatformError, patiently
from bot.reply import Picture, Reply
from bot.turn import Room, Turn

log = logging.getLogger(__name__)

# Discord shows that somebody types for ten seconds.
TYPING = 8.0
PRIVATELY = "My answer is for {} alone: press the button to see it."
SEE = "Show my answer"
NOT_YOURS = "That answer is for somebody else. Ask me, and you get your own."
TOO_LATE = "I do not hold that answer any more: ask me again."
# Discord's number for a reply to a message that the bot may not read back: then it is answered without a reference.
NO_HISTORY = 160002
IN_A_THREAD = "Go on in a thread"


class Standing(Protocol):
    """Where the messages that stand in rooms are kept up to date: the publisher."""

    async def place(self, room: Room, reply: Reply) -> bool:
        """Show a reply that is to stand in the room; False where it is just to be said. Raises PlatformError."""
        ...

    async def welcome(self, room: Room) -> None:
        """Somebody talks to the bot there: it may have a right that it lacked."""
        ...


class Delivery:
    """Shows the replies to turns."""

    def __init__(self, standing: Standing, keep: Keep, clock: Callable[[], datetime]) -> None:
        """`keep` holds what a form has filled in."""
        self._standing = standing
        self._keep = keep
        self._withheld = Withheld(clock)

    async def answer(self, message: discord.Message, turn: Turn, replies: AsyncIterator[Reply]) -> None:
        """Answer a message under it; where it was only overheard, nothing shows that somebody is at it."""
        async with _typing(message.channel) if turn.addressed else _silent():
            last, refused = await self._to_show(turn, replies)
        try:
            await self._answer(message, turn, last)
            if refused is not None:
                raise refused
        except PlatformError as error:
            log.warning("An answer could not be shown in channel %s: %s", message.channel.id, error)
            if turn.addressed and not isinstance(error, Passing):
                await whisper(message.author, Drawing((error.said,)), f"{message.id}-n")

    async def _answer(self, message: discord.Message, turn: Turn, last: Sequence[Reply]) -> None:
        held = [reply for reply in last if reply.private and not turn.room.private]
        for number, reply in enumerate(last):
            if reply not in held:
                await _show(message, reply, number, _may_go_on(message, turn, reply))
        if held:
            # What nobody else may read is shown to who presses, there where it was asked for.
            key = self._withheld.keep(message.author.id, held)
            note = PRIVATELY.format(written(message.author.display_name))
            await _send(message, note, f"{message.id}-p", view((), (button(SEE, f"{MINE} {key}"),)))

    async def show_withheld(self, interaction: discord.Interaction[Any], key: str) -> None:
        """Show what was said to whoever presses, to them alone."""
        found = self._withheld.find(key)
        if found is None or found.person != interaction.user.id:
            await _tell(interaction, True, TOO_LATE if found is None else NOT_YOURS)
            return
        await self._show_privately(interaction, found.replies)

    async def respond(
        self,
        interaction: discord.Interaction[Any],
        turn: Turn,
        replies: AsyncIterator[Reply],
        in_place: bool = False,
    ) -> None:
        """Answer what was deferred; where all is shown elsewhere, what was deferred goes away.

        With `in_place` that is the message whose button was pressed, which stays unless the answer takes its place.
        """
        last, refused = await self._to_show(turn, replies)
        await self._show_privately(interaction, last, in_place)
        if refused is not None:
            await _tell(interaction, not (last or in_place), refused.said)
        elif not last and not in_place:
            with suppress(discord.HTTPException):
                await interaction.delete_original_response()

    async def _show_privately(
        self, interaction: discord.Interaction[Any], replies: Iterable[Reply], in_place: bool = False
    ) -> None:
        first = not in_place
        for reply in replies:
            drawing = await asyncio.to_thread(draw, reply)
            if in_place and reply.instead:
                instead = await asyncio.to_thread(draw, replace(reply, parts=reply.instead))
                if len(instead.texts) == 1:
                    await _tell(interaction, True, instead.texts[0], view(drawing.choices, keep=self._keep))
                    continue
            *before, end = drawing.texts
            for text in before:
                await _tell(interaction, first, text)
                first = False
            await _tell(interaction, first, end, view(drawing.choices, keep=self._keep), drawing.pictures)
            first = False

    async def _to_show(self, turn: Turn, replies: AsyncIterator[Reply]) -> tuple[list[Reply], PlatformError | None]:
        """The replies that are shown here: of those in one slot the last. What is to stand is shown in its room first;
        what kept it from that comes with the rest.
        """
        shown: dict[str, Reply] = {}
        async for reply in replies:
            shown[reply.slot or f"- {len(shown)}"] = reply
        await self._standing.welcome(turn.room)
        left, refused = [], None
        for reply in shown.values():
            try:
                if not await self._standing.place(turn.room, reply):
                    left.append(reply)
            except PlatformError as error:
                refused = error
        return left, refused


async def _tell(
    interaction: discord.Interaction[Any],
    first: bool,
    text: str,
    shown: ui.View | None = None,
    pictures: Sequence[Picture] = (),
) -> None:
    """The first message takes the place of what was deferred; others follow, as private as that.

    Raises PlatformError.
    """

    async def tell() -> None:
        if first:
            await interaction.edit_original_response(content=text, view=shown, attachments=await files(pictures))
            return
        await interaction.followup.send(
            text,
            view=shown or discord.utils.MISSING,
            files=await files(pictures),
            ephemeral=interaction.guild_id is not None,
            suppress_embeds=True,
        )

    await patiently(tell, kind_of)


async def whisper(person: discord.abc.User, drawing: Drawing, key: str) -> bool:
    """Tell somebody privately; False where they let nobody do that."""

    async def tell() -> None:
        await post(await _private_channel(person), drawing, key)

    try:
        await patiently(tell, kind_of)
    except PlatformError as error:
        log.info("Somebody could not be told privately: %s", error)
        return False
    return True


async def _private_channel(person: discord.abc.User) -> discord.abc.Messageable:
    assert isinstance(person, discord.User | discord.Member)
    return person.dm_channel or await person.create_dm()


async def _show(message: discord.Message, reply: Reply, number: int, more: Iterable[ui.DynamicItem[Any]]) -> None:
    drawing = await asyncio.to_thread(draw, reply)
    *before, end = drawing.texts
    for place, text in enumerate(before):
        await _send(message, text, nonce=f"{message.id}-{number}-{place}")
    await _send(message, end, f"{message.id}-{number}", view(drawing.choices, more), drawing.pictures)


async def _send(
    message: discord.Message,
    text: str,
    nonce: str,
    shown: ui.View | None = None,
    pictures: Sequence[Picture] = (),
) -> discord.Message:
    """Answer under a message; sent twice, it is one message. Raises PlatformError."""

    async def send(referred: bool = True) -> discord.Message:
        return await message.channel.send(
            text,
            view=shown or discord.utils.MISSING,
            files=await files(pictures),
            reference=message.to_reference(fail_if_not_exists=False) if referred else None,  # type: ignore[arg-type]
            nonce=nonce,
            suppress_embeds=True,
        )

    try:
        return await patiently(send, kind_of)
    except MissingRight as error:
        if error.code != str(NO_HISTORY):
            raise
        return await patiently(partial(send, False), kind_of)


async def post(
    channel: discord.abc.Messageable, drawing: Drawing, key: str, usable: Usable = nothing_usable
) -> discord.Message:
    """Send a drawing to a channel, in as many messages as it takes; the last one. Sent twice by a `key` is once."""
    *before, end = drawing.texts
    for place, text in enumerate(before):
        await channel.send(text, nonce=f"{key}-{place}", suppress_embeds=True)
    return await channel.send(
        end,
        view=view(drawing.choices, usable=usable) or discord.utils.MISSING,
        files=await files(drawing.pictures),
        nonce=key,
        suppress_embeds=True,
    )


async def files(pictures: Iterable[Picture]) -> list[discord.File]:
    """The pictures, drawn, with their alternative texts."""
    attached = []
    for number, picture in enumerate(pictures, 1):
        drawn = await asyncio.to_thread(picture.draw)
        attached.append(discord.File(io.BytesIO(drawn), f"picture{number}.png", description=alternative(picture)))
    return attached


def _may_go_on(message: discord.Message, turn: Turn, reply: Reply) -> list[ui.DynamicItem[Any]]:
    """The offer to go on in a thread, from the second answer of a talk on: a single answer needs none."""
    channel, root = message.channel, turn.room.thread
    if not isinstance(channel, discord.TextChannel) or root is None or root == str(message.id):
        return []
    allowed = channel.permissions_for(channel.guild.me)
    if not (allowed.create_public_threads and allowed.send_messages_in_threads) or channel.get_thread(int(root)):
        return []
    return [button(IN_A_THREAD, f"{THREAD} {root}")]


@asynccontextmanager
async def _typing(channel: discord.abc.Messageable) -> AsyncIterator[None]:
    """Shows that the bot is at it."""
    showing = asyncio.create_task(_keep_typing(channel))
    try:
        yield
    finally:
        showing.cancel()


async def _keep_typing(channel: discord.abc.Messageable) -> None:
    with suppress(*REFUSALS):
        while True:
            await channel.typing()
            await asyncio.sleep(TYPING)


@asynccontextmanager
async def _silent() -> AsyncIterator[None]:
    yield
