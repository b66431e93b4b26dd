"""Fits the weights of the decision and of the support, and measures each on what it was not fitted on.

The decision is fitted on questions with their passages and without them: a question whose own passages are taken out of
the corpus is the nearest miss that there is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zlib import crc32

from knowledge.checking.support import Support
from knowledge.decision import Decider
from knowledge.odds import Odds

# Of the questions that are answered right so many fall below each threshold. What is off the subject comes nearer to
# passages for which questions were written, so there a nearest passage has to be nearer.
LOST_ANSWERS, LOST_NEAREST = 0.10, {"hinted": 0.02, "plain": 0.01}
# So many of the questions about something else lie below the threshold of the subject.
OFF_SUBJECT = 0.90
# C of the regression, the less the smaller the weights: the value of the measurements on other documents.
LOOSENESS = 0.3
# So many of the true sentences may be found without support, so that more of the others are.
TRUE_LOST = 0.02
FOLDS = 10


@dataclass(frozen=True)
class Example:
    """What was measured of a question or a sentence, and whether the sources answer it or say it."""

    features: Mapping[str, float]
    good: bool


@dataclass(frozen=True)
class JudgedQuestion(Example):
    """What was measured of a question, whether what is composed for it is right, and what that counts.

    `topic` is never fitted and tried in one fold; `hinted` says that questions were written for the best passage;
    `asked` that the question was put as it is, to all sources: the thresholds are set on those; `on_subject` that it is
    about the subject.
    """

    topic: str = ""
    hinted: bool = False
    asked: bool = False
    on_subject: bool = True
    weight: float = 1.0


def fit(judged: Sequence[JudgedQuestion]) -> dict[str, Any]:
    """The table for `Decider`: weights and thresholds for passages with hints and without, and that of the subject."""
    import numpy as np

    about = [one.features["about"] for one in judged if not one.on_subject]
    return {
        "hinted": _decision([one for one in judged if one.hinted], LOST_NEAREST["hinted"]),
        "plain": _decision([one for one in judged if not one.hinted], LOST_NEAREST["plain"]),
        "subject_from": round(float(np.quantile(np.array(about or [0.0]), OFF_SUBJECT)), 3),
    }


def _decision(judged: Sequence[JudgedQuestion], lost_nearest: float) -> dict[str, Any]:
    """Weights, and thresholds at which so few good questions are lost by what was fitted without their topics."""
    import numpy as np

    chances = []
    for fold in range(FOLDS):
        others = [one for one in judged if fold_of_name(one.topic) != fold]
        odds = Odds(_weights(others))
        chances += [
            odds.chance(one.features) for one in judged if fold_of_name(one.topic) == fold and one.good and one.asked
        ]
    answer_from, nearest_from = np.quantile(np.array(chances or [0.5]), (LOST_ANSWERS, lost_nearest))
    thresholds = {"answer_from": round(float(answer_from), 3), "nearest_from": round(float(nearest_from), 3)}
    return {**_weights(judged), **thresholds}


def _weights(judged: Sequence[JudgedQuestion]) -> dict[str, Any]:
    """The regression, good questions and others of one weight; even odds for all where there are not both."""
    good = sum(one.weight for one in judged if one.good)
    others = sum(one.weight for one in judged if not one.good)
    if not good or not others:
        return {"constant": 0.0, "weights": {}}
    return regression(judged, [one.weight * (others / good if one.good else 1.0) for one in judged], LOOSENESS)


def fit_support(examples: Sequence[Example]) -> dict[str, Any]:
    """The table of weights for `Support`; its limit is where so few of the true sentences are lost."""
    import numpy as np

    table = {**regression(examples), "support_from": 0.5}
    support = Support(table)
    chances = [support.chance(example.features) for example in examples if example.good]
    return {**table, "support_from": round(float(np.quantile(chances, TRUE_LOST)), 3)}


def regression(
    examples: Sequence[Example], counts: Sequence[float] | None = None, looseness: float = 1.0
) -> dict[str, Any]:
    """Logistic regression (L2, C = `looseness`) over standardised features, given back for the features as they are.

    `counts` is what each example counts; without it good examples and others count alike, however many there are.
    """
    import numpy as np
    from sklearn.linear_model import LogisticRegression

    names = list(examples[0].features)
    rows = np.array([[example.features[name] for name in names] for example in examples])
    middle, spread = rows.mean(axis=0), rows.std(axis=0)
    spread[spread == 0] = 1.0
    model = LogisticRegression(C=looseness, max_iter=3_000, class_weight=None if counts else "balanced")
    model.fit((rows - middle) / spread, [example.good for example in examples], sample_weight=counts)
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


def decider_of(judged: Sequence[JudgedQuestion], fold: int) -> Decider:
    """A decider fitted on all topics but those of a fold."""
    return Decider(fit([one for one in judged if fold_of_name(one.topic) != fold]))


def supports(examples: Sequence[tuple[int, Example]]) -> list[Support]:
    """For each fold a support fitted on all others; `examples` come with the place of their sentence."""
    return [
        Support(fit_support([example for place, example in examples if fold_of(place) != fold]))
        for fold in range(FOLDS)
    ]
