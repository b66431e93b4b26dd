"""Showing replies: under what somebody said, to them alone where it is private, with a first sign at once."""

from __future__ import annotations

import asyncio
import io
import logging
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any, Protocol

import discord
from discord import ui

from adapters.discord.buttons import THREAD, Keep, button, view
from adapters.discord.render import Drawing, alternative, draw
from bot.reply import Picture, Reply
from bot.turn import Room, Turn

log = logging.getLogger(__name__)

NO_MENTIONS = discord.AllowedMentions.none()
# Discord shows that somebody types for ten seconds.
TYPING = 8.0
PRIVATELY = "I have answered you in a direct message."
NOT_PRIVATELY = (
    "My answer is for you alone, but I may not write to you: allow direct messages from this server, or ask me by a "
    "command such as /finops ask."
)
MAY_NOT_WRITE = "I may not write there: a moderator can give me the right “Send Messages”."
IN_A_THREAD = "Go on in a thread"


class Standing(Protocol):
    """Where the messages that stand in rooms are kept up to date: the board."""

    def release(self, room: Room, reply: Reply) -> bool:
        """Leave a reply to whoever draws what stands; False where it is nothing that stands, and is yet to be shown."""
        ...


class Delivery:
    """Shows the replies to turns."""

    def __init__(self, standing: Standing, soon: Callable[[], None], keep: Keep) -> None:
        """`soon` is called where something that stands has to be drawn; `keep` holds what a form has filled in."""
        self._standing = standing
        self._soon = soon
        self._keep = keep

    async def answer(self, message: discord.Message, turn: Turn, replies: AsyncIterator[Reply]) -> None:
        """Answer a message under it; where it was only overheard, nothing shows that somebody is at it."""
        async with _typing(message.channel) if turn.addressed else _silent():
            last = await self._to_show(turn, replies)
        try:
            await self._answer(message, turn, last)
        except discord.Forbidden:
            log.warning("The bot may not write in channel %s", message.channel.id)
            if turn.addressed:
                await _whisper(message.author, Drawing((MAY_NOT_WRITE,)), f"{message.id}-n")

    async def _answer(self, message: discord.Message, turn: Turn, last: Iterable[Reply]) -> None:
        privately = False
        for number, reply in enumerate(last):
            if reply.private and not turn.room.private:
                told = await _whisper(message.author, draw(reply), f"{message.id}-d{number}")
                note = PRIVATELY if told else NOT_PRIVATELY
                if not (told and privately):
                    await _send(message, note, nonce=f"{message.id}-p{number}")
                privately = told
            else:
                await _show(message, reply, number, _may_go_on(message, turn, reply))

    async def respond(self, interaction: discord.Interaction[Any], turn: Turn, replies: AsyncIterator[Reply]) -> None:
        """Answer what was deferred; where all is shown elsewhere, what was deferred goes away."""
        last = await self._to_show(turn, replies)
        first = True
        for reply in last:
            drawing = draw(reply)
            *before, end = drawing.texts
            for text in before:
                await _tell(interaction, first, text)
                first = False
            await _tell(interaction, first, end, view(drawing.choices, keep=self._keep), await files(drawing.pictures))
            first = False
        if first and interaction.guild_id is not None and not interaction.app_permissions.send_messages:
            await _tell(interaction, first, MAY_NOT_WRITE)
        elif first:
            with suppress(discord.HTTPException):
                await interaction.delete_original_response()

    async def _to_show(self, turn: Turn, replies: AsyncIterator[Reply]) -> list[Reply]:
        """The replies that are shown here: of those in one slot the last. What stands is left to whoever draws it."""
        shown: dict[str, Reply] = {}
        async for reply in replies:
            shown[reply.slot or f"- {len(shown)}"] = reply
        left = [
            reply for reply in shown.values() if not await asyncio.to_thread(self._standing.release, turn.room, reply)
        ]
        if shown:
            # Whatever was said, something that stands may look different now.
            self._soon()
        return left


async def _tell(
    interaction: discord.Interaction[Any],
    first: bool,
    text: str,
    shown: ui.View | None = None,
    attached: Sequence[discord.File] = (),
) -> None:
    """The first message takes the place of what was deferred; others follow, as private as that."""
    if first:
        await interaction.edit_original_response(
            content=text, view=shown, attachments=attached, allowed_mentions=NO_MENTIONS
        )
        return
    await interaction.followup.send(
        text,
        view=shown or discord.utils.MISSING,
        files=attached,
        ephemeral=interaction.guild_id is not None,
        allowed_mentions=NO_MENTIONS,
        suppress_embeds=True,
    )


async def _whisper(person: discord.abc.User, drawing: Drawing, key: str) -> bool:
    """Tell somebody privately; False where they let nobody do that."""
    try:
        await post(await _private_channel(person), drawing, key)
    except discord.Forbidden:
        return False
    return True


async def _private_channel(person: discord.abc.User) -> discord.abc.Messageable:
    assert isinstance(person, discord.User | discord.Member)
    return person.dm_channel or await person.create_dm()


async def _show(message: discord.Message, reply: Reply, number: int, more: Iterable[ui.DynamicItem[Any]]) -> None:
    drawing = draw(reply)
    *before, end = drawing.texts
    for place, text in enumerate(before):
        await _send(message, text, nonce=f"{message.id}-{number}-{place}")
    attached = await files(drawing.pictures)
    await _send(message, end, f"{message.id}-{number}", view(drawing.choices, more), attached)


async def _send(
    message: discord.Message,
    text: str,
    nonce: str,
    shown: ui.View | None = None,
    attached: Sequence[discord.File] = (),
) -> discord.Message:
    """Answer under a message; sent twice, it is one message."""
    return await message.channel.send(
        text,
        view=shown or discord.utils.MISSING,
        files=attached,
        reference=message.to_reference(fail_if_not_exists=False),
        nonce=nonce,
        allowed_mentions=NO_MENTIONS,
        suppress_embeds=True,
    )


async def post(channel: discord.abc.Messageable, drawing: Drawing, key: str) -> discord.Message:
    """Send a drawing to a channel, in as many messages as it takes; the last one. Sent twice by a `key` is once."""
    *before, end = drawing.texts
    for place, text in enumerate(before):
        await channel.send(text, nonce=f"{key}-{place}", allowed_mentions=NO_MENTIONS, suppress_embeds=True)
    return await channel.send(
        end,
        view=view(drawing.choices) or discord.utils.MISSING,
        files=await files(drawing.pictures),
        nonce=key,
        allowed_mentions=NO_MENTIONS,
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
    with suppress(discord.HTTPException):
        while True:
            await channel.typing()
            await asyncio.sleep(TYPING)


@asynccontextmanager
async def _silent() -> AsyncIterator[None]:
    yield
