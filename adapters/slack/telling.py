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

from adapters.slack.errors import kind_of, retries
from adapters.slack.listen import Spot
from adapters.slack.mrkdwn import escaped
from adapters.slack.render import Message, render
from adapters.slack.stream import FAILURES, Stream
from bot.errors import Passing, PlatformError
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

    def __init__(self, client: AsyncWebClient, hasty: AsyncWebClient, publisher: Publisher) -> None:
        """`hasty` is for first signs: it must not wait where Slack asks for patience."""
        self._client = client
        self._hasty = hasty
        self._publisher = publisher

    async def tell(self, turn: Turn, replies: AsyncIterator[Reply], spot: Spot) -> None:
        """Show the replies to a turn as they come: one that grows is streamed where all may see it."""
        status = asyncio.create_task(self._say_busy(spot)) if turn.aloud and turn.addressed else None
        stream, last, told = Stream(self._client, spot), None, False
        try:
            async for reply in replies:
                if last is not None and not last.private and spot.thread is not None:
                    await stream.grow(_text(last))
                last = reply
            told = last is not None and await self._show_or_tell_why(turn, last, stream, spot)
            await self._publisher.welcome(turn.room)
        finally:
            if status is not None:
                await self._end_busy(spot, status, told)

    async def _say_busy(self, spot: Spot, status: str = STATUS) -> None:
        """The first sign; where it cannot be given, the answer itself is one."""
        if spot.thread is not None:
            with suppress(*FAILURES):
                await self._hasty.assistant_threads_setStatus(
                    channel_id=spot.channel, thread_ts=spot.thread, status=status
                )

    async def _end_busy(self, spot: Spot, status: asyncio.Task[None], told: bool) -> None:
        """Take the first sign away, unless a message in the thread did, which only ends one that was given before."""
        late = not status.done()
        await status
        if late or not told:
            await self._say_busy(spot, "")

    async def _show_or_tell_why(self, turn: Turn, reply: Reply, stream: Stream, spot: Spot) -> bool:
        """Show a reply; where the bot may not, say to whoever addressed it why; whether it stands in the thread."""
        try:
            return await self._show(turn.room, reply, stream, spot)
        except (*FAILURES, PlatformError) as error:
            kind = error if isinstance(error, PlatformError) else kind_of(error)
            log.warning("An answer could not be shown: %s", kind)
            # What is to stand, and passes, comes later: that is said too.
            if turn.addressed and (kind is error or not isinstance(kind, Passing)):
                await self._tell_why(kind, spot)
            return False

    async def _tell_why(self, kind: PlatformError, spot: Spot) -> None:
        """Say why something could not be shown: where it was asked, to its person alone, else in direct messages."""
        message = Message(escaped(kind.said), [])
        with suppress(*FAILURES):
            return await self._whisper(message, spot)
        with suppress(*FAILURES):
            opened = await self._client.conversations_open(users=spot.user)
            await self._post([message], opened["channel"]["id"], None)

    async def _show(self, room: Room, reply: Reply, stream: Stream, spot: Spot) -> bool:
        """Show a reply; whether that was a message in the thread."""
        if await self._publisher.place(room, reply):
            return False
        if reply.instead and await self._show_instead(reply, spot):
            return False
        if reply.private and not spot.private:
            await self._show_privately(reply, spot)
            return False
        messages = await asyncio.to_thread(render, reply)
        without_text = replace(reply, parts=tuple(part for part in reply.parts if not isinstance(part, Text)))
        below = await asyncio.to_thread(render, without_text)
        thread = spot.thread
        if spot.private and not spot.begun and reply.activity != "question":
            # What goes to and fro stays in the conversation; only an answer, which may grow, hangs on its question.
            thread = None
        await self._post(await stream.end(_text(reply), below, messages), spot.channel, thread)
        return bool(messages) and thread is not None

    async def _show_instead(self, reply: Reply, spot: Spot) -> bool:
        """Have the message whose button was pressed become the reply, in direct messages; False where it cannot."""
        messages = render(replace(reply, parts=reply.instead, instead=()))
        if not spot.private or not spot.pressed or len(messages) != 1 or messages[0].pictures:
            return False
        with suppress(*FAILURES):
            await self._client.chat_update(
                channel=spot.channel, ts=spot.pressed, text=messages[0].text, blocks=messages[0].blocks
            )
            return True
        return False

    async def _show_privately(self, reply: Reply, spot: Spot) -> None:
        messages = await asyncio.to_thread(render, reply)
        if reply.continues:
            opened = await self._client.conversations_open(users=spot.user)
            await self._post(messages, opened["channel"]["id"], None)
            messages = [Message(IN_DIRECT_MESSAGES, [], ())]
        for message in messages:
            await self._whisper(message, spot)

    async def _whisper(self, message: Message, spot: Spot) -> None:
        """Show a message to one person, in the answer to their press or command where it was one."""
        # "Ephemeral messages in threads are only shown if there is already an active thread."
        thread = spot.thread if spot.begun else None
        if spot.url:
            held: dict[str, Any] = {"text": message.text, "response_type": "ephemeral", "replace_original": False}
            if message.blocks:
                held["blocks"] = message.blocks
            if thread:
                held["thread_ts"] = thread
            answered = await AsyncWebhookClient(spot.url, retry_handlers=retries(waits=True)).send_dict(held)
            if answered.status_code == 200:
                return
            # An address serves five times, for half an hour.
            log.info("An answer did not go by its own address (%s)", answered.status_code)
        await self._client.chat_postEphemeral(
            channel=spot.channel,
            user=spot.user,
            thread_ts=thread,
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
