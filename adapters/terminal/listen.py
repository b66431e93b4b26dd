"""From what is typed to a turn."""

from __future__ import annotations

import itertools
from datetime import datetime

from bot.turn import Person, Room, Turn

PERSON = Person("terminal:me", "you", moderator=True)
ROOM = Room("terminal", "here", private=True)

_numbers = itertools.count(1)


def turn(words: str, at: datetime) -> Turn:
    """The turn of one line typed at `at`."""
    return Turn(f"terminal:{next(_numbers)}", ROOM, PERSON, words, at)
