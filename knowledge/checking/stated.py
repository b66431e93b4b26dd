"""Whether the figures of a sentence stand in the passages that it cites: the same value and bound, of the same one."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence

from knowledge.checking.figures import Figure, ordinals, read_figures
from knowledge.checking.pieces import known_stems
from knowledge.checking.sense import alike
from knowledge.chunks import Passage, sentences
from knowledge.words import stems

# "First" and "second" may order what any sentence says.
ORDERED = 3

_COUNTS = dict(zip("23456789", ["two", "three", "four", "five", "six", "seven", "eight", "nine"], strict=True))
_COUNTED = {figure: re.compile(rf"\b(?:{figure}|{word})\s+(\w+)", re.I) for figure, word in _COUNTS.items()}


def strange_figure(sentence: str, passages: Sequence[Passage]) -> str | None:
    """The first figure of `sentence` that its passages do not state like that; None where there is none."""
    lists = [items for one in passages if (items := _items(one))]
    lengths = [*map(len, lists)]
    if any(place > max([ORDERED, *lengths]) for place in ordinals(sentence)) or _misplaces(sentence, lists):
        return "ordinal"
    figures = read_figures(sentence)
    known = known_stems(passages) if figures else frozenset()
    for figure in figures:
        if not (figure.about if figure.change or figure.reached else {figure.of} - {""}) <= known:
            return figure.value
        if _counts(figure, lengths) or _counts_itself(figure, sentence, passages):
            continue
        if not any(_is(held, figure) for one in _statements(passages) for held in read_figures(one)):
            return figure.value
    return None


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


def _statements(passages: Sequence[Passage]) -> Iterator[str]:
    """What the passages say, sentence by sentence."""
    for passage in passages:
        yield f"{passage.title} {passage.section} {passage.locator or ''} {passage.lead}"
        for unit in passage.units:
            yield from sentences(unit)


def _is(held: Figure, figure: Figure) -> bool:
    if figure.value == "most" and held.unit == "%":
        return float(held.value) > 50 - (held.bound == "over") and held.bound in ("over", "exactly")
    # What is cut "by over 60%" is another claim than what is true "of over 60%".
    same = held == figure and not (figure.change and held.share)
    about = figure.about | alike(figure.about)
    return same and (not held.about or not figure.about or not about.isdisjoint(held.about))
