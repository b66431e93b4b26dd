"""The wire to Discord: kept up until the bot is stopped, at the addresses that are set."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

import discord
from aiohttp import ClientError, web
from discord import gateway
from discord.http import Route
from yarl import URL

from adapters.discord.app import Bot, Hearer
from adapters.discord.errors import REFUSALS
from adapters.discord.listen import PLATFORM
from bot.board import Board
from bot.settings import Settings, SettingsError

log = logging.getLogger(__name__)

NO_TOKEN = "Discord needs DISCORD_TOKEN: the page deploy/discord.md says where to find it."
WRONG_TOKEN = (
    "Discord does not accept the token in DISCORD_TOKEN: copy it again from the application's page “Bot”, or press "
    "“Reset Token” there."
)
NO_INTENT = (
    "Discord does not let this application read all messages: switch on “Message Content Intent” on the application's "
    "page “Bot”, or set FINOPS_DISCORD_MESSAGE_CONTENT to 0."
)
# A beat goes out so often at least, in seconds; where nothing has come back for so long, the connection is made anew.
BEAT, SILENCE = 15.0, 25.0
# The gateway closes a connection with this code where the token is none.
REFUSED = 4004
LONGEST_WAIT = 60.0


def need_token(settings: Settings) -> None:
    """Raises SettingsError where the token is missing."""
    if not settings.discord_token.get_secret_value():
        raise SettingsError(NO_TOKEN)


class DiscordConnection:
    """Discord, connected while it runs."""

    name = PLATFORM

    def __init__(self, settings: Settings, assistant: Hearer, board: Board) -> None:
        """Raises SettingsError where a setting is missing or cannot be."""
        need_token(settings)
        self._token = settings.discord_token.get_secret_value()
        use_addresses(settings)
        watch_closely()
        self._settings = settings
        self._assistant = assistant
        self._board = board
        self._caught_up = asyncio.Event()
        self._bot = self._new()

    @property
    def routes(self) -> dict[tuple[str, str], Callable[[web.BaseRequest], Awaitable[web.Response]]]:
        """Nothing has to be served over HTTP."""
        return {}

    async def is_connected(self) -> bool:
        """Whether events can arrive."""
        shards = self._bot.shards.values()
        return self._bot.is_ready() and not any(shard.is_closed() for shard in shards)

    async def caught_up(self) -> None:
        """Wait until the votes are known that were cast while the bot was away."""
        await self._caught_up.wait()

    async def run(self) -> None:
        """Be connected until this is cancelled; then finish what was begun. Raises SettingsError for a bad token."""
        wait = 1.0
        try:
            while True:
                keeping = asyncio.create_task(self._bot.keep_up(self._caught_up.set))
                try:
                    return await self._bot.start(self._token)
                except (ClientError, OSError, discord.GatewayNotFound, *REFUSALS) as error:
                    # Once connected, the library reconnects by itself.
                    log.warning("Discord cannot be reached: %s", type(error).__name__)
                finally:
                    # What is being drawn is still drawn.
                    keeping.cancel()
                    await asyncio.wait({keeping})
                    await self._bot.close()
                await asyncio.sleep(wait)
                wait = min(2 * wait, LONGEST_WAIT)
                self._bot = self._new()
        except discord.PrivilegedIntentsRequired as error:
            raise SettingsError(NO_INTENT) from error
        except (discord.LoginFailure, discord.ConnectionClosed) as error:
            if isinstance(error, discord.ConnectionClosed) and error.code != REFUSED:
                raise
            raise SettingsError(WRONG_TOKEN) from error

    def _new(self) -> Bot:
        return Bot(self._settings, self._assistant, self._board)


class Pulse(gateway.KeepAliveHandler):
    """Beats more often than Discord asks for, so that a connection gone deaf is noticed within half a minute."""

    def __init__(self, *args: Any, interval: float | None = None, **more: Any) -> None:
        """`interval` is what Discord asks for, in seconds."""
        super().__init__(*args, interval=min(interval or BEAT, BEAT), **more)
        self.heartbeat_timeout = SILENCE


def watch_closely() -> None:
    """Have the library's connections beat like that; it has no setting of its own for it."""
    gateway.KeepAliveHandler = Pulse  # type: ignore[misc]


def use_addresses(settings: Settings) -> None:
    """Have the library talk with the addresses that are set; it has no setting of its own for them."""
    if settings.discord_api_url:
        Route.BASE = settings.discord_api_url.rstrip("/")
    if settings.discord_gateway_url:
        gateway.DiscordWebSocket.DEFAULT_GATEWAY = URL(settings.discord_gateway_url)
