"""Which of several polls is meant: the one that words name, or that was spoken of just now; else it is asked."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from bot.activities import Heard
from bot.intents import Order
from bot.intents.options import told_apart
from bot.intents.polls.ordering import in_words
from bot.intents.sayings import DO_YOU_MEAN
from bot.intents.talk.going_on import told_last
from bot.markup.marks import as_written
from bot.reply import Choice, Choices, Reply, Text
from bot.store import Poll
from knowledge.words import content_words, words_of

if TYPE_CHECKING:
    from bot.store.records import Records

# What the button of a poll says, among several; None where no button can say it.
Says = Callable[[Poll], str | None]

# So many polls of a place, the newest, can be named by words of their question.
NAMED_AMONG = 20
# Words of what is to be done, which name no poll.
_COMMANDS = words_of(
    """close closed closing end ended finish stop shut lock poll polls survey surveys vote votes voting voted ballot
    result results tally outcome show tell give list open running current last latest first new old option options
    choice choices add remove rename change edit extend deadline until till today tomorrow tonight name names trend
    repeat every save keep template share reopen delete edit please pls thanks now time over done everyone everybody
    both all team people number bot"""
)
_THE_POLL = re.compile(
    r"\b(?:the|a|our|this|that|my|any) (?:open |running |current )?(?:polls?|surveys?|votes?)\b", re.I
)
_SEVERAL = re.compile(r"\b(?:both|all|every|each)\b", re.I)
# "the lunch poll", "the poll about lunch": words that are there to name one.
_NAMES = re.compile(
    r"\b(?:the|our|that|this) ((?:[\w'’-]+ ){1,4}?)(?:poll|survey|vote)\b"
    r"|\b(?:poll|survey|vote) (?:about|on|called|named|regarding) (.{1,80})",
    re.I,
)
WHICH = "Which poll do you mean?"


def open_poll(heard: Heard, says: Says, records: Records) -> Poll | Reply | None:
    """The open poll that is meant, or the question which one is; None where none is open."""
    found = [poll for poll in reversed(records.polls.open_in(heard.turn.room)) if not poll.is_over(heard.turn.at)]
    meant = one_of(heard, found)
    named = meant is None and _names(heard)
    if named:
        closed = named_in(_said(heard), records.polls.last(heard.turn.room, NAMED_AMONG))
        if closed is not None and closed.closed is not None:
            said = f"The poll “{as_written(closed.question)}” is closed already."
            return Reply((Text(said),), heard.intent.name, private=True)
    # "Close the budget poll" may not mean the only one that is open, if that is about something else.
    if meant is None and (len(found) > 1 or (found and named)):
        return ask_which(heard, found, says)
    return meant or next(iter(found), None)


def any_poll(heard: Heard, says: Says, records: Records) -> Poll | Reply | None:
    """The poll of this place that is meant, open or closed: without a name the open one, else the newest; or the
    question which one is. None where none has been held.
    """
    last = records.polls.last(heard.turn.room, NAMED_AMONG)
    found = [poll for poll in last if not poll.is_over(heard.turn.at)]
    meant = one_of(heard, found) or named_in(_said(heard), last)
    if meant is None and len(found) > 1:
        return ask_which(heard, found, says)
    return meant or next(iter(found), None) or next(iter(last), None)


def one_of(heard: Heard, polls: Sequence[Poll]) -> Poll | None:
    """The one of `polls` that is named by words of its question, by an option that no other has, or as what the bot
    has just asked about or shown; None where that is none of them, or several.
    """
    said, told = heard.turn.words, told_last(heard.scene)
    order = heard.intent.value
    if _SEVERAL.search(said):
        return None
    if named := named_in(_said(heard), polls):
        return named
    if isinstance(order, Order) and (option := order.old or (order.text if order.action == "remove" else "")):
        having = [poll for poll in polls if option.casefold() in [one.casefold() for one in poll.options]]
        if len(having) == 1:
            return having[0]
    if _names(heard) or (DO_YOU_MEAN not in told and _THE_POLL.search(said)):
        return None
    shown = [poll for poll in polls if f"“{poll.question}”" in told or f": {poll.question}" in told]
    return shown[0] if len(shown) == 1 else None


def named_in(said: str, polls: Sequence[Poll]) -> Poll | None:
    """The one of `polls`, newest first, whose question has words of `said` that no other has."""
    # Of polls that were held again the newest is meant.
    newest = list({poll.question: poll for poll in reversed(polls)}.values())
    place = told_apart(" ".join(topic_of(said)), [poll.question for poll in newest])
    return newest[place - 1] if place else None


def topic_of(said: str) -> list[str]:
    """The words of `said` that may name a poll."""
    return [word for word in content_words(said) if word not in _COMMANDS]


def _names(heard: Heard) -> bool:
    """Whether words are there to name a poll, whichever that is."""
    return any(topic_of(" ".join(filter(None, found.groups()))) for found in _NAMES.finditer(_said(heard)))


def ask_which(heard: Heard, polls: Sequence[Poll], says: Says) -> Reply:
    """Ask which of several polls is meant, each on a button where one can say it."""
    order = heard.intent.value
    what = in_words(order) if isinstance(order, Order) else None
    head = f"{as_written(what)}: {WHICH[0].lower()}{WHICH[1:]}" if what else WHICH
    lines = [f"- {as_written(poll.question)} (number {poll.id})" for poll in polls]
    choices = [Choice(poll.question[:75], said) for poll in polls if (said := says(poll))]
    if len(choices) < len(polls):
        return Reply((Text("\n".join((f"{head} Say it with its number.", *lines))),), heard.intent.name, private=True)
    return Reply((Text(head), Choices(tuple(choices))), heard.intent.name, private=True)


def _said(heard: Heard) -> str:
    """What is said, without what is to be added or written, which names no poll."""
    order, said = heard.intent.value, heard.turn.words
    for part in (order.text, order.old) if isinstance(order, Order) else ():
        said = said.replace(part, " ") if part else said
    return said
