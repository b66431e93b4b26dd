"""What reaches Slack, and how often: streaming, prompts, redelivery, sockets that fail, storms of 429, a clean stop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from itertools import pairwise
from typing import Any

import pytest

from adapters.slack import connection as wire
from bot.assistant import Assistant
from bot.reply import Choice, Choices, Form, Reply, Sources, Text
from bot.turn import Turn
from knowledge.answer import Source
from tests.adapters.slack.conftest import Connect, MakeConnection, Story, running
from tests.slack.server import SCOPES, FakeSlack, fake_slack

QUESTION = "<@U0BOT> what is FinOps?"

# --- Once ---


def test_the_same_event_four_times_is_answered_once(story: Story) -> None:
    async def act(slack: FakeSlack) -> None:
        event = {"type": "app_mention", "user": "U0BO", "text": QUESTION, "channel": "C1", "ts": "17.5", "team": "T"}
        envelopes = [await slack.event(event, "Ev0SAME", retry) for retry in range(4)]
        await slack.until(lambda: slack.of("chat.postMessage") and set(envelopes) <= slack.acknowledged.keys())
        await slack.say("U0BO", "<@U0BOT> keywords")
        await slack.until(lambda: len(slack.of("chat.postMessage")) > 1)
        assert len([one for one in slack.shown() if "financial compass" in one]) == 1

    story(act)


def test_an_event_that_comes_again_after_a_restart_is_not_answered_again(connect: Connect) -> None:
    event = {"type": "app_mention", "user": "U0BO", "text": QUESTION, "channel": "C1", "ts": "17.5", "team": "T"}

    async def run() -> None:
        async with fake_slack() as slack:
            for _ in range(2):
                async with running(connect(slack)):
                    for retry in range(2):
                        await slack.event(event, "Ev0SAME", retry)
                    await slack.say("U0BO", "<@U0BOT> help")
                    await slack.until(lambda: any("Hello!" in one for one in slack.shown()))
                slack.calls[:] = [call for call in slack.calls if "Hello!" not in str(call.arguments)]
            assert len([one for one in slack.shown() if "financial compass" in one]) == 1

    asyncio.run(run())


def test_a_mention_that_comes_as_two_kinds_of_event_is_answered_once(story: Story) -> None:
    async def act(slack: FakeSlack) -> None:
        shared = {"user": "U0BO", "text": QUESTION, "channel": "C1", "ts": "17.5", "team": "T"}
        await slack.event({"type": "message", "channel_type": "channel", **shared})
        await slack.event({"type": "app_mention", **shared})
        await slack.until(lambda: slack.of("chat.postMessage"))
        await slack.say("U0BO", "<@U0BOT> help")
        await slack.until(lambda: len(slack.of("chat.postMessage")) == 2)

    story(act, f"{SCOPES},channels:history")


# --- First signs, prompts, streams ---


def test_a_sign_is_given_before_the_answer(story: Story) -> None:
    async def act(slack: FakeSlack) -> None:
        ts = await slack.say("U0BO", QUESTION)
        await slack.until(lambda: slack.of("chat.postMessage"))
        (sign,) = slack.of("assistant.threads.setStatus")
        assert (sign["thread_ts"], sign["status"]) == (ts, "is looking that up...")
        methods = [call.method for call in slack.calls]
        assert methods.index("assistant.threads.setStatus") < methods.index("chat.postMessage")

    story(act)


def test_what_is_suggested_where_a_conversation_is_opened(story: Story) -> None:
    async def act(slack: FakeSlack) -> None:
        await slack.event({"type": "app_home_opened", "user": "U0BO", "channel": "D1", "tab": "messages"})
        (prompts,) = await slack.until(lambda: slack.of("assistant.threads.setSuggestedPrompts"))
        assert "thread_ts" not in prompts
        assert len(prompts["prompts"]) == 4

    story(act)


class Writer:
    """An assistant whose answers grow."""

    def __init__(self, *replies: Reply) -> None:
        self.replies = replies

    async def hear(self, turn: Turn) -> AsyncIterator[Reply]:
        for reply in self.replies:
            yield reply

    async def form(self, turn: Turn) -> Form | None:
        return None

    async def home(self, turn: Turn) -> Reply:
        return self.replies[-1]


def growing(*texts: str) -> tuple[Reply, ...]:
    replies = [Reply((Text(text),), "question", slot="answer 1") for text in texts[:-1]]
    source = Sources((Source("Video", "Part", "0:00-0:30", None),))
    choices = Choices((Choice("helpful", "helpful 1"),), aside=True)
    return (*replies, Reply((Text(texts[-1]), source, choices), "question", slot="answer 1"))


def told_by(make: MakeConnection, replies: tuple[Reply, ...], errors: dict[str, str] | None = None) -> FakeSlack:
    """What Slack was told by an assistant that replies so to a mention."""

    async def run() -> FakeSlack:
        async with fake_slack() as slack:
            slack.errors = errors or {}
            async with running(make(slack, Writer(*replies))):
                await slack.say("U0BO", QUESTION)
                await slack.until(lambda: any("Video" in one for one in slack.shown()))
            return slack

    return asyncio.run(run())


def test_an_answer_that_grows_is_streamed_and_ends_with_its_sources(make: MakeConnection) -> None:
    slack = told_by(make, growing("One.", "One. Two <!here>.", "One. Two <!here>. Three."))
    (begun,), (more,), (ended,) = (
        slack.of("chat.startStream"),
        slack.of("chat.appendStream"),
        slack.of("chat.stopStream"),
    )
    assert begun["markdown_text"] + more["markdown_text"] == "One. Two <\u2060!here>."
    assert (begun["recipient_user_id"], begun["recipient_team_id"]) == ("U0BO", "T0TEST")
    assert ended["markdown_text"] == " Three."
    assert [block["type"] for block in ended["blocks"]] == ["context", "actions"]
    assert slack.of("chat.postMessage", "chat.update") == []


def test_what_takes_back_what_was_streamed_replaces_it(make: MakeConnection) -> None:
    slack = told_by(make, growing("One. Two", "One. Two. Three", "Something else."))
    (update,) = slack.of("chat.update")
    assert "Something else." in update["text"]


def test_what_does_not_fit_under_a_streamed_answer_follows_it(make: MakeConnection) -> None:
    *begun, whole = growing("One.", "One. Two.", "One. Two. Three.")
    sources = Sources(tuple(Source("Video", f"{letter * 1400}", "0:00-0:30", None) for letter in "ABC"))
    slack = told_by(make, (*begun, Reply((whole.parts[0], sources, sources), "question", slot="answer 1")))
    assert len(slack.of("chat.stopStream")) == 1
    (followed,) = slack.of("chat.postMessage", "chat.update")
    assert "One." not in followed["text"]


@pytest.mark.parametrize("method", ["chat.startStream", "chat.appendStream", "chat.stopStream"])
def test_an_answer_that_cannot_be_streamed_is_shown_whole(method: str, make: MakeConnection) -> None:
    slack = told_by(make, growing("One.", "One. Two.", "One. Two. Three."), {method: "not_allowed"})
    shown = slack.of("chat.postMessage", "chat.update")
    assert len(shown) == 1
    assert "One. Two. Three." in shown[0]["text"]


def test_an_answer_at_once_is_no_stream(make: MakeConnection) -> None:
    slack = told_by(make, growing("All of it."))
    assert slack.of("chat.startStream") == []
    assert len(slack.of("chat.postMessage")) == 1


# --- Sockets ---


@pytest.mark.parametrize("reason", ["warning", "refresh_requested"])
def test_a_socket_that_is_told_to_leave_is_replaced(reason: str, story: Story) -> None:
    async def act(slack: FakeSlack) -> None:
        await slack.disconnect(reason)
        await slack.until(lambda: len(slack.sockets) == 2)
        await slack.say("U0BO", QUESTION)
        await slack.until(lambda: slack.of("chat.postMessage"))

    story(act)


def test_a_socket_that_is_gone_is_replaced(story: Story) -> None:
    async def act(slack: FakeSlack) -> None:
        await slack.sockets[-1].close()
        await slack.until(lambda: len(slack.sockets) == 2)
        await slack.say("U0BO", QUESTION)
        await slack.until(lambda: slack.of("chat.postMessage"))

    story(act)


def test_a_socket_gone_deaf_is_noticed_and_replaced(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "PING", 0.2)

    async def act(slack: FakeSlack) -> None:
        slack.deaf.add(0)
        await slack.until(lambda: len(slack.sockets) == 2)
        await slack.say("U0BO", QUESTION)
        await slack.until(lambda: slack.of("chat.postMessage"))

    story(act)


# --- 429 ---


def test_an_answer_waits_as_long_as_slack_asks(story: Story) -> None:
    async def act(slack: FakeSlack) -> None:
        slack.storms["chat.postMessage"] = (2, 1)
        await slack.say("U0BO", QUESTION)
        await slack.until(lambda: slack.of("chat.postMessage"))
        tries = [call.at for call in slack.calls if call.method == "chat.postMessage"]
        assert len(tries) == 3
        assert all(later - earlier >= 1 for earlier, later in pairwise(tries))

    story(act)


def test_a_storm_loses_no_vote_and_no_result(story: Story) -> None:
    async def act(slack: FakeSlack) -> None:
        await slack.say("U0ANA", "<@U0BOT> start the poll")
        await slack.until(lambda: any("Poll: How familiar" in one for one in slack.shown()))
        slack.storms["chat.update"] = (3, 1)
        slack.storms["chat.postMessage"] = (2, 1)
        for voter in range(20):
            await slack.press(f"U{voter}", "vote 1 1")
        await slack.until(lambda: len(slack.of("response")) == 20)
        await slack.press("U0ANA", "poll 1 close")
        await slack.until(lambda: any("20 people voted; the poll is closed" in one for one in slack.shown()[20:]))
        await slack.until(lambda: any("closed" in str(one) for one in slack.of("chat.update")))
        edits = [call.at for call in slack.calls if call.method == "chat.update"]
        refused = [call for call in slack.calls if call.method == "chat.update" and call.refused]
        assert len(refused) == 3
        assert all(later - earlier >= 1 for earlier, later in pairwise(edits))

    story(act)


# --- Stop, and what cannot work ---


def test_what_was_begun_is_finished_when_the_bot_is_stopped(make: MakeConnection) -> None:
    class Slow(Writer):
        async def hear(self, turn: Turn) -> AsyncIterator[Reply]:
            await asyncio.sleep(0.3)
            yield self.replies[-1]

    async def run() -> None:
        async with fake_slack() as slack:
            async with running(make(slack, Slow(*growing("Late.")))):
                envelope = await slack.say("U0BO", QUESTION)
                assert envelope
                await slack.until(lambda: slack.of("assistant.threads.setStatus"))
            assert len(slack.of("chat.postMessage")) == 1

    asyncio.run(run())


@pytest.mark.parametrize("method", ["auth.test", "apps.connections.open"])
def test_a_token_that_slack_refuses_is_named(method: str, connect: Connect) -> None:
    async def run() -> None:
        async with fake_slack() as slack:
            slack.errors[method] = "invalid_auth"
            async with running(connect(slack)):
                pass

    with pytest.raises(Exception, match=r"Slack does not accept SLACK_(BOT|APP)_TOKEN \(invalid_auth\)"):
        asyncio.run(run())


# --- What the local Slack has not ---


def test_a_message_is_asked_about_by_its_menu_and_its_words_do_nothing(story: Story) -> None:
    async def act(slack: FakeSlack) -> None:
        await slack.ask_about("U0BO", {"text": "<@U0CY> what is FinOps?", "user": "U0CY"})
        (answer,) = await slack.until(lambda: slack.of("response"))
        assert "financial compass" in answer["text"]
        assert answer["response_type"] == "ephemeral"
        await slack.say("U0ANA", "<@U0BOT> start the poll")
        await slack.until(lambda: any("Poll: How familiar" in one for one in slack.shown()))
        await slack.ask_about("U0ANA", {"text": "close the poll", "user": "U0CY"})
        await slack.ask_about("U0ANA", {"text": "", "files": [{"mimetype": "image/png"}], "user": "U0CY"})
        await slack.until(lambda: len(slack.of("response")) == 3)
        assert any("I cannot read pictures" in one["text"] for one in slack.of("response"))
        await slack.say("U0CY", "<@U0BOT> results")
        await slack.until(lambda: any("the poll is open" in one for one in slack.shown()))

    story(act)


def test_a_command_calls_people_by_their_names_and_a_setting_knows_them_by_id(story: Story) -> None:
    async def act(slack: FakeSlack) -> None:
        await slack.command("U0ANA", "poll Who brings cake? <@U0BO|bo.b>, <@U0CY|cy.c> &amp; co, <http://a.sh|a.sh>")
        ballot = await slack.until(lambda: slack.of("chat.postMessage"))
        assert "- @Bo\n- @Cy &amp; co\n- a.sh\n" in ballot[0]["text"]
        await slack.command("U0ANA", "settings moderators <@U0BO|bo>")
        await slack.until(lambda: any("slack:U0BO" in one for one in slack.shown()))
        await slack.command("U0ANA", "settings <@U0CY|cy>")
        await slack.until(lambda: len(slack.of("response")) == 2)
        assert not any("Counted" in one for one in slack.shown())

    story(act)


def test_a_mention_that_an_edit_adds_is_heard_and_no_other_edit(story: Story) -> None:
    # slackapi/bolt-js#960, dpb587/slack-delegate-bot#6: an edit of a mention is an event of its own.
    async def act(slack: FakeSlack) -> None:
        edited: dict[str, Any] = {"edited": {"user": "U0BO", "ts": "18.0"}}
        ts = await slack.say("U0BO", QUESTION, **edited)
        await slack.until(lambda: slack.of("chat.postMessage"))
        await slack.say("U0BO", "<@U0BOT> keywords", ts=ts, **edited)
        await slack.say("U0BO", "<@U0BOT> help")
        await slack.until(lambda: any("Hello!" in one for one in slack.shown()))
        assert len(slack.of("chat.postMessage")) == 2

    story(act)


def test_a_mention_with_a_file_is_heard_and_a_picture_alone_is_not(story: Story) -> None:
    # slackapi/bolt-python#925: of a mention with a file no app_mention is told.
    async def act(slack: FakeSlack) -> None:
        file: dict[str, Any] = {"type": "message", "channel_type": "channel", "subtype": "file_share", "channel": "C1"}
        file |= {"files": [{"mimetype": "image/png"}], "user": "U0BO", "team": "T0TEST"}
        await slack.event({**file, "text": "", "ts": "17.1"})
        await slack.event({**file, "text": QUESTION, "ts": "17.2"})
        await slack.until(lambda: slack.of("chat.postMessage"))
        (answer,) = slack.of("chat.postMessage")
        assert answer["thread_ts"] == "17.2"
        assert "I cannot read the picture" in answer["text"]

    story(act, f"{SCOPES},channels:history")


def test_a_follow_up_needs_no_mention_where_the_bot_may_hear(story: Story) -> None:
    async def act(slack: FakeSlack) -> None:
        ts = await slack.say("U0BO", QUESTION)
        await slack.until(lambda: slack.of("chat.postMessage"))
        shared = {
            "type": "message",
            "channel_type": "channel",
            "channel": "C0FINOPS",
            "thread_ts": ts,
            "team": "T0TEST",
        }
        await slack.event({**shared, "user": "U0CY", "text": "why does it matter?", "ts": "1900000000.1"})
        await slack.event({**shared, "user": "U0BO", "text": "ok, thanks!", "ts": "1700000009.1"})
        await slack.event({**shared, "user": "U0BO", "text": "<https://a.example>", "ts": "1700000009.15"})
        await slack.event({**shared, "user": "U0BO", "text": "keywords", "ts": "1700000009.2"})
        await slack.until(lambda: len(slack.of("chat.postMessage")) == 2)
        assert "eyword" in slack.shown()[-1]

    story(act, f"{SCOPES},channels:history")


@pytest.mark.parametrize(("members", "told"), [(["U0BO"], "Poll: How familiar"), ([], "Only moderators can start")])
@pytest.mark.parametrize("named", ["everywhere", "in the channel"])
def test_a_user_group_moderates(
    named: str, members: list[str], told: str, make: MakeConnection, assistant: Assistant
) -> None:
    moderators = ("slack:S0MODS",) if named == "everywhere" else ()

    async def run() -> None:
        async with fake_slack(f"{SCOPES},usergroups:read") as slack:
            slack.members["S0MODS"] = members
            async with running(make(slack, assistant, assistant, moderators=moderators)):
                if not moderators:
                    await slack.say("U0ANA", "<@U0BOT> make slack:S0MODS a moderator here")
                    await slack.until(lambda: any("S0MODS" in one for one in slack.shown()))
                await slack.say("U0BO", "<@U0BOT> start the poll")
                await slack.until(lambda: any(told in one for one in slack.shown()))

    asyncio.run(run())


def test_nobody_is_asked_about_user_groups_without_leave(story: Story) -> None:
    async def act(slack: FakeSlack) -> None:
        await slack.say("U0BO", QUESTION)
        await slack.until(lambda: slack.shown())
        assert slack.of("usergroups.list") == []

    story(act)
