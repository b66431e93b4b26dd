"""Options: by number, letter or place; by degree."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.intents.options import degrees
from bot.intents.votes.places import place_among, place_named

FAMILIAR = ("Very familiar", "Somewhat familiar", "Not at all")
COSTS = ("Cloud compute", "Model licences", "Data storage", "People")

WORDS = ["very", "somewhat", "not", "at", "all", "familiar", "unfamiliar", "isn't", "1", "2", "9", "0", "b", "first"]
MORE_WORDS = ["last", "or", "and", ",", "?", "%", "a", "I", "under", "10", "data", "people", "no"]
SOME_TEXT = st.one_of(st.text(max_size=60), st.lists(st.sampled_from(WORDS + MORE_WORDS), max_size=8).map(" ".join))


def placed(text: str, count: int) -> int | None:
    named = place_named(text)
    return None if named is None else place_among(named, count)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("1", 1),
        ("2)", 2),
        ("#3", 3),
        ("(c)", 3),
        ("B", 2),
        ("a", 1),
        ("option 3", 3),
        ("number two please", 2),
        ("I'd go with the first one", 1),
        ("2nd", 2),
        ("the last one", 3),
        ("bottom", 3),
        ("the middle one", 2),
        ("0", None),
        ("4", None),
        ("d", None),
        ("100", None),
        ("2%", None),
        ("2 or so people", None),
        ("", None),
        ("the", None),
        ("?", None),
    ],
)
def test_options_are_chosen_by_place(text: str, place: int | None) -> None:
    assert placed(text, 3) == place


@pytest.mark.parametrize(("count", "place"), [(3, 2), (5, 3), (4, None), (2, None)])
def test_only_an_odd_number_of_options_has_a_middle_one(count: int, place: int | None) -> None:
    assert placed("the middle one", count) == place


@pytest.mark.parametrize(
    "text", ["tell me more about number two", "what does the second one mean?", "und die zweite?", "explain the second"]
)
def test_a_thing_is_named_by_its_place_in_many_words(text: str) -> None:
    assert place_named(text) == 2


@pytest.mark.parametrize("text", ["why is the second so high?", "two thirds of them", "the second quarter", "one more"])
def test_with_other_words_no_place_is_named(text: str) -> None:
    assert place_named(text) is None


@pytest.mark.parametrize(
    ("options", "found"),
    [
        (FAMILIAR, {"high": 1, "some": 2, "none": 3}),
        (("Not at all", "A bit", "Very"), {"none": 1, "some": 2, "high": 3}),
        (("Yes", "No"), {"high": 1, "none": 2}),
        (("Never", "Sometimes", "Always"), {"none": 1, "some": 2, "high": 3}),
        (COSTS, {}),
        (("Very high", "Very low"), {}),
        (("Very familiar",), {}),
        ((), {}),
    ],
)
def test_degrees_are_recognised(options: tuple[str, ...], found: dict[str, int]) -> None:
    assert degrees(options) == found


@given(SOME_TEXT, st.integers(0, 5))
def test_whatever_is_said_names_a_place_that_exists(text: str, count: int) -> None:
    assert placed(text, count) in (None, *range(1, count + 1))
