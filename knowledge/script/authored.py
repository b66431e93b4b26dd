"""The authored file beside a script (NAME.authored.toml): what the script promises but does not contain."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from knowledge.script import Cards, Element, Quiz, Script
from knowledge.script.elements import same_share
from knowledge.script.text import Findings, Line, prose, read_text, read_toml, repair

_KEYS = {"quiz": ("wrong", "explanation"), "short_version": ("text",)}
_TABLES = ("quiz", "cards", "short_version")


@dataclass(frozen=True)
class Authored:
    """The contents of an authored file; `lines` are its lines, for messages."""

    wrong: tuple[str, ...] = ()
    explanation: str | None = None
    cards: dict[int, str] = field(default_factory=dict)
    short_version: str | None = None
    tables: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()

    def line_of(self, table: str, key: str = "") -> int:
        """Return the line where a key (or else its table) stands, 1 where neither is found."""
        return _line_of(self.lines, table, key)


def _line_of(lines: tuple[str, ...], table: str, key: str = "") -> int:
    names = (f"{key} ", f"{key}=", f'"{key}"', f"'{key}'")
    header = 0
    for number, line in enumerate(lines, start=1):
        bare = line.strip()
        if bare.startswith("[") and bare.partition("]")[0].strip("[ \"'") == table:
            header = number
        elif bare.startswith("[") and header:
            break
        elif key and (header or not table) and bare.startswith(names) and "=" in bare:
            return number
    return header or 1


def read_authored(path: Path, findings: Findings) -> Authored:
    """Read an authored file; problems are what is no TOML, unknown, or of another type than text."""
    text = read_text(path, findings)
    if text is None:
        return Authored()
    lines = tuple(text.split("\n"))
    data = read_toml(text, findings)
    if data is None:
        return Authored()
    tables = _tables(data, lines, findings)
    quiz, short = tables.get("quiz", {}), tables.get("short_version", {})
    return Authored(
        wrong=_wrong(quiz, lines, findings),
        explanation=_text(quiz, "quiz", "explanation", lines, findings),
        cards=_cards(tables.get("cards", {}), lines, findings),
        short_version=_text(short, "short_version", "text", lines, findings),
        tables=tuple(tables),
        lines=lines,
    )


def _tables(data: dict[str, Any], lines: tuple[str, ...], findings: Findings) -> dict[str, dict[str, Any]]:
    """Keep the known tables; everything unknown is a problem."""
    expected = ", ".join(f"[{name}]" for name in _TABLES)
    tables: dict[str, dict[str, Any]] = {}
    for name, table in data.items():
        if name not in _TABLES:
            line = _line_of(lines, name) if isinstance(table, dict) else _line_of(lines, "", name)
            findings.problem(line, f'unknown key "{name}"; expected {expected}')
        elif not isinstance(table, dict):
            findings.problem(_line_of(lines, "", name), f'"{name}" is no table; expected [{name}]')
        else:
            tables[name] = table
    for name, keys in _KEYS.items():
        for key in tables.get(name, {}):
            if key not in keys:
                line = _line_of(lines, name, key)
                findings.problem(line, f'[{name}]: unknown key "{key}"; expected {" or ".join(keys)}')
    return tables


def _text(table: dict[str, Any], name: str, key: str, lines: tuple[str, ...], findings: Findings) -> str | None:
    if key not in table:
        return None
    text = _repaired(table[key]) if isinstance(table[key], str) else ""
    if not text:
        findings.problem(_line_of(lines, name, key), f'[{name}] "{key}": expected a text that is not empty')
    return text or None


def _repaired(text: str) -> str:
    return prose(Line(number, repair(line)) for number, line in enumerate(text.split("\n"), start=1))


def _wrong(quiz: dict[str, Any], lines: tuple[str, ...], findings: Findings) -> tuple[str, ...]:
    if "wrong" not in quiz:
        return ()
    given = quiz["wrong"] if isinstance(quiz["wrong"], list) else []
    options = tuple(_repaired(option) for option in given if isinstance(option, str))
    line = _line_of(lines, "quiz", "wrong")
    if not options or not all(options) or len(options) < len(given):
        findings.problem(line, '[quiz] "wrong": expected a list of texts, as in ["Under 10%", "About 25%"]')
        return ()
    if len({option.casefold() for option in options}) < len(options):
        findings.problem(line, '[quiz] "wrong": the same option twice; expected different ones')
    return options


def _cards(table: dict[str, Any], lines: tuple[str, ...], findings: Findings) -> dict[int, str]:
    cards: dict[int, str] = {}
    for key in table:
        text = _text(table, "cards", key, lines, findings)
        if not re.fullmatch("[1-9][0-9]?", key):
            findings.problem(
                _line_of(lines, "cards", key), f'[cards]: "{key}" is no card number; expected "1", "2", ...'
            )
        elif text is not None:
            cards[int(key)] = text
    return cards


def with_authored(script: Script, authored: Authored, findings: Findings) -> Script:
    """Return the script with the authored texts in its first quiz, its first cards and its short version.

    Problems are texts for which the script has no place, and wrong options that would be right.
    """
    elements = [section.element for section in script.sections]
    quiz = next((element for element in elements if isinstance(element, Quiz)), None)
    cards = next((element for element in elements if isinstance(element, Cards)), None)
    _check_quiz(quiz, authored, findings)
    _check_cards(cards, authored, findings)

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


def _check_quiz(quiz: Quiz | None, authored: Authored, findings: Findings) -> None:
    if quiz is None:
        if "quiz" in authored.tables:
            findings.problem(authored.line_of("quiz"), "[quiz]: the script has no quiz")
        return
    for option in authored.wrong:
        line = _line_of_option(authored, option)
        if option.casefold().rstrip(".") == quiz.answer.casefold().rstrip("."):
            findings.problem(line, f'[quiz] wrong option "{option}" is the answer; expected another')
        elif same_share(option, quiz.answer):
            findings.problem(line, f'[quiz] wrong option "{option}" can be right, as the answer is "{quiz.answer}"')


def _line_of_option(authored: Authored, option: str) -> int:
    """Return the line of an option, which in a long list is not that of the key."""
    first = authored.line_of("quiz", "wrong")
    below = enumerate(authored.lines[first - 1 :], start=first)
    return next((number for number, line in below if f'"{option}"' in line or f"'{option}'" in line), first)


def _check_cards(cards: Cards | None, authored: Authored, findings: Findings) -> None:
    if cards is None:
        if "cards" in authored.tables:
            findings.problem(authored.line_of("cards"), "[cards]: the script has no clickable cards")
        return
    for number in authored.cards:
        if number > len(cards.cards):
            findings.problem(
                authored.line_of("cards", str(number)),
                f'[cards]: no card "{number}" in the script; expected "1" to "{len(cards.cards)}"',
            )
