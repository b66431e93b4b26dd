"""The real client against the Discord on this machine: what it can do to a client, and that the client gets over it."""

from __future__ import annotations

import asyncio
import io
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

import discord
import pytest
import pytest_asyncio
from discord import app_commands, gateway, ui
from discord.http import Route
from yarl import URL

from tests.discord_peer.gateway import BAD_SHARD, FakeDiscord, running
from tests.discord_peer.payloads import COMMAND, PRESS, interaction, message, server, shard_of, text_channel, user
from tests.discord_peer.rest import Refusal
from tests.discord_peer.sent import problems
from tests.waiting import PATIENCE

BO = user(7, "bo")
GENERAL = text_channel(50, 20)
MESSAGES = "/channels/50/messages"
NOBODY = discord.AllowedMentions.none()


class Vote(ui.View):
    def __init__(self) -> None:
        super().__init__(timeout=None)

    @ui.button(label="Yes", custom_id="vote 1 1")
    async def yes(self, interaction: discord.Interaction, pressed: ui.Button[Vote]) -> None:
        await interaction.response.defer()
        await interaction.edit_original_response(content="Counted.", allowed_mentions=NOBODY)


class Listener(discord.AutoShardedClient):
    """A client that takes down what it hears, and answers a command and a button."""

    def __init__(self, **options: Any) -> None:
        intents = options.pop("intents", discord.Intents(guilds=True, guild_messages=True, dm_messages=True))
        quick = {"guild_ready_timeout": 0.02, "heartbeat_timeout": 5.0, **options}
        super().__init__(intents=intents, allowed_mentions=NOBODY, chunk_guilds_at_startup=False, **quick)
        self.heard: list[str] = []
        self.news = asyncio.Condition()
        self.tree = app_commands.CommandTree(self)
        self.tree.command(name="ask", description="Ask a question")(answer)
        self.tree.context_menu(name="Ask about this")(ask_about)

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Identify at once: nobody counts here how often."""

    async def setup_hook(self) -> None:
        self.add_view(Vote())
        await self.tree.sync()

    async def on_message(self, said: discord.Message) -> None:
        if said.author != self.user:
            await self.hear(said.content)

    async def on_ready(self) -> None:
        await self.hear("ready")

    async def on_shard_resumed(self, shard_id: int) -> None:
        await self.hear("resumed")

    async def hear(self, what: str) -> None:
        async with self.news:
            self.heard.append(what)
            self.news.notify_all()

    async def until(self, holds: Callable[[list[str]], bool]) -> None:
        async with asyncio.timeout(PATIENCE), self.news:
            await self.news.wait_for(lambda: holds(self.heard))


async def answer(interaction: discord.Interaction, question: str) -> None:
    await interaction.response.defer(ephemeral=True, thinking=True)
    await interaction.edit_original_response(content=f"{question} Yes.", allowed_mentions=NOBODY)
    await interaction.followup.send("Anything else?", ephemeral=True, allowed_mentions=NOBODY)


async def ask_about(interaction: discord.Interaction, about: discord.Message) -> None:
    await interaction.response.send_message(about.content, ephemeral=True, allowed_mentions=NOBODY)


def use(patch: pytest.MonkeyPatch, peer: FakeDiscord) -> None:
    """Have discord.py talk with the peer."""
    patch.setattr(Route, "BASE", peer.api_url)
    patch.setattr(gateway.DiscordWebSocket, "DEFAULT_GATEWAY", URL(peer.gateway_url))


@asynccontextmanager
async def at(peer: FakeDiscord) -> AsyncIterator[FakeDiscord]:
    """A peer with a server and a channel, where discord.py finds it."""
    peer.world.add_server(server(20, GENERAL, people=[BO]))
    with pytest.MonkeyPatch.context() as patch:
        async with peer:
            use(patch, peer)
            yield peer
        await hearts_have_stopped()


async def hearts_have_stopped() -> None:
    """A client that closes tells its threads for heartbeats to stop and does not wait: one that was just about to beat
    would find the event loop closed."""
    for thread in threading.enumerate():
        if isinstance(thread, gateway.KeepAliveHandler):
            await asyncio.to_thread(thread.join, PATIENCE)
            assert not thread.is_alive()


@asynccontextmanager
async def connected(**options: Any) -> AsyncIterator[Listener]:
    """A client, ready."""
    client = Listener(**options)
    task = asyncio.create_task(client.start("token"))
    try:
        await client.until(lambda heard: "ready" in heard)
        yield client
    finally:
        await client.close()
        with suppress(discord.ConnectionClosed):
            await task


@pytest_asyncio.fixture
async def peer() -> AsyncIterator[FakeDiscord]:
    async with at(FakeDiscord(heartbeat=0.05)) as served:
        yield served


@pytest_asyncio.fixture
async def client(peer: FakeDiscord) -> AsyncIterator[Listener]:
    async with connected() as listening:
        yield listening


async def say(peer: FakeDiscord, words: str) -> None:
    await peer.dispatch("MESSAGE_CREATE", message(50, BO, words, guild_id="20"))


# --- Beginning, and what is asked over HTTP ---


@pytest.mark.asyncio
async def test_a_client_starts_and_is_told_of_its_server(peer: FakeDiscord, client: Listener) -> None:
    (found,) = client.guilds
    assert [channel.name for channel in found.text_channels] == ["general"]
    assert peer.identifies[0]["token"] == "token"
    assert [command["name"] for command in peer.world.commands] == ["ask", "Ask about this"]
    assert problems(call.sent for call in peer.rest.calls) == []


@pytest.mark.asyncio
async def test_heartbeats_are_answered(peer: FakeDiscord, client: Listener) -> None:
    await peer.until(lambda: peer.heartbeats > 3)
    assert client.latency < 1
    assert len(peer.paths) == 1


@pytest.mark.asyncio
async def test_messages_are_heard_sent_and_changed(peer: FakeDiscord, client: Listener) -> None:
    await say(peer, "hello")
    await client.until(lambda heard: "hello" in heard)
    sent = await client.get_partial_messageable(50).send("Choose.", view=Vote())
    await sent.edit(content="Choose now.")
    assert peer.world.messages[str(sent.id)]["content"] == "Choose now."
    assert (await sent.channel.fetch_message(sent.id)).content == "Choose now."
    assert problems(call.sent for call in peer.rest.calls) == []


@pytest.mark.asyncio
async def test_files_arrive_whole(peer: FakeDiscord, client: Listener) -> None:
    chart = discord.File(io.BytesIO(b"123"), "chart.png", description="A chart")
    sent = await client.get_partial_messageable(50).send(file=chart)
    assert peer.rest.sent("POST", MESSAGES)[0].files == (3,)
    assert (sent.attachments[0].description, sent.attachments[0].size) == ("A chart", 3)


@pytest.mark.asyncio
async def test_a_message_that_is_sent_twice_with_one_nonce_is_one(peer: FakeDiscord, client: Listener) -> None:
    channel = client.get_partial_messageable(50)
    assert (await channel.send("Once.", nonce="1")).id == (await channel.send("Once.", nonce="1")).id
    assert (await channel.send("Twice.", nonce="2")).content == "Twice."
    assert len(peer.world.messages) == 2


@pytest.mark.asyncio
async def test_a_command_is_answered(peer: FakeDiscord, client: Listener) -> None:
    data = {"id": peer.world.commands[0]["id"], "name": "ask", "type": 1}
    asked = {**data, "options": [{"type": 3, "name": "question", "value": "Is it?"}]}
    await peer.dispatch("INTERACTION_CREATE", interaction(COMMAND, asked, BO, GENERAL, application="1000"))
    await peer.until(lambda: peer.rest.sent("POST", "/webhooks/*"))
    assert [one["content"] for one in peer.world.messages.values()] == ["Is it? Yes.", "Anything else?"]
    (first,) = peer.rest.sent("POST", "/interactions/*")
    assert first.payload == {"type": 5, "data": {"flags": 64}}


@pytest.mark.asyncio
async def test_a_press_is_answered_in_its_message(peer: FakeDiscord, client: Listener) -> None:
    sent = await client.get_partial_messageable(50).send("Choose.", view=Vote())
    shown = peer.world.messages[str(sent.id)]
    pressed = {"custom_id": "vote 1 1", "component_type": 2}
    await peer.dispatch("INTERACTION_CREATE", interaction(PRESS, pressed, BO, GENERAL, application="1000", shown=shown))
    await peer.until(lambda: peer.rest.sent("PATCH", "/webhooks/*"))
    assert peer.world.messages[str(sent.id)]["content"] == "Counted."


@pytest.mark.asyncio
async def test_a_message_to_one_person_goes_to_a_channel_of_their_own(peer: FakeDiscord, client: Listener) -> None:
    channel = await client.create_dm(discord.Object(7))
    await channel.send("Between us.")
    assert next(iter(peer.world.messages.values()))["channel_id"] == str(channel.id)


# --- Connections that end ---

Mood = Callable[[FakeDiscord], Awaitable[None]]
RESUMABLE: dict[str, Mood] = {
    "asked to reconnect": lambda peer: peer.ask_to_reconnect(),
    "invalid, but resumable": lambda peer: peer.invalidate(resumable=True),
    "dropped": lambda peer: peer.drop(),
    "closed by a restart": lambda peer: peer.close(1012),
    "closed for an unknown reason": lambda peer: peer.close(4000),
}


@pytest.mark.asyncio
@pytest.mark.parametrize("mood", RESUMABLE)
async def test_what_happens_meanwhile_is_heard_after_resuming(mood: str, peer: FakeDiscord, client: Listener) -> None:
    await say(peer, "before")
    await client.until(lambda heard: "before" in heard)
    await RESUMABLE[mood](peer)
    await say(peer, "meanwhile")
    await client.until(lambda heard: "resumed" in heard)
    await say(peer, "after")
    await client.until(lambda heard: "after" in heard)
    assert [one for one in client.heard if one != "resumed"] == ["ready", "before", "meanwhile", "after"]
    assert (len(peer.identifies), len(peer.resumes)) == (1, 1)
    assert peer.paths == ["/gateway/", "/resume/"]


@pytest.mark.asyncio
async def test_an_invalid_session_begins_anew(peer: FakeDiscord, client: Listener) -> None:
    await peer.invalidate(resumable=False)
    await client.until(lambda heard: heard.count("ready") == 2)
    await say(peer, "hello")
    await client.until(lambda heard: "hello" in heard)
    assert (len(peer.identifies), len(peer.resumes)) == (2, 0)


@pytest.mark.asyncio
async def test_a_session_that_is_gone_cannot_be_resumed(peer: FakeDiscord, client: Listener) -> None:
    await peer.invalidate(resumable=False)
    await peer.drop()
    await client.until(lambda heard: heard.count("ready") == 2)
    assert len(peer.identifies) == 2


@pytest.mark.asyncio
async def test_a_connection_gone_deaf_is_noticed_by_the_client(peer: FakeDiscord) -> None:
    async with connected(heartbeat_timeout=0.3) as client:
        peer.go_deaf()
        await say(peer, "meanwhile")
        await client.until(lambda heard: "meanwhile" in heard)
        assert peer.resumes  # a busy machine can take a live connection for a deaf one as well


# --- Connections that never are ---


@pytest.mark.asyncio
async def test_a_bad_token_is_refused_over_http(peer: FakeDiscord) -> None:
    async with Listener() as client:
        with pytest.raises(discord.LoginFailure):
            await client.start("another token")


@pytest.mark.asyncio
async def test_a_token_that_the_gateway_refuses(peer: FakeDiscord) -> None:
    peer.closing = 4004
    async with Listener() as client:
        with pytest.raises(discord.ConnectionClosed) as refused:
            await client.start("token")
    assert refused.value.code == 4004


@pytest.mark.asyncio
async def test_an_intent_that_was_not_granted() -> None:
    everything = discord.Intents(guilds=True, message_content=True)
    async with at(FakeDiscord()) as peer, Listener(intents=everything) as client:
        with pytest.raises(discord.PrivilegedIntentsRequired):
            await client.start("token")
        assert len(peer.identifies) == 1


@pytest.mark.asyncio
async def test_an_intent_that_was_granted() -> None:
    everything = discord.Intents(guilds=True, guild_messages=True, message_content=True)
    async with at(FakeDiscord(approved=1 << 15)) as peer, connected(intents=everything) as client:
        await say(peer, "hello")
        await client.until(lambda heard: "hello" in heard)
        assert peer.identifies[0]["intents"] & 1 << 15


@pytest.mark.asyncio
async def test_a_shard_that_cannot_be_is_refused(peer: FakeDiscord) -> None:
    async with Listener(shard_count=1, shard_ids=[3]) as client:
        with pytest.raises(discord.ConnectionClosed) as refused:
            await client.start("token")
    assert refused.value.code == BAD_SHARD


# --- Shards ---


@pytest.mark.asyncio
async def test_each_shard_is_told_of_its_own_servers() -> None:
    far = 1 << 22
    async with at(FakeDiscord(shards=2)) as peer:
        peer.world.add_server(server(far, text_channel(60, far)))
        async with connected() as client:
            assert sorted(one["shard"] for one in peer.identifies) == [[0, 2], [1, 2]]
            assert {found.id: found.shard_id for found in client.guilds} == {20: 0, far: 1}
            await peer.dispatch("MESSAGE_CREATE", message(60, BO, "far away", guild_id=str(far)))
            await client.until(lambda heard: "far away" in heard)
    assert (shard_of(20, 2), shard_of(far, 2)) == (0, 1)


@pytest.mark.asyncio
async def test_a_process_can_hold_some_of_the_shards() -> None:
    async with at(FakeDiscord(shards=2)) as peer, connected(shard_count=2, shard_ids=[0]):
        assert [one["shard"] for one in peer.identifies] == [[0, 2]]
        with pytest.raises(LookupError):
            await peer.dispatch("MESSAGE_CREATE", message(60, BO, "to nobody", guild_id=str(1 << 22)))


# --- Calls that are refused ---


@pytest.mark.asyncio
async def test_too_many_calls_are_made_again_when_they_may(peer: FakeDiscord, client: Listener) -> None:
    peer.rest.refuse("POST", "/channels/*/messages", Refusal(429, retry_after=0.1), times=2)
    began = time.monotonic()
    await client.get_partial_messageable(50).send("Patience.")
    assert time.monotonic() - began >= 0.2
    assert [call.status for call in peer.rest.calls if call.sent.path == MESSAGES] == [429, 429, 200]


@pytest.mark.asyncio
async def test_too_many_calls_of_an_interaction_are_made_again_too(peer: FakeDiscord, client: Listener) -> None:
    peer.rest.refuse("POST", "/interactions/*", Refusal(429, retry_after=0.1))
    shown = peer.world.messages.setdefault("1", message(50, peer.world.me, "Choose.", id="1"))
    pressed = {"custom_id": "vote 1 1", "component_type": 2}
    await peer.dispatch("INTERACTION_CREATE", interaction(PRESS, pressed, BO, GENERAL, application="1000", shown=shown))
    await peer.until(lambda: shown["content"] == "Counted.")
    assert [call.status for call in peer.rest.calls if call.sent.path.endswith("/callback")] == [429, 200]


@pytest.mark.asyncio
@pytest.mark.parametrize("everywhere", [True, False])
async def test_a_limit_of_everything_stops_other_calls_too(
    everywhere: bool, peer: FakeDiscord, client: Listener
) -> None:
    peer.rest.refuse("POST", MESSAGES, Refusal(429, retry_after=0.5, everywhere=everywhere))
    sending = asyncio.create_task(client.get_partial_messageable(50).send("Patience."))
    await peer.until(lambda: peer.rest.calls[-1].status == 429)
    while not sending.done():
        await client.fetch_channel(50)
    meanwhile = peer.rest.sent("GET", "/channels/50")
    # Before the client has read of the limit, and again after it, one may be on its way.
    assert (len(meanwhile) <= 4) is everywhere


@pytest.mark.asyncio
async def test_a_ban_is_no_limit(peer: FakeDiscord, client: Listener) -> None:
    peer.rest.refuse("POST", MESSAGES, Refusal(429, via=False))
    with pytest.raises(discord.HTTPException) as refused:
        await client.get_partial_messageable(50).send("Patience.")
    assert refused.value.status == 429
    assert len([call for call in peer.rest.calls if call.sent.path == MESSAGES]) == 1


@pytest.mark.asyncio
async def test_a_call_that_failed_is_made_again(peer: FakeDiscord, client: Listener) -> None:
    peer.rest.refuse("POST", MESSAGES, Refusal(500))
    await client.get_partial_messageable(50).send("Again.")
    assert [call.status for call in peer.rest.calls if call.sent.path == MESSAGES] == [500, 200]


@pytest.mark.asyncio
async def test_what_is_not_allowed_and_what_is_not_there(peer: FakeDiscord, client: Listener) -> None:
    peer.rest.refuse("POST", MESSAGES, Refusal(403, code=50013))
    with pytest.raises(discord.Forbidden) as refused:
        await client.get_partial_messageable(50).send("Here?")
    assert refused.value.code == 50013
    with pytest.raises(discord.NotFound) as gone:
        await client.get_partial_messageable(51).send("Here?")
    assert gone.value.code == 10003
    with pytest.raises(discord.NotFound) as forgotten:
        await client.get_partial_messageable(50).get_partial_message(1).edit(content="Here?")
    assert forgotten.value.code == 10008


def test_it_can_be_served_in_a_thread_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    with running(FakeDiscord()) as peer:
        use(monkeypatch, peer)
        peer.closing = 4004

        async def start() -> None:
            async with Listener() as client:
                await client.start("token")

        with pytest.raises(discord.ConnectionClosed):
            asyncio.run(start())
        assert len(peer.identifies) == 1
