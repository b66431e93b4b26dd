"""Talks held to be graded: each in the terminal, with a store of its own that is thrown away."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from adapters.terminal.app import converse
from adapters.terminal.listen import MEMBER, PERSON
from adapters.terminal.screen import Screen
from bot.commands.graded import Talk, Verdict
from bot.commands.start import no_store

if TYPE_CHECKING:
    from bot.assistant import Assistant
    from bot.store.database import Store

# How long somebody takes for a turn.
PAUSE = timedelta(seconds=20)

# Makes an assistant over a store.
Make = Callable[["Callable[[], Store]"], "Assistant"]


def judge_talk(make: Make, talk: Talk) -> Verdict:
    """The replies to a talk, judged turn by turn."""
    with closing(no_store()) as store:
        replies = asyncio.run(_held(make(lambda: store), talk))
    return talk.judged(replies)


async def _held(assistant: Assistant, talk: Talk) -> Sequence[str]:
    """What is shown after each turn of a talk."""
    said, start, at = iter(talk.says), datetime.now(UTC), -1
    turns: list[list[str]] = [[] for _ in talk.says]

    async def lines() -> AsyncIterator[str]:
        nonlocal at
        for line in said:
            at += 1
            yield line

    def show(text: str) -> None:
        turns[max(at, 0)].append(text)

    screen = Screen()
    # A goodbye ends the talk in the terminal; what follows is another one in the same room.
    while at + 1 < len(turns):
        person = PERSON if talk.kind == "moderator" else MEMBER
        await converse(assistant, lines(), show, lambda: start + at * PAUSE, screen=screen, person=person)
    return ["\n".join(reply) for reply in turns]
