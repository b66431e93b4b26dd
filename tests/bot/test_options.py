"""Options: by number, letter or place; what is denied is no choice."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.intents.options import degrees, option_placed, options_denied

FAMILIAR = ("Very familiar", "Somewhat familiar", "Not at all")
COSTS = ("Cloud compute", "Model licences", "Data storage", "People")
BUDGETS = ("Under 10%", "About 25%", "About 40%", "Over 60%")

WORDS = ["very", "somewhat", "not", "at", "all", "familiar", "unfamiliar", "isn't", "1", "2", "9", "0", "b", "first"]
MORE_WORDS = ["last", "or", "and", ",", "?", "%", "a", "I", "under", "10", "data", "people", "no"]
SOME_TEXT = st.one_of(st.text(max_size=60), st.lists(st.sampled_from(WORDS + MORE_WORDS), max_size=8).map(" ".join))


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
    assert option_placed(text, 3) == place


@pytest.mark.parametrize(("count", "place"), [(3, 2), (5, 3), (4, None), (2, None)])
def test_only_an_odd_number_of_options_has_a_middle_one(count: int, place: int | None) -> None:
    assert option_placed("the middle one", count) == place


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("not very familiar", 1),
        ("I am not really very familiar with it", 1),
        ("isn't very familiar", 1),
        ("isn’t very familiar", 1),
        ("I wouldnt say very familiar", 1),
        ("never very familiar", 1),
        ("very unfamiliar", 1),
        ("not somewhat familiar", 2),
    ],
)
def test_what_is_denied_is_not_chosen(text: str, place: int) -> None:
    assert options_denied(text, FAMILIAR) == {place}


@pytest.mark.parametrize(
    "text",
    ["very familiar", "no doubt, very familiar", "very familiar, no question", "not at all", "not at all familiar"],
)
def test_what_is_affirmed_is_not_denied(text: str) -> None:
    assert options_denied(text, FAMILIAR) == frozenset()


def test_an_option_with_un_in_it_is_no_denial() -> None:
    assert options_denied("unlimited budgets", ("Unlimited budgets", "Limited budgets")) == frozenset()


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


@given(SOME_TEXT, st.sampled_from([FAMILIAR, COSTS, BUDGETS]))
def test_whatever_is_said_denies_options_that_exist(text: str, options: tuple[str, ...]) -> None:
    assert option_placed(text, len(options)) in (None, *range(1, len(options) + 1))
    assert options_denied(text, options) <= set(range(1, len(options) + 1))
