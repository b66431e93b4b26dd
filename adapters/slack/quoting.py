"""All that a message says, as a text of Slack's: its blocks, its attachments, what is forwarded in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Found = Mapping[str, Any]

# What can be pressed or filled in says nothing.
_SILENT = frozenset({"actions", "context_actions", "input", "button", "divider"})
# So deep, parts of a message are read: a list in a quote in a forwarded message is not half as deep.
_DEEPEST = 20


def text_of(message: Found) -> str:
    """What a message says: its text, or its blocks where an app wrote them, and whatever is attached."""
    blocks = _lines(_told(block) for block in _mappings(message.get("blocks")))
    own = str(message.get("text") or "")
    # People's blocks are their text once more; the text of an app may be a line that only notifications show.
    by_app = message.get("bot_id") or message.get("subtype") == "bot_message"
    said = blocks if blocks and (by_app or not own) else own
    attached = [_attached(one) for one in _mappings(message.get("attachments"))]
    return _lines([said, *attached])


def has_pictures(message: Found) -> bool:
    """Whether something in a message is a picture, which cannot be read."""
    files = [one for one in _mappings(message.get("files")) if str(one.get("mimetype", "")).startswith("image/")]
    blocks = [one for one in _mappings(message.get("blocks")) if one.get("type") == "image"]
    attached = list(_mappings(message.get("attachments")))
    return bool(files or blocks) or any(one.get("image_url") or _has_pictures_within(one) for one in attached)


def _has_pictures_within(attachment: Found) -> bool:
    return any(has_pictures(one) for one in ({**attachment, "attachments": None}, *_forwarded(attachment)))


def _attached(attachment: Found) -> str:
    blocks = _lines(_told(block) for block in _mappings(attachment.get("blocks")))
    forwarded = [_lines(_told(block) for block in _mappings(one.get("blocks"))) for one in _forwarded(attachment)]
    fields = [_lines([one.get("title"), one.get("value")]) for one in _mappings(attachment.get("fields"))]
    own = [attachment.get(name) for name in ("pretext", "title", "text")]
    whole = _lines([*own[:2], blocks or _lines(forwarded) or own[2], *fields])
    return whole or str(attachment.get("fallback") or "")


def _forwarded(attachment: Found) -> Iterator[Found]:
    """The messages that an attachment forwards."""
    for one in _mappings(attachment.get("message_blocks")):
        if isinstance(one.get("message"), Mapping):
            yield one["message"]


def _told(part: Found, depth: int = 0) -> str:
    """What a part of a message says, as a text of Slack's."""
    kind = part.get("type")
    if kind in _SILENT or depth > _DEEPEST:
        return ""
    if kind == "image":
        return _escaped(part.get("alt_text"))
    if kind in ("plain_text", "raw_text") or (kind == "text" and isinstance(part.get("text"), str)):
        return _escaped(part.get("text"))
    if kind in ("mrkdwn", "markdown"):
        return str(part.get("text") or "")
    if (token := _token(kind, part)) is not None:
        return token
    inner = [_told(one, depth + 1) for value in part.values() for one in _parts(value)]
    if kind == "rich_text_list":
        return _lines(f"- {one}" for one in inner)
    return "".join(inner) if str(kind).startswith("rich_text_") else _lines(inner)


def _token(kind: object, part: Found) -> str | None:
    """What stands within a line; None for what is no such thing."""
    match kind:
        case "link":
            return (
                f"<{part.get('url', '')}|{_escaped(part.get('text'))}>" if part.get("text") else f"<{part.get('url')}>"
            )
        case "user":
            return f"<@{part.get('user_id', '')}>"
        case "channel":
            return f"<#{part.get('channel_id', '')}>"
        case "usergroup":
            return f"<!subteam^{part.get('usergroup_id', '')}>"
        case "broadcast":
            return f"<!{part.get('range', '')}>"
        case "emoji":
            return f":{part.get('name', '')}:"
        case "date":
            return f"<!date^{part.get('timestamp', '')}^|{_escaped(part.get('fallback'))}>"
        case _:
            return None


def _parts(value: object) -> list[Found]:
    return [value] if isinstance(value, Mapping) and "type" in value else list(_mappings(value, nested=True))


def _mappings(value: object, nested: bool = False) -> Iterator[Found]:
    """The mappings in a list; those in lists of lists too, as rows of a table are."""
    for one in value if isinstance(value, Sequence) and not isinstance(value, str) else ():
        if isinstance(one, Mapping):
            yield one
        elif nested:
            yield from _mappings(one, nested)


def _escaped(text: object) -> str:
    return str(text or "").replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _lines(told: Iterator[str | None] | Sequence[str | None]) -> str:
    return "\n".join(str(one) for one in told if one)
