"""Stop: leaves what is open for this person, and says what stays open for others."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.activities import Heard, Step
from bot.intents.sayings import close_poll
from bot.reply import Choice, Choices, Part, Reply, Text
from bot.store import Poll
from bot.turn import Person

if TYPE_CHECKING:
    from bot.store.records import Records


class Stop:
    """Takes requests to stop."""

    async def take(self, heard: Heard) -> Reply | Step | None:
        """The end of the person's quiz; a poll belongs to everybody and is not closed in passing."""
        if heard.intent.name != "stop":
            return None
        if heard.scene.quiz is not None:
            return lambda records: _stop_quiz(heard, records)
        if heard.scene.poll is not None:
            return Reply(_left_open(heard.scene.poll, heard.turn.person), "stop")
        return Reply((Text("Nothing is open that I could stop. I am here when you need me."),), "stop")


def _stop_quiz(heard: Heard, records: Records) -> Reply:
    run = records.quizzes.open_run(heard.turn.person, heard.turn.at)
    if run is not None:
        records.quizzes.keep(replace(run, outcome="stopped"))
    return Reply((Text("The quiz is stopped. Say “quiz me” to take it again."),), "stop", private=True)


def _left_open(poll: Poll, person: Person) -> tuple[Part, ...]:
    if not person.moderator:
        return (Text("All right. The poll here stays open: a moderator closes it."),)
    said = Text(f"All right. The poll “{poll.question}” stays open until you close it.")
    return said, Choices((Choice("Close the poll", close_poll(poll.id)),))
