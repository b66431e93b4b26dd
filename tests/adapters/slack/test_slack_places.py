"""Where replies are shown: to one person, in threads, in direct messages, in channels where the bot is not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

import pytest

from adapters.slack.app import ANSWERED
from bot.assistant import Assistant
from bot.reply import Reply
from bot.turn import Room, Turn
from tests.adapters.slack.conftest import Connect, Story, running
from tests.slack.server import SCOPES, FakeSlack, fake_slack
from tests.waiting import PATIENCE

QUESTION = "<@U0BOT> what is FinOps?"

# --- To one person ---


@pytest.mark.parametrize(
    ("user", "words", "said"),
    [
        ("U0BO", "quiz me", "I have answered you in our direct messages"),
        ("U0BO", "start the poll", "Only moderators can start a poll"),
        ("U0BO", "privacy", "About you I hold"),
        ("U0BO", "settings", "time zone"),
        ("U0BO", "leaderboard", "You have not answered a quiz"),
        ("U0ANA", "own poll", "What is the question?"),
        ("U0ANA", "insights", "nsights"),
    ],
)
def test_a_private_reply_to_a_mention_is_seen(user: str, words: str, said: str, story: Story) -> None:
    # Slack of chat.postEphemeral: "Ephemeral messages in threads are only shown if there is already an active thread."
    async def act(slack: FakeSlack) -> None:
        await slack.say(user, f"<@U0BOT> {words}")
        (shown,) = await slack.until(lambda: slack.told(said, "chat.postEphemeral"))
        assert "thread_ts" not in shown

    story(act)


def test_in_a_thread_that_has_replies_it_is_shown_there(story: Story) -> None:
    # pymc-labs/daimon#96: shown in the channel it is missed by whoever waits in the thread.
    async def act(slack: FakeSlack) -> None:
        await slack.say("U0BO", "<@U0BOT> privacy", thread_ts="17.0")
        (shown,) = await slack.until(lambda: slack.told("About you I hold", "chat.postEphemeral"))
        assert shown["thread_ts"] == "17.0"

    story(act)


@pytest.mark.parametrize("channel", ["D0OTHERS", "C0CLOSED"])
def test_a_command_where_the_bot_is_not_is_answered_all_the_same(channel: str, story: Story) -> None:
    # slackapi/bolt-js#963: nothing can be posted in conversations that the bot is not in.
    async def act(slack: FakeSlack) -> None:
        slack.outside.add("C0CLOSED")
        await slack.command("U0BO", "what is FinOps?", channel)
        await slack.until(lambda: slack.told("financial compass", "response"))
        await slack.ask_about("U0BO", {"text": "what is FinOps?"}, channel)
        await slack.until(lambda: len(slack.told("financial compass", "response")) == 2)
        assert slack.of("chat.postMessage", "chat.postEphemeral") == []

    story(act)


@pytest.mark.parametrize("channel", ["D0OTHERS", "C0CLOSED"])
def test_a_poll_that_could_not_be_posted_is_not_open(channel: str, story: Story) -> None:
    async def act(slack: FakeSlack) -> None:
        slack.outside.add("C0CLOSED")
        await slack.command("U0ANA", "start", channel)
        (said,) = await slack.until(lambda: slack.told("/invite @FinOps Bot", "response"))
        assert "the poll is not open" in said["text"]
        await slack.command("U0ANA", "results", channel)
        await slack.until(lambda: slack.told("No poll has been held here", "response"))

    story(act)


def test_polls_live_on_when_the_bot_is_removed_and_invited_back(story: Story) -> None:
    async def act(slack: FakeSlack) -> None:
        await slack.command("U0ANA", "start")
        await slack.until(lambda: slack.told("Nobody has voted yet", "chat.postMessage"))
        slack.outside.add("C0FINOPS")
        # What was posted can still be pressed.
        await slack.press("U0BO", "vote 1 1")
        await slack.until(lambda: slack.told("Counted", "response"))
        await slack.until(lambda: [call for call in slack.calls if call.method == "chat.update" and call.refused])
        slack.outside.discard("C0FINOPS")
        await slack.say("U0CY", "<@U0BOT> keywords")
        await slack.until(lambda: slack.told("1 person voted so far", "chat.update"))

    story(act)


# --- A talk in one place ---


def test_a_quiz_in_direct_messages_stays_beside_its_answers(story: Story) -> None:
    async def act(slack: FakeSlack) -> None:
        await slack.command("U0BO", "quiz", "DU0BO")
        await slack.until(lambda: slack.told("What percentage of AI projects", "chat.postMessage"))
        await slack.say("U0BO", "40%", channel="DU0BO")
        await slack.until(lambda: slack.told("more tries", "chat.postMessage"))
        await slack.say("U0BO", "60%", channel="DU0BO")
        await slack.until(lambda: slack.told("Correct!", "chat.postMessage"))
        assert not any("thread_ts" in one for one in slack.of("chat.postMessage"))
        await slack.until(lambda: len(slack.of("assistant.threads.setStatus")) == 4)
        ts = await slack.say("U0BO", "what is FinOps?", channel="DU0BO")
        (answer,) = await slack.until(lambda: slack.told("financial compass", "chat.postMessage"))
        assert answer["thread_ts"] == ts

    story(act)


def test_what_is_pressed_in_the_home_is_answered_in_direct_messages_and_the_home_says_so(story: Story) -> None:
    async def act(slack: FakeSlack) -> None:
        await slack.press_home("U0BO", "show the key takeaways")
        (answer,) = await slack.until(lambda: slack.of("chat.postMessage"))
        assert answer["channel"] == "DU0BO"
        (home,) = await slack.until(lambda: slack.of("views.publish"))
        assert home["view"]["blocks"][0]["elements"][0]["text"] == ANSWERED

    story(act)


# --- The first sign ---


def test_a_status_is_taken_away_where_nothing_follows_in_the_thread(story: Story) -> None:
    async def act(slack: FakeSlack) -> None:
        await slack.say("U0ANA", "<@U0BOT> start the poll")
        await slack.until(lambda: len(slack.of("assistant.threads.setStatus")) == 2)
        assert slack.of("assistant.threads.setStatus")[-1]["status"] == ""

    story(act)


def test_a_status_that_slack_does_not_take_holds_nothing_up(story: Story) -> None:
    async def act(slack: FakeSlack) -> None:
        slack.storms["assistant.threads.setStatus"] = (1, 3600)
        await slack.say("U0BO", QUESTION)
        await slack.until(lambda: slack.told("financial compass", "chat.postMessage"))

    story(act)


def test_a_status_goes_where_the_answer_could_not_be_shown(story: Story) -> None:
    async def act(slack: FakeSlack) -> None:
        slack.errors["chat.postMessage"] = "msg_blocks_too_long"
        await slack.say("U0BO", QUESTION)
        await slack.until(lambda: len(slack.of("assistant.threads.setStatus")) == 2)
        assert slack.of("assistant.threads.setStatus")[-1]["status"] == ""

    story(act)


# --- People ---


def test_a_mention_is_in_a_public_channel_where_a_command_has_told_so(
    connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    rooms: list[Room] = []

    async def run() -> None:
        async with fake_slack(SCOPES) as slack:
            connection = connect(slack)
            hear = Assistant.hear

            def heard(self: Assistant, turn: Turn) -> AsyncGenerator[Reply, None]:
                rooms.append(turn.room)
                return hear(self, turn)

            monkeypatch.setattr(Assistant, "hear", heard)
            async with running(connection):
                await slack.say("U0BO", "<@U0BOT> help")
                await slack.until(lambda: slack.told("Hello!"))
                await slack.command("U0BO", "keywords")
                await slack.until(lambda: slack.told("eyword", "response"))
                await slack.say("U0BO", "<@U0BOT> help")
                await slack.until(lambda: len(slack.told("Hello!")) == 2)

    asyncio.run(run())
    assert [room.public for room in rooms] == [False, True, True]


def test_votes_by_name_show_names(story: Story) -> None:
    async def act(slack: FakeSlack) -> None:
        await slack.command("U0ANA", "start")
        await slack.until(lambda: slack.of("chat.postMessage"))
        await slack.press("U0BO", "vote 1 1")
        await slack.until(lambda: slack.told("Counted"))
        await slack.press("U0ANA", "poll 1 names")
        await slack.until(lambda: slack.told("Bo"))
        assert not slack.told("u0bo")

    story(act)


@pytest.mark.parametrize(
    ("known", "moderates"),
    [
        ({}, True),
        ({"team_id": "T0OTHER", "is_owner": True}, False),
        ({"is_stranger": True}, False),
        ({"is_restricted": True}, False),
        ({"is_ultra_restricted": True}, False),
        # Of a whole organization: people belong to several of its workspaces.
        ({"team_id": "E0ORG", "enterprise_user": {"teams": ["T0OTHER", "T0TEST"]}}, True),
        ({"team_id": "E0ORG", "enterprise_user": {"teams": ["T0OTHER"]}}, False),
    ],
    ids=["here", "elsewhere", "stranger", "guest", "guest of one channel", "organization", "another of it"],
)
def test_administrators_of_another_company_moderate_nothing_here(
    known: dict[str, Any], moderates: bool, story: Story
) -> None:
    async def act(slack: FakeSlack) -> None:
        slack.people["U0DEE"] = {"is_admin": True, **known}
        await slack.command("U0DEE", "start")
        await slack.until(lambda: slack.told("Poll: How familiar" if moderates else "Only moderators can start"))

    story(act)


def test_a_time_zone_that_is_not_known_is_that_of_the_place_and_named(story: Story) -> None:
    async def act(slack: FakeSlack) -> None:
        slack.people["U0ANA"] = {"tz": "Mars/Olympus_Mons"}
        await slack.command("U0ANA", "poll Tea? yes, no for 2h")
        (ballot,) = await slack.until(lambda: slack.told("Poll: Tea?", "chat.postMessage"))
        assert "(UTC)" in ballot["text"]

    story(act)


@pytest.mark.parametrize(
    "event",
    [{"type": "app_uninstalled"}, {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": ["U0BOT"]}}],
    ids=["removed", "revoked"],
)
def test_a_bot_that_was_removed_is_not_connected(event: dict[str, Any], connect: Connect) -> None:
    async def run() -> None:
        async with fake_slack(SCOPES) as slack:
            connection = connect(slack)
            async with running(connection):
                await slack.event({"type": "tokens_revoked", "tokens": {"oauth": ["U0BO"]}})
                await slack.say("U0BO", QUESTION)
                await slack.until(lambda: slack.told("financial compass"))
                assert await connection.is_connected()
                await slack.event(event)
                async with asyncio.timeout(PATIENCE):
                    while await connection.is_connected():  # noqa: ASYNC110 (nothing tells of it)
                        await asyncio.sleep(0.02)

    asyncio.run(run())
