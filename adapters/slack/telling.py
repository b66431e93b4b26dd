"""Showing replies where they are asked for: in the thread, to the person alone, or in their direct messages."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from adapters.slack.listen import Spot
from adapters.slack.render import Message, render
from adapters.slack.stream import FAILURES, Stream
from bot.board import Board
from bot.publisher import Publisher
from bot.reply import Picture, Reply, Text
from bot.turn import Room, Turn

log = logging.getLogger(__name__)

STATUS = "is looking that up..."
IN_DIRECT_MESSAGES = "I have answered you in our direct messages, where you can go on."
# No address that is in no source becomes a preview.
PLAIN: dict[str, Any] = {"unfurl_links": False, "unfurl_media": False}


class Teller:
    """Shows the replies to turns."""

    def __init__(self, client: AsyncWebClient, board: Board, publisher: Publisher) -> None:
        self._client = client
        self._board = board
        self._publisher = publisher

    async def tell(self, turn: Turn, replies: AsyncIterator[Reply], spot: Spot) -> None:
        """Show the replies to a turn as they come: one that grows is streamed where all may see it."""
        status = asyncio.create_task(self._say_busy(spot)) if turn.aloud and turn.addressed else None
        stream, last = Stream(self._client, spot), None
        try:
            async for reply in replies:
                if last is not None:
                    await self._show_growing(last, stream, spot, status)
                last = reply
        finally:
            if status is not None:
                await status
        told = last is not None and await self._show(turn.room, last, stream, spot)
        self._publisher.soon()
        if status is not None and not told:
            # Only a message in the thread would end it.
            await self._say_busy(spot, "")

    async def _say_busy(self, spot: Spot, status: str = STATUS) -> None:
        """The first sign; where it cannot be given, the answer itself is one."""
        if spot.thread is not None:
            with suppress(*FAILURES):
                await self._client.assistant_threads_setStatus(
                    channel_id=spot.channel, thread_ts=spot.thread, status=status
                )

    async def _show_growing(self, reply: Reply, stream: Stream, spot: Spot, status: asyncio.Task[None] | None) -> None:
        if reply.private or spot.thread is None:
            return
        if status is not None:
            await status
        await stream.grow(_text(reply))

    async def _show(self, room: Room, reply: Reply, stream: Stream, spot: Spot) -> bool:
        """Show a reply; whether that was a message in the thread."""
        if await asyncio.to_thread(self._board.release, room, reply):
            return False
        if reply.private and not spot.private:
            await self._show_privately(reply, spot)
            return False
        messages = render(reply)
        below = render(replace(reply, parts=tuple(part for part in reply.parts if not isinstance(part, Text))))
        await self._post(await stream.end(_text(reply), below, messages), spot.channel, spot.thread)
        return bool(messages)

    async def _show_privately(self, reply: Reply, spot: Spot) -> None:
        messages = render(reply)
        if reply.continues:
            opened = await self._client.conversations_open(users=spot.user)
            await self._post(messages, opened["channel"]["id"], None)
            messages = [Message(IN_DIRECT_MESSAGES, [], ())]
        for message in messages:
            await self._whisper(message, spot)

    async def _whisper(self, message: Message, spot: Spot) -> None:
        """Show a message to one person, in the answer to their press or command where it was one."""
        if spot.url:
            held: dict[str, Any] = {"text": message.text, "response_type": "ephemeral", "replace_original": False}
            if message.blocks:
                held["blocks"] = message.blocks
            if spot.thread:
                held["thread_ts"] = spot.thread
            answered = await AsyncWebhookClient(spot.url).send_dict(held)
            if answered.status_code == 200:
                return
            # An address serves five times, for half an hour.
            log.info("An answer did not go by its own address (%s)", answered.status_code)
        await self._client.chat_postEphemeral(
            channel=spot.channel,
            user=spot.user,
            thread_ts=spot.thread,
            text=message.text,
            blocks=message.blocks or None,
        )

    async def _post(self, messages: list[Message], channel: str, thread: str | None) -> None:
        for message in messages:
            await post(self._client, message, channel, thread)


async def post(client: AsyncWebClient, message: Message, channel: str, thread: str | None) -> str:
    """Show a message, then its pictures below it; its `ts`."""
    sent = await client.chat_postMessage(
        channel=channel, thread_ts=thread, text=message.text, blocks=message.blocks or None, **PLAIN
    )
    for picture in message.pictures:
        await show_picture(client, picture, channel, thread)
    return str(sent["ts"])


async def show_picture(client: AsyncWebClient, picture: Picture, channel: str, thread: str | None) -> None:
    """Show a picture with its alternative text; where that is not allowed, the text stands without it."""
    try:
        drawn = await asyncio.to_thread(picture.draw)
        await client.files_upload_v2(
            channel=channel,
            thread_ts=thread,
            content=drawn,
            filename="result.png",
            title="The same as a picture",
            alt_txt=picture.alternative[:1000],
        )
    except Exception:
        # Its text is shown already: nothing of that may be shown again.
        log.exception("A picture could not be shown")


def _text(reply: Reply) -> str:
    return "\n\n".join(part.text for part in reply.parts if isinstance(part, Text))
