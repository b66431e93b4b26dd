"""How a question of a quiz looks: asked with its ways out, and solved with what teaches it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot import shelf as scripts
from bot.intents import sayings
from bot.reply import Choice, Choices, Part, Reply, Sources, Text
from bot.store import QuizRun
from knowledge.bank import Question
from knowledge.provenance import EDITORS

if TYPE_CHECKING:
    from bot.shelf import Shelf


# What an option that was tried begins with.
TRIED = "✗"


@dataclass(frozen=True)
class Asked:
    """A run with the question that it asks."""

    run: QuizRun
    question: Question

    @property
    def options(self) -> tuple[str, ...]:
        """The answer among the wrong options, in an order that the question fixes; () without wrong ones."""
        return scripts.quiz_options(self.question)

    @property
    def slot(self) -> str:
        """The message that shows it."""
        return f"quiz-{self.run.id}"


def asked_of(run: QuizRun | None, shelf: Shelf) -> Asked | None:
    """The run with its question; None where there is none, or the bank no longer holds it."""
    question = shelf.question(run.ref) if run else None
    return Asked(run, question) if run and question else None


def question_parts(asked: Asked, title: str = "Quiz") -> tuple[Part, ...]:
    """The question with its options, a hint and a way out; `title` says what it is part of."""
    question = asked.question
    lines = [f"{title}: {question.question}"]
    if asked.options:
        whose = "The wrong options are" if question.own else "Question and options are"
        lines.append(f"Choose, or answer in your own words. ({whose} {EDITORS}.)")
    elif question.own:
        lines.append("Answer in your own words.")
    else:
        lines.append(f"Answer with a number. (The question is {EDITORS}.)")
    return Text("\n".join(lines)), ways_out(asked)


def gone_on(asked: Asked, said: str) -> Reply:
    """What is said to a try or a hint: below the question where it was pressed, else after it."""
    told, *_ = question_parts(asked)
    ways = ways_out(asked)
    parts, instead = (Text(said), ways), (told, Text(said), ways)
    return Reply(parts, "quiz_answer", slot=asked.slot, private=True, continues=True, instead=instead)


def ways_out(asked: Asked) -> Choices:
    """What can be done with an open question; what was tried is marked."""
    run, tried = asked.run.id, asked.run.tried
    choices = [
        Choice(f"{TRIED} {option}" if place in tried else option, sayings.answer_quiz(run, place))
        for place, option in enumerate(asked.options, 1)
    ]
    return Choices((*choices, Choice("Hint", sayings.hint(run)), Choice("Skip", sayings.skip(run))))


def solution(question: Question, shelf: Shelf, said: str = "") -> tuple[Part, ...]:
    """The answer after `said`, with the explanation and the place in the source."""
    return Text("\n".join(_solution_lines(question, said))), Sources((shelf.source_of(question),))


def _solution_lines(question: Question, said: str) -> Iterator[str]:
    whose = "The script's answer" if question.own else "The answer"
    yield f"{said} {whose}: {question.answer.rstrip('.')}.".lstrip()
    if question.explanation:
        yield f"Why ({EDITORS}): {question.explanation}"
