"""Places: the settings of a channel or a talk. Everybody may see them, moderators may change them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.activities import Heard, Step
from bot.intents import sayings
from bot.reply import Choice, Choices, Reply, Text
from knowledge.script import Script

if TYPE_CHECKING:
    from bot.shelf import Shelf
    from bot.store.records import Records


class Places:
    """Takes requests for the settings of a place."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    async def take(self, heard: Heard) -> Reply | Step | None:
        """The settings, or the change of one."""
        if heard.intent.name != "settings":
            return None
        wanted = self._shelf.get(heard.pick.script or "")
        named = self._shelf.named(heard.turn.words) if wanted is None else (wanted,)
        if len(named) == 1 and named[0] is not self._shelf.current(heard.scene.script):
            return self._change(heard, named[0])
        return self._told(heard)

    def _change(self, heard: Heard, script: Script) -> Reply | Step:
        if not (heard.turn.person.moderator or heard.turn.room.private):
            said = "Only moderators can change the settings of this place."
            return Reply((Text(said),), "settings", private=True)
        return lambda records: _use(heard, script, records)

    def _told(self, heard: Heard) -> Reply:
        current = self._shelf.current(heard.scene.script)
        said = f"Polls, quizzes and cards here come from “{current.title}”."
        others = [script for script in self._shelf.scripts if script is not current]
        if not others:
            said = f"{said} It is the only script that I have, so there is nothing else to choose."
            return Reply((Text(said),), "settings", private=True)
        choices = tuple(Choice(f"Use “{script.title}”", sayings.use_script(script.slug)) for script in others)
        return Reply((Text(said), Choices(choices)), "settings", private=True)


def _use(heard: Heard, script: Script, records: Records) -> Reply:
    records.use_script(heard.turn.room, script.slug)
    return Reply((Text(f"From now on polls, quizzes and cards here come from “{script.title}”."),), "settings")
