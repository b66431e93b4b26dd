"""The wire to Discord: what is wrong is one sentence, and what cannot be reached is tried again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from aiohttp import web
from discord import gateway
from discord.http import Route
from pydantic import SecretStr

from adapters.discord.checkup import examine
from adapters.discord.connection import BEAT, DiscordConnection, Pulse
from bot.board import Board
from bot.catalogue import Catalogue
from bot.reply import Form, Reply
from bot.settings import Settings, SettingsError
from bot.shelf import Shelf
from bot.store.database import Store
from bot.store.engines import IN_MEMORY
from bot.turn import Turn
from tests.waiting import PATIENCE

pytestmark = pytest.mark.asyncio


class Silent:
    """An assistant that nobody talks with."""

    @property
    def catalogue(self) -> Catalogue:
        return Catalogue(Shelf(()), lambda: Store(IN_MEMORY))

    async def hear(self, turn: Turn) -> AsyncIterator[Reply]:
        yield Reply((), "help")

    async def form(self, turn: Turn) -> Form | None:
        return None


@pytest_asyncio.fixture
async def refusing(monkeypatch: pytest.MonkeyPatch, unused_tcp_port: int) -> AsyncIterator[str]:
    """A Discord that takes no token."""
    monkeypatch.setattr(Route, "BASE", Route.BASE)
    monkeypatch.setattr(gateway, "KeepAliveHandler", gateway.KeepAliveHandler)

    async def refuse(request: web.Request) -> web.Response:
        # Without this header the library takes an answer for one that Discord has not given.
        return web.json_response({"message": "401: Unauthorized", "code": 0}, status=401, headers={"Via": "1.1"})

    site = web.Application()
    site.router.add_route("*", "/{rest:.*}", refuse)
    runner = web.AppRunner(site, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", unused_tcp_port).start()
    yield f"http://127.0.0.1:{unused_tcp_port}/api/v10"
    await runner.cleanup()


def connection(settings: Settings, address: str) -> DiscordConnection:
    at = settings.model_copy(update={"discord_token": SecretStr("token"), "discord_api_url": address})
    return DiscordConnection(at, Silent(), Board(list, lambda: Store(IN_MEMORY)))


async def test_a_bad_token_is_one_sentence(discord_settings: Settings, refusing: str) -> None:
    connected = connection(discord_settings, refusing)
    with pytest.raises(SettingsError, match="Discord does not accept the token in DISCORD_TOKEN"):
        await connected.run()
    assert not await connected.is_connected()


async def test_doctor_says_so_too(discord_settings: Settings, refusing: str) -> None:
    at = discord_settings.model_copy(update={"discord_token": SecretStr("token"), "discord_api_url": refusing})
    with pytest.raises(SettingsError, match="Discord does not accept the token"):
        [line async for line in examine(at)]


async def test_no_token_is_one_sentence_as_well(discord_settings: Settings) -> None:
    with pytest.raises(SettingsError, match="needs DISCORD_TOKEN"):
        DiscordConnection(discord_settings, Silent(), Board(list, lambda: Store(IN_MEMORY)))
    with pytest.raises(SettingsError, match="needs DISCORD_TOKEN"):
        [line async for line in examine(discord_settings)]


async def test_what_cannot_be_reached_is_tried_again_until_the_bot_is_stopped(
    discord_settings: Settings, refusing: str, unused_tcp_port_factory: object, caplog: pytest.LogCaptureFixture
) -> None:
    assert callable(unused_tcp_port_factory)
    nowhere = f"http://127.0.0.1:{unused_tcp_port_factory()}/api/v10"
    running = asyncio.create_task(connection(discord_settings, nowhere).run())
    async with asyncio.timeout(PATIENCE):
        while "Discord cannot be reached" not in caplog.text:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    assert not running.done()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running


async def test_a_beat_goes_out_often_enough_to_notice_silence(discord_settings: Settings, refusing: str) -> None:
    connection(discord_settings, refusing)
    assert gateway.KeepAliveHandler is Pulse
    assert BEAT < 20
