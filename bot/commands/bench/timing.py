"""Timing: several ways to do one thing, taken in turns so that noise meets all alike."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import TypeVar

from knowledge.library import Library
from knowledge.question import parts

Asked = TypeVar("Asked")
Way = TypeVar("Way", bound=Hashable)


def one_part_questions(library: Library, count: int) -> list[str]:
    """`count` different questions that ask one thing each and that the sources answer."""
    hints = {hint.text: None for passage in library.passages() for hint in passage.hints}
    plain = [text for text in hints if len(parts(text)) == 1]
    return random.Random(count).sample(plain, count)


def interleaved(
    ways: Mapping[Way, Callable[[Asked], object]], questions: Sequence[Asked], forget: Callable[[], None]
) -> dict[Way, float]:
    """The median time of each way in milliseconds.

    Each is warmed up first. `forget` is called before each, so that none finds a vector that another one left behind.
    """
    times: dict[Way, list[float]] = {name: [] for name in ways}
    for way in ways.values():
        for question in questions[:3]:
            way(question)
    for question in questions:
        for name, way in ways.items():
            forget()
            started = time.perf_counter()
            way(question)
            times[name].append(1000 * (time.perf_counter() - started))
    return {name: statistics.median(taken) for name, taken in times.items()}
