"""A server that speaks OpenAI's chat completions on this machine, and does what a test has written down for it.

    with ModelServer(Say("Fixed costs do not scale."), Fail(500)) as server:
        ...  # a client of `server.url`; `server.requests` is what it asked for

Each request takes the next act; the last one goes on for ever.
"""

from __future__ import annotations

import asyncio
import json
import re
import socket
import struct
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from aiohttp import web

Messages = Sequence[dict[str, Any]]


@dataclass(frozen=True)
class Say:
    """Answers; streamed word by word, or in `pieces`. `end` is why it ends: "stop", "length" or "content_filter"."""

    text: str
    pieces: tuple[str, ...] = ()
    end: str = "stop"


@dataclass(frozen=True)
class Says:
    """Answers what `says` makes of the messages of the request."""

    says: Callable[[Messages], str]


@dataclass(frozen=True)
class Slow:
    """Answers, and takes `seconds` for each word."""

    text: str
    seconds: float


@dataclass(frozen=True)
class Empty:
    """Answers without a word."""


@dataclass(frozen=True)
class Huge:
    """Answers with one word of so many characters."""

    characters: int = 10_000_000


@dataclass(frozen=True)
class Endless:
    """Answers without an end; with `silent` no words come, only signs of life."""

    silent: bool = False


@dataclass(frozen=True)
class HalfWord:
    """Begins to answer and closes the connection; `orderly` as if that were all, but without saying that it is."""

    text: str = "Fixed costs do not sca"
    orderly: bool = False


@dataclass(frozen=True)
class Reset:
    """Resets the connection, after `text`, or before any answer."""

    text: str = ""


@dataclass(frozen=True)
class Hang:
    """Takes the request and says nothing."""


@dataclass(frozen=True)
class Garbage:
    """Answers with a page of no protocol."""


@dataclass(frozen=True)
class BrokenEvents:
    """Begins to answer, then sends an event that is no JSON."""


@dataclass(frozen=True)
class Fail:
    """Refuses, as OpenAI does: with a status, perhaps the seconds after which to try again, and what was wrong."""

    status: int
    retry_after: float | None = None
    message: str = "The server had an error while processing your request."
    param: str | None = None


Act = Say | Says | Slow | Empty | Huge | Endless | HalfWord | Reset | Hang | Garbage | BrokenEvents | Fail


class ModelServer:
    """The server, in a thread of its own while the `with` block lasts."""

    def __init__(self, *acts: Act) -> None:
        self.requests: list[dict[str, Any]] = []
        self.url = ""
        self._acts = list(acts)
        self._under_way = 0
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), name="model server")
        self._started: Future[tuple[asyncio.AbstractEventLoop, str]] = Future()
        self._stopped = asyncio.Event()

    def __enter__(self) -> ModelServer:
        self._thread.start()
        self._loop, self.url = self._started.result(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stopped.set)
        self._thread.join()

    def script(self, *acts: Act) -> None:
        """What the next requests meet, instead of what was left to do."""
        with self._changed:
            self._acts = list(acts)

    def idle(self, within: float = 10.0) -> bool:
        """Whether, within so many seconds, no request is under way any more: answered, or given up by its client."""
        with self._changed:
            return self._changed.wait_for(lambda: self._under_way == 0, within)

    def busy(self, within: float = 10.0) -> bool:
        """Whether, within so many seconds, a request is under way."""
        with self._changed:
            return self._changed.wait_for(lambda: self._under_way > 0, within)

    async def _serve(self) -> None:
        try:
            application = web.Application()
            application.router.add_post("/v1/chat/completions", self._complete)
            runner = web.AppRunner(application, access_log=None, handler_cancellation=True, shutdown_timeout=0.1)
            await runner.setup()
            await web.TCPSite(runner, "127.0.0.1", 0).start()
        except BaseException as error:
            self._started.set_exception(error)
            raise
        port = runner.addresses[0][1]
        self._started.set_result((asyncio.get_running_loop(), f"http://127.0.0.1:{port}/v1"))
        await self._stopped.wait()
        await runner.cleanup()

    async def _complete(self, request: web.Request) -> web.StreamResponse:
        with self._counted():
            problem = await self._read(request)
            if problem is not None:
                return problem
            with self._changed:
                asked = self.requests[-1]
                act = self._acts.pop(0) if len(self._acts) > 1 else self._acts[0]
            match act:
                case Fail():
                    return _refusal(act)
                case Hang():
                    await self._stopped.wait()
                    return web.Response(status=503)
                case Garbage():
                    return web.Response(
                        text="<!doctype html><p>Welcome to the guest network.", content_type="text/html"
                    )
                case Reset(text=""):
                    _reset(request)
                    return web.Response()
            answer = _Answer(act, asked)
            return await (answer.stream(request) if asked.get("stream") else answer.whole(request))

    async def _read(self, request: web.Request) -> web.Response | None:
        """Take the request down; the answer to it if it is none that OpenAI would take."""
        if not request.headers.get("Authorization", "").startswith("Bearer "):
            return _refusal(Fail(401, message="You didn't provide an API key."))
        try:
            asked = await request.json()
            usable = isinstance(asked["model"], str) and asked["messages"] and isinstance(asked["messages"], list)
        except (ValueError, TypeError, KeyError):
            usable = False
        if not usable:
            return _refusal(Fail(400, message="We could not parse the JSON body of your request."))
        self.requests.append(asked)
        return None

    @contextmanager
    def _counted(self) -> Iterator[None]:
        self._count(1)
        try:
            yield
        finally:
            self._count(-1)

    def _count(self, change: int) -> None:
        with self._changed:
            self._under_way += change
            self._changed.notify_all()


class _Answer:
    """One answer on its way, in the form that was asked for."""

    def __init__(self, act: Act, asked: dict[str, Any]) -> None:
        self._act = act
        self._asked = asked
        self._said = ""

    async def stream(self, request: web.Request) -> web.StreamResponse:
        """The answer as server-sent events."""
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream; charset=utf-8"})
        await response.prepare(request)
        with suppress(ConnectionError):
            await self._send(response, self._chunk({"role": "assistant", "content": "", "refusal": None}))
            async for piece in self._pieces():
                await self._send(response, self._chunk({"content": piece}))
            match self._act:
                case Reset():
                    _reset(request)
                case HalfWord(orderly=False):
                    assert request.transport is not None
                    request.transport.close()
                case HalfWord():
                    pass
                case BrokenEvents():
                    await response.write(b'data: {"choices": [{"delta"\n\n')
                case _:
                    await self._finish(response)
            await response.write_eof()
        return response

    async def whole(self, request: web.Request) -> web.StreamResponse:
        """The answer as one object; a part of it, where the act breaks off."""
        body = self._body("chat.completion", choices=[])
        before, after = json.dumps(body).split('"choices": []')
        response = web.StreamResponse(headers={"Content-Type": "application/json"})
        await response.prepare(request)
        with suppress(ConnectionError):
            message = '"choices": [{"index": 0, "message": {"role": "assistant", "refusal": null, "content": "'
            await response.write((before + message).encode())
            async for piece in self._pieces():
                await response.write(json.dumps(piece)[1:-1].encode())
            match self._act:
                case Reset():
                    _reset(request)
                case HalfWord(orderly=False):
                    assert request.transport is not None
                    request.transport.close()
                case HalfWord() | BrokenEvents():
                    pass
                case _:
                    end = (
                        f'"}}, "logprobs": null, "finish_reason": "{self._end}"}}], "usage": {json.dumps(self._usage)}'
                    )
                    await response.write((end + after).encode())
            await response.write_eof()
        return response

    async def _finish(self, response: web.StreamResponse) -> None:
        await self._send(response, self._chunk({}, end=self._end))
        if self._wants_usage:
            await self._send(response, self._body("chat.completion.chunk", choices=[], usage=self._usage))
        await response.write(b"data: [DONE]\n\n")

    async def _pieces(self) -> AsyncIterator[str]:
        match self._act:
            case Say(pieces=(_, *_)) as act:
                pieces: Sequence[str] = act.pieces
            case Says(says=says):
                pieces = _words(says(self._asked["messages"]))
            case Huge(characters=characters):
                pieces = ["x" * characters]
            case BrokenEvents():
                pieces = ["Fixed ", "costs "]
            case Say(text=text) | Slow(text=text) | HalfWord(text=text) | Reset(text=text):
                pieces = _words(text)
            case Endless(silent=silent):
                while True:
                    yield "" if silent else "more and "
                    await asyncio.sleep(0.002)
            case _:
                pieces = []
        for piece in pieces:
            if isinstance(self._act, Slow):
                await asyncio.sleep(self._act.seconds)
            self._said += piece
            yield piece

    async def _send(self, response: web.StreamResponse, event: dict[str, Any]) -> None:
        await response.write(f"data: {json.dumps(event)}\n\n".encode())

    def _chunk(self, delta: dict[str, Any], end: str | None = None) -> dict[str, Any]:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": end}
        without_usage = {"usage": None} if self._wants_usage else {}
        return self._body("chat.completion.chunk", choices=[choice], **without_usage)

    def _body(self, kind: str, **rest: Any) -> dict[str, Any]:
        head = {"id": "chatcmpl-1", "object": kind, "created": int(time.time()), "model": self._asked["model"]}
        return {**head, "service_tier": "default", "system_fingerprint": "fp_1", **rest}

    @property
    def _end(self) -> str:
        return self._act.end if isinstance(self._act, Say) else "stop"

    @property
    def _wants_usage(self) -> bool:
        return bool((self._asked.get("stream_options") or {}).get("include_usage"))

    @property
    def _usage(self) -> dict[str, int]:
        """A word is a token here."""
        read = sum(len(str(message.get("content")).split()) for message in self._asked["messages"])
        wrote = len(self._said.split())
        return {"prompt_tokens": read, "completion_tokens": wrote, "total_tokens": read + wrote}


def _words(text: str) -> list[str]:
    return re.findall(r"\s*\S+\s*?|\s+$", text)


def _refusal(act: Fail) -> web.Response:
    kind = {401: "invalid_request_error", 429: "requests"}.get(act.status, "server_error")
    error = {"message": act.message, "type": kind, "param": act.param, "code": None}
    headers = {"Retry-After": f"{act.retry_after:g}"} if act.retry_after is not None else {}
    return web.json_response({"error": error}, status=act.status, headers=headers)


def _reset(request: web.Request) -> None:
    """Close the connection with a reset instead of an end."""
    transport = request.transport
    assert transport is not None
    transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()
