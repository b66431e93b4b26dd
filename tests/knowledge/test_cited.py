"""Sentences and their citations, as they are read from what a language model writes."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.cited import Cited, Sentences


def read(*pieces: str) -> list[Cited]:
    """All sentences of `pieces`, the one that is left at the end included."""
    sentences = Sentences()
    return [*(one for piece in pieces for one in sentences.read(piece)), *sentences.end()]


def begun(*pieces: str) -> list[str]:
    """The sentences that are whole while more may come."""
    sentences = Sentences()
    return [one.text for piece in pieces for one in sentences.read(piece)]


def texts(found: Iterable[Cited]) -> list[str]:
    return [one.text for one in found]


@pytest.mark.parametrize(
    ("written", "cited"),
    [
        ("Rye keeps for a week [2].", Cited("Rye keeps for a week.", (2,))),
        ("Rye keeps for a week. [2]", Cited("Rye keeps for a week.", (2,))),
        ("Rye keeps for a week.[2]", Cited("Rye keeps for a week.", (2,))),
        ("Rye keeps for a week [1][3].", Cited("Rye keeps for a week.", (1, 3))),
        ("Rye keeps for a week [1] [3].", Cited("Rye keeps for a week.", (1, 3))),
        ("Rye keeps for a week [1, 3].", Cited("Rye keeps for a week.", (1, 3))),
        ("Rye keeps for a week [3; 1].", Cited("Rye keeps for a week.", (3, 1))),
        ("Rye keeps for a week [2]. [2]", Cited("Rye keeps for a week.", (2,))),
        ("Rye [1] and wheat [2] keep.", Cited("Rye and wheat keep.", (1, 2))),
        ("Does rye keep? [1]", Cited("Does rye keep?", (1,))),
        ("Rye keeps for a week", Cited("Rye keeps for a week", ())),
        ("Rye keeps [see above] for a week.", Cited("Rye keeps [see above] for a week.", ())),
        ("Rye keeps [1234].", Cited("Rye keeps [1234].", ())),
        ("**Rye** keeps for a *week*. [1]", Cited("Rye keeps for a week.", (1,))),
        ("__Rye__ keeps, says loaf_keeper_2. [1]", Cited("Rye keeps, says loaf_keeper_2.", (1,))),
        ("- Rye keeps. [1]", Cited("Rye keeps.", (1,), item=True)),
        ("* **Rye** keeps. [1]", Cited("Rye keeps.", (1,), item=True)),
        ("2. Rye keeps. [1]", Cited("Rye keeps.", (1,), item=True)),
        ("10) Rye keeps. [1]", Cited("Rye keeps.", (1,), item=True)),
    ],
)
def test_a_sentence_has_the_numbers_that_it_cites(written: str, cited: Cited) -> None:
    assert read(written) == [cited]


@pytest.mark.parametrize(
    "sentence",
    [
        "It costs 3.50 a loaf, i.e. half of it, at St. Ann’s.",
        "Use e.g. rye, spelt etc. and rest it.",
        "Dr. Baker and Mr. J. Miller own Crumb Ltd. and a van.",
        "They call it “the slow loaf.”",
        'They call it "the slow loaf!"',
        "The oven (it is old.)",
        "At 7:30 the van leaves…",
    ],
)
def test_a_stop_within_a_sentence_does_not_end_it(sentence: str) -> None:
    assert texts(read(f"{sentence} [1] It does. [2]")) == [sentence, "It does."]


def test_sentences_on_one_line() -> None:
    found = read("Rye keeps. [1] Wheat does not [2]. Spelt?! It might. [1]\n")
    assert texts(found) == ["Rye keeps.", "Wheat does not.", "Spelt?!", "It might."]
    assert [one.passages for one in found] == [(1,), (2,), (), (1,)]


def test_emphasis_may_close_after_the_stop() -> None:
    assert texts(read("**Rye keeps.** [1] *Wheat does not.* [2]")) == ["Rye keeps.", "Wheat does not."]


def test_lists_and_paragraphs() -> None:
    found = read("Two keep:\n\n- rye [1]\n- spelt, for days. It is dry. [2]\n\n\nWheat does not. [3]\nIt dries. [3]")
    assert found == [
        Cited("Two keep:", ()),
        Cited("rye", (1,), item=True, paragraph=True),
        Cited("spelt, for days.", (), item=True),
        Cited("It is dry.", (2,)),
        Cited("Wheat does not.", (3,), paragraph=True),
        Cited("It dries.", (3,)),
    ]


def test_lines_end_in_any_style() -> None:
    assert read("Rye keeps. [1]\r\n\r\nWheat", " does not. [2]\r\n") == [
        Cited("Rye keeps.", (1,)),
        Cited("Wheat does not.", (2,), paragraph=True),
    ]


def test_a_sentence_comes_once_its_citations_cannot_grow() -> None:
    assert begun("Rye keeps.") == []
    assert begun("Rye keeps. ") == []
    assert begun("Rye keeps. [1") == []
    assert begun("Rye keeps. [1] ", "[2", ",") == []
    assert begun("Rye keeps. [1]", "[2]", " W") == ["Rye keeps."]
    assert begun("Rye keeps. [1]\n") == ["Rye keeps."]
    assert begun("Rye keeps [1]\n") == ["Rye keeps"]
    assert begun("Rye keeps. [see the shelf] Wheat does not. [1] But") == [
        "Rye keeps.",
        "[see the shelf] Wheat does not.",
    ]


def test_half_a_word_stays_behind() -> None:
    assert begun("Rye keeps. [1] Wheat does no") == ["Rye keeps."]


@pytest.mark.parametrize("nothing", ["", " ", "\n", "\r\n\r\n", "\t"])
def test_nothing_holds_no_sentence(nothing: str) -> None:
    assert read(nothing) == []


PIECES = st.lists(
    st.sampled_from(
        [*"abZ .!?\n\t\r[]()*_-,;“”\"'’", "[1]", "[2, 3]", " [12", "e.g. ", "1. ", "- ", "\n\n", "Rye keeps. ", "3.5"]
    ),
    max_size=40,
)


@given(PIECES)
def test_however_a_text_is_cut_the_same_sentences_come(pieces: list[str]) -> None:
    text = "".join(pieces)
    assert read(*pieces) == read(text) == read(*text)


@given(st.text(max_size=200))
def test_any_text_can_be_read(text: str) -> None:
    assert read(*text) == read(text)
