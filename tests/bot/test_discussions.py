"""Set forms about posted questions and insights: each is read as what it wants, and everything else is left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.intents import Discuss, Insight
from bot.intents.discussions import read_answer, read_discussion


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("post a question for the team", Discuss("post")),
        ("Post the next question here!", Discuss("post")),
        ("post the question of the case study", Discuss("post", text="the case study")),
        ("post a question about budgets for everybody", Discuss("post", text="budgets")),
        ("post a question every Monday at 9:00", Discuss("repeat", text="every Monday at 9:00")),
        ("post a discussion question to the channel weekly on Friday", Discuss("repeat", text="weekly on Friday")),
        ("send the digest every Friday at 16:00", Discuss("send", text="every Friday at 16:00")),
        ("close the discussion", Discuss("close")),
        ("end discussion 12", Discuss("close", 12)),
        ("take my reply back", Discuss("withdraw")),
        ("Delete my replies.", Discuss("withdraw")),
        ("withdraw my answer to question 3", Discuss("withdraw", 3)),
        ("digest", Discuss("digest")),
        ("show me the digest of question 3", Discuss("digest", 3)),
        ("digest 3 with names", Discuss("names", 3)),
        ("show the replies", Discuss("digest")),
        ("list all replies to the question with names", Discuss("names")),
    ],
)
def test_a_form_is_read(words: str, wanted: Discuss) -> None:
    found = read_discussion(words)
    assert found is not None
    assert (found.name, found.value) == ("engagement_question", wanted)


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("insights", Insight()),
        ("show me the insights", Insight()),
        ("insights of this month", Insight(month=True)),
        ("insights for this place", Insight()),
        ("insights of the last 7 days", Insight(7)),
        ("insights of the last week?", Insight(7)),
    ],
)
def test_insights_are_read(words: str, wanted: Insight) -> None:
    found = read_discussion(words)
    assert found is not None
    assert (found.name, found.value) == ("usage", wanted)


@pytest.mark.parametrize(
    "words",
    [
        "",
        "give the team something to discuss",
        "what is a digest?",
        "key insights please",
        "what insights does FinOps give?",
        "show the answer",
        "close the poll",
        "take my vote back",
        "post",
        "delete my data",
        "why post a question every Monday?",
    ],
)
def test_other_words_are_left_alone(words: str) -> None:
    assert read_discussion(words) is None


@given(st.text())
def test_whatever_is_typed_is_read_or_left_alone(words: str) -> None:
    found = read_discussion(words)
    assert found is None or isinstance(found.value, Discuss | Insight)


@pytest.mark.parametrize("words", ["answer: We tag\nnothing", "Answer : We tag\nnothing", "my reply: We tag\nnothing"])
def test_a_marked_answer_is_taken_word_for_word(words: str) -> None:
    found = read_answer(words)
    assert found is not None
    assert found.value == Discuss("answer", text="We tag\nnothing")


@pytest.mark.parametrize("words", ["answer:", "answer", "the answer: 60%", "answer me"])
def test_what_is_not_marked_is_no_answer(words: str) -> None:
    assert read_answer(words) is None
