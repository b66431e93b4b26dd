"""The authored file beside a script (NAME.authored.toml): what the script promises but does not contain."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from knowledge.script import Cards, Element, Quiz, Script
from knowledge.script.elements import same_share
from knowledge.script.table import Table, fold, tables_under
from knowledge.script.text import Findings, Line, prose, read_text, read_toml, repair

# The tables, and the keys of each; those of cards are their numbers.
_KEYS: dict[str, tuple[str, ...]] = {"quiz": ("wrong", "explanation"), "cards": (), "short_version": ("text",)}


@dataclass(frozen=True)
class Authored:
    """The contents of an authored file; `tables` are those that it has, for messages."""

    wrong: tuple[str, ...] = ()
    explanation: str | None = None
    cards: dict[int, str] = field(default_factory=dict)
    short_version: str | None = None
    tables: Mapping[str, Table] = field(default_factory=dict)


def read_authored(path: Path, findings: Findings) -> Authored:
    """Read an authored file; problems are what is no TOML, unknown, or of another type than text."""
    text = read_text(path, findings)
    data = read_toml(text, findings) if text is not None else None
    if text is None or data is None:
        return Authored()
    tables = _tables(data, text.split("\n"), findings)
    quiz, short = (tables.get(name, Table({}, (), 1, findings)) for name in ("quiz", "short_version"))
    return Authored(
        wrong=quiz.texts("wrong"),
        explanation=quiz.text("explanation"),
        cards=_cards(tables["cards"]) if "cards" in tables else {},
        short_version=short.text("text"),
        tables=tables,
    )


def _tables(data: dict[str, Any], lines: Sequence[str], findings: Findings) -> dict[str, Table]:
    """The known tables, their texts repaired; everything unknown is a problem."""
    whole = Table(data, lines, 1, findings)
    tables: dict[str, Table] = {}
    for name, values in data.items():
        (first, its_lines), *_ = (*tables_under(f"[{name}]", lines), (whole.line_of(name), lines))
        if name not in _KEYS:
            expected = ", ".join(f"[{known}]" for known in _KEYS)
            findings.problem(first, f'unknown key "{name}"; expected {expected}')
        elif not isinstance(values, dict):
            findings.problem(first, f'"{name}" is no table; expected [{name}]')
        else:
            repaired = {key: _repaired(value) for key, value in values.items()}
            tables[name] = Table(repaired, its_lines, first, findings, f"[{name}] ")
            if _KEYS[name]:
                tables[name].knows(_KEYS[name])
    return tables


def _repaired(value: Any) -> Any:
    """A text with its paragraphs, repaired, and so each of a list."""
    if isinstance(value, list):
        return [_repaired(one) for one in value]
    if not isinstance(value, str):
        return value
    return prose(Line(number, repair(line)) for number, line in enumerate(value.split("\n"), start=1))


def _cards(table: Table) -> dict[int, str]:
    cards: dict[int, str] = {}
    for key in table.values:
        text = table.text(key)
        if not re.fullmatch("[1-9][0-9]?", key):
            table.problem(key, f'"{key}" is no card number; expected "1", "2", ...')
        elif text is not None:
            cards[int(key)] = text
    return cards


def with_authored(script: Script, authored: Authored) -> Script:
    """Return the script with the authored texts in its first quiz, its first cards and its short version.

    Problems are texts for which the script has no place, and wrong options that would be right.
    """
    elements = [section.element for section in script.sections]
    quiz = next((element for element in elements if isinstance(element, Quiz)), None)
    cards = next((element for element in elements if isinstance(element, Cards)), None)
    if "quiz" in authored.tables:
        _check_quiz(quiz, authored)
    if "cards" in authored.tables:
        _check_cards(cards, authored)

    def authored_element(element: Element | None) -> Element | None:
        if isinstance(element, Quiz) and element is quiz:
            return replace(element, wrong=authored.wrong, explanation=authored.explanation)
        if isinstance(element, Cards) and element is cards:
            texts = authored.cards
            return replace(
                element, cards=tuple(replace(card, explanation=texts.get(card.number)) for card in element.cards)
            )
        return element

    sections = tuple(replace(section, element=authored_element(section.element)) for section in script.sections)
    return replace(script, sections=sections, short_version=authored.short_version)


def _check_quiz(quiz: Quiz | None, authored: Authored) -> None:
    table = authored.tables["quiz"]
    if quiz is None:
        table.problem("", "the script has no quiz")
        return
    for option in authored.wrong:
        if fold(option) == fold(quiz.answer):
            table.problem("wrong", f'wrong option "{option}" is the answer; expected another', option)
        elif same_share(option, quiz.answer):
            table.problem("wrong", f'wrong option "{option}" can be right, as the answer is "{quiz.answer}"', option)


def _check_cards(cards: Cards | None, authored: Authored) -> None:
    table = authored.tables["cards"]
    if cards is None:
        table.problem("", "the script has no clickable cards")
        return
    for number in authored.cards:
        if number > len(cards.cards):
            table.problem(str(number), f'no card "{number}" in the script; expected "1" to "{len(cards.cards)}"')
