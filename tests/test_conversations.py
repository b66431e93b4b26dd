"""Talks as text: each file in `conversations` is a talk in the terminal, played word for word.

A line that begins with "> " is typed; "bo> " is said by somebody else in the same room, who is no moderator. What
follows is what is shown. UPDATE_TALKS=1 writes down what is shown now, to be read before it is kept.
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
from adapters.terminal.render import render
from bot.assistant import Assistant
from bot.commands.start import make_assistant
from bot.intents.understanding import Understanding
from bot.settings import Settings
from bot.store.database import Store
from bot.turn import Person, Turn
from knowledge.library import Library

TALKS = sorted(Path(__file__).with_name("conversations").glob("*.txt"))
SAID = re.compile(r"((?:[a-z]+)?> )(.*)")
COLUMNS = 100
NOON = datetime(2025, 1, 6, 12, tzinfo=UTC)


def play(assistant: Assistant, talk: Iterable[str]) -> str:
    """What is said and what is shown, as it stands in a file."""
    shown: list[str] = []
    seconds = itertools.count()

    def clock() -> datetime:
        return NOON + timedelta(seconds=next(seconds))

    async def lines() -> AsyncIterator[str]:
        for line in talk:
            if match := SAID.fullmatch(line):
                shown.append(line)
                if match[1] == "> ":
                    yield match[2]
                else:
                    await other_person(match[1].removesuffix("> "), match[2])

    async def other_person(name: str, words: str) -> None:
        turn = Turn(f"test:{next(seconds)}", ROOM, Person(f"terminal:{name}", name), words, clock())
        async for reply in assistant.hear(turn):
            shown.append(render(reply, COLUMNS) + "\n")

    asyncio.run(converse(assistant, lines(), shown.append, clock))
    return "\n".join(shown).rstrip("\n") + "\n"


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
    store = Store(tmp_path / "store.db")
    assistant = make_assistant(library, settings, lambda: store, understanding)
    written = talk.read_text("utf-8")
    played = play(assistant, written.splitlines())
    store.close()
    if os.environ.get("UPDATE_TALKS"):
        talk.write_text(played, "utf-8")
    assert SAID.search(written)
    assert talk.read_text("utf-8") == played


def test_every_activity_has_a_talk() -> None:
    told = " ".join(talk.stem for talk in TALKS)
    for activity in ("poll", "quiz", "benefits", "savings", "discussion", "excerpts", "describe", "help", "privacy"):
        assert activity in told
