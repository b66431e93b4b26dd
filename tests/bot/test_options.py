"""Options: by number, letter, place or their own words; what is denied, or named beside another, is no choice."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.intents.options import degrees, names_several, option_named, option_placed, options_denied

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
    assert option_named(text, FAMILIAR) == place


@pytest.mark.parametrize(("count", "place"), [(3, 2), (5, 3), (4, None), (2, None)])
def test_only_an_odd_number_of_options_has_a_middle_one(count: int, place: int | None) -> None:
    assert option_placed("the middle one", count) == place


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Very familiar", 1),
        ("very familiar!", 1),
        ("I'm very familiar with it", 1),
        ("verry familar", 1),
        ("very", 1),
        ("somewhat", 2),
        ("sumewhat familiar", 2),
        ("some what familiar", 2),
        ("Not at all.", 3),
        ("not at all familiar", 3),
        ("not at al", 3),
        ("at all", 3),
        ("familiar", None),
        ("hello there", None),
        ("what does very familiar mean?", None),
        ("very interesting, but why does finops matter so much?", None),
    ],
)
def test_options_are_chosen_by_their_words(text: str, place: int | None) -> None:
    assert option_named(text, FAMILIAR) == place


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("compute", 1),
        ("cloud", 1),
        ("our model licences", 2),
        ("model licenses", 2),
        ("storage", 3),
        ("data storag", 3),
        ("people!", 4),
        ("everything", None),
        ("the data that people store in the cloud", None),
    ],
)
def test_options_that_are_no_degrees_are_chosen_by_their_words(text: str, place: int | None) -> None:
    assert option_named(text, COSTS) == place


@pytest.mark.parametrize(("text", "place"), [("under 10%", 1), ("over 60", 4), ("about 40%", 3), ("10", 1)])
def test_options_with_figures(text: str, place: int | None) -> None:
    assert option_named(text, BUDGETS) == place


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
    assert option_named(text, FAMILIAR) is None
    assert options_denied(text, FAMILIAR) == {place}


@pytest.mark.parametrize(
    "text",
    ["very familiar", "no doubt, very familiar", "very familiar, no question", "not at all", "not at all familiar"],
)
def test_what_is_affirmed_is_not_denied(text: str) -> None:
    assert options_denied(text, FAMILIAR) == frozenset()


def test_an_option_with_un_in_it_is_no_denial() -> None:
    assert option_named("unlimited budgets", ("Unlimited budgets", "Limited budgets")) == 1
    assert options_denied("unlimited budgets", ("Unlimited budgets", "Limited budgets")) == frozenset()


@pytest.mark.parametrize(
    ("text", "several"),
    [
        ("1 or 2", True),
        ("1 and 2", True),
        ("1, 3", True),
        ("a/b", True),
        ("a & c", True),
        ("first or last", True),
        ("very or somewhat familiar", True),
        ("Very familiar / Not at all", True),
        ("2 or 2", False),
        ("2", False),
        ("2,", False),
        ("somewhat familiar and very happy", False),
        ("yes and no", False),
        ("", False),
    ],
)
def test_several_options_are_noticed(text: str, several: bool) -> None:
    assert names_several(text, FAMILIAR) is several


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
def test_whatever_is_said_names_an_option_that_exists_or_none(text: str, options: tuple[str, ...]) -> None:
    assert option_named(text, options) in (None, *range(1, len(options) + 1))
    assert options_denied(text, options) <= set(range(1, len(options) + 1))


@given(
    st.sampled_from([FAMILIAR, COSTS, BUDGETS]), st.integers(1, 4), st.sampled_from(["{}", "{}!", " {} ", "{} please"])
)
def test_an_options_own_words_choose_it(options: tuple[str, ...], place: int, around: str) -> None:
    place = min(place, len(options))
    assert option_named(around.format(options[place - 1]), options) == place
