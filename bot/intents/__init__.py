"""What a turn is about: an intent, and the value that its words name. The types; `understanding` finds them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from bot.formulas import Calculation
from bot.formulas.product import Product
from bot.intents.amounts.estimates import Spend
from bot.intents.certainty import Certainty
from bot.intents.orders import Action as Action
from bot.intents.orders import Discuss as Discuss
from bot.intents.orders import Discussing as Discussing
from bot.intents.orders import Order as Order
from bot.intents.quizzes.grading import Claim
from bot.intents.talk.remarks import About as About
from bot.intents.talk.remarks import Chat as Chat
from bot.store import Draft

Name = Literal[
    "question",
    "poll_start",
    "poll_answer",
    "poll_close",
    "results",
    "quiz_start",
    "quiz_answer",
    "quiz_hint",
    "quiz_skip",
    "leaderboard",
    "benefits",
    "savings_estimate",
    "engagement_question",
    "quote",
    "takeaways",
    "short_version",
    "stats",
    "resources",
    "keywords",
    "next_topic",
    "describe",
    "usage",
    "privacy",
    "settings",
    "help",
    "stop",
    "calculate",
    "smalltalk",
    "undo",
]
NAMES: tuple[Name, ...] = get_args(Name)


@dataclass(frozen=True)
class Vote:
    """A vote for an option by its place from 1, and for `also` others where several are named; `only` where these take
    the place of what was chosen before.

    Where a button names the `poll`, it names the option by its number there. `permit` lets somebody vote in private.
    """

    option: int
    poll: int | None = None
    also: tuple[int, ...] = ()
    permit: str = ""
    only: bool = False


@dataclass(frozen=True)
class Withdrawal:
    """The wish to take back a vote, or one choice of it by the number of its option; of a poll, or of the open one."""

    poll: int | None = None
    option: int | None = None
    permit: str = ""


@dataclass(frozen=True)
class Abstention:
    """The wish to vote for nothing in the open poll."""


@dataclass(frozen=True)
class Drafted:
    """A poll of somebody's own, as far as their words could be read; `wrong` are the reasons why it cannot be so.

    `number` is that of the draft that they change; where something is wrong with the change it is as it was.
    """

    draft: Draft | None
    wrong: tuple[str, ...] = ()
    number: int | None = None


@dataclass(frozen=True)
class Begun:
    """A poll of somebody's own that is made in several messages: its question is asked for, or known already, and its
    options are asked for; `options` are those that were said already, one a message, and `wrong` is why the last one
    said cannot be. `held` is how it is to be held, in words; `draft` the same for a form, where it was begun in one
    sentence. `left` where it is wanted no more.
    """

    question: str = ""
    options: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()
    held: str = ""
    draft: Draft | None = None
    left: bool = False


@dataclass(frozen=True)
class Insight:
    """The wish for insights: of the last `days`, of the present month, or of all that is remembered."""

    days: int | None = None
    month: bool = False


@dataclass(frozen=True)
class RoundPlace:
    """A question of a round by its place from 1; `permit` lets somebody answer it in a private talk."""

    number: int
    place: int
    permit: str = ""


@dataclass(frozen=True)
class Setting:
    """A change of how the bot behaves in a place: whether it is `on`; `text` is a feature, or the ids of moderators."""

    what: Literal["form", "automatic", "quiet", "feature", "moderator"]
    on: bool = True
    text: str = ""


RoundAction = Literal["start", "reveal", "next", "end", "again", "show", "join", "leave"]


@dataclass(frozen=True)
class RoundOrder:
    """Something that is to be done with a round of quiz questions, by its number where a button names it.

    A round that starts has `count` questions about `text`, for all in the room where it is `together`. `place` is the
    question that a button belongs to, from 1; `permit` lets somebody see it in a private talk. To join or leave is
    meant of the leaderboard.
    """

    action: RoundAction
    number: int | None = None
    place: int | None = None
    count: int | None = None
    text: str = ""
    together: bool = False
    permit: str = ""


@dataclass(frozen=True)
class Attempt:
    """An answer to a quiz: a share that is claimed, or an option by its number from 1; neither where somebody says
    that they do not know. `run` where a button names it, `round` where it is of a round that all answer together;
    `pause` where they ask for time, or for the question again.
    """

    claim: Claim | None = None
    option: int | None = None
    run: int | None = None
    round: RoundPlace | None = None
    pause: bool = False


@dataclass(frozen=True)
class Pick:
    """One of several things of a script by its number from 1, as its words or a button name it.

    `script` is a slug where a button says it; None leaves both to the activity.
    """

    number: int | None = None
    script: str | None = None


@dataclass(frozen=True)
class Ref:
    """The poll or the run of a quiz that a button belongs to."""

    number: int


@dataclass(frozen=True)
class Confirmed:
    """The answer to "are you sure?"."""

    yes: bool


@dataclass(frozen=True)
class Retelling:
    """The wish to hear again what was told last, or that one thing of its list; with `grounds`, where it comes from;
    `explained`, with all that belongs to it.
    """

    item: str = ""
    grounds: bool = False
    explained: bool = False


Value = (
    Vote
    | Withdrawal
    | Abstention
    | Drafted
    | Begun
    | Setting
    | Order
    | RoundOrder
    | Discuss
    | Insight
    | Attempt
    | Pick
    | Ref
    | Confirmed
    | Spend
    | Calculation
    | Product
    | Chat
    | Retelling
    | None
)


@dataclass(frozen=True)
class Intent:
    """Which activity a turn is for, what its words name for it, and how sure that is; `said` are the words that say
    it, where the turn has others around them: it is taken for these alone from then on. `besides` are the words of
    another wish in the same turn, which is not done with it.
    """

    name: Name
    value: Value = None
    certainty: Certainty = "meant"
    said: str = ""
    besides: str = ""


def certain(name: Name, value: Value = None) -> Intent:
    """The intent of what says just that: a button, a set phrase."""
    return Intent(name, value, "said")


def name_of(activity: str | None) -> Name:
    """The intent that is called so; "question" for what is none."""
    return next((one for one in NAMES if one == activity), "question")
