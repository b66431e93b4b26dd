"""What people do in the small Slack of the tests' own, as Slack tells the bot of it."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

TEAM = "T0TEST"
Arguments = dict[str, Any]


@dataclass
class Doings:
    """Events, commands, presses and windows, delivered by the newest socket."""

    sockets: list[web.WebSocketResponse] = field(default_factory=list)
    # Threads that have replies.
    begun: set[tuple[str, str]] = field(default_factory=set)
    # What opens a window, once.
    triggers: set[str] = field(default_factory=set)
    base: str = ""
    _numbers: Any = field(default_factory=lambda: itertools.count(1))

    async def event(self, event: Arguments, identifier: str = "", retry: int = 0) -> str:
        """Deliver an event by the newest socket; its envelope. The same `identifier` is the same event again."""
        number = next(self._numbers)
        payload = {"type": "event_callback", "team_id": TEAM, "event_id": identifier or f"Ev{number}", "event": event}
        return await self._send("events_api", payload, retry_attempt=retry)

    async def say(self, user: str, text: str, channel: str = "C0FINOPS", **more: Any) -> str:
        """A message that mentions the bot, or a direct one; its ts."""
        ts = f"{1_700_000_000 + next(self._numbers)}.000100"
        direct = channel.startswith("D")
        if "thread_ts" in more:
            self.begun.add((channel, more["thread_ts"]))
        kind = {"type": "message", "channel_type": "im"} if direct else {"type": "app_mention"}
        await self.event({**kind, "user": user, "text": text, "channel": channel, "ts": ts, "team": TEAM, **more})
        return str(more.get("ts", ts))

    async def interact(self, payload: Arguments) -> str:
        """Deliver a press, a shortcut or a window."""
        return await self._send("interactive", payload)

    async def command(self, user: str, text: str, channel: str = "C0FINOPS") -> str:
        """Say /finops, as Slack escapes what is said."""
        return await self._send(
            "slash_commands",
            {
                "command": "/finops",
                "text": text,
                "user_id": user,
                "user_name": user.lower(),
                "channel_id": channel,
                "channel_name": "privategroup" if channel.startswith("G") else channel.lower(),
                "team_id": TEAM,
                **self._once(user),
            },
        )

    async def ask_about(self, user: str, message: Arguments, channel: str = "C0FINOPS") -> str:
        """Press "Ask FinOps Bot about it" in the menu of a message."""
        return await self.interact(
            {
                "type": "message_action",
                "callback_id": "ask_about_this",
                "user": {"id": user, "name": user.lower()},
                "team": {"id": TEAM},
                "message_ts": "5.0",
                **self._once(user),
                "channel": {"id": channel},
                "message": {"ts": "5.0", **message},
            }
        )

    async def press(self, user: str, value: str, channel: str = "C0FINOPS", kind: str = "say") -> str:
        """Press a button."""
        number = next(self._numbers)
        return await self.interact(
            {
                "type": "block_actions",
                "user": {"id": user, "username": user.lower(), "team_id": TEAM},
                "team": {"id": TEAM},
                **self._once(user),
                "channel": {"id": channel},
                "container": {"type": "message", "channel_id": channel, "message_ts": "1.0"},
                "actions": [
                    {
                        "type": "button",
                        "action_id": f"{kind}:1",
                        "value": value,
                        "action_ts": str(number),
                        "block_id": "b",
                    }
                ],
            }
        )

    async def press_home(self, user: str, value: str, kind: str = "say") -> str:
        """Press a button in the app's home."""
        return await self.interact(
            {
                "type": "block_actions",
                "user": {"id": user, "username": user.lower()},
                "team": {"id": TEAM},
                **self._once(user),
                "container": {"type": "view", "view_id": "V1"},
                "view": {"id": "V1", "type": "home"},
                "actions": [{"type": "button", "action_id": f"{kind}:1", "value": value, "action_ts": "3"}],
            }
        )

    async def shortcut(self, user: str, name: str) -> str:
        """Press a shortcut of no place."""
        who = {"id": user, "username": user.lower(), "team_id": TEAM}
        return await self.interact(
            {
                "type": "shortcut",
                "callback_id": name,
                "user": who,
                "team": {"id": TEAM},
                "action_ts": "4",
                **self._once(user),
            }
        )

    async def submit(self, user: str, view: Arguments, values: Mapping[str, Arguments], channel: str = "") -> str:
        """Send the window that was opened last, with values by block; `channel` is the one that is chosen in it."""
        number = next(self._numbers)
        address = f"{self.base}/response/{user}-{number}"
        chosen = {"block_id": "b", "action_id": "value", "channel_id": channel, "response_url": address}
        state = {"values": {block: {"value": value} for block, value in values.items()}}
        return await self.interact(
            {
                "type": "view_submission",
                "user": {"id": user, "name": user.lower()},
                "team": {"id": TEAM},
                "view": {**view, "id": f"V{number}", "state": state},
                "response_urls": [chosen] if channel else [],
            }
        )

    def _once(self, user: str) -> Arguments:
        """A trigger and an address to answer by, as every press and command brings them."""
        number = next(self._numbers)
        self.triggers.add(f"trigger-{number}")
        return {"trigger_id": f"trigger-{number}", "response_url": f"{self.base}/response/{user}-{number}"}

    async def disconnect(self, reason: str = "refresh_requested") -> None:
        """Tell the newest socket to leave."""
        await self.sockets[-1].send_json({"type": "disconnect", "reason": reason})

    async def _send(self, kind: str, payload: Arguments, **more: Any) -> str:
        envelope = f"envelope-{next(self._numbers)}"
        await self.sockets[-1].send_json(
            {"type": kind, "envelope_id": envelope, "payload": payload, "accepts_response_payload": False, **more}
        )
        return envelope
