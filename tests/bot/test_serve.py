"""`slack`, `discord`, `serve` and `doctor` where nothing can be connected: one sentence, and exit code 2."""

from __future__ import annotations

import socket
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Bot = Callable[..., subprocess.CompletedProcess[bytes]]


@pytest.fixture
def served(bot: Bot, tmp_path: Path) -> Bot:
    """Runs the bot with a store of its own, as the home is everybody's."""
    return lambda *arguments, **more: bot(*arguments, FINOPS_DATABASE_URL=f"sqlite:///{tmp_path}/store.db", **more)


def test_doctor_says_what_is_not_connected(bot: Bot) -> None:
    shown = bot("doctor").stdout.decode()
    assert "ok    Slack: not connected: it needs SLACK_BOT_TOKEN" in shown
    assert "ok    Discord: not connected: it needs DISCORD_TOKEN" in shown


def test_no_port_means_that_nothing_listens_which_slack_over_http_cannot_do(served: Bot) -> None:
    done = served("slack", SLACK_BOT_TOKEN="xoxb-1", SLACK_SIGNING_SECRET="secret", FINOPS_PORT="0")
    assert done.returncode == 2
    assert done.stderr.decode().startswith("Slack over HTTP needs a port that it can reach: set FINOPS_PORT")


@pytest.mark.parametrize(
    ("command", "more", "told"),
    [
        ("serve", {}, "No platform has its tokens"),
        ("slack", {}, "Slack needs SLACK_BOT_TOKEN"),
        ("slack", {"SLACK_BOT_TOKEN": "xoxb-1"}, "SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (HTTP)"),
        ("slack", {"SLACK_BOT_TOKEN": "xapp-1"}, "SLACK_BOT_TOKEN cannot be what it is"),
        ("discord", {}, "DISCORD_TOKEN"),
    ],
)
def test_a_missing_token_is_one_sentence_and_exit_2(command: str, more: dict[str, str], told: str, served: Bot) -> None:
    done = served(command, **more)
    assert done.returncode == 2
    assert told in done.stderr.decode()
    assert b"Traceback" not in done.stderr


def test_a_port_that_is_taken_is_one_sentence_and_exit_2(served: Bot) -> None:
    with socket.socket() as held:
        held.bind(("0.0.0.0", 0))
        held.listen()
        port = str(held.getsockname()[1])
        done = served("slack", SLACK_BOT_TOKEN="xoxb-1", SLACK_APP_TOKEN="xapp-1", FINOPS_PORT=port)
    assert done.returncode == 2
    assert f"Port {port} of 127.0.0.1 cannot be used" in done.stderr.decode()
