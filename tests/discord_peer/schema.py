"""What a bot sends to Discord, checked against Discord's published specification and against what that leaves unsaid.

    assert check_request("POST", "/channels/1/messages", {"content": "Hello"}) == [...]

`schema.json` comes from Discord's OpenAPI specification; `make schemas` renews it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, ValidationError

from tests.discord_peer.command_limits import command_problems
from tests.discord_peer.limits import modal_problems, written_problems

SCHEMA = Path(__file__).with_name("schema.json")
# What an answer to an interaction may be, by its type.
CALLBACKS = {
    4: "CreateMessageInteractionCallbackRequest",
    5: "CreateMessageInteractionCallbackRequest",
    6: "UpdateMessageInteractionCallbackRequest",
    7: "UpdateMessageInteractionCallbackRequest",
    8: "ApplicationCommandAutocompleteCallbackRequest",
    9: "ModalInteractionCallbackRequest",
}
MESSAGE, EDIT = "MessageCreateRequest", "MessageEditRequestPartial"
FOLLOW_UP, FOLLOW_UP_EDIT = "IncomingWebhookRequestPartial", "IncomingWebhookUpdateRequestPartial"
COMMAND, ONE_OF_COMMANDS = "ApplicationCommandCreateRequest", "ApplicationCommandUpdateRequest"
# These are no names of Discord's: a list of commands, and an answer that is one of `CALLBACKS`.
COMMANDS, CALLBACK = "commands", "callback"
ROUTES = {
    "POST /channels/{}/messages": MESSAGE,
    "PATCH /channels/{}/messages/{}": EDIT,
    "POST /channels/{}/messages/{}/threads": "CreateTextThreadWithMessageRequest",
    "POST /channels/{}/threads": "CreateTextThreadWithoutMessageRequest",
    "POST /users/@me/channels": "CreatePrivateChannelRequest",
    "POST /interactions/{}/{}/callback": CALLBACK,
    "POST /webhooks/{}/{}": FOLLOW_UP,
    "PATCH /webhooks/{}/{}/messages/{}": FOLLOW_UP_EDIT,
    "PUT /applications/{}/commands": COMMANDS,
    "PUT /applications/{}/guilds/{}/commands": COMMANDS,
    "POST /applications/{}/commands": COMMAND,
    "POST /applications/{}/guilds/{}/commands": COMMAND,
    "PATCH /applications/{}/commands/{}": "ApplicationCommandPatchRequestPartial",
    "PATCH /applications/{}/guilds/{}/commands/{}": "ApplicationCommandPatchRequestPartial",
}
LONGEST = 200
# What discord.py says of every edit and of every command: that it is not read aloud, and not for adults only.
HABITS = ("tts", "nsfw")


def check_request(method: str, path: str, payload: Any) -> list[str]:
    """What is wrong with a request, a sentence each; nothing if Discord would take it.

    `path` begins behind the version of the API ("/channels/1/messages"), `payload` is the JSON that is sent (of a
    request with files its `payload_json`), None where nothing is.
    """
    name = _find(method, path)
    if name is None:
        return [] if payload is None else [f"{method} {path}: no schema is known for what is sent there"]
    if payload is None:
        return [f"{method} {path}: nothing is sent, though something is needed"]
    return [f"{method} {path}: {problem}" for problem in _problems(name, payload)]


def _problems(name: str, payload: Any) -> list[str]:
    if name == COMMANDS:
        if not isinstance(payload, list):
            return ["the commands are no list"]
        wrong = [f"[{place}]{found}" for place, one in enumerate(payload) for found in _unlike(ONE_OF_COMMANDS, one)]
        return wrong or command_problems(payload)
    if not isinstance(payload, Mapping):
        return ["what is sent is no object"]
    if name == CALLBACK:
        return _callback_problems(payload)
    wrong = _unlike(name, payload)
    if wrong:
        return wrong
    if name in (MESSAGE, EDIT, FOLLOW_UP, FOLLOW_UP_EDIT):
        return written_problems(payload, new=name in (MESSAGE, FOLLOW_UP))
    return command_problems([payload]) if name == COMMAND else []


def _callback_problems(payload: Mapping[str, Any]) -> list[str]:
    kind = payload.get("type")
    if kind not in CALLBACKS:
        return [f"there is no answer of type {kind!r}"]
    data = payload.get("data") or {}
    wrong = _unlike(CALLBACKS[kind], payload)
    if wrong:
        return wrong
    match kind:
        case 4 | 7:
            return written_problems(data, new=kind == 4)
        case 9:
            return modal_problems(data)
        case _:
            return []


def _find(method: str, path: str) -> str | None:
    return next((name for route, name in _routes() if route.fullmatch(f"{method} {path}")), None)


@cache
def _routes() -> list[tuple[re.Pattern[str], str]]:
    return [(re.compile(re.escape(route).replace(r"\{\}", "[^/]+")), name) for route, name in ROUTES.items()]


@cache
def _validator(name: str) -> Draft202012Validator:
    definitions = json.loads(SCHEMA.read_text(encoding="utf-8"))["$defs"]
    # Discord's documents let ids be written as numbers too, and discord.py does so.
    definitions["SnowflakeType"] = {"anyOf": [definitions["SnowflakeType"], {"type": "integer", "minimum": 0}]}
    return Draft202012Validator({"$defs": definitions, "$ref": f"#/$defs/{name}"})


def _unlike(name: str, payload: Any) -> list[str]:
    """Where a payload is unlike its schema."""
    known = _validator(name)
    return [_told(leaf) for error in known.iter_errors(_without_habits(payload)) for leaf in _leaves(error)]


def _without_habits(payload: Any) -> Any:
    """The payload without what discord.py adds everywhere, and Discord takes though the specification lacks it."""
    if not isinstance(payload, Mapping):
        return payload
    data = payload.get("data")
    kept = {**payload, "data": _without_habits(data)} if isinstance(data, Mapping) else dict(payload)
    return {key: value for key, value in kept.items() if not (key in HABITS and value is False)}


def _leaves(error: ValidationError) -> Iterable[ValidationError]:
    """The errors that say what is meant: of several alternatives only those that the payload chose by its `type`."""
    if error.validator != "anyOf" or not error.context:
        return [error]
    alternatives: dict[Any, list[ValidationError]] = {}
    for inner in error.context:
        alternatives.setdefault(inner.schema_path[0], []).append(inner)
    chosen = [inner for inner in alternatives.values() if not any(_is_another(one, error) for one in inner)]
    return [leaf for inner in chosen[:1] for one in inner for leaf in _leaves(one)] or [error]


def _is_another(inner: ValidationError, outer: ValidationError) -> bool:
    """Whether an alternative is for a payload of another kind."""
    where = list(inner.path)
    if where == ["type"]:
        return inner.validator in ("const", "enum")
    return not where and inner.validator == "type" and inner.instance is outer.instance


def _told(error: ValidationError) -> str:
    said = error.message if len(error.message) <= LONGEST else f"{error.message[:80]} ... {error.message[-80:]}"
    return f"{error.json_path.removeprefix('$')}: {said}".removeprefix(".")
