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
    'or with "utterance", "kind" and "expected_intent"'
)


@dataclass(frozen=True)
class Row:
    """A graded line of a file."""

    file: str
    record: Mapping[str, Any]

    @property
    def asked(self) -> str:
        """What was said, as it was said."""
        return str(self.record["question"] if "question" in self.record else self.record["utterance"])

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
        groups = self.record["must_contain"]
        return 0 < len(text) <= MAX_ANSWER and all(any(_plain(way) in text for way in group) for group in groups)


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


def _plain(text: str) -> str:
    return text.lower().replace("’", "'").replace("‘", "'").replace("\u00a0", " ").replace("**", "")


def read_rows(file: Path) -> list[Question | Utterance]:
    """The rows of a file of questions or utterances. Raises click.UsageError naming file and line."""
    rows: list[Question | Utterance] = []
    for number, line in enumerate(file.read_bytes().splitlines(), 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
            row = Utterance(file.name, record) if "expected_intent" in record else Question(file.name, record)
            graded = isinstance(row, Utterance) or "expected" in record or record["must_contain"]
            if not (row.asked and row.kind and graded):
                raise ValueError
        except (ValueError, KeyError, TypeError) as error:
            raise click.UsageError(f"{file.name}:{number}: {EXPECTED}") from error
        rows.append(row)
    return rows
