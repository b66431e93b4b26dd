"""What is refused whatever the sources say: attempts to steer the bot, to reach what it guards, or to misuse a room."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

_TABLES = tomllib.loads(Path(__file__).with_name("refusal.toml").read_text("utf-8"))


def _compiled(written: str) -> re.Pattern[str]:
    """A pattern of the file, with its names filled in and its lines joined."""
    whole = re.sub(r"\{([a-z]+)\}", lambda name: _TABLES["names"][name[1]], written)
    return re.compile("".join(map(str.lstrip, whole.split("\n"))), re.I | re.S)


_PATTERNS = tuple(_compiled(pattern) for patterns in _TABLES["patterns"].values() for pattern in patterns)
# Letters with a space between each of them, as words are hidden from patterns: "i g n o r e".
_SPACED = re.compile(r"(?<!\S)(?:\S (?=\S(?!\S))){3,200}\S(?!\S)")
_SCRIPT = re.compile(r"<script\b.*?(?:</script\s*>|$)", re.I | re.S)


def without_scripts(text: str) -> str:
    """`text` without script elements and what stands in them: what is left may be an honest question."""
    return _SCRIPT.sub(" ", text)


def is_refused(text: str) -> bool:
    """Whether `text` tries to steer the bot, to reach what it guards, or to misuse a room."""
    plain = _SPACED.sub(lambda letters: letters.group().replace(" ", ""), text)
    return any(pattern.search(plain) for pattern in _PATTERNS)
