"""Words as every platform may show them: what cannot be sent is left out, what is too long is cut."""

from __future__ import annotations

import re

# Control characters, half surrogates, marks that turn the reading order, and those of the markup.
_HIDDEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufdd0-\ufdef]")

# An emoji of a server of Discord's own, as its messages hold it.
EMOJI = re.compile(r"<a?:(?P<name>\w{2,32}):\d{15,21}>")


def visible(text: str) -> str:
    """`text` without characters that cannot be sent, or that turn the reading order."""
    return _HIDDEN.sub("", text)


def cut(text: str, limit: int) -> str:
    """`text` on one line with at most `limit` characters, the last being an ellipsis where something is left out."""
    short = " ".join(visible(text).split())
    return short if len(short) <= limit else short[: limit - 1].rstrip() + "…"


def label(text: str, limit: int) -> str:
    """The same for what may not be empty, and where no emoji of a server is drawn."""
    return cut(named_emoji(text), limit) or "…"


def named_emoji(text: str) -> str:
    """`text` with the names of such emoji in their place (":party:")."""
    return EMOJI.sub(lambda found: f":{found['name']}:", text)
