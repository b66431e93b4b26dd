"""Where the options of a poll are named in what somebody says: by numbers, letters and ordinals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.intents.votes.clocks import count_of, place_of, plain_number
from bot.intents.votes.compared import Options, telling_form
from bot.intents.votes.spoken import Token
from knowledge.words import FUNCTION_WORDS

# What announces the number or the letter of an option.
ANNOUNCED = frozenset(["option", "number", "letter", "nr", "num", "#", "answer", "choice", "opcion", "opcao", "nummer"])


@dataclass(frozen=True)
class Mention:
    """Words from `start` to `end` that name options by their places from 1: one, or several that they could be of.

    `how`: "own" words, a "part" of them, a "place" that is announced ("option 2"), a bare "number" or letter, "one",
    "several" places, a "degree" or another way to say it, "yes" or "no". `wider` are all options with those words in
    them. `soft` where the same words are as often small talk, `is_end` where they are the first or the last of an
    order.
    """

    start: int
    end: int
    places: frozenset[int]
    how: str
    wider: frozenset[int] = frozenset()
    soft: bool = False
    is_end: bool = False

    @property
    def is_strong(self) -> bool:
        """Whether it could hardly be about something else."""
        return self.how in ("own", "part", "place")


def numbered(texts: Sequence[str], at: int, options: Options) -> tuple[frozenset[int], str] | None:
    """The places that a number may mean, and how: by an option's own number, or by its place. None for no number.

    Where the options are numbers, one that none of them has is no place: "3" of 1, 2, 4 and 8; and one that is another
    option's place as well may mean both: "2" of 0, 1, 2 and 3.
    """
    word = texts[at]
    if not (number := plain_number(word)):
        return None
    held = frozenset(place for place, numbers in enumerate(options.numbers, 1) if number in numbers)
    place = int(number) if word.isdecimal() or count_of(word) is not None else 0
    if not 1 <= place <= options.count:
        place = 0
    whole = [place for place, own in enumerate(options.said, 1) if [number] == [plain_number(one) for one in own]]
    if len(whole) == 1:
        # In words it is hardly ever a place.
        return frozenset([*whole, *([place] if place and word.isdecimal() else [])]), "own"
    if held and at + 1 < len(texts) and _counts_in(texts[at + 1], held, options):
        return held, "part"
    if held:
        return held | {place} - {0}, "part"
    every = [float(one) for numbers in options.numbers for one in numbers]
    if not place or (every and min(every) <= place <= max(every)):
        return frozenset(), "number"
    return frozenset([place]), "number"


def _counts_in(unit: str, held: frozenset[int], options: Options) -> bool:
    """Whether what is counted stands in those options after the number."""
    return any(telling_form(unit) in options.telling[place - 1] for place in held) and unit not in FUNCTION_WORDS


def placed(word: str, count: int) -> frozenset[int]:
    """The place of an ordinal: "2nd", "last", "middle"; empty where there is none such."""
    place = place_of(word)
    if place == 0:
        place = (count + 1) // 2 if count % 2 else None
    place = count if place == -1 else place
    return frozenset([place]) if place and place <= count else frozenset()


def lettered(token: Token, count: int) -> frozenset[int]:
    """The place of a letter; empty where there is none such."""
    place = ord(token.text) - ord("a") + 1 if len(token.text) == 1 and "a" <= token.text <= "z" else 0
    return frozenset([place]) if 1 <= place <= count else frozenset()
