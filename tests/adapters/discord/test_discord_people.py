"""Who speaks in Discord, where, and what the bot takes from it; with an assistant that only listens."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import discord
import pytest
import pytest_asyncio
from simcord.backend.serializers import message_payload
from simcord.env import Env

from adapters.discord.app import Bot
from adapters.discord.checkup import look
from adapters.discord.poster import Channels
from bot.board import Board
from bot.catalogue import Catalogue
from bot.publisher import Gone, Later
from bot.reply import Choice, Choices, Form, Reply, Text
from bot.settings import Settings, SettingsError
from bot.shelf import Shelf
from bot.store.database import Store
from bot.turn import Room, Turn
from tests.adapters.discord.conftest import Server, labels

pytestmark = pytest.mark.asyncio


@dataclass
class Listening:
    """An assistant that says what it is told to."""

    store: Store
    says: list[Reply] = field(default_factory=list)
    heard: list[Turn] = field(default_factory=list)
    waits: asyncio.Event | None = None
    began: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def catalogue(self) -> Catalogue:
        return Catalogue(Shelf(()), lambda: self.store)

    async def hear(self, turn: Turn) -> AsyncIterator[Reply]:
        self.heard.append(turn)
        self.began.set()
        if self.waits is not None:
            await self.waits.wait()
        for reply in self.says:
            yield reply

    async def form(self, turn: Turn) -> Form | None:
        return None


@dataclass
class Quiet:
    """A server with an assistant that only listens."""

    server: Server
    assistant: Listening
    moderators: list[str]

    @property
    def last(self) -> Turn:
        return self.assistant.heard[-1]

    def moderates(self) -> bool:
        """Whether a moderator spoke last."""
        return self.last.person.moderator


@pytest.fixture
def overhears() -> bool:
    return False


@pytest_asyncio.fixture
async def quiet(discord_settings: Settings, tmp_path: Path, overhears: bool) -> AsyncIterator[Quiet]:
    """A server with the bot in it, whose assistant only listens."""
    store = Store(tmp_path / "store.db")
    assistant = Listening(store, [Reply((Text("Heard."),), "help")])
    moderators: list[str] = []

    def make() -> Bot:
        settings = discord_settings.model_copy(
            update={"discord_message_content": overhears, "moderators": tuple(moderators)}
        )
        return Bot(settings, assistant, Board(list, lambda: store), lambda at: 0)

    env = Env(make())
    await env.start()
    try:
        yield Quiet(Server(env, make, store, assistant), assistant, moderators)
    finally:
        await env.shutdown()
        store.close()


async def test_a_mention_is_a_turn_without_it(quiet: Quiet) -> None:
    server = quiet.server
    said = await server.bo.send(server.channel, f"{server.me}  what is FinOps, {server.cy.mention}?")
    turn = quiet.last
    assert turn.words == "what is FinOps, @cy?"
    assert turn.addressed
    assert turn.aloud
    assert turn.to_others
    assert turn.id == f"discord:{said.id}"
    assert (turn.room.platform, turn.room.place, turn.room.thread) == ("discord", str(server.channel.id), str(said.id))
    assert (turn.person.id, turn.person.moderator) == (f"discord:{server.bo.id}", False)


async def test_a_mention_alone_asks_for_help(quiet: Quiet) -> None:
    await quiet.server.bo.send(quiet.server.channel, quiet.server.me)
    assert quiet.last.words == "help"
    assert not quiet.last.to_others


async def test_who_manages_the_server_or_is_listed_is_a_moderator(quiet: Quiet) -> None:
    server = quiet.server
    await server.ana.send(server.channel, f"{server.me} a")
    assert quiet.moderates()
    await server.ana.slash(server.channel, "finops help")
    assert quiet.moderates()
    await server.bo.slash(server.channel, "finops help")
    assert not quiet.moderates()
    await server.ana.user.send_dm("a")
    assert not quiet.moderates(), "a server's rights are not those of a private talk"


async def test_a_role_that_is_listed_makes_a_moderator(quiet: Quiet) -> None:
    server = quiet.server
    role = server.guild.create_role("FinOps team")
    dee = server.guild.add_member(server.env.create_user("dee"), roles=[role])
    quiet.moderators.append(f"discord:{role.id}")
    await server.restart()
    await dee.send(server.channel, f"{server.me} a")
    assert quiet.moderates()
    await dee.slash(server.channel, "finops help")
    assert quiet.moderates()
    await server.bo.slash(server.channel, "finops help")
    assert not quiet.moderates()


async def test_the_same_message_told_again_is_one_turn(server: Server) -> None:
    said = await server.bo.send(server.channel, f"{server.me} What is FinOps?")
    backend = server.env.backend
    for _ in range(3):
        backend.emit("MESSAGE_CREATE", dict(message_payload(backend, backend.get_message(server.channel.id, said.id))))
        await server.env.settle()
    await server.restart()
    backend.emit("MESSAGE_CREATE", dict(message_payload(backend, backend.get_message(server.channel.id, said.id))))
    await server.env.settle()
    assert len(server.channel.history()) == 2


async def test_a_command_in_a_private_talk_is_answered_there(server: Server) -> None:
    result = await server.bo.user.slash("finops ask", question="What is FinOps?")
    assert result.response is not None
    assert not result.response.ephemeral, "nobody else reads it there"
    assert labels(result.response) == ["helpful", "not helpful"]
    assert not any(name.startswith("finops-mod") for name in server.ana.user.available_commands())


async def test_what_is_chosen_in_a_menu_is_said(quiet: Quiet) -> None:
    server = quiet.server
    many = tuple(Choice(f"Number {number}", f"number {number}") for number in range(30))
    quiet.assistant.says = [Reply((Choices(many),), "help")]
    await server.bo.send(server.channel, f"{server.me} hello")
    assert labels(server.last()) == [choice.label for choice in many]
    quiet.assistant.says = [Reply((Text("Chosen."),), "help", private=True)]
    await server.restart()
    result = await server.cy.select(server.last(), ["say number 27"], custom_id="menu 2")
    assert result.response is not None
    assert result.response.ephemeral
    assert quiet.last.words == "number 27"
    assert not quiet.last.aloud
    assert quiet.last.person.id == f"discord:{server.cy.id}"
    assert quiet.last.room == quiet.assistant.heard[0].room, "what is pressed belongs to the talk of its message"


async def test_a_message_without_words_cannot_be_asked_about(quiet: Quiet) -> None:
    server = quiet.server
    said = await server.bo.send(server.channel, attachments=[("a.txt", b"a")])
    result = await server.cy.context_menu(server.channel, "Ask FinOps Bot about this", said)
    assert result.response is not None
    assert result.response.content.startswith("That message has no words that I can read")
    assert quiet.assistant.heard == []


async def test_what_began_is_finished_when_the_bot_is_stopped(quiet: Quiet) -> None:
    server, waiting = quiet.server, asyncio.Event()
    quiet.assistant.waits = waiting
    channel = server.env.bot.get_channel(server.channel.id)
    assert isinstance(channel, discord.TextChannel)
    with server.env.time_context():
        message = await channel.send("hello")
    message.author = server.env.bot.get_user(server.bo.id) or await server.env.bot.fetch_user(server.bo.id)
    message.mentions = [server.env.bot.user]  # type: ignore[list-item]
    bot = server.bot
    begun = asyncio.create_task(bot.on_message(message))
    await quiet.assistant.began.wait()
    stopping = asyncio.create_task(bot.close())
    await asyncio.sleep(0)
    await asyncio.create_task(bot.on_message(message))
    assert not stopping.done()
    waiting.set()
    await stopping
    await begun
    assert len(quiet.assistant.heard) == 1, "nothing new is begun"
    assert server.last().content == "Heard."


async def test_what_is_gone_is_gone_for_good(quiet: Quiet) -> None:
    server = quiet.server
    channels = Channels(server.bot, server.bot.native)
    reply = Reply((Text("a"),), "help")
    with server.env.time_context():
        with pytest.raises(Gone):
            await channels.post(Room("discord", "1"), reply, "post 1")
        with pytest.raises(Gone):
            await channels.edit(Room("discord", str(server.channel.id)), "1", reply)
        reference = await channels.post(Room("discord", str(server.channel.id), thread="7"), reply, "post 2")
        await channels.edit(Room("discord", str(server.channel.id), thread="7"), reference, Reply((Text("b"),), "help"))
    assert server.last().content == "b"


async def test_what_fails_for_now_is_no_end(quiet: Quiet) -> None:
    server = quiet.server
    channels = Channels(server.bot, server.bot.native)
    room, reply = Room("discord", str(server.channel.id)), Reply((Text("a"),), "help")
    server.env.inject_error("POST", "/channels/*/messages", status=500)
    with server.env.time_context(), pytest.raises(discord.HTTPException):
        await channels.post(room, reply, "post 1")
    server.env.inject_error("POST", "/channels/*/messages", status=429)
    with server.env.time_context(), pytest.raises(Later):
        await channels.post(room, reply, "post 1")


async def test_what_bots_say_is_left_alone(quiet: Quiet) -> None:
    server = quiet.server
    other = server.guild.add_member(server.env.create_user("other", bot=True))
    await other.send(server.channel, f"{server.me} hello")
    assert quiet.assistant.heard == []


async def test_what_is_overheard_is_not_heard_without_the_right_to(quiet: Quiet) -> None:
    await quiet.server.bo.send(quiet.server.channel, "what is FinOps?")
    assert quiet.assistant.heard == []


@pytest.mark.parametrize("overhears", [True])
async def test_with_the_right_to_it_what_is_overheard_is_a_turn(quiet: Quiet) -> None:
    server = quiet.server
    quiet.assistant.says = []
    await server.bo.send(server.channel, "what is FinOps?")
    assert not quiet.last.addressed
    assert quiet.last.room.overheard
    assert quiet.last.room.thread is None
    assert server.last().author.id == server.bo.id, "nothing is said to it"


async def test_a_private_answer_to_what_was_said_aloud_is_a_direct_message(quiet: Quiet) -> None:
    server = quiet.server
    quiet.assistant.says = [Reply((Text("For you alone."),), "help", private=True)]
    await server.bo.send(server.channel, f"{server.me} privacy")
    assert server.last(server.bo.user.dm_channel).content == "For you alone."
    assert server.last().content == "I have answered you in a direct message."


async def test_who_takes_no_direct_messages_is_told_another_way(quiet: Quiet) -> None:
    server = quiet.server
    quiet.assistant.says = [Reply((Text("For you alone."),), "help", private=True)]
    server.env.inject_error("POST", "/users/@me/channels", status=403, code=50007)
    await server.bo.send(server.channel, f"{server.me} privacy")
    assert server.last().content.startswith("My answer is for you alone, but I may not write to you")


async def test_where_the_bot_may_not_write_it_says_so_privately(quiet: Quiet) -> None:
    server = quiet.server
    server.env.inject_error("POST", f"/channels/{server.channel.id}/messages", status=403, code=50013)
    await server.bo.send(server.channel, f"{server.me} hello")
    assert server.last(server.bo.user.dm_channel).content.startswith("I may not write there")


async def test_a_long_answer_is_several_messages(quiet: Quiet) -> None:
    server = quiet.server
    quiet.assistant.says = [
        Reply((Text("\n\n".join(f"Paragraph {number}. {'x' * 300}" for number in range(20))),), "help")
    ]
    await server.bo.send(server.channel, f"{server.me} hello")
    answers = server.channel.history()[1:]
    assert len(answers) == 4
    assert all(len(answer.content) <= 2000 for answer in answers)
    result = await server.bo.slash(server.channel, "finops help")
    assert result.response is not None
    assert len(result.followups) == 3
    assert all(one.ephemeral for one in result.followups)


async def test_nobody_is_mentioned_by_the_bot(quiet: Quiet) -> None:
    server = quiet.server
    quiet.assistant.says = [Reply((Text("@everyone <@1> hello"),), "help")]
    await server.bo.send(server.channel, f"{server.me} hello")
    sent = [request for request in server.env.http_requests if request.path.endswith("/messages")]
    assert sent
    assert all(request.json is not None and request.json["allowed_mentions"]["parse"] == [] for request in sent)


async def test_a_talk_in_a_thread_belongs_to_it(quiet: Quiet) -> None:
    server = quiet.server
    said = await server.bo.send(server.channel, f"{server.me} hello")
    channel = server.env.bot.get_channel(server.channel.id)
    assert isinstance(channel, discord.TextChannel)
    with server.env.time_context():
        await channel.get_partial_message(said.id).create_thread(name="talk")
    (thread,) = server.channel.threads
    await server.cy.send(thread, f"{server.me} more")
    assert (quiet.last.room.place, quiet.last.room.thread) == (str(server.channel.id), str(said.id))


# --- What doctor looks at ---


async def test_what_the_bot_may_do_is_found_out(quiet: Quiet, discord_settings: Settings) -> None:
    lines = [line async for line in look(quiet.server.env.bot, discord_settings)]
    assert any("all rights in 1 of 1 channels" in line for line in lines), lines


async def test_what_the_bot_lacks_in_a_channel_is_told(quiet: Quiet, discord_settings: Settings) -> None:
    server = quiet.server
    closed = discord.PermissionOverwrite(send_messages=False, attach_files=False)
    server.guild.create_text_channel("closed", overwrites={server.guild.default_role: closed})
    lines = [line async for line in look(server.env.bot, discord_settings)]
    assert any("all rights in 1 of 2 channels" in line for line in lines), lines
    (note,) = (line for line in lines if line.startswith("note: "))
    assert note.endswith("#closed: not granted is “Send Messages”, “Attach Files”")


async def test_an_intent_that_is_not_granted_is_told(quiet: Quiet, discord_settings: Settings) -> None:
    wanting = discord_settings.model_copy(update={"discord_message_content": True})
    with pytest.raises(SettingsError, match="Message Content Intent"):
        [line async for line in look(quiet.server.env.bot, wanting)]


@pytest.mark.parametrize(("count", "ids"), [(None, (0,)), (2, (2,))])
async def test_shards_that_cannot_be_are_refused(
    discord_settings: Settings, count: int | None, ids: tuple[int, ...]
) -> None:
    wrong = discord_settings.model_copy(update={"discord_shards": count, "discord_shard_ids": ids})
    with pytest.raises(SettingsError, match="FINOPS_DISCORD_SHARDS"):
        Bot(wrong, Listening(None), Board(list, lambda: None), lambda at: 0)  # type: ignore[arg-type, return-value]
