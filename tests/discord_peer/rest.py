"""The half of a Discord on this machine that is asked over HTTP: it takes calls down, and answers or refuses them.

A test scripts what is refused, and how:

    rest.refuse("POST", "/channels/*/messages", Refusal(429, retry_after=0.1), times=2)
"""

from __future__ import annotations

import asyncio
import json
import math
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from aiohttp import web

from tests.discord_peer.sent import Sent
from tests.discord_peer.world import Refused, World

PREFIX = "/api/v10"
# All that Discord answers comes through a proxy; discord.py takes a 429 without this for a ban.
VIA = {"Via": "1.1 peer"}


@dataclass(frozen=True)
class Refusal:
    """An answer that is none: a status, and for 429 in how many seconds to try again, and whether no call at all may be
    made before (`everywhere`). Without `via` not Discord answers, but the guard in front of it, in its own words.
    """

    status: int
    retry_after: float = 1.0
    everywhere: bool = False
    via: bool = True
    code: int = 0


@dataclass
class Call:
    """A request as it arrived, and the status that it got. `authorization` is that header, `at` when it had arrived, in
    seconds of the event loop.
    """

    sent: Sent
    authorization: str
    at: float
    status: int = 0


class Rest:
    """What is asked over HTTP, of a `world` by a bot with that token. `changed` is called after each call."""

    def __init__(self, token: str, world: World) -> None:
        self.token = token
        self.calls: list[Call] = []
        self.changed: Callable[[], Awaitable[None]]
        self._world = world
        self._refusals: list[list[Any]] = []

    def refuse(self, method: str, path: str, refusal: Refusal, times: int = 1) -> None:
        """Refuse the next calls of a path, where `*` stands for anything."""
        self._refusals.append([method, path, refusal, times])

    def sent(self, method: str, path: str) -> list[Sent]:
        """The calls of a path, where `*` stands for anything, that were not refused."""
        taken = [call.sent for call in self.calls if call.status < 300]
        return [one for one in taken if one.method == method and fnmatchcase(one.path, path)]

    async def answer(self, request: web.Request) -> web.Response:
        """Take a call down and answer it."""
        payload, files = await _body(request)
        path = request.path.removeprefix(PREFIX)
        sent = Sent(request.method, path, payload, files)
        call = Call(sent, request.headers.get("Authorization", ""), asyncio.get_running_loop().time())
        self.calls.append(call)
        response = await self._respond(call)
        call.status = response.status
        await self.changed()
        return response

    async def _respond(self, call: Call) -> web.Response:
        if refusal := self._refusal(call.sent):
            return _refused(refusal)
        of_an_interaction = call.sent.path.startswith(("/interactions/", "/webhooks/"))
        if not of_an_interaction and call.authorization != f"Bot {self.token}":
            return _json({"message": "401: Unauthorized", "code": 0}, 401)
        try:
            made = await self._world.answer(call.sent)
        except Refused as error:
            if error.status == 429:
                return _refused(Refusal(429, error.retry_after, code=error.code))
            return _json({"message": str(error), "code": error.code}, error.status)
        return web.Response(status=204, headers=VIA) if made is None else _json(made)

    def _refusal(self, sent: Sent) -> Refusal | None:
        for scripted in self._refusals:
            method, path, refusal, _ = scripted
            if method == sent.method and fnmatchcase(sent.path, path):
                scripted[3] -= 1
                if not scripted[3]:
                    self._refusals.remove(scripted)
                assert isinstance(refusal, Refusal)
                return refusal
        return None


async def _body(request: web.Request) -> tuple[Any, tuple[int, ...]]:
    """The JSON of a request, and the sizes of its files."""
    if not request.content_type.startswith("multipart/"):
        text = await request.text()
        return (json.loads(text) if text else None), ()
    payload, sizes = None, []
    form = await request.post()
    for name, value in form.items():
        if name == "payload_json":
            payload = json.loads(str(value))
        else:
            assert isinstance(value, web.FileField)
            sizes.append(len(value.file.read()))
    return payload, tuple(sizes)


def _json(made: Any, status: int = 200, **headers: str) -> web.Response:
    """An answer of Discord's own. discord.py reads JSON from this exact type alone."""
    own = {"Content-Type": "application/json", **VIA, **headers}
    return web.Response(body=json.dumps(made).encode(), status=status, headers=own)


def _refused(refusal: Refusal) -> web.Response:
    if not refusal.via:
        headers = {"Retry-After": str(math.ceil(refusal.retry_after))}
        return web.Response(text="error code: 1015", status=refusal.status, headers=headers)
    if refusal.status != 429:
        return _json({"message": f"{refusal.status}: refused", "code": refusal.code}, refusal.status)
    told = {
        "message": "You are being rate limited.",
        "retry_after": refusal.retry_after,
        "global": refusal.everywhere,
        "code": refusal.code,
    }
    scope = {"X-RateLimit-Global": "true"} if refusal.everywhere else {"X-RateLimit-Bucket": "bucket"}
    return _json(told, 429, **{"Retry-After": str(math.ceil(refusal.retry_after))}, **scope)
