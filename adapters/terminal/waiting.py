"""Waiting for an answer: a sign of life while it takes its time, and a way to stop it."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, Protocol, TextIO

from bot.reply import Reply, Text
from bot.turn import Turn

SIGN = "... looking that up"
# Whoever sees nothing for a fifth of a second begins to wonder; most answers need less.
PATIENCE_SECONDS = 0.15
STOPPED = Reply((Text("Stopped."),), activity="terminal")


class Hearer(Protocol):
    """What the terminal needs of an assistant."""

    def hear(self, turn: Turn) -> AsyncIterator[Reply]:
        """The replies to `turn`, as they come."""
        ...


class Attended:
    """A hearer with a person in front of it.

    `output`, if there is one, is a terminal that shows the sign of life. If `stoppable`, Ctrl-C ends the turn that is
    being heard, and nothing else.
    """

    def __init__(self, hearer: Hearer, output: TextIO | None, stoppable: bool) -> None:
        self._hearer = hearer
        self._output = output
        self._stoppable = stoppable

    async def hear(self, turn: Turn) -> AsyncIterator[Reply]:
        """The replies to `turn` as they come; the last is `STOPPED` if it was stopped."""
        heard: asyncio.Queue[Reply | None] = asyncio.Queue()
        # One task for the whole turn: time limits inside it may not change tasks between replies.
        hearing = asyncio.create_task(self._listen(turn, heard))
        with ExitStack() as stack:
            stack.callback(hearing.cancel)
            if self._stoppable:
                loop = asyncio.get_running_loop()
                stack.enter_context(on_interrupt(lambda *_: loop.call_soon_threadsafe(hearing.cancel)))
            while (reply := await self._next(heard)) is not None:
                yield reply
            await asyncio.wait({hearing})
        if hearing.cancelled():
            if self._output is not None:
                _clear_line(self._output)  # of the terminal's own "^C"
            yield STOPPED
        else:
            hearing.result()

    async def _listen(self, turn: Turn, heard: asyncio.Queue[Reply | None]) -> None:
        try:
            async for reply in self._hearer.hear(turn):
                heard.put_nowait(reply)
        finally:
            heard.put_nowait(None)

    async def _next(self, heard: asyncio.Queue[Reply | None]) -> Reply | None:
        if self._output is None:
            return await heard.get()
        with _sign_of_life(self._output):
            return await heard.get()


@contextmanager
def on_interrupt(act: Callable[[int, Any], object]) -> Iterator[None]:
    """What Ctrl-C does meanwhile; nothing is changed outside of the main thread, where signals do not come."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    earlier = signal.signal(signal.SIGINT, act)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, earlier)


@contextmanager
def _sign_of_life(output: TextIO) -> Iterator[None]:
    shown = False

    def show() -> None:
        nonlocal shown
        shown = True
        output.write(SIGN)
        output.flush()

    timer = asyncio.get_running_loop().call_later(PATIENCE_SECONDS, show)
    try:
        yield
    finally:
        timer.cancel()
        if shown:
            _clear_line(output)


def _clear_line(output: TextIO) -> None:
    output.write("\r\x1b[K")
    output.flush()
