"""What the sources plainly lack: a field that a section does not have, an item beyond the end of a list."""

from __future__ import annotations

from collections.abc import Sequence

from knowledge.chunks import Passage, Place
from knowledge.compose import Pick
from knowledge.question import Item, moment
from knowledge.retriever import HybridRetriever
from knowledge.script.text import clock
from knowledge.search import Search
from knowledge.words import stems


def absent_field(search: Search, retriever: HybridRetriever) -> str | None:
    """What to say where a section is named that lacks the field asked for; None where that is not so."""
    best, named = search.best, search.named
    if best is not None and (second := moment(search.mended)) is not None and not named:
        ends = retriever.ends(best.passage.document)
        if ends is not None and second >= ends:
            return f"The video is over by then: it runs to {clock(ends)}."
    place = max(
        (name for name in named if best and name.document == best.passage.document),
        key=lambda name: named[name],
        default=None,
    )
    if best is None or place is None or named[place] < 1.0:
        return None
    if best.passage.place == place and best.passage.kind in search.asked:
        return None
    asked = _fields_asked(best.passage, place, search.mended, retriever)
    held = [field for field in asked if retriever.holds(place, field.kind)]
    if not asked or held or not retriever.holds(place, "content"):
        return None
    return f"The section “{place.section}” has no {_name(asked[0])} in the script."


def _fields_asked(best: Passage, place: Place, text: str, retriever: HybridRetriever) -> list[Passage]:
    """For each field of a section that `text` names in full a passage of its kind; else the field of `best`."""
    fields = retriever.fields(best.document)
    said = set(stems(text))
    # A word that asks for one field only ("interactive") asks for it as well as its name does.
    plain = {kind.removesuffix("-overview") for kinds in retriever.kinds_by_word(text).values() for kind in _one(kinds)}
    if asked := [field for kind, field in fields.items() if kind in plain or said >= set(stems(_name(field)))]:
        return asked
    nearest = fields.get(best.kind.removesuffix("-overview"))
    return [nearest] if nearest is not None and best.place != place else []


def _one(kinds: frozenset[str]) -> frozenset[str]:
    """`kinds` where they are those of one field."""
    return kinds if len({kind.removesuffix("-overview") for kind in kinds}) == 1 else frozenset()


def _name(field: Passage) -> str:
    return field.lead.split(" (")[0].lower()


def beyond_list(item: Item, picks: Sequence[Pick]) -> str | None:
    """What to say where an item is asked for that the list does not reach; None where that is not so."""
    listed = next((one.passage for one in picks if one.passage.listed), None)
    if item.place is None or listed is None or item.place <= len(listed.units):
        return None
    units = "; ".join(unit.rstrip(".") for unit in listed.units)
    return f"There are only {len(listed.units)}: {units}."
