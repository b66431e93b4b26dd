"""Deciding: an answer, the nearest that there is, or neither, by a logistic regression over what was measured.

Weights and thresholds are fitted by `finops-bot eval --fit` (see `knowledge.fitting`) and lie in `decision.json` with
the command and the files that made them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from knowledge.answer import Verdict
from knowledge.chunks import ALL_SECTIONS
from knowledge.evidence import OWN_DATA, asks_for_share, claimed_figures, figures, missing_fact
from knowledge.odds import Odds
from knowledge.picks import Pick, written
from knowledge.question import asks
from knowledge.search import Search

WEIGHTS = Path(__file__).with_name("decision.json")


class Decider:
    """Judges what was found with fitted weights.

    There are two sets of them: for passages beside which questions were written ("hinted"), which come nearer to what
    they answer, and for all others ("plain").
    """

    def __init__(self, table: Mapping[str, Any] | None = None) -> None:
        """`table` is one that `finops-bot eval --fit` wrote; by default that of the project."""
        table = json.loads(WEIGHTS.read_text("utf-8")) if table is None else table
        self._tables: dict[str, Mapping[str, Any]] = {name: table[name] for name in ("hinted", "plain")}
        self._odds = {name: Odds(of_it) for name, of_it in self._tables.items()}
        self._subject_from = float(table["subject_from"])

    def chance(self, search: Search) -> float:
        """How likely the best passage answers, from 0 to 1; 0 where nothing was found, and where what only the asker's
        own account holds is asked for, unless a document of the asker's team comes nearest.
        """
        if search.best is None or (search.best.passage.origin != "own" and OWN_DATA.search(search.question)):
            return 0.0
        return self._odds[_kind(search)].chance(search.features)

    def is_off_subject(self, search: Search) -> bool:
        """Whether a question that is not answered is about something else than the sources are."""
        return not search.features or search.features["about"] < self._subject_from

    def verdict(self, search: Search, picks: Sequence[Pick]) -> Verdict:
        """What is done with `picks`, composed from what was found."""
        chance = self.chance(search)
        if is_of_another_section(search):
            return "nearest"
        if search.best is None or chance < self._threshold(search, "nearest_from"):
            return "decline"
        sure = chance >= self._threshold(search, "answer_from")
        if not sure and not search.best.passage.is_hinted and self.is_off_subject(search):
            # To a question about something else nothing is near. Passages with written questions are also met by words
            # that no source uses, so for them only the chance decides.
            return "decline"
        if wrong_figure(search, picks):
            # "What share saves over 50 %?" claims nothing that could be corrected.
            return "decline" if asks_for_share(search.mended) else "correct"
        lacks = lacking_fact(search, picks) is not None or is_announced(search)
        return "answer" if sure and not lacks else "nearest"

    def margin(self, search: Search) -> float:
        """By how much the chance is above that from which on it is an answer; to compare two searches by."""
        return self.chance(search) - self._threshold(search, "answer_from")

    def _threshold(self, search: Search, name: str) -> float:
        return float(self._tables[_kind(search)][name])


def _kind(search: Search) -> str:
    return "hinted" if search.best is not None and search.best.passage.is_hinted else "plain"


def is_of_another_section(search: Search) -> bool:
    """Whether a field is asked for of a section that has none, so that the best passage is that of other sections."""
    best = search.best
    return (
        best is not None
        and best.passage.named
        and bool(best.passage.locator or best.passage.section == ALL_SECTIONS)
        and bool(search.named)
        and best.passage.place not in search.named
    )


def is_announced(search: Search) -> bool:
    """Whether a question about a subject meets only the announcement of that subject."""
    best = search.best
    return best is not None and best.passage.kind == "teaser" and not search.features["by_name"] and asks(search.mended)


def lacking_fact(search: Search, picks: Sequence[Pick]) -> str | None:
    """The kind of fact that is asked for and that the document which answers best does not state; None where it does.

    What another document says beside it may be about something else.
    """
    best = picks[0].passage if picks else None
    text = "\n".join(written(one) for one in picks if best and one.passage.document == best.document)
    return missing_fact(search.mended, text)


def wrong_figure(search: Search, picks: Sequence[Pick]) -> bool:
    """Whether the question states a figure that the passages do not, where what is shown of them states another."""
    told = figures(" ".join(one.passage.text for one in picks))
    return bool(claimed_figures(search.mended) - told) and bool(figures(" ".join(map(written, picks))))
