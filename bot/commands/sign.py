"""What is under way, on standard error, before there is anything else to see: in a terminal one line, written over."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TextIO

STARTING = "Starting"
CLEARED = "\r\x1b[K"
# Where the width of a terminal is not told.
COLUMNS = 80


class Sign:
    """Says what is under way. Nothing of it is left in a terminal; elsewhere each message is a line of its own."""

    def __init__(self, terminal: TextIO | None = None) -> None:
        """`terminal` is one where a line can be written over, None where there is none."""
        self._terminal = terminal
        self._shown = False

    def begin(self) -> None:
        """Show at once that something happens, where somebody is looking."""
        if self._terminal is not None:
            self.say(STARTING)

    def say(self, message: str) -> None:
        """Tell that something has begun; what is a whole sentence stays."""
        if self._terminal is None or message.endswith("."):
            self.clear()
            self._write(sys.stderr, f"{message}{'' if message.endswith('.') else ' ...'}\n")
            return
        self._shown = True
        self._write(self._terminal, f"{CLEARED}{message[: self._room()]} ...")

    def clear(self) -> None:
        """Make room for what has to be seen: the answer, or what went wrong."""
        if self._terminal is not None and self._shown:
            self._shown = False
            self._write(self._terminal, CLEARED)

    def _room(self) -> int:
        """How many characters a message may have, so that its line can be written over."""
        try:
            columns = os.get_terminal_size(2).columns or COLUMNS
        except OSError:
            columns = COLUMNS
        return max(columns - len(" ...") - 1, 1)

    def _write(self, output: TextIO, text: str) -> None:
        output.write(text)
        output.flush()


def sign_for(output: TextIO | None) -> Sign:
    """The sign of a program whose standard error is `output`."""
    seen = output is not None and output.isatty() and os.environ.get("TERM") != "dumb"
    return Sign(output if seen else None)


_SIGN: ContextVar[Sign] = ContextVar("sign")


def sign() -> Sign:
    """The sign of the command that runs, in threads of its talk too."""
    return _SIGN.get(None) or Sign()


@contextmanager
def shown_by(given: Sign) -> Iterator[None]:
    """Meanwhile that is the sign of the command that runs."""
    before = _SIGN.set(given)
    try:
        yield
    finally:
        _SIGN.reset(before)


def clean_up_if_interrupted() -> None:
    """From now on Ctrl-C lets the command clean up behind it: for one that writes elsewhere than into the home."""
    if signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.default_int_handler)
