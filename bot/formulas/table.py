"""Reads the table of formulas."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from bot.formulas import EACH, Formula, Input, Result
from bot.formulas.expression import Expression

TABLE = Path(__file__).with_name("formulas.toml")


def read_table() -> tuple[Formula, ...]:
    """The formulas in the order of the table. Raises ValueError naming a row in which something is wrong."""
    return tuple(map(_formula, tomllib.loads(TABLE.read_text("utf-8"))["formula"]))


def _formula(row: Mapping[str, Any]) -> Formula:
    try:
        made = Formula(
            **{
                **row,
                "called": tuple(_called(row)),
                "inputs": tuple(_input(name, one) for name, one in row["inputs"].items()),
                "results": tuple(
                    Result(**{**one, "expression": Expression(one["expression"])}) for one in row["results"]
                ),
                "within": tuple(map(tuple, row.get("within", ()))),
            }
        )
    except (KeyError, TypeError, ValueError, SyntaxError) as error:
        raise ValueError(f"{TABLE.name}: {row.get('name')}: {error!r}") from error
    named = {EACH, *(one.name for one in made.inputs)}
    if unknown := {name for result in made.results for name in result.expression.names} - named:
        raise ValueError(f"{TABLE.name}: {made.name}: no input is called {', '.join(sorted(unknown))}")
    return made


def _called(row: Mapping[str, Any]) -> Iterator[str]:
    """The phrases that name a formula; "per {units}" is one for each word of that input."""
    for phrase in _phrases(row["called"]):
        name = phrase.partition("{")[2].partition("}")[0]
        for word in _phrases(row["inputs"][name]["words"]) if name else ("",):
            yield phrase.replace(f"{{{name}}}", word)


def _input(name: str, row: Mapping[str, Any]) -> Input:
    numbers = {key: Decimal(str(row[key])) for key in ("most", "default") if key in row}
    phrases = {key: _phrases(row[key]) for key in ("words", "among") if key in row}
    return Input(name=name, **{**row, **phrases, **numbers})


def _phrases(text: str) -> tuple[str, ...]:
    return tuple(phrase.strip() for phrase in text.split(",") if phrase.strip())
