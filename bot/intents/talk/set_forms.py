"""What is said in a set form: an answer to what was asked last, or an order; what it begins with is left out."""

from __future__ import annotations

import re

from bot.intents import Intent, Order, certain
from bot.intents.asked import OF_A_POLL
from bot.intents.behaviour import read_setting
from bot.intents.discussions import read_discussion
from bot.intents.polls.orders import closes_it, read_order
from bot.intents.quizzes.rounds import read_round
from bot.intents.talk.confirming import read_confirmed
from bot.intents.talk.leads import unled, written_out
from bot.store import Scene

# Characters of the longest yes or no.
LONGEST_YES = 60
# Halves of a character that cannot stand alone: some readers refuse them.
HALVES = re.compile("[\ud800-\udfff]")


def read_set_form(said: str, scene: Scene, in_round: bool) -> Intent | None:
    """What `said` is in a set form; without what it begins with ("wait, ..."), and with its short words written out, if
    it is none as it stands.
    """
    bare = unled(said)
    return next(
        (found for way in dict.fromkeys((said, bare, written_out(bare))) if (found := _read(way, scene, in_round))),
        None,
    )


def _read(said: str, scene: Scene, in_round: bool) -> Intent | None:
    # "Delete it" may be a yes, and an order.
    if len(said) <= LONGEST_YES and (answered := read_confirmed(HALVES.sub(" ", said), scene)):
        return answered
    if scene.poll and scene.before in OF_A_POLL and closes_it(said):
        return certain("poll_close")
    revealed = scene.round is not None and scene.round.revealed
    ordered = read_order(said)
    if ordered and ordered.value in (Order("ballot"), Order("mine")) and scene.poll is None:
        ordered = None  # what is asked of no open poll is asked of the sources
    return ordered or read_setting(said) or read_discussion(said) or read_round(said, in_round, revealed)
