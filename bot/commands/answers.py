"""`chat` and `ask`: a conversation in the terminal, and answers for people and scripts."""

from __future__ import annotations

import asyncio
import json
import math
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from bot.commands.sign import sign
from bot.commands.start import (
    make_assistant,
    make_renewed,
    open_answers,
    open_budget,
    open_library,
    open_store,
    spent_this_month,
    start,
)
from bot.turn import Person, Room, Turn
from knowledge.answer import MAX_ANSWER, MAX_QUESTION, Message

if TYPE_CHECKING:
    from bot.assistant import Assistant
    from bot.costs.budget import Budget
    from bot.reply import Reply

ASKER = Person("command:ask", "ask", moderator=True)
# Numbers that JSON cannot write ("1e999" is read as one of them).
BEYOND = (math.inf, -math.inf)
# So many bytes of standard input are read of a question: more than any that is answered.
MOST_READ = 4 * MAX_QUESTION + 1_000
NOWHERE = Room("command", "ask", private=True)


@click.command()
@click.option(
    "--as",
    "role",
    type=click.Choice(["moderator", "member"]),
    default="moderator",
    show_default=True,
    help="Who you are in the talk.",
)
def chat(role: str) -> None:
    """Talk with the bot in the terminal; reads a pipe as well, one turn a line."""
    from adapters.terminal.app import run
    from adapters.terminal.listen import MEMBER, PERSON
    from adapters.terminal.news import News
    from bot.activities.help import EXAMPLES, SAYINGS, greeting
    from bot.board import Board
    from bot.commands.first import prepare
    from bot.scheduler import Scheduler

    settings = start()
    library = open_library(settings)
    prepare(library, settings)
    budget = open_budget(settings)
    store = open_store(settings)
    assistant = make_renewed(library, settings, lambda: store, budget)
    board = Board(lambda: assistant.keepers, lambda: store)
    news = News(board, Scheduler(lambda: assistant.keepers, lambda: store).work)
    person = MEMBER if role == "member" else PERSON
    sign().clear()
    run(assistant, greeting(person), (*EXAMPLES, *SAYINGS), settings.home / "chat-history", news, person)


@click.command()
@click.argument("words", nargs=-1, metavar="[QUESTION]")
@click.option("--json", "as_json", is_flag=True, help="The answer as one JSON object.")
@click.option("--jsonl", is_flag=True, help="Questions from standard input, one JSON object a line; answers likewise.")
def ask(words: Sequence[str], as_json: bool, jsonl: bool) -> None:
    """Answer one QUESTION, or many from standard input.

    \b
    finops-bot ask "Why does FinOps matter in AI?"
    finops-bot ask what is showback
    echo "What is FinOps?" | finops-bot ask
    """
    question = "" if jsonl else _question(words)
    if (jsonl and words) or not (jsonl or question or "" in words):
        raise click.UsageError('Ask one question, finops-bot ask "What is FinOps?", or pass --jsonl and no question.')
    settings = start()
    library = open_library(settings)
    budget = open_budget(settings)
    assistant = make_assistant(library, settings, answerer=open_answers(library, settings), budget=budget)
    asker = Asker(assistant, budget, spent_this_month(budget, settings))
    sign().clear()
    if jsonl:
        for line in sys.stdin.buffer:
            if line.strip():
                write_record(_answer_line(asker, line))
        return
    reply, milliseconds = asker.ask(question, ())
    if as_json:
        write_record(_record(None, reply, milliseconds))
    else:
        from adapters.terminal.app import draw

        click.echo(draw(reply), color=True)


def _question(words: Sequence[str]) -> str:
    """The question that stands in `words`, or on standard input where these are "-", or none and a pipe is there."""
    if sys.stdin is not None and (list(words) == ["-"] or not (words or sys.stdin.isatty())):
        return " ".join(sys.stdin.buffer.read(MOST_READ).decode("utf-8", "replace").split())
    return " ".join(words)


class Asker:
    """Asks an assistant without a room, in a month in which `spent` nanodollars were spent before."""

    def __init__(self, assistant: Assistant, budget: Budget, spent: int) -> None:
        self._assistant = assistant
        self._budget = budget
        self._spent = spent
        self._told = False

    def ask(self, question: str, history: Sequence[Message]) -> tuple[Reply, float]:
        """The reply, and the milliseconds that it took. That the budget is used up is said once, on standard error."""
        started, at = time.perf_counter(), datetime.now(UTC)
        if not self._told and self._budget.is_used_up(at, self._spent):
            self._told = True
            click.echo("The monthly budget is used up: answers are composed without the language model.", err=True)
        turn = Turn("ask", NOWHERE, ASKER, question, at)
        reply = asyncio.run(self._assistant.respond(turn, history, self._spent))
        return reply, 1000 * (time.perf_counter() - started)


@dataclass(frozen=True)
class Asked:
    """A line of `ask --jsonl`."""

    id: str | int | float
    question: str
    history: tuple[Message, ...]


class LineError(ValueError):
    """A line that is no question; the text says what it should be, `id` is its id if that was readable."""

    def __init__(self, text: str, identifier: str | int | float | None = None) -> None:
        super().__init__(text)
        self.id = identifier


def read_object(line: bytes) -> dict[str, Any]:
    """The JSON object on a line. Raises LineError."""
    try:
        record = json.loads(line, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise LineError("not a JSON object") from error
    if not isinstance(record, dict):
        raise LineError("not a JSON object")
    return record


def read_identifier(record: dict[str, Any]) -> str | int | float:
    """The id of a record. Raises LineError."""
    identifier = record.get("id")
    if isinstance(identifier, bool) or not isinstance(identifier, (str, int, float)) or identifier in BEYOND:
        raise LineError('"id" must be a string or a number')
    return identifier


def read_asked(line: bytes) -> Asked:
    """The question on a line of JSON. Raises LineError."""
    record = read_object(line)
    identifier = read_identifier(record)
    if not isinstance(record.get("question"), str):
        raise LineError('"question" must be a string', identifier)
    return Asked(identifier, record["question"], read_history(record, identifier))


def read_history(record: dict[str, Any], identifier: str | int | float) -> tuple[Message, ...]:
    """The turns before a line. Raises LineError."""
    try:
        return tuple(_messages(record.get("history") or []))
    except (TypeError, KeyError, ValueError) as error:
        expected = '"history" must be a list of {"role": "user" or "assistant", "content": string}'
        raise LineError(expected, identifier) from error


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _messages(records: Any) -> Iterator[Message]:
    if not isinstance(records, list):
        raise TypeError
    for record in records:
        role, content = record["role"], record["content"]
        if role not in ("user", "assistant") or not isinstance(content, str):
            raise ValueError
        yield Message(role, content)


def _answer_line(asker: Asker, line: bytes) -> dict[str, Any]:
    try:
        asked = read_asked(line)
    except LineError as error:
        return {"id": error.id, "error": str(error)}
    reply, milliseconds = asker.ask(asked.question, asked.history)
    return _record(asked.id, reply, milliseconds)


def _record(identifier: str | int | float | None, reply: Reply, milliseconds: float) -> dict[str, Any]:
    return {
        "id": identifier,
        "answer": reply.text[:MAX_ANSWER],
        "abstained": reply.abstained,
        "verdict": reply.verdict,
        "sources": [asdict(source) for source in reply.sources],
        "activity": reply.activity,
        "milliseconds": round(milliseconds, 2),
    }


def write_record(record: dict[str, Any]) -> None:
    """Write one JSON object as a line to standard output, at once."""
    # UTF-8 whatever the locale; half a surrogate pair becomes its JSON escape again.
    line = json.dumps(record, ensure_ascii=False).encode("utf-8", "backslashreplace")
    sys.stdout.buffer.write(line + b"\n")
    sys.stdout.buffer.flush()
