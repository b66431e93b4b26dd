"""What a Discord on this machine knows, and how it answers each call: the bot, channels, messages, interactions."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

from tests.discord_peer.payloads import EVERYTHING, Object, attachments, member, new_id, user, written
from tests.discord_peer.sent import Sent

MESSAGE, DEFERRED, UPDATED = 4, 5, 7
# Kinds of channels: threads of news, public and private ones; forums and media channels.
THREADS, FORUMS = (10, 11, 12), (15, 16)
# For how long an old message rests that was edited too often, in seconds.
LONG_REST = 60.0


class Refused(Exception):
    """A call cannot be done: the status, Discord's own code, and for 429 in how many seconds it can."""

    def __init__(self, status: int, code: int, message: str, retry_after: float = 0.0) -> None:
        super().__init__(message)
        self.status, self.code, self.retry_after = status, code, retry_after


Handler = Callable[["World", Sent, tuple[str, ...]], Awaitable[Any]]
_HANDLERS: list[tuple[str, re.Pattern[str], Handler]] = []


def handles(route: str) -> Callable[[Handler], Handler]:
    """Has a method answer a route; `{}` in it are its arguments."""
    method, _, path = route.partition(" ")
    pattern = re.compile(re.escape(path).replace(r"\{\}", "([^/]+)"))

    def keep(handler: Handler) -> Handler:
        _HANDLERS.append((method, pattern, handler))
        return handler

    return keep


class World:
    """What there is. `tell` passes on what happens; a test may read and change all that is public here."""

    def __init__(self, tell: Callable[[str, Object], Awaitable[None]]) -> None:
        self.me = user(1000, "FinOps Bot", bot=True)
        self.shards = 1
        self.gateway_url = ""
        self.servers: dict[str, Object] = {}
        self.channels: dict[str, Object] = {}
        self.messages: dict[str, Object] = {}
        self.commands: list[Object] = []
        # Who has voted, by message and answer.
        self.voters: dict[tuple[str, str], list[Object]] = {}
        # What the bot may not do, by channel; private channels that are closed to it; words that AutoMod blocks.
        self.lacks: dict[str, frozenset[str]] = {}
        self.closed: set[str] = set()
        self.blocked: tuple[str, ...] = ()
        # How many more edits of a message older than an hour are allowed, by message; how many requests for a private
        # channel are refused as too fast.
        self.edits_left: dict[str, int] = {}
        self.too_fast = 0
        self._tell = tell
        self._interactions: dict[str, Object] = {}
        self._originals: dict[str, str] = {}
        self._acknowledged: set[str] = set()

    def add_server(self, server: Object) -> None:
        """A server that the bot is in."""
        self.servers[server["id"]] = server
        self.channels |= {channel["id"]: channel for channel in server["channels"]}

    def expect(self, interaction: Object) -> None:
        """Somebody does something that the bot may answer."""
        self._interactions[interaction["token"]] = interaction
        if interaction.get("message"):
            self._originals[interaction["token"]] = interaction["message"]["id"]

    async def answer(self, sent: Sent) -> Any:
        """What a call gives, as JSON; None where that is nothing. Raises Refused."""
        for method, pattern, handler in _HANDLERS:
            found = pattern.fullmatch(sent.path)
            if found and method == sent.method:
                return await handler(self, sent, found.groups())
        raise Refused(404, 0, "404: Not Found")

    # --- The bot ---

    @handles("GET /gateway/bot")
    async def _gateway(self, sent: Sent, _: tuple[str, ...]) -> Object:
        left = {"total": 1000, "remaining": 999, "reset_after": 14_400_000, "max_concurrency": 1}
        return {"url": self.gateway_url, "shards": self.shards, "session_start_limit": left}

    @handles("GET /users/@me")
    async def _me(self, sent: Sent, _: tuple[str, ...]) -> Object:
        return self.me

    @handles("GET /oauth2/applications/@me")
    @handles("GET /applications/@me")
    async def _application(self, sent: Sent, _: tuple[str, ...]) -> Object:
        plain = {"description": "", "icon": None, "bot_public": True, "bot_require_code_grant": False, "flags": 0}
        return {"id": self.me["id"], "name": "FinOps Bot", "owner": user(1, "owner"), "verify_key": "", **plain}

    @handles("GET /applications/{}/commands")
    async def _list_commands(self, sent: Sent, _: tuple[str, ...]) -> list[Object]:
        return self.commands

    @handles("PUT /applications/{}/commands")
    async def _set_commands(self, sent: Sent, where: tuple[str, ...]) -> list[Object]:
        common = {"application_id": where[0], "version": "1", "description": "", "default_member_permissions": None}
        self.commands = [{**common, **command, "id": new_id()} for command in sent.payload]
        return self.commands

    # --- Channels and messages ---

    @handles("GET /guilds/{}")
    async def _server(self, sent: Sent, where: tuple[str, ...]) -> Object:
        return _found(self.servers, where[0], 10004, "Unknown Guild")

    @handles("GET /users/@me/guilds")
    async def _servers(self, sent: Sent, _: tuple[str, ...]) -> list[Object]:
        return [{**server, "owner": False, "permissions": EVERYTHING} for server in self.servers.values()]

    @handles("GET /guilds/{}/channels")
    async def _channels(self, sent: Sent, where: tuple[str, ...]) -> list[Object]:
        channels: list[Object] = _found(self.servers, where[0], 10004, "Unknown Guild")["channels"]
        return channels

    @handles("GET /guilds/{}/threads/active")
    async def _threads(self, sent: Sent, where: tuple[str, ...]) -> Object:
        _found(self.servers, where[0], 10004, "Unknown Guild")
        open_ones = [
            one
            for one in self.channels.values()
            if one.get("guild_id") == where[0] and one["type"] in THREADS and not one["thread_metadata"]["archived"]
        ]
        return {"threads": open_ones, "members": []}

    @handles("GET /guilds/{}/members/{}")
    async def _member(self, sent: Sent, where: tuple[str, ...]) -> Object:
        found = _found(self.servers, where[0], 10004, "Unknown Guild")
        people = {one["user"]["id"]: one for one in (*found["members"], member(self.me))}
        return _found(people, where[1], 10007, "Unknown Member")

    @handles("GET /channels/{}")
    async def _channel(self, sent: Sent, where: tuple[str, ...]) -> Object:
        return _found(self.channels, where[0], 10003, "Unknown Channel")

    @handles("POST /users/@me/channels")
    async def _private_channel(self, sent: Sent, _: tuple[str, ...]) -> Object:
        if self.too_fast:
            self.too_fast -= 1
            raise Refused(403, 40003, "You are opening direct messages too fast.")
        person = str(sent.payload["recipient_id"])
        number = f"9{person}"
        made = {"id": number, "type": 1, "last_message_id": None, "recipients": [user(int(person), f"user {person}")]}
        return self.channels.setdefault(number, made)

    @handles("POST /channels/{}/typing")
    async def _typing(self, sent: Sent, _: tuple[str, ...]) -> None:
        return None

    @handles("POST /channels/{}/messages")
    async def _post(self, sent: Sent, where: tuple[str, ...]) -> Object:
        channel = _found(self.channels, where[0], 10003, "Unknown Channel")
        body = sent.payload
        self._check_rights(channel, body)
        if body.get("enforce_nonce"):
            for known in self.messages.values():
                if (known["channel_id"], known.get("nonce")) == (channel["id"], body["nonce"]):
                    return known
        made = self._keep(written(channel["id"], self.me, body, sent.files))
        await self._tell("MESSAGE_CREATE", {**made, **_of_server(channel)})
        return made

    def _check_rights(self, channel: Object, body: Object) -> None:
        """Refuse what Discord refuses there; `lacks` are rights that the bot does not have in a channel."""
        lacks = self.lacks.get(channel["id"], frozenset())
        if "VIEW_CHANNEL" in lacks:
            raise Refused(403, 50001, "Missing Access")
        if channel["type"] in FORUMS:
            raise Refused(400, 40058, "Cannot message this channel until a post is made.")
        if channel.get("thread_metadata", {}).get("archived"):
            raise Refused(400, 50083, "Thread is archived")
        if "SEND_MESSAGES" in lacks:
            raise Refused(403, 50013, "Missing Permissions")
        if channel["id"] in self.closed:
            raise Refused(403, 50007, "Cannot send messages to this user")
        if body.get("message_reference") and "READ_MESSAGE_HISTORY" in lacks:
            raise Refused(400, 160002, "Cannot reply without permission to read message history")
        self._check_emoji(body)
        if any(word in (body.get("content") or "") for word in self.blocked):
            raise Refused(400, 200000, "Message was blocked by automatic moderation")

    def _check_emoji(self, body: Object) -> None:
        """Refuse a message in which something is drawn with an emoji of a server that the bot is not in."""
        drawn = [one["emoji"]["id"] for one in _with_emoji(body) if one["emoji"].get("id")]
        known = {one["id"] for server in self.servers.values() for one in server["emojis"]}
        if any(str(one) not in known for one in drawn):
            raise Refused(400, 50035, "Invalid Form Body: Invalid emoji")

    @handles("GET /channels/{}/messages/{}")
    async def _message(self, sent: Sent, where: tuple[str, ...]) -> Object:
        return _found(self.messages, where[1], 10008, "Unknown Message")

    @handles("PATCH /channels/{}/messages/{}")
    async def _edit(self, sent: Sent, where: tuple[str, ...]) -> Object:
        self._check_emoji(sent.payload)
        if where[1] in self.edits_left:
            if not self.edits_left[where[1]]:
                said = "Maximum number of edits to messages older than 1 hour reached. Try again later."
                raise Refused(429, 30046, said, retry_after=LONG_REST)
            self.edits_left[where[1]] -= 1
        return self._change(where[1], sent)

    @handles("DELETE /channels/{}/messages/{}")
    async def _delete(self, sent: Sent, where: tuple[str, ...]) -> None:
        _found(self.messages, where[1], 10008, "Unknown Message")
        del self.messages[where[1]]

    @handles("GET /channels/{}/polls/{}/answers/{}")
    async def _voters(self, sent: Sent, where: tuple[str, ...]) -> Object:
        return {"users": self.voters.get((where[1], where[2]), [])}

    @handles("POST /channels/{}/polls/{}/expire")
    async def _end_poll(self, sent: Sent, where: tuple[str, ...]) -> Object:
        ended = _found(self.messages, where[1], 10008, "Unknown Message")
        ended["poll"]["results"] = {"is_finalized": True, "answer_counts": []}
        return ended

    # --- Interactions ---

    @handles("POST /interactions/{}/{}/callback")
    async def _call_back(self, sent: Sent, where: tuple[str, ...]) -> Object:
        token = where[1]
        asked = _found(self._interactions, token, 10062, "Unknown interaction")
        if token in self._acknowledged:
            raise Refused(400, 40060, "Interaction has already been acknowledged.")
        self._acknowledged.add(token)
        kind, data = sent.payload["type"], sent.payload.get("data") or {}
        shown: Object | None = None
        if kind in (MESSAGE, DEFERRED):
            shown = self._keep(written(asked["channel_id"], self.me, data, sent.files))
            self._originals[token] = shown["id"]
        elif kind == UPDATED:
            shown = self._change(self._originals[token], Sent("PATCH", "", data, sent.files))
        told = {"id": asked["id"], "type": asked["type"], "response_message_id": shown["id"] if shown else None}
        resource = {"resource": {"type": kind, "message": shown}} if shown and kind != DEFERRED else {}
        return {"interaction": told, **resource}

    @handles("POST /webhooks/{}/{}")
    async def _follow_up(self, sent: Sent, where: tuple[str, ...]) -> Object:
        asked = _found(self._interactions, where[1], 10015, "Unknown Webhook")
        return self._keep(written(asked["channel_id"], self.me, sent.payload, sent.files))

    @handles("GET /webhooks/{}/{}/messages/{}")
    async def _answered(self, sent: Sent, where: tuple[str, ...]) -> Object:
        return _found(self.messages, self._original(where), 10008, "Unknown Message")

    @handles("PATCH /webhooks/{}/{}/messages/{}")
    async def _edit_answer(self, sent: Sent, where: tuple[str, ...]) -> Object:
        return self._change(self._original(where), sent)

    @handles("DELETE /webhooks/{}/{}/messages/{}")
    async def _delete_answer(self, sent: Sent, where: tuple[str, ...]) -> None:
        self.messages.pop(self._original(where), None)

    def _original(self, where: tuple[str, ...]) -> str:
        return self._originals.get(where[1], "") if where[2] == "@original" else where[2]

    def _keep(self, made: Object) -> Object:
        self.messages[made["id"]] = made
        return made

    def _change(self, number: str, sent: Sent) -> Object:
        shown = _found(self.messages, number, 10008, "Unknown Message")
        body = sent.payload
        shown |= {name: body[name] for name in ("content", "embeds", "components") if body.get(name) is not None}
        if body.get("attachments") is not None:
            shown["attachments"] = attachments(body, sent.files)
        return shown


def _with_emoji(body: Any) -> Iterator[Object]:
    """Whatever in a message is drawn with an emoji: buttons, the options of a menu, answers of a poll."""
    if isinstance(body, dict):
        if isinstance(body.get("emoji"), dict):
            yield body
        for one in body.values():
            yield from _with_emoji(one)
    elif isinstance(body, list):
        for one in body:
            yield from _with_emoji(one)


def _found(known: dict[str, Object], number: str, code: int, message: str) -> Object:
    if number not in known:
        raise Refused(404, code, message)
    return known[number]


def _of_server(channel: Object) -> Object:
    return {"guild_id": channel["guild_id"]} if channel.get("guild_id") else {}
