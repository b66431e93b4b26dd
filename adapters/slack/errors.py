"""What Slack's refusals mean: one function sorts them; the SDK's own retry handlers try again what passes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError, SlackRequestError
from slack_sdk.http_retry.async_handler import AsyncRetryHandler
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncRateLimitErrorRetryHandler,
)
from slack_sdk.http_retry.request import HttpRequest
from slack_sdk.http_retry.response import HttpResponse
from slack_sdk.http_retry.state import RetryState

from bot.errors import TRIES, Final, MissingRight, Passing, PlatformError

TOO_MANY = 429
# Slack's own trouble, by its own words for it.
PASSING = frozenset(
    {
        "external_channel_migrating",
        "fatal_error",
        "internal_error",
        "message_limit_exceeded",
        "rate_limited",
        "ratelimited",
        "request_timeout",
        "service_unavailable",
        "update_failed",
    }
)
INVITE = "I am not in that channel: invite me with `/invite @FinOps Bot`, or ask me in another one."
ARCHIVED = "That channel is archived: I can write there again once somebody unarchives it."
READ_ONLY = "I may not write in that channel: its settings say who may post, and apps like me are not among them."
REINSTALL = "My installation in this workspace is not valid any more: an administrator can install me anew."
SCOPE = "I lack a permission of this workspace: whoever runs me sees with `finops-bot doctor` which one it is."
MAY_NOT = "The settings of this workspace do not let me do that there."
# What is missing, by Slack's word for it. (A channel that the bot was removed from, and that is not public, is said not
# to be found: so is somebody else's conversation.)
MISSING: Mapping[str, str] = {
    "access_denied": MAY_NOT,
    "account_inactive": REINSTALL,
    "channel_not_found": INVITE,
    "ekm_access_denied": MAY_NOT,
    "invalid_auth": REINSTALL,
    "is_archived": ARCHIVED,
    "missing_scope": SCOPE,
    "no_permission": SCOPE,
    "not_allowed_token_type": SCOPE,
    "not_authed": REINSTALL,
    "not_in_channel": INVITE,
    "posting_to_general_channel_denied": READ_ONLY,
    "restricted_action": READ_ONLY,
    "team_access_not_granted": MAY_NOT,
    "token_expired": REINSTALL,
    "token_revoked": REINSTALL,
}
# Slack tells apart why a channel cannot be written to: "restricted_action_read_only_channel" and others like it.
RESTRICTED = "restricted_action"
GONE = "What I should change there is gone."
NOT_TAKEN = "Slack does not take that message, now or later."
UNKNOWN = frozenset({"message_not_found", "thread_not_found", "cant_update_message", "edit_window_closed"})


def kind_of(error: Exception) -> PlatformError:
    """What a failure of the SDK means."""
    if isinstance(error, SlackApiError):
        code, status = code_of(error), status_of(error)
        if status == TOO_MANY:
            return Passing(code or str(status), _seconds(error))
        if status >= 500 or code in PASSING:
            return Passing(code or str(status))
        return refusal(code)
    if isinstance(error, ClientError | OSError | SlackRequestError):  # TimeoutError is an OSError
        return Passing(type(error).__name__)
    return Final(NOT_TAKEN, type(error).__name__)


def refusal(code: str) -> PlatformError:
    """What a word means by which Slack refuses something for good, or until a person changes it."""
    if remedy := MISSING.get(code, READ_ONLY if code.startswith(RESTRICTED) else ""):
        return MissingRight(remedy, code)
    return Final(GONE if code in UNKNOWN else NOT_TAKEN, code)


def code_of(error: SlackApiError) -> str:
    """Slack's word for what is wrong; "" where its answer holds none, as one of a proxy in between."""
    told = getattr(error.response, "data", None)
    return str(told.get("error") or "") if isinstance(told, dict) else ""


def status_of(error: SlackApiError) -> int:
    """The HTTP status of an answer."""
    # An answer that could not be read is one of aiohttp.
    response = error.response
    return int(getattr(response, "status_code", 0) or getattr(response, "status", 0))


def _seconds(error: SlackApiError) -> float:
    headers = {name.lower(): value for name, value in error.response.headers.items()}
    return float(headers.get("retry-after", 1))


class TroubleRetryHandler(AsyncRetryHandler):
    """Tries again what fails by Slack's own trouble: any 5xx, and what it answers by a word of its own.

    (The SDK's own handler for servers' errors knows 500 and 503 alone.)
    """

    async def _can_retry_async(
        self,
        *,
        state: RetryState,
        request: HttpRequest,
        response: HttpResponse | None = None,
        error: Exception | None = None,
    ) -> bool:
        if response is None or response.status_code == TOO_MANY:
            return False
        told: Any = response.body if isinstance(response.body, dict) else {}
        return response.status_code >= 500 or told.get("error") in PASSING


def retries(waits: bool) -> list[AsyncRetryHandler]:
    """What tries a call again, three times; `waits` where it should also wait as long as Slack asks for (429)."""
    trouble: list[AsyncRetryHandler] = [TroubleRetryHandler(TRIES), AsyncConnectionErrorRetryHandler(TRIES)]
    return [AsyncRateLimitErrorRetryHandler(TRIES), *trouble] if waits else trouble
