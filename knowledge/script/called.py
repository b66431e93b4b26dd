"""What people call a section of a script: by its title, its part in the video, or its place in it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

from knowledge.script import Script, Section

_NAMES = tomllib.loads(Path(__file__).with_name("called.toml").read_text("utf-8"))
_ROLES = [(re.compile(role["title"]), role["called"]) for role in _NAMES["role"]]


def callings(script: Script, section: Section) -> tuple[str, ...]:
    """The words that name a section wherever they stand, in lower case without punctuation."""
    return tuple(dict.fromkeys(_callings(script, section)))


def _callings(script: Script, section: Section) -> Iterator[str]:
    if section is script.sections[0]:
        yield from _NAMES["first"]
    if section is script.sections[-1]:
        yield from _NAMES["last"]
    for title, called in _ROLES:
        if title.search(section.title.lower()):
            yield from called
    place = script.sections.index(section)
    if place < len(_NAMES["places"]):
        ordinal, short, count, digit = _NAMES["places"][place]
        for piece in _NAMES["pieces"]:
            yield from (f"{ordinal} {piece}", f"{short} {piece}", f"{piece} {count}", f"{piece} {digit}")
