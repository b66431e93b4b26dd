"""One answer to a one-part question, and one whole turn."""

from __future__ import annotations

import asyncio
import statistics
import time

import click

from bot.commands.bench.marks import Mark
from bot.commands.bench.naive import naive_chain
from bot.commands.bench.timing import interleaved, one_part_questions
from bot.commands.bench.turns import opened_assistant
from bot.settings import Settings
from knowledge.answer import MAX_QUESTION
from knowledge.embedding_model import find_model
from knowledge.library import Library

QUESTIONS = 200
# Messages of 2,000 characters that are the most work, of all that tests/test_growth.py tries, by whom they keep busy.
WORST = ("and,,,,", "what is finops and how does it help? ", "what is a budget, ", "80k a month ", "b, c; ")
WORST_TIMES = 20


def measure_answers(library: Library, settings: Settings) -> list[Mark]:
    """An answer beside the naive chain, and beside the least that an answer from an index can cost."""
    naive = naive_chain(library, find_model(settings.embedding_model))
    retriever = library.retriever
    timed = interleaved(
        {
            "one answer": library.answer,
            "naive chain": naive.invoke,
            "one embedding + one query": lambda question: retriever.generation.search(
                retriever.embedder.embed([question]), 4
            ),
        },
        one_part_questions(library, QUESTIONS),
        retriever.embedder.forget,
    )
    click.echo(f"{f'one answer, median of {QUESTIONS} questions':<40}{'ms':>8}")
    for name, milliseconds in timed.items():
        click.echo(f"  {name:<38}{milliseconds:>8.2f}")
    click.echo()
    answer, least = timed["one answer"], timed["one embedding + one query"]
    return [
        Mark("naive chain / one answer", timed["naive chain"] / answer, 3, "at least"),
        Mark("one answer / (one embedding + one query)", answer / least, 1.6, "at most"),
    ]


def measure_turns(library: Library, settings: Settings) -> list[Mark]:
    """A whole turn beside the bare answer."""
    with opened_assistant(library, settings) as hear, asyncio.Runner() as runner:
        # The runner's own beginning and end are no part of a turn: the bot's loop runs all the time.
        run = runner.get_loop().run_until_complete
        timed = interleaved(
            {"one whole turn": lambda question: run(hear(question)), "one answer": library.answer},
            one_part_questions(library, QUESTIONS),
            library.retriever.embedder.forget,
        )
    click.echo(f"{f'turn with memory, median of {QUESTIONS}':<40}{'ms':>8}")
    for name, milliseconds in timed.items():
        click.echo(f"  {name:<38}{milliseconds:>8.2f}")
    click.echo()
    return [Mark("whole turn / bare answer, p50", timed["one whole turn"] / timed["one answer"], 1.5, "at most")]


def measure_worst(library: Library, settings: Settings) -> list[Mark]:
    """The longest messages of the worst kinds beside the shortest question."""
    short = "What is FinOps?"
    texts = [short, *((piece * MAX_QUESTION)[:MAX_QUESTION] for piece in WORST)]
    taken: dict[str, list[float]] = {text: [] for text in texts}
    with opened_assistant(library, settings) as hear, asyncio.Runner() as loop:
        for _ in range(WORST_TIMES):
            for text in texts:
                library.retriever.embedder.forget()
                start = time.perf_counter()
                loop.run(hear(text))
                taken[text].append(1000 * (time.perf_counter() - start))
    least, *others = (statistics.median(times) for times in taken.values())
    click.echo(f"{f'one turn, median of {WORST_TIMES}':<40}{'ms':>8}")
    click.echo(f"  {f'worst message of {MAX_QUESTION:,} characters':<38}{max(others):>8.2f}")
    click.echo(f"  {f'“{short}”':<38}{least:>8.2f}\n")
    return [Mark(f"worst message / “{short}”", max(others) / least, 50, "at most")]
