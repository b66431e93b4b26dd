"""`slack`, `discord`, `serve`: the bot on the platforms that it has tokens for, until it is stopped."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING, Protocol

import click

from bot.commands.sign import sign
from bot.commands.start import make_renewed, open_budget, open_library, open_store, start
from bot.settings import Settings, SettingsError

if TYPE_CHECKING:
    from aiohttp import web

    from bot.board import Board
    from bot.commands.door import Routes
    from bot.renewal import Renewed
    from bot.scheduler import Scheduler
    from bot.store.database import Store

HEALTH = "/health"
# How long, in seconds, the health page waits for the store to answer.
PATIENCE = 2.0
# What is due waits so long at most, in seconds, for platforms to tell what was missed.
MISSED = 60.0
NOTHING = (
    "No platform has its tokens: set SLACK_BOT_TOKEN with SLACK_APP_TOKEN or SLACK_SIGNING_SECRET, or DISCORD_TOKEN. "
    "deploy/slack.md and deploy/discord.md say step by step where to find them; finops-bot chat needs none."
)


class Connection(Protocol):
    """A platform, connected while it runs."""

    @property
    def name(self) -> str:
        """The name of the platform."""
        ...

    @property
    def routes(self) -> Routes:
        """What it wants to be served over HTTP."""
        ...

    async def is_connected(self) -> bool:
        """Whether events can arrive."""
        ...

    async def caught_up(self) -> None:
        """Wait until all is known that happened while the bot was away, such as votes in the platform's own polls."""
        ...

    async def run(self) -> None:
        """Be connected until this is cancelled, then end cleanly. Raises SettingsError for what cannot work."""
        ...


class Looking:
    """Asks a slow question one at a time, in a thread of its own, however many want to know."""

    def __init__(self, asks: Callable[[], bool], patience: float = PATIENCE) -> None:
        """`patience` is how long one who wants to know waits, in seconds."""
        self._asks = asks
        self._patience = patience
        # The threads that turns are heard in may all be waiting for the store.
        self._thread = ThreadPoolExecutor(1, "health")
        self._asking: asyncio.Future[bool] | None = None

    async def looked(self) -> bool:
        """The answer; False where it does not come."""
        if self._asking is None or self._asking.done():
            self._asking = asyncio.get_running_loop().run_in_executor(self._thread, self._asks)
        done, _ = await asyncio.wait({self._asking}, timeout=self._patience)
        return bool(done) and self._asking.exception() is None and self._asking.result()


Connect = Callable[["Settings", "Renewed", "Board"], Connection]


@click.command()
def slack() -> None:
    """Connect to Slack: over a socket with SLACK_APP_TOKEN, else over HTTP with SLACK_SIGNING_SECRET."""
    settings = start()
    _need_slack(settings)
    _run(settings, [_to_slack])


@click.command()
def discord() -> None:
    """Connect to Discord, with DISCORD_TOKEN."""
    from adapters.discord.connection import need_token

    settings = start()
    need_token(settings)
    _run(settings, [_to_discord])


@click.command()
def serve() -> None:
    """Connect to every platform that has its tokens, in one process."""
    settings = start()
    wanted: list[Connect] = []
    if settings.slack_bot_token.get_secret_value():
        _need_slack(settings)
        wanted.append(_to_slack)
    if settings.discord_token.get_secret_value():
        wanted.append(_to_discord)
    if not wanted:
        raise SettingsError(NOTHING)
    _run(settings, wanted)


def _need_slack(settings: Settings) -> None:
    """Say what is missing before anything is built that takes its time."""
    from adapters.slack.connection import need_tokens

    need_tokens(settings)


def _to_slack(settings: Settings, assistant: Renewed, board: Board) -> Connection:
    from adapters.slack.connection import SlackConnection

    return SlackConnection(settings, assistant, board)


def _to_discord(settings: Settings, assistant: Renewed, board: Board) -> Connection:
    from adapters.discord.connection import DiscordConnection

    return DiscordConnection(settings, assistant, board)


def _run(settings: Settings, wanted: Sequence[Connect]) -> None:
    from bot.board import Board
    from bot.commands.first import prepare
    from bot.limits import Limits
    from bot.scheduler import Scheduler

    library = open_library(settings, meanwhile=True)
    prepare(library, settings)
    budget = open_budget(settings)
    store = open_store(settings)
    assistant = make_renewed(library, settings, lambda: store, budget, Limits())
    board = Board(lambda: assistant.keepers, lambda: store)
    scheduler = Scheduler(lambda: assistant.keepers, lambda: store)

    try:
        asyncio.run(
            _stay_connected(
                lambda: [connect(settings, assistant, board) for connect in wanted], settings, store, scheduler
            )
        )
    finally:
        store.close()


async def _keep_to_time(scheduler: Scheduler, connections: Sequence[Connection]) -> None:
    """Do what is due; nothing overdue is closed before the votes are known that were cast while the bot was away."""
    with suppress(TimeoutError):
        async with asyncio.timeout(MISSED):
            await asyncio.gather(*(connection.caught_up() for connection in connections))
    await scheduler.run()


async def _stay_connected(
    connect: Callable[[], list[Connection]], settings: Settings, store: Store, scheduler: Scheduler
) -> None:
    """Be connected, and do what is due, until somebody stops the process, or something cannot work."""
    connections = connect()
    stopped, loop = asyncio.Event(), asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stopped.set)
    door = await _open(settings, {("GET", HEALTH): _health(connections, store), **_routes(connections)})
    doing = (store.changes.watch(), _keep_to_time(scheduler, connections), *(one.run() for one in connections))
    running = {asyncio.create_task(one) for one in doing}
    waiting = asyncio.create_task(stopped.wait())
    names = " and ".join(connection.name.capitalize() for connection in connections)
    told = f"{HEALTH} on port {settings.port} of {settings.host} says how it is" if door else "nothing listens"
    sign().clear()
    click.echo(f"Connecting to {names}; {told}. Ctrl-C ends it.", err=True)
    try:
        done, _ = await asyncio.wait({waiting, *running}, return_when=asyncio.FIRST_COMPLETED)
        for ended in done - {waiting}:
            ended.result()
    finally:
        for task in (waiting, *running):
            task.cancel()
        await asyncio.gather(waiting, *running, return_exceptions=True)
        if door:
            await door.cleanup()


async def _open(settings: Settings, routes: Routes) -> web.ServerRunner | None:
    """Serve the routes where the settings say; None where nothing is to listen."""
    from bot.commands.door import open_door

    return await open_door(routes, settings.host, settings.port) if settings.port else None


def _routes(connections: Sequence[Connection]) -> Routes:
    return {place: handler for one in connections for place, handler in one.routes.items()}


def _health(connections: Sequence[Connection], store: Store) -> Callable[[web.BaseRequest], Awaitable[web.Response]]:
    """The health page: 200 while all platforms are connected and the store can be used, else 503."""
    from aiohttp import web

    looking = Looking(store.is_usable)

    async def health(request: web.BaseRequest) -> web.Response:
        states = {one.name: "connected" if await one.is_connected() else "not connected" for one in connections}
        states["store"] = "usable" if await looking.looked() else "not usable"
        return web.json_response(states, status=503 if any(told.startswith("not") for told in states.values()) else 200)

    return health
