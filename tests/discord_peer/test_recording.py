"""What the real client sends through simcord is taken down whole, and what is wrong in it is found."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from datetime import timedelta

import discord
import pytest
import pytest_asyncio
from discord import app_commands, ui
from simcord.actors import MemberActor
from simcord.builders import ChannelHandle
from simcord.env import Env

from tests.discord_peer.recording import recording
from tests.discord_peer.sent import Sent, problems
from tests.waiting import PATIENCE

pytestmark = pytest.mark.asyncio

NOBODY = discord.AllowedMentions.none()
PICTURE = b"\x89PNG\r\n\x1a\n"


class Question(ui.Modal, title="Ask"):
    words: ui.Label[Question] = ui.Label(text="Question", component=ui.TextInput(custom_id="words"))

    async def on_submit(self, interaction: discord.Interaction) -> None:
        await interaction.response.send_message("Answered.", ephemeral=True, allowed_mentions=NOBODY)


class Buttons(ui.View):
    def __init__(self) -> None:
        super().__init__(timeout=None)

    @ui.button(label="Ask", custom_id="ask")
    async def ask(self, interaction: discord.Interaction, pressed: ui.Button[Buttons]) -> None:
        await interaction.response.send_modal(Question())

    @ui.button(label="Change", custom_id="change")
    async def change(self, interaction: discord.Interaction, pressed: ui.Button[Buttons]) -> None:
        await interaction.response.edit_message(content="Changed.", allowed_mentions=NOBODY)


class Talker(discord.Client):
    """A bot that says everything in a form that Discord takes, unless `careless`."""

    def __init__(self, careless: bool = False) -> None:
        intents = discord.Intents(guilds=True, guild_messages=True, message_content=True)
        super().__init__(intents=intents, allowed_mentions=None if careless else NOBODY)
        self.tree = app_commands.CommandTree(self)
        self.tree.command(name="ask", description="Ask a question")(answer)

    async def setup_hook(self) -> None:
        self.add_view(Buttons())
        await self.tree.sync()

    async def on_message(self, message: discord.Message) -> None:
        if message.author.bot:
            return
        if message.content == "picture":
            chart = discord.File(io.BytesIO(PICTURE), "chart.png", description="A chart: 3 of 4 said yes.")
            await message.channel.send(file=chart)
        elif message.content == "bare picture":
            await message.channel.send(file=discord.File(io.BytesIO(PICTURE), "chart.png"))
        elif message.content == "poll":
            asked = discord.Poll("Lunch?", duration=timedelta(hours=1))
            await message.channel.send(poll=asked.add_answer(text="Pizza").add_answer(text="Soup"))
        else:
            sent = await message.reply("Choose.", view=Buttons(), nonce="1")
            await sent.edit(content="Choose now.")


@app_commands.describe(question="What to ask")
async def answer(interaction: discord.Interaction, question: str) -> None:
    await interaction.response.defer(ephemeral=True)
    await interaction.edit_original_response(content=question, allowed_mentions=NOBODY)
    await interaction.followup.send("More.", ephemeral=True, allowed_mentions=NOBODY)


class World:
    """A channel with one member, the bot in it, and what the bot has sent."""

    def __init__(self, env: Env, sent: list[Sent]) -> None:
        guild = env.create_guild()
        self.env, self.sent = env, sent
        self.channel: ChannelHandle = guild.create_text_channel("general")
        self.bo: MemberActor = guild.add_member(env.create_user("bo"))

    def last(self) -> discord.Message:
        message = self.channel.last_message
        assert message is not None
        return message


@pytest_asyncio.fixture
async def world(request: pytest.FixtureRequest) -> AsyncIterator[World]:
    with recording() as sent:
        env = Env(Talker(careless=getattr(request, "param", False)), settle_timeout=PATIENCE)
        await env.start()
        try:
            yield World(env, sent)
        finally:
            await env.shutdown()


careless = pytest.mark.parametrize("world", [True], indirect=True)


async def test_commands_and_private_answers_are_taken_down(world: World) -> None:
    await world.bo.slash(world.channel, "ask", question="Why?")
    calls = [one for one in world.sent if isinstance(one.payload, dict) and one.path.startswith("/webhooks")]
    assert [one.payload["content"] for one in calls] == ["Why?", "More."]
    (commands,) = [one.payload for one in world.sent if one.method == "PUT"]
    assert [command["name"] for command in commands] == ["ask"]
    assert {"type": 5, "data": {"flags": 64}} in [one.payload for one in world.sent]
    assert problems(world.sent) == []


async def test_messages_edits_presses_and_modals_are_taken_down(world: World) -> None:
    await world.bo.send(world.channel, "hello")
    form = await world.bo.click(world.last(), label="Ask")
    await world.bo.submit_modal(form, {"words": "Why?"})
    await world.bo.click(world.last(), label="Change")
    types = [one.payload["type"] for one in world.sent if one.path.endswith("/callback")]
    assert types == [9, 4, 7]
    assert [one.method for one in world.sent if one.path.startswith("/channels")] == ["POST", "PATCH"]
    assert problems(world.sent) == []


async def test_what_another_process_of_the_bot_sends_is_taken_down_too(world: World) -> None:
    await world.bo.send(world.channel, "hello")
    shown = world.last()
    await world.env.restart_bot(Talker())
    await world.bo.click(shown, label="Change")
    assert world.sent[-1].payload["data"]["content"] == "Changed."
    assert [one.method for one in world.sent].count("PUT") == 2, "commands are told again"
    assert problems(world.sent) == []


async def test_files_are_taken_down_by_their_size(world: World) -> None:
    await world.bo.send(world.channel, "picture")
    assert world.sent[-1].files == (len(PICTURE),)
    assert world.last().attachments[0].description == "A chart: 3 of 4 said yes."
    assert problems(world.sent) == []


async def test_a_poll_of_discords_own_is_taken_down(world: World) -> None:
    await world.bo.send(world.channel, "poll")
    assert world.sent[-1].payload["poll"]["question"] == {"text": "Lunch?"}
    assert problems(world.sent) == []


async def test_a_picture_without_a_text_is_found(world: World) -> None:
    await world.bo.send(world.channel, "bare picture")
    (told,) = problems(world.sent)
    assert told.endswith("the picture chart.png has no alternative text")


@careless
async def test_a_careless_bot_is_found_out(world: World) -> None:
    await world.bo.send(world.channel, "hello")
    told = problems(world.sent)
    assert len(told) == 2
    assert all("allowed_mentions" in one for one in told), "in the message and in its edit"


async def test_what_discord_refuses_is_taken_down_all_the_same(world: World) -> None:
    world.env.inject_error("POST", "/channels/*/messages", status=500)
    await world.bo.send(world.channel, "hello")
    assert world.sent[-1].payload["content"] == "Choose."
