"""Undo: takes back what somebody did a short while ago, once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from bot.activities import Heard, Step, Undo, Undoer, do_you_mean
from bot.intents import Ref
from bot.intents.certainty import UNDONE_WITHIN
from bot.intents.sayings import DO_YOU_MEAN
from bot.intents.stakes import does_with
from bot.intents.talk.going_on import told_last
from bot.intents.times.moments import lasting
from bot.reply import Reply, Text

if TYPE_CHECKING:
    from bot.store.records import Records

NOTHING = "There is nothing here that you could undo."
ASKED = f"{DO_YOU_MEAN}undo?"
NOT_DONE = "I have done nothing yet that you could undo: I only asked."
GONE = "That was undone before, or it is too late to undo it."
TOO_LATE = f"It is too late to undo that: it can be undone for {lasting(UNDONE_WITHIN)}."


class Undoes:
    """Takes the wish to undo the last thing, or what a button names."""

    def __init__(self, undoers: Sequence[Undoer]) -> None:
        """`undoers` are the activities whose changes can be undone."""
        self._undoes: Mapping[str, Undo] = {what: undo for one in undoers for what, undo in one.undoes.items()}

    async def take(self, heard: Heard) -> Step | None:
        """The step that undoes it."""
        if heard.intent.name != "undo":
            return None
        return lambda records: self._undo(heard, records)

    def _undo(self, heard: Heard, records: Records) -> Reply:
        if does_with(heard.intent) != "act" and records.undoing.holds(heard.turn):
            return do_you_mean(heard, "Undo", "undo")
        named = heard.intent.value.number if isinstance(heard.intent.value, Ref) else None
        told = told_last(heard.scene)
        if named is None and DO_YOU_MEAN in told and ASKED not in told:
            return _private(NOT_DONE)
        found = records.undoing.take(heard.turn, named)
        if found is None:
            return _private(NOTHING if named is None else GONE)
        if found.at + UNDONE_WITHIN <= heard.turn.at:
            return _private(TOO_LATE)
        return self._undoes[found.what](heard, found.before, records)


def _private(said: str) -> Reply:
    return Reply((Text(said),), "undo", private=True)
