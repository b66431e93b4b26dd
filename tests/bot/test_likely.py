"""Votes by meaning: a likely degree is counted, a likely option asked about; nothing that asks, doubts or names is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from bot.intents.votes.likely import likely
from tests.bot.conftest import Taught

FAMILIAR = ("Very familiar", "Somewhat familiar", "Not at all")
ROOMS = ("Kitchen", "Hallway", "Second floor")


class Scored(Taught):
    """Scores and likeness as they are given."""

    def __init__(self, scores: Mapping[str, float], near: Sequence[float] = ()) -> None:
        super().__init__({})
        self._scores, self._near = scores, near

    def scores(self, text: str, setting: str) -> Mapping[str, float]:
        return self._scores

    def likeness(self, text: str, others: Sequence[str]) -> Sequence[float]:
        return self._near


SURE = Scored({"poll_answer high": 0.8, "poll_answer some": 0.1}, (0.3, 0.2, 0.9, 0.2))
UNLIKE = Scored({"poll_answer high": 0.3, "poll_answer some": 0.28, "question": 0.5}, (0.1, 0.2, 0.25, 0.2))


@pytest.mark.parametrize(
    ("text", "options", "place", "certainty"),
    [("ten years of it", FAMILIAR, 1, "meant"), ("in the corridor please", ROOMS, 2, "open")],
)
def test_a_likely_degree_is_meant_and_a_likely_option_asked_about(
    text: str, options: Sequence[str], place: int, certainty: str
) -> None:
    found = likely(text, "Which one?", options, SURE, "poll_open")
    assert found is not None
    assert (found.place, found.certainty) == (place, certainty)
    unlike = likely(text, "Which one?", options, UNLIKE, "poll_open")
    assert unlike is not None
    assert unlike.certainty != "meant"


@pytest.mark.parametrize(
    ("text", "options"),
    [
        *((text, FAMILIAR) for text in ("maybe ten years of it", "ten years of it?", "not that familiar")),
        *((text, ROOMS) for text in ("Anna wants the corridor, kitchen", "4 of them", "they like the corridor")),
        ("love it", ("Yes", "No")),
    ],
)
def test_what_asks_doubts_or_names_options_is_left_to_the_rules(text: str, options: Sequence[str]) -> None:
    assert likely(text, "Which one?", options, SURE, "poll_open") is None
