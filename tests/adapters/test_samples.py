"""Every sample is drawn by Discord and by the terminal; Slack's own test draws each of them too."""

from __future__ import annotations

import pytest

from adapters.discord.buttons import view
from adapters.discord.render import draw
from adapters.terminal.render import NARROWEST, render
from tests.adapters.samples import REPLIES
from tests.discord_peer.schema import check_request


@pytest.mark.parametrize("name", REPLIES)
def test_discord_takes_every_sample(name: str) -> None:
    drawing = draw(REPLIES[name])
    shown = view(drawing.choices)
    sent = {"components": shown.to_components() if shown else [], "allowed_mentions": {"parse": []}}
    for number, text in enumerate(drawing.texts):
        message = {**sent, "content": text, "nonce": f"n-{number}", "enforce_nonce": True}
        assert check_request("POST", "/channels/1/messages", message) == []


@pytest.mark.parametrize("name", REPLIES)
@pytest.mark.parametrize("width", [NARROWEST, 100])
def test_the_terminal_shows_every_sample_within_its_width(name: str, width: int) -> None:
    shown = render(REPLIES[name], width)
    assert all(len(line) <= width or " " not in line.strip() for line in shown.split("\n"))
    assert not any(sign < " " and sign != "\n" for sign in shown)
