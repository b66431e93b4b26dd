"""The poster: shows messages that stand in channels, and changes them, for the publisher."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Literal, Protocol

import discord

from adapters.discord.buttons import view
from adapters.discord.deliver import NO_MENTIONS, files, post
from adapters.discord.listen import PLATFORM
from adapters.discord.render import draw
from bot.publisher import Gone, Later
from bot.reply import Reply
from bot.turn import Room

# Unknown channel, unknown message: one of them may be the thread's, the other the place's.
UNKNOWN = (10003, 10008)
# Too many requests, after the library has waited several times: how long to leave it alone, in seconds.
TOO_MANY, REST = 429, 10.0


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
        """Show a new message in the room; its reference is its id. Raises Gone, Later."""
        async with _failing():
            for channel in self._of(room):
                try:
                    return str(await self._send(channel, reply, key, room.private))
                except discord.NotFound as error:
                    # The id of a talk is not always that of a thread: then it is held in the place itself.
                    if error.code not in UNKNOWN:
                        raise
        raise Gone(f"Channel {room.place} is gone.")

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
        raise Gone(f"Message {reference} is gone.")

    def _of(self, room: Room) -> list[discord.PartialMessageable]:
        """The channels that a room can be, in the order in which to try them."""
        ids = [int(one) for one in (room.thread, room.place) if one is not None]
        return [self._client.get_partial_messageable(one) for one in ids]

    async def _send(self, channel: discord.PartialMessageable, reply: Reply, key: str, private: bool) -> int:
        native = None if private else await self._ballots.post(channel, reply, key)
        return native if native is not None else (await post(channel, draw(reply), key)).id

    async def _change(self, message: discord.PartialMessage, reply: Reply) -> str | None:
        match await self._ballots.edit(message, reply):
            case "done":
                return None
            case "replace":
                assert isinstance(message.channel, discord.PartialMessageable)
                return str((await post(message.channel, draw(reply), f"for {message.id}")).id)
            case "other":
                drawing = draw(reply)
                await message.edit(
                    content=drawing.texts[-1],
                    view=view(drawing.choices),
                    attachments=await files(drawing.pictures),
                    allowed_mentions=NO_MENTIONS,
                )
                return None


@asynccontextmanager
async def _failing() -> AsyncIterator[None]:
    """Tells what a failure means for what is shown: gone for good, later, or worth another try."""
    try:
        yield
    except discord.Forbidden as error:
        raise Gone("The bot may not write there.") from error
    except discord.HTTPException as error:
        if error.status == TOO_MANY:
            raise Later(REST) from error
        raise
