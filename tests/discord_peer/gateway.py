"""A small Discord on this machine, over the wire: the gateway with all its moods, and what is asked over HTTP.

    async with FakeDiscord() as peer:
        ...  # a client of `peer.api_url` and `peer.gateway_url`
        await peer.until(lambda: len(peer.identifies) == 1)
        await peer.dispatch("MESSAGE_CREATE", message(...))
        await peer.drop()

`identifies` and `resumes` are what clients said when they began or went on, `rest.calls` what they asked. What happens
while nobody listens is told on resuming, as Discord does. Where there is no event loop, `running(peer)` serves it in a
thread of its own; then a test may only script it before and read it after.
"""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from tests.discord_peer.payloads import Object, shard_of
from tests.discord_peer.rest import PREFIX, Rest
from tests.discord_peer.world import World
from tests.waiting import PATIENCE

DISPATCH, RECONNECT, INVALID, HELLO, ACK = 0, 7, 9, 10, 11
BAD_TOKEN, BAD_SHARD, BAD_INTENTS = 4004, 4010, 4014
# Members, presences, the contents of messages.
PRIVILEGED = 1 << 1 | 1 << 8 | 1 << 15
# A client that leaves with one of these does not come back for the rest.
LEFT_FOR_GOOD = (1000, 1001)


@dataclass
class Session:
    """What a client has been told since it identified; `connection` is None while it is away."""

    id: str
    shard: int
    connection: Connection | None
    told: list[str] = field(default_factory=list)


@dataclass(eq=False)
class Connection:
    """One websocket; a deaf one is open and does nothing, a sent away one was closed from here."""

    socket: web.WebSocketResponse
    request: web.Request
    deaf: bool = False
    sent_away: bool = False

    async def send(self, op: int, data: Any = None) -> None:
        """Say something that is no event."""
        await self.send_text(json.dumps({"op": op, "d": data, "s": None, "t": None}))

    async def send_text(self, text: str) -> None:
        """Say something that is written already."""
        if not self.deaf:
            with suppress(ConnectionError):
                await self.socket.send_str(text)


class FakeDiscord:
    """Discord while the `async with` block lasts. `heartbeat` is how often it wants to hear of a client, in seconds;
    `approved` are the privileged intents that the application was granted.
    """

    def __init__(self, token: str = "token", heartbeat: float = 41.25, shards: int = 1, approved: int = 0) -> None:
        self.identifies: list[Object] = []
        self.resumes: list[Object] = []
        # The paths at which clients connected, in turn.
        self.paths: list[str] = []
        self.heartbeats = 0
        # Close the next ones that identify with this code.
        self.closing: int | None = None
        self.api_url = self.gateway_url = ""
        self.world = World(self._pass_on)
        self.world.shards = shards
        self.rest = Rest(token, self.world)
        self._heartbeat = heartbeat
        self._approved = approved
        self._sessions: dict[str, Session] = {}
        self._connections: list[Connection] = []

    async def __aenter__(self) -> FakeDiscord:
        self._changed = asyncio.Condition()
        self.rest.changed = self._notify
        site = web.Application()
        site.router.add_get("/gateway/", self._connect)
        site.router.add_get("/resume/", self._connect)
        site.router.add_route("*", PREFIX + "/{path:.*}", self.rest.answer)
        self._runner = web.AppRunner(site, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        at = f"127.0.0.1:{self._runner.addresses[0][1]}"
        self.api_url = f"http://{at}{PREFIX}"
        self.gateway_url = self.world.gateway_url = f"ws://{at}/gateway/"
        self._resume_url = f"ws://{at}/resume/"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()

    # --- What a test does ---

    async def until(self, holds: Callable[[], object], within: float = PATIENCE) -> None:
        """Wait until something holds of what clients did. Raises TimeoutError after so many seconds."""
        async with asyncio.timeout(within), self._changed:
            await self._changed.wait_for(lambda: bool(holds()))

    async def dispatch(self, event: str, data: Object) -> None:
        """Tell the shard that it concerns of an event. Raises LookupError if nobody has identified for it."""
        if event == "INTERACTION_CREATE":
            self.world.expect(data)
        session = self._session_of(data)
        if session is None:
            raise LookupError(f"Nobody is there to be told of {event}.")
        await self._tell(session, event, data)

    async def ask_to_reconnect(self) -> None:
        """Ask all clients to connect again (op 7)."""
        for connection in self._connections:
            await connection.send(RECONNECT)

    async def invalidate(self, *, resumable: bool) -> None:
        """Tell all clients that their sessions are invalid (op 9); they may resume them, or have to begin anew."""
        if not resumable:
            self._sessions.clear()
        for connection in self._connections:
            await connection.send(INVALID, resumable)

    async def close(self, code: int) -> None:
        """Close all connections with a code."""
        for connection in [*self._connections]:
            connection.sent_away = True
            await connection.socket.close(code=code)

    async def drop(self) -> None:
        """Break all connections without a word."""
        for connection in self._connections:
            if connection.request.transport is not None:
                connection.request.transport.abort()

    def go_deaf(self) -> None:
        """All present connections stay open, but nothing comes through them any more."""
        for connection in self._connections:
            connection.deaf = True

    # --- What clients do ---

    async def _connect(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(max_msg_size=4096)
        await socket.prepare(request)
        connection = Connection(socket, request)
        self._connections.append(connection)
        self.paths.append(request.path)
        try:
            await connection.send(HELLO, {"heartbeat_interval": int(self._heartbeat * 1000)})
            async for received in socket:
                if received.type is WSMsgType.TEXT:
                    await self._hear(connection, json.loads(received.data))
        finally:
            self._connections.remove(connection)
            self._leave(connection)
            await self._notify()
        return socket

    async def _hear(self, connection: Connection, said: Object) -> None:
        match said["op"]:
            case 1:  # a heartbeat
                self.heartbeats += 1
                await connection.send(ACK)
            case 2:  # identify
                self.identifies.append(said["d"])
                await self._identify(connection, said["d"])
            case 6:  # resume
                self.resumes.append(said["d"])
                await self._resume(connection, said["d"])
        await self._notify()

    async def _identify(self, connection: Connection, said: Object) -> None:
        number, count = said.get("shard", (0, 1))
        refused = self.closing
        if said["token"] != self.rest.token:
            refused = BAD_TOKEN
        elif not 0 <= number < count:
            refused = BAD_SHARD
        elif said["intents"] & PRIVILEGED & ~self._approved:
            refused = BAD_INTENTS
        if refused is not None:
            await connection.socket.close(code=refused)
            return
        session = Session(f"session-{len(self.identifies)}", number, connection)
        self._sessions = {known: one for known, one in self._sessions.items() if one.shard != number}
        self._sessions[session.id] = session
        servers = [one for one in self.world.servers.values() if shard_of(one["id"], count) == number]
        await self._tell(session, "READY", self._ready(session, servers, [number, count]))
        for server in servers:
            await self._tell(session, "GUILD_CREATE", server)

    def _ready(self, session: Session, servers: list[Object], shard: list[int]) -> Object:
        return {
            "v": 10,
            "user": self.world.me,
            "guilds": [{"id": server["id"], "unavailable": True} for server in servers],
            "session_id": session.id,
            "resume_gateway_url": self._resume_url,
            "shard": shard,
            "application": {"id": self.world.me["id"], "flags": 0},
        }

    async def _resume(self, connection: Connection, said: Object) -> None:
        session = self._sessions.get(said["session_id"])
        if said["token"] != self.rest.token:
            await connection.socket.close(code=BAD_TOKEN)
        elif session is None:
            await connection.send(INVALID, False)
        else:
            session.connection = connection
            for text in session.told[said["seq"] or 0 :]:
                await connection.send_text(text)
            await self._tell(session, "RESUMED", {})

    async def _tell(self, session: Session, event: str, data: Object) -> None:
        text = json.dumps({"op": DISPATCH, "t": event, "s": len(session.told) + 1, "d": data})
        session.told.append(text)
        if session.connection is not None:
            await session.connection.send_text(text)

    async def _pass_on(self, event: str, data: Object) -> None:
        if session := self._session_of(data):
            await self._tell(session, event, data)

    def _session_of(self, data: Object) -> Session | None:
        shard = shard_of(data["guild_id"], self.world.shards) if data.get("guild_id") else 0
        return next((one for one in self._sessions.values() if one.shard == shard), None)

    def _leave(self, connection: Connection) -> None:
        for session in [*self._sessions.values()]:
            if session.connection is connection:
                session.connection = None
                if connection.socket.close_code in LEFT_FOR_GOOD and not connection.sent_away:
                    del self._sessions[session.id]

    async def _notify(self) -> None:
        async with self._changed:
            self._changed.notify_all()


@contextmanager
def running(peer: FakeDiscord) -> Iterator[FakeDiscord]:
    """Serve a Discord in a thread of its own."""
    started: Future[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = Future()

    async def serve() -> None:
        stopped = asyncio.Event()
        async with peer:
            started.set_result((asyncio.get_running_loop(), stopped))
            await stopped.wait()

    thread = threading.Thread(target=lambda: asyncio.run(serve()), name="Discord")
    thread.start()
    loop, stopped = started.result(10)
    try:
        yield peer
    finally:
        loop.call_soon_threadsafe(stopped.set)
        thread.join()
