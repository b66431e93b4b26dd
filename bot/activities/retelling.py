"""Retelling: what was told last is told again, or one thing of its list."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from bot.activities import Heard, Step
from bot.intents import Retelling
from bot.markup.marks import as_written
from bot.reply import Part, Reply, Sources, Text

if TYPE_CHECKING:
    from bot.store.records import Records


class Retellings:
    """Takes "again", "what did you say?" and "the third one"."""

    async def take(self, heard: Heard) -> Step | None:
        """What was told last to this person here, with its sources."""
        value = heard.intent.value
        return partial(_retell, heard, value.item) if isinstance(value, Retelling) else None


def _retell(heard: Heard, item: str, records: Records) -> Reply:
    told = records.told_last(heard.turn)
    if told is None:
        return Reply((Text("I have told you nothing here yet that I could tell again."),), "question")
    parts: tuple[Part, ...] = (Text(as_written(item or told.content)),)
    if told.sources:
        parts += (Sources(told.sources, told.numbered),)
    return Reply(parts, told.activity)
