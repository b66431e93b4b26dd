"""Which card of a script somebody means."""

from __future__ import annotations

import re

from bot import shelf as scripts
from bot.intents import Pick
from bot.intents.options import told_apart
from bot.intents.votes.clocks import count_of
from bot.intents.votes.places import place_among, place_named
from knowledge.question import item_asked
from knowledge.script import Script
from knowledge.words import words

# "the top three benefits", "the five cards", "one by one": no single one is meant.
_SEVERAL = re.compile(
    r"\b(?:first|top|all|these|those|the|your|my) (?:two|three|four|five|six|\d)\b(?!\s*$)|\bby one\b"
    r"|\b(?:two|three|four|five|six|[2-9]) (?:\w+ )?(?:benefits|cards|advantages)\b",
    re.I,
)


def card_named(text: str, script: Script) -> Pick | None:
    """The card that is named by its place, or by words that only its title has."""
    titles = _titles(script)
    if place := told_apart(text, titles):
        return Pick(place)
    item = item_asked(text)
    place = item.place or place_named(text) or _number(text)
    if place is None or item.also or _SEVERAL.search(text):
        return None
    return Pick(place_among(place, len(titles)) or place)


def card_placed(text: str, script: Script) -> Pick | None:
    """The card that is named by its place and nothing else, though there may be none such."""
    place = place_named(text)
    return None if place is None or not (titles := _titles(script)) else Pick(place_among(place, len(titles)) or place)


def _number(text: str) -> int | None:
    """The one number that is said, whatever stands around it ("bring benefit two"); None for none, or several."""
    said = [count_of(word) or (int(word) if word.isdecimal() and len(word) <= 2 else None) for word in words(text)]
    named = [number for number in said if number]
    return named[0] if len(named) == 1 else None


def _titles(script: Script) -> list[str]:
    held = scripts.cards(script)
    return [card.title for card in held[1].cards] if held else []
