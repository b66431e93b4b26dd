"""One poll in Discord and in Slack together: one result, both messages right, closed once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import discord
import pytest
from pydantic import SecretStr

from adapters.slack.connection import SlackConnection
from bot.board import Board
from bot.settings import Settings
from bot.turn import Room
from tests.adapters.discord.conftest import Server, carried
from tests.adapters.slack.conftest import people_in, running
from tests.slack import local
from tests.slack.local import ANA, BO, CY, LocalSlack, shown

pytestmark = pytest.mark.asyncio


def beside(server: Server, slack: LocalSlack, settings: Settings) -> SlackConnection:
    """The same bot in Slack: the same assistant, the same store."""
    assistant, store = server.assistant, server.store
    tokens = {"slack_bot_token": SecretStr(local.BOT_TOKEN), "slack_app_token": SecretStr(local.APP_TOKEN)}
    where = {"slack_api_url": f"{slack.base}/api/", "moderators": (f"slack:{ANA}",)}
    board = Board(lambda: assistant.keepers, lambda: store)
    return SlackConnection(settings.model_copy(update={**tokens, **where}), assistant, board)


def standing(server: Server, holds: Callable[[str], bool]) -> list[discord.Message]:
    """The messages in Discord's channel of which the text holds so."""
    return [message for message in server.channel.history() if holds(message.content)]


async def test_a_poll_in_both(server: Server, settings: Settings, tmp_path: Path) -> None:
    slack = LocalSlack(tmp_path)
    try:
        async with people_in(slack) as people, running(beside(server, slack, settings)):
            await server.ana.slash(server.channel, "finops-mod poll new", poll="Where do we eat? Pizza, Sushi")
            await server.wait()
            ballot = server.last()
            with server.store.writing() as records:
                (poll,) = records.polls.last(Room("discord", str(server.channel.id), server=str(server.guild.id)))
                code = records.invitations.invite(poll, datetime.now(UTC))
            await people.command(ANA, f"join poll {code}")
            joined = await people.wait_for(
                "It is held on Discord and Slack: whoever votes on two of them counts as two."
            )
            await people.press(BO, joined, "Vote: Pizza")
            await people.press(CY, joined, "Vote: Sushi")
            await people.wait_for("Counted: Sushi.", to=CY)
            await server.bo.click(ballot, custom_id=carried(ballot)[0])
            await people.wait_for("Pizza (2)")
            await server.wait()
            assert "1. Pizza: **2**" in server.channel.history()[-1].content
            await people.command(ANA, "close the poll")
            result = await people.wait_for("Pizza: 2 (67%)")
            assert "3 people voted; the poll is closed." in shown(result)
            await server.wait()
            assert len(standing(server, lambda text: "Results: Where do we eat?" in text)) == 2
            await people.wait_until(joined, "the poll is closed")
            told = [message for message in await people.messages() if "Results: Where do we eat?" in shown(message)]
            assert len([message for message in told if not message.get("ephemeral_to")]) == 2
            await people.command(ANA, "close the poll")
            await people.wait_for("No poll is open here", to=ANA)
            await server.wait()
            assert len(standing(server, lambda text: "Results: Where do we eat?" in text)) == 2
    finally:
        slack.stop()
