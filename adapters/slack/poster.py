"""What shows the messages that stand in Slack, and keeps them up to date."""

from __future__ import annotations

import asyncio
import logging

from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.errors import kind_of
from adapters.slack.listen import PLATFORM
from adapters.slack.render import Message, render
from adapters.slack.stream import FAILURES
from adapters.slack.telling import post
from bot.reply import Reply
from bot.turn import Room

log = logging.getLogger(__name__)


class SlackPoster:
    """Posts and edits, each once: whoever is asked to wait leaves that to the publisher."""

    platform = PLATFORM

    def __init__(self, client: AsyncWebClient) -> None:
        """`client` must not wait by itself where Slack asks for patience: that is left to the publisher."""
        self._client = client

    async def post(self, room: Room, reply: Reply, key: str) -> str:
        """Show a new message. Slack knows no key by which a second send would be told from the first.

        Raises PlatformError.
        """
        try:
            messages = await asyncio.to_thread(render, reply)
            stands = await post(self._client, messages[0], room.place, room.thread)
        except FAILURES as error:
            raise kind_of(error) from error
        for message in messages[1:]:
            try:
                await post(self._client, message, room.place, room.thread)
            except FAILURES:
                # The first one stands, and must not be shown again.
                log.exception("The rest of a message could not be shown")
        return stands

    async def edit(self, room: Room, reference: str, reply: Reply) -> None:
        """Show `reply` in the place of a message; pictures stay as they were posted."""
        message: Message = (await asyncio.to_thread(render, reply))[0]
        try:
            await self._client.chat_update(
                channel=room.place, ts=reference, text=message.text, blocks=message.blocks or []
            )
        except FAILURES as error:
            raise kind_of(error) from error
