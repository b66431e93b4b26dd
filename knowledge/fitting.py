"""Fits the weights of the decision on graded questions, and measures it on questions it was not fitted on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from knowledge.decision import Decider

# From here on an answer is given as such; a little below, as the closest that there is.
ANSWER_FROM, HEDGE_FROM = 0.5, 0.38
FOLDS = 10


@dataclass(frozen=True)
class Example:
    """A question's features, and whether the sources answer it."""

    features: Mapping[str, float]
    answerable: bool


def fit(examples: Sequence[Example]) -> dict[str, Any]:
    """The table of weights for `Decider`: logistic regression (L2, C = 1) over standardised features."""
    import numpy as np
    from sklearn.linear_model import LogisticRegression

    names = list(examples[0].features)
    rows = np.array([[example.features[name] for name in names] for example in examples])
    middle, spread = rows.mean(axis=0), rows.std(axis=0)
    spread[spread == 0] = 1.0
    model = LogisticRegression(C=1.0, max_iter=1_000)
    model.fit((rows - middle) / spread, [example.answerable for example in examples])
    weights = model.coef_[0] / spread
    return {
        "constant": round(float(model.intercept_[0] - weights @ middle), 4),
        "weights": {name: round(float(weight), 4) for name, weight in zip(names, weights, strict=True)},
        "answer_from": ANSWER_FROM,
        "hedge_from": HEDGE_FROM,
    }


def fold_of(place: int) -> int:
    """The fold of the question at that place: neighbours are alike, so they go into different folds."""
    return place % FOLDS


def deciders(examples: Sequence[tuple[int, Example]]) -> list[Decider]:
    """For each fold a decider fitted on all others; `examples` come with the place of their question."""
    return [Decider(fit([example for place, example in examples if fold_of(place) != fold])) for fold in range(FOLDS)]
