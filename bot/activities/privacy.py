"""Privacy: what is stored about a person, for how long, and its deletion."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.activities import Heard, Step
from bot.intents import Confirmed, sayings
from bot.reply import Choice, Choices, Reply, Text
from bot.store import Kept
from bot.turn import Room

if TYPE_CHECKING:
    from bot.store.records import Records

_DELETION = re.compile(r"\b(?:delete|erase|remove|wipe|forget|clear|purge|drop|destroy|get rid of|gdpr)\b", re.I)
SURE = Choices((Choice("Delete it", sayings.FORGET_ME), Choice("Keep it", sayings.KEEP_ME)))


class Privacy:
    """Takes questions about one's own data, and the wish to have it deleted."""

    def __init__(self, retention_days: int, model: str = "") -> None:
        """`model` is the language model that answers may be written by, if there is one."""
        self._days = retention_days
        self._model = model

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

    def _told(self, heard: Heard, records: Records) -> Reply:
        kept = records.kept(heard.turn.person)
        held = f"About you I hold {_counted(kept)}."
        if _DELETION.search(heard.turn.words):
            said = f"{held} {sayings.SHALL_I_DELETE}"
            return Reply((Text(said), SURE), "privacy", private=True, continues=True)
        why = f"I keep them to follow a talk and to count votes; messages are deleted after {self._days} days."
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


def sees(room: Room) -> str:
    """What the bot can see of what is said in a room of many; nothing needs to be said of a private talk."""
    if room.private:
        return ""
    if room.overheard:
        return "Here I receive every message; what is not meant for me is neither answered nor kept."
    return "Here I see only what mentions me, and what is pressed, or said by a command."


def _counted(kept: Kept) -> str:
    counts = (
        (kept.messages, "message", "messages"),
        (kept.votes, "vote", "votes"),
        (kept.quizzes, "quiz", "quizzes"),
        (kept.feedback, "opinion on an answer", "opinions on answers"),
        (kept.replies, "reply to a posted question", "replies to posted questions"),
    )
    said = [f"{count} {one if count == 1 else many}" for count, one, many in counts]
    if kept.leaderboards:
        said.append(f"your name in {kept.leaderboards} leaderboard{'' if kept.leaderboards == 1 else 's'}")
    return f"{', '.join(said[:-1])} and {said[-1]}"


def _forget(heard: Heard, records: Records) -> Reply:
    records.forget(heard.turn.person)
    said = (
        "Done: your messages, quizzes, opinions, replies to posted questions and votes in open polls are deleted, and "
        "you are on no leaderboard. "
        "Closed polls keep their counts, without you."
    )
    return Reply((Text(said),), "privacy", private=True, remembered=False)
