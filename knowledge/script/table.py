"""A table that people write (in TOML, as front matter), read key by key, and each mistake told with its line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from knowledge.script.text import Findings, read_text

_ERROR_LINE = re.compile(r"at line ([0-9]+)")


@dataclass(frozen=True)
class Table:
    """The values of a table, the lines that it is written in, the number of the first of them, and what messages about
    it begin with.
    """

    values: Mapping[str, Any]
    lines: Sequence[str]
    first: int
    findings: Findings
    called: str = ""

    def line_of(self, key: str, value: str = "") -> int:
        """The line where a key stands, or from there on a value of its list; the first where it is not found."""
        # In a whole file a key may be the header of a table.
        begin, end = ("", "=:") if self.called else (r"\[*\s*", r"=:\].")
        written = re.compile(rf"\s*{begin}[\"']?{re.escape(key)}[\"']?\s*[{end}]")
        found = next((place for place, line in enumerate(self.lines) if written.match(line)), 0)
        if value:
            quoted = re.compile(rf"\"{re.escape(value)}\"|'{re.escape(value)}'")
            below = range(found, len(self.lines))
            found = next((place for place in below if quoted.search(self.lines[place])), found)
        return self.first + found

    def problem(self, key: str, said: str, value: str = "") -> None:
        """Note what is wrong with a key, or with one value of its list."""
        self.findings.problem(self.line_of(key, value), f"{self.called}{said}")

    def knows(self, keys: Sequence[str]) -> None:
        """A problem for each key that is none of these."""
        for key in self.values:
            if key not in keys:
                self.problem(str(key), f'unknown key "{key}"; expected {", ".join(keys)}')

    def text(self, key: str, longest: int | None = None, required: bool = False) -> str | None:
        """The text of a key; None, with a problem where it should be there, is empty or too long."""
        value = self.values.get(key)
        if value is None and not required:
            return None
        if value is None:
            self.problem(key, f'no "{key}"')
        elif not isinstance(value, str) or not value:
            self.problem(key, f'"{key}": expected a text that is not empty')
        elif longest is not None and len(value) > longest:
            self.problem(key, f'"{key}" has {len(value)} characters; expected at most {longest}')
        else:
            return value
        return None

    def texts(self, key: str, longest: int | None = None, most: int | None = None) -> tuple[str, ...]:
        """The texts of a list; problems are what is no text, too long, too many, or there twice after folding."""
        value = self.values.get(key)
        if value is None:
            return ()
        if not isinstance(value, list) or not value or not all(isinstance(one, str) and one for one in value):
            self.problem(key, f'"{key}": expected a list of texts, as in ["One", "Another"]')
            return ()
        if most is not None and len(value) > most:
            self.problem(key, f'"{key}" has {len(value)} entries; expected at most {most}')
        for one in value:
            if longest is not None and len(one) > longest:
                self.problem(key, f'"{key}": an entry has {len(one)} characters; expected at most {longest}', one)
        folded = [fold(one) for one in value]
        if twice := next((one for one, same in zip(value, folded, strict=True) if folded.count(same) > 1), None):
            self.problem(key, f'"{key}": "{twice}" is there twice; expected different ones', twice)
        return tuple(value)


def read_table(path: Path, findings: Findings) -> Table:
    """The whole of a TOML file; empty, with a problem on the line in question, where it is none."""
    text = read_text(path, findings) or ""
    try:
        return Table(tomllib.loads(text), text.split("\n"), 1, findings)
    except (ValueError, RecursionError) as error:
        place = _ERROR_LINE.search(str(error))
        findings.problem(int(place[1]) if place else len(text.rstrip().split("\n")), f"no valid TOML: {error}")
        return Table({}, (), 1, findings)


def read_tables(path: Path, name: str, findings: Findings) -> list[Table]:
    """The tables under [[name]] of a TOML file that holds nothing else, each with its lines."""
    whole = read_table(path, findings)
    if findings.problems:
        return []
    whole.knows([name])
    tables = whole.values.get(name)
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        whole.problem(name, f"no {name}; expected tables that begin with [[{name}]]")
        return []
    under = tables_under(f"[[{name}]]", whole.lines)
    if len(under) != len(tables):  # an inline list, which has no headers
        under = [(1, ())] * len(tables)
    return [
        Table(values, lines, first, findings, f"{name} {place}: ")
        for place, (values, (first, lines)) in enumerate(zip(tables, under, strict=True), start=1)
    ]


def fold(option: str) -> str:
    """What makes two options the same: not case, spaces or the full stop at their end."""
    return " ".join(option.casefold().split()).rstrip(". ")


def tables_under(header: str, lines: Sequence[str]) -> list[tuple[int, Sequence[str]]]:
    """The lines of each table under a header such as "[[question]]", with the number of the first, its header."""
    opens = re.compile(r"\s*" + r"\s*".join(map(re.escape, re.split(r"(\w+)", header))) + r"\s*(?:#.*)?$")
    places = [place for place, line in enumerate(lines) if opens.match(line.replace('"', "").replace("'", ""))]
    begun = re.compile(r"\s*\[")
    ends = [next((at for at in range(place + 1, len(lines)) if begun.match(lines[at])), len(lines)) for place in places]
    return [(place + 1, lines[place:end]) for place, end in zip(places, ends, strict=True)]
