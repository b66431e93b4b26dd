"""One answer to a one-part question, and one whole turn."""

from __future__ import annotations

import asyncio

import click

from bot.commands.bench.naive import naive_chain
from bot.commands.bench.timing import interleaved, one_part_questions
from bot.commands.bench.turns import opened_assistant
from bot.settings import Settings
from knowledge.embedder import find_model
from knowledge.library import Library

QUESTIONS = 300


def measure_answers(library: Library, settings: Settings) -> None:
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
    answer = timed["one answer"]
    click.echo(f"  naive chain / one answer              {timed['naive chain'] / answer:>8.2f}  (at least 3)")
    least = timed["one embedding + one query"]
    click.echo(f"  one answer / (embedding + query)      {answer / least:>8.2f}  (at most 1.6; the goal is 1.3)\n")


def measure_turns(library: Library, settings: Settings) -> None:
    """A whole turn beside the bare answer."""
    with opened_assistant(library, settings) as hear, asyncio.Runner() as loop:
        timed = interleaved(
            {"one whole turn": lambda question: loop.run(hear(question)), "one answer": library.answer},
            one_part_questions(library, QUESTIONS),
            library.retriever.embedder.forget,
        )
    click.echo(f"{f'turn with memory, median of {QUESTIONS}':<40}{'ms':>8}")
    click.echo(f"  {'one whole turn':<38}{timed['one whole turn']:>8.2f}  (at most 15)")
    click.echo(f"  {'one answer':<38}{timed['one answer']:>8.2f}\n")
