"""Fits the weights of the decision and of the support, and measures each on what it was not fitted on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zlib import crc32

from knowledge.checking.support import Support
from knowledge.decision import Decider

# From here on an answer is given as such; a little below, as the closest that there is.
ANSWER_FROM, HEDGE_FROM = 0.5, 0.38
# So many of the true sentences may be found without support, so that more of the others are.
TRUE_LOST = 0.02
FOLDS = 10


@dataclass(frozen=True)
class Example:
    """What was measured of a question or a sentence, and whether the sources answer it or say it."""

    features: Mapping[str, float]
    good: bool


def fit(examples: Sequence[Example]) -> dict[str, Any]:
    """The table of weights for `Decider`."""
    return {**regression(examples), "answer_from": ANSWER_FROM, "hedge_from": HEDGE_FROM}


def fit_support(examples: Sequence[Example]) -> dict[str, Any]:
    """The table of weights for `Support`; its limit is where so few of the true sentences are lost."""
    import numpy as np

    table = {**regression(examples, balanced=True), "support_from": 0.5}
    support = Support(table)
    chances = [support.chance(example.features) for example in examples if example.good]
    return {**table, "support_from": round(float(np.quantile(chances, TRUE_LOST)), 3)}


def regression(examples: Sequence[Example], balanced: bool = False, looseness: float = 1.0) -> dict[str, Any]:
    """Logistic regression (L2, C = `looseness`) over standardised features, given back for the features as they are.

    With `balanced`, good examples and others count alike, however many there are of each.
    """
    import numpy as np
    from sklearn.linear_model import LogisticRegression

    names = list(examples[0].features)
    rows = np.array([[example.features[name] for name in names] for example in examples])
    middle, spread = rows.mean(axis=0), rows.std(axis=0)
    spread[spread == 0] = 1.0
    model = LogisticRegression(C=looseness, max_iter=1_000, class_weight="balanced" if balanced else None)
    model.fit((rows - middle) / spread, [example.good for example in examples])
    weights = model.coef_[0] / spread
    return {
        "constant": round(float(model.intercept_[0] - weights @ middle), 4),
        "weights": {name: round(float(weight), 4) for name, weight in zip(names, weights, strict=True)},
    }


def fold_of(place: int) -> int:
    """The fold of the question at that place: neighbours are alike, so they go into different folds."""
    return place % FOLDS


def fold_of_name(name: str) -> int:
    """The fold of all that goes by one name: it is never fitted and tried in the same."""
    return crc32(name.encode()) % FOLDS


def deciders(examples: Sequence[tuple[int, Example]]) -> list[Decider]:
    """For each fold a decider fitted on all others; `examples` come with the place of their question."""
    return [Decider(fit(others)) for others in _without_each_fold(examples)]


def supports(examples: Sequence[tuple[int, Example]]) -> list[Support]:
    """For each fold a support fitted on all others; `examples` come with the place of their sentence."""
    return [Support(fit_support(others)) for others in _without_each_fold(examples)]


def _without_each_fold(examples: Sequence[tuple[int, Example]]) -> Iterator[list[Example]]:
    for fold in range(FOLDS):
        yield [example for place, example in examples if fold_of(place) != fold]
