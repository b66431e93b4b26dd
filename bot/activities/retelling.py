"""Retelling: what was told last is told again, or one thing of its list, or where it comes from."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from bot.activities import Heard, Step
from bot.intents import Retelling
from bot.markup.marks import as_written
from bot.reply import Part, Reply, Sources, Text
from knowledge.provenance import NO_SOURCE, NO_SOURCES, NO_SPEAKER

if TYPE_CHECKING:
    from bot.store.records import Records

_GROUNDS = "I have that from here, and from nowhere else."
_NO_GROUNDS = "What I told you last is from me, and rests on none of my sources."


class Retellings:
    """Takes "again", "what did you say?", "the third one" and "says who?"."""

    async def take(self, heard: Heard) -> Step | None:
        """What was told last to this person here, with its sources."""
        value = heard.intent.value
        if not isinstance(value, Retelling):
            return None
        return partial(_grounds, heard) if value.grounds else partial(_retell, heard, value.item)


def _grounds(heard: Heard, records: Records) -> Reply:
    told = records.told_last(heard.turn)
    if told is None or not told.sources:
        return Reply((Text(_NO_GROUNDS),), "question", remembered=False)
    lacking = [note for note in (NO_SOURCE, NO_SOURCES, NO_SPEAKER) if note in told.content]
    return Reply((Text(" ".join((_GROUNDS, *lacking))), Sources(told.sources)), told.activity, remembered=False)


def _retell(heard: Heard, item: str, records: Records) -> Reply:
    told = records.told_last(heard.turn)
    if told is None:
        return Reply((Text("I have told you nothing here yet that I could tell again."),), "question")
    parts: tuple[Part, ...] = (Text(as_written(item or told.content)),)
    if told.sources:
        parts += (Sources(told.sources, told.numbered),)
    return Reply(parts, told.activity)
