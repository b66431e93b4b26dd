"""The poster: shows messages that stand in channels, and changes them, for the publisher."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Literal, Protocol

import discord
from aiohttp import ClientError

from adapters.discord.buttons import view
from adapters.discord.deliver import files, post
from adapters.discord.errors import GONE, UNKNOWN_CHANNEL, UNKNOWN_MESSAGE, kind_of
from adapters.discord.listen import PLATFORM, channel_of
from adapters.discord.render import draw
from bot.errors import Final
from bot.reply import Reply
from bot.turn import Room

# Unknown channel, unknown message: one of them may be the thread's, the other the place's.
UNKNOWN = (UNKNOWN_CHANNEL, UNKNOWN_MESSAGE)


class Ballots(Protocol):
    """Polls of Discord's own."""

    async def post(self, channel: discord.PartialMessageable, reply: Reply, key: str) -> int | None:
        """Show a ballot as a poll of Discord's own; the message, or None where that does not fit."""
        ...

    async def edit(self, message: discord.PartialMessage, reply: Reply) -> Literal["done", "replace", "other"]:
        """Bring a poll of Discord's own up to date; "replace" where it could not be, "other" where it is none."""
        ...


class Channels:
    """Shows and changes what stands in Discord's channels."""

    platform = PLATFORM

    def __init__(self, client: discord.Client, ballots: Ballots) -> None:
        self._client = client
        self._ballots = ballots

    async def post(self, room: Room, reply: Reply, key: str) -> str:
        """Show a new message in the room; its reference is its id. Raises PlatformError."""
        async with _failing():
            for channel in self._of(room):
                try:
                    return str(await self._send(channel, reply, key, room.private))
                except discord.NotFound as error:
                    # The id of a talk is not always that of a thread: then it is held in the place itself.
                    if error.code not in UNKNOWN:
                        raise
        raise Final(GONE, str(UNKNOWN_CHANNEL))

    async def edit(self, room: Room, reference: str, reply: Reply) -> str | None:
        """Show `reply` in the place of that message; the reference of another one where it had to be replaced."""
        async with _failing():
            for channel in self._of(room):
                message = channel.get_partial_message(int(reference))
                try:
                    return await self._change(message, reply)
                except discord.NotFound as error:
                    if error.code not in UNKNOWN:
                        raise
        raise Final(GONE, str(UNKNOWN_MESSAGE))

    def _of(self, room: Room) -> list[discord.PartialMessageable]:
        """The channels that a room can be, in the order in which to try them."""
        ids = dict.fromkeys([*([int(room.thread)] if room.thread is not None else []), channel_of(room)])
        return [self._client.get_partial_messageable(one) for one in ids]

    async def _send(self, channel: discord.PartialMessageable, reply: Reply, key: str, private: bool) -> int:
        native = None if private else await self._ballots.post(channel, reply, key)
        return (
            native
            if native is not None
            else (await post(channel, await asyncio.to_thread(draw, reply), key, self._usable)).id
        )

    def _usable(self, emoji: int) -> bool:
        found = self._client.get_emoji(emoji)
        return found is not None and found.is_usable()

    async def _change(self, message: discord.PartialMessage, reply: Reply) -> str | None:
        match await self._ballots.edit(message, reply):
            case "done":
                return None
            case "replace":
                assert isinstance(message.channel, discord.PartialMessageable)
                drawing = await asyncio.to_thread(draw, reply)
                return str((await post(message.channel, drawing, f"for {message.id}", self._usable)).id)
            case "other":
                drawing = await asyncio.to_thread(draw, reply)
                await message.edit(
                    content=drawing.texts[-1],
                    view=view(drawing.choices, usable=self._usable),
                    attachments=await files(drawing.pictures),
                )
                return None


@asynccontextmanager
async def _failing() -> AsyncIterator[None]:
    """Tells what a failure means for what is shown. Raises PlatformError."""
    try:
        yield
    except (discord.DiscordException, ClientError, OSError) as error:
        raise kind_of(error) from error
