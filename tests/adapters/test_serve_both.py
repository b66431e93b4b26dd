"""`finops-bot serve` as a process: connected to Slack and to Discord, until it is told to stop."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.discord_peer.gateway import FakeDiscord
from tests.discord_peer.gateway import running as serving
from tests.slack.server import FakeSlack, fake_slack
from tests.waiting import PATIENCE

ROOT = Path(__file__).parents[2]


@contextmanager
def slack_in_a_thread() -> Iterator[FakeSlack]:
    """The small Slack, beside a test that waits for a process."""
    ready, leave = threading.Event(), asyncio.Event()
    held: list[tuple[FakeSlack, asyncio.AbstractEventLoop]] = []

    async def run() -> None:
        async with fake_slack() as slack:
            held.append((slack, asyncio.get_running_loop()))
            ready.set()
            await leave.wait()

    thread = threading.Thread(target=lambda: asyncio.run(run()))
    thread.start()
    assert ready.wait(PATIENCE)
    slack, loop = held[0]
    try:
        yield slack
    finally:
        loop.call_soon_threadsafe(leave.set)
        thread.join(PATIENCE)


def health(port: int) -> tuple[int, str]:
    """What the health page says; 0 while nobody serves it."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=5) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()
    except OSError:
        return 0, ""


def test_both_are_connected_in_one_process_which_ends_cleanly(
    home: Path, environment: Callable[..., dict[str, str]], unused_tcp_port: int, tmp_path: Path
) -> None:
    with slack_in_a_thread() as slack, serving(FakeDiscord()) as discord:
        settings = {
            "FINOPS_DATABASE_URL": f"sqlite:///{tmp_path / 'store.db'}",
            "FINOPS_PORT": str(unused_tcp_port),
            "SLACK_BOT_TOKEN": "xoxb-1",
            "SLACK_APP_TOKEN": "xapp-1",
            "FINOPS_SLACK_API_URL": f"{slack.base}/api/",
            "DISCORD_TOKEN": "token",
            "FINOPS_DISCORD_API_URL": discord.api_url,
            "FINOPS_DISCORD_GATEWAY_URL": discord.gateway_url,
        }
        bot = subprocess.Popen(
            [sys.executable, "-m", "bot", "serve"],
            cwd=ROOT,
            env=environment(home, **settings),
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            until = time.monotonic() + PATIENCE
            while (told := health(unused_tcp_port))[0] != 200 and time.monotonic() < until and bot.poll() is None:
                time.sleep(0.1)
            assert told == (200, '{"slack": "connected", "discord": "connected", "store": "usable"}')
        finally:
            bot.send_signal(signal.SIGTERM)
            _, errors = bot.communicate(timeout=PATIENCE)
    assert bot.returncode == 0
    assert "Connecting to Slack and Discord; /health on port" in errors
    assert "Traceback" not in errors
