"""The publisher: one poster is told what stands in its rooms, whatever it answers."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from bot.activities import Chore, Drawer, Retraction
from bot.board import PASSING, Board
from bot.errors import Final, MissingRight, Passing, PlatformError
from bot.publisher import AT_ONCE, SOONEST, Publisher
from bot.reply import Reply, Text
from bot.scheduler import Scheduler
from bot.store.database import Store
from bot.store.posts import EASE, OLD, REST
from bot.store.records import Records
from bot.turn import Room
from tests.bot.conftest import NOON
from tests.waiting import PATIENCE

PLACE = Room("fake", "C1")
SECOND = timedelta(seconds=1)


@dataclass
class Sign:
    """Keeps one message that stands: what it shows can be changed from outside."""

    shows: str = "first"
    taken_back: list[int] = field(default_factory=list)

    @property
    def chores(self) -> Mapping[str, Chore]:
        return {}

    @property
    def drawers(self) -> Mapping[str, Drawer]:
        return {"sign": self._draw, "paper": self._draw}

    @property
    def retractions(self) -> Mapping[str, Retraction]:
        return {"paper": self._take_back}

    def _draw(self, records: Records, number: int, room: Room) -> Reply:
        return Reply((Text(f"{self.shows} {number}"),), "help", slot=f"sign-{number}")

    def _take_back(self, records: Records, number: int, room: Room) -> str:
        self.taken_back.append(number)
        return "So it does not hang there."


@dataclass
class Wall:
    """A poster that keeps what it was told to show; `fails` are raised in turn."""

    platform: str = "fake"
    shown: list[tuple[str, str]] = field(default_factory=list)
    fails: list[Exception] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    replaced: str | None = None
    meanwhile: Callable[[], None] | None = None
    stuck: set[str] = field(default_factory=set)
    began: asyncio.Event = field(default_factory=asyncio.Event)
    released: asyncio.Event = field(default_factory=asyncio.Event)

    async def post(self, room: Room, reply: Reply, key: str) -> str:
        self.keys.append(key)
        if room.place in self.stuck:
            self.began.set()
            await self.released.wait()
        self._show("post", reply)
        return f"{room.place}-1"

    async def edit(self, room: Room, reference: str, reply: Reply) -> str | None:
        self._show(reference, reply)
        return self.replaced

    def _show(self, where: str, reply: Reply) -> None:
        if self.fails:
            raise self.fails.pop(0)
        act, self.meanwhile = self.meanwhile, None
        if act is not None:
            act()
        self.shown.append((where, reply.text))
        self.changed.set()


@dataclass
class Street:
    """A sign, a wall, and a clock that stands until it is moved."""

    store: Store
    sign: Sign = field(default_factory=Sign)
    wall: Wall = field(default_factory=Wall)
    now: datetime = NOON

    def publisher(self, beat: float = 120.0) -> Publisher:
        board = Board(lambda: [self.sign], lambda: self.store)
        return Publisher(board, self.wall, lambda: self.now, beat)

    def look(self) -> None:
        asyncio.run(self.publisher().look())

    def change(self, shows: str, soon: bool = False) -> None:
        """The sign shows something else, and the store knows."""
        self.sign.shows = shows
        with self.store.writing() as records:
            if soon:
                records.posts.look_again("sign-7")
            else:
                records.posts.changed("sign-7")


@pytest.fixture
def street(store: Store) -> Street:
    with store.writing() as records:
        records.posts.put(PLACE, "sign-7")
    return Street(store)


def test_a_message_is_posted_once_and_then_edited_in_its_place(street: Street) -> None:
    street.look()
    street.look()
    street.now += REST
    street.change("second")
    street.look()
    assert street.wall.shown == [("post", "first 7"), ("C1-1", "second 7")]


def test_a_message_that_had_to_be_replaced_is_edited_where_it_stands_now(street: Street) -> None:
    street.look()
    for shows, replaced in (("second", "C1-2"), ("third", None)):
        street.wall.replaced = replaced
        street.now += REST
        street.change(shows)
        street.look()
    assert street.wall.shown == [("post", "first 7"), ("C1-1", "second 7"), ("C1-2", "third 7")]


def test_changes_within_a_rest_become_one_edit_and_the_last_is_not_lost(street: Street) -> None:
    street.look()
    for shows in ("second", "third", "last"):
        street.change(shows)
        street.look()
    assert street.wall.shown == [("post", "first 7")]
    street.now += REST
    street.look()
    street.look()
    assert street.wall.shown == [("post", "first 7"), ("C1-1", "last 7")]


def test_what_changes_while_a_message_is_drawn_is_drawn_after_it(street: Street) -> None:
    street.look()
    street.now += REST
    street.change("second")
    street.wall.meanwhile = lambda: street.change("third")
    street.look()
    street.now += REST
    street.look()
    assert street.wall.shown[1:] == [("C1-1", "second 7"), ("C1-1", "third 7")]


def test_a_change_that_cannot_be_seen_is_no_edit(street: Street) -> None:
    street.look()
    street.now += REST
    street.change("first")
    street.look()
    assert street.wall.shown == [("post", "first 7")]


def test_old_messages_are_edited_rarely_but_what_all_should_see_comes_soon(street: Street) -> None:
    # discord/discord-api-docs 4413: Discord refuses to edit messages older than an hour again and again.
    street.look()
    street.now += OLD
    street.change("second")
    street.look()
    street.now += REST
    # One that comes while the message is drawn rests as long.
    street.change("third")
    street.look()
    assert [words for _, words in street.wall.shown] == ["first 7", "second 7"]
    street.now += EASE
    street.wall.meanwhile = lambda: street.change("fourth")
    street.look()
    street.now += REST
    street.look()
    assert [words for _, words in street.wall.shown] == ["first 7", "second 7", "third 7"]
    street.change("closed", soon=True)
    street.look()
    assert [words for _, words in street.wall.shown][3:] == ["closed 7"]


def test_a_platform_that_asks_for_patience_is_left_alone_for_so_long(street: Street) -> None:
    street.wall.fails = [Passing("429", 30)]
    street.look()
    street.change("second", soon=True)
    street.now += timedelta(seconds=29)
    street.look()
    assert street.wall.shown == []
    street.now += timedelta(seconds=1)
    street.look()
    assert street.wall.shown == [("post", "second 7")]


@pytest.mark.parametrize("error", [RuntimeError("a mistake"), Passing("502"), TimeoutError()])
def test_what_fails_is_tried_again_under_the_same_key_after_growing_pauses(street: Street, error: Exception) -> None:
    street.wall.fails = [error, error]
    first, _ = PASSING
    for pause, tries in ((timedelta(0), 1), (first - SECOND, 1), (SECOND, 2), (first, 2), (first, 3)):
        street.now += pause
        street.look()
        assert len(street.wall.keys) == tries
    assert len(set(street.wall.keys)) == 1
    assert street.wall.shown == [("post", "first 7")]


def test_what_lacks_a_right_rests_longer_each_time_and_comes_back_when_the_right_does(
    street: Street, caplog: pytest.LogCaptureFixture
) -> None:
    street.wall.fails = [MissingRight("invite me")] * 9
    for _ in range(200):
        street.look()
        street.now += timedelta(minutes=1)
    # After 0, 1, 3, 7, 15, 31, 63, 123 and 183 minutes.
    assert len(street.wall.keys) == 9
    assert len(caplog.records) == 1, "it is told once"
    street.now += timedelta(hours=1)
    street.look()
    assert street.wall.shown == [("post", "first 7")]


def test_who_talks_to_the_bot_where_it_lacked_a_right_has_it_tried_at_once(street: Street) -> None:
    async def run() -> None:
        publisher = street.publisher()
        street.wall.fails = [MissingRight("invite me")]
        await publisher.look()
        await publisher.welcome(PLACE)
        await publisher.look()

    asyncio.run(run())
    assert street.wall.shown == [("post", "first 7")]


def test_a_message_that_is_gone_is_left_alone_for_good(street: Street, caplog: pytest.LogCaptureFixture) -> None:
    street.look()
    street.wall.fails = [Final("gone")] * 9
    for shows in ("second", "third"):
        street.now += timedelta(days=1)
        street.change(shows)
        street.look()
        street.look()
    assert len(street.wall.fails) == 7, "each change is tried once"
    assert len(caplog.records) == 1


@pytest.mark.parametrize("error", [MissingRight("Invite me.", "not_in_channel"), Final("Never.")])
def test_what_could_not_be_shown_to_begin_with_is_taken_back_and_said(street: Street, error: PlatformError) -> None:
    reply = Reply((Text("first 8"),), "help", slot="paper-8")
    with street.store.writing() as records:
        records.posts.put_by_reply(PLACE, "paper-8", street.now)
    street.wall.fails = [error]
    with pytest.raises(type(error), match="it does not hang there"):
        asyncio.run(street.publisher().place(PLACE, reply))
    street.now += timedelta(days=1)
    street.look()
    assert street.sign.taken_back == [8]
    assert street.wall.shown == [("post", "first 7")]


def test_a_reply_that_stands_is_shown_at_once_and_one_that_is_just_said_is_left(street: Street) -> None:
    async def run() -> None:
        publisher = street.publisher()
        assert not await publisher.place(PLACE, Reply((Text("hello"),), "help"))
        assert await publisher.place(PLACE, Reply((Text("first 7"),), "help", slot="sign-7"))
        assert await publisher.place(PLACE, Reply((Text("first 7"),), "help", slot="sign-7")), "it stands already"

    asyncio.run(run())
    assert street.wall.shown == [("post", "first 7")]


def test_one_slow_message_holds_up_nothing_elsewhere(street: Street) -> None:
    async def run() -> None:
        publisher = street.publisher()
        with street.store.writing() as records:
            for number in range(AT_ONCE + 9):
                records.posts.put(PLACE, f"sign-{100 + number}")
        street.wall.stuck = {"C1"}
        running = asyncio.create_task(publisher.run())
        await street.wall.began.wait()
        with street.store.writing() as records:
            records.posts.put(Room("fake", "C2"), "sign-9")
        await street.wall.changed.wait()
        assert street.wall.shown == [("post", "first 9")]
        assert len(street.wall.keys) == 2, "one message of a place at a time"
        street.wall.released.set()
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running

    asyncio.run(asyncio.wait_for(run(), 60))
    assert len(street.wall.shown) == 2, "what was begun is drawn before it ends"


def test_it_looks_until_it_is_cancelled_when_something_has_changed(street: Street) -> None:
    async def run() -> None:
        publisher = street.publisher(beat=3600)
        running = asyncio.create_task(publisher.run())
        await street.wall.changed.wait()
        street.wall.changed.clear()
        street.now += REST
        await asyncio.to_thread(street.change, "second")
        await street.wall.changed.wait()
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running

    asyncio.run(asyncio.wait_for(run(), 60))
    assert street.wall.shown == [("post", "first 7"), ("C1-1", "second 7")]


@pytest.mark.parametrize("steps", range(6))
@pytest.mark.parametrize("maker", ["publisher", "scheduler"])
def test_it_ends_when_it_is_cancelled_in_the_moment_in_which_something_changes(
    street: Street, maker: str, steps: int
) -> None:
    # python/cpython#86296: `wait_for` of Python 3.11 gave its result and lost the cancellation.
    async def run() -> None:
        publisher, scheduler = street.publisher(beat=3600), Scheduler(list, lambda: street.store)
        running = asyncio.create_task((publisher if maker == "publisher" else scheduler).run())
        await asyncio.sleep(3 * SOONEST)  # so that it waits for a change; busy or not, it must end
        street.store.changes.tell()
        for _ in range(steps):
            await asyncio.sleep(0)
        running.cancel()
        ended, _ = await asyncio.wait({running}, timeout=PATIENCE)
        assert ended

    asyncio.run(run())
