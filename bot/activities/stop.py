"""Stop: leaves what is open for this person, and says what stays open for others."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.activities import Heard, Step
from bot.intents import Confirmed
from bot.intents.sayings import close_poll, round_order
from bot.markup.marks import as_written
from bot.reply import Choice, Choices, Part, Reply, Text
from bot.store import Poll, Round
from bot.turn import Person

if TYPE_CHECKING:
    from bot.store.records import Records


class Stop:
    """Takes requests to stop."""

    async def take(self, heard: Heard) -> Reply | Step | None:
        """The end of the person's quiz; a poll belongs to everybody and is not closed in passing."""
        if heard.intent.name != "stop":
            return None
        if isinstance(heard.intent.value, Confirmed):
            return Reply((Text("All right, I leave it as it is."),), "stop", private=True)
        if heard.scene.quiz is not None:
            return lambda records: _stop_quiz(heard, records)
        if heard.scene.round is not None:
            return _round_left_open(heard.scene.round, heard.turn.person)
        if heard.scene.poll is not None:
            return Reply(_left_open(heard.scene.poll, heard.turn.person), "stop")
        # "That is enough for today" ends a talk where nothing else could end.
        nothing = (
            "Nothing is open that I could stop." if heard.intent.certainty == "said" else "All right, see you later."
        )
        return Reply((Text(f"{nothing} I am here when you need me."),), "stop")


def _stop_quiz(heard: Heard, records: Records) -> Reply:
    run = records.quizzes.open_run(heard.turn.person, heard.turn.at)
    if run is None or run.round is None:
        said = "The quiz is stopped. Say “quiz me” to take it again."
    else:
        said = "The round is stopped. Say “quiz round” to begin another one."
    if run is not None:
        records.quizzes.keep(replace(run, outcome="stopped"))
    records.rounds.end_alone(heard.turn.person, heard.turn.at)
    return Reply((Text(said),), "stop", private=True)


def _round_left_open(held: Round, person: Person) -> Reply:
    if not person.moderator:
        return Reply((Text("The quiz for everybody is still open: a moderator ends it."),), "stop", private=True)
    said = Text("I have ended nothing: the quiz for everybody is open until you end it.")
    ending = Choices((Choice("End the round", round_order("end", held.id)),))
    return Reply((said, ending), "stop", private=True)


def _left_open(poll: Poll, person: Person) -> tuple[Part, ...]:
    if not person.moderator:
        return (Text("The poll here is still open: a moderator closes it."),)
    said = Text(f"I have closed nothing: the poll “{as_written(poll.question)}” is open until you close it.")
    return said, Choices((Choice("Close the poll", close_poll(poll.id)),))
