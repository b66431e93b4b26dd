"""Asking where something comes from that was told last."""

from __future__ import annotations

import pytest

from bot.intents.talk.grounds import asks_for_grounds

TOLD = "Teams waste up to 27% of what they spend, 1,200 USD in the example."


@pytest.mark.parametrize(
    "text",
    [
        "Says who?",
        "source?",
        "ok, and where do you have that from?",
        "How do you know that",
        "any evidence for this claim?",
        "where does the 27% come from?",
        "what is that figure based on",
        "what's the 27 percent based on?",
        "Are you really sure about that?",
        "hm, is that still up to date?",
        "how old are these figures?",
        "when was this last checked",
        "does the handbook say where 1,200 comes from?",
    ],
)
def test_whoever_asks_for_the_source_of_what_was_told_is_understood(text: str) -> None:
    assert asks_for_grounds(text, TOLD)


@pytest.mark.parametrize(
    "text",
    [
        "where does the 31% come from?",
        "where does the 2 come from?",
        "who says that commitments pay?",
        "are you a robot?",
        "is that a good price for a GPU?",
        "how old is FinOps?",
        "what is showback based on?",
        "which sources does the handbook name for unit costs?",
        "where do costs come from?",
    ],
)
def test_a_question_about_something_else_is_none(text: str) -> None:
    assert not asks_for_grounds(text, TOLD)


def test_where_nothing_was_told_nothing_is_asked_about_it() -> None:
    assert not asks_for_grounds("says who?", "")
