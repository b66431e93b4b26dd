"""Limits: how many questions a minute somebody may ask, so that nobody keeps the bot from the others."""

from __future__ import annotations

import math
import time

from bot.turn import Person

QUESTIONS_A_MINUTE = 10


class Limits:
    """Counts the questions of the last minute, in this process."""

    def __init__(self, questions: int = QUESTIONS_A_MINUTE) -> None:
        from limits import RateLimitItemPerMinute
        from limits.storage import MemoryStorage
        from limits.strategies import MovingWindowRateLimiter

        self._item = RateLimitItemPerMinute(questions)
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def wait(self, person: Person) -> int:
        """Count a question of somebody; how many seconds they have to wait, 0 where they need not."""
        if self._limiter.hit(self._item, person.id):
            return 0
        freed = self._limiter.get_window_stats(self._item, person.id).reset_time
        return max(1, math.ceil(freed - time.time()))
