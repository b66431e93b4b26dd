"""What can be pressed: the choices that were shown last, by number, letter or words."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from adapters.terminal.layout import clean_line
from adapters.terminal.render import numbered
from bot.reply import Ballot, Choice, Choices, Reply

_CALLED = r"(?:(?:option|choice|number|answer|no\.?|letter)\s++)?"
_NUMBER = re.compile(rf"{_CALLED}[(\[#]*+\s*+([0-9]{{1,3}})\s*[)\].:,!]*", re.I)
_LETTER = re.compile(rf"{_CALLED}[(\[#]*+\s*+([a-z])\s*[)\].:,!]*", re.I)
_EDGES = re.compile(r"^[\W_]+|[\W_]+$")
# A label may be pressed by its first words, unless these are what anybody says at any time.
SHORTEST_BEGINNING = 4
COMMON = frozenset({"help", "more", "menu", "start", "stop", "what", "when", "where", "which", "that", "this"})


class Screen:
    """The choices on the screen: the newest that have numbers, and those aside of the latest reply.

    `asked` are the options of a form's question while it is being asked; `in_form` holds as long as a form is open.
    """

    def __init__(self) -> None:
        self._numbered: tuple[Choice, ...] = ()
        self._aside: tuple[Choice, ...] = ()
        self._of_ballot = False
        self._voted_on = False
        self.asked: tuple[str, ...] = ()
        self.in_form = False

    def see(self, reply: Reply) -> None:
        """Remember what `reply` offers; older numbers stay until newer ones are shown, or what is said next belongs to
        `reply`: a number after an estimate is an amount or a rate. Once a ballot was shown only its own numbers stay: a
        number may be a vote at any time.
        """
        offered = tuple(choice for part in reply.parts for choice in numbered(part))
        has_ballot = any(isinstance(part, Ballot) for part in reply.parts)
        if offered:
            self._numbered, self._of_ballot = offered, has_ballot
        elif reply.continues or (self._voted_on and not self._of_ballot):
            self._numbered = ()
        self._voted_on = self._voted_on or has_ballot
        asides = (part for part in reply.parts if isinstance(part, Choices) and part.aside)
        self._aside = tuple(choice for part in asides for choice in part.choices)

    def press(self, words: str) -> Choice | None:
        """The choice that the whole line `words` presses, None if it presses none."""
        place = pick(words, [choice.label for choice in self._offered], len(self._numbered))
        return None if place is None else self._offered[place]

    @property
    def labels(self) -> list[str]:
        """What can be typed now, in the order of the screen."""
        return [clean_line(label) for label in self.asked or (choice.label for choice in self._offered)]

    @property
    def _offered(self) -> tuple[Choice, ...]:
        return (*self._numbered, *self._aside)


def pick(words: str, labels: Sequence[str], numbers: int | None = None) -> int | None:
    """The place in `labels` that the whole line `words` names; None for none, or more than one.

    Only the first `numbers` labels (all, if None) have a number and a letter.
    """
    last = len(labels) if numbers is None else numbers
    number = _NUMBER.fullmatch(words.strip())
    if number and 1 <= int(number[1]) <= last:
        return int(number[1]) - 1
    named = _named(words, labels)
    letter = _LETTER.fullmatch(words.strip())
    if named is None and letter and (place := ord(letter[1].lower()) - ord("a")) < last:
        return place
    return named


def _named(words: str, labels: Sequence[str]) -> int | None:
    said = _folded(words)
    bare = _EDGES.sub("", said)

    def begins(label: str) -> bool:
        return _EDGES.sub("", label).startswith(bare + " ")

    tests: list[Callable[[str], bool]] = [lambda label: label == said]
    if bare:
        tests.append(lambda label: _EDGES.sub("", label) == bare)
    if len(bare) >= SHORTEST_BEGINNING and bare not in COMMON and not said.endswith("?"):
        tests.append(begins)
    for test in tests:
        fitting = [place for place, label in enumerate(labels) if test(_folded(label))]
        if fitting:
            return fitting[0] if len(fitting) == 1 else None
    return None


def _folded(text: str) -> str:
    return clean_line(text).casefold().replace("’", "'").replace("‘", "'")
