"""From what Slack sends to what was said, by whom, and where to answer it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from html import unescape
from typing import Any

from adapters.slack.people import PLATFORM
from bot.turn import Person, Room, Turn

Payload = Mapping[str, Any]

# Messages that people wrote; all other kinds tell of joins, edits, deletions.
WRITTEN = (None, "thread_broadcast", "file_share")
# What votes say: they need no rights.
VOTES = ("vote ", "unvote ")
# What somebody says who only calls the bot.
CALLED = "help"
_MENTION = re.compile(r"<@([A-Z0-9]+)(?:\|[^>]*)?>")
_CHANNEL = re.compile(r"<#[A-Z0-9]+\|([^>]+)>")
_SPECIAL = re.compile(r"<!(?:subteam\^([A-Z0-9]+)|([a-z]+))(?:\|[^>]*)?>")
_LINK = re.compile(r"<((?:https?|mailto)[^|>]*)(?:\|[^>]*)?>")


@dataclass(frozen=True)
class Spot:
    """Where something was said, and how to answer it: in which thread, to whom.

    `url` takes answers to a press or a command that only its person sees.
    """

    channel: str
    user: str
    thread: str | None = None
    private: bool = False
    team: str = ""
    url: str = ""

    def room(self, overheard: bool) -> Room:
        """The room of the spot. A conversation in direct messages is one, whatever its threads."""
        if self.private:
            return Room(PLATFORM, self.channel, private=True)
        return Room(PLATFORM, self.channel, self.thread, overheard=overheard)

    def written(self, says: str) -> str:
        """The spot with what a form says there, as a window carries it."""
        return json.dumps({"says": says, **asdict(self), "url": ""}, separators=(",", ":"))


def read_spot(written: str) -> tuple[str, Spot]:
    """What a form says, and where."""
    held = json.loads(written)
    return held.pop("says"), Spot(**held)


def spot_of_message(event: Payload) -> Spot:
    """Where to answer a message: in its thread, which it begins where it is in none."""
    return Spot(
        event["channel"],
        event["user"],
        event.get("thread_ts") or event["ts"],
        event.get("channel_type") == "im" or event["channel"].startswith("D"),
        event.get("team") or event.get("user_team") or "",
    )


def spot_of_command(body: Payload) -> Spot:
    """Where to answer a command; no thread has any."""
    channel = body["channel_id"]
    return Spot(channel, body["user_id"], None, channel.startswith("D"), body.get("team_id", ""), body["response_url"])


def spot_of_press(body: Payload) -> Spot | None:
    """Where to answer a press or a shortcut; None where it was pressed in no channel, as in the app's home."""
    channel = (body.get("channel") or {}).get("id") or (body.get("container") or {}).get("channel_id")
    if not channel:
        return None
    held = {**(body.get("message") or {}), **(body.get("container") or {})}
    return Spot(
        channel,
        body["user"]["id"],
        held.get("thread_ts"),
        channel.startswith("D"),
        (body.get("team") or {}).get("id", ""),
        body.get("response_url") or "",
    )


def turn(identifier: str, room: Room, person: Person, words: str, *, at: datetime | None = None, **more: Any) -> Turn:
    """The turn of an event; by its identifier it is known when it comes again."""
    return Turn(f"{PLATFORM}:{identifier}", room, person, words, at or datetime.now(UTC), **more)


def moment(stamp: str) -> datetime:
    """The moment of a message by its `ts`, which is in seconds."""
    return datetime.fromtimestamp(float(stamp), UTC)


def said(text: str, bot: str) -> str:
    """What somebody wrote, without Slack's marks: the bot's name is left out, others are named by their ids."""

    def mentioned(match: re.Match[str]) -> str:
        return "" if match[1] == bot else f"{PLATFORM}:{match[1]}"

    told = _MENTION.sub(mentioned, text)
    told = _CHANNEL.sub(r"#\1", told)
    told = _SPECIAL.sub(lambda match: f"{PLATFORM}:{match[1]}" if match[1] else match[2], told)
    return unescape(_LINK.sub(r"\1", told)).strip()


def is_mentioned(text: str, bot: str) -> bool:
    """Whether the bot is mentioned."""
    return any(match[1] == bot for match in _MENTION.finditer(text))


def is_to_others(text: str, bot: str) -> bool:
    """Whether somebody else is mentioned."""
    return any(match[1] != bot for match in _MENTION.finditer(text)) or bool(_SPECIAL.search(text))
