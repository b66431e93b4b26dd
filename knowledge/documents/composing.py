"""Composing an answer from passages of documents: whole units in the order of their section, lists as lists."""

from __future__ import annotations

import re
from collections.abc import Sequence

from knowledge.chunks import Passage
from knowledge.compose import Pick, says, written
from knowledge.documents.finding import DocumentSearch, Lookup, Topical
from knowledge.documents.passages import TERM
from knowledge.words import content_words

# Characters up to which a section is shown whole; of a longer one its first sentence and so many of the nearest units.
WHOLE, NEAREST = 900, 4
# Sentences of further passages, from passages whose score is so near to that of the best.
FURTHER, BESIDE = 2, 0.1
# How far behind a line of the glossary, or the opening of a document, a section may be that goes on from it, and for
# how many characters there must be room.
LED_TO, LEAST = 0.2, 600
# Questions with so many words that carry a subject at most ask what something is.
BRIEF = 4

_DEFINES = re.compile(
    r"\W*+(?:(?:so|ok|and|hey|hi|well)\W++)?+(?:what(?:'s|s)?\b(?! (?:if|about|would|should|does it cost))"
    r"|define\b|definition\b|meaning\b|explain\b|describe\b|tell me (?:about|what)\b)",
    re.I,
)


def compose(lookup: Lookup, search: DocumentSearch, room: int) -> list[Pick]:
    """What answers a question, best first, within `room` characters; [] where nothing was found."""
    if lookup.best is None:
        return []
    best = lookup.best
    shown: list[Pick] = []
    opening = search.opening(best.passage) if _asks_what_it_is(lookup.mended) and best.passage.kind != TERM else None
    if opening not in (None, best.passage) and len(opening.text) + len(best.passage.text) <= room:
        shown.append(Pick(opening, tuple(range(len(opening.units)))))
    shown.append(Pick(best.passage, _units(best, room - sum(len(written(one)) for one in shown))))
    if (second := _led_to(lookup, search, shown)) is not None:
        left = room - sum(len(written(one)) + 2 for one in shown)
        if left >= LEAST:
            shown.append(Pick(second.passage, _units(second, left)))
    further = 0
    for other in lookup.found[1:]:
        if (
            further == FURTHER
            or best.score - other.score > BESIDE
            or other.passage.kind == TERM
            or any(one.passage == other.passage for one in shown)
        ):
            continue
        said = " ".join(written(one) for one in shown)
        place = max(range(len(other.units)), key=other.units.__getitem__)
        sentence = other.passage.units[place]
        fits = sum(len(written(one)) + 2 for one in shown) + len(sentence) <= room
        alone = not (other.passage.is_item(place) or announces(sentence))
        if fits and alone and not says(said, sentence):
            shown.append(Pick(other.passage, (place,)))
            further += 1
    return shown


def _led_to(lookup: Lookup, search: DocumentSearch, shown: Sequence[Pick]) -> Topical | None:
    """The section that goes on where the best passage only names its subject: a line of the glossary, or the opening
    of a document; None where there is none near.
    """
    best = lookup.found[0]
    is_term, is_opening = best.passage.kind == TERM, search.opening(best.passage) == best.passage
    if not is_term and not (is_opening and not _asks_what_it_is(lookup.mended)):
        return None
    for other in lookup.found[1:]:
        if best.score - other.score > LED_TO:
            return None
        is_shown = any(one.passage == other.passage for one in shown)
        if other.passage.kind != TERM and not is_shown and (is_term or other.passage.document == best.passage.document):
            return other
    return None


def _asks_what_it_is(question: str) -> bool:
    return bool(_DEFINES.match(question)) and len(content_words(question)) <= BRIEF


def _units(found: Topical, room: int) -> tuple[int, ...]:
    """All units where they are few, else the first, the nearest, and what leads into a list of which one is shown."""
    units = found.passage.units
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
    return tuple(sorted(kept))


def announces(sentence: str) -> bool:
    """Whether a sentence only says that something follows, which it must then: "A useful page has:"."""
    return sentence.rstrip().endswith(":")


def _lead(passage: Passage, place: int) -> int | None:
    """The sentence before the list that a unit is an item of."""
    if not passage.is_item(place):
        return None
    while place >= 0 and passage.is_item(place):
        place -= 1
    return place if place >= 0 else None
