"""Words made comparable: function words, spelling on both sides of the ocean, stems and typing errors."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.words import FUNCTION_WORDS, Spelling, content_words, stem, stems, words

VOCABULARY = (
    *("accessibility", "accountability", "allocation", "ai", "benefit", "benefits", "budget", "budgets", "cloud", "30"),
    *("collaboration", "company", "conclusion", "cost", "costs", "finops", "forecasting", "introduction", "keywords"),
    *("poll", "project", "projects", "quiz", "quote", "seo", "statistics", "takeaway", "transparency"),
)
SPELLING = Spelling(VOCABULARY)


@pytest.mark.parametrize(
    ("british", "american"),
    [
        ("organisation", "organization"),
        ("organisational", "organizational"),
        ("optimise", "optimized"),
        ("optimising", "optimizes"),
        ("maximises", "maximizing"),
        ("utilisation", "utilization"),
        ("categorisation", "categorize"),
        ("prioritisation", "prioritization"),
        ("summarise", "summarize"),
        ("analyse", "analyze"),
        ("analysing", "analyzing"),
        ("behaviour", "behavior"),
        ("colours", "colors"),
        ("favourite", "favorite"),
        ("labour", "labor"),
        ("neighbouring", "neighboring"),
        ("programme", "programs"),
        ("catalogue", "catalog"),
        ("centre", "centers"),
        ("modelling", "modeling"),
        ("cancelled", "canceled"),
        ("fulfil", "fulfill"),
        ("ageing", "aging"),
    ],
)
def test_british_and_american_words_have_one_stem(british: str, american: str) -> None:
    assert stem(british) == stem(american)


@pytest.mark.parametrize(
    ("one", "other"),
    [("four", "for"), ("price", "prize"), ("devise", "device"), ("cost", "coast"), ("poll", "pool"), ("hour", "hor")],
)
def test_different_words_keep_different_stems(one: str, other: str) -> None:
    assert stem(one) != stem(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("benefits", "benefit"),
        ("budgeting", "budgets"),
        ("Company's", "company"),
        ("costs", "cost"),
        ("aligned", "align"),
    ],
)
def test_forms_of_a_word_have_one_stem(one: str, other: str) -> None:
    assert stems(one) == stems(other) != []


def test_words_are_split_and_lowered() -> None:
    assert words("What’s cross-team ROI, in 2024?") == ["what's", "cross", "team", "roi", "in", "2024"]
    assert content_words("What is it that you say about the budget, please?") == ["budget"]
    assert content_words("How many of them are there?") == []
    assert stems("") == []


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("what are teh benifits", "what are the benefits"),
        ("finopps", "finops"),
        ("acessibility", "accessibility"),
        ("colaboration", "collaboration"),
        ("transperancy", "transparency"),
        ("concluson", "conclusion"),
        ("budgte", "budget"),  # two letters changed places
        ("projcet?", "project?"),
        ("statitsics!", "statistics!"),
        ("What is finopps, and how?", "What is finops, and how?"),
    ],
)
def test_typos_are_mended_towards_the_vocabulary(written: str, meant: str) -> None:
    assert SPELLING.mend(written) == meant


@pytest.mark.parametrize(
    "text",
    [
        "cats and dogs",  # English, though nothing of it stands in the sources
        "a pool, a clod and a coast",  # a letter away from poll, cloud and cost
        "Kubernetes",  # unknown, and near to nothing
        "CEO, CFO, AWS and GPU",  # abbreviations, not slips of SEO or "was"
        "ceo",
        "colours and labour",  # British, and no slips of "cloud" or "about"
        "DevOps, eBay",  # capitals inside make a name
        "naïve Ökonomie",
        "30 31 3O",
        "it’s the company’s cost",
        "x y z",
        "",
    ],
)
def test_what_is_no_typo_stays_to_the_letter(text: str) -> None:
    assert SPELLING.mend(text) == text


@pytest.mark.parametrize("text", ["what does 'bugdet' mean?", "is “bugdet” a word?"])
def test_a_quoted_word_is_meant_as_it_stands(text: str) -> None:
    assert SPELLING.mend(text) == text
    assert SPELLING.mend("what is a bugdet?") == "what is a budget?"


@given(
    st.lists(st.sampled_from([*VOCABULARY, *sorted(FUNCTION_WORDS)]), min_size=1), st.sampled_from([" ", ", ", "\n"])
)
def test_known_words_are_never_mended(known: list[str], between: str) -> None:
    for text in (between.join(known), between.join(known).upper(), between.join(known).title()):
        assert SPELLING.mend(text) == text


@st.composite
def slipped_words(draw: st.DrawFn) -> str:
    """A word of the vocabulary with some letters dropped, doubled or replaced."""
    letters = list(draw(st.sampled_from(VOCABULARY)))
    for _ in range(draw(st.integers(0, 3))):
        letters[draw(st.integers(0, len(letters) - 1))] = draw(st.text("abcdefghijklmnopqrstuvwxyz", max_size=2))
    return "".join(letters)


@given(st.one_of(st.text(), st.lists(slipped_words()).map(" ".join)))
def test_mending_twice_is_mending_once(text: str) -> None:
    mended = SPELLING.mend(text)
    assert SPELLING.mend(mended) == mended
    assert len(words(mended)) == len(words(text))


@given(st.text())
def test_any_text_has_words_and_stems(text: str) -> None:
    assert all(word and word == word.lower() for word in words(text))
    assert len(stems(text)) == len(content_words(text)) <= len(words(text))
    assert Spelling(()).mend(text) == text or words(text)


def test_threads_may_stem_at_once() -> None:
    made_up = [
        f"{start}{middle}ing{end}" for start in "bdfgklmnprst" for middle in ("al", "ep", "or") for end in ("", "s")
    ]
    alone = [stem.__wrapped__(word) for word in made_up]
    with ThreadPoolExecutor(8) as threads:
        for told in threads.map(lambda _: [stem.__wrapped__(word) for word in made_up], range(40)):
            assert told == alone


def test_of_words_that_are_as_near_the_one_that_the_sources_have_most_is_meant() -> None:
    words_known = ("tokens", "tons")
    assert Spelling(words_known, {"tokens": 40, "tons": 1}).mend("How many tokns?") == "How many tokens?"
    assert Spelling(words_known, {"tokens": 1, "tons": 40}).mend("How many tokns?") == "How many tons?"
