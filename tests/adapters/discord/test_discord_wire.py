"""The bot against a Discord over the wire: nothing is lost when a connection ends, nothing is answered twice."""

from __future__ import annotations

import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from adapters.discord import connection as wire
from adapters.discord.checkup import examine
from adapters.discord.connection import DiscordConnection
from bot.board import Board
from bot.catalogue import Catalogue
from bot.reply import Form, Reply, Text
from bot.settings import Settings, SettingsError
from bot.shelf import Shelf
from bot.store.database import Store
from bot.store.engines import IN_MEMORY
from bot.turn import Turn
from tests.adapters.discord.conftest import BO, GENERAL, connected
from tests.discord_peer.gateway import FakeDiscord, running
from tests.discord_peer.payloads import COMMAND, Object, interaction, message
from tests.discord_peer.rest import Refusal

MESSAGES = "/channels/50/messages"


class Echo:
    """An assistant that says again what it hears."""

    def __init__(self, store: Store) -> None:
        self._store = store

    @property
    def catalogue(self) -> Catalogue:
        return Catalogue(Shelf(()), lambda: self._store)

    async def hear(self, turn: Turn) -> AsyncIterator[Reply]:
        yield Reply((Text(f"You said {turn.words}."),), "help")

    async def form(self, turn: Turn) -> Form | None:
        return None


def connect(settings: Settings) -> DiscordConnection:
    store = Store(IN_MEMORY)
    return DiscordConnection(settings, Echo(store), Board(list, lambda: store))


def mention(peer: FakeDiscord, words: str) -> Object:
    me = peer.world.me
    return message(50, BO, f"<@{me['id']}> {words}", guild_id="20", mentions=[me])


def answers(peer: FakeDiscord) -> list[str]:
    return [one.payload["content"] for one in peer.rest.sent("POST", MESSAGES)]


# --- Connections that end ---

Mood = Callable[[FakeDiscord], Awaitable[None]]
RESUMABLE: dict[str, Mood] = {
    "asked to reconnect": lambda peer: peer.ask_to_reconnect(),
    "invalid, but resumable": lambda peer: peer.invalidate(resumable=True),
    "dropped": lambda peer: peer.drop(),
}


@pytest.mark.asyncio
@pytest.mark.parametrize("mood", RESUMABLE)
async def test_what_is_said_meanwhile_is_answered_once(mood: str, at: Settings, peer: FakeDiscord) -> None:
    async with connected(connect(at), peer):
        await peer.dispatch("MESSAGE_CREATE", mention(peer, "one"))
        await peer.until(lambda: len(answers(peer)) == 1)
        await RESUMABLE[mood](peer)
        await peer.dispatch("MESSAGE_CREATE", mention(peer, "two"))
        await peer.until(lambda: len(answers(peer)) == 2)
        await peer.dispatch("MESSAGE_CREATE", mention(peer, "three"))
        await peer.until(lambda: len(answers(peer)) == 3)
    assert answers(peer) == ["You said one.", "You said two.", "You said three."]
    assert (len(peer.identifies), len(peer.resumes)) == (1, 1)


@pytest.mark.asyncio
async def test_after_an_invalid_session_the_bot_begins_anew(at: Settings, peer: FakeDiscord) -> None:
    async with connected(connect(at), peer):
        await peer.invalidate(resumable=False)
        await peer.until(lambda: len(peer.identifies) == 2)
        await peer.dispatch("MESSAGE_CREATE", mention(peer, "one"))
        await peer.until(lambda: answers(peer))
    assert answers(peer) == ["You said one."]


@pytest.mark.asyncio
async def test_a_connection_gone_deaf_is_made_anew(
    at: Settings, peer: FakeDiscord, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire, "BEAT", 0.05)
    monkeypatch.setattr(wire, "SILENCE", 0.3)
    async with connected(connect(at), peer):
        peer.go_deaf()
        await peer.dispatch("MESSAGE_CREATE", mention(peer, "one"))
        await peer.until(lambda: answers(peer))
    assert len(peer.resumes) == 1


# --- Calls that are refused ---


@pytest.mark.asyncio
async def test_an_answer_waits_as_long_as_it_is_told_to(at: Settings, peer: FakeDiscord) -> None:
    peer.rest.refuse("POST", MESSAGES, Refusal(429, retry_after=0.1), times=3)
    async with connected(connect(at), peer):
        await peer.dispatch("MESSAGE_CREATE", mention(peer, "one"))
        await peer.until(lambda: answers(peer))
    assert [call.status for call in peer.rest.calls if call.sent.path == MESSAGES] == [429, 429, 429, 200]


@pytest.mark.asyncio
async def test_a_command_is_answered_to_the_asker_alone(at: Settings, peer: FakeDiscord) -> None:
    async with connected(connect(at), peer):
        await peer.until(lambda: peer.world.commands)
        question = {"type": 3, "name": "question", "value": "Is it?"}
        ask = {"type": 1, "name": "ask", "options": [question]}
        data = {"id": peer.world.commands[0]["id"], "name": "finops", "type": 1, "options": [ask]}
        await peer.dispatch("INTERACTION_CREATE", interaction(COMMAND, data, BO, GENERAL, application="1000"))
        await peer.until(lambda: peer.rest.sent("PATCH", "/webhooks/*"))
    (first,) = peer.rest.sent("POST", "/interactions/*")
    assert first.payload == {"type": 5, "data": {"flags": 64}}
    (told,) = peer.rest.sent("PATCH", "/webhooks/*")
    assert "Is it?" in told.payload["content"]


# --- Connections that never are ---


@pytest.mark.asyncio
async def test_a_token_that_is_refused_later_is_one_sentence_too(at: Settings, peer: FakeDiscord) -> None:
    peer.closing = 4004
    with pytest.raises(SettingsError, match="Discord does not accept the token"):
        await connect(at).run()


@pytest.mark.asyncio
async def test_an_intent_that_was_not_granted_is_one_sentence(at: Settings, peer: FakeDiscord) -> None:
    with pytest.raises(SettingsError, match="Message Content Intent"):
        await connect(at.model_copy(update={"discord_message_content": True})).run()


@pytest.mark.asyncio
async def test_doctor_finds_the_channels(at: Settings, peer: FakeDiscord) -> None:
    assert [line async for line in examine(at)] == [
        "the bot is FinOps Bot",
        "Server: all rights in 1 of 1 channels",
    ]


def test_the_command_ends_with_a_sentence_where_the_token_is_refused(
    bot: Callable[..., subprocess.CompletedProcess[bytes]], unused_tcp_port: int, tmp_path: Path
) -> None:
    with running(FakeDiscord()) as peer:
        peer.closing = 4004
        settings = {
            # The home is everybody's: what is kept goes elsewhere.
            "FINOPS_DATABASE_URL": f"sqlite:///{tmp_path / 'store.db'}",
            "FINOPS_PORT": str(unused_tcp_port),
            "DISCORD_TOKEN": "token",
            "FINOPS_DISCORD_API_URL": peer.api_url,
            "FINOPS_DISCORD_GATEWAY_URL": peer.gateway_url,
        }
        done = bot("discord", **settings)
    assert done.returncode == 2
    assert done.stdout == b""
    assert b"Discord does not accept the token in DISCORD_TOKEN" in done.stderr
    assert b"Traceback" not in done.stderr
