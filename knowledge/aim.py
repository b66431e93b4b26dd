"""What a question aims at: a passage, or one of the kinds of question that lie outside; learned from examples.

The hints of a passage are questions that it answers, so they teach its label; so do the examples of what lies outside.
A passage with few hints is taught by what it says as well; one without, under the label of its document. This is
learned anew for every generation of the index (see `knowledge.meaning` for how), so it follows the content.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from knowledge import outside
from knowledge.chunks import Passage
from knowledge.meaning import Meaning
from knowledge.words import stem, words

if TYPE_CHECKING:
    from knowledge.embedder import Vectors

# Learning takes seconds for this many, and asking a third of a millisecond.
MOST_EXAMPLES = 5_000
# A passage that has no more hints than every script gets is taught by what it says as well.
FEW_HINTS = 6


@dataclass(frozen=True)
class Example:
    """What aims at a label; `entry` is the id of its vector in the index."""

    entry: str
    text: str
    label: str
    setting: str = ""


@dataclass(frozen=True)
class Aim:
    """How well each label fits a question, about 1 for a sure one and 0 for one that is out of the question.

    `kinds` holds for each kind of passage the best of its labels in each document.
    """

    labels: Mapping[str, float]
    kinds: Mapping[str, Mapping[str, float]]

    def at(self, passage: Passage) -> float:
        """How well the question fits `passage`.

        It counts as much as a passage of its kind in another document: what leads to the quotes of one script leads to
        those of the next, for which nobody wrote hints.
        """
        own = self.labels.get(passage.id, self.labels.get(passage.document, 0.0))
        others = (best for name, best in self.kinds.get(passage.kind, {}).items() if name != passage.document)
        return max(own, max(others, default=own))

    def beyond(self, kind: str) -> float:
        """How well the question fits a kind of what lies outside."""
        return self.labels.get(outside.passage_id(kind), 0.0)


class Aims:
    """Tells what questions aim at."""

    def __init__(self, meaning: Meaning, passages: Mapping[str, Passage]) -> None:
        self._meaning = meaning
        self._taught = [passages[label] for label in meaning.labels if label in passages]
        self._documents = {label for label in meaning.labels if label not in passages}

    @classmethod
    def learned(cls, passages: Sequence[Passage], vectors: Callable[[Sequence[str]], Vectors]) -> Aims:
        """Learn from `passages`; `vectors` gives those of entries, a row each in their order."""
        examples = _fewer(list(_examples(passages)))
        meaning = Meaning(examples, vectors([example.entry for example in examples]), features)
        return cls(meaning, {passage.id: passage for passage in passages})

    def nearness(self, texts: Sequence[str], vectors: Vectors) -> Any:
        """How near each example is to each of `texts`: a row each; `vectors` are those of the texts, of length 1."""
        return self._meaning.nearness(texts, vectors)

    def aim(self, near: Any, documents: Collection[str]) -> Aim:
        """What a question aims at, as far as it may be in `documents`; `near` is its row of `nearness`."""
        taught = [passage.id for passage in self._taught]
        labels = self._meaning.fitting(near, sorted(self._documents.intersection(documents).union(taught)))
        kinds: dict[str, dict[str, float]] = defaultdict(dict)
        for passage in self._taught:
            best = kinds[passage.kind]
            best[passage.document] = max(labels[passage.id], best.get(passage.document, 0.0))
        return Aim(labels, kinds)

    def save(self, file: Path) -> None:
        """Write what was learned. Raises OSError."""
        self._meaning.save(file)

    @classmethod
    def load(cls, file: Path, passages: Mapping[str, Passage]) -> Aims | None:
        """What `save` wrote; None where that is missing or damaged."""
        meaning = Meaning.load(file, features)
        return None if meaning is None else cls(meaning, passages)


def features(text: str) -> list[str]:
    """The stems of all words of `text` and of each pair of neighbours: "who", "what for" and "how many" tell as much
    about what is wanted as the subject does.
    """
    stemmed = [stem(word) for word in words(text)]
    return [*stemmed, *(f"{one} {other}" for one, other in itertools.pairwise(stemmed))]


def _examples(passages: Iterable[Passage]) -> Iterator[Example]:
    for passage in passages:
        for place, hint in enumerate(passage.hints):
            yield Example(f"{passage.id}#hint#{place}", hint.text, passage.id)
        few = not passage.named and len(passage.hints) <= FEW_HINTS
        for place, unit in enumerate(passage.units if few else ()):
            yield Example(f"{passage.id}#unit#{place}", unit, passage.id if passage.hints else passage.document)


def _fewer(examples: Sequence[Example]) -> Sequence[Example]:
    """At most as many as can be learned from, taken evenly from all."""
    return examples[:: 1 + len(examples) // MOST_EXAMPLES]
