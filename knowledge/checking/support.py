"""How well a passage supports a sentence: by nearness of meaning, by words and by what is foreign, weighed by a fitted
logistic regression.

The weights lie in `support.json` with the command that made them (`finops-bot eval --fit`, over sentences that models
wrote, true ones and others).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from knowledge.odds import Odds

WEIGHTS = Path(__file__).with_name("support.json")
# A strange word rarer than this is a name or a term of another subject: the logarithm of its count in the word list
# over that of the commonest, so a count of some 630. Of the graded sentences that are not held back, 1 true one of 500
# has such a word, and 12 others.
RAREST = 0.4


class Support(Odds):
    """Judges what was measured of a sentence by fitted weights: the chance that it says what its passages say."""

    def __init__(self, weights: Mapping[str, Any] | None = None) -> None:
        table = weights if weights is not None else json.loads(WEIGHTS.read_text("utf-8"))
        super().__init__(table)
        self._from = float(table["support_from"])

    def suffices(self, measures: Mapping[str, float]) -> bool:
        """Whether a sentence of those measures is supported."""
        return measures["rarest"] >= RAREST and self.chance(measures) >= self._from
