"""The wire to Slack: a socket of its own, or requests over HTTP; either is kept up until the bot is stopped."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress

from aiohttp import ClientError, web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.errors import SlackApiError
from slack_sdk.signature import SignatureVerifier

from adapters.slack.app import SlackApp
from adapters.slack.errors import code_of
from adapters.slack.hearer import Hearer
from adapters.slack.listen import PLATFORM
from bot.board import Board
from bot.logs import Seldom
from bot.settings import Settings, SettingsError

log = logging.getLogger(__name__)
# What anybody outside can cause.
doubtful = log.getChild("doubtful")
doubtful.addFilter(Seldom())

PATH = "/slack/events"
# A socket that answers no ping for four times as long, in seconds, is replaced.
PING = 5.0
NO_TOKEN = (
    "Slack needs SLACK_BOT_TOKEN, and SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (HTTP): the page "
    "deploy/slack.md says where to find them."
)
NO_PORT = (
    "Slack over HTTP needs a port that it can reach: set FINOPS_PORT to one from 1 to 65535, or SLACK_APP_TOKEN to "
    "connect over a socket."
)
# A moment in seconds, as Slack writes it.
_MOMENT = re.compile(r"[0-9]{1,12}")
# What Slack says of a token that it will never take.
REFUSED = frozenset({"invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired"})


def need_tokens(settings: Settings) -> None:
    """Raises SettingsError where tokens are missing, or the port that HTTP needs."""
    either = settings.slack_app_token.get_secret_value() or settings.slack_signing_secret.get_secret_value()
    if not settings.slack_bot_token.get_secret_value() or not either:
        raise SettingsError(NO_TOKEN)
    if not settings.slack_app_token.get_secret_value() and not settings.port:
        raise SettingsError(NO_PORT)


class SlackConnection:
    """Slack, connected while it runs."""

    name = PLATFORM

    def __init__(self, settings: Settings, assistant: Hearer, board: Board) -> None:
        """Raises SettingsError where tokens are missing."""
        need_tokens(settings)
        self._app_token = settings.slack_app_token.get_secret_value()
        self._app = SlackApp(settings, assistant, board)
        # Over a socket nothing is signed.
        self._verifier = SignatureVerifier(settings.slack_signing_secret.get_secret_value() or "none")
        self._socket: AsyncSocketModeHandler | None = None
        self._running = False

    @property
    def routes(self) -> dict[tuple[str, str], Callable[[web.BaseRequest], Awaitable[web.Response]]]:
        """What has to be served over HTTP; nothing in Socket Mode."""
        return {} if self._app_token else {("POST", PATH): self._take}

    async def is_connected(self) -> bool:
        """Whether events can arrive, and be answered."""
        if self._app.is_removed:
            return False
        return self._running and (self._socket is None or await self._socket.client.is_connected())

    async def caught_up(self) -> None:
        """Nothing happens in Slack that it does not deliver again."""

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
                if code_of(error) in REFUSED:
                    raise SettingsError(_refused("SLACK_BOT_TOKEN", error)) from error
                log.warning("Slack does not say who the bot is: %s", code_of(error))
            except (ClientError, OSError, TimeoutError) as error:
                log.warning("Slack cannot be reached: %s", type(error).__name__)
            await asyncio.sleep(wait)
            wait = min(2 * wait, 60.0)

    async def _open_socket(self) -> None:
        try:
            await self._app.client.apps_connections_open(app_token=self._app_token)
        except SlackApiError as error:
            if code_of(error) in REFUSED:
                raise SettingsError(_refused("SLACK_APP_TOKEN", error)) from error
        except (ClientError, OSError, TimeoutError):
            log.warning("Slack gives no socket yet; it is tried again")
        self._socket = AsyncSocketModeHandler(self._app.bolt, self._app_token, ping_interval=PING)
        await self._socket.connect_async()

    async def _take(self, request: web.BaseRequest) -> web.Response:
        """An event over HTTP; whether Slack signed it is checked before anything reads it."""
        body = await request.read()
        if not self._signed(body, request.headers):
            doubtful.warning("A request was refused: Slack did not sign it, or long ago (told once a minute at most)")
            return web.Response(status=401)
        held = AsyncBoltRequest(body=body.decode(), query=request.query_string, headers=dict(request.headers))
        return await to_aiohttp_response(await self._app.bolt.async_dispatch(held))

    def _signed(self, body: bytes, headers: Mapping[str, str]) -> bool:
        """Whether Slack signed it within five minutes; its library trips over what was never meant to be right."""
        at, signature = headers.get("X-Slack-Request-Timestamp", ""), headers.get("X-Slack-Signature", "")
        if not _MOMENT.fullmatch(at) or not signature.isascii():
            return False
        try:
            return self._verifier.is_valid(body, at, signature)
        except UnicodeDecodeError:
            return False


def _refused(name: str, error: SlackApiError) -> str:
    return f"Slack does not accept {name} ({error.response['error']}): copy it anew from the app's page."
