"""The kinds of passage that a script has, as `kinds.toml` describes them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

_TABLE = Path(__file__).with_name("kinds.toml")


@dataclass(frozen=True)
class Kind:
    """A kind of passage: the words before its text in an answer, the questions for it, and the words that ask for it.

    `named` kinds hold what a person asks for by name (a cue, a note, a length) and seldom meets otherwise.
    """

    name: str
    lead: str = ""
    hints: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    named: bool = True
    plural: str = ""


def _read() -> dict[str, Kind]:
    return {name: _kind(name, table) for name, table in tomllib.loads(_TABLE.read_text("utf-8")).items()}


def _kind(name: str, table: Mapping[str, Any]) -> Kind:
    values: dict[str, Any] = {key: tuple(one) if isinstance(one, list) else one for key, one in table.items()}
    return Kind(name, **values)


KINDS = _read()

# A list of the notes: the script's field, the heading that its source line names, the kind.
LISTS = (
    ("takeaways", "Key Takeaways", KINDS["takeaways"]),
    ("keywords", "SEO Keywords", KINDS["keywords"]),
    ("resources", "Additional Resources", KINDS["resources"]),
    ("quotes", "Expert Quotes", KINDS["quotes"]),
    ("statistics", "Statistics", KINDS["statistics"]),
    ("examples", "Practical Examples", KINDS["examples"]),
)


def overview(kind: Kind) -> Kind:
    """The kind that gathers one field of all sections, for questions that name no section."""
    hints = tuple(hint.format(many=kind.plural.lower()) for hint in KINDS["overview"].hints)
    return replace(kind, name=f"{kind.name}-overview", lead=f"{kind.plural}:", hints=hints, plural="")
