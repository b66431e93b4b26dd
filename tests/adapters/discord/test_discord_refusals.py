"""What Discord refuses of messages that stand: nothing else is late, and who acted is told."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.discord.connection import DiscordConnection
from bot.board import Board
from bot.settings import Settings
from bot.store.database import Store
from bot.turn import Room
from tests.adapters.discord.conftest import BO, GENERAL, Server, connected
from tests.adapters.light import light, open_poll, open_polls, ticking, vote
from tests.discord_peer.gateway import FakeDiscord
from tests.discord_peer.payloads import server as server_with
from tests.discord_peer.payloads import text_channel
from tests.stores import open_new

pytestmark = pytest.mark.asyncio
HERE, THERE = Room("discord", "50"), Room("discord", "51")
# Within a minute, however busy the machine is.
PATIENCE = 50.0


@pytest.fixture
def discord_store(tmp_path: Path) -> Iterator[Store]:
    """A store of its own."""
    opened = open_new(tmp_path / "own.db")
    yield opened
    opened.close()


def posted(peer: FakeDiscord, channel: str, words: str) -> bool:
    """Whether a message of these words was sent to a channel."""
    return any(words in one.payload["content"] for one in peer.rest.sent("POST", f"/channels/{channel}/messages"))


def edited(peer: FakeDiscord, channel: str, words: str) -> bool:
    """Whether one in it was made to say these words."""
    return any(words in one.payload["content"] for one in peer.rest.sent("PATCH", f"/channels/{channel}/messages/*"))


async def keep_waiting(peer: FakeDiscord, store: Store) -> None:
    """Have the ballot of a poll in the first channel wait for a minute before it can be edited."""
    slow = open_poll(store, HERE, "Tea?")
    await peer.until(lambda: posted(peer, "50", "Tea?"), PATIENCE)
    (ballot,) = (one["id"] for one in peer.world.messages.values() if "Tea?" in one["content"])
    peer.world.edits_left[ballot] = 0
    vote(store, slow, "bo")
    await peer.until(lambda: any(call.status == 429 for call in peer.rest.calls), PATIENCE)


async def test_one_message_that_has_to_wait_a_minute_keeps_nobody_else_waiting(
    peer: FakeDiscord, at: Settings, discord_store: Store
) -> None:
    # discord/discord-api-docs 4413: an old message may not be edited for a while; Rapptz/discord.py 4155: the library
    # sleeps for as long as it is told, and whoever waits for it too.
    assistant = light(discord_store)
    connection = DiscordConnection(at, assistant, Board(lambda: assistant.keepers, lambda: discord_store))
    peer.world.add_server(server_with(20, GENERAL, text_channel(51, 20, "other"), people=[BO]))

    async with connected(connection, peer), ticking(discord_store, assistant):
        await keep_waiting(peer, discord_store)
        other = open_poll(discord_store, THERE, "Lunch?", lasts=timedelta(seconds=1))
        vote(discord_store, other, "bo")
        await peer.until(
            lambda: edited(peer, "51", "the poll is closed") and posted(peer, "51", "yes: **1** (100%)"), PATIENCE
        )
        assert not edited(peer, "50", "Tea?")


@pytest.mark.trial
async def test_elsewhere_a_poll_appears_and_closes_while_one_message_waits_for_a_minute(
    peer: FakeDiscord, at: Settings, discord_store: Store
) -> None:
    # The figure to reach is 5 seconds on an idle machine; a busy one is allowed 20.
    assistant, clock = light(discord_store), asyncio.get_running_loop().time
    connection = DiscordConnection(at, assistant, Board(lambda: assistant.keepers, lambda: discord_store))
    peer.world.add_server(server_with(20, GENERAL, text_channel(51, 20, "other"), people=[BO]))

    async with connected(connection, peer), ticking(discord_store, assistant):
        await keep_waiting(peer, discord_store)
        began = clock()
        open_poll(discord_store, THERE, "Lunch?", lasts=timedelta(seconds=1))
        await peer.until(lambda: posted(peer, "51", "Lunch?"), PATIENCE)
        appeared = clock() - began
        await peer.until(lambda: posted(peer, "51", "Results: Lunch?"), PATIENCE)
        closed = clock() - began - 1
    print(f"a poll elsewhere appears after {appeared:.1f} s, its close after {closed:.1f} s; 5 s are the aim")
    assert max(appeared, closed) <= 20


OURS, THEIRS = "123456789012345678", "923456789012345678"


async def test_an_emoji_is_drawn_on_a_button_where_the_bot_may_use_it_and_named_elsewhere(
    peer: FakeDiscord, at: Settings, discord_store: Store
) -> None:
    # A message with an emoji that the bot may not use is refused as a whole: SpenserCai/sd-webui-discord 28.
    assistant = light(discord_store)
    connection = DiscordConnection(at, assistant, Board(lambda: assistant.keepers, lambda: discord_store))
    emoji = {"id": OURS, "name": "party", "roles": [], "require_colons": True, "managed": False, "animated": False}
    peer.world.add_server({**server_with(20, GENERAL, people=[BO]), "emojis": [{**emoji, "available": True}]})
    options = (f"<:party:{OURS}> Pizza", f"<:fish:{THEIRS}> Sushi", f"<:party:{OURS}>")

    async with connected(connection, peer):
        open_poll(discord_store, HERE, "Lunch?", options)
        await peer.until(lambda: posted(peer, "50", "Lunch?"), PATIENCE)
    (message,) = peer.rest.sent("POST", "/channels/50/messages")
    (row,) = message.payload["components"]
    assert [(str(one.get("emoji", {}).get("id")), one["label"]) for one in row["components"]] == [
        (OURS, "Pizza"),
        ("None", ":fish: Sushi"),
        (OURS, ":party:"),
    ]


@pytest.mark.parametrize(
    ("status", "code", "why"),
    [
        (403, 50013, "I may not write there"),
        (403, 50001, "I may not see that channel"),
        (400, 40058, "In a forum I can only answer below a post"),
        (400, 200000, "AutoMod"),
    ],
)
async def test_a_poll_that_may_not_be_posted_is_not_open_and_who_wanted_it_is_told(
    server: Server, status: int, code: int, why: str
) -> None:
    server.env.inject_error("POST", "/channels/*/messages", status=status, code=code)
    told = await server.ana.slash(server.channel, "finops-mod poll new", poll="Where do we eat? Pizza, Sushi")
    assert told.response is not None
    assert why in told.response.content
    assert "So the poll is not open." in told.response.content
    room = Room("discord", str(server.channel.id), server=str(server.guild.id))
    assert open_polls(server.store, room) == 0
    await server.ana.slash(server.channel, "finops-mod poll new", poll="Where do we eat? Pizza, Sushi")
    assert "Where do we eat?" in server.last().content
