"""What shows the messages that stand in Slack, and keeps them up to date."""

from __future__ import annotations

import logging

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.people import PLATFORM
from adapters.slack.render import Message, render
from adapters.slack.telling import post
from bot.publisher import Gone, Later
from bot.reply import Reply
from bot.turn import Room

log = logging.getLogger(__name__)

# What Slack says of channels and messages that will never take a change again.
GONE = frozenset(
    {
        "account_inactive",
        "cant_update_message",
        "channel_not_found",
        "edit_window_closed",
        "is_archived",
        "message_not_found",
        "not_in_channel",
        "restricted_action",
    }
)


class SlackPoster:
    """Posts and edits, each once: whoever is asked to wait leaves that to the publisher."""

    platform = PLATFORM

    def __init__(self, client: AsyncWebClient) -> None:
        """`client` must not wait by itself where Slack asks for patience."""
        self._client = client

    async def post(self, room: Room, reply: Reply, key: str) -> str:
        """Show a new message. Slack knows no key by which a second send would be told from the first."""
        try:
            messages = render(reply)
            stands = await post(self._client, messages[0], room.place, room.thread)
        except SlackApiError as error:
            raise _told(error) from error
        for message in messages[1:]:
            try:
                await post(self._client, message, room.place, room.thread)
            except SlackApiError:
                # The first one stands, and must not be shown again.
                log.exception("The rest of a message could not be shown")
        return stands

    async def edit(self, room: Room, reference: str, reply: Reply) -> None:
        """Show `reply` in the place of a message; pictures stay as they were posted."""
        message: Message = render(reply)[0]
        try:
            await self._client.chat_update(
                channel=room.place, ts=reference, text=message.text, blocks=message.blocks or []
            )
        except SlackApiError as error:
            raise _told(error) from error


def _told(error: SlackApiError) -> Exception:
    if error.response.status_code == 429:
        return Later(float(error.response.headers.get("Retry-After", 1)))
    return Gone() if error.response["error"] in GONE else error
