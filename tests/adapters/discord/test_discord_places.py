"""Places over the wire where Discord lets the bot do less: threads that are not held, no reading back, AutoMod."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from adapters.discord.connection import DiscordConnection
from bot.board import Board
from bot.reply import Reply, Text
from bot.settings import Settings
from bot.store.database import Store
from bot.store.engines import IN_MEMORY
from bot.turn import Turn, place_within
from tests.adapters.discord.conftest import BO, GENERAL, connected
from tests.adapters.discord.test_discord_wire import Echo
from tests.discord_peer.gateway import FakeDiscord
from tests.discord_peer.payloads import COMMAND, Object, interaction, message, text_channel

pytestmark = pytest.mark.asyncio


class Noting(Echo):
    """An assistant that says again what it hears, and keeps it."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self.heard: list[Turn] = []

    async def hear(self, turn: Turn) -> AsyncIterator[Reply]:
        self.heard.append(turn)
        yield Reply((Text(f"You said {turn.words}."),), "help")


def thread(number: int, kind: int, archived: bool = False) -> Object:
    """A thread below the channel of the server."""
    about = {"archived": archived, "auto_archive_duration": 60, "archive_timestamp": "2026-01-01T00:00:00+00:00"}
    rest = {"owner_id": "7", "parent_id": "50", "message_count": 0, "member_count": 2, "rate_limit_per_user": 0}
    about |= {"locked": False, "invitable": True}
    return {**text_channel(number, 20, "secret"), "type": kind, "thread_metadata": about, **rest}


def mention(peer: FakeDiscord, words: str, channel: int) -> Object:
    """Somebody mentions the bot in a channel of the server."""
    me = peer.world.me
    return message(channel, BO, f"<@{me['id']}> {words}", guild_id="20", mentions=[me])


async def say(peer: FakeDiscord, at: Settings, channel: int, sent_to: str, words: str = "hello") -> Noting:
    """What the assistant hears of a mention, after something was sent to a channel because of it."""
    store = Store(IN_MEMORY)
    noting = Noting(store)
    async with connected(DiscordConnection(at, noting, Board(list, lambda: store)), peer):
        await peer.dispatch("MESSAGE_CREATE", mention(peer, words, channel))
        await peer.until(lambda: peer.rest.sent("POST", f"/channels/{sent_to}/messages"))
    return noting


@pytest.mark.parametrize("kind", [11, 12])
async def test_a_thread_that_the_library_does_not_hold_is_one_all_the_same(
    kind: int, at: Settings, peer: FakeDiscord
) -> None:
    peer.world.channels["60"] = thread(60, kind)
    (turn,) = (await say(peer, at, 60, "60")).heard
    assert (turn.room.place, turn.room.thread, turn.room.server) == (place_within("50", "60"), "60", "20")
    assert turn.room.public == (kind == 11)
    assert peer.rest.sent("POST", "/channels/50/messages") == []


async def test_without_reading_back_an_answer_has_no_reference(at: Settings, peer: FakeDiscord) -> None:
    # A reply without that right is refused: nminaya/grammar-nazi-bot#244.
    peer.world.lacks["50"] = frozenset({"READ_MESSAGE_HISTORY"})
    await say(peer, at, 50, "50")
    refused, taken = [call for call in peer.rest.calls if call.sent.path == "/channels/50/messages"]
    assert (refused.status, taken.status) == (400, 200)
    assert "message_reference" not in taken.sent.payload


@pytest.mark.parametrize(
    ("words", "lacks", "archived", "told"),
    [
        ("hello", ("SEND_MESSAGES",), False, "I may not write there"),
        ("hello", ("VIEW_CHANNEL",), False, "I may not see that channel"),
        ("hello", (), True, "That thread is archived"),
        ("badword", (), False, "A rule of this server (AutoMod)"),
    ],
)
async def test_why_there_is_no_answer_is_told_privately(
    words: str, lacks: tuple[str, ...], archived: bool, told: str, at: Settings, peer: FakeDiscord
) -> None:
    peer.world.channels["60"] = thread(60, 11, archived)
    peer.world.lacks["60"] = frozenset(lacks)
    peer.world.blocked = ("badword",)
    await say(peer, at, 60, "97", words)
    (whispered,) = peer.rest.sent("POST", "/channels/97/messages")
    assert whispered.payload["content"].startswith(told)
    assert len([call for call in peer.rest.calls if call.sent.path == "/channels/60/messages"]) == 1


@pytest.mark.parametrize(
    ("channel", "sent_to", "told"),
    [(70, "97", "In a forum I can only answer below a post"), (71, "71", "You said hello.")],
)
async def test_in_a_forum_only_a_post_can_be_answered(
    channel: int, sent_to: str, told: str, at: Settings, peer: FakeDiscord
) -> None:
    peer.world.channels["70"] = {**text_channel(70, 20, "forum"), "type": 15}
    peer.world.channels["71"] = {**thread(71, 11), "parent_id": "70"}
    await say(peer, at, channel, sent_to)
    (said,) = peer.rest.sent("POST", f"/channels/{sent_to}/messages")
    assert said.payload["content"].startswith(told)


async def test_a_right_that_comes_back_counts_at_once_and_closed_messages_stop_nothing(
    at: Settings, peer: FakeDiscord
) -> None:
    store = Store(IN_MEMORY)
    noting = Noting(store)
    peer.world.lacks["50"] = frozenset({"SEND_MESSAGES"})
    peer.world.closed.add("97")
    async with connected(DiscordConnection(at, noting, Board(list, lambda: store)), peer):
        await peer.dispatch("MESSAGE_CREATE", mention(peer, "hello", 50))
        # Neither there nor privately can anything be said.
        await peer.until(lambda: any(call.sent.path == "/channels/97/messages" for call in peer.rest.calls))
        peer.world.lacks.clear()
        await peer.dispatch("MESSAGE_CREATE", mention(peer, "again", 50))
        await peer.until(lambda: peer.rest.sent("POST", "/channels/50/messages"))
    assert [turn.words for turn in noting.heard] == ["hello", "again"]
    assert peer.rest.sent("POST", "/channels/97/messages") == []


async def test_why_there_is_no_answer_is_told_once_private_talks_can_be_opened_again(
    at: Settings, peer: FakeDiscord
) -> None:
    # Discord lets nobody open many private talks at once: davidhozic/discord-advertisement-framework 82.
    peer.world.lacks["50"] = frozenset({"SEND_MESSAGES"})
    peer.world.too_fast = 2
    await say(peer, at, 50, "97")
    (whispered,) = peer.rest.sent("POST", "/channels/97/messages")
    assert whispered.payload["content"].startswith("I may not write there")
    opened = [call.status for call in peer.rest.calls if call.sent.path == "/users/@me/channels"]
    assert opened == [403, 403, 200]


async def test_an_interaction_that_comes_twice_is_answered_once(at: Settings, peer: FakeDiscord) -> None:
    store = Store(IN_MEMORY)
    noting = Noting(store)
    async with connected(DiscordConnection(at, noting, Board(list, lambda: store)), peer):
        await peer.until(lambda: peer.world.commands)
        question = {"type": 3, "name": "question", "value": "Is it?"}
        ask = {"type": 1, "name": "ask", "options": [question]}
        data = {"id": peer.world.commands[0]["id"], "name": "finops", "type": 1, "options": [ask]}
        asked = interaction(COMMAND, data, BO, GENERAL, application="1000")
        peer.world.expect(asked)
        for _ in range(2):
            await peer.dispatch("INTERACTION_CREATE", asked)
        calls = f"/interactions/{asked['id']}/"
        await peer.until(
            lambda: sorted(c.status for c in peer.rest.calls if c.sent.path.startswith(calls)) == [200, 400]
        )
        await peer.until(lambda: peer.rest.sent("PATCH", "/webhooks/*"))
    assert len(noting.heard) == 1
