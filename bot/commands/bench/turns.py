"""Whole turns, as people have them: understood, answered, and written to a store."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.commands.start import make_assistant
from bot.settings import Settings
from bot.store.database import Store
from bot.turn import Person, Room, Turn
from knowledge.library import Library


@contextmanager
def opened_assistant(library: Library, settings: Settings) -> Iterator[Callable[[str], Coroutine[None, None, None]]]:
    """What hears a turn, with a store of its own that is deleted in the end."""
    with TemporaryDirectory() as folder:
        store = Store(Path(folder) / "store.db")
        assistant = make_assistant(library, settings, lambda: store)

        async def hear(words: str) -> None:
            # A thread of its own: with a talk behind it, the same words would be a follow-up, and more work.
            event = secrets.token_hex(8)
            turn = Turn(event, Room("bench", "here", event), Person(f"bench:{event}", "me"), words, datetime.now(UTC))
            async for _ in assistant.hear(turn):
                pass

        try:
            yield hear
        finally:
            store.close()
