"""A small Slack of the tests' own, for what the local one lacks: streaming, redelivery, deaf sockets, storms of 429."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from tests.slack.doings import TEAM, Arguments, Doings
from tests.waiting import PATIENCE

BOT = "U0BOT"
SCOPES = "app_mentions:read,assistant:write,chat:write,commands,files:write,im:history,im:write,users:read"
# So often an address takes an answer.
USES = 5


@dataclass
class Call:
    """A call of the Web API; `refused` where it was answered by a 429 or an error, `unseen` where it shows nothing."""

    method: str
    arguments: Arguments
    at: float
    refused: bool = False
    unseen: bool = False


@dataclass
class Refusal:
    """An answer that is none: what a method is refused with, in one channel or in all, so many times (-1: for good).

    With "reset" for a word the connection is cut, before the call has taken effect or `after` it has.
    """

    method: str
    error: str = ""
    status: int = 200
    channel: str | None = None
    times: int = 1
    retry_after: float | None = None
    after: bool = False


@dataclass
class FakeSlack(Doings):
    """The server: what it was asked for, and what it does when it is told to."""

    scopes: str = SCOPES
    calls: list[Call] = field(default_factory=list)
    # How often each method is still answered by 429, with how many seconds to wait.
    storms: dict[str, tuple[int, float]] = field(default_factory=dict)
    # Who is in each user group.
    members: dict[str, list[str]] = field(default_factory=dict)
    # What Slack tells of people beside what it tells of all.
    people: dict[str, Arguments] = field(default_factory=dict)
    # What a method fails with, for good.
    errors: dict[str, str] = field(default_factory=dict)
    # What is refused by channel, for a while or for good.
    refusals: list[Refusal] = field(default_factory=list)
    # A deaf socket takes nothing in and answers no ping.
    deaf: set[int] = field(default_factory=set)
    acknowledged: dict[str, float] = field(default_factory=dict)
    # Channels that the bot is not in.
    outside: set[str] = field(default_factory=set)
    # How often an address took an answer.
    uses: Counter[str] = field(default_factory=Counter)
    # Whether triggers are too old by the time they are used, and addresses too.
    late: bool = False
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    # --- What tests ask ---

    def refuse(self, method: str, error: str = "", **how: Any) -> Refusal:
        """Refuse the next calls of a method; a test can take the refusal out of `refusals` again."""
        self.refusals.append(Refusal(method, error, **how))
        return self.refusals[-1]

    def of(self, *methods: str) -> list[Arguments]:
        """The arguments of all calls of these methods that were taken."""
        return [call.arguments for call in self.calls if call.method in methods and not (call.refused or call.unseen)]

    def shown(self) -> list[str]:
        """All that was shown to anybody, as text."""
        return [
            json.dumps(one, ensure_ascii=False)
            for one in self.of("chat.postMessage", "chat.postEphemeral", "chat.update", "chat.stopStream", "response")
        ]

    def told(self, text: str, *methods: str) -> list[Arguments]:
        """The messages that people are shown in which `text` stands, by any of these methods."""
        found = self.of(*(methods or ("chat.postMessage", "chat.postEphemeral", "response")))
        return [one for one in found if text in json.dumps(one, ensure_ascii=False)]

    async def until(self, happened: Callable[[], Any], patience: float = PATIENCE) -> Any:
        """What `happened` gives, once it is something."""
        async with asyncio.timeout(patience):
            while not (found := happened()):
                self.changed.clear()
                await self.changed.wait()
        return found

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
        if refusal := self._refusal(method, arguments):
            call.refused = not refusal.after
            if refusal.after:
                self._answer(method, arguments)
            if refusal.error == "reset":
                assert request.transport is not None
                request.transport.abort()
            if refusal.status >= 500:
                # A proxy in between speaks for itself.
                return web.Response(text="<html>", status=refusal.status, content_type="text/html")
            headers = {"Retry-After": f"{refusal.retry_after:g}"} if refusal.retry_after is not None else {}
            told = {"ok": False, "error": refusal.error}
            return web.json_response(told, status=429 if headers else refusal.status, headers=headers)
        thread = (str(arguments.get("channel")), str(arguments.get("thread_ts")))
        # "Ephemeral messages in threads are only shown if there is already an active thread."
        call.unseen = method == "chat.postEphemeral" and bool(arguments.get("thread_ts")) and thread not in self.begun
        if method == "chat.postMessage" and arguments.get("thread_ts"):
            self.begun.add(thread)
        if error := self.errors.get(method) or self._forbidden(method, arguments):
            call.refused = True
            return web.json_response({"ok": False, "error": error})
        return web.json_response(
            {"ok": True, **self._answer(method, arguments)}, headers={"x-oauth-scopes": self.scopes}
        )

    def _refusal(self, method: str, arguments: Mapping[str, Any]) -> Refusal | None:
        for refusal in self.refusals:
            if refusal.method == method and refusal.channel in (None, arguments.get("channel")) and refusal.times:
                refusal.times -= 1
                return refusal
        return None

    def _forbidden(self, method: str, arguments: Mapping[str, Any]) -> str:
        """What Slack says to a bot that is not where it wants to do something, or comes too late."""
        channel = str(arguments.get("channel") or "")
        if method in ("chat.postMessage", "chat.postEphemeral", "chat.update", "chat.startStream"):
            if channel.startswith("D") and not channel.startswith("DU"):
                # The direct messages of others; those that `conversations.open` gives are called by their person here.
                return "channel_not_found"
            return "not_in_channel" if channel in self.outside else ""
        if method == "views.open":
            if self.late:
                return "expired_trigger_id"
            if arguments["trigger_id"] not in self.triggers:
                return "exchanged_trigger_id"
            self.triggers.discard(arguments["trigger_id"])
        return ""

    def _answer(self, method: str, arguments: Mapping[str, Any]) -> Arguments:
        match method:
            case "auth.test":
                return {"user_id": BOT, "user": "finops", "team": "Test", "team_id": TEAM, "bot_id": "B0BOT"}
            case "apps.connections.open":
                return {"url": f"{self.base.replace('http', 'ws')}/socket"}
            case "users.info":
                user = arguments["user"]
                # U0EVE administers another workspace, and is a guest here.
                team = "T0OTHER" if user == "U0EVE" else TEAM
                told = {"id": user, "name": user.lower(), "profile": {"display_name": user[2:].capitalize()}}
                known = {"tz": "Europe/Berlin", "team_id": team, "is_admin": user in ("U0ANA", "U0EVE")}
                return {"user": {**told, **known, **self.people.get(user, {})}}
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
        call = Call("response", await request.json(), asyncio.get_running_loop().time())
        self.calls.append(call)
        self.changed.set()
        self.uses[request.path] += 1
        thread = call.arguments.get("thread_ts")
        call.unseen = thread is not None and not any(held == thread for _, held in self.begun)
        call.refused = self.late or self.uses[request.path] > USES
        return web.json_response({"ok": not call.refused}, status=404 if call.refused else 200)

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
    slack = FakeSlack(scopes=scopes)
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
