"""Composing: from the passages found to the words of an answer, in whole units and in the order of the source.

The best passage whole where it is short, else its first sentence and the nearest of the others; then the nearest
sentences of the next passages where they add something. Measured on questions with what their answers must hold
(`script_questions_own`, `handbook_questions_own`): the best passage alone holds it all in 88 and 68 % of them, what is
composed here in 92 and 80 %.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from knowledge.chunks import Passage
from knowledge.documents.passages import TERM
from knowledge.extent import AS_COMPOSED, Extent
from knowledge.followup import leans_back
from knowledge.picks import Pick, announces, holding, is_labelled, is_said, is_told, says, shown_length
from knowledge.question import Item
from knowledge.retriever import HybridRetriever
from knowledge.search import Found, Search
from knowledge.words import content_words, stems

# Characters of an answer: what is left of the longest one beside the words around it and its sources.
ROOM = 1_250
# Characters up to which a passage is shown whole; of a longer one its first sentence and so many of the nearest units.
WHOLE, NEAREST = 900, 4
# So many of the passages behind the best one, by at most so much, give so many of their sentences. With a third one 6
# more of 1,664 answers hold what was asked, and they read worse.
FURTHER, BESIDE, EACH = 2, 0.25, 3
# An item of a list so much nearer than every other (a cosine) is meant alone; a word of the question that no other item
# holds brings it so much nearer.
ALONE, OWN_WORD = 0.10, 0.1
# How far behind a line of the glossary, or the opening of a document, a section may be that goes on from it, and for
# how many characters there must be room.
LED_TO, LEAST = 0.2, 600
# Questions with so many words that carry a subject at most ask what something is.
BRIEF = 4

_LEADS_OVER = re.compile(r"(?:let's|now,|here (?:are|is))\b", re.I)
_DEFINES = re.compile(
    r"\W*+(?:(?:so|ok|and|hey|hi|well)\W++)?+(?:what(?:'s|s)?\b(?! (?:if|about|would|should|does it cost))"
    r"|define\b|definition\b|meaning\b|explain\b|describe\b|tell me (?:about|what)\b)",
    re.I,
)


@dataclass(frozen=True)
class Composing:
    """One answer in the making: what was found for it, which item it asks for, what was told before, and how much of it
    is wanted.
    """

    search: Search
    item: Item
    told: str
    extent: Extent


def compose(
    search: Search,
    retriever: HybridRetriever,
    item: Item | None = None,
    told: str = "",
    room: int = ROOM,
    extent: Extent = AS_COMPOSED,
) -> list[Pick]:
    """What answers one question, best first, within `room` characters; [] where nothing was found.

    `told` is what was said before: what is asked for besides, such as another item, is not in it.
    """
    if search.best is None:
        return []
    making = Composing(search, item or Item(), told, extent)
    if extent.whole or extent.more:
        return _at_length(making, room)
    composed = _composed(making, retriever, room)
    return (_nearest_units(composed, making) or composed) if extent.most is not None else composed


def _at_length(making: Composing, room: int) -> list[Pick]:
    """The best passage and the others of its document, whole and nearest first, or of these what was not told yet; []
    where all was.
    """
    found = making.search.found
    shown: list[Pick] = []
    for one in found:
        passage = one.passage
        apart = passage.named or passage.authored or passage.kind == TERM
        if passage.document != found[0].passage.document or (apart and one != found[0]):
            continue
        pick = Pick(passage, tuple(range(len(passage.units))))
        told = making.extent.more and is_told([pick], making.told)
        if not told and (not shown or shown_length((*shown, pick)) <= room):
            shown.append(pick)
    return shown


def _nearest_units(picks: Sequence[Pick], making: Composing) -> list[Pick]:
    """So many units as are wanted: what says what something is, where that is asked; else the nearest to the question,
    those of the best passage first.
    """
    near = {one.passage: one.units for one in making.search.found}
    left, kept = making.extent.most or 0, []
    for pick in picks:
        units = near.get(pick.passage, (0.0,) * len(pick.passage.units))
        told = [place for place in pick.units if not announces(pick.passage.units[place])]
        first = 0 if _asks_what_it_is(making.search.mended) else None
        ranked = sorted(told, key=lambda place: (place != first, -units[place]))[:left]
        if ranked:
            kept.append(Pick(pick.passage, tuple(sorted(ranked))))
            left -= len(ranked)
    return kept


def _composed(making: Composing, retriever: HybridRetriever, room: int) -> list[Pick]:
    search = making.search
    assert search.best is not None
    found, best = search.found, search.found[0]
    shown = [Pick(best.passage, _units(best, making, room))]
    alone = len(shown[-1].units) > 1 or best.passage.numbered or holding(best.passage, shown[-1].units, search.mended)
    if best.passage.listed and (making.item != Item() or alone):
        return shown  # a list, or one item of it, is all that is asked for
    for one in found[1:]:
        if _named_too(one, best, search) or _of_same_section(one, best, shown):
            said = [pick.passage.units[place] for pick in shown for place in pick.units]
            new = [place for place, unit in enumerate(one.passage.units) if not is_said(said, unit)]
            rest = Pick(one.passage, tuple(new))
            shown += [rest] if new and shown_length((*shown, rest)) <= room else []
    if (second := _led_to(found, shown, retriever, search.mended)) is not None:
        left = room - shown_length(shown)
        told = _units(second, making, left) if left >= LEAST else ()
        if told and not announces(second.passage.units[told[-1]]):
            shown.append(Pick(second.passage, told))
    return [*shown, *_further(found, shown, search, room)]


def _further(found: Sequence[Found], shown: Sequence[Pick], search: Search, room: int) -> list[Pick]:
    """The nearest sentences of the next passages, those that fit and say something new."""
    further: list[Pick] = []
    known = {one.passage.id for one in shown}
    others = (one for one in found if one.passage.id not in known and _may_stand_beside(one.passage, found[0].passage))
    for other in islice(others, FURTHER):
        if found[0].score - other.score > BESIDE:
            break
        near = sorted(range(len(other.units)), key=lambda place: -other.units[place])[:EACH]
        pick = new_units(other.passage, near, (*shown, *further))
        if pick.units and shown_length((*shown, *further, pick)) <= room:
            further.append(pick)
    return further


def new_units(passage: Passage, places: Sequence[int], shown: Sequence[Pick]) -> Pick:
    """Those of the units that say something by themselves that was not said yet, with what leads into their lists."""
    said = [one.passage.units[place] for one in shown for place in one.units]
    new = [place for place in places if _tells(unit := passage.units[place]) and not is_said(said, unit)]
    new = [place for place in new if not leans_back(passage.units[place]) or place - 1 in new]
    new = [place for place in new if not is_labelled(passage, place)]
    leads = {lead for place in new if (lead := _lead(passage, place)) is not None}
    return Pick(passage, tuple(sorted(leads.union(new))))


def _tells(sentence: str) -> bool:
    """Whether a sentence says something by itself, and does not only lead to another ("Let's look at an example.")."""
    leads = _LEADS_OVER.match(sentence) is not None and len(content_words(sentence)) <= BRIEF
    return not (announces(sentence) or leads) and len(content_words(sentence)) > 0


def _may_stand_beside(passage: Passage, best: Passage) -> bool:
    """Whether a passage says something by itself: no field of a section, no line of the glossary, none of an editor;
    and of another document only where the best is no item of a list, which answers by itself.
    """
    elsewhere = best.listed and passage.document != best.document
    return not (passage.named or passage.authored or passage.kind == TERM or elsewhere)


def _named_too(other: Found, best: Found, search: Search) -> bool:
    """Whether a passage is asked for by name as well: the sound of a section beside its picture."""
    passage = other.passage
    there = passage.place == best.passage.place or passage.place in search.named
    return passage.named and passage.kind in search.asked and best.passage.kind in search.asked and there


def _of_same_section(other: Found, best: Found, shown: Sequence[Pick]) -> bool:
    """Whether a passage tells more of the section of the best one, which is short as a whole: "Time for a story." says
    nothing without what follows.
    """
    passage = other.passage
    if passage.place != best.passage.place or best.passage.named or passage.listed or passage.joins:
        return False
    return _may_stand_beside(passage, best.passage) and shown_length(shown) + len(passage.text) <= WHOLE


def _led_to(found: Sequence[Found], shown: Sequence[Pick], retriever: HybridRetriever, question: str) -> Found | None:
    """The section that goes on where the best passage only names its subject: a line of the glossary, or the opening
    of a document; None where there is none near.
    """
    best = found[0]
    is_term = best.passage.kind == TERM
    is_opening = bool(best.passage.joins) and retriever.opening(best.passage.document) == best.passage
    if not is_term and not (is_opening and not _asks_what_it_is(question)):
        return None
    for other in found[1:]:
        if best.score - other.score > LED_TO:
            return None
        is_shown = any(one.passage == other.passage for one in shown)
        if other.passage.kind != TERM and not is_shown and (is_term or other.passage.document == best.passage.document):
            return other
    return None


def _asks_what_it_is(question: str) -> bool:
    return bool(_DEFINES.match(question)) and len(content_words(question)) <= BRIEF


def _units(found: Found, making: Composing, room: int) -> tuple[int, ...]:
    """The items of a list that are meant; else all units where they are few, else the first and the nearest, with what
    leads into a list of which one is shown.
    """
    units = found.passage.units
    if found.passage.entire:
        return tuple(range(len(units)))
    if found.passage.listed:
        return _items(found, making)
    if len(found.passage.text) <= min(WHOLE, room):
        return tuple(range(len(units)))
    told = [place for place in range(1, len(units)) if not announces(units[place])]
    nearest = sorted(told, key=lambda place: -found.units[place])[:NEAREST]
    kept = {0}
    length = len(units[0])
    for place in nearest:
        lead = _lead(found.passage, place)
        added = {place, *([lead] if lead is not None else [])} - kept
        length += sum(len(units[one]) + 2 for one in added)
        if length > room:
            break
        kept |= added
    shown = sorted(kept)
    while len(shown) > 1 and announces(units[shown[-1]]):
        shown.pop()
    return tuple(shown)


def _items(found: Found, making: Composing) -> tuple[int, ...]:
    """The item asked for, the one that is clearly meant, or all that are left to say."""
    count, item = len(found.passage.units), making.item
    places = list(range(count))
    if making.told and item.other:
        # Where all of it has been told, it is told again.
        places = [place for place in places if not says(making.told, found.passage.units[place])] or places
    asked_for = [place - 1 if place > 0 else count + place for place in (item.place, *item.also) if place]
    if reached := sorted({place for place in asked_for if 0 <= place < count}):
        return tuple(reached)
    if figures := holding(found.passage, places, making.search.mended):
        return figures
    near = _nearness(found, frozenset(stems(making.search.mended)))
    ranked = sorted(places, key=lambda place: -near[place])
    second = near[ranked[1]] if len(ranked) > 1 else 0.0
    clearly = near[ranked[0]] - second >= ALONE and near[ranked[0]] >= found.hint
    if item.one or (item.other and len(places) < count) or clearly:
        return (ranked[0],)
    return tuple(places)


def beyond_list(item: Item, picks: Sequence[Pick]) -> str:
    """What to say where an item is asked for that the list does not reach; "" where that is not so."""
    listed = next((one.passage for one in picks if one.passage.listed), None)
    if item.place is None or listed is None or item.place <= len(listed.units):
        return ""
    units = "; ".join(unit.rstrip(".") for unit in listed.units)
    return f"There are only {len(listed.units)}: {units}."


def _nearness(found: Found, asked: frozenset[str]) -> list[float]:
    """How near each item is, nearer where it alone holds a word of the question."""
    held = [asked.intersection(stems(unit)) for unit in found.passage.units]
    own = [any(all(word not in other for other in held if other is not words) for word in words) for words in held]
    return [near + OWN_WORD * alone for near, alone in zip(found.units, own, strict=True)]


def _lead(passage: Passage, place: int) -> int | None:
    """The sentence before the list that a unit is an item of, in a document."""
    if not passage.joins or not passage.is_item(place):
        return None
    while place >= 0 and passage.is_item(place):
        place -= 1
    return place if place >= 0 else None
