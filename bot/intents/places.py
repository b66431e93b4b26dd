"""Which of several things is named by its place, and nothing else: "the third one", "number four, please", "b)"."""

from __future__ import annotations

import re

from bot.intents.clocks import count_of, place_of
from bot.intents.spoken import words_in
from knowledge.words import words_of

# What may stand beside the place of one thing, and asks for nothing else, in English and German.
_BESIDE = words_of(
    """tell me us more about on what how show give explain expand elaborate describe open read repeat i we want to hear
    know see is was does do did mean means meant say says said the a of them those these that this one ones it its
    item point line reason step thing card benefit takeaway quote number no nr can could would will you please again
    exactly in detail other words now then for and or with also zu was ist mit bedeutet heisst der die das den dem und
    oder noch mal einmal bitte punkt nummer genau mir erklare zeig sag go think guess take pick choose choice option my
    answer vote so just maybe probably ok okay"""
)


def place_named(text: str) -> int | None:
    """The place from 1 of the one thing that `text` names by number, letter or place; -1 for the last, 0 for the
    middle, None where there is more to it.
    """
    said = [word for word in words_in(text) if word[0].isalnum()]
    rest = [word for word in said if word not in _BESIDE] or [word for word in said[-1:] if word in ("one", "a")]
    if len(rest) != 1:
        return None
    (word,) = rest
    if (place := place_of(word)) is not None:
        return place
    if re.fullmatch("[1-9][0-9]?", word):
        return int(word)
    return ord(word) - ord("a") + 1 if re.fullmatch("[a-j]", word) else count_of(word)


def place_among(place: int, count: int) -> int | None:
    """A place as `place_named` tells it among so many things, from 1; None where there is none such."""
    place = count if place == -1 else place or ((count + 1) // 2 if count % 2 else 0)
    return place if 1 <= place <= count else None
