"""Gathering replies to posted questions, from a form, from words, and from what is overheard in their threads."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from bot.activities import Heard
from bot.intents import Discuss, sayings
from bot.intents.discussions import read_answer, read_discussion
from bot.markup.marks import as_written
from bot.markup.visible import visible
from bot.reply import Choice, Choices, Field, Form, Part, Reply, Text
from bot.store import Discussion
from bot.turn import Turn
from knowledge.question import asks, clean

if TYPE_CHECKING:
    from bot.store.records import Records

ANSWER = "Answer"
FIELD = "answer"
LONGEST = 2_000
EMPTY = "There are no words in that: write a sentence or two."
NONE_OPEN = "No posted question is open here, so there is nothing to reply to."
OVER = "That discussion is over, so your reply was not kept."
FULL = "So many have replied to that question that I can keep no more replies: yours was not kept."
KEPT = "Thank you: your reply is kept for the moderators, who may share it without your name."
REPLACED = "It takes the place of your oldest one, as I keep five of each person."
# What wants something of the bot, and is no reply.
_REQUEST = re.compile(
    r"\W*(?:(?:please|pls|now|ok|and)\W+)*"
    r"(?:tell|explain|show|give|list|describe|define|summari[sz]e|compare|help|find|quiz|start|stop)\b",
    re.I,
)


def answer_form(discussion: Discussion) -> Form:
    """The form in which a question is answered."""
    field = Field(FIELD, "Your answer", hint=discussion.question, long=True)
    return Form(sayings.discuss("answer", discussion.id), "Your answer", (field,), _check)


def is_plain_reply(heard: Heard) -> bool:
    """Whether somebody replies to an open question in its thread: no question of their own, nor a request."""
    discussion, words = heard.scene.discussion, heard.turn.words
    if heard.intent.name != "question" or not heard.scene.in_thread or discussion is None:
        return False
    return not (discussion.is_over(heard.turn.at) or asks(words) or _REQUEST.match(words))


def answer(heard: Heard, wanted: Discuss, records: Records) -> Reply:
    """Keep a reply, or say why it is not kept; without one, the form for it."""
    turn, discussion = heard.turn, heard.scene.discussion
    if wanted.number is not None:
        discussion = records.discussions.find(wanted.number, turn.room)
    if discussion is None:
        return _told(NONE_OPEN)
    said = turn.fields.get(FIELD, "") if wanted.number is not None else wanted.text
    if wanted.number is not None and not turn.fields:
        form = Choices((Choice(ANSWER, opens=answer_form(discussion)),))
        return _told(as_written(discussion.question), form)
    if wrong := _check({FIELD: said}).get(FIELD):
        return _told(wrong)
    match records.discussions.gather(discussion, turn.person, _kept(said), turn.at):
        case "over":
            return _told(OVER)
        case "full":
            return _told(FULL)
        case "replaced":
            return _told(f"{KEPT} {REPLACED}", _way_back(discussion))
        case "kept":
            return _told(KEPT, _way_back(discussion))


def withdraw(heard: Heard, wanted: Discuss, records: Records) -> Reply:
    """Take back the replies of a person to the question that is meant: by number, by thread, or the newest."""
    turn, scene = heard.turn, heard.scene
    if wanted.number is not None:
        discussion = records.discussions.find(wanted.number)
    elif scene.in_thread:
        discussion = scene.discussion
    else:
        # In private nobody says which place they mean.
        discussion = records.discussions.replied_to(turn.person, None if turn.room.private else turn.room)
    count = records.discussions.withdraw(discussion, turn.person) if discussion else 0
    if discussion is None or not count:
        return _told("I hold no reply of yours to that, so there is nothing to take back.")
    replies = "your reply is" if count == 1 else f"your {count} replies are"
    return _told(f"Taken back: {replies} deleted. The question was “{as_written(discussion.question)}”")


def wants(turn: Turn, records: Records) -> bool:
    """Whether a turn is said in the thread of a question to which replies are gathered there."""
    discussion = records.discussions.of_thread(turn.room)
    return discussion is not None and not discussion.is_over(turn.at)


def overhear(turn: Turn, records: Records) -> bool:
    """Keep a reply that was said in the thread, or take back what somebody wants back there."""
    discussion = records.discussions.of_thread(turn.room)
    if discussion is None:
        return False
    # Nobody is kept from writing a lot there; what is long is no order.
    order = read_discussion(turn.words) if len(turn.words) <= LONGEST else None
    if order is not None and isinstance(order.value, Discuss):
        return order.value.action == "withdraw" and bool(records.discussions.withdraw(discussion, turn.person))
    marked = read_answer(turn.words)
    said = marked.value.text if marked and isinstance(marked.value, Discuss) else turn.words
    text = _kept(said)[:LONGEST]
    return bool(clean(text)) and records.discussions.gather(discussion, turn.person, text, turn.at) in (
        "kept",
        "replaced",
    )


def _kept(said: str) -> str:
    """A reply as it is kept: as it was written, on one line."""
    return " ".join(visible(said).split())


def _check(values: Mapping[str, str]) -> Mapping[str, str]:
    text = _kept(values.get(FIELD, ""))
    if not clean(text):
        return {FIELD: EMPTY}
    if len(text) > LONGEST:
        return {FIELD: f"That is {len(text):,} characters: shorten it to {LONGEST:,}."}
    return {}


def _way_back(discussion: Discussion) -> Choices:
    return Choices((Choice("take my replies back", sayings.discuss("withdraw", discussion.id)),), aside=True)


def _told(said: str, *more: Part) -> Reply:
    # What somebody replies is kept in one place only, from which they can take it back.
    return Reply((Text(said), *more), "engagement_question", private=True, remembered=False)
