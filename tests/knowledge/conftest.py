"""What tests of answers share: the library of the home that all tests share, open for reading."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from knowledge.embedder import DEFAULT_MODEL
from knowledge.library import Library, open_library


@pytest.fixture(scope="session")
def library(home: Path) -> Iterator[Library]:
    opened = open_library(home, DEFAULT_MODEL, lambda said: None)
    yield opened
    opened.generation.close()
