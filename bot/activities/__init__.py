"""What people do with the bot: one module for each activity; the first that takes a turn has it."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from bot.intents import Intent, Pick
from bot.intents.sayings import DO_YOU_MEAN, order, show, undo
from bot.intents.times.moments import next_occurrence
from bot.markup.marks import as_written
from bot.reply import Choice, Choices, Form, Reply, Text
from bot.store import Due, Scene, Schedule
from bot.turn import Room, Turn
from knowledge.script import Script

if TYPE_CHECKING:
    from bot.shelf import Holds, Shelf
    from bot.store.records import Records


@dataclass(frozen=True)
class Heard:
    """A turn as it was understood, and what it finds in its room.

    `language` is that of a question (ISO 639-1), "en" where that is not clear; None where nobody has looked.
    """

    turn: Turn
    intent: Intent
    scene: Scene
    language: str | None = None

    @property
    def pick(self) -> Pick:
        """What a button or the words pick; Pick() where they pick nothing."""
        return self.intent.value if isinstance(self.intent.value, Pick) else Pick()


# What remains to be done while the room is held: read, change, reply. It runs in the transaction that also remembers
# the turn, so that either all of it counts or nothing; it must be fast.
Step = Callable[["Records"], Reply]

# A reply that grows: each is in the slot of the one before and begins with its text; the last is the whole.
Growing = AsyncGenerator[Reply, None]


# The places of texts that say about the same, in groups, in each the most typical one first. It takes a while.
Alike = Callable[[Sequence[str]], Sequence[Sequence[int]]]

# Something whose time has come, done in the transaction that takes it from the list: exactly once. The moment is now.
Chore = Callable[["Records", Due, datetime], None]


# What the message of a slot ("poll-12": the slot's kind and number) shows now in a room; None where it is gone.
Drawer = Callable[["Records", int, Room], Reply | None]

# Takes back what was to stand in a slot, and could not be shown in that room; what became of it, as a sentence.
Retraction = Callable[["Records", int, Room], str]


@runtime_checkable
class Keeper(Protocol):
    """What keeps things that come due, or messages that stand."""

    @property
    def chores(self) -> Mapping[str, Chore]:
        """What to do by what is due."""
        ...

    @property
    def drawers(self) -> Mapping[str, Drawer]:
        """What draws a message by the kind of its slot."""
        ...


@runtime_checkable
class Retractor(Protocol):
    """What keeps things that are not there unless people see them."""

    @property
    def retractions(self) -> Mapping[str, Retraction]:
        """What takes a thing back by the kind of its slot."""
        ...


# Undoes what somebody did, given how it was before; the reply says what is now.
Undo = Callable[["Heard", Mapping[str, Any], "Records"], Reply]


@runtime_checkable
class Undoer(Protocol):
    """What changes things that can be undone for a while."""

    @property
    def undoes(self) -> Mapping[str, Undo]:
        """What undoes a change by what it was."""
        ...


def undoable(heard: Heard, what: str, before: Mapping[str, Any], records: Records) -> Choice:
    """What undoes the change that a turn has made, given how it was before."""
    return Choice("Undo", undo(records.undoing.keep(heard.turn, what, before)))


def do_you_mean(heard: Heard, label: str, says: str | None, here: bool = False, about: str = "") -> Reply:
    """Ask whether that is meant, with a button that does it, if a button can say it; nothing is done.

    What is done `here` alone is asked here, and not in a direct talk. What it is `about` stands on a line of its own.
    """
    wanted = label[0].lower() + label[1:]
    said = Text("\n".join(filter(None, (f"{DO_YOU_MEAN}{as_written(wanted)}?", about))))
    parts = (said, Choices((Choice(label, says),))) if says else (said,)
    return Reply(parts, heard.intent.name, private=True, continues=not here)


def drawer_of(slot: str | None, keepers: Sequence[Keeper]) -> Drawer | None:
    """What draws the message of that slot; None where nothing stands in it, such as an answer, which never changes."""
    kind = slot.rpartition("-")[0] if slot else ""
    return next((one.drawers[kind] for one in keepers if kind in one.drawers), None)


@runtime_checkable
class Listener(Protocol):
    """What wants to hear what is said without being addressed to the bot."""

    def wants(self, turn: Turn, records: Records) -> bool:
        """Whether an overheard turn may be of use; it is asked often, and changes nothing."""
        ...

    def overhear(self, turn: Turn, records: Records) -> bool:
        """Take an overheard turn, in the transaction that claims its event; False where it was of no use after all.

        Nothing is replied to it, and nothing else of it is remembered.
        """
        ...


@runtime_checkable
class Former(Protocol):
    """What opens forms. What a form says names it: so a button that opens one lives on, in any process."""

    def form(self, heard: Heard, records: Records) -> Form | None:
        """The form that says the words of a turn, for the person who opens it; None where they say none of its own, or
        may not.
        """
        ...


class Activity(Protocol):
    """Something that people do: it takes a turn, or leaves it to the next."""

    async def take(self, heard: Heard) -> Reply | Step | Growing | None:
        """The reply to a turn, at once or as it grows, or the step that makes it; None if this activity does not take
        the turn.

        Whatever is slow happens here, before the room is held.
        """
        ...


def catch_up(schedule: Schedule, due: Due, now: datetime, records: Records) -> datetime:
    """The last time of a schedule that has come, from the one that is due on; what comes after it is set."""
    at, coming = due.at, _after(schedule, due.at)
    while coming is not None and coming <= now:
        at, coming = coming, _after(schedule, coming)
    records.plans.set_next(schedule.id, schedule.kind, coming)
    return at


# So many things may come again in a place: as many as the list of them shows.
MOST_SCHEDULES = 20


def schedules_full(room: Room, records: Records) -> str | None:
    """What to say where nothing more may come again in a place; None where something may."""
    if len(records.plans.schedules(room)) < MOST_SCHEDULES:
        return None
    return f"{MOST_SCHEDULES} things come again here: say “schedules” to see them, and end one before you add another."


def stop_repeating(schedule: int) -> Choice:
    """What ends the recurrence of that number."""
    return Choice(f"Stop repeating {schedule}", order("end", schedule))


def _after(schedule: Schedule, at: datetime) -> datetime | None:
    return next_occurrence(schedule.rule, schedule.first, at, schedule.zone)


def script_meant(heard: Heard, shelf: Shelf, holds: Holds) -> Script | Reply:
    """The script that a turn is about, among those that hold something: the one that a button or its words name, else
    the place's current one. Where several fit, or none, the reply says so, with the scripts to choose from.
    """
    name = heard.intent.name
    named = shelf.get(heard.pick.script or "")
    found = (named,) if named else shelf.fitting(heard.turn.words, heard.scene.place.script, holds)
    fitting = [script for script in found if holds(script)]
    if len(fitting) == 1:
        return fitting[0]
    if not fitting:
        return Reply((Text("None of my scripts has that. Say “help” to see what I can do."),), name, abstained=True)
    choices = tuple(Choice(script.title, show(name, script.slug)) for script in fitting)
    return Reply((Text("Which one do you mean?"), Choices(choices)), name)


def shown_of(heard: Heard, shelf: Shelf, holds: Holds) -> Script | Reply | None:
    """The script of which something is shown, as `script_meant` finds it; None where none has it, so that the words are
    looked up.
    """
    meant = script_meant(heard, shelf, holds)
    return None if isinstance(meant, Reply) and meant.abstained else meant
