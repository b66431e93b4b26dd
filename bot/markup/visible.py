"""Words as every platform may show them: what cannot be sent is left out, what is too long is cut."""

from __future__ import annotations

import re

# Control characters, half surrogates, and marks that turn the reading order.
_HIDDEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")


def visible(text: str) -> str:
    """`text` without characters that cannot be sent, or that turn the reading order."""
    return _HIDDEN.sub("", text)


def cut(text: str, limit: int) -> str:
    """`text` on one line with at most `limit` characters, the last being an ellipsis where something is left out."""
    short = " ".join(visible(text).split())
    return short if len(short) <= limit else short[: limit - 1].rstrip() + "…"


def label(text: str, limit: int) -> str:
    """The same for what may not be empty."""
    return cut(text, limit) or "…"
