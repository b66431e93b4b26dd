"""The log: what it tells of the bot's own lines and of libraries', and that at DEBUG too nobody's words are in it."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import stat
from collections.abc import AsyncGenerator, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.activities import Heard
from bot.assistant import Assistant
from bot.commands.private import keep_private, open_to_others
from bot.intents.understanding import Understanding
from bot.logs import Seldom
from bot.reply import Reply
from bot.shelf import Shelf
from bot.store.database import Store
from tests.bot.conftest import Talk
from tests.bot.test_assistant import Unreadable
from tests.conftest import Logged

WORDS = "zanzibar"


class Failing:
    """An activity that fails as libraries do: with what was said in its text."""

    async def take(self, heard: Heard) -> Reply | None:
        raise ValueError(f"cannot parse {heard.turn.words!r}")


class FailingLater(Failing):
    """The same, after it has begun."""

    async def take(self, heard: Heard) -> AsyncGenerator[Reply, None]:  # type: ignore[override]
        async def growing() -> AsyncGenerator[Reply, None]:
            if heard.turn.words:
                raise KeyError(heard.turn.words)
            yield Reply((), "help")

        return growing()


def test_own_lines_are_told_and_libraries_only_as_far_as_they_tell_no_words(logged: Logged) -> None:
    logging.getLogger("bot.publisher").debug("post %s", 7)
    logging.getLogger("slack_bolt.AsyncApp").debug("body: %s", WORDS)
    logging.getLogger("discord.client").info("said %s", WORDS)
    loud = logging.getLogger("loud.library")
    loud.setLevel(logging.DEBUG)
    loud.debug(WORDS)
    loud.warning("Ignoring %r in shard %d after %.1f s", WORDS, 3, 0.5)
    loud.warning("Only %d of it", WORDS)
    try:
        raise ValueError(WORDS)
    except ValueError:
        loud.exception("It failed\n%s", WORDS)
        logging.getLogger("bot.publisher").exception("post %s failed", 7)
    told = logged()
    assert WORDS not in told
    lines = [line.partition("bot.publisher")[2] or line.partition("loud.library")[2] for line in told.splitlines()]
    assert [line for line in lines if line] == [
        ": post 7",
        ": Ignoring '<str>' in shard 3 after 0.5 s",
        ": Only %d of it",
        ": It failed",
        ": post 7 failed",
    ]
    assert told.count("ValueError\n") == 2


def test_a_task_that_nobody_waited_for_is_told_without_its_words(logged: Logged) -> None:
    async def fails() -> None:
        raise ValueError(WORDS)

    async def run() -> None:
        task = asyncio.create_task(fails())
        await asyncio.sleep(0)
        del task
        gc.collect()

    asyncio.run(run())
    assert "Task exception was never retrieved" in logged()
    assert WORDS not in logged()


@pytest.mark.parametrize("activity", [Failing(), FailingLater()])
def test_a_turn_that_fails_tells_its_kind_and_place_and_nothing_of_what_was_said(
    activity: Failing, file_store: Store, logged: Logged
) -> None:
    shelf = Shelf(())
    talk = Talk(Assistant([activity], Understanding(shelf, Unreadable()), shelf, lambda: file_store), file_store)
    for one in (WORDS, f"poll: {WORDS}? yes, no", f"vote {WORDS}"):
        talk.replies(talk.turn(one))
    assert "failed; reference" in logged()
    assert WORDS not in logged()


def test_a_talk_and_its_database_tell_no_words(talk: Talk, logged: Logged) -> None:
    for words in (
        f"what is {WORDS}?",
        f"poll: {WORDS}? {WORDS} one, two",
        "1",
        "quiz me",
        WORDS,
        f"we spend 5k {WORDS}",
    ):
        talk.replies(talk.turn(words))
    with pytest.raises(Exception, match="no such"), talk.store.snapshot() as connection:
        connection.execute(text("SELECT :words FROM nowhere"), {"words": WORDS})
    assert WORDS not in logged()


def test_what_anybody_can_cause_is_told_once_a_minute() -> None:
    now = 0.0
    seldom = Seldom(lambda: now)

    def record(line: int) -> logging.LogRecord:
        return logging.LogRecord("bot", logging.ERROR, "door.py", line, "refused", None, None)

    assert [seldom.filter(record(line)) for line in (1, 1, 2, 1)] == [True, False, True, False]
    now = 60.0
    assert seldom.filter(record(1))


# --- Who can read it ---


@pytest.fixture
def umask() -> Iterator[None]:
    """Whatever a test makes of it, it is as it was afterwards; meanwhile it lets everybody read."""
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.mark.usefixtures("umask")
def test_a_home_and_its_files_are_their_owners_alone(own_home: Path) -> None:
    (own_home / "store.db").write_text("held")
    dropped_in = {own_home / "scripts", own_home / "handbook"}
    for folder in dropped_in:
        folder.mkdir()
    for path in (own_home, *own_home.rglob("*")):
        path.chmod(path.stat().st_mode | 0o055)
    assert next(open_to_others(own_home)) == own_home
    keep_private(own_home)
    assert stat.S_IMODE(own_home.stat().st_mode) == 0o700
    assert list(open_to_others(own_home)) == []
    kept = {path for path in own_home.rglob("*") if path not in dropped_in}
    assert all(path.stat().st_mode & 0o077 == 0 for path in kept)
    made = own_home / "new"
    made.write_text("words")
    assert stat.S_IMODE(made.stat().st_mode) == 0o600


@pytest.mark.usefixtures("umask")
def test_a_folder_that_holds_other_things_too_is_left_open_and_told(own_home: Path) -> None:
    (own_home / "holiday.jpg").write_text("sea")
    own_home.chmod(0o755)
    keep_private(own_home)
    assert list(open_to_others(own_home)) == [own_home]
