"""What lies outside: examples of questions that no source answers, indexed so that a question can be near them."""

from __future__ import annotations

import tomllib
from pathlib import Path

from knowledge.chunks import Hint, Passage

EXAMPLES = Path(__file__).with_name("outside.toml")
DOCUMENT = "outside"
KINDS = ("off_topic", "missing", "attack")


def passage_id(kind: str) -> str:
    """The id of the passage that holds the examples of that kind."""
    return f"{DOCUMENT}/{kind}"


def outside_examples(*kinds: str) -> list[str]:
    """All examples of those kinds."""
    table = tomllib.loads(EXAMPLES.read_text("utf-8"))
    return [text for kind in kinds for text in table[kind]]


def outside_passages() -> list[Passage]:
    """A passage for each kind of outside question: nothing to show, its examples as hints."""
    table = tomllib.loads(EXAMPLES.read_text("utf-8"))
    return [
        Passage(
            id=passage_id(kind),
            document=DOCUMENT,
            title="",
            section="",
            locator=None,
            url=None,
            kind=kind,
            lead="",
            units=(),
            hints=tuple(map(Hint, table[kind])),
        )
        for kind in KINDS
    ]
