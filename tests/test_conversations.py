"""Talks as text: each file in `conversations` is a talk in the terminal, played word for word.

A line that begins with "> " is typed; what follows is what the terminal shows. UPDATE_TALKS=1 writes down what it shows
now, to be read before it is kept.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Iterable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from adapters.terminal.app import converse
from bot.commands.start import make_assistant
from knowledge.library import Library

TALKS = sorted(Path(__file__).with_name("conversations").glob("*.txt"))
TYPED = "> "
COLUMNS = 100


def play(library: Library, typed: Iterable[str]) -> str:
    """What is typed and what is shown, as it stands in a file."""
    shown: list[str] = []

    async def lines() -> AsyncIterator[str]:
        for line in typed:
            shown.append(f"{TYPED}{line}")
            yield line

    clock = datetime(2025, 1, 6, 12, tzinfo=UTC)
    asyncio.run(converse(make_assistant(library), lines(), shown.append, lambda: clock))
    return "\n".join(shown).rstrip("\n") + "\n"


@pytest.mark.parametrize("talk", TALKS, ids=lambda talk: talk.stem)
def test_talk(talk: Path, library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(COLUMNS))
    written = talk.read_text("utf-8")
    typed = [line.removeprefix(TYPED) for line in written.splitlines() if line.startswith(TYPED)]
    played = play(library, typed)
    if os.environ.get("UPDATE_TALKS"):
        talk.write_text(played, "utf-8")
    assert typed
    assert talk.read_text("utf-8") == played


def test_there_are_talks() -> None:
    assert len(TALKS) >= 6
