"""A process that takes votes, closes what is due and draws messages: what a bot does in a crowd, without a platform.

Lines on standard input are JSON: {"event", "person", "option"} is a vote in the poll, {"at"} a moment at which what is
due is done and what has changed is drawn. Each is answered by a line: the event and what the voter was told, or what
was drawn.
"""

from __future__ import annotations

import asyncio
import json
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bot.activities import Activity
from bot.activities.polls import Polls
from bot.activities.stop import Stop
from bot.assistant import Assistant
from bot.board import Board
from bot.intents.understanding import Understanding
from bot.reply import in_words
from bot.scheduler import Scheduler
from bot.shelf import Shelf
from bot.store.database import Store
from bot.turn import Person, Room, Turn
from tests.bot.conftest import NOON, Taught

HERE = Room("test", "here")
SECRET = b"the same for all of these processes"


def open_booth(place: str) -> tuple[Store, Assistant]:
    """The store at `place`, a URL or a file, and an assistant that knows polls alone."""
    store = Store(place if "://" in place else Path(place), lambda: SECRET)
    shelf = Shelf([])
    activities: list[Activity] = [Polls(shelf), Stop()]
    return store, Assistant(activities, Understanding(shelf, Taught({})), shelf, lambda: store)


async def run(place: str, poll: str) -> None:
    """Take lines until they end."""
    store, assistant = open_booth(place)
    scheduler = Scheduler(lambda: assistant.keepers, lambda: store)
    board = Board(lambda: assistant.keepers, lambda: store)

    async def vote(asked: dict[str, Any]) -> None:
        at = NOON + timedelta(seconds=1)
        words = f"vote {poll} {asked['option']}"
        turn = Turn(asked["event"], HERE, Person(asked["person"], asked["person"]), words, at, aloud=False)
        told = [reply.text.splitlines()[0] async for reply in assistant.hear(turn)]
        answer({"event": asked["event"], "told": told})

    def look(at: datetime) -> None:
        scheduler.work(at)
        drawn = []
        for page in board.pages("test", at):
            drawn.append([page.post.slot, in_words(page.reply.parts[0]).splitlines()[0]])
            board.drawn(page, page.post.reference or "new", at)
        answer({"drawn": drawn})

    answer({"ready": True})
    loop, tasks = asyncio.get_running_loop(), set[asyncio.Task[None]]()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        asked = json.loads(line)
        if "at" in asked:
            await asyncio.to_thread(look, datetime.fromisoformat(asked["at"]))
        else:
            tasks.add(task := asyncio.create_task(vote(asked)))
            task.add_done_callback(tasks.discard)
    await asyncio.gather(*tasks)
    store.close()


def answer(said: dict[str, Any]) -> None:
    """One line on standard output, at once."""
    sys.stdout.write(json.dumps(said) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(run(*sys.argv[1:]))
