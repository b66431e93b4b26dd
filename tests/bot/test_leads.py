"""What people begin with is set aside, and nothing else of what they say."""

from __future__ import annotations

import pytest

from bot.intents.talk.leads import plain_question, unled


@pytest.mark.parametrize(
    ("said", "rest"),
    [
        ("wait, close the poll", "close the poll"),
        ("ok so who is ahead?", "who is ahead?"),
        ("hm... right, then: next one", "next one"),
        ("thanks team, we are done. Close it", "Close it"),
        ("can you please show the results", "show the results"),
        ("wait", "wait"),
        ("ok, thanks!", "ok, thanks!"),
        ("waiting for 2", "waiting for 2"),
        ("so-so", "so-so"),
        ("no, stop", "no, stop"),
        ("", ""),
    ],
)
def test_only_the_beginning_is_set_aside(said: str, rest: str) -> None:
    assert unled(said) == rest


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("hold on, and why is that?", "and why is that?"),
        ("oh but who pays?", "but who pays?"),
        ("btw, what is showback?", "what is showback?"),
    ],
)
def test_a_question_keeps_the_word_that_goes_on(said: str, asked: str) -> None:
    assert plain_question(said) == asked
