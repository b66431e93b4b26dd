"""What Slack would refuse: shapes by its published types, lengths by its own SDK, and what neither of them says."""

from __future__ import annotations

import copy
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft7Validator
from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

TYPES = Path(__file__).parent / "types/sent.json"
# Slack's own schema of manifests (MIT, its licence beside it): the types know no lengths, this knows no scopes.
MANIFEST = Path(__file__).parent / "types/manifest.json"
BLOCKS, VIEW_BLOCKS, TEXT, MARKDOWN, METADATA = 50, 100, 40_000, 12_000, 3_000
# What an edit takes of its text, in bytes.
EDITED = 4_000
# What mentions people in rich text.
MENTIONING = ("user", "usergroup", "broadcast")
# All the words of a message together; more is refused, though no page says so.
WHOLE = 13_200
MENTION = re.compile(r"<[!@#](?!\u2060)|@(?:channel|here|everyone)\b(?<!\u2060)", re.I)
# Words in which Slack looks for mentions; in rich text and plain text it does not.
READ = ("mrkdwn", "markdown")


def check_call(method: str, arguments: Mapping[str, Any]) -> list[str]:
    """What is wrong with a call of the Web API; nothing is wrong with methods that show nothing."""
    if method in ("chat.postMessage", "chat.update", "chat.postEphemeral", "response"):
        return list(_message(method, arguments))
    if method.startswith("views."):
        return list(_view(arguments["view"]))
    if method in ("chat.startStream", "chat.appendStream", "chat.stopStream"):
        text = arguments.get("markdown_text", "")
        wrong = ["markdown_text is too long"] if len(text) > MARKDOWN else []
        return [*wrong, *_mentions(text), *_blocks(arguments.get("blocks", []), BLOCKS)]
    if method == "assistant.threads.setSuggestedPrompts":
        # With a thread, an agent's are dropped without a word.
        return ["no prompts of an agent"] if len(arguments["prompts"]) > 4 or "thread_ts" in arguments else []
    if method == "files.getUploadURLExternal":
        return [] if arguments.get("alt_txt") else ["a picture without alternative text"]
    return []


def check_manifest(manifest: Mapping[str, Any]) -> list[str]:
    """What is wrong with a manifest, by Slack's schema of it, and by its type where that knows more."""
    by_schema = Draft7Validator(json.loads(MANIFEST.read_text("utf-8"))).iter_errors(manifest)
    # The published type knows neither what agents show nor their scope yet.
    known = copy.deepcopy(dict(manifest))
    known["features"].pop("agent_view", None)
    bot = known["oauth_config"]["scopes"]["bot"]
    known["oauth_config"]["scopes"]["bot"] = [scope for scope in bot if scope != "assistant:write"]
    return [error.message for error in (*by_schema, *_validator("manifest").iter_errors(known))]


def _message(method: str, arguments: Mapping[str, Any]) -> Iterator[str]:
    text = arguments.get("text", "")
    if not text.strip():
        yield "no fallback text"
    if len(text.encode()) > (EDITED if method == "chat.update" else TEXT):
        yield "text is too long"
    yield from _mentions(text)
    if method == "chat.postMessage" and any(_is_on(arguments.get(f"unfurl_{one}")) for one in ("links", "media")):
        yield "links are unfurled"
    yield from _blocks(arguments.get("blocks", []), BLOCKS)


def _is_on(value: Any) -> bool:
    return value not in (False, "false", "0", 0)


def _view(view: Mapping[str, Any]) -> Iterator[str]:
    kind = view["type"]
    own = {name: value for name, value in view.items() if name != "blocks"}
    yield from (f"{kind}: {error.message}" for error in _validator(kind).iter_errors({**own, "blocks": []}))
    if len(view.get("private_metadata", "")) > METADATA:
        yield "private_metadata is too long"
    try:
        View(**view).validate_json()
    except SlackObjectFormationError as error:
        yield str(error)
    yield from _blocks(view["blocks"], VIEW_BLOCKS)


def _blocks(blocks: Sequence[Mapping[str, Any]], most: int) -> Iterator[str]:
    if len(blocks) > most:
        yield f"{len(blocks)} blocks"
    for block in blocks:
        if (kind := block.get("type", "")) not in _known_blocks():
            yield f"Slack has no block of the type {kind!r}"
            continue
        yield from (f"{kind}: {error.message[:300]}" for error in _validator(kind).iter_errors(block))
        try:
            parsed = Block.parse(dict(block))
            if parsed is not None:
                parsed.validate_json()
        except SlackObjectFormationError as error:
            yield str(error)
    found = list(_parts(blocks))
    yield from (f"{name} twice" for name, count in Counter(_ids(found)).items() if count > 1)
    for part in found:
        yield from _part(part)
    if sum(len(part["text"]) for part in found if isinstance(part.get("text"), str)) > WHOLE:
        yield "all words together are too long"


def _part(part: Mapping[str, Any]) -> Iterator[str]:
    text = part.get("text")
    if isinstance(text, str) and part.get("type") in READ:
        yield from _mentions(text)
    if isinstance(text, str) and not text:
        yield "an empty text"
    if part.get("type") in MENTIONING:
        yield f"a mention: {part['type']}"
    if "initial_option" in part and part["initial_option"] not in part["options"]:
        yield "an initial option that is none of the options"
    if part.get("type") == "modal" and "submit" not in part:
        yield "a window that cannot be sent"
    limits = {"action_id": 255, "value": 2000, "alt_text": 2000, "url": 3000, "accessibility_label": 75}
    for name, limit in limits.items():
        if isinstance(part.get(name), str) and len(part[name]) > limit:
            yield f"{name} is too long"
    if part.get("type") == "button" and len(part["text"]["text"]) > 75:
        yield "a button's text is too long"
    if part.get("type") == "feedback_buttons":
        for side in (part["positive_button"], part["negative_button"]):
            if len(side["text"]["text"]) > 75 or len(side["value"]) > 2000:
                yield "an opinion is too long"
    if part.get("type") == "emoji" and (":" in part["name"].replace("::skin-tone-", "") or not part["name"]):
        yield "an emoji without a name"
    if part.get("type") == "context" and any(len(one.get("text", "")) > 2000 for one in part["elements"]):
        yield "a context is too long"
    if part.get("type") == "image" and not part.get("alt_text"):
        yield "an image without alternative text"
    for option in part.get("options", ()):
        if len(option["text"]["text"]) > 75 or len(option["value"]) > 150:
            yield "an option is too long"
    if part.get("type") in ("checkboxes", "radio_buttons") and len(part["options"]) > 10:
        yield "more than ten boxes"
    if len(part.get("options", ())) > 100:
        yield "more than a hundred options"


def _ids(parts: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    # Inputs are told apart by their blocks.
    inputs = {id(part["element"]) for part in parts if part.get("type") == "input"}
    for part in parts:
        if "block_id" in part:
            yield f"block_id {part['block_id']}"
        if "action_id" in part and id(part) not in inputs:
            yield f"action_id {part['action_id']}"


def _parts(found: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(found, Mapping):
        yield found
        for value in found.values():
            yield from _parts(value)
    elif isinstance(found, list | tuple):
        for one in found:
            yield from _parts(one)


def _mentions(text: str) -> list[str]:
    return [f"a mention: {found[0]}" for found in MENTION.finditer(text)]


@cache
def _definitions() -> dict[str, Any]:
    return dict(json.loads(TYPES.read_text("utf-8"))["definitions"])


@cache
def _known_blocks() -> dict[str, dict[str, Any]]:
    """What each type of block is. To try all of them with each block would take a hundred times as long."""
    found: dict[str, list[dict[str, Any]]] = {}
    for name in _names("KnownBlock"):
        of_type = _definitions()[name]["properties"]["type"]["const"]
        found.setdefault(of_type, []).append({"$ref": f"#/definitions/{name}"})
    return {of_type: {"anyOf": ways} for of_type, ways in found.items()}


def _names(kind: str) -> Iterator[str]:
    """The definitions that a union comes down to."""
    definition = _definitions()[kind]
    if "properties" in definition:
        yield kind
    for one in definition.get("anyOf", ()):
        yield from _names(one["$ref"].rpartition("/")[2]) if "$ref" in one else ()


@cache
def _validator(kind: str) -> Draft7Validator:
    sent = _definitions()["Sent"]["properties"]
    return Draft7Validator({**(_known_blocks().get(kind) or sent[kind]), "definitions": _definitions()})
