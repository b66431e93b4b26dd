"""What Discord tells a bot of, as JSON: people, servers, channels, and what happens in them."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterable, Mapping
from typing import Any

Object = dict[str, Any]

# Discord counts its milliseconds from the beginning of 2015.
EPOCH = 1_420_070_400_000
EVERYTHING = str((1 << 53) - 1)
COMMAND, PRESS, COMPLETION, SUBMISSION = 2, 3, 4, 5
_numbers = itertools.count()


def new_id() -> str:
    """An id of now; each is greater than the one before."""
    return str(((int(time.time() * 1000) - EPOCH) << 22) + next(_numbers))


def user(number: int, name: str, *, bot: bool = False) -> Object:
    """Somebody."""
    return {"id": str(number), "username": name, "discriminator": "0", "global_name": name, "avatar": None, "bot": bot}


def member(person: Object, **more: Any) -> Object:
    """Somebody as a member of a server."""
    joined = {"joined_at": "2026-01-01T00:00:00+00:00", "deaf": False, "mute": False, "flags": 0}
    return {"user": person, "roles": [], "nick": None, **joined, **more}


def text_channel(number: int, server: int, name: str = "general") -> Object:
    """A channel of a server."""
    rest = {"position": 0, "permission_overwrites": [], "parent_id": None, "topic": None, "nsfw": False}
    return {"id": str(number), "guild_id": str(server), "type": 0, "name": name, **rest}


def server(number: int, *channels: Object, people: Iterable[Object] = (), name: str = "Server") -> Object:
    """A server; everybody in it may do everything. Its shard is that of `shard_of`."""
    everybody = {"id": str(number), "name": "@everyone", "permissions": EVERYTHING, "position": 0, "color": 0}
    looks = {"colors": {"primary_color": 0}, "hoist": False, "managed": False, "mentionable": False, "flags": 0}
    members = [member(one) for one in people]
    return {
        "id": str(number),
        "name": name,
        "owner_id": "1",
        "roles": [{**everybody, **looks}],
        "channels": list(channels),
        "members": members,
        "member_count": len(members) + 1,
        "large": False,
        "unavailable": False,
        "threads": [],
        "emojis": [],
        "features": [],
    }


def shard_of(number: str | int, shards: int) -> int:
    """The shard that is told of a server."""
    return (int(number) >> 22) % shards


def message(channel: str | int, author: Object, content: str, **more: Any) -> Object:
    """A message; with `guild_id` one in a server, without it a direct one."""
    plain = {"edited_timestamp": None, "tts": False, "mention_everyone": False, "pinned": False, "type": 0, "flags": 0}
    lists: Object = {"mentions": [], "mention_roles": [], "attachments": [], "embeds": [], "components": []}
    own = {"id": new_id(), "channel_id": str(channel), "author": author, "content": content}
    return {**own, "timestamp": "2026-01-01T00:00:00+00:00", **plain, **lists, **more}


def interaction(
    kind: int,
    data: Mapping[str, Any],
    person: Object,
    channel: Object,
    *,
    application: str,
    shown: Object | None = None,
) -> Object:
    """A command, a press, a completion or a submission (`kind`) by somebody; `shown` is the message with the button."""
    number = new_id()
    server_id = channel.get("guild_id")
    who: Object = {"user": person}
    if server_id:
        who = {"guild_id": server_id, "member": member(person, permissions=EVERYTHING), "guild_locale": "en-US"}
    return {
        "id": number,
        "token": f"interaction-{number}",
        "application_id": application,
        "type": kind,
        "version": 1,
        "data": dict(data),
        "channel": channel,
        "channel_id": channel["id"],
        "locale": "en-US",
        "app_permissions": EVERYTHING,
        "entitlements": [],
        "authorizing_integration_owners": {},
        "attachment_size_limit": 10 * 1024 * 1024,
        "context": 0 if server_id else 1,
        **who,
        **({"message": shown} if shown else {}),
    }


def written(channel: str, author: Object, body: Mapping[str, Any], files: Iterable[int] = ()) -> Object:
    """The message that a bot's request makes."""
    kept = {name: body[name] for name in ("embeds", "components", "flags", "nonce") if body.get(name) is not None}
    answers = {"type": 19, "message_reference": body["message_reference"]} if body.get("message_reference") else {}
    attached = {"attachments": attachments(body, tuple(files))}
    asked = {"poll": poll(body["poll"])} if body.get("poll") else {}
    return message(channel, author, body.get("content") or "", **kept, **answers, **attached, **asked)


def attachments(body: Mapping[str, Any], files: tuple[int, ...]) -> list[Object]:
    """The files of a message as Discord shows them."""
    shown = []
    for one in body.get("attachments") or ():
        place = int(one["id"])
        size = files[place] if place < len(files) else 0
        at = f"http://127.0.0.1/{one['id']}/{one.get('filename')}"
        shown.append({"size": size, "url": at, "proxy_url": at, "filename": "file", **one, "id": new_id()})
    return shown


def poll(asked: Mapping[str, Any]) -> Object:
    """A poll of Discord's own, open."""
    answers = [{"answer_id": place, **answer} for place, answer in enumerate(asked["answers"], 1)]
    open_until = {"expiry": "2099-01-01T00:00:00+00:00", "results": {"is_finalized": False, "answer_counts": []}}
    return {"allow_multiselect": False, "layout_type": 1, **asked, "answers": answers, **open_until}
