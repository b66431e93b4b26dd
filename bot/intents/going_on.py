"""What goes on with an estimate that was told before, and does not begin something else."""

from __future__ import annotations

import re

from bot.intents import Intent
from bot.intents.amounts import read_spend
from bot.intents.estimates import NO_PROMISE, Spend
from bot.intents.numbers import in_digits
from bot.intents.sums import scaled
from bot.store import Scene
from knowledge.words import words

# So many words can go on with an estimate, and not begin something else.
SHORT = 6
# With an amount and its currency or period so many; and so few where something else was said in between ("per year?").
LONGER, BARE = 14, 3
_AT_RATE = re.compile(r"(?:and |or |what about |how about )?at [0-9]{1,2}(?:\.[0-9]{1,2})?[\s?!.]*", re.I)
# After an estimate "what about 10%?" goes on with it; "did they save 30%?" does not.
_ASKS_ANEW = re.compile(
    r"(?:\W*+(?:(?:and|so|but|ok)\W++)++)?+(?:who|when|where|which|why|how (?!about|much)"
    r"|what (?!about|if|would|at|in|for)|what's|do|does|did|is|are|was|were|has|have)\b",
    re.I,
)


def other_estimate(text: str, scene: Scene) -> Intent | None:
    """The estimate before with another amount, rate, currency or period; None where the words begin something else."""
    if _ASKS_ANEW.match(text):
        return None
    # "and at 10%?", "at 10", "in euros", "per year"
    spend = read_spend(f"{text.rstrip('?!. ')}%" if _AT_RATE.fullmatch(text) else text)
    count = len(words(text))
    if scene.before == "savings_estimate":
        named = spend.amount is not None and bool(spend.period or spend.currency)
        goes_on = (spend != Spend() and count <= (LONGER if named else SHORT)) or scaled(in_digits(text)) is not None
    else:
        estimated = any(NO_PROMISE in one.content for one in scene.history if one.role == "assistant")
        goes_on = estimated and count <= BARE and spend == Spend(period=spend.period) != Spend()
    return Intent("savings_estimate", spend) if goes_on else None
