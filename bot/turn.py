"""What a person says: the one way in for typing, pressing, choosing and submitting."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime


@dataclass(frozen=True)
class Person:
    """Who speaks; `id` begins with the platform ("slack:U1"), `timezone` is an IANA name or None.

    `groups` are the ids of groups or roles that they are in, as far as the platform tells ("discord:7").
    """

    id: str
    name: str
    moderator: bool = False
    timezone: str | None = None
    groups: tuple[str, ...] = ()


@dataclass(frozen=True)
class Room:
    """Where it is said: a place on a platform, and the thread in it if there is one.

    `overheard` where the platform shows the bot what is said here without being addressed to it.
    """

    platform: str
    place: str
    thread: str | None = None
    private: bool = False
    overheard: bool = False

    @property
    def whole(self) -> Room:
        """The place itself, whatever the thread: what stands there for everybody belongs to it."""
        return replace(self, thread=None)


@dataclass(frozen=True)
class Turn:
    """One thing said. `id` is the platform's own for the event, `at` its time; `fields` are a submitted form's values.

    `addressed` is false for what was only overheard, `aloud` for what nobody else in the room can read: what was
    pressed, submitted, or said by a command. `to_others` where somebody else is mentioned or replied to.
    """

    id: str
    room: Room
    person: Person
    words: str
    at: datetime
    fields: Mapping[str, str] = field(default_factory=dict)
    addressed: bool = True
    aloud: bool = True
    to_others: bool = False
