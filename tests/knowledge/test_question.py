"""What a question asks, as far as its words say."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.question import (
    Item,
    asks,
    clean,
    clock_span,
    has_words,
    item_asked,
    joined,
    moment,
    parts,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("What is FinOps?", ["What is FinOps?"]),
        ("What is FinOps and why does it matter?", ["What is FinOps", "why does it matter?"]),
        ("What is FinOps? Why does it matter?", ["What is FinOps?", "Why does it matter?"]),
        ("which poll is there, which quiz", ["which poll is there", "which quiz"]),
        ("How long is the video, what is its title and who narrates it?", 3),
        ("What is the poll and the quiz?", ["What is the poll and the quiz?"]),
        ("I am new here. What is FinOps?", ["I am new here. What is FinOps?"]),
        ("My boss wants a number: how much can we save?", ["My boss wants a number how much can we save?"]),
        ("What is the quiz answer, I want to check mine", ["What is the quiz answer, I want to check mine"]),
        ("What did they achieve, and how?", ["What did they achieve, how?"]),
        ("Is it true? And why?", ["Is it true?, And why?"]),
        ("explain the benefits", ["explain the benefits"]),
        ("What comes next, and what should I do until then?", ["What comes next", "what should I do until then?"]),
        ("Which chapter is it, and in which book?", ["Which chapter is it", "in which book?"]),
        ("Who is it for and at what time does it start?", ["Who is it for", "at what time does it start?"]),
        ("", [""]),
    ],
)
def test_parts(text: str, expected: list[str] | int) -> None:
    found = parts(text)
    assert (len(found) if isinstance(expected, int) else found) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the poll and the quiz", ["the poll", "the quiz"]),
        ("visual, audio and accessibility", ["visual", "audio", "accessibility"]),
        ("the title as well as the length", ["the title", "the length"]),
        ("costs & budgets", ["costs", "budgets"]),
        ("What is the quiz?", []),
        ("and so on, and so on", []),
    ],
)
def test_joined(text: str, expected: list[str]) -> None:
    assert joined(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("What is the third benefit?", Item(3)),
        ("the 2nd takeaway", Item(2)),
        ("takeaway number 4", Item(4)),
        ("benefit no. 5", Item(5)),
        ("Item #1, please", Item(1)),
        ("the eleventh", Item()),
        ("the 11th benefit", Item(11)),
        ("benefit 3", Item(3)),
        ("And the last one?", Item(-1)),
        ("the first and the last benefit", Item(1, also=(-1,))),
        ("the first two takeaways", Item(1, also=(2,))),
        ("the last two", Item(-1, also=(-2,))),
        ("the first two minutes", Item(1)),
        ("benefit 2 and benefit 4", Item(2, also=(4,))),
        ("the tenth one", Item(10)),
        ("the final quote", Item(-1)),
        ("Which benefit is about forecasts?", Item(one=True)),
        ("Give me one good quote", Item(one=True)),
        ("Give me another quote", Item(one=True, other=True)),
        ("Is there a different one?", Item(other=True)),
        ("What else?", Item(other=True)),
        ("What are the five benefits?", Item()),
        ("in the 21st century", Item()),
        ("", Item()),
    ],
)
def test_item_asked(text: str, expected: Item) -> None:
    assert item_asked(text) == expected


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("What is shown at 3:20?", 200),
        ("at 10:05", 605),
        ("what happens five minutes in?", 300),
        ("minute seven", 420),
        ("around the 4-minute mark", 240),
        ("12 minutes into the video", 720),
        ("How long are 2 minutes?", None),
        ("in a minute", None),
        ("ratio 1:2", None),
        ("", None),
    ],
)
def test_moment(text: str, seconds: int | None) -> None:
    assert moment(text) == seconds


@pytest.mark.parametrize(
    ("locator", "span"),
    [
        ("2:00-4:00", (120, 240)),
        ("0:00-0:30", (0, 30)),
        ("61:05-90:00", (3665, 5400)),
        ("page 3", None),
        ("2:00", None),
        ("", None),
        (None, None),
    ],
)
def test_clock_span(locator: str | None, span: tuple[int, int] | None) -> None:
    assert clock_span(locator) == span


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  What\tis \n FinOps? ", "What is FinOps?"),
        ("Wh\u200bat is Fin\u00adOps\ufeff?", "What is FinOps?"),  # characters without width
        ("\u202espOniF\u202c \u2067abc\u2069", "spOniF abc"),  # marks for right to left
        ("W\u0000h\u001bat\u2028is", "W h at is"),  # characters that steer
        ("\uff57\uff48\uff41\uff54 \ufb01rst", "what first"),  # compatibility forms
        ("\ud800What", "What"),  # half of a pair
        ("<b>What</b> is <i class='x'>FinOps</i>?", "What is FinOps ?"),
        ("<@U01ABC> what is it <!here>", "what is it"),
        ("@bot what is it", "what is it"),
        ("write to me@example.org", "write to me@example.org"),
        ("see https://example.org/a?b=c now", "see now"),
        ("is 5 < 6 and 7 > 3?", "is 5 < 6 and 7 > 3?"),
        ("café, Größe, 費用, तकनीक", "café, Größe, 費用, तकनीक"),
        ("", ""),
    ],
)
def test_clean(text: str, expected: str) -> None:
    assert clean(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("?", False), ("", False), ("12:30 - 5%", False), ("🙂🙂", False), ("a", True), ("費用", True)],
)
def test_has_words(text: str, expected: bool) -> None:
    assert has_words(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("what is it", True),
        ("And how does it work", True),
        ("lol, why would I", True),
        ("you can buy it?", True),
        ("tell me more", False),
        ("somewhat familiar", False),
        ("", False),
    ],
)
def test_asks(text: str, expected: bool) -> None:
    assert asks(text) is expected


@given(st.text())
def test_nothing_that_does_not_show_is_left(text: str) -> None:
    cleaned = clean(text)
    assert cleaned == " ".join(cleaned.split())
    assert not [character for character in cleaned if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp")]


SENTENCES = st.lists(
    st.sampled_from(["What is it", "why", "the budget", "and", "how many", ",", "?", ".", " ", ";", "also", "costs"])
).map(" ".join)


@given(st.one_of(st.text(), SENTENCES))
def test_any_text_has_parts(text: str) -> None:
    found = parts(text)
    assert found == [text] or all(piece.strip() for piece in found)
    assert len(found) <= 1 + len(text.split())


@given(st.one_of(st.text(), SENTENCES))
def test_any_text_may_be_looked_at(text: str) -> None:
    place = item_asked(text).place
    assert place is None or -1 <= place <= 99
    assert all(piece in text for piece in joined(text))
    assert (second := moment(text)) is None or second >= 0
    assert clock_span(text) is None or ":" in text


@given(st.integers(0, 999), st.integers(0, 59), st.integers(0, 999), st.integers(0, 59))
def test_every_span_of_a_clock_is_read(start: int, start_seconds: int, end: int, end_seconds: int) -> None:
    locator = f"{start}:{start_seconds:02d}-{end}:{end_seconds:02d}"
    assert clock_span(locator) == (60 * start + start_seconds, 60 * end + end_seconds)
