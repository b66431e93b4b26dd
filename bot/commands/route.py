"""`route`: which activity would take an utterance, and the value that its words name; nothing is done."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import click

from bot import shelf as scripts
from bot.commands.answers import LineError, read_identifier, read_object, write_record
from bot.commands.start import open_library, start, understand
from bot.intents import Attempt, Intent, Pick, Vote
from bot.intents.asked import POLL, QUIZ
from bot.intents.estimates import Spend, estimate
from bot.intents.grading import grade
from bot.intents.shares import read_claim
from bot.store import Poll, QuizRun, Scene
from knowledge.script import Quiz, Script

if TYPE_CHECKING:
    from bot.intents.understanding import Understanding

CONTEXTS = (None, QUIZ, POLL)
BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)


@click.command()
@click.option("--jsonl", is_flag=True, required=True, help="Utterances from standard input, one JSON object a line.")
def route(jsonl: bool) -> None:
    """Say which activity would take each utterance on standard input.

    Example: echo '{"id": 1, "utterance": "quiz me"}' | finops-bot route --jsonl
    """
    settings = start()
    library = open_library(settings)
    router = Router(understand(library, settings), library.scripts[0])
    for line in sys.stdin.buffer:
        if line.strip():
            write_record(_routed(router, line))


@dataclass(frozen=True)
class Router:
    """Routes utterances with the elements of one script open, or none."""

    understanding: Understanding
    script: Script

    def route(self, utterance: str, context: str | None) -> tuple[Intent, Any]:
        """The intent, and its value as JSON holds it."""
        scene = self._scene(context)
        intent = self.understanding.intent(utterance, scene)
        return intent, self._value(intent, scene)

    def _scene(self, context: str | None) -> Scene:
        if context == POLL and (polls := scripts.polls(self.script)):
            _, poll = polls[0]
            return Scene(poll=Poll(1, poll.question, poll.options, BEGINNING))
        if context == QUIZ and (quizzes := scripts.quizzes(self.script)):
            section, _ = quizzes[0]
            return Scene(quiz=QuizRun(1, self.script.slug, section.slug, BEGINNING))
        return Scene()

    def _value(self, intent: Intent, scene: Scene) -> Any:
        match intent.value:
            case Vote(option):
                return _at(option, scene.poll.options) if scene.poll else None
            case Attempt():
                return self._graded(intent.value)
            case Pick(number) if intent.name == "benefits" and number is not None:
                return {"benefit": number}
            case Spend():
                return self._estimated(intent.value)
            case _:
                return None

    def _graded(self, attempt: Attempt) -> Mapping[str, Any] | None:
        quizzes = scripts.quizzes(self.script)
        if not quizzes:
            return None
        quiz: Quiz = quizzes[0][1]
        claim = attempt.claim
        if attempt.option is not None:
            chosen = _at(attempt.option, scripts.quiz_options(quiz))
            claim = read_claim(chosen) if chosen else None
        if quiz.relation is None or quiz.percent is None:
            return {"grade": "no_answer", "percent": None}
        return {"grade": grade(claim, quiz.relation, quiz.percent), "percent": claim.percent if claim else None}

    def _estimated(self, spend: Spend) -> Mapping[str, Any]:
        value: dict[str, Any] = {
            "spend": _number(spend.amount),
            "period": spend.period,
            "currency": spend.currency,
        }
        found = scripts.slider(self.script)
        maximum = Decimal(str(found[1].maximum)) if found else None
        made = estimate(spend, maximum) if spend.amount is not None and maximum is not None else None
        saving = _number(made.saving if made else None)
        if spend.rate is None or (maximum is not None and spend.rate > maximum):
            return value | {"max_saving": saving}
        return value | {"rate": float(spend.rate), "saving": saving}


def _at(place: int, options: Sequence[str]) -> str | None:
    """The option at a place from 1."""
    return options[place - 1] if 1 <= place <= len(options) else None


def _number(amount: Decimal | None) -> int | float | None:
    """A number as JSON writes it: whole where it is whole, with two decimals at most."""
    if amount is None:
        return None
    rounded = round(amount, 2)
    return int(rounded) if rounded == int(rounded) else float(rounded)


def _routed(router: Router, line: bytes) -> dict[str, Any]:
    try:
        record = read_object(line)
        identifier = read_identifier(record)
        if not isinstance(record.get("utterance"), str):
            raise LineError('"utterance" must be a string', identifier)
        context = record.get("context")
        if context not in CONTEXTS:
            raise LineError('"context" must be null, "quiz_open" or "poll_open"', identifier)
    except LineError as error:
        return {"id": error.id, "error": str(error)}
    intent, value = router.route(record["utterance"], context)
    return {"id": identifier, "intent": intent.name, "value": value}
