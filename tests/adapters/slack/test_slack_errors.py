"""What Slack refuses: which kind each refusal is, and what becomes of an answer."""

from __future__ import annotations

from typing import Any

import pytest
from aiohttp import ClientConnectionError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from adapters.slack.errors import kind_of
from bot.errors import Final, MissingRight, Passing, PlatformError
from tests.adapters.slack.conftest import Connect, running
from tests.slack.server import FakeSlack, fake_slack


def refused(code: str, status: int = 200, **headers: str) -> SlackApiError:
    response = AsyncSlackResponse(
        client=AsyncWebClient(),
        http_verb="POST",
        api_url="chat.postMessage",
        req_args={},
        data={"ok": False, "error": code},
        headers=headers,
        status_code=status,
    )
    return SlackApiError("refused", response)


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (refused("internal_error"), Passing),
        (refused("fatal_error"), Passing),
        (refused("", 502), Passing),
        (ClientConnectionError(), Passing),
        (TimeoutError(), Passing),
        (refused("not_in_channel"), MissingRight),
        (refused("is_archived"), MissingRight),
        (refused("restricted_action_read_only_channel"), MissingRight),
        (refused("token_revoked"), MissingRight),
        (refused("invalid_blocks"), Final),
        (refused("message_not_found"), Final),
        (refused("a_word_of_tomorrow"), Final),
    ],
)
def test_each_refusal_is_of_one_kind(error: Exception, kind: type[PlatformError]) -> None:
    assert type(kind_of(error)) is kind


def test_a_limit_says_how_long_to_wait() -> None:
    kind = kind_of(refused("ratelimited", 429, **{"Retry-After": "60"}))
    assert isinstance(kind, Passing)
    assert kind.seconds == 60


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "how",
    [
        # slackapi/python-slack-sdk 1715, 1333: the SDK tries none of these again by itself but a reset, once.
        {"status": 502},
        pytest.param({"error": "internal_error"}, marks=pytest.mark.trial),
        pytest.param({"error": "fatal_error", "times": 3}, marks=pytest.mark.trial),
        {"error": "reset"},
        pytest.param({"error": "ratelimited", "retry_after": 1}, marks=pytest.mark.trial),
    ],
)
async def test_no_answer_is_lost_by_what_passes(connect: Connect, how: dict[str, Any]) -> None:
    async with fake_slack() as slack, running(connect(slack)):
        slack.refuse("chat.postMessage", **how)
        await slack.say("U0BO", "<@U0BOT> privacy", channel="DU0BO")
        await slack.until(lambda: slack.of("chat.postMessage"))


@pytest.mark.asyncio
async def test_who_asks_where_the_bot_may_not_write_is_told_by_a_way_that_works(connect: Connect) -> None:
    async with fake_slack() as slack, running(connect(slack)):
        for method in ("chat.postMessage", "chat.postEphemeral", "chat.startStream"):
            slack.refuse(method, "restricted_action_read_only_channel", channel="C0FINOPS", times=-1)
        await slack.say("U0BO", "<@U0BOT> give me a quote")
        await slack.until(lambda: told(slack, "DU0BO", "may not write in that channel"))


def told(slack: FakeSlack, channel: str, words: str) -> bool:
    return any(words in one["text"] for one in slack.of("chat.postMessage") if one["channel"] == channel)
