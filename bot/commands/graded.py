"""Graded rows of question files: what was asked, and whether an answer or an intent is right."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.commands.same_draft import same_draft
from bot.reply import Reply
from knowledge.answer import MAX_ANSWER, Message

if TYPE_CHECKING:
    from bot.commands.contexts import Context
    from bot.commands.route import Routed

EXPECTED = (
    'expected an object with "question", "kind" and "must_contain" or "expected", '
    'with "utterance", "kind" and "expected_intent" or "expected", with "sentence", "kind" and "passage", '
    'or with "turns"'
)


@dataclass(frozen=True)
class Verdict:
    """How a row was answered: whether that is right, whether it was declined, and what was said.

    `sections` are those that a card is from, () for what was looked up. `wrong` where something was done that was not
    meant, `missed` where something was meant and not done. Of a talk, `turns` tells which of them pass. Of a question,
    `decided` is what was done with it, None where no passages were looked up for it.
    """

    passed: bool
    abstained: bool
    said: str
    sections: tuple[str, ...] = ()
    wrong: bool = False
    missed: bool = False
    turns: tuple[bool, ...] = ()
    decided: str | None = None


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

    @property
    def is_lenient(self) -> bool:
        """Whether it may be answered as well as not."""
        return any(
            self.record.get(name) for name in ("accept_correction", "accept_clean_answer", "handbook_may_answer")
        )

    @property
    def needs_calculation(self) -> bool:
        """Whether a calculator answers it, and no passage."""
        return bool(self.record.get("needs_calculation"))

    def passes(self, reply: Reply) -> bool:
        """What must stand in the reply does, what must not does not, and it abstains where it should."""
        text = _plain(reply.text)
        if any(_plain(banned) in text for banned in self.record.get("must_not_contain", ())):
            return False
        if not self.answerable:
            return reply.abstained or self.is_lenient
        return 0 < len(text) <= MAX_ANSWER and self.contained(reply.text)

    def contained(self, text: str) -> bool:
        """Whether `text` holds what an answer to this must hold."""
        said = _plain(text)
        return all(any(_plain(way) in said for way in group) for group in self.record["must_contain"])


class Utterance(Row):
    """A graded utterance: the intent that it has, and the value that it names."""

    @property
    def context(self) -> Context:
        """What is open when it is said."""
        context: Context = self.record.get("context")
        return context

    @property
    def history(self) -> tuple[Message, ...]:
        """The turns before it."""
        return tuple(Message(entry["role"], entry["content"]) for entry in self.record.get("history", ()))

    @property
    def at(self) -> datetime | None:
        """When it was said; None where the row names no moment: the present one is meant."""
        return datetime.fromisoformat(self.record["at"]) if "at" in self.record else None

    @property
    def is_clear(self) -> bool:
        """Whether it asks for something of a poll that can be done at once."""
        return False

    def judged(self, found: Routed) -> Verdict:
        """What it was taken for, judged; wrong where that is acted on and is not right."""
        passed = self.passes(found.intent.name, found.value)
        acted = found.does == "act" and found.intent.name not in ("question", "smalltalk")
        return Verdict(passed, False, found.told, wrong=acted and not passed)

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
            return graded and wanted.get("percent") in (None, value["percent"])
        return bool(value == wanted or (isinstance(value, str) and value in also))


class SpokenVote(Utterance):
    """What is said while a poll is open: the options that it votes for, "ask" or "none"."""

    @property
    def is_clear(self) -> bool:
        """Whether it votes."""
        return not isinstance(self.record["expected"]["votes"], str)

    def judged(self, found: Routed) -> Verdict:
        """What would be counted, judged: wrong where it differs from what was meant, missed where nothing is."""
        votes = found.value["votes"] if found.intent.name == "poll_answer" and isinstance(found.value, Mapping) else []
        wanted = self.record["expected"]["votes"]
        meant = [] if isinstance(wanted, str) else sorted(wanted)
        counted = sorted(votes)
        passed = counted == meant
        if wanted == "ask":
            passed = not counted and found.does in ("ask", "act") and found.intent.name == "poll_answer"
        if wanted == "none":
            passed = found.intent.name != "poll_answer"
        wrong = bool(counted) and counted != meant
        return Verdict(passed, False, found.told, wrong=wrong, missed=bool(meant and not counted))


class SpokenPoll(Utterance):
    """A sentence that makes a poll: its draft, or that it should be shown or asked for first."""

    @property
    def is_clear(self) -> bool:
        """Whether it can be opened."""
        return "ask" not in self.record["expected"]

    def judged(self, found: Routed) -> Verdict:
        """The poll that would be opened, judged: wrong where any field is, missed where a clear one is not opened."""
        wanted = self.record["expected"]
        opened = found.intent.name == "poll_start" and found.does == "act"
        if "ask" in wanted:
            shown = found.intent.name == "poll_start" and found.does in ("preview", "ask")
            return Verdict(shown, False, found.told, wrong=opened)
        at = self.at or datetime.now(UTC)
        right = opened and isinstance(found.value, Mapping) and same_draft(found.value, wanted, at)
        shown = found.intent.name == "poll_start" and found.does == "preview"
        return Verdict(right or shown, False, found.told, wrong=opened and not right, missed=not opened)


class Talk(Row):
    """A talk in a fresh room; each reply should hold one of some pieces, and none of others."""

    @property
    def asked(self) -> str:
        """What is said first."""
        return str(self.record["turns"][0]["say"])

    @property
    def kind(self) -> str:
        """Who talks: "member", "moderator"."""
        return str(self.record.get("person", "moderator"))

    @property
    def says(self) -> tuple[str, ...]:
        """What is said, turn by turn."""
        return tuple(str(turn["say"]) for turn in self.record["turns"])

    def judged(self, replies: Sequence[str]) -> Verdict:
        """The replies, judged turn by turn."""
        turns = tuple(_fits(turn, reply) for turn, reply in zip(self.record["turns"], replies, strict=True))
        failed = [
            f"> {said}\n      {' '.join(reply.split())[:300]}"
            for said, reply, good in zip(self.says, replies, turns, strict=True)
            if not good
        ]
        return Verdict(all(turns), False, "\n    ".join(failed), turns=turns)


# A choice of a list: the options of a quiz are no telling of its answer.
_LISTED = re.compile(r"\s*\d+\. ")


def _fits(turn: Mapping[str, Any], reply: str) -> bool:
    """Whether a reply holds one of `any_of`, if there are any, and outside its list of choices none of `none_of`."""
    said = " ".join(_plain(reply).split())
    told = " ".join(_plain(" ".join(line for line in reply.splitlines() if not _LISTED.match(line))).split())
    wanted, banned = turn.get("any_of", ()), turn.get("none_of", ())
    # A piece may end with a space, where a word ends.
    holds = not wanted or any(_plain(piece) in f"{said} " for piece in wanted)
    return bool(said) and holds and not any(_plain(piece) in told for piece in banned)


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


def read_rows(file: Path) -> list[Question | Utterance | Sentence | Talk]:
    """The rows of a file of questions, utterances, sentences or talks. Raises click.UsageError naming file and line."""
    rows: list[Question | Utterance | Sentence | Talk] = []
    for number, line in enumerate(file.read_bytes().splitlines(), 1):
        if not line.strip():
            continue
        try:
            rows.append(_row(file.name, json.loads(line)))
        except (ValueError, KeyError, TypeError, StopIteration) as error:
            raise click.UsageError(f"{file.name}:{number}: {EXPECTED}") from error
    return rows


def _row(file: str, record: Any) -> Question | Utterance | Sentence | Talk:
    """The row of a record. Raises ValueError or KeyError where something is lacking."""
    row: Question | Utterance | Sentence | Talk
    whole = True
    if "turns" in record:
        row = Talk(file, record)
    elif "sentence" in record:
        row = Sentence(file, record)
        whole = bool(row.cited)
    elif "expected_intent" in record:
        row = Utterance(file, record)
    elif "utterance" in record:
        row = (SpokenVote if "votes" in record["expected"] else SpokenPoll)(file, record)
    else:
        row, whole = Question(file, record), bool("expected" in record or record["must_contain"])
    if not (row.asked and row.kind and whole):
        raise ValueError
    return row
