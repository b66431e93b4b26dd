"""The small Markdown of replies: a tree that each platform writes in its own dialect, its plain words escaped."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

# --- Within a line ---


@dataclass(frozen=True)
class Words:
    """Plain words: nothing in them is a format."""

    text: str


@dataclass(frozen=True)
class Break:
    """The end of a line inside a paragraph."""


@dataclass(frozen=True)
class Verbatim:
    """Words that stand letter by letter, such as a command; on one line."""

    text: str


@dataclass(frozen=True)
class Strong:
    """What is to stand out."""

    parts: tuple[Inline, ...]


@dataclass(frozen=True)
class Emphasis:
    """What is to be stressed."""

    parts: tuple[Inline, ...]


@dataclass(frozen=True)
class Link:
    """Words that lead to an address, which begins with http:// or https://."""

    parts: tuple[Inline, ...]
    url: str


@dataclass(frozen=True)
class Moment:
    """A moment (aware), shown in the reader's own time where a platform can; `words` tell it where not."""

    at: datetime
    words: str


Inline = Words | Break | Verbatim | Strong | Emphasis | Link | Moment

# --- Below each other ---


@dataclass(frozen=True)
class Paragraph:
    """Lines that belong together."""

    parts: tuple[Inline, ...]


@dataclass(frozen=True)
class Heading:
    """The title of what follows; a small Markdown has one size."""

    parts: tuple[Inline, ...]


@dataclass(frozen=True)
class Code:
    """Lines that stand letter by letter."""

    text: str
    language: str = ""


@dataclass(frozen=True)
class Quote:
    """What somebody else said."""

    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Items:
    """A list; its items are numbered from `first`, unless that is None."""

    items: tuple[tuple[Block, ...], ...]
    first: int | None = None


@dataclass(frozen=True)
class Table:
    """Rows of cells below a head; every row has as many cells as the head."""

    head: tuple[tuple[Inline, ...], ...]
    rows: tuple[tuple[tuple[Inline, ...], ...], ...]


Block = Paragraph | Heading | Code | Quote | Items | Table


def plain(parts: tuple[Inline, ...]) -> str:
    """The words of a line, without any format; an address that its words do not show stands behind them."""
    return "".join(map(_plain, parts))


def _plain(part: Inline) -> str:
    match part:
        case Words(text) | Verbatim(text) | Moment(words=text):
            return text
        case Break():
            return "\n"
        case Strong(parts) | Emphasis(parts):
            return plain(parts)
        case Link(parts, url):
            shown = plain(parts)
            return shown if shown == url else f"{shown} ({url})"
