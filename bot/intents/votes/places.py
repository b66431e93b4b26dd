"""Which of several things is named by its place, and nothing else: "the third one", "number four, please", "b)"."""

from __future__ import annotations

import re

from bot.intents.votes.clocks import count_of, place_of
from bot.intents.votes.spoken import words_in
from knowledge.words import words_of

# What may stand beside an option, and changes nothing.
OPTION = words_of(
    """a an the is it its i would say think guess go going with for me my mine answer option choice number no nr one
    please thanks ok okay well so and then put down that this probably maybe definitely honestly choose pick take just
    i'd"""
)
# What may stand beside one thing of a list, and asks for nothing else, in English and German.
THING = OPTION | words_of(
    """tell us more about on what how show give explain expand elaborate describe open read repeat we want to hear know
    see was does do did mean means meant says said of them those these ones item point line reason step thing card
    benefit takeaway quote there can could will you again exactly in detail other words now or also zu was ist mit
    bedeutet heisst der die das den dem und oder noch mal einmal bitte punkt nummer genau mir erklare zeig sag"""
)


def place_named(text: str, beside: frozenset[str] = THING) -> int | None:
    """The place from 1 of the one thing that `text` names by number, letter or place; -1 for the last, 0 for the
    middle, None where there is more to it than words `beside` it.
    """
    said = [word for word in words_in(text) if word[0].isalnum()]
    rest = [word for word in said if word not in beside] or [word for word in said[-1:] if word in ("one", "a")]
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
