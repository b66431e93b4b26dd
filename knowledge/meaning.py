"""What an utterance means: labels learned from examples, by the nearness of meaning and of words (kernel ridge).

Two utterances are as near as their vectors (squared cosine) and their features (cosine of idf weights) say, and nearer
still in the same setting. The weights follow from the examples in closed form, so nothing is trained step by step and
another embedding model only needs them computed anew. Measured by `finops-bot eval --cross-validate` on utterances.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from knowledge.words import words

if TYPE_CHECKING:
    from knowledge.embedder import Progress, Vectors

# Set by cross-validation over the project's utterances, in steps of about a third.
BY_VECTOR = 0.6
SAME_SETTING = 0.5
SETTING = 0.1
RIDGE = 0.15

Features = Callable[[str], Sequence[str]]


class Example(Protocol):
    """An utterance with its label, and the setting in which it was said ("" for none)."""

    @property
    def text(self) -> str:
        """The words, their typos mended."""
        ...

    @property
    def label(self) -> str:
        """What they mean."""
        ...

    @property
    def setting(self) -> str:
        """What was open when they were said."""
        ...


class Meaning:
    """Labels utterances by the examples near them."""

    def __init__(self, examples: Sequence[Example], vectors: Vectors, features: Features) -> None:
        """Learn from `examples` and their `vectors` (a row each, of length 1)."""
        self._features = features
        # With a column for each in one piece: as rows, a text takes twice as long to compare with all of them.
        self._vectors = np.asfortranarray(vectors)
        self._settings = np.array([example.setting for example in examples])
        self._words = _Words(_postings([features(example.text) for example in examples]))
        self.labels = sorted({example.label for example in examples})
        wanted = np.array([[example.label == label for label in self.labels] for example in examples], dtype=np.float64)
        self._mean = wanted.mean(axis=0)
        kernel = np.stack([self._near(place, example) for place, example in enumerate(examples)]).astype(np.float64)
        kernel[np.diag_indices_from(kernel)] += RIDGE
        self._weights = np.ascontiguousarray(np.linalg.solve(kernel, wanted - self._mean).astype(np.float32).T)

    def _near(self, place: int, example: Example) -> Any:
        return self._nearness(example.text, self._vectors[place], example.setting)

    def scores(self, text: str, vector: Any, setting: str = "") -> dict[str, float]:
        """How well each label fits `text`, about 1 for a sure one; `vector` is that of the text, of length 1."""
        near = self._nearness(text, vector, setting)
        return dict(zip(self.labels, (self._weights @ near + self._mean).tolist(), strict=True))

    def _nearness(self, text: str, vector: Any, setting: str) -> Any:
        """How near each example is to `text`."""
        near = BY_VECTOR * np.square(self._vectors @ vector)
        near += (1 - BY_VECTOR) * self._words.nearness(self._features(text))
        same = (self._settings == setting).astype(np.float32)
        return near * (1 + SAME_SETTING * same) + SETTING * same

    # --- Kept on disk, as learning takes some seconds ---

    def save(self, file: Path) -> None:
        """Write what was learned. Raises OSError."""
        draft = file.with_name(f"draft-{os.getpid()}-{file.name}")
        file.parent.mkdir(parents=True, exist_ok=True)
        np.savez(
            draft,
            vectors=self._vectors,
            settings=self._settings,
            labels=np.array(self.labels),
            mean=self._mean,
            weights=self._weights.T,
            **self._words.arrays,
        )
        draft.replace(file)

    @classmethod
    def load(cls, file: Path, features: Features) -> Meaning | None:
        """What `save` wrote; None where that is missing or damaged."""
        meaning = cls.__new__(cls)
        try:
            with file.open("rb") as opened, np.load(opened) as saved:
                meaning._features = features
                meaning._vectors, meaning._settings = saved["vectors"], saved["settings"]
                meaning.labels = [str(label) for label in saved["labels"]]
                meaning._mean = saved["mean"]
                meaning._weights = np.ascontiguousarray(saved["weights"].T)
                meaning._words = _Words(
                    {name: saved[name] for name in ("names", "idf", "ends", "places", "held", "count")}
                )
        except Exception:  # whatever is wrong with it, it is made anew
            return None
        return meaning


class _Words:
    """The features of the examples, weighed by how telling each is, as postings."""

    def __init__(self, arrays: Mapping[str, Any]) -> None:
        """`arrays` are those of `_postings`."""
        self.arrays = arrays
        self._count, self._places, self._held = int(arrays["count"]), arrays["places"], arrays["held"]
        names, ends = arrays["names"].tolist(), arrays["ends"].tolist()
        spans = map(slice, [0, *ends[:-1]], ends)
        self._postings = dict(zip(names, zip(arrays["idf"].tolist(), spans, strict=True), strict=True))

    def nearness(self, features: Sequence[str]) -> Any:
        """The cosine of `features` with each example's."""
        near = np.zeros(self._count, dtype=np.float32)
        met = [self._postings[feature] for feature in set(features) if feature in self._postings]
        length = sum(weight**2 for weight, _ in met) ** 0.5 or 1.0
        for weight, span in met:
            near[self._places[span]] += self._held[span] * (weight / length)
        return near


def _postings(examples: Sequence[Sequence[str]]) -> dict[str, Any]:
    """Each feature with its idf, who holds it and how much it weighs there, one feature after the other."""
    spread = Counter(feature for example in examples for feature in set(example))
    idf = {feature: float(np.log((1 + len(examples)) / (1 + held))) for feature, held in spread.items()}
    postings: dict[str, list[tuple[int, float]]] = {feature: [] for feature in idf}
    for place, example in enumerate(examples):
        weights = {feature: idf[feature] for feature in set(example)}
        length = sum(weight**2 for weight in weights.values()) ** 0.5 or 1.0
        for feature, weight in weights.items():
            postings[feature].append((place, weight / length))
    whole = [one for held in postings.values() for one in held]
    return {
        "names": np.array(list(idf), dtype=str),
        "idf": np.array(list(idf.values())),
        "ends": np.cumsum([len(held) for held in postings.values()]),
        "places": np.array([place for place, _ in whole], dtype=np.int64),
        "held": np.array([weight for _, weight in whole], dtype=np.float32),
        "count": np.array(len(examples)),
    }


def open_meaning(
    examples: Sequence[Example],
    features: Features,
    embed: Callable[[Sequence[str]], Vectors],
    folder: Path,
    model: str,
    progress: Progress,
) -> Meaning:
    """What the examples teach, from `folder` if it was learned before with these examples and this model.

    A folder that cannot be written to only costs the time of learning again.
    """
    taught = json.dumps([[example.text, example.label, example.setting] for example in examples])
    # Each word once: a change of what the features make of any of them shows, and a start need not wait for all of it.
    used = features(" ".join(sorted({word for example in examples for word in words(example.text)})))
    weights = (BY_VECTOR, SAME_SETTING, SETTING, RIDGE)
    digest = hashlib.sha256(f"{model}\n{weights}\n{taught}\n{used}".encode()).hexdigest()[:16]
    file = folder / f"meaning-{digest}.npz"
    if (known := Meaning.load(file, features)) is not None:
        return known
    progress(f"Learning from {len(examples)} examples what people mean")
    meaning = Meaning(examples, in_batches([example.text for example in examples], embed), features)
    with contextlib.suppress(OSError):
        meaning.save(file)
        for old in folder.glob("meaning-*.npz"):
            if old != file:
                old.unlink(missing_ok=True)
    return meaning


def in_batches(texts: Sequence[str], embed: Callable[[Sequence[str]], Vectors]) -> Vectors:
    """The vectors of many texts; texts of about one length go together, as padding costs time."""
    order = sorted(range(len(texts)), key=lambda place: len(texts[place]))
    rows = [embed([texts[place] for place in order[first : first + 64]]) for first in range(0, len(order), 64)]
    return np.concatenate(rows)[np.argsort(order)]
