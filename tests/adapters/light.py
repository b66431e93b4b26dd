"""A bot that knows polls alone, and a clockwork beside it: what tests of delivery need, and no library."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta

from bot.activities.polls import Polls
from bot.activities.stop import Stop
from bot.assistant import Assistant
from bot.intents.understanding import Understanding
from bot.reply import Tally
from bot.scheduler import Scheduler
from bot.shelf import Shelf
from bot.store import Draft
from bot.store.database import Store
from bot.store.polling import ballot_slot
from bot.turn import Person, Room
from tests.bot.conftest import Taught


def light(store: Store) -> Assistant:
    """The assistant."""
    shelf = Shelf([])
    return Assistant([Polls(shelf), Stop()], Understanding(shelf, Taught({})), shelf, lambda: store)


@asynccontextmanager
async def ticking(store: Store, assistant: Assistant) -> AsyncIterator[None]:
    """What is due is done within the block."""
    task = asyncio.create_task(Scheduler(lambda: assistant.keepers, lambda: store).run())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def open_poll(
    store: Store, room: Room, question: str, options: tuple[str, ...] = ("yes", "no"), lasts: timedelta | None = None
) -> int:
    """Open a poll in a room, as another process would; its number."""
    with store.writing() as records:
        draft = Draft(question, options, lasts=lasts, remind=timedelta(0))
        poll = records.polls.start(room, "test/ana", datetime.now(UTC), draft)
        records.posts.put(room, ballot_slot(poll.id))
    return poll.id


def vote(store: Store, poll: int, name: str) -> Tally:
    """Somebody votes for the first option; how the poll stands then."""
    with store.writing() as records:
        found = records.polls.find(poll)
        assert found is not None
        assert records.polls.votes.vote(found, Person(f"test:{name}", name), (1,))
        return records.polls.votes.tally(found)


def open_polls(store: Store, room: Room) -> int:
    """How many polls are open in a room."""
    with store.reading() as records:
        return len(records.polls.open_in(room))
