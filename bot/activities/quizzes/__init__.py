"""Quizzes: one question or a round of several, alone in private or together in a room, with hints and explanations.

`single` and `alone` hold what one person does, `together` what a room does, `standings` the leaderboard.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from bot import shelf as scripts
from bot.activities import Chore, Drawer, Heard, Retraction, Step, do_you_mean, script_meant
from bot.activities.quizzes import alone, single, standings, together
from bot.activities.quizzes.choosing import names_topic
from bot.intents import Attempt, RoundAction, RoundOrder, sayings
from bot.intents.stakes import does_with
from bot.reply import Reply
from bot.store import ROUND

if TYPE_CHECKING:
    from bot.shelf import Shelf
    from bot.store.records import Records


class Quizzes:
    """Takes what is said about quizzes: starting, answering, hints, skipping, rounds, the leaderboard."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    @property
    def chores(self) -> Mapping[str, Chore]:
        """Nothing comes due."""
        return {}

    @property
    def drawers(self) -> Mapping[str, Drawer]:
        """The message of a round in a room."""
        return {ROUND: lambda records, number, room: together.draw_round(self._shelf, records, number)}

    @property
    def retractions(self) -> Mapping[str, Retraction]:
        """A round that nobody can see is not open."""
        return {ROUND: together.retract}

    async def take(self, heard: Heard) -> Reply | Step | None:
        """The step that the quiz takes."""
        match heard.intent.value:
            case RoundOrder():
                return self._ordered(heard, heard.intent.value)
            case Attempt(round=place) if place is not None:
                return lambda records: together.answer(heard, self._shelf, records)
        match heard.intent.name:
            case "quiz_start":
                return self._start(heard)
            case "quiz_answer":
                return lambda records: single.answer(heard, self._shelf, records)
            case "quiz_hint":
                return lambda records: single.hint(heard, self._shelf, records)
            case "quiz_skip" if heard.scene.quiz is not None and does_with(heard.intent) != "act":
                return do_you_mean(heard, "Skip the question and see its answer", sayings.skip(heard.scene.quiz.id))
            case "quiz_skip":
                return lambda records: single.skip(heard, self._shelf, records)
            case "leaderboard":
                return partial(standings.standings, heard)
            case _:
                return None

    def _start(self, heard: Heard) -> Reply | Step:
        script = script_meant(heard, self._shelf, scripts.quizzes)
        if isinstance(script, Reply):
            return script
        return lambda records: single.start(heard, script, self._shelf, records)

    def _ordered(self, heard: Heard, order: RoundOrder) -> Reply | Step:
        shelf = self._shelf
        alone_with_script = order.count is None and not order.together and shelf.named(order.text)
        if order.action == "start" and alone_with_script and not names_topic(order.text, shelf.questions):
            # "Quiz me on DataOps" wants the quiz of that script.
            return self._start(heard)
        if order.action == "start" and order.together and does_with(heard.intent) != "act":
            many = f" with {order.count} question{'' if order.count == 1 else 's'}" if order.count else ""
            asked = f"Start a quiz for everybody{many}"
            return do_you_mean(heard, asked, asked)
        begin = together.start if order.together else alone.start
        steps: Mapping[RoundAction, Callable[[Records], Reply]] = {
            "start": lambda records: begin(heard, order, shelf, records),
            "again": lambda records: alone.again(heard, order, shelf, records),
            "show": lambda records: together.show(heard, order, shelf, records),
            "reveal": lambda records: together.reveal(heard, order, shelf, records),
            "next": lambda records: together.go_on(heard, order, shelf, records),
            "end": lambda records: together.end(heard, order, shelf, records),
            "join": partial(standings.join, heard),
            "leave": partial(standings.leave, heard),
        }
        return steps[order.action]
