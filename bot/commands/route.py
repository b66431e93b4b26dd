"""`route`: which activity would take an utterance, the value that its words name, and what would be done."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import click

from bot import shelf as scripts
from bot.commands.answers import LineError, read_history, read_identifier, read_object, write_record
from bot.commands.contexts import Context, Stage, stage_of
from bot.commands.start import open_library, start, understand
from bot.intents import Attempt, Begun, Drafted, Intent, Order, Pick, Vote
from bot.intents.amounts.estimates import Spend, estimate
from bot.intents.certainty import Certainty, Does
from bot.intents.polls.drafts import unread_of_poll
from bot.intents.quizzes.grading import grade
from bot.intents.quizzes.judging import grade_question
from bot.intents.quizzes.shares import read_claim
from bot.intents.stakes import does_with
from bot.store import Draft, Scene
from knowledge.answer import Message
from knowledge.script import Quiz, Script

if TYPE_CHECKING:
    from bot.intents.understanding import Understanding


@click.command()
@click.option("--jsonl", is_flag=True, help="One JSON object a line, in and out: the only form that there is.")
def route(jsonl: bool) -> None:
    """Say which activity would take each utterance on standard input.

    Example: echo '{"id": 1, "utterance": "quiz me"}' | finops-bot route --jsonl
    """
    settings = start()
    library = open_library(settings)
    router = Router(understand(library, settings), library.scripts[0], settings.timezone)
    for line in sys.stdin.buffer:
        if line.strip():
            write_record(_routed(router, line))


@dataclass(frozen=True)
class Routed:
    """What an utterance is taken for, with its value as JSON holds it, and what would be done.

    `unread` is what was not understood of a poll that is to be opened, None where none is.
    """

    intent: Intent
    value: Any
    does: Does
    unread: tuple[str, ...] | None = None

    @property
    def certainty(self) -> Certainty:
        """How sure that is."""
        return self.intent.certainty

    @property
    def told(self) -> str:
        """All of it on one line."""
        more = f" unread {list(self.unread)}" if self.unread else ""
        return f"[{self.intent.name}, {self.certainty}, {self.does}] {json.dumps(self.value, ensure_ascii=False)}{more}"


@dataclass(frozen=True)
class Router:
    """Routes utterances with the elements of one script open, or none; `zone` is that of moments in them."""

    understanding: Understanding
    script: Script
    zone: str = "UTC"

    def route(
        self,
        utterance: str,
        context: Context = None,
        at: datetime | None = None,
        history: Sequence[Message] = (),
    ) -> Routed:
        """What `utterance` is taken for, said at that moment after that talk. Raises ValueError for no context."""
        asked = next((message.content for message in reversed(history) if message.role == "user"), None)
        before = self.understanding.intent(asked, Scene()).name if asked else None
        stage = stage_of(context, self.script, history, before)
        understanding = self.understanding.asking(stage.quiz) if stage.quiz else self.understanding
        at = at or datetime.now(UTC)
        intent = understanding.intent(utterance, stage.scene, at, self.zone)
        done = does_with(intent, stage.scene.poll)
        if isinstance(intent.value, Drafted):
            return _drafted(intent, intent.value, at, done)
        if intent.name == "poll_start" and not isinstance(intent.value, Order | Pick | Begun):
            unread = unread_of_poll(utterance, at, self.zone)
            return Routed(intent, None, "ask" if unread else done, unread)
        if intent.name == "poll_answer" and isinstance(context, Mapping):
            return Routed(intent, {"votes": _votes(intent, done)}, done)
        if isinstance(intent.value, Begun) or (isinstance(intent.value, Order) and intent.value.action == "new"):
            # "make a poll": what about is asked.
            done = "ask"
        return Routed(intent, self._value(intent, utterance, stage), done)

    def _value(self, intent: Intent, utterance: str, stage: Stage) -> Any:
        poll = stage.scene.poll
        match intent.value:
            case Vote(option):
                return _at(option, poll.options) if poll else None
            case Attempt():
                return self._answered(intent.value, utterance, stage)
            case Pick(number) if intent.name == "benefits" and number is not None:
                return {"benefit": number}
            case Spend():
                return self._estimated(intent.value)
            case _:
                return None

    def _answered(self, attempt: Attempt, utterance: str, stage: Stage) -> Mapping[str, Any] | None:
        quiz, claim = stage.quiz, attempt.claim
        if quiz is None:
            return self._graded(attempt)
        told = {"percent": claim.percent if claim else None}
        if not quiz.answer:
            return {"grade": None, "option": attempt.option} | told
        if attempt.option is None and quiz.relation is not None and quiz.percent is not None:
            return {"grade": grade(claim, quiz.relation, quiz.percent)} | told
        return {"grade": grade_question(quiz, utterance, attempt.option)} | told

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
            "period": spend.period if spend.period in ("month", "year") else None,
            "currency": spend.currency,
        }
        found = scripts.slider(self.script)
        maximum = Decimal(str(found[1].maximum)) if found else None
        made = estimate(spend, maximum) if spend.amount is not None and maximum is not None else None
        saving = _number(made.saving if made else None)
        if spend.rate is None or (maximum is not None and spend.rate > maximum):
            return value | {"max_saving": saving}
        return value | {"rate": float(spend.rate), "saving": saving}


def _drafted(intent: Intent, own: Drafted, at: datetime, done: Does) -> Routed:
    """A poll that is to be opened: its draft, which is only shown where not all of it was understood."""
    draft = own.draft
    if draft is None or own.wrong:
        return Routed(intent, _written(draft, at) if draft else None, "ask", draft.unread if draft else ())
    return Routed(intent, _written(draft, at), "preview" if draft.unread else done, draft.unread)


def _votes(intent: Intent, done: Does) -> list[int]:
    """The places from 1 of the options that would be counted."""
    vote = intent.value
    return [vote.option, *vote.also] if isinstance(vote, Vote) and done == "act" else []


def _written(draft: Draft, at: datetime) -> Mapping[str, Any]:
    """A draft as JSON holds it, for a poll that is opened at that moment."""
    closes = draft.until if draft.lasts is None else at + draft.lasts
    return {
        "question": draft.question,
        "options": list(draft.options),
        "several": draft.several,
        "anonymous": draft.anonymous,
        "hidden": draft.hidden,
        "closes": None if closes is None else closes.isoformat(),
        "remind_minutes": None if draft.remind is None else draft.remind.total_seconds() / 60,
        "repeats": draft.rule,
    }


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
        at, history = _moment(record, identifier), read_history(record, identifier)
        try:
            found = router.route(record["utterance"], record.get("context"), at, history)
        except ValueError as error:
            raise LineError(str(error), identifier) from error
    except LineError as error:
        return {"id": error.id, "error": str(error)}
    told = {
        "id": identifier,
        "intent": found.intent.name,
        "value": found.value,
        "certainty": found.certainty,
        "does": found.does,
    }
    return told if found.unread is None else told | {"unread": list(found.unread)}


def _moment(record: Mapping[str, Any], identifier: str | int | float) -> datetime | None:
    """When a line was said; None where it names no moment: the present one is meant. Raises LineError."""
    told = record.get("at")
    if told is None:
        return None
    try:
        at = datetime.fromisoformat(told)
    except (TypeError, ValueError) as error:
        raise LineError(
            '"at" must be a moment as in ISO 8601, such as 2026-11-28T10:00:00+00:00', identifier
        ) from error
    return at if at.tzinfo else at.replace(tzinfo=UTC)
