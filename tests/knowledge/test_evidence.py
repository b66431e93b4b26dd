"""Which kind of fact a question asks for, and whether a text holds one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.evidence import OWN_DATA, claimed_figures, figures, missing_fact

CASES = [
    # fact, question, a text with it, a text without it
    (
        "a source",
        "What is the source of that figure?",
        "According to the Harbour Institute, 12% of the barges leak.",
        "12% of the barges leak.",
    ),
    ("a source", "Who measured the leaks?", "12% leak (survey by the port).", "12% of the barges leak."),
    ("a source", "Which survey does it come from?", "A survey by the port found leaks.", "The port found leaks."),
    ("a name", "Who wrote the song?", "The song was written by Ada Keel.", "The song is cheerful."),
    ("a name", "Who is the narrator?", "“Welcome aboard” — Ada Keel", "A voice welcomes us aboard."),
    ("a name", "What is the name of the speaker?", "Ada Keel says hello.", "The speaker says hello."),
    ("a length of time", "How long did the repair take?", "It took three weeks.", "It took patience."),
    ("a length of time", "How many months passed?", "Six months passed.", "Some months passed."),
    ("an amount of money", "What was the price?", "It was sold for $40.", "It was sold at once."),
    ("an amount of money", "How much did they pay?", "They paid 3 million euros.", "They paid late."),
    ("a share", "What percentage of barges leak?", "12% of the barges leak.", "Many barges leak."),
    ("a share", "What share is dry?", "Nine in ten barges are dry.", "Most are dry."),
    ("a number", "How many barges leak?", "Seven barges leak.", "Some barges leak."),
    ("a number", "How many barges leak?", "Seven barges leak.", "Seven sailors sing."),  # not of what is counted
    ("a name", "Who animated the barges?", "Animated by Ada Keel.", "Animated barges glide by."),
    ("a name", "Which expert said so?", "Ada Keel says so.", "An expert says so."),
    (
        "the name of that",
        "Which tools did the port use?",
        "The port's tools are Tide and Buoy.",
        "The port saw it all.",
    ),
    ("the name of that", "Which agency is it about?", "The harbour agency counts boats.", "An office counts boats."),
    ("the name of that", "What font has the sign?", "Its font is Helvetica.", "The sign is large."),
    ("a place", "Where is the port based?", "The port is based in Kiel.", "The port is busy."),
    ("a sample", "What sample size was it?", "A sample of 40 barges.", "Over 60% of the barges."),
    ("a value", "What is the highest value of the gauge?", "It goes up to 9.", "It goes up."),
    ("a number", "How many choices are there?", "The choices: row / sail.", "Choices abound."),
    ("a number", "How many boats out of a hundred leak?", "12% of the boats leak.", "Two boats leak."),
    ("a colour", "What colour is the flag?", "The flag is orange.", "The flag is large."),
]


@pytest.mark.parametrize(("fact", "question", "with_it", "without_it"), CASES)
def test_a_missing_fact_is_named(fact: str, question: str, with_it: str, without_it: str) -> None:
    assert missing_fact(question, without_it) == fact
    assert missing_fact(question, with_it) is None


@pytest.mark.parametrize(
    "question",
    [
        "What is FinOps?",
        "Which benefits are there?",
        "Why do budgets explode?",
        "How does it work?",
        "Where in the video is the poll?",
        "When is the quiz mentioned?",  # asks for a section, not for a date
        "Who benefits from it?",
        "What do the colleagues share?",
        "How does a public body profit from it?",
        "What does the presenter say about boats?",
        "Which tool cue is there?",
        "How does it compare with being stingy?",
        "What is the difference between the title and the headline?",
        "Which team had the idea?",
        "Which case study is told?",
    ],
)
def test_most_questions_ask_for_no_such_fact(question: str) -> None:
    assert missing_fact(question, "Nothing of the kind") is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("30% or 60 %", {"30", "60"}),
        ("2.5 percent, 2,5 per cent", {"2.5"}),
        ("30 reasons", set()),
        ("", set()),
    ],
)
def test_figures(text: str, expected: set[str]) -> None:
    assert figures(text) == expected


@pytest.mark.parametrize(
    ("question", "claimed"),
    [
        ("Did the pilot team save 55%?", {"55"}),
        ("I read that tagging finds 35% of the waste, true?", {"35"}),
        ("Our cluster is busy 22% of the time. What now?", set()),
        ("Is 80% coverage too much?", set()),
    ],
)
def test_a_figure_of_ones_own_is_no_claim(question: str, claimed: set[str]) -> None:
    assert claimed_figures(question) == claimed


@pytest.mark.parametrize(
    ("question", "own"),
    [
        ("What is our cloud spend this month?", True),
        ("How high was my team's bill last quarter?", True),
        ("Which of our projects is the most expensive?", True),
        ("Do we spend too much?", True),
        ("Did we overspend on training this month?", True),
        ("Morning! How many GPU hours have we used since Tuesday?", True),
        ("Our storage bill went up by half this month. Where do we begin?", False),
        ("How do we bring our spend down this quarter?", False),
        ("Which of our jobs suit a cheaper machine?", False),
        ("Why do we pay for machines that idle?", False),
        ("How much do we pay for cached tokens?", False),
        ("How can our team save costs?", False),
        ("What is my benefit?", False),
        ("How does FinOps help with budgets this year?", False),
    ],
)
def test_questions_about_data_of_ones_own(question: str, own: bool) -> None:
    assert bool(OWN_DATA.search(question)) is own


@given(st.text(), st.text())
def test_any_texts_may_be_compared(question: str, text: str) -> None:
    fact = missing_fact(question, text)
    assert fact is None or fact.startswith(("a ", "an "))
    assert all(figure[0].isdecimal() for figure in figures(text))
