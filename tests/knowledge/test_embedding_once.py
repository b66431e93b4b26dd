"""Embedding together: what several ask for while one embedding is under way is one embedding, and each gets its own."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np
import pytest

from knowledge.embedding_once import JoiningEmbedder
from tests.waiting import PATIENCE, until

if TYPE_CHECKING:
    from knowledge.embedder import Vectors


class Lengths:
    """Turns a text into its length; it keeps what it was given at once, and can be held up. "bad" spoils all of it."""

    def __init__(self) -> None:
        self.given: list[list[str]] = []
        self.begun = threading.Event()
        self.free = threading.Event()

    def embed(self, texts: Sequence[str]) -> Vectors:
        self.given.append(list(texts))
        self.begun.set()
        assert self.free.wait(PATIENCE)
        if "bad" in texts:
            raise ValueError("bad")
        return np.array([[len(text)] for text in texts], dtype=np.float32).reshape(len(texts), 1)


def asked_meanwhile(lengths: Lengths, others: Sequence[Sequence[str]]) -> list[Future[Vectors]]:
    """What comes of each of `others`, all asked while "first" is being embedded."""
    joining = JoiningEmbedder(lambda: lengths)
    with ThreadPoolExecutor(len(others) + 1) as threads:
        first = threads.submit(joining.embed, ["first"])
        assert lengths.begun.wait(PATIENCE)
        asked = [threads.submit(joining.embed, texts) for texts in others]
        until(lambda: len(joining._wanted) == len(others), "all of them to wait")
        lengths.free.set()
    assert first.result().tolist() == [[5]]
    return asked


def test_what_is_asked_for_meanwhile_is_embedded_in_one_go() -> None:
    lengths = Lengths()
    asked = asked_meanwhile(lengths, [["a", "bb"], ["ccc"], ["dddd", "eeeee"]])
    assert [one.result().tolist() for one in asked] == [[[1], [2]], [[3]], [[4], [5]]]
    assert [len(texts) for texts in lengths.given] == [1, 5]


def test_what_cannot_be_embedded_spoils_nothing_else() -> None:
    lengths = Lengths()
    good, bad, other = asked_meanwhile(lengths, [["a"], ["bad"], ["ccc"]])
    assert good.result().tolist() == [[1]]
    assert other.result().tolist() == [[3]]
    with pytest.raises(ValueError, match="bad"):
        bad.result()


def test_one_alone_waits_for_nobody() -> None:
    lengths = Lengths()
    lengths.free.set()
    joining = JoiningEmbedder(lambda: lengths)
    with pytest.raises(ValueError, match="bad"):
        joining.embed(["bad"])
    assert joining.embed(["a"]).tolist() == [[1]]
    assert joining.embed([]).tolist() == []
