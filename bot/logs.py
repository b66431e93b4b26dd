"""Where the log goes, a file in the bot's home, so that a terminal shows answers only; and what it tells."""

from __future__ import annotations

import logging
import os
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from logging.handlers import RotatingFileHandler

from bot.settings import Settings, SettingsError
from bot.store import StoreError, StoreGone
from knowledge.errors import KnowledgeError

NAME = "finops-bot.log"
OWN = ("bot", "knowledge", "adapters")
# How long, in seconds, a line that anybody outside can cause keeps the same line out of the log.
SELDOM = 60.0


class Seldom(logging.Filter):
    """Lets a line of the code through once a minute, without a trace: nobody outside can push the log over."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """`clock` tells the time in seconds."""
        super().__init__()
        self._clock = clock
        self._until: dict[tuple[str, int], float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the record is the first of its line for a while."""
        line, now = (record.pathname, record.lineno), self._clock()
        if now < self._until.get(line, now):
            return False
        self._until[line] = now + SELDOM
        record.exc_info = None
        return True


class Discreet(logging.Formatter):
    """Writes a record without what somebody may have said: own lines tell ids and kinds; of a library's, what was put
    into the line is left out but for numbers, and of any failure its text.
    """

    def format(self, record: logging.LogRecord) -> str:
        """The record as one line, with the places of a failure below it."""
        told = record.getMessage() if _is_own(record) else _template(record)
        line = f"{self.formatTime(record)} {record.levelname} {record.name}: {told}"
        error = record.exc_info[1] if record.exc_info else None
        return line if error is None else f"{line}\n{failure(error)}"


def _is_own(record: logging.LogRecord) -> bool:
    return record.name.partition(".")[0] in OWN


def _template(record: logging.LogRecord) -> str:
    """The first line of a library's message, whatever was put into it but numbers being named by its type."""
    said = str(record.msg)
    if isinstance(record.args, tuple) and record.args:
        kept = (one if isinstance(one, int | float) else f"<{type(one).__name__}>" for one in record.args)
        # A number can be wanted where there is none any more.
        with suppress(TypeError, ValueError):
            said %= tuple(kept)
    return said.partition("\n")[0]


def _is_wanted(record: logging.LogRecord) -> bool:
    """Below a warning only the bot's own lines: libraries tell there all that they are given to send and read."""
    return record.levelno >= logging.WARNING or _is_own(record)


def write_logs(settings: Settings) -> None:
    """Send the log to the home's file; nowhere where that cannot be written."""
    # The libraries below would print bars and notes of their own into a conversation.
    os.environ.setdefault("TQDM_DISABLE", "1")
    os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
    # A full disk is no reason to write into a conversation.
    logging.raiseExceptions = False
    root = logging.getLogger()
    root.setLevel("ERROR" if settings.log_level == "ERROR" else "WARNING")
    for name in OWN:
        logging.getLogger(name).setLevel(settings.log_level)
    handler: logging.Handler = logging.NullHandler()
    try:
        settings.home.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(
            settings.home / NAME, maxBytes=1_000_000, backupCount=3, encoding="utf-8", delay=True
        )
    except OSError:
        pass  # what needs the home will say that it cannot be written
    handler.setFormatter(Discreet())
    handler.addFilter(_is_wanted)
    root.handlers = [handler]


def failure(error: BaseException) -> str:
    """Where and as what it failed, for the log. Only the bot's own errors are told in full: the text of any other one
    can hold what somebody said.
    """
    if isinstance(error, StoreGone):
        return str(error)  # it comes again and again, and the line that stands before the first says the rest
    told = isinstance(error, KnowledgeError | SettingsError | StoreError)
    kind = f"{type(error).__name__}: {error}" if told else type(error).__name__
    places = "".join(traceback.format_tb(error.__traceback__))
    cause = error.__cause__
    return f"{places}{kind}" + (f"\nbecause of\n{failure(cause)}" if cause else "")
