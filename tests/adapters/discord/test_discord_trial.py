"""Many people in Discord at once: counts are asserted, times are printed beside the figures that they should reach."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from adapters.discord.connection import DiscordConnection
from bot.board import Board
from bot.commands.start import make_assistant
from bot.settings import Settings
from bot.store.database import Store
from bot.store.posts import REST
from tests.adapters.discord.conftest import BO, GENERAL, connected
from tests.discord_peer.gateway import FakeDiscord
from tests.discord_peer.payloads import COMMAND, PRESS, Object, interaction, message, server, text_channel, user

if TYPE_CHECKING:
    from bot.intents.understanding import Understanding
    from knowledge.library import Library

PEOPLE, VOTERS, SECONDS = 50, 500, 10
QUESTIONS = ("what is FinOps?", "why does it matter?", "what did Company X achieve?", "what are the benefits?")
# Where what was deferred is answered, and how long that may take, in seconds.
ANSWERED, PATIENCE = "/webhooks/*", 60
pytestmark = [pytest.mark.trial, pytest.mark.asyncio]


@pytest.fixture
def discord_store(tmp_path: Path) -> Iterator[Store]:
    """A store of its own."""
    opened = Store(tmp_path / "store.db")
    yield opened
    opened.close()


@pytest.fixture
def connection(library: Library, at: Settings, understanding: Understanding, discord_store: Store) -> DiscordConnection:
    """A connection of the bot as it is to the peer."""
    assistant: Any = make_assistant(library, at, lambda: discord_store, understanding)
    board = Board(lambda: assistant.keepers, lambda: discord_store)
    return DiscordConnection(at, assistant, board)


def percentile(times: Sequence[float], share: float) -> float:
    return sorted(times)[min(len(times) - 1, int(share * len(times)))]


async def test_fifty_people_ask_at_once(connection: DiscordConnection, peer: FakeDiscord) -> None:
    own = [text_channel(100 + number, 20, f"channel {number}") for number in range(PEOPLE)]
    peer.world.add_server(server(20, GENERAL, *own))
    loop = asyncio.get_running_loop()
    asked: dict[str, float] = {}
    said: dict[str, float] = {}
    async with connected(connection, peer):
        await _ask(peer, BO, QUESTIONS[0])
        await peer.until(lambda: peer.rest.sent("PATCH", ANSWERED), PATIENCE)
        peer.rest.calls.clear()
        for number in range(PEOPLE):
            began = loop.time()
            asked[await _ask(peer, _person(number), QUESTIONS[number % len(QUESTIONS)])] = began
        await peer.until(lambda: len(peer.rest.sent("PATCH", ANSWERED)) == PEOPLE, PATIENCE)
        for number, channel in enumerate(own):
            said[channel["id"]] = loop.time()
            await _mention(peer, _person(PEOPLE + number), channel, QUESTIONS[number % len(QUESTIONS)])
        await peer.until(lambda: len(peer.rest.sent("POST", "/channels/*/messages")) == PEOPLE, PATIENCE)
    acknowledged, told = _after(peer, asked, "/interactions/*/{}/callback"), _after(peer, asked, "/webhooks/*/{}/*")
    signs, answers = _after(peer, said, "/channels/{}/typing"), _after(peer, said, "/channels/{}/messages")
    print(f"\n{PEOPLE} people at once: acknowledged p99 {percentile(acknowledged, 0.99):.2f} s (below 1), ", end="")
    print(f"first sign p95 {percentile(signs, 0.95):.2f} s (below 1), ", end="")
    print(
        f"answer p95 {percentile(told, 0.95):.2f} s to a command, {percentile(answers, 0.95):.2f} s to a mention",
        end="",
    )
    print(" (below 1)")


async def test_five_hundred_votes_in_ten_seconds(
    connection: DiscordConnection, peer: FakeDiscord, discord_store: Store
) -> None:
    loop = asyncio.get_running_loop()
    pressed: dict[str, float] = {}
    async with connected(connection, peer):
        video = {"type": 2, "name": "poll", "options": [{"type": 1, "name": "video", "options": []}]}
        await _command(peer, BO, "finops-mod", video)
        await peer.until(lambda: peer.rest.sent("POST", "/channels/50/messages"), PATIENCE)
        (poll,) = (one for one in peer.world.messages.values() if "How familiar" in one["content"])
        started = loop.time()
        for number in range(VOTERS):
            await asyncio.sleep(max(0.0, started + number * SECONDS / VOTERS - loop.time()))
            began = loop.time()
            pressed[await _vote(peer, _person(number), poll, number % 3 + 1)] = began
        await peer.until(lambda: f"{VOTERS} people voted so far" in poll["content"], PATIENCE)
        await peer.until(lambda: len(peer.rest.sent("PATCH", ANSWERED)) >= VOTERS, PATIENCE)
    assert len(_after(peer, pressed, "/webhooks/*/{}/*")) == VOTERS
    acknowledged = _after(peer, pressed, "/interactions/*/{}/callback")
    changed = f"/channels/50/messages/{poll['id']}"
    edits = [call.at for call in peer.rest.calls if (call.sent.method, call.sent.path) == ("PATCH", changed)]
    assert all(later - earlier >= REST.total_seconds() for earlier, later in pairwise(edits))
    with discord_store.reading() as records:
        found = records.polls.find(1)
        assert found is not None
        assert records.polls.votes.tally(found).counts == tuple(len(range(at, VOTERS, 3)) for at in range(3))
    print(
        f"\n{VOTERS} votes in {SECONDS} s: acknowledged p99 {percentile(acknowledged, 0.99):.2f} s (below 1), ", end=""
    )
    print(f"{len(edits)} edits of the poll's message")


def _person(number: int) -> Object:
    return user(2000 + number, f"person {number}")


async def _ask(peer: FakeDiscord, person: Object, question: str) -> str:
    asked = {"type": 3, "name": "question", "value": question}
    return await _command(peer, person, "finops", {"type": 1, "name": "ask", "options": [asked]})


async def _command(peer: FakeDiscord, person: Object, name: str, option: Object) -> str:
    """Somebody uses a command; the token of that."""
    await peer.until(lambda: peer.world.commands)
    (number,) = (one["id"] for one in peer.world.commands if one["name"] == name)
    return await _interact(peer, COMMAND, {"id": number, "name": name, "type": 1, "options": [option]}, person)


async def _vote(peer: FakeDiscord, person: Object, poll: Object, option: int) -> str:
    """Somebody presses a button of the poll's message; the token of that."""
    data = {"custom_id": f"say vote 1 {option}", "component_type": 2}
    return await _interact(peer, PRESS, data, person, poll)


async def _interact(peer: FakeDiscord, kind: int, data: Object, person: Object, shown: Object | None = None) -> str:
    application = peer.world.me["id"]
    event = interaction(kind, data, person, GENERAL, application=application, shown=shown)
    await peer.dispatch("INTERACTION_CREATE", event)
    return str(event["token"])


async def _mention(peer: FakeDiscord, person: Object, channel: Object, words: str) -> None:
    me = peer.world.me
    said = message(channel["id"], person, f"<@{me['id']}> {words}", guild_id="20", mentions=[me])
    await peer.dispatch("MESSAGE_CREATE", said)


def _after(peer: FakeDiscord, began: Mapping[str, float], path: str) -> list[float]:
    """How long after each beginning its call came, in seconds; `{}` in the path is what the beginning is known by.

    There has to be exactly one call for each.
    """
    taken = []
    for known, at in began.items():
        (call,) = (call for call in peer.rest.calls if fnmatchcase(call.sent.path, path.format(known)))
        assert call.status < 300
        taken.append(call.at - at)
    return taken
