"""The bank of quiz questions: one type for what a script's own quiz asks and what the editors ask beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from knowledge.script import Problem, Quiz, Script

Level = Literal["easy", "medium", "hard"]
LEVELS: tuple[Level, ...] = get_args(Level)


@dataclass(frozen=True)
class Question:
    """A question of a quiz, with its answer and what teaches it.

    `bank` is the slug of the file, `id` a slug of its own there. `wrong` and `accept` are options and other ways to say
    the answer. It is graded by `relation` and `percent` ("over", 60.0) where the answer is a share, by `number` in
    `unit` where it is a number (right within `tolerance`, close within twice that), else by its words. `section` is
    the slug of a section of that script, or a heading of its notes; `source` is free text instead. `own` where question
    and answer are the video's own words; the wrong options and the explanation are always the editors'. `listed` are
    the options in their order, where that is not for the bot to choose.
    """

    bank: str
    id: str
    question: str
    answer: str
    wrong: tuple[str, ...] = ()
    accept: tuple[str, ...] = ()
    explanation: str | None = None
    relation: str | None = None
    percent: float | None = None
    number: float | None = None
    unit: str | None = None
    tolerance: float = 0.0
    section: str | None = None
    source: str | None = None
    topic: str | None = None
    level: Level | None = None
    own: bool = False
    listed: tuple[str, ...] = ()

    @property
    def ref(self) -> str:
        """What names the question among all of them: "role-of-finops/fuel-gauge"."""
        return f"{self.bank}/{self.id}"


@dataclass(frozen=True)
class Bank:
    """The questions of one file, in its order; `warnings` is what was changed while it was read."""

    file: str
    slug: str
    questions: tuple[Question, ...]
    warnings: tuple[Problem, ...] = ()


def own_id(section: str) -> str:
    """The id of a script's own quiz in a section of that slug; the dot is in no id of a bank."""
    return f"own.{section}"


def own_question(script: str, section: str, quiz: Quiz) -> Question:
    """The quiz of a section as a question; both are named by their slugs."""
    return Question(
        bank=script,
        id=own_id(section),
        question=quiz.question,
        answer=quiz.answer,
        wrong=quiz.wrong,
        explanation=quiz.explanation,
        relation=quiz.relation,
        percent=quiz.percent,
        section=section,
        own=True,
    )


def all_questions(scripts: Sequence[Script], banks: Sequence[Bank]) -> tuple[Question, ...]:
    """The quizzes of each script and what its bank asks, in the order of the scripts; then the banks of no script."""
    held = {bank.slug: bank.questions for bank in banks}
    found: list[Question] = []
    for script in scripts:
        for section in script.sections:
            if isinstance(section.element, Quiz):
                found.append(own_question(script.slug, section.slug, section.element))
        found += held.pop(script.slug, ())
    return (*found, *(question for questions in held.values() for question in questions))
