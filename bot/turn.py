"""What a person says: the one way in for typing, pressing, choosing and submitting."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

# Unit separator, which no id of a platform holds: between the ids of a place and of a thread that is one of its own.
WITHIN = "\x1f"


def place_within(place: str, thread: str) -> str:
    """The id of a thread that is a place of its own."""
    return f"{place}{WITHIN}{thread}"


@dataclass(frozen=True)
class Person:
    """Who speaks; `id` begins with the platform ("slack:U1"), `timezone` is an IANA name or None.

    `groups` are the ids of groups or roles that they are in, as far as the platform tells ("discord:7").
    `administrator` where they administer the very workspace or server in which they speak.
    """

    id: str
    name: str
    moderator: bool = False
    timezone: str | None = None
    groups: tuple[str, ...] = ()
    administrator: bool = False


@dataclass(frozen=True)
class Room:
    """Where it is said: a place on a platform, and the thread in it if there is one.

    `server` is the Slack workspace or the Discord server of the place; None in a direct talk and in the terminal.
    `private` is a direct talk; `public` a place that everybody of the server can enter, as far as is known.
    `overheard` where the platform shows the bot what is said here without being addressed to it.
    A thread that is a channel of its own, as in Discord, is a place too: its `place` is made by `place_within`.
    """

    platform: str
    place: str
    thread: str | None = None
    private: bool = False
    overheard: bool = False
    server: str | None = None
    public: bool = False

    @property
    def whole(self) -> Room:
        """The place itself, whatever the thread: what stands there for everybody belongs to it."""
        return replace(self, thread=None)

    @property
    def around(self) -> Room:
        """The place around a thread that is one of its own: settings, memory and sums are of both together."""
        return replace(self, place=self.place.partition(WITHIN)[0]) if self.is_within else self

    @property
    def is_within(self) -> bool:
        """Whether it is a thread that is a place of its own."""
        return WITHIN in self.place


@dataclass(frozen=True)
class Turn:
    """One thing said. `id` is the platform's own for the event, `at` its time; `fields` are a submitted form's values.

    `addressed` is false for what was only overheard, `aloud` for what nobody else in the room can read: what was
    pressed, submitted, or said by a command. `to_others` where somebody else is mentioned or replied to. `quoted` where
    the words are those of another message, about which the person only asks: they are a question and nothing else.
    `pictures` where pictures came with the words, which nobody here can read. `people` are the ids of the people and
    groups that the words call by name, by that name as it stands there ("@Bo").
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
    quoted: bool = False
    pictures: bool = False
    people: Mapping[str, str] = field(default_factory=dict)

    @property
    def by_id(self) -> str:
        """The words with the ids of people in the place of their names."""
        words = self.words
        for name in sorted(self.people, key=len, reverse=True):
            words = words.replace(name, self.people[name])
        return words
