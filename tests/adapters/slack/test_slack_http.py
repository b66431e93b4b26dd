"""The bot over HTTP: events of the local Slack, signed; what is not signed, or too old, is refused."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from adapters.slack.connection import PATH
from tests.adapters.slack.conftest import Connect, people_in, running
from tests.slack.local import ANA, BO, BOT, SIGNING_SECRET, LocalSlack, free_port

PORT = free_port()


@pytest.fixture(scope="module")
def events_slack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalSlack]:
    """A local Slack that sends events to the bot."""
    slack = LocalSlack(tmp_path_factory.mktemp("slack"), "events", f"http://127.0.0.1:{PORT}{PATH}")
    yield slack
    slack.stop()


@asynccontextmanager
async def served(slack: LocalSlack, connect: Connect) -> AsyncIterator[None]:
    """The bot, with its routes served."""
    connection = connect(slack, socket=False)
    site = web.Application()
    site.add_routes(connection.routes)
    runner = web.AppRunner(site)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", PORT).start()
    async with running(connection):
        yield
    await runner.cleanup()


def test_a_mention_a_command_a_press_and_a_window(events_slack: LocalSlack, connect: Connect) -> None:
    async def run() -> None:
        async with people_in(events_slack) as people, served(events_slack, connect):
            asked = await people.say(BO, f"<@{BOT}> what is FinOps?")
            answer = await people.wait_for("financial compass")
            assert answer["thread_ts"] == asked
            await people.command(ANA, "poll")
            ballot = await people.wait_for("Poll: How familiar")
            await people.press(BO, ballot, "Vote: Not at all")
            await people.wait_for("Not at all (1)")
            await people.press(BO, answer, "Not helpful")
            assert await people.submit(BO, reason="too short") == {}
            await people.wait_for("Thank you for saying so.", to=BO)
            assert "Quiz me" in str(await people.open_home(BO))

    asyncio.run(run())


def signed(body: str, at: float, secret: str = SIGNING_SECRET) -> dict[str, str]:
    digest = hmac.new(secret.encode(), f"v0:{int(at)}:{body}".encode(), hashlib.sha256).hexdigest()
    return {
        "X-Slack-Signature": f"v0={digest}",
        "X-Slack-Request-Timestamp": str(int(at)),
        "Content-Type": "application/json",
    }


def test_only_what_slack_signed_lately_is_taken(events_slack: LocalSlack, connect: Connect, tmp_path: Path) -> None:
    body = json.dumps({"type": "url_verification", "challenge": "abc", "token": "t"})
    now = time.time()
    sent = {
        "right": signed(body, now),
        "wrong": signed(body, now, "another secret"),
        "old": signed(body, now - 6 * 60),
        "unsigned": {"Content-Type": "application/json"},
    }

    async def run() -> dict[str, int]:
        async with served(events_slack, connect), aiohttp.ClientSession() as session:
            return {
                name: (await session.post(f"http://127.0.0.1:{PORT}{PATH}", data=body, headers=headers)).status
                for name, headers in sent.items()
            }

    assert asyncio.run(run()) == {"right": 200, "wrong": 401, "old": 401, "unsigned": 401}
