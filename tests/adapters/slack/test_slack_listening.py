"""What Slack sends, as it is understood: words without its marks, the room, where to answer, what a command says."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from adapters.slack import commands
from adapters.slack.listen import (
    Spot,
    read_spot,
    spot_of_command,
    spot_of_message,
    spot_of_press,
)
from bot.turn import Room


def message(**more: Any) -> dict[str, Any]:
    return {"type": "message", "channel": "C1", "user": "U1", "ts": "17.5", "text": "hi", **more}


def test_a_mention_is_answered_in_a_thread_of_its_own() -> None:
    spot = spot_of_message(message(team="T1"))
    assert spot == Spot("C1", "U1", "17.5", team="T1")
    assert spot.room("T2", overheard=True) == Room("slack", "C1", "17.5", overheard=True, server="T2")


def test_in_a_thread_it_is_answered_there() -> None:
    assert spot_of_message(message(thread_ts="3.0")) == Spot("C1", "U1", "3.0", begun=True)
    # The message that a thread begins with, once there are replies.
    assert spot_of_message(message(thread_ts="17.5", reply_count=1)).begun
    assert not spot_of_message(message(thread_ts="17.5")).begun


def test_direct_messages_are_one_conversation_whatever_their_threads() -> None:
    first = spot_of_message(message(channel="D1", channel_type="im"))
    later = spot_of_message(message(channel="D1", channel_type="im", ts="18.0"))
    assert first.room("T2", overheard=False) == later.room("T2", overheard=True) == Room("slack", "D1", private=True)
    assert (first.thread, later.thread) == ("17.5", "18.0")


def test_where_a_press_is_answered() -> None:
    pressed = {
        "user": {"id": "U1"},
        "team": {"id": "T1"},
        "channel": {"id": "C1"},
        "message": {"ts": "5.0", "thread_ts": "4.0"},
        "response_url": "https://hooks.example/1",
    }
    assert spot_of_press(pressed) == Spot(
        "C1", "U1", "4.0", False, "T1", "https://hooks.example/1", begun=True, pressed="5.0"
    )
    ephemeral = {"user": {"id": "U1"}, "container": {"channel_id": "C1", "message_ts": "5.0", "thread_ts": "4.0"}}
    assert spot_of_press(ephemeral) == Spot("C1", "U1", "4.0", begun=True, pressed="5.0")
    # With replies below it, a message is still pressed in the channel.
    begins = {"user": {"id": "U1"}, "channel": {"id": "C1"}, "message": {"ts": "4.0", "thread_ts": "4.0"}}
    assert spot_of_press(begins) == Spot("C1", "U1", pressed="4.0")
    assert spot_of_press({"user": {"id": "U1"}, "view": {}, "container": {"type": "view"}}) is None


def test_a_command_has_no_thread() -> None:
    body = {"channel_id": "C1", "user_id": "U1", "team_id": "T1", "response_url": "https://hooks.example/1"}
    assert spot_of_command(body) == Spot("C1", "U1", None, False, "T1", "https://hooks.example/1")


@pytest.mark.parametrize(
    ("name", "public"),
    [("general", True), ("privategroup", False), ("directmessage", False), ("mpdm-ana--bo-1", False), (None, None)],
)
def test_whether_a_channel_is_public_is_told_by_its_name(name: str | None, public: bool | None) -> None:
    body = {"channel_id": "C1", "channel_name": name, "user_id": "U1", "response_url": "u"}
    assert spot_of_command(body).public is public
    assert spot_of_command(body).room("T1", overheard=False).public is bool(public)
    spot = spot_of_press({"user": {"id": "U1"}, "channel": {"id": "C1", "name": name}})
    assert spot is not None
    assert spot.public is public


@pytest.mark.parametrize(("kind", "public"), [("channel", True), ("group", False), ("mpim", False), (None, None)])
def test_whether_a_channel_is_public_is_told_by_its_kind(kind: str | None, public: bool | None) -> None:
    assert spot_of_message(message(channel_type=kind)).public is public


def test_a_window_carries_where_it_was_opened_but_no_address() -> None:
    spot = Spot("C1", "U1", "4.0", False, "T1", "https://hooks.example/1")
    written = spot.written("poll new")
    assert read_spot(written) == ("poll new", replace(spot, url=""))
    assert "hooks" not in written
    assert len(Spot("C" * 21, "U" * 21, "1" * 17, False, "T" * 21).written("x" * 80)) < 3000


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "help"),
        ("ask what is FinOps?", "what is FinOps?"),
        ("what is FinOps?", "what is FinOps?"),
        ("poll", "poll new"),
        ("start", "start the poll"),
        ("start the poll for 2h", "start the poll for 2h"),
        ("poll Where do we eat? Pizza, Sushi for 2h", "poll: Where do we eat? Pizza, Sushi for 2h"),
        ("QUIZ", "quiz me"),
        ("savings 80k a month", "savings 80k a month"),
        ("benefits 2", "benefit 2"),
        ("privacy delete", "delete my data"),
        ("quiz benefits", "quiz round about benefits"),
        ("quiz for everybody", "quiz round for everybody"),
        ("quote about waste", "give me a quote about waste"),
        ("results 3", "results of 3"),
        ("results of poll 3", "results of poll 3"),
        ("settings be quiet", "settings: be quiet"),
        ("polls are {} fun", "polls are {} fun"),
        ("ask {} {0}", "{} {0}"),
    ],
)
def test_what_a_command_says(text: str, words: str) -> None:
    assert commands.words_of(text) == words


def test_help_lists_each_sub_command() -> None:
    listed = commands.help_text()
    assert all(f"`/finops {name}`" in listed for name in commands.COMMANDS)
    assert commands.is_help(" help ")
    assert not commands.is_help("helpful?")
