"""What is to be done with a poll, a template, a schedule or a discussion, as somebody's words or a button name it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Action = Literal[
    "new",
    "post",
    "discard",
    "ballot",
    "edit",
    "deadline",
    "reopen",
    "share",
    "join",
    "list",
    "names",
    "trend",
    "save",
    "use",
    "drop",
    "templates",
    "repeat",
    "end",
    "schedules",
    "add",
    "rename",
    "remove",
    "when",
    "mine",
    "delete",
]


@dataclass(frozen=True)
class Order:
    """Something that is to be done with a poll, a template or a schedule, by its number where one is named.

    `text` is what goes with it: the name of a template, a moment or a rule in words, a code, a permit, an option;
    `old` is the option that is to be called so, by its number, letter or words.
    """

    action: Action
    number: int | None = None
    text: str = ""
    old: str = ""


Discussing = Literal["post", "repeat", "answer", "withdraw", "close", "digest", "names", "send", "choose"]


@dataclass(frozen=True)
class Discuss:
    """Something that is to be done with questions that are posted for people to reply to, and with their replies.

    `number` is that of a discussion; with a `script`, of one of its questions. `text` is what goes with it (a reply, a
    subject, a rule in words). "names" is a digest with them; to "choose" is what of all that can come again is to.
    """

    action: Discussing
    number: int | None = None
    text: str = ""
    script: str | None = None
