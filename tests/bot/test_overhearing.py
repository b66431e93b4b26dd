"""What is only overheard: what asks for no reply gets none."""

from __future__ import annotations

import pytest

from bot.overhearing import is_remark


@pytest.mark.parametrize(
    "words",
    [
        "ok",
        "OK thanks!",
        "thank you so much for your help.",
        "great, got it",
        "never mind",
        "ok, never mind then",
        "besten Dank",
        "hahaha :joy:",
        "https://a.example/x?y=1",
        "vantage.sh",
        ":+1:",
        "👍",
        "",
        "@Bo",
    ],
)
def test_what_ends_a_talk_asks_for_no_reply(words: str) -> None:
    assert is_remark(words)


@pytest.mark.parametrize(
    "words",
    ["why?", "keywords", "and at 10%?", "right?", "ok, and why?", "what is https://a.example?", "yes", "all costs"],
)
def test_what_goes_on_with_it_does(words: str) -> None:
    assert not is_remark(words)
