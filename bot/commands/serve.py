"""`slack`, `discord`, `serve`: the bot on the platforms that it has tokens for, until it is stopped."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

import click

from bot.commands.start import make_renewed, open_budget, open_library, open_store, start
from bot.settings import Settings, SettingsError

if TYPE_CHECKING:
    from aiohttp import web

    from bot.board import Board
    from bot.renewal import Renewed

HEALTH = "/health"
NOTHING = (
    "No platform has its tokens: set SLACK_BOT_TOKEN with SLACK_APP_TOKEN or SLACK_SIGNING_SECRET, or DISCORD_TOKEN. "
    "The README says step by step where to find them; finops-bot chat needs none."
)


class Connection(Protocol):
    """A platform, connected while it runs."""

    @property
    def name(self) -> str:
        """The name of the platform."""
        ...

    @property
    def routes(self) -> Sequence[web.RouteDef]:
        """What it wants to be served over HTTP."""
        ...

    async def is_connected(self) -> bool:
        """Whether events can arrive."""
        ...

    async def run(self) -> None:
        """Be connected until this is cancelled, then end cleanly. Raises SettingsError for what cannot work."""
        ...


Connect = Callable[["Settings", "Renewed", "Board", Callable[[datetime], int]], Connection]


@click.command()
def slack() -> None:
    """Connect to Slack: over a socket with SLACK_APP_TOKEN, else over HTTP with SLACK_SIGNING_SECRET."""
    from adapters.slack.connection import need_tokens

    settings = start()
    # Before anything is built that takes its time.
    need_tokens(settings)
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
        wanted.append(_to_slack)
    if settings.discord_token.get_secret_value():
        wanted.append(_to_discord)
    if not wanted:
        raise SettingsError(NOTHING)
    _run(settings, wanted)


def _to_slack(settings: Settings, assistant: Renewed, board: Board, work: Callable[[datetime], int]) -> Connection:
    from adapters.slack.connection import SlackConnection

    return SlackConnection(settings, assistant, board, work)


def _to_discord(settings: Settings, assistant: Renewed, board: Board, work: Callable[[datetime], int]) -> Connection:
    from adapters.discord.connection import DiscordConnection

    return DiscordConnection(settings, assistant, board, work)


def _run(settings: Settings, wanted: Sequence[Connect]) -> None:
    from bot.board import Board
    from bot.limits import Limits
    from bot.scheduler import Scheduler

    library = open_library(settings)
    budget = open_budget(settings)
    store = open_store(settings)
    assistant = make_renewed(library, settings, lambda: store, budget, Limits())
    board = Board(lambda: assistant.keepers, lambda: store)
    work = Scheduler(lambda: assistant.keepers, lambda: store).work
    try:
        asyncio.run(
            _stay_connected(lambda: [connect(settings, assistant, board, work) for connect in wanted], settings)
        )
    finally:
        store.close()


async def _stay_connected(connect: Callable[[], list[Connection]], settings: Settings) -> None:
    """Be connected until somebody stops the process, or something cannot work."""
    connections = connect()
    stopped, loop = asyncio.Event(), asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stopped.set)
    runner = await _serve(connections, settings.port)
    running = {asyncio.create_task(connection.run()) for connection in connections}
    waiting = asyncio.create_task(stopped.wait())
    names = " and ".join(connection.name.capitalize() for connection in connections)
    click.echo(f"Connecting to {names}; {HEALTH} on port {settings.port} says how it is. Ctrl-C ends it.", err=True)
    try:
        done, _ = await asyncio.wait({waiting, *running}, return_when=asyncio.FIRST_COMPLETED)
        for ended in done - {waiting}:
            ended.result()
    finally:
        for task in (waiting, *running):
            task.cancel()
        await asyncio.gather(waiting, *running, return_exceptions=True)
        await runner.cleanup()


async def _serve(connections: Sequence[Connection], port: int) -> web.AppRunner:
    """The health page, and what the platforms want to be served. Raises SettingsError where the port is taken."""
    from aiohttp import web

    async def health(request: web.Request) -> web.Response:
        states = {connection.name: await connection.is_connected() for connection in connections}
        return web.json_response(
            {name: "connected" if connected else "not connected" for name, connected in states.items()},
            status=200 if all(states.values()) else 503,
        )

    site = web.Application()
    site.add_routes([web.get(HEALTH, health), *(route for one in connections for route in one.routes)])
    runner = web.AppRunner(site, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, port=port).start()
    except OSError as error:
        await runner.cleanup()
        raise SettingsError(
            f"Port {port} cannot be used ({error.strerror}): set FINOPS_PORT to another one."
        ) from error
    return runner
