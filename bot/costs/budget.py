"""The monthly budget: a language model is called while there is some left, and what is under way counts as well."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from threading import Lock

from bot.costs.money import NANODOLLARS, dollars, in_dollars
from bot.costs.prices import nanodollars
from bot.store.months import month_of
from knowledge.answer import Spent

# What an answer may take at most: a question put anew and an answer, each with its passages and the talk so far.
MOST_READ, MOST_WRITTEN = 16_000, 8_000
# From these shares of the budget on, in percent, the log warns.
WARNINGS = (80, 100)

log = logging.getLogger(__name__)


@dataclass
class Call:
    """One answer under way: whether it has to do without a language model, and what it took when it is done."""

    composed: bool
    spent: Spent | None = None


class Budget:
    """What `model` may cost in a calendar month (UTC), in US dollars; without a limit it may cost anything.

    What the store has of a month comes from whoever asks; calls of this process are added until the store has them.
    """

    def __init__(self, model: str = "", limit: Decimal | None = None) -> None:
        self.model = model
        self.limit = limit
        self._lock = Lock()
        self._known: Counter[datetime] = Counter()  # month -> nanodollars
        self._under_way: Counter[datetime] = Counter()

    @contextmanager
    def call(self, at: datetime, spent: int) -> Iterator[Call]:
        """An answer at that moment, in whose month `spent` nanodollars were spent as far as the store knows.

        The most that it could cost is set aside meanwhile: many at once overrun the limit by one answer at most.
        """
        if self.limit is None:
            yield Call(composed=False)
            return
        month = month_of(at)
        most = nanodollars(Spent(self.model, MOST_READ, MOST_WRITTEN), at) or 0
        with self._lock:
            # Sums only grow, so the highest that was seen is the nearest to the truth.
            self._known[month] = max(self._known[month], spent)
            composed = self._known[month] + self._under_way[month] >= self.limit * NANODOLLARS
            self._under_way[month] += 0 if composed else most
        call = Call(composed)
        try:
            yield call
        finally:
            with self._lock:
                self._under_way[month] -= 0 if composed else most
                self._known[month] += (nanodollars(call.spent, at) or 0) if call.spent else 0

    def is_used_up(self, at: datetime, spent: int = 0) -> bool:
        """Whether nothing is left for that month, in which `spent` nanodollars were spent as far as the store knows."""
        known = max(self._known[month_of(at)], spent)
        return self.limit is not None and known >= self.limit * NANODOLLARS

    def warn(self, before: int, after: int, at: datetime) -> None:
        """Say in the log where the sum of that month (nanodollars) reaches a share of the budget worth saying."""
        if self.limit is None:
            return
        reached = [percent for percent in WARNINGS if before < self.limit * NANODOLLARS * percent / 100 <= after]
        if reached:
            cost, limit, percent = dollars(in_dollars(after)), dollars(self.limit), max(reached)
            end = "answers are composed without it now" if percent == 100 else "beyond it answers are composed"
            said = "The language model has cost %s in %s; %d%% of the monthly budget of %s is used: %s"
            log.warning(said, cost, f"{month_of(at):%B %Y}", percent, limit, end)
