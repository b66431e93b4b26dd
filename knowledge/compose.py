"""Composing: from the passages found to the words of an answer, in whole units and in the order of the source."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from knowledge.answer import MAX_ANSWER, Source
from knowledge.chunks import PARAGRAPH, Passage, as_sentence
from knowledge.provenance import quoted, stated
from knowledge.question import Item, in_full, joined
from knowledge.retriever import HybridRetriever
from knowledge.search import Found, Search
from knowledge.words import content_words, stems

# A unit this much nearer than every other is meant alone.
ALONE = 0.10
# A word of the question that no other item holds brings an item so much nearer.
OWN_WORD = 0.1
# Sentences this close to the nearest one belong to the answer as well.
BESIDE = 0.12
WINDOW = 3
# A second passage joins in only if it is nearly as good as the first.
NEARLY = 0.30
# Two texts that share this much of their words say the same.
SAME = 0.65

_LEANS = re.compile(
    r"^(?:(?:it|it's|its|they|they're|their|this|that|these|those|he|she|so|and|but|well)\b|how\?|why\?)"
    r"|, (?:they|it|he|she)\b",
    re.I,
)
_NAMELESS = re.compile(r"^(?:let's|now,|here (?:are|is))\b", re.I)

# What is left of the longest answer beside the words around it.
ROOM = MAX_ANSWER - 200


@dataclass(frozen=True)
class Pick:
    """The units of a passage that go into an answer, by their places."""

    passage: Passage
    units: tuple[int, ...]


@dataclass(frozen=True)
class Asking:
    """How much of a passage is asked for; `told` is what was said before and is not said again."""

    item: Item
    told: str
    several: bool
    in_full: bool
    stems: frozenset[str]


def pick(search: Search, item: Item, retriever: HybridRetriever, told: str = "") -> list[Pick]:
    """What answers one question, best first; `told` is what was said before and is not said again."""
    if search.best is None:
        return []
    if told and item.place is None and not item.other:
        search = replace(search, found=_untold(search, told))
    if item.one:
        search = replace(search, found=_lists_first(search.found))
    wanted = search.joint or _completed(search, retriever)
    asking = Asking(item, told, bool(joined(search.mended)), in_full(search.mended), frozenset(stems(search.mended)))
    return [Pick(found.passage, _units(found, asking)) for found in wanted]


def _untold(search: Search, told: str) -> tuple[Found, ...]:
    """The passages with those first that have something new to say, as long as they are nearly as near.

    What is asked for by name is said again.
    """
    found = search.found
    near = [one for one in found if found[0].score - one.score < NEARLY]
    new = [one for one in near if one.passage.kind in search.asked or not _told(one, told)]
    return tuple(dict.fromkeys((*new, *found)))


def _told(found: Found, told: str) -> bool:
    """Whether what would be said of a passage was said before: all of a list, else the nearest of its sentences."""
    nearest = found.passage.units[max(range(len(found.units)), key=found.units.__getitem__)]
    return all(says(told, unit) for unit in (found.passage.units if found.passage.listed else (nearest,)))


def _lists_first(found: Sequence[Found]) -> tuple[Found, ...]:
    """The passages with lists first, as long as they are nearly as near: one of a list is asked for."""
    lists = [one for one in found if one.passage.listed and found[0].score - one.score < NEARLY]
    return tuple(dict.fromkeys((*lists, *found)))


def _completed(search: Search, retriever: HybridRetriever) -> Sequence[Found]:
    """The best passage, and the one that holds the other half of a question that joins two things."""
    first = search.found[0]
    pieces = joined(search.mended)
    if not pieces:
        return [first]
    missing = [
        word
        for piece in pieces
        for word in stems(piece)
        if retriever.knows(word) and word not in retriever.subjects(first.passage)
    ]
    if not missing:
        return [first]
    telling = max(missing, key=retriever.weight)
    for other in search.found[1:]:
        if other.passage.named and other.passage.kind not in search.asked:
            continue
        close = first.score - other.score < NEARLY
        if close and telling in retriever.subjects(other.passage) and not _same(first.passage, other.passage):
            return [first, other]
    return [first]


def _units(found: Found, asked: Asking) -> tuple[int, ...]:
    passage = found.passage
    places = list(range(len(passage.units)))
    if passage.entire:
        return tuple(places)
    if not passage.listed:
        places = [place for place in places if not _leads_over(passage.units[place])] or places
    if asked.told and (asked.item.other or not passage.listed):
        # Where all of it has been told, it is told again; a list is told whole, or one may not choose from it.
        places = [place for place in places if not says(asked.told, passage.units[place])] or places
    if passage.listed:
        return _items(found, asked, places)
    return tuple(places if asked.in_full or len(places) <= WINDOW else _window(found, places))


def _items(found: Found, asked: Asking, places: list[int]) -> tuple[int, ...]:
    """The item asked for, the one that is clearly meant, or all that are left to say."""
    count, item = len(found.passage.units), asked.item
    if asked_for := [place - 1 if place > 0 else count + place for place in (item.place, *item.also) if place]:
        reached = sorted({place for place in asked_for if 0 <= place < count})
        if reached:
            return tuple(reached)
    near = _nearness(found, asked.stems)
    ranked = sorted(places, key=lambda place: -near[place])
    best = near[ranked[0]]
    second = near[ranked[1]] if len(ranked) > 1 else 0.0
    if item.one or (item.other and len(places) < count):
        return (ranked[0],)
    if not asked.several and best - second >= ALONE and best >= found.hint:
        return (ranked[0],)
    return tuple(places)


def _nearness(found: Found, asked: frozenset[str]) -> list[float]:
    """How near each item is, nearer where it alone holds a word of the question."""
    held = [asked.intersection(stems(unit)) for unit in found.passage.units]
    shared = Counter(word for words in held for word in words)
    own = [any(shared[word] == 1 for word in words) for words in held]
    return [near + OWN_WORD * alone for near, alone in zip(found.units, own, strict=True)]


def _window(found: Found, places: list[int]) -> list[int]:
    """The nearest sentence, those beside it that are nearly as near, and what they lean on."""
    near = [found.units[place] for place in places]
    first = last = max(range(len(places)), key=near.__getitem__)
    enough = near[first] - BESIDE
    while last - first + 1 < WINDOW:
        before = near[first - 1] if first > 0 else -math.inf
        after = near[last + 1] if last + 1 < len(places) else -math.inf
        if max(before, after) < enough:
            break
        if before > after:
            first -= 1
        else:
            last += 1
    if found.passage.units[places[last]].endswith("?") and last + 1 < len(places):
        last += 1  # a question in the text is answered by what follows it
    while first > 0 and _LEANS.search(found.passage.units[places[first]]):
        first -= 1
    return places[first : last + 1]


def _leads_over(sentence: str) -> bool:
    return (bool(_NAMELESS.match(sentence)) and len(content_words(sentence)) <= 4) or len(content_words(sentence)) == 0


def says(told: str, unit: str) -> bool:
    """Whether `told` says what `unit` says."""
    said, unit_stems = set(stems(told)), set(stems(unit))
    return bool(unit_stems) and len(unit_stems & said) >= SAME * len(unit_stems)


def _same(one: Passage, other: Passage) -> bool:
    return says(one.text, other.text) or says(other.text, one.text)


def merge(picks: Iterable[Pick]) -> list[Pick]:
    """The picks of all parts of a question, each passage once and nothing said twice."""
    merged: dict[str, Pick] = {}
    for one in picks:
        earlier = merged.get(one.passage.id)
        if earlier is not None:
            # Two questions that seem to have one and the same item for an answer: it is safer to give all items.
            unclear = one.passage.listed and earlier.units == one.units
            units = tuple(range(len(one.passage.units)) if unclear else sorted({*earlier.units, *one.units}))
            merged[one.passage.id] = Pick(one.passage, units)
        else:
            said = write(list(merged.values())) if merged else ""
            new = tuple(place for place in one.units if not says(said, one.passage.units[place]))
            if new:
                merged[one.passage.id] = Pick(one.passage, new)
    return list(merged.values())


def write(picks: Sequence[Pick]) -> str:
    """The text of an answer: sentences in the order of their passage, lists as lists, within the limit."""
    blocks: list[str] = []
    for one in picks:
        block = _block(one)
        if sum(map(len, blocks)) + len(block) + 2 * len(blocks) <= ROOM:
            blocks.append(block)
    return "\n\n".join(blocks) or _block(picks[0])[: ROOM - 1].rsplit(" ", 1)[0] + "…"


def sources(picks: Iterable[Pick]) -> tuple[Source, ...]:
    """The sources of `picks` in the order of their use, each once."""
    return tuple(dict.fromkeys(source(one.passage) for one in picks))


def source(passage: Passage) -> Source:
    """Where a passage stands."""
    return Source(passage.title, passage.section if passage.origin == "video" else None, passage.locator, passage.url)


def written(pick: Pick) -> str:
    """The units of a pick: sentences in running text, items in lines of their own."""
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


def _shown(one: Pick) -> list[str]:
    return [one.passage.units[place] for place in one.units]


def _block(one: Pick) -> str:
    passage, shown = one.passage, _shown(one)
    if passage.joins:
        return written(one)
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
