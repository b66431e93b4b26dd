"""Whether the figures of a sentence stand in the passages that it cites: the same value and bound, of the same one."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import NamedTuple

from knowledge.checking.figures import Figure, in_digits, ordinals, read_figures
from knowledge.checking.sense import alike
from knowledge.checking.support import FRAME_WORDS
from knowledge.chunks import Passage, sentences
from knowledge.words import stems, words, words_of

# "First" and "second" may order what any sentence says.
ORDERED = 3

# Who is named by two words with capitals is somebody in particular: "Company X".
_NAME = re.compile(r"\b[A-Z]\w+(?: [A-Z]\w*)+\b")
_STANDING_FOR = words_of("they it he she")
_BELONGING_TO = words_of("their its his her")
# What a sentence may say instead of the name: the passage as a whole is about it.
_EXAMPLE = words_of("case study example")
# "Yes, they did": a pronoun that stands for the one spoken of comes first.
_FIRST_WORDS = 3
_COUNTS = dict(zip("23456789", ["two", "three", "four", "five", "six", "seven", "eight", "nine"], strict=True))
_COUNTED = {figure: re.compile(rf"\b(?:{figure}|{word})\s+(\w+)", re.I) for figure, word in _COUNTS.items()}


class Statement(NamedTuple):
    """A sentence of a passage, and the name of the one that it speaks of, "" where it is about nobody in particular."""

    text: str
    name: str


def strange_figure(sentence: str, passages: Sequence[Passage]) -> str | None:
    """The first figure of `sentence` that its passages do not state like that; None where there is none."""
    lists = [items for one in passages if (items := _items(one))]
    lengths = [*map(len, lists)]
    if any(place > max([ORDERED, *lengths]) for place in ordinals(sentence)) or _misplaces(sentence, lists):
        return "ordinal"
    figures = read_figures(sentence)
    known = _known(passages) if figures else frozenset()
    for figure in figures:
        if not (figure.about if figure.change or figure.reached else {figure.of} - {""}) <= known:
            return figure.value
        if _counts(figure, lengths) or _counts_itself(figure, sentence, passages):
            continue
        if not any(_states(one, figure, sentence) for one in _statements(passages)):
            return figure.value
    return None


def _known(passages: Sequence[Passage]) -> frozenset[str]:
    """The stems of what a figure of these passages may be of: 400 loaves are no 400 rolls."""
    texts = [f"{one.title} {one.section} {one.text}" for one in passages]
    hints = [hint.text for one in passages for hint in one.hints]
    held = FRAME_WORDS.union(stems(in_digits(" ".join((*texts, *hints)))))
    return held | alike(held)


def _items(passage: Passage) -> Sequence[str]:
    """What a passage lists: its units, or what is numbered in its text ("1) ... 5) ..."); () where it lists nothing."""
    numbered = re.split(r"\b(\d{1,2})\)\s", passage.text)
    if len(numbered) > 3 and numbered[1::2] == [str(place) for place in range(1, len(numbered) // 2 + 1)]:
        return numbered[2::2]
    return passage.units if passage.listed else ()


def _misplaces(sentence: str, lists: Iterable[Sequence[str]]) -> bool:
    """Whether `sentence` gives one place of a list to an item that stands at another."""
    places, said = ordinals(sentence), set(stems(sentence))
    for items in lists:
        shared = [len(said.intersection(stems(item))) for item in items]
        if len(places) == 1 and max(shared) > 0 and places[0] <= len(items):
            return shared[places[0] - 1] < max(shared)
    return False


def _counts(figure: Figure, lengths: Collection[int]) -> bool:
    return figure.plain and figure.value.isdigit() and int(figure.value) in (1, *lengths)


def _counts_itself(figure: Figure, sentence: str, passages: Iterable[Passage]) -> bool:
    """Whether `figure` counts what its sentence lists ("three things: ..."), of which the passages give no number."""
    if not (figure.plain and figure.value in _COUNTS):
        return False
    items = len(re.findall(r",(?: and| or)?\s|\s(?:and|or)\s", sentence)) + 1
    noun = _COUNTED[figure.value].search(sentence)
    counted = stems(noun[1]) if noun else []
    return int(figure.value) <= items and set(counted).isdisjoint(stems(" ".join(one.text for one in passages)))


def _statements(passages: Sequence[Passage]) -> Iterator[Statement]:
    for passage in passages:
        yield Statement(f"{passage.title} {passage.section} {passage.locator or ''} {passage.lead}", "")
        name = ""
        for unit in passage.units:
            for sentence in sentences(unit):
                named = _NAME.search(sentence)
                speaks = named is not None or not (_STANDING_FOR | _BELONGING_TO).isdisjoint(words(sentence))
                name = named[0] if named else name
                yield Statement(sentence, name if speaks else "")


def _states(statement: Statement, figure: Figure, sentence: str) -> bool:
    return any(_is(held, figure) for held in read_figures(statement.text)) and _of_the_same(sentence, statement.name)


def _is(held: Figure, figure: Figure) -> bool:
    if figure.value == "most" and held.unit == "%":
        return float(held.value) > 50 - (held.bound == "over") and held.bound in ("over", "exactly")
    # What is cut "by over 60%" is another claim than what is true "of over 60%".
    same = held == figure and not (figure.change and held.share)
    about = figure.about | alike(figure.about)
    return same and (not held.about or not figure.about or not about.isdisjoint(held.about))


def _of_the_same(sentence: str, name: str) -> bool:
    """Whether `sentence` speaks of whoever has that name: "Company X", "the company", "it"."""
    if not name:
        return True
    said = words(sentence)
    stands = _STANDING_FOR.intersection(said) or _BELONGING_TO.intersection(said[:_FIRST_WORDS])
    return bool(stands or _EXAMPLE.intersection(said)) or name.split()[0].lower() in said
