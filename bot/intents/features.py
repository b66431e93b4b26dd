"""What the words of an utterance say about its intent: words, pairs of words, and the concepts that they stand for."""

from __future__ import annotations

import functools
import itertools
import tomllib
from collections.abc import Mapping
from pathlib import Path

from knowledge.words import stem, words

CONCEPTS = Path(__file__).with_name("concepts.toml")


@functools.cache
def _concepts() -> Mapping[str, str]:
    """Each word's concept, by the word and by its stem."""
    listed = tomllib.loads(CONCEPTS.read_text("utf-8"))
    spoken = {word: concept for concept, line in listed.items() for word in line.split()}
    return {stem(word): concept for word, concept in spoken.items()} | spoken


def concepts(text: str) -> frozenset[str]:
    """The concepts that the words of `text` stand for."""
    known = _concepts()
    return frozenset(concept for word in words(text) if (concept := known.get(word) or known.get(stem(word))))


def features(text: str) -> list[str]:
    """The features of an utterance whose typos are mended: "w poll", "b the poll", "k START", "kk POLL START"."""
    spoken = words(text)
    end = "?" if text.rstrip().endswith("?") else "."
    known = _concepts()
    meant = [known.get(word) or known.get(stem(word)) for word in spoken]
    held = sorted({concept for concept in meant if concept})
    first = (meant[0] if meant else None) or "-"
    pairs = itertools.pairwise(["^", *spoken, end])
    return [
        *(f"w {word}" for word in spoken),
        *(f"b {one} {other}" for one, other in pairs),
        f"first {spoken[0] if spoken else ''}",
        *(f"k {concept}" for concept in held),
        *(f"kk {one} {other}" for one, other in itertools.combinations(held, 2)),
        f"form {first} {end}",
        *(f"kf {concept} {first} {end}" for concept in held),
    ]
