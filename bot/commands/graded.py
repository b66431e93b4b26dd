"""Graded rows of question files: what was asked, and whether an answer or an intent is right."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from bot.reply import Reply
from knowledge.answer import MAX_ANSWER, Message

EXPECTED = (
    'expected an object with "question", "kind" and "must_contain" or "expected", '
    'with "utterance", "kind" and "expected_intent", or with "sentence", "kind" and "passage"'
)


@dataclass(frozen=True)
class Verdict:
    """How a row was answered: whether that is right, whether it was declined, and what was said.

    `sections` are those that a card is from, () for what was looked up.
    """

    passed: bool
    abstained: bool
    said: str
    sections: tuple[str, ...] = ()


@dataclass(frozen=True)
class Row:
    """A graded line of a file."""

    file: str
    record: Mapping[str, Any]

    @property
    def asked(self) -> str:
        """What was said, as it was said."""
        return str(next(self.record[name] for name in ("sentence", "question", "utterance") if name in self.record))

    @property
    def kind(self) -> str:
        """The group that it is counted in."""
        return str(self.record["kind"])


class Question(Row):
    """A graded question. One without `expected` should be answered, one with it should not."""

    @property
    def history(self) -> tuple[Message, ...]:
        """The turns before it."""
        return tuple(Message(entry["role"], entry["content"]) for entry in self.record.get("history", ()))

    @property
    def answerable(self) -> bool:
        """Whether the sources hold the answer."""
        return "expected" not in self.record

    def passes(self, reply: Reply) -> bool:
        """What must stand in the reply does, what must not does not, and it abstains where it should."""
        text = _plain(reply.text)
        if any(_plain(banned) in text for banned in self.record.get("must_not_contain", ())):
            return False
        if not self.answerable:
            lenient = ("accept_correction", "accept_clean_answer", "handbook_may_answer")
            return reply.abstained or any(self.record.get(name) for name in lenient)
        return 0 < len(text) <= MAX_ANSWER and self.contained(reply.text)

    def contained(self, text: str) -> bool:
        """Whether `text` holds what an answer to this must hold."""
        said = _plain(text)
        return all(any(_plain(way) in said for way in group) for group in self.record["must_contain"])


class Utterance(Row):
    """A graded utterance: the intent that it has, and the value that it names."""

    @property
    def context(self) -> str | None:
        """What is open when it is said."""
        context = self.record.get("context")
        return context if isinstance(context, str) else None

    def passes(self, intent: str, value: Any) -> bool:
        """The intent is right and, where one is given, the value; `also_accept` lists what is as right."""
        also = self.record.get("also_accept", ())
        expected, wanted = self.record["expected_intent"], self.record.get("expected_value")
        if intent not in (expected, *also):
            return False
        if intent != expected or wanted is None:
            return True
        if isinstance(wanted, dict) and "grade" in wanted:
            graded = isinstance(value, dict) and (value["grade"] == wanted["grade"] or value["grade"] in also)
            return graded and wanted["percent"] in (None, value["percent"])
        return bool(value == wanted or (isinstance(value, str) and value in also))


class Sentence(Row):
    """A sentence that a language model might write, with words of the passage that it cites."""

    @property
    def cited(self) -> str:
        """Some words of the passage that it cites."""
        return str(self.record["passage"])

    @property
    def true(self) -> bool:
        """Whether the passage says it."""
        return self.kind == "truth"


def _plain(text: str) -> str:
    return text.lower().replace("’", "'").replace("‘", "'").replace("\u00a0", " ").replace("**", "")


def read_rows(file: Path) -> list[Question | Utterance | Sentence]:
    """The rows of a file of questions, utterances or sentences. Raises click.UsageError naming file and line."""
    rows: list[Question | Utterance | Sentence] = []
    for number, line in enumerate(file.read_bytes().splitlines(), 1):
        if not line.strip():
            continue
        try:
            rows.append(_row(file.name, json.loads(line)))
        except (ValueError, KeyError, TypeError, StopIteration) as error:
            raise click.UsageError(f"{file.name}:{number}: {EXPECTED}") from error
    return rows


def _row(file: str, record: Any) -> Question | Utterance | Sentence:
    """The row of a record. Raises ValueError or KeyError where something is lacking."""
    row: Question | Utterance | Sentence
    if "sentence" in record:
        row = Sentence(file, record)
        whole = bool(row.cited)
    elif "expected_intent" in record:
        row, whole = Utterance(file, record), True
    else:
        row, whole = Question(file, record), bool("expected" in record or record["must_contain"])
    if not (row.asked and row.kind and whole):
        raise ValueError
    return row
