"""From what is typed to a turn."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from bot.turn import Person, Room, Turn

PERSON = Person("terminal:me", "you", moderator=True)
ROOM = Room("terminal", "here", private=True)
MEMBER = Person("terminal:me", "you")
NO_FIELDS: Mapping[str, str] = MappingProxyType({})


def turn(words: str, at: datetime, fields: Mapping[str, str] = NO_FIELDS, person: Person = PERSON) -> Turn:
    """The turn of one line typed at `at`, or of a form filled in; its id is like no other, in any process."""
    return Turn(f"terminal:{uuid.uuid4().hex}", ROOM, person, words, at, dict(fields))
