"""The front matter of a topic: its fields, each checked with the line it stands on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from knowledge.documents import Reference
from knowledge.script.table import Table
from knowledge.script.text import Findings, repair

_TEXTS = ("title", "part", "summary", "volatile", "discussion")
_LISTS = ("synonyms", "related")
REQUIRED = ("title", "summary", "sources", "checked")
_KEYS = (*_TEXTS, *_LISTS, "sources", "checked")
_OF_TOPICS = ("sources:", "checked:")
_OF_SOURCES = ("name", "title", "url", "licence")
_WEB = re.compile(r"https://\S+")
LONGEST = 300


@dataclass(frozen=True)
class Head:
    """What the front matter says; `fields` are those of a document beside its title."""

    title: str = ""
    fields: dict[str, Any] = field(default_factory=dict)


def read_head(lines: Sequence[str], findings: Findings) -> Head:
    """The fields between the fences; problems are what is missing, unknown or of another kind. The first line of
    `lines` is the second of its file.

    Without a field that only topics have it is the front matter of some other program: its title is all that counts.
    """
    import yaml

    is_topic = any(line.startswith(_OF_TOPICS) for line in lines)
    try:
        # The reader in C, which PyYAML's wheels hold, takes a tenth of the time.
        table = yaml.load("\n".join(lines), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.YAMLError as error:
        if not is_topic:
            return Head()
        place = getattr(error, "problem_mark", None)
        findings.problem((place.line if place else 0) + 2, f"no valid YAML: {getattr(error, 'problem', error)}")
        return Head()
    if not is_topic:
        title = table.get("title") if isinstance(table, dict) else None
        return Head(repair(" ".join(title.split())) if isinstance(title, str) else "")
    if not isinstance(table, dict):
        findings.problem(2, 'no fields; expected lines as in "title: Showback"')
        return Head()
    reading = Table({key: _folded(value) for key, value in table.items()}, ("---", *lines), 1, findings)
    reading.knows(_KEYS)
    for key in REQUIRED:
        if not table.get(key):
            findings.problem(1, f'no "{key}"; expected it in the front matter')
    texts = {key: text for key in _TEXTS if (text := reading.text(key, LONGEST))}
    title = texts.pop("title", "")
    lists = {key: reading.texts(key) for key in _LISTS}
    return Head(title, {**texts, **lists, "references": _references(reading), "checked": _day(reading, "checked")})


def _folded(value: Any) -> Any:
    """A text on one line and repaired, and so each of a list."""
    if isinstance(value, list):
        return [_folded(one) for one in value]
    return repair(" ".join(value.split())) if isinstance(value, str) else value


def _day(reading: Table, key: str) -> date | None:
    value = reading.values.get(key)
    if value is None or isinstance(value, date):
        return value
    reading.problem(key, f'"{key}": expected a date, as in 2026-11-28')
    return None


def _references(reading: Table) -> tuple[Reference, ...]:
    value = reading.values.get("sources")
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        reading.problem("sources", '"sources": expected a list with name, title and url of each')
        return ()
    found = []
    for place, one in enumerate(value, 1):
        wrong = [key for key in one if key not in _OF_SOURCES]
        missing = [key for key in _OF_SOURCES[:3] if not isinstance(one.get(key), str) or not one[key].strip()]
        if wrong or missing:
            told = f"unknown {', '.join(map(str, wrong))}" if wrong else f"no {', '.join(missing)}"
            reading.problem("sources", f"source {place}: {told}; expected name, title, url and perhaps licence")
        elif not _WEB.fullmatch(one["url"]):
            reading.problem("sources", f"source {place}: {one['url']} is no address; expected one with https://")
        else:
            found.append(Reference(one["name"], one["title"], one["url"], one.get("licence")))
    return tuple(found)
