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
from bot.markup.marks import as_written
from bot.reply import Reply, Text
from bot.store import Undoable

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
        named = heard.intent.value.number if isinstance(heard.intent.value, Ref) else None
        told, last = told_last(heard.scene), records.undoing.last(heard.turn)
        is_plain = does_with(heard.intent) == "act"
        # A yes to that question, or its button, says no more than "undo" again.
        asked = named is not None or ASKED in told
        if is_plain and not asked and DO_YOU_MEAN in told:
            return _private(NOT_DONE)
        if last is not None and (not is_plain or (not asked and _is_older(last, heard))):
            poll = records.polls.find(last.before["poll"], heard.turn.room) if "poll" in last.before else None
            return do_you_mean(heard, "Undo", "undo", about=as_written(poll.question) if poll else "")
        found = records.undoing.take(heard.turn, named)
        if found is None:
            return _private(NOTHING if named is None else GONE)
        if found.at + UNDONE_WITHIN <= heard.turn.at:
            return _private(TOO_LATE)
        return self._undoes[found.what](heard, found.before, records)


def _is_older(last: Undoable, heard: Heard) -> bool:
    """Whether something else was said since, or is open now, so that this is perhaps not meant; it is not too late."""
    scene = heard.scene
    elsewhere = scene.poll is not None and last.before.get("poll", scene.poll.id) != scene.poll.id
    since = scene.told_at is not None and scene.told_at > last.at
    return (elsewhere or since) and last.at + UNDONE_WITHIN > heard.turn.at


def _private(said: str) -> Reply:
    return Reply((Text(said),), "undo", private=True)
