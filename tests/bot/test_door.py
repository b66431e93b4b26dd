"""The door: nobody keeps it shut by coming and saying nothing, or saying it slowly, or saying nonsense."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest
from aiohttp import web

from bot.commands import door
from bot.commands.door import open_door
from bot.commands.serve import Looking
from tests.waiting import PATIENCE

HOST, SAID = "127.0.0.1", "what somebody said"
# Far more than anything here takes, in seconds.
HALF = b"GET /health HTTP/1.1\r\nHost: bot\r\n"


async def well(request: web.BaseRequest) -> web.Response:
    return web.Response(text=f"well {len(await request.read())}")


async def broken(request: web.BaseRequest) -> web.Response:
    raise ValueError(SAID)


@asynccontextmanager
async def opened(port: int) -> AsyncIterator[str]:
    """The door, and its address."""
    runner = await open_door({("GET", "/health"): well, ("POST", "/"): well, ("GET", "/broken"): broken}, HOST, port)
    try:
        yield f"http://{HOST}:{port}"
    finally:
        await runner.cleanup()


async def is_well(base: str) -> bool:
    timeout = aiohttp.ClientTimeout(total=PATIENCE)
    async with aiohttp.ClientSession(timeout=timeout) as session, session.get(f"{base}/health") as answer:
        return answer.status == 200


async def said(port: int, *sent: bytes) -> bytes:
    """All that is answered to that, until the door is shut."""
    reader, writer = await asyncio.open_connection(HOST, port)
    for part in sent:
        writer.write(part)
        await writer.drain()
    try:
        return await asyncio.wait_for(reader.read(), PATIENCE)
    except ConnectionError:
        return b""
    finally:
        writer.close()


@pytest.mark.parametrize("sent", [pytest.param(b"", marks=pytest.mark.trial), HALF], ids=["nothing", "half"])
def test_who_comes_and_never_finishes_is_shut_out_and_meanwhile_others_are_answered(
    sent: bytes, unused_tcp_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door, "HEADERS", 3.0)

    async def run() -> None:
        async with opened(unused_tcp_port) as base:
            many = [asyncio.create_task(said(unused_tcp_port, sent)) for _ in range(600)]
            await asyncio.sleep(0)
            assert await is_well(base)
            assert {await one for one in many} == {b""}
            assert await is_well(base)

    asyncio.run(run())


def test_headers_that_come_drop_by_drop_are_not_waited_for(
    unused_tcp_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door, "HEADERS", 0.5)

    async def run() -> None:
        async with opened(unused_tcp_port), asyncio.timeout(PATIENCE):
            reader, writer = await asyncio.open_connection(HOST, unused_tcp_port)
            writer.write(HALF)
            ended = asyncio.create_task(reader.read())
            while not ended.done():
                writer.write(b"x")
                await asyncio.wait({ended}, timeout=0.05)
            writer.close()

    asyncio.run(run())


def test_a_body_that_does_not_come_and_one_that_is_too_long(
    unused_tcp_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door, "BODY", 0.5)
    monkeypatch.setattr(door, "LINGERING", 0.1)
    begins = b"POST / HTTP/1.1\r\nHost: bot\r\nContent-Length: %d\r\n\r\n"

    async def run() -> list[bytes]:
        async with opened(unused_tcp_port):
            sent = (begins % 100, b"some"), (begins % 5_000_000, b"x" * 2_000_000), (begins % 4, b"some")
            return [(await said(unused_tcp_port, *parts))[9:12] for parts in sent]

    assert asyncio.run(run()) == [b"408", b"413", b"200"]


def test_where_all_places_are_taken_the_one_that_waited_longest_makes_room(
    unused_tcp_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door, "MOST", 3)

    async def run() -> None:
        async with opened(unused_tcp_port) as base:
            many = [await asyncio.open_connection(HOST, unused_tcp_port) for _ in range(3)]
            assert await is_well(base)
            assert await asyncio.wait_for(many[0][0].read(), PATIENCE) == b""
            assert not many[-1][0].at_eof()
            for _, writer in many:
                writer.close()

    asyncio.run(run())


def test_nonsense_is_answered_and_fills_no_log(unused_tcp_port: int, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    nonsense = [
        b"\x16\x03\x01\x02\x00",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET /health HTTP/1.1\r\nHost\r\n\r\n",
        b"GET /" + b"x" * 100_000 + b" HTTP/1.1\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: many\r\n\r\n",
    ]

    async def run() -> tuple[set[bytes], list[int]]:
        async with opened(unused_tcp_port) as base, aiohttp.ClientSession() as session:
            answers = {(await said(unused_tcp_port, one))[9:12] for one in 4 * nonsense}
            paths = "/nowhere", "/", "/broken", "/broken", "/health"
            return answers, [(await session.get(base + path)).status for path in paths]

    assert asyncio.run(run()) == ({b"400"}, [404, 405, 500, 500, 200])
    assert len(caplog.records) == 2
    assert "ValueError" in caplog.text
    assert SAID not in caplog.text
    assert not any(record.exc_info for record in caplog.records)


def test_who_asks_how_the_store_is_waits_for_nobody() -> None:
    gate, asked = threading.Event(), []

    def asks() -> bool:
        asked.append(1)
        return gate.wait(PATIENCE)

    async def run() -> tuple[list[bool], bool]:
        looking = Looking(asks, 0.1)
        told = [await looking.looked() for _ in range(3)]
        gate.set()
        while not await looking.looked():
            pass
        return told, await looking.looked()

    assert asyncio.run(run()) == ([False, False, False], True)
    assert 2 <= len(asked) <= 3
