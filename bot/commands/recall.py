"""Recall: whether the sections that hold an answer are among the first that were found for its question."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.commands.graded import Question, Verdict
from knowledge.chunks import ABOUT, ALL_SECTIONS, Passage
from knowledge.words import stem, words

if TYPE_CHECKING:
    from knowledge.library import Library

DEPTHS = (1, 3)
# The narration in full has the sections of the script: "full.why" is "why".
_FULL = "full."


@dataclass(frozen=True)
class Recall:
    """Of how many questions the sections are known, and what share of those sections is among the first so many."""

    questions: int
    at: dict[int, float]


def recall(library: Library, judged: Iterable[tuple[Question, Verdict]]) -> Recall | None:
    """Recall over the rows that name their sections; None where none does."""
    titles = tuple(dict.fromkeys(passage.section for passage in library.passages()))
    shares: dict[int, list[float]] = {depth: [] for depth in DEPTHS}
    for row, verdict in judged:
        gold = gold_sections(row, titles)
        if gold:
            card = [frozenset({section}) for section in verdict.sections]
            rankings = [card] if card else found_sections(library, row)
            for depth in DEPTHS:
                found = frozenset[str]().union(*(group for ranking in rankings for group in ranking[:depth]))
                needed = min(int(row.record.get("sections_needed", 1)), len(gold))
                shares[depth].append(min(1.0, len(gold & found) / needed))
    count = len(shares[DEPTHS[0]])
    return Recall(count, {depth: sum(share) / count for depth, share in shares.items()}) if count else None


def gold_sections(row: Question, titles: Sequence[str]) -> set[str]:
    """The sections that a row names by ids ("why", "short_form"), as far as their titles begin a word with those.

    An id that no title knows ("meta") stands for what is said about the video as a whole.
    """
    ids = [str(name) for name in row.record.get("section_ids", ())]
    known = {name: _titled(name.removeprefix(_FULL), titles) for name in ids}
    whole = {ABOUT for name, found in known.items() if not found and not name.startswith(_FULL)}
    return whole.union(*known.values())


def _titled(name: str, titles: Sequence[str]) -> set[str]:
    wanted = [(word, stem(word)) for word in words(name.replace("_", " "))]
    return {
        title
        for title in titles
        if all(any(word.startswith(starts) for word in words(title)) for starts in wanted)
        and title not in (ABOUT, ALL_SECTIONS)
    }


def found_sections(library: Library, row: Question) -> list[list[frozenset[str]]]:
    """The sections found for each part of a question, best first; what gathers a field of all sections stands for
    those that it names.
    """
    titles = tuple(dict.fromkeys(passage.section for passage in library.passages()))
    parts = library.chain.judge(row.asked, row.history)
    return [list(dict.fromkeys(_sections_of(found.passage, titles) for found in part.search.found)) for part in parts]


def _sections_of(passage: Passage, titles: Sequence[str]) -> frozenset[str]:
    if passage.section != ALL_SECTIONS:
        return frozenset({passage.section})
    return frozenset(title for title in titles if any(unit.startswith(title) for unit in passage.units))
