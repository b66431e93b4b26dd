"""Talks as text: each file in `conversations` is a talk in the terminal, played word for word.

A line that begins with "> " is typed; "bo> " is said by somebody else in the same room, who is no moderator; at
"(2 hours later)" so much time has passed. What follows is what is shown. UPDATE_TALKS=1 writes down what is shown now,
to be read before it is kept.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import re
from collections.abc import AsyncIterator, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from adapters.terminal.app import converse
from adapters.terminal.listen import ROOM
from adapters.terminal.news import News
from adapters.terminal.render import render
from bot.assistant import Assistant
from bot.board import Board
from bot.commands.start import make_assistant
from bot.intents.understanding import Understanding
from bot.scheduler import Scheduler
from bot.settings import Settings
from bot.store.database import Store
from bot.turn import Person, Turn
from knowledge.library import Library
from tests.stores import open_new

TALKS = sorted(Path(__file__).with_name("conversations").glob("*.txt"))
SAID = re.compile(r"((?:[a-z]+)?> )(.*)")
LATER = re.compile(r"\((\d+) (minute|hour|day|week)s? later\)")
COLUMNS = 100
# Lines of each side that a failure shows: both fit on a screen.
SHOWN = 9
NOON = datetime(2025, 1, 6, 12, tzinfo=UTC)


def play(assistant: Assistant, store: Store, talk: Iterable[str]) -> str:
    """What is said and what is shown, as it stands in a file."""
    shown: list[str] = []
    seconds = itertools.count()
    passed = timedelta()
    board = Board(lambda: assistant.keepers, lambda: store)
    news = News(board, Scheduler(lambda: assistant.keepers, lambda: store).work)

    def clock() -> datetime:
        return NOON + passed + timedelta(seconds=next(seconds))

    async def lines() -> AsyncIterator[str]:
        nonlocal passed
        for line in talk:
            if match := LATER.fullmatch(line):
                shown.append(line)
                passed += timedelta(**{f"{match[2]}s": int(match[1])})
                yield ""  # nothing is typed, and what has come up is shown
            elif match := SAID.fullmatch(line):
                shown.append(line)
                if match[1] == "> ":
                    yield match[2]
                else:
                    await other_person(match[1].removesuffix("> "), match[2])

    async def other_person(name: str, words: str) -> None:
        turn = Turn(f"test:{next(seconds)}", ROOM, Person(f"terminal:{name}", name), words, clock())
        async for reply in assistant.hear(turn):
            shown.append(render(reply, COLUMNS) + "\n")

    asyncio.run(converse(assistant, lines(), shown.append, clock, news=news))
    return "\n".join(shown).rstrip("\n") + "\n"


def difference(expected: str, came: str) -> str:
    """The first line at which two talks part, what was typed before it, and what each goes on with; "" if they do not.

    No more than a screen of it, which is enough to see what happened.
    """
    if expected == came:
        return ""
    both = [expected.split("\n"), came.split("\n")]
    at = next(number for number, (one, other) in enumerate(itertools.zip_longest(*both)) if one != other)
    typed = next((line for line in reversed(both[0][:at]) if SAID.fullmatch(line)), "")
    told = [f'line {at + 1}, after "{typed}"']
    for name, lines in zip(("expected", "came"), both, strict=True):
        rest = "\n".join(lines[at : at + SHOWN]).partition("\n\n")[0].rstrip("\n").split("\n")
        told += [f"{name}:", *("    " + line[:COLUMNS] for line in rest if rest != [""])]
        told += ["    (nothing)"] * (rest == [""])
    return "\n".join(told)


@pytest.mark.parametrize("talk", TALKS, ids=lambda talk: talk.stem)
def test_talk(
    talk: Path,
    library: Library,
    settings: Settings,
    understanding: Understanding,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", str(COLUMNS))
    store = open_new(tmp_path / "store.db")
    assistant = make_assistant(library, settings, lambda: store, understanding)
    written = talk.read_text("utf-8")
    played = play(assistant, store, written.splitlines())
    store.close()
    if os.environ.get("UPDATE_TALKS"):
        talk.write_text(played, "utf-8")
    assert SAID.search(written)
    if told := difference(talk.read_text("utf-8"), played):
        pytest.fail(f"conversations/{talk.name}, {told}", pytrace=False)


def test_what_differs_is_told_on_one_screen() -> None:
    expected = "> hi\nHello.\n\n> vote 2\nCounted: Tea.\n\n> stop\nBye.\n"
    assert difference(expected, expected) == ""
    told = difference(expected, expected.replace("Tea", "Rum"))
    assert told == 'line 5, after "> vote 2"\nexpected:\n    Counted: Tea.\ncame:\n    Counted: Rum.'
    assert difference(expected, expected[:-6]).endswith('after "> stop"\nexpected:\n    Bye.\ncame:\n    (nothing)')
    told = difference(expected, expected.replace("Hello.", "word " * 100 + "\nmore" * 100))
    assert len(told.splitlines()) < 24
    assert max(map(len, told.splitlines())) <= COLUMNS + 4


def test_every_activity_has_a_talk() -> None:
    told = " ".join(talk.stem for talk in TALKS)
    for activity in ("poll", "quiz", "benefits", "savings", "discussion", "excerpts", "describe", "help", "privacy"):
        assert activity in told
