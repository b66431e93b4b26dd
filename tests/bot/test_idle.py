"""An idle bot does nothing, however much stands; what another process does is noticed."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

from bot import publisher, scheduler
from bot.activities.polls import Polls
from bot.board import Board
from bot.publisher import Publisher
from bot.reply import Reply, in_words
from bot.scheduler import Scheduler
from bot.shelf import Shelf
from bot.store import Draft
from bot.store.database import Store
from bot.store.polling import ballot_slot
from bot.turn import Person, Room
from tests.bot.conftest import NOON, Place

OPEN = 100
# Seconds in which nothing happens, and how many such periods may go by before.
PERIOD, PERIODS = 2, 30
PLATFORMS = ("slack", "discord")
# What the publisher of each platform, the scheduler and what lists the voters of Discord's own polls may use up.
A_MINUTE = 10


class Wall:
    """Shows nothing, and says that it did."""

    def __init__(self, platform: str) -> None:
        self.platform = platform
        self.shown = asyncio.Event()

    async def post(self, room: Room, reply: Reply, key: str) -> str:
        self.shown.set()
        return "1"

    async def edit(self, room: Room, reference: str, reply: Reply) -> None:
        self.shown.set()


@contextmanager
def counted() -> Iterator[list[str]]:
    """All statements that any connection of this process makes within the block."""
    made: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *more: Any) -> None:
        made.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield made
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def fill(store: Store) -> None:
    """Open polls in many places of two platforms, with deadlines far away; all their ballots stand."""
    with store.writing() as records:
        for number in range(OPEN):
            room = Room(PLATFORMS[number % 2], f"C{number}")
            draft = Draft("Tea?", ("yes", "no"), until=NOON + timedelta(days=9), remind=timedelta(0))
            poll = records.polls.start(room, "test/ana", NOON, draft)
            records.posts.put(room, ballot_slot(poll.id))
            records.posts.placed(room, ballot_slot(poll.id), f"m{number}", "as it is", NOON)


def test_an_idle_bot_looks_with_few_statements_however_much_stands(store: Store) -> None:
    fill(store)
    keepers = [Polls(Shelf(()))]
    board = Board(lambda: keepers, lambda: store)
    with counted() as looks:
        for platform in PLATFORMS:
            assert board.look(platform, NOON).pages == []
        Scheduler(lambda: keepers, lambda: store).work(NOON)
        with store.reading() as records:
            records.due.first("close poll")
    selects = [statement for statement in looks if statement.startswith("SELECT")]
    assert len(selects) == 4, "one look of each is one statement"
    beat = min(publisher.BEAT, scheduler.BEAT)
    assert len(looks) * 60 / beat <= A_MINUTE, "with what a transaction begins with"
    with store.snapshot() as connection:
        plan = [str(row) for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {selects[0]}", ("slack", 16, 0))]
        due = [str(row) for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {selects[2]}", (1, 0))]
    assert "USING INDEX posts_to_draw" in "".join(plan)
    assert "ix_due_at" in "".join(due)


def test_a_bot_that_runs_and_has_nothing_to_do_makes_no_statement(store: Store) -> None:
    fill(store)
    keepers = [Polls(Shelf(()))]
    board = Board(lambda: keepers, lambda: store)

    async def run() -> list[str]:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(Publisher(board, Wall(platform), lambda: NOON).run()) for platform in PLATFORMS]
            tasks.append(group.create_task(Scheduler(lambda: keepers, lambda: store, lambda: NOON).run()))
            tasks.append(group.create_task(store.changes.watch()))
            # The first looks come before, and what the log of SQLite still tells of the filling.
            for _ in range(PERIODS):
                with counted() as made:
                    await asyncio.sleep(PERIOD)
                if not made:
                    break
            for task in tasks:
                task.cancel()
        return made

    assert asyncio.run(run()) == []


@pytest.mark.every_database
def test_what_another_process_opens_and_closes_is_noticed_without_looking(database: Place) -> None:
    here, other = Store(database), Store(database)
    keepers, room = [Polls(Shelf(()))], Room("slack", "C1")

    async def run() -> None:
        wall = Wall("slack")
        running = [
            asyncio.create_task(Publisher(Board(lambda: keepers, lambda: here), wall).run()),
            asyncio.create_task(here.changes.watch()),
        ]
        await asyncio.sleep(0.5)
        poll = await asyncio.to_thread(opened)
        await wall.shown.wait()
        wall.shown.clear()
        await asyncio.to_thread(closed, poll)
        await wall.shown.wait()
        for task in running:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    def opened() -> int:
        with other.writing() as records:
            poll = records.polls.start(room, "test/ana", NOON, Draft("Tea?", ("yes", "no")))
            records.posts.put(room, ballot_slot(poll.id))
        return poll.id

    def closed(number: int) -> None:
        with other.writing() as records:
            poll = records.polls.find(number)
            assert poll is not None
            records.polls.close(poll, NOON)

    try:
        asyncio.run(asyncio.wait_for(run(), 60))
    finally:
        here.close()
        other.close()


@pytest.mark.every_database
def test_a_vote_that_counts_only_after_a_message_was_taken_is_shown_all_the_same(database: Place) -> None:
    here, other = Store(database), Store(database)
    keepers, room = [Polls(Shelf(()))], Room("slack", "C1")
    board = Board(lambda: keepers, lambda: here)
    shown: list[str] = []

    def draw(at: datetime) -> None:
        for page in board.pages("slack", at):
            shown.append("\n".join(in_words(part) for part in page.reply.parts))
            board.drawn(page, "m1", at)

    with here.writing() as records:
        poll = records.polls.start(room, "test/ana", NOON, Draft("Tea?", ("yes", "no")))
        records.posts.put(room, ballot_slot(poll.id))
    draw(NOON)
    with here.writing() as records:
        records.polls.votes.vote(poll, Person("slack:bo", "Bo"), (1,))
    drawing = threading.Thread(target=draw, args=(NOON + timedelta(minutes=1),))
    with other.writing() as records:
        # This changes no row of the message: it is known already that it has to be drawn.
        records.polls.votes.vote(poll, Person("slack:cy", "Cy"), (1,))
        records.settle()
        drawing.start()
        time.sleep(0.5)
    drawing.join(60)
    draw(NOON + timedelta(minutes=2))
    assert "2 people voted so far" in shown[-1]
    here.close()
    other.close()


def test_a_store_in_memory_is_nobody_elses(tmp_path: Path) -> None:
    store = Store("sqlite://")

    async def run() -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(store.changes.watch(), 0.1)

    asyncio.run(run())
    store.close()


def test_what_is_due_is_done_when_it_is_and_what_is_set_meanwhile_too(store: Store) -> None:
    done: list[int] = []
    now, rung = [NOON], threading.Semaphore(0)

    class Clockwork:
        @property
        def drawers(self) -> dict[str, Any]:
            return {}

        @property
        def chores(self) -> dict[str, Any]:
            return {"ring": lambda records, due, at: self.ring(due.number)}

        def ring(self, number: int) -> None:
            done.append(number)
            rung.release()

    async def run() -> None:
        running = asyncio.create_task(Scheduler(lambda: [Clockwork()], lambda: store, lambda: now[0]).run())
        await asyncio.sleep(0.2)
        await asyncio.to_thread(ring, 1, NOON)
        await asyncio.to_thread(rung.acquire, timeout=30)
        await asyncio.to_thread(ring, 2, NOON + timedelta(seconds=1))
        now[0] = NOON + timedelta(seconds=1)
        await asyncio.to_thread(ring, 3, NOON + timedelta(days=1))
        await asyncio.to_thread(rung.acquire, timeout=30)
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running

    def ring(number: int, at: Any) -> None:
        with store.writing() as records:
            records.due.set("ring", number, at)

    asyncio.run(asyncio.wait_for(run(), 60))
    assert done == [1, 2]
