"""Who speaks in Discord, where, and what the bot takes from it; with an assistant that only listens."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import discord
import pytest
import pytest_asyncio
from simcord.backend.serializers import message_payload
from simcord.env import Env

from adapters.discord.app import Bot
from adapters.discord.checkup import look
from adapters.discord.listen import turn_said
from adapters.discord.offering import ANSWER, DELETED, OFFER
from adapters.discord.poster import Channels
from adapters.discord.reading import has_pictures, shown_words
from adapters.discord.withheld import HELD, MOST_HELD, Withheld
from bot.board import Board
from bot.catalogue import Catalogue
from bot.errors import Final, Passing
from bot.reply import Choice, Choices, Form, Reply, Text
from bot.settings import Settings, SettingsError
from bot.shelf import Shelf
from bot.store.database import Store
from bot.store.engines import IN_MEMORY
from bot.turn import Room, Turn, place_within
from tests.adapters.discord.conftest import Server, labels
from tests.stores import open_new
from tests.waiting import PATIENCE

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
    store = open_new(tmp_path / "store.db")
    assistant = Listening(store, [Reply((Text("Heard."),), "help")])
    moderators: list[str] = []

    def make() -> Bot:
        settings = discord_settings.model_copy(
            update={"discord_message_content": overhears, "moderators": tuple(moderators)}
        )
        return Bot(settings, assistant, Board(list, lambda: store))

    env = Env(make(), settle_timeout=PATIENCE)
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
    result = await server.cy.context_menu(server.channel, "Ask FinOps Bot about it", said)
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
    assert server.env.bot.user is not None
    message.mentions = [await server.env.bot.fetch_user(server.env.bot.user.id)]
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
        with pytest.raises(Final):
            await channels.post(Room("discord", "1"), reply, "post 1")
        with pytest.raises(Final):
            await channels.edit(Room("discord", str(server.channel.id)), "1", reply)
        reference = await channels.post(Room("discord", str(server.channel.id), thread="7"), reply, "post 2")
        await channels.edit(Room("discord", str(server.channel.id), thread="7"), reference, Reply((Text("b"),), "help"))
    assert server.last().content == "b"


async def test_what_fails_for_now_is_no_end(quiet: Quiet) -> None:
    server = quiet.server
    channels = Channels(server.bot, server.bot.native)
    room, reply = Room("discord", str(server.channel.id)), Reply((Text("a"),), "help")
    server.env.inject_error("POST", "/channels/*/messages", status=500)
    with server.env.time_context(), pytest.raises(Passing):
        await channels.post(room, reply, "post 1")
    server.env.inject_error("POST", "/channels/*/messages", status=429)
    with server.env.time_context(), pytest.raises(Passing):
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


async def test_what_cannot_be_said_aloud_is_shown_to_its_person_who_presses(quiet: Quiet) -> None:
    # Whoever lets nobody write to them got nothing: ScootKit/CustomDCBot#4.
    server = quiet.server
    quiet.assistant.says = [Reply((Text("For you alone."),), "help", private=True)]
    await server.bo.send(server.channel, f"{server.me} privacy")
    line = server.last()
    assert line.content == "My answer is for bo alone: press the button to see it."
    other = await server.cy.click(line, label="Show my answer")
    assert other.response is not None
    assert other.response.ephemeral
    assert other.response.content.startswith("That answer is for somebody else.")
    for _ in range(2):
        shown = await server.bo.click(line, label="Show my answer")
        assert shown.response is not None
        assert shown.response.ephemeral
        assert shown.response.content == "For you alone."


async def test_an_answer_is_held_for_an_hour() -> None:
    now = [datetime(2026, 1, 1, tzinfo=UTC)]
    withheld = Withheld(lambda: now[0])
    reply = Reply((Text("For you alone."),), "help", private=True)
    keys = [withheld.keep(7, [reply]) for _ in range(MOST_HELD + 1)]
    assert withheld.find(keys[0]) is None, "the oldest makes room"
    now[0] += HELD - timedelta(seconds=1)
    held = withheld.find(keys[-1])
    assert held is not None
    assert held.replies == (reply,)
    now[0] += timedelta(seconds=1)
    assert withheld.find(keys[-1]) is None


async def test_without_the_right_to_read_back_it_is_answered_without_a_reference(quiet: Quiet) -> None:
    # A reply without that right is refused: nminaya/grammar-nazi-bot#244, Voxel-Fox-Ltd/Flower#63.
    server = quiet.server
    quiet.assistant.says = [Reply((Text("Hello."),), "help")]
    server.env.inject_error("POST", f"/channels/{server.channel.id}/messages", status=403, code=160002, times=1)
    await server.bo.send(server.channel, f"{server.me} hello")
    assert server.last().content == "Hello."
    assert server.last().reference is None


async def test_what_is_pressed_too_late_is_told(quiet: Quiet) -> None:
    # Discord knows an interaction for three seconds: discord/discord-api-docs#5731, Rapptz/discord.py#9507.
    server = quiet.server
    quiet.assistant.says = [Reply((Text("a"), Choices((Choice("Press", "quiz me"),))), "help")]
    await server.bo.send(server.channel, f"{server.me} hello")
    shown, heard = server.last(), len(quiet.assistant.heard)
    server.env.inject_error("POST", "/interactions/*/callback", status=404, code=10062, times=1)
    await server.bo.click(shown, label="Press")
    assert server.last(server.bo.user.dm_channel).content.startswith("I was too late for what you pressed")
    assert len(quiet.assistant.heard) == heard


async def test_somebody_elses_words_are_a_question_and_nothing_else(quiet: Quiet) -> None:
    server = quiet.server
    sent = await server.bo.send(server.channel, "close the poll", attachments=[("a.png", b"png")])
    await server.cy.context_menu(server.channel, "Ask FinOps Bot about it", sent)
    assert quiet.last.words == "close the poll"
    assert quiet.last.quoted
    assert not quiet.last.aloud
    held = server.env.bot.get_channel(server.channel.id)
    assert isinstance(held, discord.TextChannel)
    with server.env.time_context():
        message = await held.fetch_message(sent.id)
    embed = discord.Embed(title="Budgets", description="yes").add_field(name="Who", value="Ana").set_footer(text="end")
    message.embeds = [embed]
    assert shown_words(message) == "close the poll\nBudgets\nyes\nWho: Ana\nend"
    assert not has_pictures(message) or message.attachments[0].content_type == "image/png"
    embed.set_image(url="https://a.example/b.png")
    assert has_pictures(message)


@pytest.mark.parametrize("overhears", [True])
async def test_a_bare_mention_under_a_question_of_somebody_else_is_an_offer_to_answer_that(quiet: Quiet) -> None:
    server = quiet.server
    asked = await server.bo.send(server.channel, "how do I close the poll?")
    await server.cy.send(server.channel, server.me, reply_to=asked)
    offered = server.last()
    assert offered.content == OFFER
    told = await server.cy.click(offered, label=ANSWER)
    assert told.response is not None
    assert told.response.ephemeral
    assert (quiet.last.words, quiet.last.quoted) == ("how do I close the poll?", True)
    await server.cy.send(server.channel, f"{server.me} thanks", reply_to=asked)
    assert (quiet.last.words, quiet.last.quoted) == ("thanks", False)
    await server.cy.send(server.channel, server.me)
    assert (quiet.last.words, quiet.last.quoted) == ("help", False)
    await asked.delete()
    gone = await server.ana.click(offered, label=ANSWER)
    assert gone.response is not None
    assert gone.response.content == DELETED


async def test_mentions_in_commands_become_names(quiet: Quiet) -> None:
    server = quiet.server
    channel, emoji = f"<#{server.channel.id}>", "<:yes:123456789012345678>"
    words = f"cake by {server.bo.mention} or <@999999999999999999> in {channel} {server.me} {emoji}"
    await server.ana.slash(server.channel, "finops ask", question=words)
    assert quiet.last.words == "cake by @bo or <@999999999999999999> in #general  <:yes:123456789012345678>"
    assert quiet.last.people == {"@bo": f"discord:{server.bo.id}"}


async def test_a_message_of_a_server_that_is_not_held_is_no_private_talk(quiet: Quiet) -> None:
    # Then the library's message has no server: Rapptz/discord.py#7914, Rapptz/discord.py#7100.
    server = quiet.server
    bot = server.env.bot
    said = await server.bo.send(server.channel, "what is FinOps?")
    held = bot.get_channel(server.channel.id)
    assert isinstance(held, discord.TextChannel)
    with server.env.time_context():
        message = await held.fetch_message(said.id)
    message.guild = None
    message.channel = bot.get_partial_messageable(server.channel.id, guild_id=server.guild.id)
    assert bot.user is not None
    turn = await turn_said(message, bot.user, (), False, message.channel)
    assert not turn.room.private
    assert turn.room.server == str(server.guild.id)
    assert not turn.addressed


@pytest.mark.parametrize(
    ("method", "path", "code", "told"),
    [
        ("POST", "/channels/{channel}/messages/{root}/threads", 160006, "This server has as many open threads"),
        ("POST", "/channels/{channel}/messages/{root}/threads", 50013, "I may not open a thread here"),
        ("GET", "/channels/{channel}/messages/{root}", 10008, "The message that this talk began with is deleted"),
    ],
)
async def test_why_there_is_no_thread_is_told(quiet: Quiet, method: str, path: str, code: int, told: str) -> None:
    server = quiet.server
    quiet.assistant.says = [Reply((Text("Hello."),), "question")]
    root = await server.bo.send(server.channel, f"{server.me} hello")
    await server.bo.send(server.channel, f"{server.me} more", reply_to=server.last())
    where = path.format(channel=server.channel.id, root=root.id)
    server.env.inject_error(method, where, status=404 if code == 10008 else 403, code=code, times=1)
    result = await server.bo.click(server.last(), label="Go on in a thread")
    assert result.response is not None
    assert result.response.content.startswith(told)


async def test_a_thread_that_is_there_already_is_where_a_talk_goes_on(quiet: Quiet) -> None:
    server = quiet.server
    quiet.assistant.says = [Reply((Text("Hello."),), "question")]
    root = await server.bo.send(server.channel, f"{server.me} hello")
    await server.bo.send(server.channel, f"{server.me} more", reply_to=server.last())
    last = server.last()
    await server.bo.click(last, label="Go on in a thread")
    (thread,) = server.channel.threads
    # An archived one is none that the library holds, so that it asks for it anew.
    guild = server.env.bot.get_guild(server.guild.id)
    assert guild is not None
    guild._threads.clear()
    threads = f"/channels/{server.channel.id}/messages/{root.id}/threads"
    server.env.inject_error("POST", threads, status=400, code=160004, times=1)
    result = await server.bo.click(last, label="Go on in a thread")
    assert result.response is not None
    assert result.response.content == f"We go on in <#{thread.id}>."
    assert len(server.channel.threads) == 1


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
    assert (quiet.last.room.place, quiet.last.room.thread) == (
        place_within(str(server.channel.id), str(said.id)),
        str(said.id),
    )
    assert quiet.last.room.around.place == str(server.channel.id)


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
        Bot(wrong, Listening(Store(IN_MEMORY)), Board(list, lambda: Store(IN_MEMORY)))
