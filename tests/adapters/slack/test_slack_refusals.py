"""What Slack refuses of messages that stand: nothing else is late, it comes back, and who acted is told."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from bot.store.database import Store
from bot.turn import Room
from tests.adapters.light import light, open_poll, open_polls, ticking, vote
from tests.adapters.slack.conftest import MakeConnection, running
from tests.slack.server import FakeSlack, fake_slack

pytestmark = pytest.mark.asyncio
HERE, THERE = Room("slack", "C1"), Room("slack", "C2")
# Slack tells at each call that a channel cannot be written to.
READ_ONLY = "restricted_action_read_only_channel"


def posted(slack: FakeSlack, channel: str, words: str) -> bool:
    return any(words in json.dumps(one) for one in slack.of("chat.postMessage") if one["channel"] == channel)


def edited(slack: FakeSlack, channel: str, words: str) -> bool:
    return any(words in json.dumps(one) for one in slack.of("chat.update") if one["channel"] == channel)


async def test_one_message_that_has_to_wait_a_minute_keeps_nobody_else_waiting(
    make: MakeConnection, slack_store: Store
) -> None:
    assistant = light(slack_store)
    async with fake_slack() as slack, running(make(slack, assistant, assistant)), ticking(slack_store, assistant):
        slow = open_poll(slack_store, HERE, "Tea?")
        await slack.until(lambda: posted(slack, "C1", "Poll: Tea?"))
        slack.refuse("chat.update", "ratelimited", channel="C1", retry_after=60)
        vote(slack_store, slow, "bo")
        await slack.until(lambda: any(call.method == "chat.update" and call.refused for call in slack.calls))
        other = open_poll(slack_store, THERE, "Lunch?", lasts=timedelta(seconds=1))
        vote(slack_store, other, "bo")
        # All of this within the minute in which the other one waits: its refusal is used up.
        await slack.until(lambda: edited(slack, "C2", "the poll is closed") and posted(slack, "C2", "yes: 1 (100%)"))
        assert not edited(slack, "C1", "Tea?")


async def test_a_poll_that_may_not_be_posted_is_not_open_and_who_wanted_it_is_told(
    make: MakeConnection, slack_store: Store
) -> None:
    assistant = light(slack_store)
    async with fake_slack() as slack, running(make(slack, assistant, assistant)):
        refusal = slack.refuse("chat.postMessage", READ_ONLY, channel="C1", times=-1)
        await slack.command("U0ANA", "poll Tea? yes, no", channel="C1")
        await slack.until(lambda: "So the poll is not open." in json.dumps(slack.of("response")))
        assert "may not write in that channel" in json.dumps(slack.of("response"))
        assert open_polls(slack_store, Room("slack", "C1", server="T0TEST")) == 0
        slack.refusals.remove(refusal)
        await slack.command("U0ANA", "poll Tea? yes, no", channel="C1")
        await slack.until(lambda: posted(slack, "C1", "Poll: Tea?"))


async def test_what_lacked_a_right_comes_back_when_somebody_talks_to_the_bot_there(
    make: MakeConnection, slack_store: Store
) -> None:
    assistant = light(slack_store)
    async with fake_slack() as slack, running(make(slack, assistant, assistant)):
        poll = open_poll(slack_store, HERE, "Tea?")
        await slack.until(lambda: posted(slack, "C1", "Poll: Tea?"))
        refusal = slack.refuse("chat.update", "not_in_channel", channel="C1", times=-1)
        vote(slack_store, poll, "bo")
        await slack.until(lambda: any(call.method == "chat.update" and call.refused for call in slack.calls))
        slack.refusals.remove(refusal)
        await slack.say("U0BO", "<@U0BOT> results", channel="C1")
        await slack.until(lambda: edited(slack, "C1", "1 person voted so far"))
