"""What it costs to be wrong about an intent."""

from __future__ import annotations

from collections.abc import Mapping

from bot.intents import (
    Action,
    Confirmed,
    Discuss,
    Discussing,
    Intent,
    Name,
    Order,
    Pick,
    RoundAction,
    RoundOrder,
    Setting,
)
from bot.intents.certainty import Does, Stakes, does
from bot.store import Poll

# What is not listed is private.
_INTENTS: Mapping[Name, Stakes] = {
    "poll_start": "seen",
    "poll_answer": "counted",
    "poll_close": "changed",
    "quiz_answer": "counted",
    "quiz_skip": "final",
    "undo": "changed",
}
_ORDERS: Mapping[Action, Stakes] = {
    "post": "seen",
    "add": "changed",
    "rename": "changed",
    "remove": "changed",
    "deadline": "changed",
    "names": "changed",  # who chose what is shown to nobody on a guess
    "reopen": "seen",
    "share": "seen",
    "join": "seen",
    "save": "changed",
    "use": "seen",
    "drop": "final",
    "repeat": "changed",
    "end": "changed",
}
_ROUNDS: Mapping[RoundAction, Stakes] = {"reveal": "final", "next": "final", "end": "final", "again": "seen"}
_DISCUSSIONS: Mapping[Discussing, Stakes] = {
    "post": "seen",
    "repeat": "seen",
    "answer": "counted",
    "withdraw": "final",
    "close": "final",
    "send": "seen",
}


def stakes_of(intent: Intent, poll: Poll | None = None) -> Stakes:
    """What it costs to be wrong about `intent`; `poll` is the one that it is about, if any."""
    match intent.value:
        case Order(action):
            return _ORDERS.get(action, "private")
        case RoundOrder(action, together=together):
            return "seen" if action == "start" and together else _ROUNDS.get(action, "private")
        case Discuss(action):
            return _DISCUSSIONS.get(action, "private")
        case Setting(what):
            return "private" if what == "form" else "changed"
        case Pick(script=script) if intent.name == "settings" and script:
            return "changed"
        case Confirmed(yes):
            return "final" if yes else "private"
    if intent.name == "poll_close" and poll is not None and poll.anonymous:
        # Who chose what is not kept after its close, so nobody could go on voting.
        return "final"
    return _INTENTS.get(intent.name, "private")


def does_with(intent: Intent, poll: Poll | None = None) -> Does:
    """What may be done of `intent`, by the one table; a question is answered."""
    return "answer" if intent.name == "question" else does(stakes_of(intent, poll), intent.certainty)
