"""Answers for one person that cannot be said aloud, held until they press a button."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.reply import Reply

# So long somebody has to press, and so many answers are held: in memory, as losing one only means asking again.
HELD, MOST_HELD = timedelta(hours=1), 1_000


@dataclass(frozen=True)
class Held:
    """What was said to a person, by their number in Discord, until when."""

    person: int
    replies: tuple[Reply, ...]
    until: datetime


class Withheld:
    """Holds answers by a key."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._held: dict[str, Held] = {}

    def keep(self, person: int, replies: Sequence[Reply]) -> str:
        """A key for the replies, of 8 characters."""
        now = self._clock()
        self._held = {key: held for key, held in self._held.items() if held.until > now}
        while len(self._held) >= MOST_HELD:
            del self._held[next(iter(self._held))]
        key = secrets.token_hex(4)
        self._held[key] = Held(person, tuple(replies), now + HELD)
        return key

    def find(self, key: str) -> Held | None:
        """What a key holds; None where its time is over."""
        held = self._held.get(key)
        return held if held is not None and held.until > self._clock() else None
