"""The cost of an answer from few passages and from many, and what an index of many costs to build and to open."""

from __future__ import annotations

import multiprocessing
import random
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from bot.commands.bench import synthetic
from bot.commands.bench.marks import Mark
from bot.commands.bench.processes import peak_memory
from bot.commands.bench.timing import interleaved, one_part_questions
from bot.commands.start import loading, open_library, show_progress
from bot.settings import Settings
from knowledge.chain import RetrievalChain
from knowledge.decision import Decider
from knowledge.embedder import Embedder
from knowledge.generations import IndexFolder
from knowledge.library import Library
from knowledge.retriever import HybridRetriever
from knowledge.words import words

SIZES = (1_000, 100_000)
QUESTIONS = 300

# A question for the library of each size.
Questions = Mapping[int, str]


@dataclass(frozen=True)
class Cost:
    """What a step took in a process of its own: seconds, and its peak of memory in megabytes."""

    seconds: float
    megabytes: float


def measure_size(settings: Settings) -> list[Mark]:
    """Answers from both sizes in turns, each beside one embedding and one query of the same index."""
    library = open_library(settings)
    with TemporaryDirectory() as folder:
        homes = {size: Path(folder) / str(size) for size in SIZES}
        building, opening = {}, {}
        for size, home in homes.items():
            show_progress(f"Building an index of {size:,} passages beside the sources (100,000 take some minutes)")
            building[size] = _apart(partial(_build, home, settings, size))
            opening[size] = _apart(partial(_open_alone, home, settings))
        disk = {size: sum(file.stat().st_size for file in home.rglob("*")) / 1e6 for size, home in homes.items()}
        show_progress("Asking both")
        chains = {size: open_made_up(home, library.retriever.embedder) for size, home in homes.items()}
        timed = interleaved(_ways(chains), _questions(library, chains), library.retriever.embedder.forget)
        for retriever, _ in chains.values():
            retriever.generation.close()
    _show(timed, building, opening, disk)
    few, many = (timed[size, "answer"] for size in SIZES)
    return [Mark("one answer, 100,000 passages / 1,000", many / few, 2, "at most")]


def open_made_up(home: Path, embedder: Embedder) -> tuple[HybridRetriever, RetrievalChain]:
    """The index in `home`, open for questions."""
    with loading():
        generation = IndexFolder(home).open()
        assert generation is not None
        retriever = HybridRetriever(generation, embedder)
        return retriever, RetrievalChain(retriever, Decider())


def _apart(step: Callable[[], Cost]) -> Cost:
    """What a step costs in a process of its own, where nothing else counts."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as process:
        return process.submit(step).result()


def _build(home: Path, settings: Settings, size: int) -> Cost:
    library = open_library(settings)
    own = [*library.generation.passages.values()]
    seconds = synthetic.build(home, own, library.retriever.embedder, size, library.generation.model)
    return Cost(seconds, peak_memory() / 1000)


def _open_alone(home: Path, settings: Settings) -> Cost:
    embedder = open_library(settings).retriever.embedder
    started = time.perf_counter()
    _, chain = open_made_up(home, embedder)
    seconds = time.perf_counter() - started
    chain.answer("What is FinOps?")
    return Cost(seconds, peak_memory() / 1000)


def _ways(
    chains: Mapping[int, tuple[HybridRetriever, RetrievalChain]],
) -> Mapping[tuple[int, str], Callable[[Questions], object]]:
    def answer(questions: Questions, size: int) -> None:
        chains[size][1].answer(questions[size])

    def least(questions: Questions, size: int) -> None:
        retriever, _ = chains[size]
        retriever.generation.search(retriever.embedder.embed([questions[size]]), 4)

    ways = {"answer": answer, "least": least}
    return {(size, name): partial(way, size=size) for size in chains for name, way in ways.items()}


def _questions(library: Library, chains: Mapping[int, tuple[HybridRetriever, RetrievalChain]]) -> Sequence[Questions]:
    """Half of them on the library's own sources, half on what is made up."""
    own = one_part_questions(library, QUESTIONS // 2)
    asked: list[Questions] = [dict.fromkeys(chains, question) for question in own]
    chance = random.Random(QUESTIONS)
    drawn = {
        size: chance.sample(
            [one for one in retriever.generation.passages.values() if one.document.startswith(synthetic.TEAM)], len(own)
        )
        for size, (retriever, _) in chains.items()
    }
    for row in zip(*drawn.values(), strict=True):
        said = (f"What do the {one.section} say about {' '.join(words(one.units[0])[:4])}?" for one in row)
        asked.append(dict(zip(drawn, said, strict=True)))
    chance.shuffle(asked)
    return asked


def _show(
    timed: Mapping[tuple[int, str], float],
    building: Mapping[int, Cost],
    opening: Mapping[int, Cost],
    disk: Mapping[int, float],
) -> None:
    answers = [timed[size, "answer"] for size in SIZES]
    least = [timed[size, "least"] for size in SIZES]

    def show(name: str, figures: Sequence[float], form: str = ",.2f") -> None:
        click.echo(f"  {name:<38}{''.join(f'{figure:>12{form}}' for figure in figures)}")

    click.echo(f"{f'passages, median of {QUESTIONS} questions':<40}{''.join(f'{size:>12,}' for size in SIZES)}")
    show("one answer, ms", answers)
    show("one embedding + one query, ms", least)
    show("one answer / (embedding + query)", [one / other for one, other in zip(answers, least, strict=True)])
    show("building the index, s", [building[size].seconds for size in SIZES], ",.1f")
    show("building the index, MB peak", [building[size].megabytes for size in SIZES], ",.0f")
    show("opening it, s", [opening[size].seconds for size in SIZES], ",.1f")
    show("answering from it, MB peak", [opening[size].megabytes for size in SIZES], ",.0f")
    show("on disk, MB", [disk[size] for size in SIZES], ",.0f")
    click.echo()
