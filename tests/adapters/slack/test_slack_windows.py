"""Windows in Slack: opened at once by a command, a press or from anywhere, and what is picked in them."""

from __future__ import annotations

from typing import Any

from adapters.slack.app import FOR_MODERATORS
from adapters.slack.windows import TOO_LATE
from tests.adapters.slack.conftest import Story
from tests.slack.server import FakeSlack


def test_a_form_for_a_poll_is_opened_by_a_command_at_once_and_only_for_moderators(story: Story) -> None:
    async def act(slack: FakeSlack) -> None:
        await slack.command("U0ANA", "poll")
        (opened,) = await slack.until(lambda: slack.of("views.open"))
        values = {"question": {"value": "Tea?"}, "options": {"value": "yes\nno"}}
        await slack.submit("U0ANA", opened["view"], values)
        await slack.until(lambda: slack.told("Poll: Tea?", "chat.postEphemeral"))
        await slack.command("U0BO", "poll")
        await slack.until(lambda: slack.told("Only moderators can start a poll", "response"))

    story(act)


def test_a_form_for_a_poll_is_opened_from_anywhere_for_a_channel_that_is_chosen(story: Story) -> None:
    async def act(slack: FakeSlack) -> None:
        slack.outside.add("C0OTHER")
        await slack.shortcut("U0ANA", "new_poll")
        (opened,) = await slack.until(lambda: slack.of("views.open"))
        values: dict[str, Any] = {
            "for channel": {"selected_conversation": "C0OTHER"},
            "question": {"value": "Tea?"},
            "options": {"value": "yes\nno"},
        }
        await slack.submit("U0ANA", opened["view"], values, "C0OTHER")
        await slack.until(lambda: slack.told("Poll: Tea?", "response"))
        await slack.shortcut("U0BO", "new_poll")
        (refused,) = await slack.until(lambda: slack.told(FOR_MODERATORS.partition(" `")[0], "chat.postMessage"))
        assert refused["channel"] == "DU0BO"

    story(act)


def test_a_window_that_comes_too_late_is_said_to(story: Story) -> None:
    async def act(slack: FakeSlack) -> None:
        slack.late = True
        await slack.press("U0ANA", "poll new", kind="open")
        await slack.until(lambda: slack.told(TOO_LATE, "chat.postEphemeral"))

    story(act)


def test_moderators_are_picked_and_others_are_named_beside_them(story: Story) -> None:
    async def act(slack: FakeSlack) -> None:
        await slack.press("U0ANA", "settings change", kind="open")
        (opened,) = await slack.until(lambda: slack.of("views.open"))
        values: dict[str, Any] = {
            "moderators": {"selected_users": ["U0CY"]},
            "moderators by id": {"value": "slack:S0MODS\ndiscord:12"},
        }
        assert set(values) < {block["block_id"] for block in opened["view"]["blocks"]}
        await slack.submit("U0ANA", opened["view"], values)
        await slack.until(lambda: slack.told("slack:U0CY, slack:S0MODS, discord:12"))
        await slack.press("U0ANA", "settings change", kind="open")
        *_, again = await slack.until(lambda: slack.of("views.open")[1:])
        blocks = {block["block_id"]: block["element"] for block in again["view"]["blocks"]}
        assert blocks["moderators"]["initial_users"] == ["U0CY"]
        assert blocks["moderators by id"]["initial_value"] == "slack:S0MODS\ndiscord:12"

    story(act)
