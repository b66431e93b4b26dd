"""Whether a question lies within what the sources are about: directions between questions inside and outside.

Each direction is a ridge regression in closed form (Hoerl & Kennard 1970) from a vector to +1 (what the sources say and
the questions they answer) or -1 (one kind of outside question), both sides weighing the same. It is fitted anew for
every generation of the index, so it follows the content.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

RIDGE = 0.005


def fit_direction(inside: Vectors, beyond: Vectors) -> Vectors:
    """The direction as one row: a weight for each dimension and, last, the constant."""
    import numpy as np

    rows = np.vstack([inside, beyond]).astype(np.float64)
    target = np.concatenate([np.ones(len(inside)), -np.ones(len(beyond))])
    weight = np.concatenate([np.full(len(inside), 0.5 / len(inside)), np.full(len(beyond), 0.5 / len(beyond))])
    middle = weight @ rows
    centred = rows - middle
    level = weight @ target
    spread = (centred.T * weight) @ centred + RIDGE * np.eye(rows.shape[1])
    slope = np.linalg.solve(spread, centred.T @ (weight * (target - level)))
    return np.concatenate([slope, [level - middle @ slope]]).astype(np.float32)


def fit_scope(inside: Vectors, beyond: Mapping[str, Vectors]) -> Vectors:
    """One row for each kind of outside question, in the order of `beyond`; no rows where a side is empty."""
    import numpy as np

    if not len(inside) or not all(len(rows) for rows in beyond.values()):
        return np.zeros((0, 0), dtype=np.float32)
    return np.stack([fit_direction(inside, rows) for rows in beyond.values()])
