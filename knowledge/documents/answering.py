"""Answering from documents: what was found for each part of a question, and how likely it answers."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from knowledge.compose import Pick
from knowledge.documents.composing import compose
from knowledge.documents.finding import DocumentSearch, Lookup
from knowledge.evidence import AN_ADDRESS, OWN_DATA, missing_fact
from knowledge.followup import Followup, points
from knowledge.odds import Odds
from knowledge.search import Met

WEIGHTS = Path(__file__).with_name("decision.json")
# Characters of an answer that is made of documents alone.
ROOM = 1_250
# By so much more likely a follow-up is answered when it is read with the question before it, or else by itself.
TOGETHER = 0.1


class Likelihood:
    """How likely the best passage answers: a logistic regression over the features of a lookup."""

    def __init__(self, table: Mapping[str, Any] | None = None) -> None:
        """`table` is one that `finops-bot eval --fit` wrote; by default that of the project."""
        table = json.loads(WEIGHTS.read_text("utf-8")) if table is None else table
        self._odds = Odds(table)
        self.answer_from = float(table["answer_from"])
        self.nearest_from = float(table["nearest_from"])

    def of(self, lookup: Lookup) -> float:
        """From 0 to 1; 0 where nothing was found, where what only the asker's own account holds is asked for, or an
        address that the best passage lacks: nothing near it stands for that.
        """
        if lookup.best is None or not lookup.features or OWN_DATA.search(lookup.question):
            return 0.0
        if missing_fact(lookup.question, lookup.best.passage.text) == AN_ADDRESS:
            return 0.0
        return self._odds.chance(lookup.features)


@dataclass(frozen=True)
class Holding:
    """What documents say to one part of a question: the lookup, and how likely it answers, from 0 to 1."""

    lookup: Lookup
    likely: float


class DocumentAnswers:
    """Answers from the documents of one generation."""

    def __init__(self, search: DocumentSearch, likelihood: Likelihood | None = None) -> None:
        self._search = search
        self._likelihood = likelihood or Likelihood()

    @property
    def answer_from(self) -> float:
        """From this likelihood on what is found is given as an answer."""
        return self._likelihood.answer_from

    @property
    def nearest_from(self) -> float:
        """From this likelihood on what is found is worth reading although it does not answer."""
        return self._likelihood.nearest_from

    def told(self, met: Met) -> Holding:
        """What is found for one question."""
        lookup = self._search.find(met)
        return Holding(lookup, self._likelihood.of(lookup))

    def parts(self, mets: Sequence[Met], followup: Followup | None, stands: bool = False) -> tuple[Holding, ...]:
        """What is found for each part of a question; `mets` are, for a follow-up, itself, both questions as one and
        that before, else the whole question and its parts. Of a follow-up that `stands` by itself nothing before it
        counts.
        """
        if followup is not None:
            alone, both = map(self.told, mets[:2])
            if stands:
                return (alone,)
            ahead = alone.likely - both.likely
            return (alone if ahead > TOGETHER and not points(mets[0].question) else both,)
        whole, *pieces = map(self.told, mets)
        if len(pieces) > 1 and all(one.likely >= self.answer_from for one in pieces):
            return tuple(pieces)
        return (max((whole, *pieces), key=lambda one: one.likely),)

    def compose(self, told: Sequence[Holding], room: int = ROOM) -> list[Pick]:
        """What is shown of all parts, each passage once."""
        shown: list[Pick] = []
        for one in told:
            for new in compose(one.lookup, self._search, room // len(told)):
                if all(new.passage != known.passage for known in shown):
                    shown.append(new)
        return shown
