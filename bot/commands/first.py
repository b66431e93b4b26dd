"""What the first start has to do once, done before anybody waits for an answer."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.commands.start import make_assistant
from bot.turn import Person, Room, Turn

if TYPE_CHECKING:
    from bot.settings import Settings
    from knowledge.library import Library

QUESTION = "What is FinOps?"
NOBODY = Person("command:first", "first")
NOWHERE = Room("command", "first", private=True)


def prepare(library: Library, settings: Settings) -> None:
    """Make the fast copy of the embedding model, and learn what people mean, where the home holds no such copy yet.

    Raises KnowledgeError where that cannot be written.
    """
    from knowledge.embedding_model import find_model

    if (settings.home / "models" / find_model(settings.embedding_model).slug).exists():
        return
    # An answer needs all of it, so that all of it is there afterwards.
    turn = Turn("first", NOWHERE, NOBODY, QUESTION, datetime.now(UTC))
    asyncio.run(make_assistant(library, settings).respond(turn, ()))
