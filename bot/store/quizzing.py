"""What the store and the activity of quizzes know alike: runs of questions, rounds of them, scores, names of slots."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from knowledge.bank import own_id

# The kind of the slots in which rounds of a quiz stand.
ROUND = "round"


def round_slot(number: int) -> str:
    """Where a round for all in a room stands."""
    return f"{ROUND}-{number}"


@dataclass(frozen=True)
class QuizRun:
    """One person's go at a question of a quiz; `outcome` is None while it is open.

    `script` is the slug of the script or bank, `question` the id there, None for the own quiz of the script's `section`
    (a slug). `first` is the grade of the first answer, which is what counts. `round` is the round that it belongs to.
    `tried` are the places of the options that were tried, from 1.
    """

    id: int
    script: str
    section: str
    opened: datetime
    tries: int = 0
    hints: int = 0
    first: str | None = None
    outcome: str | None = None  # "correct", "revealed", "stopped"
    question: str | None = None
    round: int | None = None
    tried: tuple[int, ...] = ()

    @property
    def ref(self) -> str:
        """What names its question among all of them."""
        return f"{self.script}/{self.question or own_id(self.section)}"


@dataclass(frozen=True)
class Round:
    """Several questions one after the other: for one person alone, or `together` for all in a room.

    `questions` are refs, `at` is the place of the one it stands at, from 0, which is asked since `asked` and `revealed`
    once all have seen its answer; `ended` is None while the round is open.
    """

    id: int
    together: bool
    questions: tuple[str, ...]
    opened: datetime
    asked: datetime
    at: int = 0
    revealed: bool = False
    ended: datetime | None = None

    @property
    def ref(self) -> str:
        """The question that it stands at."""
        return self.questions[self.at]

    @property
    def is_last(self) -> bool:
        """Whether no question follows."""
        return self.at + 1 >= len(self.questions)


@dataclass(frozen=True)
class RoundAnswer:
    """What somebody answered in a round: its grade and the option from 1, None where it was none; never the words."""

    at: int
    person: str
    grade: str
    option: int | None


@dataclass(frozen=True)
class Score:
    """How many questions somebody answered, and how many of them right at the first try."""

    right: int = 0
    answered: int = 0
