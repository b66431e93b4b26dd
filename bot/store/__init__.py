"""What is remembered: the plain types that activities and the store share. The tables themselves lie in `models`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import astuple, dataclass
from datetime import datetime
from typing import Any, TypedDict

from bot.store.discussing import Digest, Discussion, Remark
from bot.store.polling import Draft, Poll, Prepared, Template
from bot.store.quizzing import ROUND, QuizRun, Round, RoundAnswer, Score, round_slot
from bot.turn import Room
from knowledge.answer import Message, Source

__all__ = [
    "REPEAT",
    "RETENTION",
    "ROUND",
    "Changes",
    "Digest",
    "Discussion",
    "Draft",
    "Due",
    "Kept",
    "Participation",
    "Place",
    "Poll",
    "Post",
    "Prepared",
    "QuizRun",
    "Remark",
    "Round",
    "RoundAnswer",
    "Scene",
    "Schedule",
    "Score",
    "Spending",
    "StoreError",
    "StoreGone",
    "Template",
    "Told",
    "Unanswered",
    "Undoable",
    "Verdicts",
    "round_slot",
]

# What comes due where something recurs, before its kind.
REPEAT = "repeat"
# What comes due every day: what has become old is deleted.
RETENTION = "retention"


class StoreError(Exception):
    """The store cannot be used; one sentence says what to do."""


class StoreGone(StoreError):
    """The store cannot be used at present: the log says when that began, and says when it is over."""


@dataclass(frozen=True)
class Schedule:
    """Something that comes again in a room: `kind` says what, `content` holds it, by the kind's own form.

    `rule` (RFC 5545) counts from `first`, in the wall clock of `zone`; `next` is None once it has ended.
    """

    id: int
    kind: str
    room: Room
    content: str
    rule: str
    first: datetime
    zone: str
    next: datetime | None = None


@dataclass(frozen=True)
class Due:
    """Something whose time has come: `what` with the row of that number."""

    what: str
    number: int
    at: datetime


@dataclass(frozen=True)
class Post:
    """A message that stands in a room, or should: `reference` is the platform's name for it, None while there is none.

    `fingerprint` tells what it was drawn as, None while that is not known; `version` counts what it should show.
    `posted` is since when it stands. So often in a row (`refusals`) it could not be drawn.
    """

    id: int
    room: Room
    slot: str
    reference: str | None
    fingerprint: str | None
    version: int
    posted: datetime | None = None
    refusals: int = 0


@dataclass(frozen=True)
class Undoable:
    """Something that somebody did at that moment: `what` says what, `before` how it was, as JSON holds it."""

    what: str
    before: Mapping[str, Any]
    at: datetime


@dataclass(frozen=True)
class Place:
    """How the bot is set in a place: `script` is a slug, `zone` an IANA name, None for those of the bot.

    It speaks when it is addressed, and where `automatic` answers questions that it overhears; where `quiet` it begins
    nothing by itself. `off` are features; `moderators` are ids of people, groups and roles ("slack:U1").
    """

    script: str | None = None
    zone: str | None = None
    automatic: bool = False
    quiet: bool = False
    off: frozenset[str] = frozenset()
    moderators: tuple[str, ...] = ()


class Changes(TypedDict, total=False):
    """What of a place is to be changed; each as `Place` has it."""

    script: str | None
    zone: str | None
    automatic: bool
    quiet: bool
    off: frozenset[str]
    moderators: tuple[str, ...]


@dataclass(frozen=True)
class Scene:
    """What a turn finds: the talk so far (oldest first), and what is open here for this person.

    `spent` is what language models have cost in the turn's month (UTC) in all places, in nanodollars.
    """

    history: tuple[Message, ...] = ()
    before: str | None = None  # the activity of the reply before
    told_at: datetime | None = None  # when that was given
    chatted: tuple[str, ...] = ()  # what the bot said to small talk, which is no part of the history
    place: Place = Place()
    poll: Poll | None = None
    prepared: Prepared | None = None  # their newest poll that is not open yet, here or elsewhere
    quiz: QuizRun | None = None
    round: Round | None = None  # what all here answer together
    discussion: Discussion | None = None  # the posted question whose thread it is, else the newest of the place
    in_thread: bool = False  # whether the turn is said in its thread
    spent: int = 0

    @property
    def is_asking(self) -> bool:
        """Whether a question of a quiz is open, of which the answer must not be told."""
        return self.quiz is not None or (self.round is not None and not self.round.revealed)


@dataclass(frozen=True)
class Spending:
    """What language models took for some answers: tokens, and what they cost in nanodollars.

    The cost of `unpriced` answers is not known, and is in no sum.
    """

    answers: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    nanodollars: int = 0
    unpriced: int = 0

    def __add__(self, other: Spending) -> Spending:
        return Spending(*(mine + yours for mine, yours in zip(astuple(self), astuple(other), strict=True)))


@dataclass(frozen=True)
class Told:
    """An answer as it was given: to which question, if it was one, and with which sources; `numbered` where its text
    refers to them by number. `shared_by` is the name of whoever showed it to all in the room.
    """

    activity: str
    content: str
    question: str | None = None
    sources: tuple[Source, ...] = ()
    numbered: bool = False
    shared_by: str = ""


@dataclass(frozen=True)
class Kept:
    """So much of a kind is stored about one person: `one` and `many` of it are called so."""

    count: int
    one: str
    many: str

    def __str__(self) -> str:
        return f"{self.count} {self.one if self.count == 1 else self.many}"


@dataclass(frozen=True)
class Unanswered:
    """A question that the sources did not cover, with the keys of who asked and where; `outside` where it was not about
    their subject at all.
    """

    question: str
    person: str
    place: str
    outside: bool
    at: datetime


@dataclass(frozen=True)
class Verdicts:
    """How many answers were given, how many opinions there are on them, and how many of those are "helpful"."""

    answers: int
    opinions: int
    helpful: int


@dataclass(frozen=True)
class Participation:
    """How many people asked, voted with their names, took quizzes and replied to posted questions.

    `secret_voters` is the sum of the voters of each anonymous poll; `polls` were opened.
    """

    asked: int
    voted: int
    secret_voters: int
    quizzed: int
    replied: int
    polls: int
