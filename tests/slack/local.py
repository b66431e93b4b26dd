"""A local Slack that the project did not write (`local-slack`, see tests/peers), and people who use it.

It sends each envelope to every open socket, checks no Block Kit, knows no administrators, and lacks streaming, statuses
and suggested prompts.
"""

from __future__ import annotations

import asyncio
import json
import socket
import subprocess
import time
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

from tests.waiting import PATIENCE

PROGRAM = Path(__file__).parents[2] / ".venv/peers/node_modules/local-slack-linux-x64/bin/local-slack"
BOT_TOKEN, APP_TOKEN, SIGNING_SECRET = "xoxb-local", "xapp-local", "a signing secret"
ANA, BO, CY, BOT = "U0ANA", "U0BO", "U0CY", "U0BOT"
FINOPS, RANDOM, QUIET = "C0FINOPS", "C0RANDOM", "G0QUIET"
MEMBERS = [ANA, BO, CY, BOT]
# Nothing here takes longer, however busy the machine is.

Message = Mapping[str, Any]


def free_port() -> int:
    """A port that nobody uses at the moment."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


class LocalSlack:
    """The program, running."""

    def __init__(self, folder: Path, mode: str = "socket", request_url: str | None = None) -> None:
        """`mode` is "socket", or "events" with the `request_url` that events are sent to."""
        self.port = free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        app = {"botUserId": BOT, "botName": "finops", "botToken": BOT_TOKEN, "appToken": APP_TOKEN, "mode": mode}
        config = {
            "workspace": {"name": "Test", "domain": "test", "teamId": "T0TEST"},
            "apps": [{**app, "signingSecret": SIGNING_SECRET, **({"requestUrl": request_url} if request_url else {})}],
            "users": [{"id": one, "name": one[2:].lower(), "tz": "Europe/Berlin"} for one in (ANA, BO, CY)],
            "channels": [
                {"id": FINOPS, "name": "finops", "members": MEMBERS},
                {"id": RANDOM, "name": "random", "members": MEMBERS},
                {"id": QUIET, "name": "quiet", "is_private": True, "members": MEMBERS},
            ],
        }
        file = folder / f"local-slack-{self.port}.json"
        file.write_text(json.dumps(config), "utf-8")
        command = [str(PROGRAM), "--config", str(file), "--port", str(self.port), "--base-host", "127.0.0.1"]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self._wait()

    def _wait(self) -> None:
        until = time.monotonic() + PATIENCE
        while True:
            try:
                urllib.request.urlopen(f"{self.base}/_control/state", timeout=1).close()
                return
            except OSError:
                if time.monotonic() > until or self._process.poll() is not None:
                    raise
                time.sleep(0.05)

    def stop(self) -> None:
        """End the program."""
        self._process.terminate()
        self._process.wait(PATIENCE)


@dataclass
class People:
    """What people in the local Slack do and see."""

    slack: LocalSlack
    session: aiohttp.ClientSession

    async def say(self, user: str, text: str, channel: str = FINOPS, thread: str | None = None) -> str:
        """Write a message; its ts. A direct message goes to the channel that `direct` gives."""
        more = {"thread_ts": thread} if thread else {}
        return str((await self._post("message", channel=channel, user=user, text=text, **more))["message"]["ts"])

    async def command(self, user: str, text: str, channel: str = FINOPS) -> None:
        """Say /finops."""
        await self._post("command", channel=channel, user=user, command="/finops", text=text)

    async def press(self, user: str, message: Message, label: str, choose: str | None = None) -> None:
        """Press the button of a message that has this label, or choose from its menu."""
        block, element = next(
            (block, element)
            for block in message["blocks"]
            for element in (*block.get("elements", ()), block.get("accessory", {}))
            if label in (_label(element), element.get("accessibility_label"), *map(_label, _sides(element)))
        )
        action = {name: element[name] for name in ("type", "action_id", "value") if name in element}
        if choose is None and element["type"] == "feedback_buttons":
            action["value"] = next(one["value"] for one in _sides(element) if _label(one) == label)
        if choose is not None:
            action["selected_option"] = next(one for one in element["options"] if one["text"]["text"] == choose)
        action |= {"block_id": block.get("block_id", "b"), "action_ts": str(time.time())}
        await self._post("interact", channel=message["channel"], messageTs=message["ts"], user=user, action=action)

    async def open_home(self, user: str) -> Message:
        """Open the app's home; its view."""
        await self._post("open-home", user=user)
        views: Mapping[str, Message] = await self._until(lambda state: state.get("homeViews", {}).get(user))
        return next(iter(views.values()))

    async def window(self) -> Message:
        """The window that is open."""
        found: Message = await self._until(lambda state: (state.get("modalStack") or [None])[-1])
        return found

    async def submit(self, user: str, **values: str | list[str]) -> Mapping[str, str]:
        """Fill in the window and send it; what is wrong, by block."""
        view = await self.window()
        filled = {block["block_id"]: _filled(block, values.get(block["block_id"])) for block in view["blocks"]}
        async with self.session.ws_connect(f"{self.slack.base}/ui") as ui:
            await ui.send_json({"t": "view_submit", "user": user, "values": filled})
            async with asyncio.timeout(PATIENCE):
                async for heard in ui:
                    told = heard.json()
                    if told["t"] == "view_errors" and told.get("errors"):
                        return dict(told["errors"])
                    if told["t"] == "view" and not told.get("stack"):
                        return {}
        raise AssertionError("The window was neither taken nor refused.")

    async def messages(self, channel: str = FINOPS) -> list[Message]:
        """All messages of a channel, oldest first; what only one person sees has `ephemeral_to`."""
        async with self.session.get(f"{self.slack.base}/_control/messages/{channel}") as answer:
            return list((await answer.json())["messages"])

    async def wait_for(self, text: str, channel: str = FINOPS, to: str | None = None) -> Message:
        """The newest message of the bot in which `text` stands, for everybody or `to` somebody, once it is there."""
        async with asyncio.timeout(PATIENCE):
            while True:
                found = [
                    message
                    for message in await self.messages(channel)
                    if message["user"] == BOT and text in shown(message) and message.get("ephemeral_to") == to
                ]
                if found:
                    return found[-1]
                await asyncio.sleep(0.02)

    async def wait_until(self, message: Message, text: str) -> Message:
        """A message, once `text` stands in it."""
        async with asyncio.timeout(PATIENCE):
            while True:
                for now in await self.messages(message["channel"]):
                    if now["ts"] == message["ts"] and text in shown(now):
                        return now
                await asyncio.sleep(0.02)

    async def picture(self, channel: str = FINOPS) -> Mapping[str, Any]:
        """The only picture in a channel, once it is there."""
        async with asyncio.timeout(PATIENCE):
            while True:
                for message in await self.messages(channel):
                    if message.get("files"):
                        (only,) = message["files"]
                        return dict(only)
                await asyncio.sleep(0.02)

    async def direct(self, user: str) -> str:
        """The channel of somebody's direct messages with the bot, once there is one."""
        found = await self._until(
            lambda state: next((one for one in state["channels"] if one["is_im"] and user in one["members"]), None)
        )
        return str(found["id"])

    async def reset(self) -> None:
        """Have all messages forgotten."""
        await self._post("reset")

    async def _until(self, find: Callable[[Mapping[str, Any]], Any]) -> Any:
        """What `find` finds in the state, once it does."""
        async with asyncio.timeout(PATIENCE):
            while True:
                async with self.session.ws_connect(f"{self.slack.base}/ui") as ui:
                    state = (await ui.receive_json())["state"]
                if found := find(state):
                    return found
                await asyncio.sleep(0.02)

    async def _post(self, what: str, **body: Any) -> Any:
        async with self.session.post(f"{self.slack.base}/_control/{what}", json=body) as answer:
            told = await answer.json()
            assert told.get("ok"), told
            return told


def shown(message: Message) -> str:
    """All words that a message shows, in blocks and in its text."""
    return "\n".join((message.get("text", ""), *_words(message.get("blocks", []))))


def _words(found: Any) -> list[str]:
    if isinstance(found, Mapping):
        own = [found["text"]] if isinstance(found.get("text"), str) else []
        return own + [word for value in found.values() for word in _words(value)]
    return [word for one in found for word in _words(one)] if isinstance(found, list) else []


def _sides(element: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The buttons of an opinion."""
    return [element[name] for name in ("positive_button", "negative_button") if name in element]


def _label(element: Mapping[str, Any]) -> str | None:
    text = element.get("text", element.get("placeholder"))
    return text.get("text") if isinstance(text, Mapping) else None


def _filled(block: Mapping[str, Any], value: str | list[str] | None) -> dict[str, Any]:
    """What an input holds: what is filled in, else what it held at first."""
    element = block["element"]
    kind = element["type"]
    held: dict[str, Any] = {"type": kind}
    if kind in ("checkboxes", "multi_static_select"):
        chosen = [one for one in element["options"] if value is not None and one["text"]["text"] in value]
        held["selected_options"] = chosen if value is not None else element.get("initial_options", [])
    elif kind == "multi_users_select":
        users = value.split() if isinstance(value, str) else value
        held["selected_users"] = users if users is not None else element.get("initial_users", [])
    elif kind == "conversations_select":
        held["selected_conversation"] = value
    elif kind == "static_select":
        chosen = [one for one in element["options"] if one["text"]["text"] == value]
        held["selected_option"] = chosen[0] if chosen else element.get("initial_option")
    else:
        held["value"] = value if value is not None else element.get("initial_value")
    return {element["action_id"]: held}
