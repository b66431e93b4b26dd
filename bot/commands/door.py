"""The door: what the bot serves over HTTP, held against those who come to keep it open or to fill the log."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable, Mapping

from aiohttp import web

from bot.logs import Seldom, failure
from bot.settings import SettingsError

log = logging.getLogger(__name__)
log.addFilter(Seldom())

# What a request may take to arrive, in seconds: its headers, then its body. Slack sends both at once.
HEADERS, BODY = 10.0, 10.0
# So long, in seconds, is a body that nobody wants still read, so that who sends it gets to read why.
LINGERING = 2.0
# What is being answered when the bot is stopped has so long, in seconds.
ENDING = 5.0
# Connections at a time: far more than Slack opens, and fewer than a process may usually have files open (1,024).
MOST = 512

# By method and path.
Routes = Mapping[tuple[str, str], Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]]


class Door(web.Server):
    """Serves routes. Where all connections are taken, the one that has said nothing for longest makes room."""

    def __init__(self, routes: Routes) -> None:
        super().__init__(
            self._answer,
            # It counts from the first byte that could have come; as each connection serves one request, it is never
            # waited for another.
            keepalive_timeout=HEADERS,
            lingering_time=LINGERING,
            access_log=None,
            logger=log,
        )
        self._routes = routes
        self._silent: dict[web.RequestHandler, None] = {}

    def connection_made(self, handler: web.RequestHandler, transport: asyncio.Transport) -> None:
        """Somebody has come; the oldest of those who have not said what they want is first."""
        super().connection_made(handler, transport)
        self._silent[handler] = None
        if len(self.connections) > MOST:
            next(iter(self._silent)).force_close()

    def connection_lost(self, handler: web.RequestHandler, exc: BaseException | None = None) -> None:
        """Somebody has gone."""
        self._silent.pop(handler, None)
        super().connection_lost(handler, exc)

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        self._silent.pop(request.protocol, None)
        answer = await self._routed(request)
        answer.force_close()
        return answer

    async def _routed(self, request: web.BaseRequest) -> web.StreamResponse:
        if (handler := self._routes.get((request.method, request.path))) is None:
            return web.Response(status=405 if any(request.path == path for _, path in self._routes) else 404)
        try:
            async with asyncio.timeout(BODY):
                await request.read()  # it is remembered
        except TimeoutError:
            return web.Response(status=408)
        except web.HTTPRequestEntityTooLarge:
            return web.Response(status=413)
        try:
            return await handler(request)
        except Exception as error:
            log.error("A request was not answered; reference %s\n%s", secrets.token_hex(4), failure(error))
            return web.Response(status=500)


async def open_door(routes: Routes, host: str, port: int) -> web.ServerRunner:
    """Serve the routes there, until the runner is cleaned up. Raises SettingsError where that cannot be used."""
    runner = web.ServerRunner(Door(routes), shutdown_timeout=ENDING)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port, backlog=MOST).start()
    except OSError as error:
        await runner.cleanup()
        raise SettingsError(
            f"Port {port} of {host} cannot be used ({error.strerror or error}): set FINOPS_PORT to another one, or "
            "FINOPS_HOST to an address of this machine."
        ) from error
    return runner
