"""What `doctor` finds out about Slack."""

from __future__ import annotations

import asyncio

import pytest
from pydantic import SecretStr

from adapters.slack.checkup import examine
from adapters.slack.scopes import OPTIONAL, REQUIRED
from bot.settings import Settings, SettingsError
from tests.slack.server import fake_slack


def looked(settings: Settings, scopes: str = ",".join((*REQUIRED, *OPTIONAL)), **more: str) -> list[str]:
    """What is found out about a Slack that grants these scopes, with these errors."""

    async def run() -> list[str]:
        async with fake_slack(scopes) as slack:
            slack.errors = more
            tokens = {"slack_bot_token": SecretStr("xoxb-1"), "slack_app_token": SecretStr("xapp-1")}
            own = settings.model_copy(update={**tokens, "slack_api_url": f"{slack.base}/api/"})
            return [line async for line in examine(own)]

    return asyncio.run(run())


def test_what_works_is_said(settings: Settings) -> None:
    assert looked(settings) == [
        "the bot is finops in Test",
        "all scopes that it needs are granted",
        "a socket can be opened",
    ]


def test_optional_scopes_are_noted(settings: Settings) -> None:
    assert any("channels:history (to follow up" in line for line in looked(settings, ",".join(REQUIRED)))


@pytest.mark.parametrize(
    ("scopes", "errors", "told"),
    [
        ("chat:write", {}, "scopes are missing: app_mentions:read (to hear when somebody mentions the bot), "),
        ("", {"auth.test": "invalid_auth"}, "SLACK_BOT_TOKEN is not accepted (invalid_auth): copy it"),
        (",".join(REQUIRED), {"apps.connections.open": "not_allowed_token_type"}, "SLACK_APP_TOKEN opens no socket"),
    ],
)
def test_what_does_not_work_is_named(scopes: str, errors: dict[str, str], told: str, settings: Settings) -> None:
    with pytest.raises(SettingsError) as raised:
        looked(settings, scopes, **errors)
    assert str(raised.value).startswith(told)
