"""Sharing: a private answer is shown to all in the room where it was given, once, when its person wants that."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING

from bot.activities import Chore, Drawer, Drawn, Heard, Step
from bot.intents import Name
from bot.intents.behaviour import FEATURES
from bot.reply import Choice, Part, Reply, Sources, Text
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
_PRESSED = re.compile(r"share (\d{1,9})", re.ASCII)
# What could become a link, a mention or a format in the words of somebody who is quoted.
_ACTIVE = re.compile(r"[\[\]<>*_`~|\\@#]|\w+://")


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

    async def take(self, heard: Heard) -> Step | None:
        """The answer, for all in the room."""
        if not (pressed := _PRESSED.fullmatch(heard.turn.words.strip())):
            return None
        return partial(_share, heard, int(pressed[1]))


def offered(turn: Turn, reply: Reply, answer: int) -> tuple[Choice, ...]:
    """The choice to share a private answer, by the number under which it is remembered."""
    shareable = reply.private and not turn.room.private and not reply.abstained and reply.activity in SHAREABLE
    return (Choice("share", f"share {answer}"),) if shareable else ()


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
    return _shared(told, number)


def _draw(records: Records, number: int, room: Room) -> Drawn | None:
    told = records.told(number)
    return Drawn(_shared(told, number), final=True) if told else None


def _shared(told: Told, number: int) -> Reply:
    parts: tuple[Part, ...] = (Text(told.content),)
    if told.question:
        asked = " ".join(_ACTIVE.sub(" ", told.question).split())
        short = asked if len(asked) <= LONGEST_QUESTION else f"{asked[:LONGEST_QUESTION].rstrip()}…"
        parts = (Text(f"“{short}”"), *parts)
    if told.sources:
        parts = (*parts, Sources(told.sources, told.numbered))
    return Reply(parts, "question", slot=f"{SLOT}-{number}", remembered=False)


def _private(said: str) -> Reply:
    return Reply((Text(said),), "help", private=True, remembered=False)
