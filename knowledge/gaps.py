"""What the sources plainly lack: a field that a section does not have, an item beyond the end of a list."""

from __future__ import annotations

from collections.abc import Sequence

from knowledge.compose import Pick
from knowledge.question import Item
from knowledge.retriever import HybridRetriever, Search


def absent_field(search: Search, retriever: HybridRetriever) -> str | None:
    """What to say where a section is named that lacks the field asked for; None where that is not so."""
    best = search.best
    if best is None or not best.passage.named or not best.passage.locator:
        return None
    named = retriever.sections_named(search.mended)
    section = max(named, key=lambda name: named[name], default=None)
    if section is None or section == best.passage.section or named[section] < 1.0:
        return None
    if retriever.holds(best.passage.document, section, best.passage.kind):
        return None
    if not retriever.holds(best.passage.document, section, "content"):
        return None
    what = best.passage.lead.split(" (")[0].lower()
    return f"The section “{section}” has no {what} in the script."


def beyond_list(item: Item, picks: Sequence[Pick]) -> str | None:
    """What to say where an item is asked for that the list does not reach; None where that is not so."""
    listed = next((one.passage for one in picks if one.passage.listed), None)
    if item.place is None or listed is None or item.place <= len(listed.units):
        return None
    return f"There are only {len(listed.units)}: {'; '.join(listed.units)}."
