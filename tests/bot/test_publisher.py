"""The publisher: one poster is told what stands in its rooms, whatever it answers."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from bot.activities import Chore, Drawer, Drawn
from bot.board import Board
from bot.publisher import AGAIN, REST, Gone, Later, Publisher
from bot.reply import Reply, Text
from bot.store.database import Store
from bot.store.records import Records
from bot.turn import Room
from tests.bot.conftest import NOON

PLACE = Room("fake", "C1")


@dataclass
class Sign:
    """Keeps one message that stands: what it shows can be changed from outside."""

    shows: str = "first"
    final: bool = False

    @property
    def chores(self) -> Mapping[str, Chore]:
        return {}

    @property
    def drawers(self) -> Mapping[str, Drawer]:
        return {"sign": self._draw}

    def _draw(self, records: Records, number: int, room: Room) -> Drawn:
        return Drawn(Reply((Text(f"{self.shows} {number}"),), "help", slot=f"sign-{number}"), self.final)


@dataclass
class Wall:
    """A poster that keeps what it was told to show; `fails` are raised in turn."""

    platform: str = "fake"
    shown: list[tuple[str, str]] = field(default_factory=list)
    fails: list[Exception] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    replaced: str | None = None

    async def post(self, room: Room, reply: Reply, key: str) -> str:
        self.keys.append(key)
        self._show("post", reply)
        return f"{room.place}-1"

    async def edit(self, room: Room, reference: str, reply: Reply) -> str | None:
        self._show(reference, reply)
        return self.replaced

    def _show(self, where: str, reply: Reply) -> None:
        if self.fails:
            raise self.fails.pop(0)
        self.shown.append((where, reply.text))
        self.changed.set()


@dataclass
class Street:
    """A sign, a wall, and a clock that stands until it is moved."""

    store: Store
    sign: Sign = field(default_factory=Sign)
    wall: Wall = field(default_factory=Wall)
    now: datetime = NOON
    worked: list[datetime] = field(default_factory=list)

    def publisher(self, work: Callable[[datetime], int] | None = None, looks: float = 1.0) -> Publisher:
        board = Board(lambda: [self.sign], lambda: self.store)
        return Publisher(board, work or self._work, self.wall, lambda: self.now, looks)

    def look(self) -> None:
        asyncio.run(self.publisher().look())

    def _work(self, at: datetime) -> int:
        self.worked.append(at)
        return 0


@pytest.fixture
def street(store: Store) -> Street:
    with store.writing() as records:
        records.posts.put(PLACE, "sign-7")
    return Street(store)


def test_a_message_is_posted_once_and_then_edited_in_its_place(street: Street) -> None:
    street.look()
    street.look()
    street.sign.shows = "second"
    street.now += REST
    street.look()
    assert street.wall.shown == [("post", "first 7"), ("C1-1", "second 7")]
    assert street.worked == [NOON, NOON, NOON + REST]


def test_a_message_that_had_to_be_replaced_is_edited_where_it_stands_now(street: Street) -> None:
    street.look()
    street.wall.replaced = "C1-2"
    street.sign.shows = "second"
    street.now += REST
    street.look()
    street.wall.replaced = None
    street.sign.shows = "third"
    street.now += REST
    street.look()
    assert street.wall.shown == [("post", "first 7"), ("C1-1", "second 7"), ("C1-2", "third 7")]


def test_changes_within_a_rest_become_one_edit_and_the_last_is_not_lost(street: Street) -> None:
    street.look()
    for shows in ("second", "third", "last"):
        street.sign.shows = shows
        street.look()
    street.sign.final = True
    assert street.wall.shown == [("post", "first 7")]
    street.now += REST
    street.look()
    street.look()
    assert street.wall.shown == [("post", "first 7"), ("C1-1", "last 7")]


def test_a_platform_that_asks_for_patience_is_left_alone_for_so_long(street: Street) -> None:
    street.wall.fails = [Later(30)]
    street.look()
    street.now += timedelta(seconds=29)
    street.look()
    assert street.wall.shown == []
    street.now += timedelta(seconds=1)
    street.look()
    assert street.wall.shown == [("post", "first 7")]


def test_what_fails_is_tried_again_under_the_same_key(street: Street) -> None:
    street.wall.fails = [RuntimeError("no network")]
    street.look()
    street.look()
    street.now += AGAIN
    street.look()
    assert street.wall.shown == [("post", "first 7")]
    assert len(set(street.wall.keys)) == 1
    assert len(street.wall.keys) == 2


def test_a_room_that_is_gone_is_left_alone_for_good(street: Street) -> None:
    street.wall.fails = [Gone()]
    street.look()
    street.sign.shows = "second"
    street.now += timedelta(days=1)
    street.look()
    assert street.wall.shown == []


def test_what_is_due_and_fails_does_not_keep_messages_from_being_drawn(street: Street) -> None:
    def work(at: datetime) -> int:
        raise RuntimeError("broken")

    asyncio.run(street.publisher(work).look())
    assert street.wall.shown == [("post", "first 7")]


def test_it_looks_until_it_is_cancelled_and_sooner_when_it_is_woken(street: Street) -> None:
    async def run() -> None:
        publisher = street.publisher(looks=3600)
        running = asyncio.create_task(publisher.run())
        await street.wall.changed.wait()
        street.wall.changed.clear()
        street.sign.shows = "second"
        street.now += REST
        publisher.soon()
        await street.wall.changed.wait()
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running

    asyncio.run(asyncio.wait_for(run(), 60))
    assert street.wall.shown == [("post", "first 7"), ("C1-1", "second 7")]
