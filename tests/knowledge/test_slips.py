"""Candidates for a slip: none that is near enough is left out, and most that are not are."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from knowledge.slips import Candidates

LETTERS = st.text("abcdeéßж'", min_size=1, max_size=8)


@given(st.lists(LETTERS, max_size=20), LETTERS, st.integers(1, 2))
def test_every_word_within_reach_is_found_in_order(known: list[str], word: str, slips: int) -> None:
    found = Candidates(known).near(word, slips)
    assert found == sorted(found)
    assert {one for one in known if OSA.distance(one, word) <= slips} <= set(found) <= set(known)


def test_what_is_far_is_left_out() -> None:
    known = ["transparency", "collaboration", "budget", "budgets", "poll"]
    assert Candidates(known).near("buget", 2) == ["budget", "budgets"]
    assert Candidates(known).near("zebra", 2) == []
    assert Candidates([]).near("zebra", 2) == []
