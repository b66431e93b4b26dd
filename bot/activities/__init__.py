"""What people can do with the bot: one module for each activity; the first that takes a turn has it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from bot.reply import Reply
from bot.turn import Turn
from knowledge.answer import Message


class Activity(Protocol):
    """Something that people do: it takes a turn and replies, or leaves it to the next."""

    async def take(self, turn: Turn, history: Sequence[Message]) -> Reply | None:
        """The reply to `turn`, None if this activity does not take it; `history` is oldest first."""
        ...
