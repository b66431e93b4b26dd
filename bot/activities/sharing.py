"""Sharing: a private answer is shown to all in the room where it was given, once, when its person wants that."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from bot.activities import Chore, Drawer, Heard, Retraction, Step
from bot.intents import Name
from bot.intents.behaviour import FEATURES
from bot.markup.marks import as_written
from bot.markup.visible import cut
from bot.reply import Choice, Choices, Part, Reply, Sources, Text
from bot.turn import Room, Turn

if TYPE_CHECKING:
    from bot.store import Told
    from bot.store.records import Records

SLOT = "shared"
# What is the same for everybody, and about nobody.
SHAREABLE = frozenset[Name]({"question"}).union(
    *(FEATURES[name].begins for name in ("benefits", "savings", "excerpts", "descriptions"))
)
LONGEST_QUESTION = 200
NOT_SHARED = "So nothing is shared."
SOMEBODY = "Somebody here"  # shared by an earlier version, which kept no name
_PRESSED = re.compile(r"share (\d{1,9})", re.ASCII)


class Sharing:
    """Takes the wish to share an answer."""

    @property
    def chores(self) -> Mapping[str, Chore]:
        """None."""
        return {}

    @property
    def drawers(self) -> Mapping[str, Drawer]:
        """What was shared; it does not change any more."""
        return {SLOT: _draw}

    @property
    def retractions(self) -> Mapping[str, Retraction]:
        """What could not be shown is not shared, and can be again."""
        return {SLOT: lambda records, number, room: NOT_SHARED}

    async def take(self, heard: Heard) -> Step | None:
        """The answer, for all in the room."""
        if not (pressed := _PRESSED.fullmatch(heard.turn.words.strip())):
            return None
        return partial(_share, heard, int(pressed[1]))


def remembered(turn: Turn, reply: Reply) -> Reply:
    """The reply as it is kept: of one that can be shared only what tells something, without what could be pressed."""
    if not _is_shareable(turn, reply):
        return reply
    return replace(reply, parts=tuple(one for one in reply.parts if not isinstance(one, Choices) or one.listed))


def offered(turn: Turn, reply: Reply, answer: int) -> tuple[Choice, ...]:
    """The choice to share a private answer, by the number under which it is remembered."""
    return (Choice("share", f"share {answer}"),) if _is_shareable(turn, reply) else ()


def _is_shareable(turn: Turn, reply: Reply) -> bool:
    return reply.private and not turn.room.private and not reply.abstained and reply.activity in SHAREABLE


def _share(heard: Heard, number: int, records: Records) -> Reply:
    turn = heard.turn
    told = records.told(number, turn)
    if told is None or told.activity not in SHAREABLE:
        return _private("I have no answer of mine to you here that could be shared.")
    if heard.scene.round is not None and not heard.scene.round.revealed:
        return _private("A quiz is open here: share the answer after it.")
    slot = f"{SLOT}-{number}"
    if records.posts.of_slot(slot):
        return _private("It is shared here already.")
    records.posts.put_by_reply(turn.room, slot, turn.at)
    records.shared(number, turn.person.name)
    return _shared(replace(told, shared_by=turn.person.name), number)


def _draw(records: Records, number: int, room: Room) -> Reply | None:
    told = records.told(number)
    return _shared(told, number) if told else None


def _shared(told: Told, number: int) -> Reply:
    """The answer with its question, its sources and who shares it."""
    who = as_written(told.shared_by) or SOMEBODY
    said = f"{who} shares this:"
    if told.question:
        said = f"{who} asked “{as_written(cut(told.question, LONGEST_QUESTION))}” and shares the answer:"
    parts: tuple[Part, ...] = (Text(said), Text(told.content))
    if told.sources:
        parts = (*parts, Sources(told.sources, told.numbered))
    return Reply(parts, "question", slot=f"{SLOT}-{number}", remembered=False)


def _private(said: str) -> Reply:
    return Reply((Text(said),), "help", private=True, remembered=False)
