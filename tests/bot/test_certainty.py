"""Sure, or ask: the one table of what may be done on which certainty."""

from __future__ import annotations

from typing import get_args

import pytest

from bot.intents.certainty import Certainty, Stakes, does

DARING = ("answer", "ask", "preview", "act")


@pytest.mark.parametrize(
    ("stakes", "said", "meant", "open_"),
    [
        ("private", "act", "act", "answer"),
        ("counted", "act", "act", "ask"),
        ("seen", "act", "preview", "ask"),
        ("changed", "act", "ask", "ask"),
        ("final", "act", "ask", "ask"),
    ],
)
def test_what_is_done_follows_from_stakes_and_certainty(stakes: Stakes, said: str, meant: str, open_: str) -> None:
    assert (does(stakes, "said"), does(stakes, "meant"), does(stakes, "open")) == (said, meant, open_)


@pytest.mark.parametrize("stakes", get_args(Stakes))
def test_less_certainty_never_does_more(stakes: Stakes) -> None:
    done = [DARING.index(does(stakes, certainty)) for certainty in get_args(Certainty)]
    assert done == sorted(done, reverse=True)
