"""A fitted logistic regression: how likely something is by what was measured of it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any


class Odds:
    """The weights of a table that `finops-bot eval --fit` wrote."""

    def __init__(self, table: Mapping[str, Any]) -> None:
        self._weights: dict[str, float] = dict(table["weights"])
        self._constant = float(table["constant"])

    def chance(self, measures: Mapping[str, float]) -> float:
        """From 0 to 1. Raises KeyError where something that has a weight was not measured."""
        odds = self._constant + sum(weight * measures[name] for name, weight in self._weights.items())
        return 1 / (1 + math.exp(-odds))
