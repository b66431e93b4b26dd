"""A flood: one person sends a thousand messages in ten seconds, and another one is answered all the same."""

from __future__ import annotations

import asyncio
import gc
import resource
import statistics
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.assistant import Assistant
from bot.commands.start import make_assistant
from bot.limits import Limits
from bot.settings import Settings
from bot.store.database import Store
from bot.turn import Person, Room, Turn
from knowledge.answer import MAX_QUESTION
from knowledge.library import Library

pytestmark = pytest.mark.trial

MESSAGES, SECONDS = 1_000, 10
HERE = Room("test", "here")
QUESTIONS = (
    *("What is FinOps?", "What are the benefits of FinOps?", "Why do AI projects go over budget?"),
    *("Who is the video for?", "How long is the introduction?", "What does the narrator say about culture?"),
    *("What is the conclusion?", "How does FinOps help AI projects?"),
)
# What the flood is made of: questions, presses, set forms, long messages.
FLOOD = ("What is FinOps?", "help", "vote 1 2", "and,,,," * 300, "new poll: a? b, c", "quiz me", "80k a month " * 100)


async def _asked(assistant: Assistant, turn: Turn) -> None:
    async for _ in assistant.hear(turn):
        pass


async def _waits(assistant: Assistant, run: str) -> list[float]:
    """How long each question of one person takes, in seconds, one a second."""
    waits = []
    for number, question in enumerate(QUESTIONS):
        turn = Turn(f"{run}-{number}", Room("test", run), Person(f"test:{run}", "Ann"), question, datetime.now(UTC))
        start = time.perf_counter()
        await _asked(assistant, turn)
        waits.append(time.perf_counter() - start)
        await asyncio.sleep(max(0.0, 1 - waits[-1]))
    return waits


@asynccontextmanager
async def _flooded(assistant: Assistant, run: str) -> AsyncIterator[None]:
    async def flood() -> None:
        async with asyncio.TaskGroup() as tasks:
            for number in range(MESSAGES):
                words = FLOOD[number % len(FLOOD)][:MAX_QUESTION]
                turn = Turn(f"{run}-{number}", HERE, Person(f"test:{run}", "Flo"), words, datetime.now(UTC))
                tasks.create_task(_asked(assistant, turn))
                await asyncio.sleep(SECONDS / MESSAGES)

    flooding = asyncio.create_task(flood())
    try:
        yield
    finally:
        with suppress(asyncio.CancelledError):
            await flooding


def test_a_flood_by_one_person_keeps_nobody_waiting(library: Library, settings: Settings, tmp_path: Path) -> None:
    store = Store(tmp_path / "store.db")
    assistant = make_assistant(library, settings, lambda: store, limits=Limits())

    async def run() -> tuple[list[float], list[float], int]:
        await _waits(assistant, "warm")
        quiet = await _waits(assistant, "quiet")
        async with _flooded(assistant, "first"):
            flooded = await _waits(assistant, "beside")
        gc.collect()
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        for number in range(3):
            async with _flooded(assistant, f"flood{number}"):
                pass
        return quiet, flooded, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before

    quiet, flooded, grown = asyncio.run(run())
    store.close()
    print(f"quiet {statistics.median(quiet):.4f} s, flooded {statistics.median(flooded):.4f} s, {grown} kB more")
    assert statistics.median(flooded) <= 3 * statistics.median(quiet), (quiet, flooded)
    assert grown < 20_000  # kilobytes, after 3,000 messages more
