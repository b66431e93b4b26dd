"""What Discord refuses: which kind each refusal is, and what becomes of an answer."""

from __future__ import annotations

from types import SimpleNamespace

import discord
import pytest
from aiohttp import ServerDisconnectedError

from adapters.discord.errors import kind_of
from bot.errors import Final, MissingRight, Passing, PlatformError


def refused(status: int, code: int, **headers: str) -> discord.HTTPException:
    response = SimpleNamespace(status=status, reason="refused", headers=headers)
    kinds = {403: discord.Forbidden, 404: discord.NotFound}
    kind = kinds.get(status, discord.DiscordServerError if status >= 500 else discord.HTTPException)
    return kind(response, {"code": code, "message": "refused"})  # type: ignore[arg-type] # as little as it reads


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (refused(502, 0), Passing),
        # discord/discord-api-docs 4413: old messages are edited too often.
        (refused(429, 30046), Passing),
        (refused(400, 40003), Passing),
        (discord.RateLimited(60), Passing),
        (ServerDisconnectedError(), Passing),
        (ConnectionResetError(), Passing),
        # Rapptz/discord.py 2544: a limit that does not say how long it lasts.
        (KeyError("retry_after"), Passing),
        (refused(403, 50001), MissingRight),
        (refused(403, 50013), MissingRight),
        (refused(403, 50007), MissingRight),
        (refused(403, 0), MissingRight),
        (refused(400, 50083), MissingRight),
        (refused(400, 160002), MissingRight),
        (refused(400, 40058), Final),
        (refused(403, 40058), Final),
        (refused(400, 200000), Final),
        (refused(404, 10003), Final),
        (refused(404, 10008), Final),
        (refused(400, 50035), Final),
    ],
)
def test_each_refusal_is_of_one_kind(error: Exception, kind: type[PlatformError]) -> None:
    assert type(kind_of(error)) is kind


def test_a_limit_says_how_long_to_wait() -> None:
    for error in (discord.RateLimited(60), refused(429, 0, **{"Retry-After": "60"})):
        kind = kind_of(error)
        assert isinstance(kind, Passing)
        assert kind.seconds == 60
