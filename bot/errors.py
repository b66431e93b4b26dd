"""What can go wrong when a platform is asked for something: three kinds, and no more.

    PlatformError
    ├── Passing       the same may work soon: try again, three times at once, then after growing pauses
    ├── MissingRight  a person can change it: rest, look again now and then, tell who acted what is missing
    └── Final         it will never work: give up, tell who acted, log it once

One function of each adapter, `kind_of`, tells which one an exception of its library is.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

Given = TypeVar("Given")

# How often a call is made again whose failure passes, and how long before the first of these, in seconds; each pause is
# twice as long as the one before. So a platform has about four seconds to come back while somebody waits.
TRIES, PAUSE = 3, 0.5
# Whoever waits for an answer waits at most so long for a platform that asks for patience, in seconds, at each try.
PATIENCE = 60.0
NOT_NOW = "The platform does not take it at the moment."


class PlatformError(Exception):
    """A platform did not do what it was asked for.

    `said` tells a person why, in a sentence or two of Markdown; `code` is the platform's own word for it, for the log.
    """

    def __init__(self, said: str, code: str = "") -> None:
        super().__init__(f"{said} ({code})" if code else said)
        self.said = said
        self.code = code

    def adding(self, sentence: str) -> PlatformError:
        """The same, which tells a person something more."""
        return type(self)(f"{self.said} {sentence}", self.code)


class Passing(PlatformError):
    """It may work soon. `seconds` is how long the platform asks to be left alone, None where it does not say."""

    def __init__(self, code: str = "", seconds: float | None = None, said: str = NOT_NOW) -> None:
        super().__init__(said, code)
        self.seconds = seconds

    def adding(self, sentence: str) -> Passing:
        """The same, which tells a person something more."""
        return Passing(self.code, self.seconds, f"{self.said} {sentence}")


class MissingRight(PlatformError):
    """The bot may not do it there: what it says is what is missing, and how a person gives it."""


class Final(PlatformError):
    """It will never work."""


async def patiently(
    call: Callable[[], Awaitable[Given]], kind_of: Callable[[Exception], PlatformError], pause: float = PAUSE
) -> Given:
    """What `call` gives. Where its failure passes it is made again, after what the platform asks for, or a pause.

    Raises PlatformError. For answers that somebody waits for: what stands in rooms is tried again by the publisher.
    """
    for tried in range(TRIES + 1):
        try:
            return await call()
        except Exception as error:
            kind = error if isinstance(error, PlatformError) else kind_of(error)
            if not isinstance(kind, Passing) or tried == TRIES:
                raise kind from error
            wait = kind.seconds if kind.seconds is not None else pause * 2**tried
        await asyncio.sleep(min(wait, PATIENCE))
    raise AssertionError("The last try gives or raises.")
