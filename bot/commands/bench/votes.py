"""Votes of a crowd, each stored and acknowledged, beside bare rows that are stored the same way, one by one."""

from __future__ import annotations

import asyncio
import itertools
import sqlite3
import statistics
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from bot.commands.bench.marks import Mark
from bot.commands.start import make_assistant
from bot.settings import Settings
from bot.store import Draft, Poll
from bot.store.database import Store
from bot.turn import Person, Room, Turn
from knowledge.library import Library

# So many vote at once; all of them do so often, and each way takes its turn in each round.
VOTERS, ROUNDS = 2_000, 3
# A third of the rate that votes reach is held for so long, in seconds.
SECONDS = 5
OPTIONS = ("yes", "no", "perhaps")
HERE = Room("bench", "here")

Way = Callable[[int], Coroutine[None, None, object]]


@dataclass(frozen=True)
class Wait:
    """How long people wait for their receipt, in milliseconds."""

    median: float
    p99: float


def measure_votes(library: Library, settings: Settings) -> list[Mark]:
    """The rate that is sustained, and how long people wait at a third of it; every tenth changes an earlier vote."""
    with TemporaryDirectory() as folder, asyncio.Runner() as loop:
        store = Store(Path(folder) / "store.db")
        with _bare_rows(Path(folder) / "bare.db") as bare, closing(store):
            ways = {
                "bare row": bare,
                "vote": _votes(library, settings, store, anonymous=False),
                "anonymous vote": _votes(library, settings, store, anonymous=True),
            }
            numbers = itertools.count()
            rates: dict[str, list[float]] = {name: [] for name in ways}
            for way in ways.values():
                loop.run(way(next(numbers)))  # what is loaded when it is first needed
            for _ in range(ROUNDS):
                for name, way in ways.items():
                    rates[name].append(loop.run(_all_at_once(way, numbers)))
            rate = {name: statistics.median(taken) for name, taken in rates.items()}
            third = min(rate["vote"], rate["anonymous vote"]) / 3
            waits = {name: loop.run(_at_rate(way, numbers, third)) for name, way in ways.items()}
    _show(rate, waits, third)
    votes = [name for name in ways if name != "bare row"]
    return [
        *(Mark(f"{name}s / bare rows, sustained", rate[name] / rate["bare row"], 1, "at least") for name in votes),
        *(
            Mark(f"{name} / bare row, p99 at a third of it", waits[name].p99 / waits["bare row"].p99, 20, "at most")
            for name in votes
        ),
    ]


def _show(rate: dict[str, float], waits: dict[str, Wait], third: float) -> None:
    click.echo(f"{f'{VOTERS:,} at once, median of {ROUNDS} rounds':<40}{'per s':>8}")
    for name, reached in rate.items():
        click.echo(f"  {name:<38}{reached:>8,.0f}")
    click.echo(f"{f'{third:,.0f} a second for {SECONDS} s, ms':<40}{'p50':>8}{'p99':>8}")
    for name, wait in waits.items():
        click.echo(f"  {name:<38}{wait.median:>8.1f}{wait.p99:>8.1f}")
    click.echo()


async def _all_at_once(way: Way, numbers: Iterator[int]) -> float:
    """How many are stored in a second while all wait at the same time."""
    started = time.perf_counter()
    await asyncio.gather(*(way(next(numbers)) for _ in range(VOTERS)))
    return VOTERS / (time.perf_counter() - started)


async def _at_rate(way: Way, numbers: Iterator[int], rate: float) -> Wait:
    """How long each waits from the moment at which it was to begin: whoever waits for others has waited too."""
    times: list[float] = []
    started = time.perf_counter()

    async def one(place: int) -> None:
        due = started + place / rate
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        await way(next(numbers))
        times.append(1000 * (time.perf_counter() - due))

    await asyncio.gather(*(one(place) for place in range(int(rate * SECONDS))))
    times.sort()
    return Wait(statistics.median(times), times[int(0.99 * len(times))])


def _votes(library: Library, settings: Settings, store: Store, anonymous: bool) -> Way:
    """Votes in a poll of their own, through all that a press goes through."""
    assistant = make_assistant(library, settings, lambda: store)
    with store.writing() as records:
        draft = Draft("Is it fast?", OPTIONS, anonymous=anonymous)
        poll: Poll = records.polls.start(HERE, "bench:moderator", datetime.now(UTC), draft)

    async def vote(number: int) -> None:
        voter = Person(f"bench:{number - 10 if number % 10 == 9 else number}", "a voter")
        words = f"vote {poll.id} {number % len(OPTIONS) + 1}"
        turn = Turn(f"bench:{number}", HERE, voter, words, datetime.now(UTC), aloud=False)
        receipts = [reply async for reply in assistant.hear(turn)]
        assert receipts[-1].text.startswith(("Counted", "Changed", "Your vote was")), receipts[-1].text

    return vote


@contextmanager
def _bare_rows(file: Path) -> Iterator[Way]:
    """The least that a durable vote can cost by itself: one row in one transaction, on the disk before it returns."""
    with closing(sqlite3.connect(file, isolation_level=None, check_same_thread=False)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("CREATE TABLE votes (voter INTEGER PRIMARY KEY, option INTEGER)")
        turn = threading.Lock()

        def insert(number: int) -> None:
            with turn:
                connection.execute("INSERT INTO votes VALUES (?, 1)", (number,))

        yield lambda number: asyncio.to_thread(insert, number)
