"""`bench`: speed in parts, each figure beside its limit and a baseline measured in the same run."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from importlib.util import find_spec

import click

from bot.commands.start import open_library, start


def _answers() -> None:
    from bot.commands.bench.answers import measure_answers, measure_turns

    settings = start()
    library = open_library(settings)
    measure_answers(library, settings)
    measure_turns(library, settings)


def _crowd() -> None:
    from bot.commands.bench.crowd import measure_crowd

    settings = start()
    measure_crowd(open_library(settings), settings)


def _votes() -> None:
    from bot.commands.bench.votes import measure_votes

    settings = start()
    measure_votes(open_library(settings), settings)


def _size() -> None:
    from bot.commands.bench.size import measure_size

    measure_size(start())


def _cold() -> None:
    from bot.commands.bench.processes import measure_cold_starts

    measure_cold_starts()


def _ingest() -> None:
    from bot.commands.bench.processes import measure_idle_ingest

    measure_idle_ingest()


PARTS: Mapping[str, Callable[[], None]] = {
    "answers": _answers,
    "crowd": _crowd,
    "votes": _votes,
    "size": _size,
    "cold": _cold,
    "ingest": _ingest,
}


@click.command()
@click.argument("parts", nargs=-1, type=click.Choice(list(PARTS)), metavar="[PART]...")
def bench(parts: Sequence[str]) -> None:
    """Measure speed: all of it, or the parts named.

    \b
    answers  one answer, and a whole turn with memory
    crowd    64 askers at once
    votes    200 votes a second
    size     1,000 chunks and 100,000 (takes minutes, and 3 GB of disk for as long)
    cold     a new process, until it answers or listens
    ingest   an ingest with nothing changed
    """
    if find_spec("langchain_chroma") is None:
        raise click.UsageError('The baseline needs the extra "bench": pip install "finops-bot[bench]".')
    for name in parts or PARTS:
        PARTS[name]()
