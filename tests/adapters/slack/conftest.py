"""A bot in the local Slack."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any, Protocol

import aiohttp
import pytest
from pydantic import SecretStr
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from adapters.slack.connection import SlackConnection
from adapters.slack.hearer import Hearer
from bot.activities import Keeper
from bot.assistant import Assistant
from bot.board import Board
from bot.commands.start import make_assistant
from bot.intents.understanding import Understanding
from bot.settings import Settings
from bot.store.database import Store
from knowledge.library import Library
from tests.slack import local
from tests.slack.local import LocalSlack, People
from tests.slack.schema import check_call
from tests.slack.server import SCOPES, FakeSlack, fake_slack
from tests.stores import open_new
from tests.waiting import PATIENCE

# Somebody who moderates.
MODERATORS = (f"slack:{local.ANA}",)


@pytest.fixture(autouse=True)
def refused(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Whatever a test sends is checked as Slack would check it."""
    wrong: list[str] = []
    call, send = AsyncWebClient.api_call, AsyncWebhookClient.send_dict

    async def api_call(self: AsyncWebClient, api_method: str, **given: Any) -> Any:
        wrong.extend(check_call(api_method, given.get("json") or given.get("params") or given.get("data") or {}))
        return await call(self, api_method, **given)

    async def send_dict(self: AsyncWebhookClient, body: dict[str, Any], *given: Any) -> Any:
        wrong.extend(check_call("response", body))
        return await send(self, body, *given)

    monkeypatch.setattr(AsyncWebClient, "api_call", api_call)
    monkeypatch.setattr(AsyncWebhookClient, "send_dict", send_dict)
    yield
    assert wrong == []


@pytest.fixture(scope="module")
def socket_slack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalSlack]:
    """A local Slack that a bot opens a socket to."""
    running = LocalSlack(tmp_path_factory.mktemp("slack"))
    yield running
    running.stop()


@pytest.fixture
def assistant(library: Library, settings: Settings, understanding: Understanding, slack_store: Store) -> Assistant:
    """The bot as it is."""
    return make_assistant(library, settings, lambda: slack_store, understanding)


@pytest.fixture
def slack_store(tmp_path: Path) -> Iterator[Store]:
    """A store of its own."""
    opened = open_new(tmp_path / "store.db")
    yield opened
    opened.close()


class Base(Protocol):
    """A Slack to connect to."""

    base: str


Connect = Callable[..., SlackConnection]
MakeConnection = Callable[..., SlackConnection]


@pytest.fixture
def connect(assistant: Assistant, make: MakeConnection) -> Connect:
    """Makes a connection of the bot as it is to a Slack."""
    return lambda slack, socket=True: make(slack, assistant, assistant, socket)


@pytest.fixture
def make(settings: Settings, slack_store: Store) -> MakeConnection:
    """Makes a connection of any assistant to a Slack, by a socket or over HTTP."""

    def make(
        slack: Base,
        hearer: Hearer,
        assistant: Assistant | None = None,
        socket: bool = True,
        moderators: tuple[str, ...] = MODERATORS,
    ) -> SlackConnection:
        secret = {"slack_app_token": local.APP_TOKEN} if socket else {"slack_signing_secret": local.SIGNING_SECRET}
        tokens = {name: SecretStr(value) for name, value in {"slack_bot_token": local.BOT_TOKEN, **secret}.items()}
        own = settings.model_copy(update={**tokens, "slack_api_url": f"{slack.base}/api/", "moderators": moderators})

        def keepers() -> list[Keeper]:
            return assistant.keepers if assistant else []

        board = Board(keepers, lambda: slack_store)
        return SlackConnection(own, hearer, board)

    return make


@asynccontextmanager
async def running(connection: SlackConnection) -> AsyncIterator[None]:
    """The connection, up until the end of the block."""
    task = asyncio.create_task(connection.run())
    async with asyncio.timeout(PATIENCE):
        while not await connection.is_connected():
            if task.done():
                task.result()
            await asyncio.sleep(0.02)
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


@asynccontextmanager
async def people_in(slack: LocalSlack) -> AsyncIterator[People]:
    """People in a Slack of which all is forgotten."""
    async with aiohttp.ClientSession() as session:
        people = People(slack, session)
        await people.reset()
        yield people


Act = Callable[[FakeSlack], Awaitable[None]]
Story = Callable[..., None]


@pytest.fixture
def story(connect: Connect) -> Story:
    """Plays what happens to the bot in a Slack of the tests' own, with the scopes that it is granted there."""

    def play(act: Act, scopes: str = SCOPES) -> None:
        async def run() -> None:
            async with fake_slack(scopes) as slack, running(connect(slack)):
                await act(slack)

        asyncio.run(run())

    return play
