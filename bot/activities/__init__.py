"""What people do with the bot: one module for each activity; the first that takes a turn has it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from bot.intents import Intent, Name
from bot.intents.sayings import show
from bot.reply import Choice, Choices, Reply, Text
from bot.store import Scene
from bot.turn import Turn
from knowledge.script import Script

if TYPE_CHECKING:
    from bot.store.records import Records


@dataclass(frozen=True)
class Heard:
    """A turn as it was understood, and what it finds in its room."""

    turn: Turn
    intent: Intent
    scene: Scene


# What remains to be done while the room is held: read, change, reply. It runs in the transaction that also remembers
# the turn, so that either all of it counts or nothing; it must be fast.
Step = Callable[["Records"], Reply]


class Activity(Protocol):
    """Something that people do: it takes a turn, or leaves it to the next."""

    async def take(self, heard: Heard) -> Reply | Step | None:
        """The reply to a turn, or the step that makes it; None if this activity does not take the turn.

        Whatever is slow happens here, before the room is held.
        """
        ...


def which_script(fitting: Sequence[Script], name: Name, activity: str) -> Reply:
    """The question back where several scripts fit, or that none does."""
    if not fitting:
        return Reply((Text("None of my scripts has that. Say “help” to see what I can do."),), activity, abstained=True)
    choices = tuple(Choice(script.title, show(name, script.slug)) for script in fitting)
    return Reply((Text("Which one do you mean?"), Choices(choices)), activity)
