"""Votes at a steady rate, each acknowledged and stored, beside a bare row that is stored at the same rate."""

from __future__ import annotations

import asyncio
import sqlite3
import statistics
import time
from collections.abc import Awaitable, Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from bot.commands.start import make_assistant
from bot.settings import Settings
from bot.store import Draft
from bot.store.database import Store
from bot.turn import Person, Room, Turn
from knowledge.library import Library

RATE = 200  # votes in a second
SECONDS = 10
OPTIONS = ("yes", "no", "perhaps")
HERE = Room("bench", "here")

Vote = Callable[[int], Awaitable[object]]


def measure_votes(library: Library, settings: Settings) -> None:
    """How long voters wait for their receipt; every tenth changes an earlier vote."""
    with TemporaryDirectory() as folder, asyncio.Runner() as loop:
        bare = sorted(loop.run(_at_rate(_bare_rows(Path(folder) / "bare.db"))))
        store = Store(Path(folder) / "store.db")
        assistant = make_assistant(library, settings, lambda: store)
        with store.writing() as records:
            poll = records.polls.start(HERE, "bench:moderator", datetime.now(UTC), Draft("Is it fast?", OPTIONS))

        async def vote(number: int) -> None:
            voter = Person(f"bench:{number - 10 if number % 10 == 9 else number}", "a voter")
            words = f"vote {poll.id} {number % len(OPTIONS) + 1}"
            turn = Turn(f"bench:{number}", HERE, voter, words, datetime.now(UTC), aloud=False)
            receipts = [reply async for reply in assistant.hear(turn)]
            assert receipts[-1].text.startswith(("Counted", "Changed", "Your vote was")), receipts[-1].text

        loop.run(vote(-1))  # what is loaded when it is first needed
        votes = sorted(loop.run(_at_rate(vote)))
        with store.reading() as records:
            voters = records.polls.votes.voters(poll)
        store.close()
    click.echo(f"{f'{RATE} votes a second for {SECONDS} s, ms':<40}{'p50':>8}{'p99':>8}")
    for name, times in (("one vote, stored and acknowledged", votes), ("one bare row, stored", bare)):
        click.echo(f"  {name:<38}{statistics.median(times):>8.1f}{times[int(0.99 * len(times))]:>8.1f}")
    click.echo(
        f"  p99 of a vote{'':<25}{'':>8}{votes[int(0.99 * len(votes))]:>8.1f}  (at most 50); {voters:,} voters\n"
    )


async def _at_rate(vote: Vote) -> list[float]:
    """The milliseconds from the moment at which each was to begin: whoever waits for others has waited too."""
    times: list[float] = []
    started = time.perf_counter()

    async def one(number: int) -> None:
        due = started + number / RATE
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        await vote(number)
        times.append(1000 * (time.perf_counter() - due))

    await asyncio.gather(*(one(number) for number in range(RATE * SECONDS)))
    return times


def _bare_rows(file: Path) -> Vote:
    """The least that a durable vote can cost: one row in one transaction, on the disk before it returns."""

    def connected() -> sqlite3.Connection:
        connection = sqlite3.connect(file, isolation_level=None, timeout=30)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        return connection

    with closing(connected()) as connection:
        connection.execute("CREATE TABLE votes (voter INTEGER PRIMARY KEY, option INTEGER)")

    def insert(number: int) -> None:
        with closing(connected()) as connection:
            connection.execute("INSERT INTO votes VALUES (?, 1)", (number,))

    return lambda number: asyncio.to_thread(insert, number)
