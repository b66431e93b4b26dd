"""The wire to Slack: a socket of its own, or requests over HTTP; either is kept up until the bot is stopped."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

from aiohttp import ClientError, web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_sdk.errors import SlackApiError

from adapters.slack.app import Hearer, SlackApp
from adapters.slack.people import PLATFORM
from bot.board import Board
from bot.settings import Settings, SettingsError

log = logging.getLogger(__name__)

PATH = "/slack/events"
# A socket that answers no ping for four times as long, in seconds, is replaced.
PING = 5.0
NO_TOKEN = (
    "Slack needs SLACK_BOT_TOKEN, and SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (HTTP): the README says "
    "under “Slack” where to find them."
)
# What Slack says of a token that it will never take.
REFUSED = frozenset({"invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired"})


def need_tokens(settings: Settings) -> None:
    """Raises SettingsError where tokens are missing."""
    either = settings.slack_app_token.get_secret_value() or settings.slack_signing_secret.get_secret_value()
    if not settings.slack_bot_token.get_secret_value() or not either:
        raise SettingsError(NO_TOKEN)


class SlackConnection:
    """Slack, connected while it runs."""

    name = PLATFORM

    def __init__(self, settings: Settings, assistant: Hearer, board: Board, work: Callable[[datetime], int]) -> None:
        """`work` does what is due at a moment. Raises SettingsError where tokens are missing."""
        need_tokens(settings)
        self._app_token = settings.slack_app_token.get_secret_value()
        self._app = SlackApp(settings, assistant, board, work)
        self._socket: AsyncSocketModeHandler | None = None
        self._running = False

    @property
    def routes(self) -> list[web.RouteDef]:
        """What has to be served over HTTP; nothing in Socket Mode."""
        return [] if self._app_token else [web.post(PATH, self._take)]

    async def is_connected(self) -> bool:
        """Whether events can arrive."""
        return self._running and (self._socket is None or await self._socket.client.is_connected())

    async def run(self) -> None:
        """Be connected until this is cancelled; then finish what was begun. Raises SettingsError for a bad token."""
        await self._introduce()
        publishing = asyncio.create_task(self._app.publisher.run())
        try:
            if self._app_token:
                await self._open_socket()
            self._running = True
            await asyncio.Event().wait()
        finally:
            self._running = False
            if self._socket is not None:
                # Whatever arrives from now on goes to another process, or comes again.
                await self._socket.client.close()
            await self._app.finish()
            publishing.cancel()
            with suppress(asyncio.CancelledError):
                await publishing

    async def _introduce(self) -> None:
        """Wait for Slack to say who the bot is, however long it cannot be reached."""
        wait = 1.0
        while True:
            try:
                return await self._app.introduce()
            except SlackApiError as error:
                if error.response["error"] in REFUSED:
                    raise SettingsError(_refused("SLACK_BOT_TOKEN", error)) from error
                log.warning("Slack does not say who the bot is: %s", error.response["error"])
            except (ClientError, OSError, TimeoutError) as error:
                log.warning("Slack cannot be reached: %s", type(error).__name__)
            await asyncio.sleep(wait)
            wait = min(2 * wait, 60.0)

    async def _open_socket(self) -> None:
        try:
            await self._app.client.apps_connections_open(app_token=self._app_token)
        except SlackApiError as error:
            if error.response["error"] in REFUSED:
                raise SettingsError(_refused("SLACK_APP_TOKEN", error)) from error
        except (ClientError, OSError, TimeoutError):
            log.warning("Slack gives no socket yet; it is tried again")
        self._socket = AsyncSocketModeHandler(self._app.bolt, self._app_token, logger=log, ping_interval=PING)
        await self._socket.connect_async()

    async def _take(self, request: web.Request) -> web.Response:
        """An event over HTTP; its signature is checked before anything else."""
        return await to_aiohttp_response(await self._app.bolt.async_dispatch(await to_bolt_request(request)))


def _refused(name: str, error: SlackApiError) -> str:
    return f"Slack does not accept {name} ({error.response['error']}): copy it anew from the app's page."
