"""What the pictures show: talks that are held with the bot itself, on each platform."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from adapters.discord.render import draw as discord_drawing
from adapters.slack.render import render as slack_messages
from adapters.terminal.app import converse
from adapters.terminal.style import Style
from bot.activities import drawer_of
from bot.assistant import Assistant
from bot.reply import Reply
from bot.store.database import Store
from bot.turn import Person, Room, Turn
from tests.pictures import discord, slack, terminal

NOON = datetime(2025, 1, 6, 12, tzinfo=UTC)
COLUMNS = 84
TYPED = (
    "did Company X cut its costs by 70%?",
    "start the poll",
    "somewhat",
    "how much could we save on 80k a month?",
    "who won the champions league final?",
)
QUESTION = "What did Company X achieve?"
# How those vote who are asked how familiar they are with FinOps.
VOTES = ("somewhat familiar", "very familiar", "somewhat familiar", "not at all", "somewhat familiar")

Make = Callable[[], tuple[Assistant, Store]]


def pictures(make: Make, patch: pytest.MonkeyPatch) -> Iterator[tuple[str, str]]:
    """Each picture by its name; `make` gives an assistant with a store of its own."""
    patch.setenv("COLUMNS", str(COLUMNS))
    yield "terminal", terminal.draw(asyncio.run(_in_the_terminal(make()[0])), COLUMNS)
    yield from asyncio.run(_on("slack", make))
    yield from asyncio.run(_on("discord", make))


async def _in_the_terminal(assistant: Assistant) -> str:
    shown: list[str] = []

    async def typed() -> AsyncIterator[str]:
        for words in TYPED:
            shown.append(f"> {words}")
            yield words

    await converse(assistant, typed(), shown.append, lambda: NOON, Style(colour=True))
    return "\n".join(shown)


async def _on(platform: str, make: Make) -> list[tuple[str, str]]:
    """An answer, an open poll in which five have voted, and its result."""
    assistant, store = make()
    room = Room(platform, "1", server="1", public=True)
    numbers = iter(range(100))

    async def say(words: str, number: int = 0) -> Reply:
        person = Person(f"{platform}:{number}", "Ana", moderator=not number)
        at = NOON + timedelta(seconds=(told := next(numbers)))
        turn = Turn(f"{platform}:{told}", room, person, words, at)
        return [reply async for reply in assistant.hear(turn)][-1]

    answer = await say(QUESTION)
    opened = await say("start the poll")
    for number, words in enumerate(VOTES, 1):
        await say(words, number)
    drawer, slot = drawer_of(opened.slot, assistant.keepers), opened.slot or ""
    assert drawer is not None
    with store.reading() as records:
        ballot = drawer(records, int(slot.rpartition("-")[2]), room)
    assert ballot is not None
    result = await say("close the poll")
    store.close()
    shown = {"answer": (QUESTION, answer), "poll": ("start the poll", ballot), "result": ("close the poll", result)}
    return [(f"{platform}-{name}", _drawn(platform, *told)) for name, told in shown.items()]


def _drawn(platform: str, said: str, reply: Reply) -> str:
    title = f"FinOps Bot in {platform.capitalize()}: “{said}”"
    if platform == "slack":
        return slack.draw(f"@FinOps Bot {said}", "Ana", slack_messages(reply), title)
    return discord.draw(f"@FinOps Bot {said}", "Ana", discord_drawing(reply), title)
