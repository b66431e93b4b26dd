"""Slack's text as people see it: without its escapes, with names, labels and addresses in the place of its tokens.

Messages, commands, edits and windows are all read here. What people call by name comes with the ids of those people, as
an order may be about one of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from adapters.slack.listen import PLATFORM

_TOKEN = re.compile(
    r"<(?:@(?P<person>[A-Z0-9]+)|#(?P<channel>[A-Z0-9]+)|!(?P<special>[^|<>]+)"
    r"|(?P<address>[A-Za-z][A-Za-z0-9+.-]*:[^|<>\s]+))(?:\|(?P<label>[^<>]*))?>"
)
# What the address of a mail or a telephone begins with, which nobody writes.
_SCHEME = re.compile(r"(?:mailto|tel):", re.I)
# What would tell the options of a poll apart, or begin a line.
_APART = re.compile(r"[,;|\s]+")


@dataclass(frozen=True)
class Written:
    """Words, and the ids of the people and groups that are called by name in them, by that name ("@Bo")."""

    words: str
    people: Mapping[str, str] = field(default_factory=dict)


def people_named(text: str, bot: str) -> Iterator[tuple[str, str]]:
    """The ids of the people that a text of Slack's names, the bot left out, each with the label that stands there."""
    for match in _TOKEN.finditer(text):
        if match["person"] not in (None, bot):
            yield match["person"], unescaped(match["label"] or "")


def is_mentioned(text: str, bot: str) -> bool:
    """Whether the bot is mentioned."""
    return any(match["person"] == bot for match in _TOKEN.finditer(text))


def is_to_others(text: str, bot: str) -> bool:
    """Whether somebody else is mentioned: a person, a group, all who are here."""
    for match in _TOKEN.finditer(text):
        special = match["special"] or ""
        if match["person"] not in (None, bot) or (special and not special.startswith("date^")):
            return True
    return False


def read(text: str, bot: str, names: Mapping[str, str]) -> Written:
    """The words of a text of Slack's, the bot's own name left out; `names` are those of people by their ids."""
    people: dict[str, str] = {}

    def called(identifier: str, name: str) -> str:
        """How somebody is called in the words, nobody else by the same name."""
        shown = f"@{_APART.sub(' ', name).strip().removeprefix('@') or identifier}"
        if people.setdefault(shown, f"{PLATFORM}:{identifier}") != f"{PLATFORM}:{identifier}":
            shown = f"{shown} {identifier}"
            people[shown] = f"{PLATFORM}:{identifier}"
        return shown

    def told(match: re.Match[str]) -> str:
        label = match["label"] or ""
        if (person := match["person"]) is not None:
            return "" if person == bot else called(person, names.get(person) or label)
        if match["channel"] is not None:
            return f"#{label or match['channel']}"
        if (special := match["special"]) is not None:
            kind, _, rest = special.partition("^")
            if kind == "subteam" and rest:
                return called(rest, label or f"{PLATFORM}:{rest}")
            return label or (_date(rest) if kind == "date" else f"@{kind}")
        return label or _SCHEME.sub("", match["address"])

    return Written(unescaped(_TOKEN.sub(told, text)).strip(), people)


def unescaped(text: str) -> str:
    """A text without Slack's three escapes."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _date(told: str) -> str:
    """A moment that nobody wrote in words, in UTC."""
    seconds = told.partition("^")[0]
    try:
        return f"{datetime.fromtimestamp(int(seconds), UTC):%Y-%m-%d %H:%M} UTC"
    except (ValueError, OverflowError, OSError):
        return ""
