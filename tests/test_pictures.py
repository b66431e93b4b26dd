"""The pictures of the pages are up to date: they are drawn anew from real replies, and say the same words.

UPDATE_PICTURES=1 writes down what is drawn now, to be looked at before it is kept.
"""

from __future__ import annotations

import itertools
import os
from pathlib import Path

import pytest

from bot.assistant import Assistant
from bot.commands.start import make_assistant
from bot.intents.understanding import Understanding
from bot.settings import Settings
from bot.store.database import Store
from knowledge.library import Library
from tests.pictures.canvas import words_of
from tests.pictures.scenes import pictures
from tests.stores import open_new

FOLDER = Path(__file__).parents[1] / "deploy" / "pictures"


def test_each_picture_says_what_the_bot_says(
    library: Library, settings: Settings, understanding: Understanding, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = itertools.count()

    def make() -> tuple[Assistant, Store]:
        store = open_new(tmp_path / f"{next(numbers)}.db")
        return make_assistant(library, settings, lambda: store, understanding), store

    drawn = dict(pictures(make, monkeypatch))
    if os.environ.get("UPDATE_PICTURES"):
        for name, svg in drawn.items():
            (FOLDER / f"{name}.svg").write_text(svg, "utf-8")
    kept = {file.stem: words_of(file.read_text("utf-8")) for file in FOLDER.glob("*.svg")}
    assert kept == {name: words_of(svg) for name, svg in drawn.items()}
