"""Limits: how much a minute somebody may say, so that nobody keeps the bot from the others."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from bot.turn import Person

QUESTIONS_A_MINUTE = 10
# Whatever is said or pressed, and votes apart, so that nobody who plays with the bot loses a vote. Nobody means more.
ACTS_A_MINUTE, VOTES_A_MINUTE = 60, 60

# Nobody waits longer than a minute, in seconds; one more, as it is rounded up.
LONGEST_WAIT = 61

Act = Literal["question", "act", "vote"]
_DONE: Mapping[Act, str] = {
    "question": "asked {} questions",
    "act": "said or pressed {} things",
    "vote": "cast {} votes",
}


@dataclass(frozen=True)
class Wait:
    """Somebody has to wait: the sentence that says for how long; `known` where they were told within this minute."""

    told: str
    known: bool


class Limits:
    """Counts what people did in the last minute, in this process."""

    def __init__(self, questions: int = QUESTIONS_A_MINUTE, acts: int = ACTS_A_MINUTE, votes: int = VOTES_A_MINUTE):
        from limits import RateLimitItemPerMinute
        from limits.storage import MemoryStorage
        from limits.strategies import MovingWindowRateLimiter

        self._items = {
            "question": RateLimitItemPerMinute(questions, namespace="question"),
            "act": RateLimitItemPerMinute(acts, namespace="act"),
            "vote": RateLimitItemPerMinute(votes, namespace="vote"),
        }
        self._told = RateLimitItemPerMinute(1, namespace="told")
        self._storage = MemoryStorage()
        self._limiter = MovingWindowRateLimiter(self._storage)

    def wait(self, person: Person, act: Act = "question") -> Wait | None:
        """Count an act of somebody; None where they need not wait."""
        item = self._items[act]
        if self._limiter.hit(item, person.id):
            return None
        freed = self._limiter.get_window_stats(item, person.id).reset_time
        seconds = max(1, math.ceil(freed - time.time()))
        if seconds > LONGEST_WAIT:
            # The clock was set back: what was counted lies ahead of it, and would keep somebody waiting until then.
            self._storage.reset()
            return self.wait(person, act)
        told = f"You have {_DONE[act].format(item.amount)} within a minute: please wait {seconds} seconds."
        return Wait(told, known=not self._limiter.hit(self._told, f"{act} {person.id}"))
