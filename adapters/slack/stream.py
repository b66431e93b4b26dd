"""An answer that grows while it is written: streamed into its thread, and ended with its sources and buttons."""

from __future__ import annotations

import logging

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.listen import Spot
from adapters.slack.mrkdwn import harmless
from adapters.slack.render import Message

log = logging.getLogger(__name__)

FAILURES = (SlackApiError, ClientError, OSError, TimeoutError)


class Stream:
    """One message that grows; what cannot be streamed is shown whole at its end."""

    def __init__(self, client: AsyncWebClient, spot: Spot) -> None:
        self._client = client
        self._spot = spot
        self._ts: str | None = None
        self._sent = ""
        self._broken = False

    async def grow(self, text: str) -> None:
        """Show what `text` adds to what is shown; nothing where it is no continuation, as that can only be replaced."""
        more = text[len(self._sent) :]
        if self._broken or not more.strip() or not text.startswith(self._sent):
            return
        try:
            await self._append(more)
            self._sent = text
        except FAILURES as error:
            # The whole answer is shown at the end all the same.
            log.warning("An answer could not be streamed: %s", type(error).__name__)
            self._broken = True

    async def end(self, text: str, below: list[Message], whole: list[Message]) -> list[Message]:
        """End with `text` and the first message of what belongs under it; the messages that are yet to be posted.

        `below` is the reply without its text, `whole` all of it: it takes the place of what was streamed where that
        is no beginning of `text`, and is posted where nothing was streamed.
        """
        if self._ts is None:
            return whole
        continued = text.startswith(self._sent) and not self._broken
        try:
            more = harmless(text[len(self._sent) :]) if continued else ""
            await self._client.chat_stopStream(
                channel=self._spot.channel,
                ts=self._ts,
                markdown_text=more if more.strip() else None,
                blocks=below[0].blocks if continued and below else None,
            )
        except FAILURES as error:
            log.warning("A streamed answer could not be ended: %s", type(error).__name__)
            continued = False
        if continued:
            return below[1:]
        for first in whole[:1]:
            await self._client.chat_update(
                channel=self._spot.channel, ts=self._ts, text=first.text, blocks=first.blocks
            )
        return whole[1:]

    async def _append(self, more: str) -> None:
        spot = self._spot
        if self._ts is not None:
            await self._client.chat_appendStream(channel=spot.channel, ts=self._ts, markdown_text=harmless(more))
            return
        assert spot.thread is not None
        begun = await self._client.chat_startStream(
            channel=spot.channel,
            thread_ts=spot.thread,
            markdown_text=harmless(more),
            recipient_team_id=spot.team or None,
            recipient_user_id=spot.user,
        )
        self._ts = begun["ts"]
