"""Picks: the units of passages that are shown, as text and with their sources."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain

from knowledge.answer import MAX_ANSWER, Source
from knowledge.chunks import PARAGRAPH, Origin, Passage, as_sentence
from knowledge.documents.passages import OPENING
from knowledge.origins import CALLED
from knowledge.provenance import quoted, stated
from knowledge.words import stems

# Two texts that share this much of their words say the same.
SAME = 0.65
# What is left of the longest answer beside the words around it.
ROOM = MAX_ANSWER - 200
# The same with the headings of its blocks, which nobody counts where an answer is composed.
WITH_HEADINGS = MAX_ANSWER - 100
# Characters of a heading or a title within an answer; those of the project are shorter.
LONGEST_HEADING = 100
# What leads to the words of each kind of source, where an answer has several.
FROM: dict[Origin, str] = {origin: f"From {name}:" for origin, name in CALLED.items()}
# "Example: suppose ...", "Interactive element: Poll ...".
_LABELLED = re.compile(r"(?:\w[\w-]*+ ){0,2}+\w[\w-]*+: ")


@dataclass(frozen=True)
class Pick:
    """The units of a passage that go into an answer, by their places."""

    passage: Passage
    units: tuple[int, ...]


def says(told: str, unit: str) -> bool:
    """Whether `told` says what `unit` says."""
    said, unit_stems = set(stems(told)), set(stems(unit))
    return bool(unit_stems) and len(unit_stems & said) >= SAME * len(unit_stems)


def is_said(said: Iterable[str], unit: str) -> bool:
    """Whether one of the units that were said says what `unit` says."""
    return any(says(one, unit) for one in said)


def is_told(picks: Sequence[Pick], told: str) -> bool:
    """Whether `told` says all of `picks`."""
    return bool(told) and all(says(told, one.passage.units[place]) for one in picks for place in one.units)


def announces(sentence: str) -> bool:
    """Whether a sentence only says that something follows, which it must then: "A useful page has:"."""
    return sentence.rstrip().endswith(":")


def merge(parts: Sequence[Sequence[Pick]]) -> list[Pick]:
    """The picks of all parts of a question, each passage once and nothing said twice; of one part as they are."""
    if len(parts) == 1:
        return list(parts[0])
    merged: dict[str, Pick] = {}
    for one in chain.from_iterable(parts):
        earlier = merged.get(one.passage.id)
        if earlier is not None:
            # Two questions that seem to have one and the same item for an answer: it is safer to give all items.
            unclear = one.passage.listed and earlier.units == one.units
            units = tuple(range(len(one.passage.units)) if unclear else sorted({*earlier.units, *one.units}))
            merged[one.passage.id] = Pick(one.passage, units)
        else:
            said = [pick.passage.units[place] for pick in merged.values() for place in pick.units]
            new = [place for place in one.units if not is_said(said, one.passage.units[place])]
            if new := _led_somewhere(one.passage, new):
                merged[one.passage.id] = Pick(one.passage, tuple(new))
    return list(merged.values())


def _led_somewhere(passage: Passage, places: Sequence[int]) -> list[int]:
    """The places without those of sentences that lead into a list of which nothing is left."""

    def leads(at: int) -> bool:
        after = places[at + 1] if at + 1 < len(places) else None
        return after is not None and (after == places[at] + 1 or passage.is_item(after))

    return [place for at, place in enumerate(places) if leads(at) or not announces(passage.units[place])]


def write(picks: Sequence[Pick], points: bool = False) -> str:
    """The text of an answer within the limit: a block for each pick under the heading that it stands under, the first
    without; those of one kind of source together, named where there are several. With `points` each unit is one.
    """
    if points:
        lines = [f"- {as_sentence(one.passage.units[place])}" for one in picks for place in one.units]
        lengths = accumulate(len(line) + 1 for line in lines)
        return "\n".join(line for line, length in zip(lines, lengths, strict=True) if length <= ROOM)
    blocks: dict[Origin, list[str]] = {}
    length, before = 0, None
    for one in picks:
        block = _block(one, before)
        length += len(block) + 2
        if before is None or length <= WITH_HEADINGS:
            blocks.setdefault(one.passage.origin, []).append(block)
            before = one
    if len(blocks) == 1:
        text = "\n\n".join(*blocks.values())
    else:
        text = "\n\n".join(f"{FROM[origin]}\n" + "\n\n".join(told) for origin, told in blocks.items())
    return text if len(text) <= WITH_HEADINGS else text[: ROOM - 1].rsplit(" ", 1)[0] + "…"


def _block(pick: Pick, before: Pick | None) -> str:
    """A pick in words, under its heading where that is neither the one of the pick before nor the document's own."""
    passage = pick.passage
    opens = before is None or before.passage.place == passage.place or passage.kind == OPENING
    headed = not opens and bool(passage.joins)
    return f"**{cut(passage.section.replace('*', ''))}**\n{written(pick)}" if headed else written(pick)


def cut(heading: str) -> str:
    """A heading or a title, not longer than one reads."""
    return heading if len(heading) <= LONGEST_HEADING else f"{heading[: LONGEST_HEADING - 1].rstrip()}…"


def sources(picks: Iterable[Pick]) -> tuple[Source, ...]:
    """The sources of `picks` in the order of their use, each once."""
    return tuple(dict.fromkeys(source(one.passage) for one in picks))


def source(passage: Passage) -> Source:
    """Where a passage stands."""
    return Source(passage.title, None if passage.joins else passage.section, passage.locator, passage.url)


def shown_length(picks: Iterable[Pick]) -> int:
    """The characters that picks take, with what parts them."""
    return sum(len(written(one)) + 2 for one in picks)


def written(pick: Pick) -> str:
    """The units of a pick: sentences in running text, items in lines of their own."""
    return _of_document(pick) if pick.passage.joins else _of_script(pick)


def _of_document(pick: Pick) -> str:
    passage, told, before = pick.passage, "", -1
    for place in pick.units:
        unit, join = passage.units[place], passage.joins[place]
        if not told:
            told = join.lstrip() + unit if passage.is_item(place) else as_sentence(unit)
        elif passage.is_item(place):
            told += join + unit
        else:
            parted = join == PARAGRAPH or passage.is_item(before)
            told += (PARAGRAPH if parted else " ") + as_sentence(unit)
        before = place
    return told


def _of_script(one: Pick) -> str:
    passage, shown = one.passage, [one.passage.units[place] for place in one.units]
    if passage.kind == "quotes":
        return "\n".join(quoted(shown))
    if passage.kind == "statistics":
        return "\n".join(stated(shown))
    if passage.numbered and len(shown) == 1:
        return f"{passage.lead.rstrip(':')}, number {one.units[0] + 1} of {len(passage.units)}: {as_sentence(shown[0])}"
    if passage.listed and len(shown) > 1:
        marks = [f"{place + 1}." if passage.numbered else "-" for place in one.units]
        lines = [f"{mark} {unit}" for mark, unit in zip(marks, shown, strict=True)]
        return "\n".join([passage.lead, *lines] if passage.lead else lines)
    return " ".join(filter(None, (passage.lead, *map(as_sentence, shown))))


def holding(passage: Passage, places: Iterable[int], asked: str) -> tuple[int, ...]:
    """Those of the units that hold a figure which is `asked` about: "is the 60% backed by anything?"."""
    figures = {word for word in stems(asked) if word.isdigit()}
    return tuple(place for place in places if figures.intersection(stems(passage.units[place])))


def is_labelled(passage: Passage, place: int) -> bool:
    """Whether a unit is a piece of an example, or of what else has a label of its own: it says little elsewhere."""
    while not passage.is_item(place):
        if _LABELLED.match(passage.units[place]):
            return True
        if place == 0 or not passage.joins or passage.joins[place] == PARAGRAPH:
            return False
        place -= 1
    return False
