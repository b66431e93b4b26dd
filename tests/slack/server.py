"""A small Slack of the tests' own, for what the local one lacks: streaming, redelivery, deaf sockets, storms of 429."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

BOT, TEAM = "U0BOT", "T0TEST"
SCOPES = "app_mentions:read,assistant:write,chat:write,commands,files:write,im:history,im:write,users:read"
Arguments = dict[str, Any]


@dataclass
class Call:
    """A call of the Web API; `refused` where it was answered by a 429 or an error."""

    method: str
    arguments: Arguments
    at: float
    refused: bool = False


@dataclass
class FakeSlack:
    """The server: what it was asked for, and what it does when it is told to."""

    scopes: str = SCOPES
    calls: list[Call] = field(default_factory=list)
    # How often each method is still answered by 429, with how many seconds to wait.
    storms: dict[str, tuple[int, float]] = field(default_factory=dict)
    # Who is in each user group.
    members: dict[str, list[str]] = field(default_factory=dict)
    # What a method fails with, for good.
    errors: dict[str, str] = field(default_factory=dict)
    sockets: list[web.WebSocketResponse] = field(default_factory=list)
    # A deaf socket takes nothing in and answers no ping.
    deaf: set[int] = field(default_factory=set)
    acknowledged: dict[str, float] = field(default_factory=dict)
    base: str = ""
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    _numbers: Any = field(default_factory=lambda: itertools.count(1))

    # --- What tests do ---

    async def event(self, event: Arguments, identifier: str = "", retry: int = 0) -> str:
        """Deliver an event by the newest socket; its envelope. The same `identifier` is the same event again."""
        number = next(self._numbers)
        payload = {"type": "event_callback", "team_id": TEAM, "event_id": identifier or f"Ev{number}", "event": event}
        return await self._send("events_api", payload, retry_attempt=retry)

    async def say(self, user: str, text: str, channel: str = "C0FINOPS", **more: Any) -> str:
        """A message that mentions the bot, or a direct one; its ts."""
        ts = f"{1_700_000_000 + next(self._numbers)}.000100"
        direct = channel.startswith("D")
        kind = {"type": "message", "channel_type": "im"} if direct else {"type": "app_mention"}
        await self.event({**kind, "user": user, "text": text, "channel": channel, "ts": ts, "team": TEAM, **more})
        return ts

    async def interact(self, payload: Arguments) -> str:
        """Deliver a press, a shortcut or a window."""
        return await self._send("interactive", payload)

    async def press(self, user: str, value: str, channel: str = "C0FINOPS", kind: str = "say") -> str:
        """Press a button."""
        number = next(self._numbers)
        return await self.interact(
            {
                "type": "block_actions",
                "user": {"id": user, "username": user.lower(), "team_id": TEAM},
                "team": {"id": TEAM},
                "trigger_id": f"trigger-{number}",
                "response_url": f"{self.base}/response/{user}",
                "channel": {"id": channel},
                "container": {"type": "message", "channel_id": channel, "message_ts": "1.0"},
                "actions": [
                    {
                        "type": "button",
                        "action_id": f"{kind}:1",
                        "value": value,
                        "action_ts": str(number),
                        "block_id": "b",
                    }
                ],
            }
        )

    async def disconnect(self, reason: str = "refresh_requested") -> None:
        """Tell the newest socket to leave."""
        await self.sockets[-1].send_json({"type": "disconnect", "reason": reason})

    def of(self, *methods: str) -> list[Arguments]:
        """The arguments of all calls of these methods that were taken."""
        return [call.arguments for call in self.calls if call.method in methods and not call.refused]

    def shown(self) -> list[str]:
        """All that was shown to anybody, as text."""
        return [
            json.dumps(one, ensure_ascii=False)
            for one in self.of("chat.postMessage", "chat.postEphemeral", "chat.update", "chat.stopStream", "response")
        ]

    async def until(self, happened: Callable[[], Any], patience: float = 60.0) -> Any:
        """What `happened` gives, once it is something."""
        async with asyncio.timeout(patience):
            while not (found := happened()):
                self.changed.clear()
                await self.changed.wait()
        return found

    async def _send(self, kind: str, payload: Arguments, **more: Any) -> str:
        envelope = f"envelope-{next(self._numbers)}"
        await self.sockets[-1].send_json(
            {"type": kind, "envelope_id": envelope, "payload": payload, "accepts_response_payload": False, **more}
        )
        return envelope

    # --- What it answers ---

    async def take(self, request: web.Request) -> web.Response:
        """A call of the Web API."""
        method = request.match_info["method"]
        arguments = await _arguments(request)
        call = Call(method, arguments, asyncio.get_running_loop().time())
        self.calls.append(call)
        self.changed.set()
        left, seconds = self.storms.get(method, (0, 0.0))
        if left:
            self.storms[method] = (left - 1, seconds)
            call.refused = True
            told = {"ok": False, "error": "ratelimited"}
            return web.json_response(told, status=429, headers={"Retry-After": f"{seconds:g}"})
        if error := self.errors.get(method):
            call.refused = True
            return web.json_response({"ok": False, "error": error})
        return web.json_response(
            {"ok": True, **self._answer(method, arguments)}, headers={"x-oauth-scopes": self.scopes}
        )

    def _answer(self, method: str, arguments: Mapping[str, Any]) -> Arguments:
        match method:
            case "auth.test":
                return {"user_id": BOT, "user": "finops", "team": "Test", "team_id": TEAM, "bot_id": "B0BOT"}
            case "apps.connections.open":
                return {"url": f"{self.base.replace('http', 'ws')}/socket"}
            case "users.info":
                user = arguments["user"]
                return {"user": {"id": user, "name": user.lower(), "tz": "Europe/Berlin", "is_admin": user == "U0ANA"}}
            case "usergroups.list":
                return {"usergroups": [{"id": group, "users": users} for group, users in self.members.items()]}
            case "conversations.open":
                return {"channel": {"id": f"D{arguments['users']}"}}
            case "chat.postMessage" | "chat.startStream":
                return {"ts": f"{1_800_000_000 + next(self._numbers)}.000100", "channel": arguments["channel"]}
            case "files.getUploadURLExternal":
                return {"upload_url": f"{self.base}/upload", "file_id": f"F{next(self._numbers)}"}
            case "files.completeUploadExternal":
                return {"files": []}
            case _:
                return {}

    async def respond(self, request: web.Request) -> web.Response:
        """An answer by the address of a press or a command."""
        self.calls.append(Call("response", await request.json(), asyncio.get_running_loop().time()))
        self.changed.set()
        return web.json_response({"ok": True})

    async def upload(self, request: web.Request) -> web.Response:
        """The bytes of a file."""
        await request.read()
        return web.Response(text="OK")

    async def socket(self, request: web.Request) -> web.WebSocketResponse:
        """A socket that events are sent by."""
        opened = web.WebSocketResponse(autoping=False)
        await opened.prepare(request)
        number = len(self.sockets)
        self.sockets.append(opened)
        await opened.send_json({"type": "hello", "num_connections": 1})
        self.changed.set()
        async for heard in opened:
            if number in self.deaf:
                continue
            if heard.type == WSMsgType.PING:
                await opened.pong(heard.data)
            elif heard.type == WSMsgType.TEXT:
                envelope = heard.json().get("envelope_id")
                self.acknowledged.setdefault(envelope, asyncio.get_running_loop().time())
                self.changed.set()
        return opened


async def _arguments(request: web.Request) -> Arguments:
    if request.content_type == "application/json":
        return dict(await request.json())
    told: Arguments = {**request.query, **await request.post()}
    for name in ("blocks", "view", "files", "metadata"):
        if isinstance(told.get(name), str):
            told[name] = json.loads(told[name])
    return told


@asynccontextmanager
async def fake_slack(scopes: str = SCOPES) -> AsyncIterator[FakeSlack]:
    """The server on a port of its own."""
    slack = FakeSlack(scopes)
    site = web.Application()
    site.add_routes(
        [
            web.post("/api/{method}", slack.take),
            web.get("/api/{method}", slack.take),
            web.get("/socket", slack.socket),
            web.post("/response/{user}", slack.respond),
            web.post("/upload", slack.upload),
        ]
    )
    runner = web.AppRunner(site, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    slack.base = f"http://{host}:{port}"
    try:
        yield slack
    finally:
        await runner.cleanup()


def times(slack: FakeSlack) -> Counter[str]:
    """How often each method was taken."""
    return Counter(call.method for call in slack.calls if not call.refused)
