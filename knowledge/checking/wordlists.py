"""The lists of `words.toml`, as they are written there and by their stems."""

from __future__ import annotations

import tomllib
from pathlib import Path

from knowledge.words import stem

WORDS = {
    name: frozenset(listed.split())
    for name, listed in tomllib.loads(Path(__file__).with_name("words.toml").read_text("utf-8")).items()
}
STEMS = {name: frozenset(map(stem, listed)) for name, listed in WORDS.items()}
# What sentences about sources are made of, beside their subject.
FRAME_WORDS = STEMS["own"] | STEMS["frame"]
