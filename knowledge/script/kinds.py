"""The kinds of passage that a script has, as `kinds.toml` describes them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any


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


def _kind(name: str, table: Mapping[str, Any]) -> Kind:
    values: dict[str, Any] = {key: tuple(one) if isinstance(one, list) else one for key, one in table.items()}
    return Kind(name, **values)


_TABLES = tomllib.loads(Path(__file__).with_name("kinds.toml").read_text("utf-8"))
KINDS = {name: _kind(name, table) for name, table in _TABLES.items()}


def overview(kind: Kind) -> Kind:
    """The kind that gathers one field of all sections, for questions that name no section."""
    hints = tuple(hint.format(many=kind.plural.lower()) for hint in KINDS["overview"].hints)
    return replace(kind, name=f"{kind.name}-overview", lead=f"{kind.plural}:", hints=hints, plural="")
