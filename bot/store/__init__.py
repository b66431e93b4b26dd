"""What is remembered: the plain types that activities and the store share. The tables themselves lie in `models`."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from datetime import datetime, timedelta
from typing import TypedDict

from bot.turn import Room
from knowledge.answer import Message, Source
from knowledge.bank import own_id

# What comes due where something recurs, before its kind.
REPEAT = "repeat"


class StoreError(Exception):
    """The store cannot be used; one sentence says what to do."""


@dataclass(frozen=True)
class Poll:
    """A poll as it stands; `closed` is None while it is open.

    `numbers` name the options on buttons, in the order of `options`: a number is never given to another option.
    `closes` is the deadline, told in the time zone `zone`. It is held in `places` places on those `platforms`.
    `script` and `section` are slugs where it is a script's own, `schedule` is the recurrence that opened it.
    """

    id: int
    question: str
    options: tuple[str, ...]
    opened: datetime
    closed: datetime | None = None
    numbers: tuple[int, ...] = ()
    several: bool = False
    anonymous: bool = False
    hidden: bool = False
    closes: datetime | None = None
    remind: timedelta | None = None
    zone: str | None = None
    script: str | None = None
    section: str | None = None
    schedule: int | None = None
    places: int = 1
    platforms: frozenset[str] = frozenset()

    def is_over(self, at: datetime) -> bool:
        """Whether no vote of that moment counts, though nobody may have got round to closing it."""
        return self.closed is not None or (self.closes is not None and self.closes <= at)


@dataclass(frozen=True)
class Template:
    """A poll kept for reuse in a place."""

    id: int
    name: str
    draft: Draft


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

    `shown` tells what it was drawn as, None while that is not known.
    """

    id: int
    room: Room
    slot: str
    reference: str | None
    shown: str | None


@dataclass(frozen=True)
class Draft:
    """A poll as somebody wants it: not opened yet, or kept as a template.

    `several` lets a voter choose several options; `anonymous` hides who chose what from everybody; `hidden` keeps the
    results back until the close. It closes after `lasts`, or at `until`; never by itself where both are None. `remind`
    is how long before that a reminder comes, None for the usual time, zero for none. `rule` (RFC 5545, without
    DTSTART, in the wall clock of `zone`, an IANA name) repeats it.
    """

    question: str
    options: tuple[str, ...]
    several: bool = False
    anonymous: bool = False
    hidden: bool = False
    lasts: timedelta | None = None
    until: datetime | None = None
    remind: timedelta | None = None
    rule: str | None = None
    zone: str | None = None


@dataclass(frozen=True)
class Discussion:
    """A question that was posted in a room for people to reply to; `closed` is None while replies are gathered.

    `room` tells whether replies in its thread are overheard. `script` and `section` are slugs; `closes` is told in the
    time zone `zone`.
    """

    id: int
    room: Room
    question: str
    script: str
    section: str
    zone: str
    opened: datetime
    closes: datetime
    closed: datetime | None = None

    def is_over(self, at: datetime) -> bool:
        """Whether no reply of that moment is gathered, though nobody may have got round to closing it."""
        return self.closed is not None or self.closes <= at


@dataclass(frozen=True)
class Remark:
    """What somebody replied to the question of a discussion; `person` is their key."""

    discussion: int
    person: str
    name: str
    text: str
    at: datetime


@dataclass(frozen=True)
class Digest:
    """What was gathered in the places of a platform after `since`, up to `until`, told in the time zone `zone`."""

    id: int
    place: str
    zone: str
    since: datetime
    until: datetime


@dataclass(frozen=True)
class QuizRun:
    """One person's go at a question of a quiz; `outcome` is None while it is open.

    `script` is the slug of the script or bank, `question` the id there, None for the own quiz of the script's `section`
    (a slug). `first` is the grade of the first answer, which is what counts. `round` is the round that it belongs to.
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
    place: Place = Place()
    poll: Poll | None = None
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
    refers to them by number.
    """

    activity: str
    content: str
    question: str | None = None
    sources: tuple[Source, ...] = ()
    numbered: bool = False


@dataclass(frozen=True)
class Kept:
    """How much is stored about one person, in rows."""

    messages: int
    votes: int
    quizzes: int
    feedback: int
    leaderboards: int = 0
    replies: int = 0


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
