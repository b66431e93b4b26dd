"""Usage: what the bot itself has done and cost; it practises what it teaches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.activities import Heard, Step
from bot.reply import Reply, Text

if TYPE_CHECKING:
    from bot.store.records import Records


class Usage:
    """Takes questions about what the bot costs."""

    async def take(self, heard: Heard) -> Step | None:
        """Replies in this place since the month began, and what they cost: nothing, as no model writes them."""
        return (lambda records: _told(heard, records)) if heard.intent.name == "usage" else None


def _told(heard: Heard, records: Records) -> Reply:
    began = heard.turn.at.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    count = records.answers_since(heard.turn.room, began)
    replies = f"{count} {'reply' if count == 1 else 'replies'}"
    said = f"In {heard.turn.at:%B %Y} I have given {replies} here, counted from what I remember of this place."
    cost = "They cost 0 tokens and 0 in money: I compose answers from my sources myself, and call no language model."
    return Reply((Text(f"{said} {cost}"),), "usage")
