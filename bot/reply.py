"""What a person is told: parts that every platform draws in its own way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, assert_never

from bot.markup.marks import unmarked
from knowledge.answer import Source, Spent, Verdict

# What a button may say: both platforms carry about a hundred bytes, and ids need room.
LONGEST_SAYING = 80


@dataclass(frozen=True)
class Text:
    """Sentences and lists ("- ", "1. ") in a small, fixed Markdown.

    Whatever people wrote, and every moment, is put into it by `bot.markup.marks`.
    """

    text: str


@dataclass(frozen=True)
class Field:
    """One thing to fill in; `options` are the only values where there are any, `value` is what it holds at first.

    `long` where a line may not be enough; `several` where any number of the options can be chosen: then a value is
    those, one a line. `number` where it is a number, written in digits; `people` where it is ids of people and groups
    with their platform ("slack:U1"), one a line.
    """

    name: str
    label: str
    hint: str = ""
    required: bool = True
    options: tuple[str, ...] = ()
    value: str = ""
    long: bool = False
    several: bool = False
    number: bool = False
    people: bool = False


Check = Callable[[Mapping[str, str]], Mapping[str, str]]


def no_check(values: Mapping[str, str]) -> Mapping[str, str]:
    """Accepts every value."""
    return {}


@dataclass(frozen=True)
class Form:
    """Things to fill in. Submitted, it is a turn that says `says` and carries the values by field.

    `check` gives what is wrong by field: pure and fast, as platforms ask for it while a window is open.
    """

    says: str
    title: str
    fields: tuple[Field, ...]
    check: Check = no_check


@dataclass(frozen=True)
class Choice:
    """Something to press: it says words, or it opens a form. Raises ValueError for words that no button can carry.

    `opinion` where it is somebody's opinion on what is said, for or against it.
    """

    label: str
    says: str = ""
    opens: Form | None = None
    opinion: Literal["", "for", "against"] = ""

    def __post_init__(self) -> None:
        if bool(self.says) == (self.opens is not None):
            raise ValueError(f"The choice {self.label!r} must either say something or open a form.")
        if len(self.says) > LONGEST_SAYING or not self.says.isascii():
            raise ValueError(f"The choice {self.label!r} says more than {LONGEST_SAYING} ASCII characters.")


@dataclass(frozen=True)
class Choices:
    """Things to press; `aside` where they are no part of what is said, such as feedback on an answer.

    `listed` where their labels are what is said, as in a table of contents.
    """

    choices: tuple[Choice, ...]
    aside: bool = False
    listed: bool = False


@dataclass(frozen=True)
class Ballot:
    """An open poll: one choice an option; `voters` have voted so far.

    `counts` are the votes by option where they are shown while it is open, None where they are not. `notes` are
    sentences that a voter should know: how many choices one has, who can see what, until when; moments are marked in
    them, as in a text.
    """

    poll: int
    question: str
    choices: tuple[Choice, ...]
    voters: int
    counts: tuple[int, ...] | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Tally:
    """How a poll stands or ended: votes by option, as the options are listed; `voters` are people.

    `several` where a voter could choose several options: then the votes can be more than the voters.
    """

    poll: int
    question: str
    options: tuple[str, ...]
    counts: tuple[int, ...]
    voters: int
    closed: bool
    several: bool = False

    @property
    def shares(self) -> tuple[int, ...]:
        """Percentages of the voters, whole numbers; they add up to 100 where everybody has one vote (largest rest)."""
        if self.several:
            return tuple(round(100 * count / self.voters) if self.voters else 0 for count in self.counts)
        if not self.voters:
            return tuple(0 for _ in self.counts)
        exact = [100 * count / self.voters for count in self.counts]
        shares = [int(share) for share in exact]
        missing = round(sum(exact)) - sum(shares)
        for place in sorted(range(len(exact)), key=lambda place: shares[place] - exact[place])[:missing]:
            shares[place] += 1
        return tuple(shares)


@dataclass(frozen=True)
class Picture:
    """A picture, and the same facts in words. `draw` makes the PNG, outside of any transaction, as it takes a while.

    `told` where the other parts of its reply tell the same: then nobody needs to hear it twice.
    """

    draw: Callable[[], bytes]
    alternative: str
    told: bool = False


@dataclass(frozen=True)
class Sources:
    """Where an answer stands, in the order of use; never empty. `numbered` where the text refers to them from [1]."""

    sources: tuple[Source, ...]
    numbered: bool = False

    @property
    def lines(self) -> tuple[str, ...]:
        """Each source in words, with its number where it has one."""
        numbered = enumerate(self.sources, 1)
        return tuple(f"[{number}] {source}" if self.numbered else str(source) for number, source in numbered)


Part = Text | Choices | Form | Ballot | Tally | Picture | Sources

Lack = Literal["gap", "outside"]


@dataclass(frozen=True)
class Reply:
    """What one activity says to a turn.

    A reply with the same `slot` replaces the earlier one where the platform can; `private` is for the person alone
    where that can be; `abstained` when it says that it cannot or will not answer; `lacks` where the sources do not hold
    what was asked: a gap in their content, or something outside their subject. A turn whose reply is not `remembered`
    is no part of the talk: a vote, or the wish to be forgotten; of one that is `unheard` only the reply is. `spent` is
    what a language model took. `continues` where what the person says next belongs to it, such as an answer to a quiz.
    `verdict` is how a question was answered, None where none was. `instead` is what the message
    whose button was pressed becomes, as a whole, where a platform can change it; () where it stays as it is and the
    parts follow.
    """

    parts: tuple[Part, ...]
    activity: str
    abstained: bool = False
    slot: str | None = None
    private: bool = False
    remembered: bool = True
    unheard: bool = False
    spent: Spent | None = None
    lacks: Lack | None = None
    continues: bool = False
    verdict: Verdict | None = None
    instead: tuple[Part, ...] = ()

    @property
    def text(self) -> str:
        """The words of all parts but the sources and what stands aside."""
        return "\n\n".join(filter(None, map(in_words, self.parts)))

    @property
    def sources(self) -> tuple[Source, ...]:
        """The sources of all parts."""
        return tuple(source for part in self.parts if isinstance(part, Sources) for source in part.sources)


def in_words(part: Part) -> str:
    """A part as plain text: what a platform falls back to, and what is remembered. Sources are told elsewhere."""
    return unmarked(_in_words(part))


def _in_words(part: Part) -> str:
    match part:
        case Text(text):
            return text
        case Choices(choices, aside):
            return "" if aside else "\n".join(f"- {choice.label}" for choice in choices)
        case Form(_, title, fields):
            return "\n".join((title, *(f"- {field.label}" for field in fields)))
        case Ballot():
            options = (f"- {label}" for label in ballot_labels(part))
            return "\n".join((f"Poll: {part.question}", *options, so_far(part.voters), *part.notes))
        case Tally():
            return "\n".join((f"Results: {part.question}", *tally_lines(part), standing(part)))
        case Picture(_, alternative, told):
            return "" if told else alternative
        case Sources():
            return ""
        case _:
            assert_never(part)


def ballot_labels(ballot: Ballot) -> tuple[str, ...]:
    """The options of a ballot, with their votes where these are shown."""
    labels = [choice.label for choice in ballot.choices]
    if ballot.counts is None or not ballot.voters:
        return tuple(labels)
    return tuple(f"{label} ({count:,})" for label, count in zip(labels, ballot.counts, strict=True))


def tally_lines(tally: Tally) -> tuple[str, ...]:
    """One line an option: its votes and their share."""
    rows = zip(tally.options, tally.counts, tally.shares, strict=True)
    return tuple(f"- {option}: {count} ({share}%)" for option, count, share in rows)


def standing(tally: Tally) -> str:
    """How many voted, whether the poll is still open, and what its shares add up to."""
    said = turnout(tally.voters, tally.closed)
    if tally.several and tally.voters:
        return f"{said} Everybody could choose several options, so the shares can add up to more than 100%."
    return said


def turnout(voters: int, closed: bool) -> str:
    """How many voted, and whether the poll is still open."""
    return f"{_people(voters) if voters else 'Nobody'} voted; the poll is {'closed' if closed else 'open'}."


def so_far(voters: int) -> str:
    """How many have voted in an open poll."""
    return f"{_people(voters)} voted so far." if voters else "Nobody has voted yet."


def _people(count: int) -> str:
    return f"{count} {'person' if count == 1 else 'people'}"
