"""What buttons say: short commands with ids, written and read in one place. People may type them as well."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import get_args

from bot.intents import (
    NAMES,
    Action,
    Attempt,
    Confirmed,
    Discuss,
    Discussing,
    Intent,
    Name,
    Order,
    Pick,
    Ref,
    RoundAction,
    RoundOrder,
    RoundPlace,
    Setting,
    Vote,
    Withdrawal,
    certain,
)

# --- Written by activities ---


def vote(poll: int, option: int, permit: str = "") -> str:
    """A vote in a poll for the option of that number; `permit` where it is said in a private talk."""
    return f"vote {poll} {option} {permit}".rstrip()


def withdraw(poll: int, option: int | None = None, permit: str = "") -> str:
    """Take back a vote, or one choice of it."""
    return " ".join(filter(None, (f"unvote {poll}", str(option or ""), permit)))


def ballot(poll: int, permit: str) -> str:
    """See a ballot in a private talk, to vote there."""
    return f"poll {poll} {permit}"


def order(action: Action, number: int | None = None) -> str:
    """Something to be done with a poll, a template or a schedule."""
    return f"poll {action}" if number is None else f"poll {number} {action}"


def close_poll(poll: int) -> str:
    """Close a poll."""
    return f"poll {poll} close"


def poll_results(poll: int) -> str:
    """How a poll stands."""
    return f"poll {poll} results"


def post_question(script: str, number: int) -> str:
    """Post a question of a script for people to reply to."""
    return f"engagement post {script} {number}"


def discuss(action: Discussing, discussion: int) -> str:
    """Something to be done with a question that was posted: answer it, close it, see what was replied."""
    return f"engagement {discussion} {action}"


def answer_quiz(run: int, option: int) -> str:
    """Answer a quiz with one of its options; they count from 1."""
    return f"quiz {run} answer {option}"


def is_of_a_quiz(words: str) -> bool:
    """Whether words are an answer to a quiz of one person, or ask for help with it."""
    return re.match(r"quiz [0-9]+ (?:answer|hint|skip)\b", words) is not None


def hint(run: int) -> str:
    """A hint for a quiz."""
    return f"quiz {run} hint"


def skip(run: int) -> str:
    """Leave a quiz and see its answer."""
    return f"quiz {run} skip"


def answer_round(number: int, place: int, option: int, permit: str = "") -> str:
    """Answer a question of a round, by its place there, with one of its options; both count from 1."""
    return f"round {number} answer {place} {option} {permit}".rstrip()


def round_order(action: RoundAction, number: int, place: int | None = None) -> str:
    """Something to be done with a round, at the question of that place."""
    return f"round {number} {action}" if place is None else f"round {number} {action} {place}"


def show_round(number: int, permit: str) -> str:
    """See the question of a round in a private talk, to answer it there."""
    return f"round {number} {permit}"


JOIN, LEAVE = "join the leaderboard", "leave the leaderboard"


def show(name: Name, script: str, number: int | None = None) -> str:
    """Something of a script: its quotes, its poll, a card or a section by number."""
    return f"show {name} {script}" if number is None else f"show {name} {script} {number}"


def use_script(script: str) -> str:
    """Make a script the current one of a place."""
    return f"use {script}"


def undo(number: int) -> str:
    """Undo what is kept under that number."""
    return f"undo {number}"


SETTINGS = "settings change"

# What is asked before something is done that was not plainly said; "yes" is an answer to it.
DO_YOU_MEAN = "Do you mean: "
OPEN_THIS = "open this poll"
# Behind this stands the question of a quiz.
QUIZ_ASKED = "Quiz: "
# What is said to whoever may not do something begins so; "why not?" is answered by that.
ONLY_MODERATORS = "Only moderators can"
MAY_NOT = f"{ONLY_MODERATORS} do that here."
# What is asked before anything is deleted; "yes" is an answer to it.
SHALL_I_DELETE = "Shall I delete all of it? That cannot be undone."
FORGET_ME = "privacy delete everything"
KEEP_ME = "privacy keep everything"

# --- Read from what was said ---

_ID = r"(\d{1,9})"
_PERMIT = "([0-9a-f]{12})"
_ACTION = f"({'|'.join(get_args(Action))})"
_SLUG = "([A-Za-z0-9][A-Za-z0-9_-]{0,59})"
# Whatever a script can show; a vote or an answer needs an id.
_NAME = f"({'|'.join(name for name in NAMES if name not in ('poll_answer', 'quiz_answer'))})"


# What each order is, as the routes of the bot name it.
_ORDERED: Mapping[Action, Name] = {
    "list": "results",
    "names": "results",
    "trend": "results",
    "ballot": "poll_answer",
    "when": "results",
}


def ordered(action: Action, number: int | None = None, text: str = "") -> Intent:
    """The intent of an order."""
    return certain(_ORDERED.get(action, "poll_start"), Order(action, number, text))


def _vote(poll: str, option: str, permit: str | None) -> Intent:
    return certain("poll_answer", Vote(int(option), int(poll), permit=permit or ""))


def _withdrawal(poll: str, option: str | None, permit: str | None) -> Intent:
    return certain("poll_answer", Withdrawal(int(poll), int(option) if option else None, permit or ""))


def _order(number: str | None, action: Action) -> Intent:
    return ordered(action, int(number) if number else None)


# What each order is, as the routes of the bot name it.
_ROUNDS: Mapping[RoundAction, Name] = {"reveal": "quiz_skip", "join": "leaderboard", "leave": "leaderboard"}


def round_ordered(order: RoundOrder) -> Intent:
    """The intent of an order that is about a round."""
    return certain(_ROUNDS.get(order.action, "quiz_start"), order)


def _round_order(number: str, action: RoundAction, place: str | None) -> Intent:
    return round_ordered(RoundOrder(action, int(number), int(place) if place else None))


def _round_answer(number: str, place: str, option: str, permit: str | None) -> Intent:
    return certain("quiz_answer", Attempt(None, int(option), round=RoundPlace(int(number), int(place), permit or "")))


def _discussed(number: str, action: Discussing) -> Intent:
    return certain("engagement_question", Discuss(action, int(number)))


def _posted(script: str, number: str) -> Intent:
    return certain("engagement_question", Discuss("post", int(number), script=script))


def _shown(name: Name, script: str, number: str | None) -> Intent:
    return certain(name, Pick(int(number) if number else None, script))


_READERS: tuple[tuple[str, Callable[..., Intent]], ...] = (
    (f"vote {_ID} {_ID}(?: {_PERMIT})?", _vote),
    (f"unvote {_ID}(?: {_ID})?(?: {_PERMIT})?", _withdrawal),
    (f"poll {_ID} {_PERMIT}", lambda poll, permit: certain("poll_answer", Order("ballot", int(poll), permit))),
    (f"poll (?:{_ID} )?{_ACTION}", _order),
    (f"poll {_ID} close", lambda poll: certain("poll_close", Ref(int(poll)))),
    (f"poll {_ID} results", lambda poll: certain("results", Ref(int(poll)))),
    (f"(?i:results of (?:the )?(?:poll )?)#?{_ID}", lambda poll: certain("results", Ref(int(poll)))),
    (f"engagement {_ID} (answer|withdraw|close|digest|names)", _discussed),
    (f"engagement post {_SLUG} {_ID}", _posted),
    (f"quiz {_ID} answer {_ID}", lambda run, place: certain("quiz_answer", Attempt(None, int(place), int(run)))),
    (f"quiz {_ID} hint", lambda run: certain("quiz_hint", Ref(int(run)))),
    (f"quiz {_ID} skip", lambda run: certain("quiz_skip", Ref(int(run)))),
    (f"round {_ID} answer {_ID} {_ID}(?: {_PERMIT})?", _round_answer),
    (f"round {_ID} (reveal|next|end|again)(?: {_ID})?", _round_order),
    (f"round {_ID} {_PERMIT}", lambda number, said: round_ordered(RoundOrder("show", int(number), permit=said))),
    (f"show {_NAME} {_SLUG}(?: {_ID})?", _shown),
    (f"use {_SLUG}", lambda slug: certain("settings", Pick(script=slug))),
    (f"undo {_ID}", lambda number: certain("undo", Ref(int(number)))),
    (SETTINGS, lambda: certain("settings", Setting("form"))),
    (FORGET_ME, lambda: certain("privacy", Confirmed(True))),
    (KEEP_ME, lambda: certain("privacy", Confirmed(False))),
)
_COMPILED = tuple((re.compile(pattern, re.ASCII), read) for pattern, read in _READERS)


def read_saying(words: str) -> Intent | None:
    """The intent of what a button says; None for words that no button says."""
    for pattern, read in _COMPILED:
        if match := pattern.fullmatch(words):
            return read(*match.groups())
    return None
