"""What `doctor` finds out about Slack: whether the tokens work, and what they may do."""

from __future__ import annotations

from collections.abc import AsyncIterator

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.connection import need_tokens
from adapters.slack.errors import code_of
from adapters.slack.scopes import lacking, missing
from bot.settings import Settings, SettingsError


async def examine(settings: Settings) -> AsyncIterator[str]:
    """What works, a line each. Raises SettingsError with what does not, and what to do."""
    need_tokens(settings)
    token, app_token = settings.slack_bot_token.get_secret_value(), settings.slack_app_token.get_secret_value()
    client = AsyncWebClient(token, base_url=settings.slack_api_url)
    try:
        told = await client.auth_test()
    except SlackApiError as error:
        raise SettingsError(
            f"SLACK_BOT_TOKEN is not accepted ({code_of(error)}): copy it from “OAuth & Permissions”."
        ) from error
    except (ClientError, OSError, TimeoutError) as error:
        raise SettingsError(f"{settings.slack_api_url} cannot be reached ({type(error).__name__}).") from error
    yield f"the bot is {told['user']} in {told['team']}"
    granted = {name.lower(): value for name, value in told.headers.items()}.get("x-oauth-scopes", "").split(",")
    if wanting := missing(granted):
        raise SettingsError(
            f"scopes are missing: {', '.join(wanting)}. Add them under “OAuth & Permissions”, then install anew."
        )
    yield "all scopes that it needs are granted"
    for scope in lacking(granted):
        yield f"note: not granted is {scope}"
    if not app_token:
        yield "events are taken over HTTP, signed"
        return
    try:
        await client.apps_connections_open(app_token=app_token)
    except SlackApiError as error:
        raise SettingsError(
            f"SLACK_APP_TOKEN opens no socket ({code_of(error)}): make one with connections:write under "
            "“Basic Information”, “App-Level Tokens”, and turn Socket Mode on."
        ) from error
    yield "a socket can be opened"
