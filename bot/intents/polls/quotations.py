"""What is quoted in a text, or hidden in a spoiler: held apart, as nothing in it is a mark or a setting."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.intents.polls.terms import is_held

# For what is quoted stand characters for private use, the first for the first.
_FIRST_HELD = 0xE000
_DOUBLE = '"“”„‟«»\uff02'
_QUOTED = re.compile(
    rf"[{_DOUBLE}](?P<double>[^{_DOUBLE}\n]*)[{_DOUBLE}]"
    r"|(?P<spoiler>(?<!\w)\|\|(?=\S)[^|\n]+(?<=\S)\|\|(?!\w))"
    r"|(?<![\w'’])['‘\u201a](?P<single>[^'‘’\u201a\n]*(?:(?<=\w)['’](?=\w)[^'‘’\u201a\n]*)*)['’‘](?!\w)"
)


def hold_quotes(text: str) -> tuple[str, list[str]]:
    """`text` with one character in the place of each quotation, and what these say.

    What is quoted, or hidden in a spoiler (`||so||`), is nothing but text: no mark, no term. `text` must have no
    characters for private use.
    """
    held: list[str] = []

    def hold(match: re.Match[str]) -> str:
        held.append(match["spoiler"] or (match["double"] if match["double"] is not None else match["single"]))
        return chr(_FIRST_HELD + len(held) - 1)

    return _QUOTED.sub(hold, text), held


def held_character(place: int) -> str:
    """What stands for the quotation at a place from 0."""
    return chr(_FIRST_HELD + place)


def restore(text: str, held: Sequence[str]) -> str:
    """`text` with its quotations; without quotes where it is nothing else."""
    text = text.strip()
    if len(text) == 1 and is_held(text):
        return held[ord(text) - _FIRST_HELD]
    return "".join(_told(held[ord(one) - _FIRST_HELD]) if is_held(one) else one for one in text)


def _told(held: str) -> str:
    return held if held.startswith("||") else f'"{held}"'


def is_spoiler(character: str, held: Sequence[str]) -> bool:
    """Whether a held character stands for a spoiler."""
    return is_held(character) and held[ord(character) - _FIRST_HELD].startswith("||")


def is_quoted(text: str) -> bool:
    """Whether a quotation is in `text`."""
    return any(map(is_held, text))
