"""`bench`: speed in parts, and marks: what its figures have to reach beside a baseline of the same run."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from importlib.util import find_spec

import click

from bot.commands.bench.marks import Mark, show_marks
from bot.commands.start import open_library, start


def _answers() -> list[Mark]:
    from bot.commands.bench.answers import measure_answers, measure_turns, measure_worst

    settings = start()
    library = open_library(settings)
    return [mark for part in (measure_answers, measure_turns, measure_worst) for mark in part(library, settings)]


def _crowd() -> list[Mark]:
    from bot.commands.bench.crowd import measure_crowd

    settings = start()
    return measure_crowd(open_library(settings), settings)


def _votes() -> list[Mark]:
    from bot.commands.bench.votes import measure_votes

    settings = start()
    return measure_votes(open_library(settings), settings)


def _idle() -> list[Mark]:
    from bot.commands.bench.idle import measure_idle

    return measure_idle()


def _size() -> list[Mark]:
    from bot.commands.bench.size import measure_size

    return measure_size(start())


def _cold() -> list[Mark]:
    from bot.commands.bench.processes import measure_cold_starts

    return measure_cold_starts()


PARTS: Mapping[str, Callable[[], list[Mark]]] = {
    "answers": _answers,
    "crowd": _crowd,
    "votes": _votes,
    "idle": _idle,
    "cold": _cold,
    "size": _size,
}
# Takes many minutes, so that it is measured where it is named only.
APART = "size"


@click.command()
@click.argument("parts", nargs=-1, type=click.Choice(list(PARTS)), metavar="[PART]...")
def bench(parts: Sequence[str]) -> None:
    """Measure speed: all parts but the last one, or those named. What has to be reached stands at the end, as ratios.

    \b
    answers  one answer, a whole turn with memory, and the worst of messages
    crowd    64 askers at once
    votes    2,000 voters at once, and a third of that rate
    idle     1,000 open polls and nothing to do, for a minute
    cold     a new process, until it answers or listens, and an ingest with nothing changed
    size     1,000 passages and 100,000 (takes minutes, and 3 GB of disk for as long)
    """
    if find_spec("langchain_chroma") is None:
        raise click.UsageError('The baseline needs the extra "bench": pip install "finops-bot[bench]".')
    wanted = parts or [name for name in PARTS if name != APART]
    show_marks([mark for name in wanted for mark in PARTS[name]()])
