"""Aims: what a question aims at, learned from hints and, where there are none, from what documents say."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pytest
from knowledge.aim import Aim, Aims

from knowledge.chunks import Hint, Passage

if TYPE_CHECKING:
    from knowledge.embedder import Vectors


def passage(document: str, number: int, units: Sequence[str], hints: Sequence[str] = ()) -> Passage:
    return Passage(
        id=f"{document}/part/content/{number}",
        document=document,
        title=document,
        section="Part",
        locator=None,
        url=None,
        kind="content",
        lead="",
        units=tuple(units),
        hints=tuple(map(Hint, hints)),
    )


FUEL = passage("video", 0, ["Models burn fuel."], ["why is it like a car", "what does the fuel gauge mean"])
TEAM = passage("video", 1, ["Teams talk."], ["who should talk to whom", "which teams are meant"])
LEAVE = passage("handbook", 0, ["Holidays are asked for in the portal.", "Ask a week before."])
TRAVEL = passage("rules", 0, ["Trains are booked by the office.", "Planes are the exception."])
PASSAGES = (FUEL, TEAM, LEAVE, TRAVEL)


def vector(text: str) -> Vectors:
    made = np.full(64, 0.1, dtype=np.float32)
    for word in text.lower().strip(".?").split():
        made[hashlib.sha256(word.encode()).digest()[0] % 64] += 1
    return made / np.float32(np.linalg.norm(made))


def texts() -> dict[str, str]:
    said = {f"{one.id}#unit#{place}": unit for one in PASSAGES for place, unit in enumerate(one.units)}
    return said | {f"{one.id}#hint#{place}": hint.text for one in PASSAGES for place, hint in enumerate(one.hints)}


@pytest.fixture(scope="module")
def aims() -> Aims:
    said = texts()
    return Aims.learned(PASSAGES, lambda entries: np.stack([vector(said[entry]) for entry in entries]))


def aim(aims: Aims, text: str, *documents: str) -> Aim:
    return aims.aim(aims.nearness([text], vector(text)[np.newaxis])[0], documents)


def test_a_hint_leads_to_its_passage(aims: Aims) -> None:
    told = aim(aims, "what does the fuel gauge mean", "video")
    assert told.labels[FUEL.id] > 0.5 > told.labels[TEAM.id]


def test_what_a_document_without_hints_says_leads_to_it(aims: Aims) -> None:
    told = aim(aims, "Trains are booked by the office.", "handbook", "rules")
    assert told.labels["rules"] > 0.5 > told.labels["handbook"]


def test_only_documents_that_may_be_meant_are_looked_at(aims: Aims) -> None:
    both, one = (
        aim(aims, "asked for in the portal", *names) for names in (("handbook", "rules"), ("handbook", "none"))
    )
    assert set(both.labels) - set(one.labels) == {"rules"}
    assert one.at(LEAVE) == pytest.approx(both.at(LEAVE), abs=1e-6)
    assert one.at(FUEL) == pytest.approx(both.at(FUEL), abs=1e-6)
