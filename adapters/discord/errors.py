"""What Discord's refusals mean: one function sorts them."""

from __future__ import annotations

from collections.abc import Mapping

import discord
from aiohttp import ClientError

from bot.errors import Final, MissingRight, Passing, PlatformError

TOO_MANY, FORBIDDEN = 429, 403
# What a call that Discord refuses raises: where it asks for long patience the library does not wait, and says so by an
# exception of its own.
REFUSALS = (discord.HTTPException, discord.RateLimited)
# Discord's own numbers: https://docs.discord.com/developers/topics/opcodes-and-status-codes
UNKNOWN_CHANNEL, UNKNOWN_MESSAGE = 10003, 10008
# Unknown channel, message, webhook or interaction; somebody else's message: what should be changed is not there.
GONE_CODES = frozenset({UNKNOWN_CHANNEL, 10004, UNKNOWN_MESSAGE, 10013, 10015, 10062, 40060, 50005, 50027})
# Too many at once, or Discord's own trouble, whatever the status: slow mode, old messages edited too often (30046),
# private channels opened too fast (40003), what is overloaded or switched off for a while.
PASSING = frozenset({20016, 20022, 20028, 30046, 40003, 40006, 40062, 40333, 130000})
CLOSED = "Direct messages are not open to me: allow them from this server, or ask me by a command such as /finops ask."
ARCHIVED = "That thread is archived: I can write there again once somebody opens it."
HISTORY = "I may not answer there: a moderator can give me the right “Read Message History” in that channel."
SEE = "I may not see that channel: a moderator can give me the right “View Channel” there."
WRITE = "I may not write there: a moderator can give me the rights “View Channel” and “Send Messages” in that channel."
# What is missing, by Discord's number for it.
MISSING: Mapping[int, str] = {50001: SEE, 50007: CLOSED, 50013: WRITE, 50083: ARCHIVED, 160002: HISTORY}
FORUM = "In a forum I can only answer below a post: ask me in one, or in another channel."
BLOCKED = "A rule of this server (AutoMod) does not let that message through."
GONE = "What I should change there is gone."
NOT_TAKEN = "Discord does not take that message, now or later."
# Why it will never work, by Discord's number for it.
FINAL: Mapping[int, str] = {40058: FORUM, 200000: BLOCKED, 200001: BLOCKED, 240000: BLOCKED}


def kind_of(error: Exception) -> PlatformError:
    """What a failure of the library means."""
    if isinstance(error, discord.RateLimited):
        return Passing(str(TOO_MANY), error.retry_after)
    if isinstance(error, discord.HTTPException):
        code, told = error.code, str(error.code or error.status)
        if error.status == TOO_MANY or error.status >= 500 or code in PASSING:
            return Passing(told, _seconds(error))
        if code not in FINAL and (error.status == FORBIDDEN or code in MISSING):
            return MissingRight(MISSING.get(code, WRITE), told)
        return Final(GONE if code in GONE_CODES else FINAL.get(code, NOT_TAKEN), told)
    # A limit without how long it lasts is a KeyError of the library; TimeoutError is an OSError.
    if isinstance(error, ClientError | OSError | KeyError):
        return Passing(type(error).__name__)
    return Final(NOT_TAKEN, type(error).__name__)


def _seconds(error: discord.HTTPException) -> float | None:
    """How long Discord asks to be left alone, where it says that."""
    try:
        return float(error.response.headers["Retry-After"])
    except (KeyError, ValueError, AttributeError):
        return None
