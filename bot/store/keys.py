"""Keys: what rows of people and places belong to, as every database takes it."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from urllib.parse import quote

from bot.turn import Person, Room

# Three of these fit into the 255 characters of a key.
LONGEST_KEY = 80
# As many ids are quoted once only: those of the turns that are under way.
RECENT = 1_000


def place_of(room: Room) -> str:
    """What names a place of a server on a platform, whatever the thread, for locks."""
    return f"{key(room.platform)}/{key(room.server or '')}/{key(room.place)}"


def talk_of(room: Room) -> str:
    """What names the talk that a room is of, for locks: a thread, or its place outside of threads."""
    return f"{place_of(room.around)}/{key(room.thread or '')}"


def person_of(person: Person) -> str:
    """What is stored about somebody belongs to this."""
    return key(person.id)


@lru_cache(RECENT)
def key(text: str) -> str:
    """A platform's id as every database takes it: plain ASCII without slashes, different for different ids.

    It is the id itself, quoted, unless that is longer than any platform's; then a digest stands for its end.
    """
    quoted = quote(text, safe=":", errors="surrogatepass")
    if len(quoted) <= LONGEST_KEY:
        return quoted
    # No quoted text has a "!".
    return f"{quoted[:32]}!{hashlib.sha256(quoted.encode('ascii')).hexdigest()[:32]}"
