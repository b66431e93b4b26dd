"""Privacy: what is stored about a person, for how long, and its deletion."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.activities import Chore, Drawer, Heard, Step
from bot.intents import Confirmed, sayings
from bot.reply import Choice, Choices, Reply, Text
from bot.store import RETENTION, Due, Kept
from bot.turn import Room

if TYPE_CHECKING:
    from bot.store.records import Records

_DELETION = re.compile(r"\b(?:delete|erase|remove|wipe|forget|clear|purge|drop|destroy|get rid of|gdpr)\b", re.I)
# What is not deleted with somebody's data, and why.
STAYS = (
    "Polls, rounds and questions that you opened for all, and templates and schedules that you made, stay: others take "
    "part in them and use them. They do not say whose they are; a moderator of the place can close or delete them."
)
# So often what has become old is deleted, while the bot runs.
EVERY = timedelta(days=1)
SURE = Choices((Choice("Delete it", sayings.FORGET_ME), Choice("Keep it", sayings.KEEP_ME)))


class Privacy:
    """Takes questions about one's own data, and the wish to have it deleted."""

    def __init__(self, retention_days: int, model: str = "") -> None:
        """`model` is the language model that answers may be written by, if there is one."""
        self._days = retention_days
        self._model = model

    @property
    def chores(self) -> Mapping[str, Chore]:
        """The deletion of what has become old."""
        return {RETENTION: self._delete_again}

    @property
    def drawers(self) -> Mapping[str, Drawer]:
        """None: nothing that stands is about one person."""
        return {}

    async def take(self, heard: Heard) -> Reply | Step | None:
        """What is kept; deletion only after a question back."""
        if heard.intent.name != "privacy":
            return None
        match heard.intent.value:
            case Confirmed(yes=True):
                return lambda records: _forget(heard, records)
            case Confirmed():
                return Reply((Text("Nothing was deleted."),), "privacy", private=True)
            case _:
                return lambda records: self._told(heard, records)

    def _delete_again(self, records: Records, due: Due, now: datetime) -> None:
        delete_old(records, self._days, now)

    def _told(self, heard: Heard, records: Records) -> Reply:
        kept = records.kept(heard.turn.person)
        held = f"About you I hold {_counted(kept)}."
        if _DELETION.search(heard.turn.words):
            said = f"{held} {STAYS} {sayings.SHALL_I_DELETE}"
            return Reply((Text(said), SURE), "privacy", private=True, continues=True)
        why = (
            "I keep what you say to follow a talk and votes to count them; what you say is "
            f"deleted after {self._days} days."
        )
        where = f"All of it stays in my own database; {self._told_whom()}"
        shown = "A question that my sources do not cover is shown to those who write them, without your name."
        shown += (
            " Moderators are shown what is asked most often, without names, and what is replied to posted questions, "
            "without names unless they ask for them."
        )
        seen = sees(heard.turn.room)
        said = " ".join(filter(None, (held, why, where, seen, shown, "Say “delete my data” to have it deleted.")))
        return Reply((Text(said),), "privacy", private=True)

    def _told_whom(self) -> str:
        if not self._model:
            return "nothing is sent to a language model or to anybody else."
        return (
            f"to have an answer written, your question and the talk before it may be sent to a language model "
            f"({self._model}), and nothing to anybody else."
        )


def delete_old(records: Records, retention_days: int, now: datetime) -> None:
    """Delete what was said more than so many days ago, and have that done again in time."""
    records.purge(now - timedelta(days=retention_days))
    records.due.set(RETENTION, 0, now + EVERY)


def sees(room: Room) -> str:
    """What the bot can see of what is said in a room of many; nothing needs to be said of a private talk."""
    if room.private:
        return ""
    if room.overheard:
        return "Here I receive every message; what is not meant for me is neither answered nor kept."
    return "Here I see only what mentions me, and what is pressed, or said by a command."


def _counted(kept: Sequence[Kept]) -> str:
    if not kept:
        return "nothing"
    *others, last = map(str, kept)
    return f"{', '.join(others)} and {last}" if others else last


def _forget(heard: Heard, records: Records) -> Reply:
    records.forget(heard.turn.person)
    said = (
        "Done: your messages, quizzes, opinions, replies to posted questions, drafts and votes in open polls are "
        "deleted, and you are on no leaderboard and in no place's list of moderators. "
        f"Closed polls keep their counts, without you. {STAYS}"
    )
    return Reply((Text(said),), "privacy", private=True, remembered=False)
