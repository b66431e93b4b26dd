"""The bot over HTTP: events of the local Slack, signed; what is not signed, or too old, is refused."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import logging
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import aiohttp
import pytest
from pydantic import SecretStr

from adapters.slack.connection import NO_PORT, PATH, need_tokens
from bot.commands.door import open_door
from bot.settings import Settings, SettingsError
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
    door = await open_door(connection.routes, "127.0.0.1", PORT)
    async with running(connection):
        yield
    await door.cleanup()


def test_a_mention_a_command_a_press_and_a_window(events_slack: LocalSlack, connect: Connect) -> None:
    async def run() -> None:
        async with people_in(events_slack) as people, served(events_slack, connect):
            asked = await people.say(BO, f"<@{BOT}> what is FinOps?")
            answer = await people.wait_for("financial compass")
            assert answer["thread_ts"] == asked
            await people.command(ANA, "start")
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


def test_only_what_slack_signed_lately_is_taken(
    events_slack: LocalSlack, connect: Connect, caplog: pytest.LogCaptureFixture
) -> None:
    body = json.dumps({"type": "url_verification", "challenge": "abc", "token": "t"}).encode()
    now, form = time.time(), {"Content-Type": "application/x-www-form-urlencoded"}
    right = signed(body.decode(), now)
    stamp, signature = "X-Slack-Request-Timestamp", "X-Slack-Signature"
    junk: list[tuple[bytes, dict[str, str]]] = [
        (body, signed(body.decode(), now, "another secret")),
        (body, signed(body.decode(), now - 6 * 60)),
        (body, {"Content-Type": "application/json"}),
        (body, {signature: right[signature]}),
        (body, {**right, stamp: "yesterday"}),
        (body, {**right, stamp: "-1"}),
        (body, {**right, stamp: "٣"}),
        (body, {**right, stamp: "9" * 5000}),
        (body, {**right, signature: "ü"}),
        (b"\xff\xfe", right),
        (b"ssl_check=1&token=abc", form),
        (b"{", form),
        (b"", {}),
    ]
    caplog.set_level(logging.INFO)

    async def run() -> list[int]:
        async with served(events_slack, connect), aiohttp.ClientSession() as session:
            url = f"http://127.0.0.1:{PORT}{PATH}"
            sent = [(body, right), *junk]
            return [(await session.post(url, data=data, headers=headers)).status for data, headers in sent]

    assert asyncio.run(run()) == [200] + [401] * len(junk)
    told = [record.getMessage() for record in caplog.records if record.levelno > logging.INFO]
    assert [line[:21] for line in told] == ["A request was refused"]
    assert not any(record.exc_info for record in caplog.records)


def test_over_http_a_port_is_needed(settings: Settings) -> None:
    given = {"slack_bot_token": SecretStr("xoxb-1"), "slack_signing_secret": SecretStr("secret"), "port": 0}
    with pytest.raises(SettingsError) as caught:
        need_tokens(settings.model_copy(update=given))
    assert str(caught.value) == NO_PORT
    need_tokens(settings.model_copy(update={**given, "slack_app_token": SecretStr("xapp-1")}))
