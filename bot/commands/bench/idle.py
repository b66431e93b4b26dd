"""A bot with nothing to do: the statements that it makes while many polls are open."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import click
from sqlalchemy import Engine, event

from bot.activities.polls import Polls
from bot.board import Board
from bot.commands.bench.marks import Mark
from bot.publisher import Publisher
from bot.reply import Reply
from bot.scheduler import Scheduler
from bot.shelf import Shelf
from bot.store import Draft
from bot.store.database import Store
from bot.store.polling import ballot_slot
from bot.turn import Room

OPEN = 1_000
PLATFORMS = ("slack", "discord")
# How long it has been idle before it is looked at, and how long it is looked at, in seconds.
SETTLED, LOOKED = 2.0, 60.0


class _Wall:
    """Where nothing is shown, as nothing changes."""

    def __init__(self, platform: str) -> None:
        self.platform = platform

    async def post(self, room: Room, reply: Reply, key: str) -> str:
        raise AssertionError

    async def edit(self, room: Room, reference: str, reply: Reply) -> str | None:
        raise AssertionError


def measure_idle() -> list[Mark]:
    """All statements of a process that holds polls on two platforms, with deadlines far away."""
    with TemporaryDirectory() as folder, closing(Store(Path(folder) / "store.db")) as store:
        _fill(store)
        made = 60 * asyncio.run(_idle(store)) / LOOKED
    click.echo(f"{f'{OPEN:,} open polls on two platforms':<40}{'a minute':>8}")
    click.echo(f"  {'statements':<38}{made:>8.0f}\n")
    return [Mark("idle, statements a minute (no ratio)", made, 10, "at most")]


def _fill(store: Store) -> None:
    now = datetime.now(UTC)
    with store.writing() as records:
        for number in range(OPEN):
            room = Room(PLATFORMS[number % 2], f"C{number}")
            draft = Draft("Is it idle?", ("yes", "no"), until=now + timedelta(days=9), remind=timedelta(0))
            poll = records.polls.start(room, "bench:moderator", now, draft)
            records.posts.put(room, ballot_slot(poll.id))
            records.posts.placed(room, ballot_slot(poll.id), f"m{number}", "as it is", now)


async def _idle(store: Store) -> int:
    """How many statements are made while it is looked at."""
    keepers = [Polls(Shelf(()))]
    board = Board(lambda: keepers, lambda: store)
    running = [asyncio.create_task(Publisher(board, _Wall(platform)).run()) for platform in PLATFORMS]
    running += [asyncio.create_task(Scheduler(lambda: keepers, lambda: store).run())]
    running += [asyncio.create_task(store.changes.watch())]
    await asyncio.sleep(SETTLED)
    with _statements() as made:
        await asyncio.sleep(LOOKED)
    for task in running:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
    return len(made)


@contextmanager
def _statements() -> Iterator[list[None]]:
    """One entry for each statement of any connection of this process."""
    made: list[None] = []

    def note(*_told: object) -> None:
        made.append(None)

    event.listen(Engine, "before_cursor_execute", note)
    yield made
    event.remove(Engine, "before_cursor_execute", note)
