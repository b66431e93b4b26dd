"""What the store and the activity of polls know alike: polls, names of slots, what comes due, kept drafts."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any

# So many drafts of one person are kept, the newest.
MOST_DRAFTS = 20
CLOSE, REMIND = "close poll", "remind of poll"
# An anonymous poll with fewer voters than this tells no result, and keeps none: among so few, what one person chose
# can be guessed.
FEWEST = 5


@dataclass(frozen=True)
class Draft:
    """A poll as somebody wants it: not opened yet, or kept as a template.

    `several` lets a voter choose several options; `anonymous` hides who chose what from everybody; `hidden` keeps the
    results back until the close. It closes after `lasts`, or at `until`; never by itself where both are None. `remind`
    is how long before that a reminder comes, None for the usual time, zero for none. `rule` (RFC 5545, without
    DTSTART, in the wall clock of `zone`, an IANA name) repeats it. `unread` is what was said of it and not understood.
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
    unread: tuple[str, ...] = ()


@dataclass(frozen=True)
class Prepared:
    """A draft that is kept until its author opens it or throws it away."""

    number: int
    draft: Draft


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


def ballot_slot(poll: int) -> str:
    """Where a poll is voted in, and where its end is seen."""
    return f"poll-{poll}"


def result_slot(poll: int) -> str:
    """Where the result of a poll is told when it closes."""
    return f"result-{poll}"


def usual_reminder(lasts: timedelta) -> timedelta:
    """How long before its close people are reminded of a poll that is open for so long: a tenth of that, at least 10
    minutes and at most a day. Of one that is open for less than half an hour nobody is reminded.
    """
    if lasts < timedelta(minutes=30):
        return timedelta(0)
    return min(max(lasts / 10, timedelta(minutes=10)), timedelta(days=1))


def draft_of(poll: Poll) -> Draft:
    """What would open such a poll again."""
    return replace(
        Draft(poll.question, poll.options, poll.several, poll.anonymous, poll.hidden),
        until=poll.closes,
        remind=timedelta(0) if poll.closes is not None and poll.remind is None else poll.remind,
        zone=poll.zone,
    )


def reusable(poll: Poll) -> Draft:
    """The same with a deadline as long after its opening, whenever that is."""
    lasts = poll.closes - poll.opened if poll.closes is not None else None
    return replace(draft_of(poll), until=None, lasts=lasts)


def write_draft(draft: Draft, whole: bool = False) -> str:
    """A draft as JSON; a fixed deadline and a recurrence are kept only of a `whole` one, which is not to come again."""
    held = asdict(draft if whole else replace(draft, until=None, rule=None))
    return json.dumps(held, ensure_ascii=False, default=_plain)


def _plain(value: timedelta | datetime) -> float | str:
    return value.total_seconds() if isinstance(value, timedelta) else value.isoformat()


def read_draft(content: str) -> Draft:
    """The draft in what `write_draft` wrote."""
    held: dict[str, Any] = json.loads(content)
    times = {name: None if held[name] is None else timedelta(seconds=held[name]) for name in ("lasts", "remind")}
    until = datetime.fromisoformat(held["until"]) if held.get("until") else None
    return Draft(**{**held, **times, "options": tuple(held["options"]), "until": until})
