"""The authored file beside a script (NAME.authored.toml): what the script promises but does not contain."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from knowledge.script import Card, Cards, Element, Quiz, Script
from knowledge.script.elements import is_share, same_share
from knowledge.script.table import Table, fold, read_table, tables_under
from knowledge.script.text import Findings, Line, prose, repair

# The tables, and the keys of each; those of cards are their numbers.
_KEYS: dict[str, tuple[str, ...]] = {"quiz": ("wrong", "explanation"), "cards": (), "short_version": ("text",)}


def read_authored(path: Path, findings: Findings) -> dict[str, Table]:
    """The known tables of an authored file, their texts repaired; everything unknown is a problem."""
    whole = read_table(path, findings)
    tables: dict[str, Table] = {}
    for name, values in whole.values.items():
        (first, lines), *_ = (*tables_under(f"[{name}]", whole.lines), (whole.line_of(name), whole.lines))
        if name not in _KEYS:
            expected = ", ".join(f"[{known}]" for known in _KEYS)
            findings.problem(first, f'unknown key "{name}"; expected {expected}')
        elif not isinstance(values, dict):
            findings.problem(first, f'"{name}" is no table; expected [{name}]')
        else:
            repaired = {key: _repaired(value) for key, value in values.items()}
            tables[name] = Table(repaired, lines, first, findings, f"[{name}] ")
            tables[name].knows(_KEYS[name] or tuple(values))
    return tables


def _repaired(value: Any) -> Any:
    """A text with its paragraphs, repaired, and so each of a list."""
    if isinstance(value, list):
        return [_repaired(one) for one in value]
    if not isinstance(value, str):
        return value
    return prose(Line(number, repair(line)) for number, line in enumerate(value.split("\n"), start=1))


def with_authored(script: Script, authored: Mapping[str, Table]) -> Script:
    """Return the script with the authored texts in its first quiz, its first cards and its short version.

    Problems are what is no text, texts for which the script has no place, and wrong options that would be right.
    """
    elements: list[Element | None] = [section.element for section in script.sections]
    quiz = next((one for one in elements if isinstance(one, Quiz)), None)
    cards = next((one for one in elements if isinstance(one, Cards)), None)
    if table := authored.get("quiz"):
        wrong = table.texts("wrong")
        if quiz is None:
            table.problem("", "the script has no quiz")
        else:
            check_wrong(table, wrong, quiz.answer)
            elements[elements.index(quiz)] = replace(quiz, wrong=wrong, explanation=table.text("explanation"))
    if table := authored.get("cards"):
        if cards is None:
            table.problem("", "the script has no clickable cards")
        else:
            elements[elements.index(cards)] = replace(cards, cards=_explained(cards.cards, table))
    short = authored.get("short_version")
    return replace(
        script,
        sections=tuple(replace(one, element=new) for one, new in zip(script.sections, elements, strict=True)),
        short_version=short.text("text") if short else None,
    )


def check_wrong(table: Table, wrong: tuple[str, ...], answer: str, accepted: tuple[str, ...] = ()) -> None:
    """A problem for each of the wrong options of a question that is right, or can be where the answer is a share."""
    right = {fold(answer), *map(fold, accepted)}
    for option in wrong:
        if fold(option) in right:
            table.problem("wrong", f'wrong option "{option}" is the answer; expected another', option)
        elif is_share(answer) and same_share(option, answer):
            table.problem("wrong", f'wrong option "{option}" can be right, as the answer is "{answer}"', option)


def _explained(cards: tuple[Card, ...], table: Table) -> tuple[Card, ...]:
    numbers = {str(card.number) for card in cards}
    for key in table.values:
        if not re.fullmatch("[1-9][0-9]?", key):
            table.problem(key, f'"{key}" is no card number; expected "1", "2", ...')
        elif key not in numbers:
            table.problem(key, f'no card "{key}" in the script; expected "1" to "{len(cards)}"')
    return tuple(replace(card, explanation=table.text(str(card.number))) for card in cards)
