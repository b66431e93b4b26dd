"""From what Slack sends to what was said, by whom, and where to answer it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from bot.turn import Person, Room, Turn

Payload = Mapping[str, Any]

PLATFORM = "slack"
# Messages that people wrote; all other kinds tell of joins, edits, deletions.
WRITTEN = (None, "thread_broadcast", "file_share")
# What the ids of direct messages begin with.
DIRECT = "D"
# What somebody says who only calls the bot.
CALLED = "help"


@dataclass(frozen=True)
class Spot:
    """Where something was said, and how to answer it: in which thread, to whom.

    `private` in the direct messages with the bot; other people's conversations are not. `begun` where the thread is
    known to have replies: what one person alone is to see is shown to nobody in a thread that has none. `url` takes
    answers to a press or a command that only its person sees. `at_home` where it was pressed in the app's home.
    `public` where everybody of the workspace can enter the channel, None where an event does not tell.
    `pressed` is the `ts` of the message whose button was pressed.
    """

    channel: str
    user: str
    thread: str | None = None
    private: bool = False
    team: str = ""
    url: str = ""
    begun: bool = False
    at_home: bool = False
    public: bool | None = None
    pressed: str = ""

    def room(self, server: str, overheard: bool) -> Room:
        """The room of the spot, in the workspace `server` (an event names that of who speaks, who may be a guest).

        A conversation in direct messages is one, whatever its threads.
        """
        if self.private:
            return Room(PLATFORM, self.channel, private=True)
        return Room(PLATFORM, self.channel, self.thread, overheard=overheard, server=server, public=self.public is True)

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
        # Slack tells the bot of no direct messages but its own.
        event.get("channel_type") == "im" or event["channel"].startswith(DIRECT),
        event.get("team") or event.get("user_team") or "",
        begun=event.get("thread_ts", event["ts"]) != event["ts"] or bool(event.get("reply_count")),
        public=event["channel_type"] == "channel" if event.get("channel_type") else None,
    )


def spot_of_command(body: Payload) -> Spot:
    """Where to answer a command; no thread has any. Whether it is in direct messages with the bot is yet to be seen."""
    team, url, public = body.get("team_id", ""), body["response_url"], _is_public(body.get("channel_name"))
    return Spot(body["channel_id"], body["user_id"], None, False, team, url, public=public)


def spot_of_press(body: Payload) -> Spot | None:
    """Where to answer a press or a shortcut; None where it was pressed in no channel, as in the app's home.

    Whether it is in direct messages with the bot is yet to be seen.
    """
    channel = (body.get("channel") or {}).get("id") or (body.get("container") or {}).get("channel_id")
    if not channel:
        return None
    held = {**(body.get("message") or {}), **(body.get("container") or {})}
    thread = held.get("thread_ts")
    if thread == (held.get("message_ts") or held.get("ts")):
        # What a thread begins with stands in the channel, and is pressed there.
        thread = None
    return Spot(
        channel,
        body["user"]["id"],
        thread,
        False,
        (body.get("team") or {}).get("id", ""),
        body.get("response_url") or "",
        begun=thread is not None,
        public=_is_public((body.get("channel") or {}).get("name")),
        pressed=held.get("message_ts") or held.get("ts") or "",
    )


def _is_public(name: str | None) -> bool | None:
    """Whether that is the name of a public channel: of all others Slack tells the kind instead of the name."""
    return None if not name else not name.startswith(("privategroup", "directmessage", "mpdm-"))


def turn(identifier: str, room: Room, person: Person, words: str, *, at: datetime | None = None, **more: Any) -> Turn:
    """The turn of an event; by its identifier it is known when it comes again."""
    return Turn(f"{PLATFORM}:{identifier}", room, person, words, at or datetime.now(UTC), **more)


def moment(stamp: str) -> datetime:
    """The moment of a message by its `ts`, which is in seconds."""
    return datetime.fromtimestamp(float(stamp), UTC)
