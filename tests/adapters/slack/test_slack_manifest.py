"""The manifest: of Slack's own form, with no scope that is not needed, and none lacking."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from adapters.slack.app import NEW_POLL, SHORTCUT
from adapters.slack.commands import NAME
from adapters.slack.scopes import OPTIONAL, REQUIRED, lacking, missing
from tests.slack.schema import check_manifest

FILE = Path(__file__).parents[3] / "deploy/slack-manifest.yaml"
WRITTEN = FILE.read_text("utf-8")
PAGE = (FILE.parent / "slack.md").read_text("utf-8")


@pytest.fixture
def manifest() -> dict[str, Any]:
    return dict(yaml.safe_load(WRITTEN))


def test_it_is_of_the_form_that_slack_publishes(manifest: dict[str, Any]) -> None:
    assert check_manifest(manifest) == []


@pytest.mark.parametrize(
    "spoil",
    [
        lambda features: features["bot_user"].update(always_online="yes"),
        lambda features: features["shortcuts"][0].update(name="a" * 25),
        lambda features: features["agent_view"].update(colour="red"),
    ],
    ids=["a kind", "a length", "a key"],
)
def test_a_manifest_of_another_form_is_noticed(
    spoil: Callable[[dict[str, Any]], None], manifest: dict[str, Any]
) -> None:
    spoil(manifest["features"])
    assert check_manifest(manifest)


def test_the_page_calls_the_shortcuts_as_slack_shows_it(manifest: dict[str, Any]) -> None:
    for shortcut in manifest["features"]["shortcuts"]:
        assert f"“{shortcut['name']}”" in PAGE


def test_it_asks_for_what_is_needed_and_says_beside_each_scope_what_for(manifest: dict[str, Any]) -> None:
    asked = manifest["oauth_config"]["scopes"]["bot"]
    assert set(asked) == {*REQUIRED, "files:write"}
    for scope in asked:
        assert f"- {scope} # {(REQUIRED | OPTIONAL)[scope]}" in WRITTEN
    for scope in OPTIONAL:
        assert f"- {scope}" in WRITTEN


def test_it_names_what_the_bot_listens_to(manifest: dict[str, Any]) -> None:
    assert manifest["features"]["slash_commands"][0]["command"] == NAME
    assert [one["callback_id"] for one in manifest["features"]["shortcuts"]] == [SHORTCUT, NEW_POLL]
    events = manifest["settings"]["event_subscriptions"]["bot_events"]
    assert set(events) == {"app_home_opened", "app_mention", "app_uninstalled", "message.im", "tokens_revoked"}


def test_what_is_missing_is_named_with_what_it_is_for() -> None:
    assert missing(REQUIRED) == []
    assert missing([scope for scope in REQUIRED if scope != "commands"]) == [
        "commands (for /finops and the shortcut on messages)"
    ]
    assert len(lacking(REQUIRED)) == len(OPTIONAL)
