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
from collections import Counter, defaultdict
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
        self._words = _Words([features(example.text) for example in examples])
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
            **self._words.arrays(),
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
                meaning._words = _Words.of_arrays(saved)
        except Exception:  # whatever is wrong with it, it is made anew
            return None
        return meaning


class _Words:
    """The features of the examples, weighed by how telling each is, as postings."""

    def __init__(self, examples: Sequence[Sequence[str]]) -> None:
        spread = Counter(feature for example in examples for feature in set(example))
        self._count = len(examples)
        idf = {feature: float(np.log((1 + self._count) / (1 + held))) for feature, held in spread.items()}
        self._idf: Mapping[str, float] = idf
        postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for place, example in enumerate(examples):
            weights = {feature: idf[feature] for feature in set(example)}
            length = sum(weight**2 for weight in weights.values()) ** 0.5 or 1.0
            for feature, weight in weights.items():
                postings[feature].append((place, weight / length))
        self._postings = {
            feature: (np.array([place for place, _ in found]), np.array([weight for _, weight in found], np.float32))
            for feature, found in postings.items()
        }

    def nearness(self, features: Sequence[str]) -> Any:
        """The cosine of `features` with each example's."""
        near = np.zeros(self._count, dtype=np.float32)
        weights = {feature: self._idf[feature] for feature in set(features) if feature in self._idf}
        length = sum(weight**2 for weight in weights.values()) ** 0.5 or 1.0
        for feature, weight in weights.items():
            places, held = self._postings[feature]
            near[places] += held * (weight / length)
        return near

    def arrays(self) -> dict[str, Any]:
        names = list(self._postings)
        found = [self._postings[name] for name in names]
        return {
            "names": np.array(names),
            "idf": np.array([self._idf[name] for name in names]),
            "ends": np.cumsum([len(places) for places, _ in found]),
            "places": np.concatenate([places for places, _ in found]),
            "held": np.concatenate([held for _, held in found]),
            "count": np.array(self._count),
        }

    @classmethod
    def of_arrays(cls, saved: Mapping[str, Any]) -> _Words:
        words = cls.__new__(cls)
        names = [str(name) for name in saved["names"]]
        ends, places, held = saved["ends"], saved["places"], saved["held"]
        starts = np.concatenate([[0], ends[:-1]])
        words._count = int(saved["count"])
        words._idf = dict(zip(names, map(float, saved["idf"]), strict=True))
        words._postings = {
            name: (places[start:end], held[start:end]) for name, start, end in zip(names, starts, ends, strict=True)
        }
        return words


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
