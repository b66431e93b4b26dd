"""Many askers at once: answers in a second beside the naive chain, whole turns, and how long the event loop waits."""

from __future__ import annotations

import asyncio
import gc
import statistics
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import click

from bot.commands.bench.marks import Mark
from bot.commands.bench.naive import naive_chain
from bot.commands.bench.timing import one_part_questions
from bot.commands.bench.turns import opened_assistant
from bot.settings import Settings
from knowledge.answers import Answers
from knowledge.embedding_model import find_model
from knowledge.library import Library

ASKERS = 64
ROUNDS = 3
QUESTIONS = 5 * ASKERS
# The event loop is asked for a sign of life so often, in seconds.
TICK = 0.002

Ask = Callable[[str], Awaitable[object]]


@dataclass(frozen=True)
class Pace:
    """How fast a crowd was served: answers in a second, and the longest time that the event loop stood still in ms."""

    answers: float
    stall: float


def measure_crowd(library: Library, settings: Settings) -> list[Mark]:
    """Answers and whole turns to a crowd, beside the naive chain asked by as many."""
    naive = naive_chain(library, find_model(settings.embedding_model))
    answers = Answers(library.chain)

    async def answer(question: str) -> None:
        async for _ in answers.answer(question):
            pass

    questions = one_part_questions(library, QUESTIONS)
    with opened_assistant(library, settings) as hear, asyncio.Runner() as loop:
        ways: Mapping[str, Ask] = {"answers": answer, "naive chain": naive.ainvoke, "whole turns": hear}
        paces: dict[str, list[Pace]] = {name: [] for name in ways}
        for ask in ways.values():
            loop.run(_pace(ask, questions[:ASKERS]))
        gc.collect()
        gc.freeze()  # what both have loaded is not looked through for garbage again and again
        for _ in range(ROUNDS):
            for name, ask in ways.items():
                library.retriever.embedder.forget()
                paces[name].append(loop.run(_pace(ask, questions)))
    medians = {name: _median(taken) for name, taken in paces.items()}
    _show(medians)
    naive_pace = medians["naive chain"].answers
    return [
        Mark("answers / naive chain, 64 askers", medians["answers"].answers / naive_pace, 4, "at least"),
        Mark("whole turns / naive chain, 64 askers", medians["whole turns"].answers / naive_pace, 2.5, "at least"),
    ]


def _show(paces: Mapping[str, Pace]) -> None:
    click.echo(f"{f'{ASKERS} askers at once, median of {ROUNDS} rounds':<40}{'per s':>8}{'longest stall, ms':>20}")
    for name, pace in paces.items():
        click.echo(f"  {name:<38}{pace.answers:>8.0f}{pace.stall:>20.0f}")
    click.echo()


async def _pace(ask: Ask, questions: Sequence[str]) -> Pace:
    """Let all askers take the next question as soon as they have an answer."""
    waiting = iter(questions)
    stalls: list[float] = []
    ticker = asyncio.create_task(_tick(stalls))
    started = time.perf_counter()
    await asyncio.gather(*(_asker(ask, waiting) for _ in range(ASKERS)))
    taken = time.perf_counter() - started
    ticker.cancel()
    return Pace(len(questions) / taken, 1000 * max(stalls, default=0.0))


async def _asker(ask: Ask, questions: Iterable[str]) -> None:
    for question in questions:
        await ask(question)


async def _tick(stalls: list[float]) -> None:
    """Note how much later than asked for the event loop comes back, in seconds."""
    while True:
        due = time.perf_counter() + TICK
        await asyncio.sleep(TICK)
        stalls.append(time.perf_counter() - due)


def _median(paces: Sequence[Pace]) -> Pace:
    return Pace(statistics.median(pace.answers for pace in paces), statistics.median(pace.stall for pace in paces))
