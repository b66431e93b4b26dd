"""A Discord inside the process and one over the wire, the real client, and the bot as it is behind that."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import discord
import pytest
import pytest_asyncio
from discord import gateway
from discord.http import Route
from pydantic import SecretStr
from simcord.actors import MemberActor
from simcord.backend.serializers import message_payload
from simcord.builders import ChannelHandle
from simcord.enums import InteractionType
from simcord.env import Env
from simcord.interactions import base_payload
from simcord.results import InteractionResult

from adapters.discord.app import Bot
from adapters.discord.connection import DiscordConnection
from bot.board import Board
from bot.commands.start import make_assistant
from bot.scheduler import Scheduler
from bot.settings import Settings
from bot.store.database import Store
from bot.turn import Room
from tests.discord_peer import payloads
from tests.discord_peer.gateway import FakeDiscord
from tests.discord_peer.recording import sent_to_discord as sent_to_discord  # all that is sent is checked
from tests.discord_peer.sent import problems
from tests.home import settings_of
from tests.stores import open_new
from tests.waiting import PATIENCE

if TYPE_CHECKING:
    from bot.intents.understanding import Understanding
    from knowledge.library import Library

# Somebody in the server over the wire, and its channel.
BO = payloads.user(7, "bo")
GENERAL = payloads.text_channel(50, 20)


class Server:
    """A server with a channel, a moderator, and two members; `bot` is the present process of the bot."""

    def __init__(self, env: Env, make: Callable[[], Bot], store: Store, assistant: Any) -> None:
        self.env = env
        self.assistant = assistant
        self._make = make
        self.store = store
        self.guild = env.create_guild()
        self.channel = self.guild.create_text_channel("general")
        mods = self.guild.create_role("Mods", permissions=discord.Permissions(manage_guild=True))
        self.ana = self.guild.add_member(env.create_user("ana"), roles=[mods])
        self.bo = self.guild.add_member(env.create_user("bo"))
        self.cy = self.guild.add_member(env.create_user("cy"))

    @property
    def me(self) -> str:
        """What mentions the bot."""
        assert self.env.bot.user is not None
        return self.env.bot.user.mention

    async def restart(self) -> None:
        """Another process of the bot takes over."""
        await self.env.restart_bot(self._make())

    async def mention(self, person: MemberActor, words: str, channel: ChannelHandle | None = None) -> discord.Message:
        """Somebody mentions the bot; the last answer in the channel."""
        where = channel or self.channel
        await person.send(where, f"{self.me} {words}")
        return self.last(where)

    def last(self, channel: ChannelHandle | None = None) -> discord.Message:
        """The last message in a channel."""
        found = (channel or self.channel).last_message
        assert found is not None
        return found

    def votes(self) -> dict[str, int]:
        """The votes by option in the newest poll of the channel."""
        with self.store.reading() as records:
            (poll,) = records.polls.last(Room("discord", str(self.channel.id), server=str(self.guild.id)))
            return dict(zip(poll.options, records.polls.votes.tally(poll).counts, strict=True))

    async def press(self, message: discord.Message, presses: Sequence[tuple[MemberActor, str]]) -> int:
        """Have many press buttons at the same moment; how many were acknowledged before the first was answered."""
        backend, before = self.env.backend, len(self.env.http_requests)
        shown = dict(message_payload(backend, backend.get_message(self.channel.id, message.id)))
        for person, what in presses:
            _, payload = base_payload(
                backend,
                type=InteractionType.MESSAGE_COMPONENT,
                channel_id=self.channel.id,
                guild_id=self.guild.id,
                user_id=person.id,
                data={"custom_id": what, "component_type": 2},
            )
            backend.emit("INTERACTION_CREATE", {**payload, "message": shown})
        await self.env.settle(timeout=PATIENCE)
        told = [request.path.rpartition("/")[2] for request in self.env.http_requests[before:]]
        return told.index("@original")

    @staticmethod
    def filled(shown: InteractionResult) -> dict[str, Any]:
        """The values that a form holds when it opens."""
        assert shown.modal is not None, shown
        held: dict[str, Any] = {}
        for label in shown.modal["components"]:
            asked = label["component"]
            if "options" in asked:
                held[asked["custom_id"]] = [option["value"] for option in asked["options"] if option.get("default")]
            else:
                held[asked["custom_id"]] = asked.get("value") or ""
        return held

    async def wait(self, seconds: float = 3.0) -> None:
        """Let time pass, and the bot do what is due and keep up what stands."""
        await self.env.advance_time(seconds)
        await self.keep_up()

    async def keep_up(self) -> None:
        """What a process does by itself: what is due, then what has changed."""
        scheduler = Scheduler(lambda: self.assistant.keepers, lambda: self.store)
        await asyncio.to_thread(scheduler.work, self.env.now())
        await self.bot.publisher.look()

    @property
    def bot(self) -> Bot:
        """The present process of the bot."""
        assert isinstance(self.env.bot, Bot)
        return self.env.bot


@pytest.fixture
def discord_settings(settings: Settings) -> Settings:
    """The settings of the bot in Discord."""
    return settings.model_copy(update={"discord_shards": 1})


@pytest_asyncio.fixture
async def server(
    library: Library, discord_settings: Settings, understanding: Understanding, tmp_path: Path
) -> AsyncIterator[Server]:
    """A server with the bot in it."""
    store = open_new(tmp_path / "store.db")
    assistant = make_assistant(library, discord_settings, lambda: store, understanding)

    def make() -> Bot:
        board = Board(lambda: assistant.keepers, lambda: store)
        return Bot(discord_settings, assistant, board, clock=lambda: running[0].now())

    running: list[Env] = []
    env = Env(make(), settle_timeout=PATIENCE)
    running.append(env)
    await env.start()
    try:
        yield Server(env, make, store, assistant)
    finally:
        await env.shutdown()
        store.close()


@pytest_asyncio.fixture
async def peer() -> AsyncIterator[FakeDiscord]:
    """A Discord over the wire, with a server."""
    async with FakeDiscord() as served:
        served.world.add_server(payloads.server(20, GENERAL, people=[BO]))
        yield served


@pytest.fixture
def at(peer: FakeDiscord, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Settings that lead to the peer; what they change in the library is undone afterwards."""
    monkeypatch.setattr(Route, "BASE", Route.BASE)
    monkeypatch.setattr(gateway.DiscordWebSocket, "DEFAULT_GATEWAY", gateway.DiscordWebSocket.DEFAULT_GATEWAY)
    monkeypatch.setattr(gateway, "KeepAliveHandler", gateway.KeepAliveHandler)

    async def at_once(bot: Bot, shard: int | None, *, initial: bool = False) -> None:
        """Nobody counts here how often the bot identifies."""

    monkeypatch.setattr(Bot, "before_identify_hook", at_once)
    addresses = {"discord_api_url": peer.api_url, "discord_gateway_url": peer.gateway_url}
    return settings_of(tmp_path).model_copy(update={"discord_token": SecretStr("token"), **addresses})


@asynccontextmanager
async def connected(connection: DiscordConnection, peer: FakeDiscord) -> AsyncIterator[None]:
    """The bot over the wire, until the block ends; all that it has sent then must be what Discord takes."""
    task = asyncio.create_task(connection.run())
    try:
        await peer.until(lambda: peer.identifies)
        yield
    finally:
        task.cancel()
        await asyncio.wait({task})
    assert problems(call.sent for call in peer.rest.calls) == []


def labels(message: Any) -> list[str]:
    """What is written on all buttons of a message, or all that can be chosen in its menus."""
    return [
        label
        for item in _items(message)
        for label in ([option["label"] for option in item["options"]] if "options" in item else [item["label"]])
    ]


def carried(message: Any) -> list[str]:
    """What each button or menu of a message carries."""
    return [item["custom_id"] for item in _items(message)]


def _items(message: Any) -> Iterator[dict[str, Any]]:
    for row in message.components:
        yield from (row if isinstance(row, dict) else row.to_dict())["components"]
