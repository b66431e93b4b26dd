"""Places: the settings of a channel or a talk. Everybody may see them, moderators may change them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.activities import Heard, Step
from bot.intents import sayings
from bot.intents.moments import known_zone
from bot.reply import Choice, Choices, Reply, Text
from knowledge.script import Script

if TYPE_CHECKING:
    from bot.shelf import Shelf
    from bot.store.records import Records


FOR_MODERATORS = "Only moderators can change the settings of this place."
_ZONE = re.compile(r"\btime ?zone\b(?: of this (?:place|channel|room))?(?: is| to| =|:)* ([\w/+-]{2,40})", re.I)


class Places:
    """Takes requests for the settings of a place."""

    def __init__(self, shelf: Shelf, zone: str = "UTC") -> None:
        """`zone` is the time zone of places that have none of their own."""
        self._shelf = shelf
        self._zone = zone

    async def take(self, heard: Heard) -> Reply | Step | None:
        """The settings, or the change of one."""
        if heard.intent.name != "settings":
            return None
        if named_zone := _ZONE.search(heard.turn.words):
            return self._use_zone(heard, named_zone[1])
        wanted = self._shelf.get(heard.pick.script or "")
        named = self._shelf.named(heard.turn.words) if wanted is None else (wanted,)
        if len(named) == 1 and named[0] is not self._shelf.current(heard.scene.script):
            return self._change(heard, named[0])
        return self._told(heard)

    def _change(self, heard: Heard, script: Script) -> Reply | Step:
        if not _may_change(heard):
            return Reply((Text(FOR_MODERATORS),), "settings", private=True)
        return lambda records: _use(heard, script, records)

    def _use_zone(self, heard: Heard, said: str) -> Reply | Step:
        if not _may_change(heard):
            return Reply((Text(FOR_MODERATORS),), "settings", private=True)
        if (zone := known_zone(said)) is None:
            told = f"I know no time zone “{said}”. Name one like this: “time zone Europe/Berlin”."
            return Reply((Text(told),), "settings", private=True)
        return lambda records: _keep_zone(heard, zone, records)

    def _told(self, heard: Heard) -> Reply:
        current = self._shelf.current(heard.scene.script)
        zone = heard.scene.zone or self._zone
        said = (
            f"Polls, quizzes and cards here come from “{current.title}”. Moments are read and told in the time zone "
            f"{zone}, unless your platform tells me yours (“time zone Europe/Berlin” changes it)."
        )
        others = [script for script in self._shelf.scripts if script is not current]
        if not others:
            said = f"{said} It is the only script that I have, so there is nothing else to choose."
            return Reply((Text(said),), "settings", private=True)
        choices = tuple(Choice(f"Use “{script.title}”", sayings.use_script(script.slug)) for script in others)
        return Reply((Text(said), Choices(choices)), "settings", private=True)


def _may_change(heard: Heard) -> bool:
    return heard.turn.person.moderator or heard.turn.room.private


def _keep_zone(heard: Heard, zone: str, records: Records) -> Reply:
    records.use_zone(heard.turn.room, zone)
    return Reply((Text(f"From now on moments here are read and told in the time zone {zone}."),), "settings")


def _use(heard: Heard, script: Script, records: Records) -> Reply:
    records.use_script(heard.turn.room, script.slug)
    return Reply((Text(f"From now on polls, quizzes and cards here come from “{script.title}”."),), "settings")
