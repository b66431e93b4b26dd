"""Posting questions for people to reply to: how they look, and how they are closed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot import shelf as scripts
from bot.activities import Heard
from bot.activities.engagement.gathering import ANSWER, answer_form
from bot.activities.engagement.questions import about, least_recent, questions_of
from bot.intents import Discuss, sayings
from bot.intents.times import moments
from bot.markup.marks import as_written
from bot.reply import Choice, Choices, Part, Reply, Sources, Text
from bot.store import Discussion, Due
from bot.store.discussing import question_slot
from bot.turn import Room, Turn

if TYPE_CHECKING:
    from bot.shelf import Shelf
    from bot.store.records import Records
    from knowledge.script import Script, Section

# So many can be open in a place at the same time.
MOST = 20
TOO_MANY = f"{MOST} questions are open here: say “close the discussion” before you post another one."
NONE_OPEN = "No posted question is open here."
IN_THREAD = "Reply in the thread, or press “Answer”."
IN_PRIVATE = "Press “Answer”, or begin what you say with “answer:”."
BY_BUTTON = "Press “Answer”; what is written in the thread is not gathered."
# Stands in the place of a script's slug where a question is of the handbook.
OF_HANDBOOK = "handbook"
NEVER = datetime.min.replace(tzinfo=UTC)


def post(heard: Heard, wanted: Discuss, script: Script, shelf: Shelf, zone: str, records: Records) -> Reply:
    """Post the question that is wanted, else the one that comes next in this place."""
    turn, held = heard.turn, questions_of(script)
    if wanted.number is not None:
        held = held[wanted.number - 1 : wanted.number]
    elif wanted.text:
        held = about(script, wanted.text)
    if not held and wanted.text and (topic := shelf.topic(wanted.text)) and topic.discussion:
        return _posted(turn, topic.discussion, (OF_HANDBOOK, topic.slug), zone, shelf, records)
    if not held:
        said = "I have no question about that. Say “post a question for the team” for the one that comes next."
        return _private(said)
    section, question = next_question(held, turn.room, records)
    return _posted(turn, question, (script.slug, section.slug), zone, shelf, records)


def _posted(turn: Turn, question: str, about: tuple[str, str], zone: str, shelf: Shelf, records: Records) -> Reply:
    """Post a question, unless it stands here already; `about` is its script and section, or a topic of the handbook."""
    running = records.discussions.open_in(turn.room, turn.at)
    if any(one.question == question for one in running):
        return _private("That question is posted here already, and still open.")
    if len(running) >= MOST:
        return _private(TOO_MANY)
    room = turn.room.whole
    discussion = records.discussions.start(room, question, about, zone, turn.at)
    if turn.room.thread is not None and not turn.room.is_within:
        # It stands in the place itself, so that it has a thread of its own.
        records.posts.put(room, question_slot(discussion.id))
        return _private("It is being posted here, outside of this thread.")
    records.posts.put_by_reply(room, question_slot(discussion.id), turn.at)
    return message(discussion, shelf, records)


def next_question(held: list[tuple[Section, str]], room: Room, records: Records) -> tuple[Section, str]:
    """The first of the questions that was not posted in the place, else the one that was posted longest ago."""
    posted = records.discussions.posted(room)
    return least_recent(held, lambda question: posted.get(question, NEVER))


def message(discussion: Discussion, shelf: Shelf, records: Records) -> Reply:
    """The message with a question; it stays where it is, and shows the end there."""
    answer = Choice(ANSWER, opens=answer_form(discussion))
    parts: tuple[Part, ...] = (Text(f"{as_written(discussion.question)}\n{_how(discussion)}"), Choices((answer,)))
    if discussion.closed is not None:
        parts = (Text(f"{as_written(discussion.question)}\nThis discussion is over. {_replied(discussion, records)}"),)
    script = shelf.get(discussion.script)
    section = scripts.section_of(script, discussion.section) if script else None
    topic = shelf.handbook.document(discussion.section) if discussion.script == OF_HANDBOOK else None
    if script and section:
        parts = (*parts, Sources((scripts.source(script, section),)))
    elif topic:
        parts = (*parts, Sources((topic.source(),)))
    return Reply(parts, "engagement_question", slot=question_slot(discussion.id))


def draw(shelf: Shelf, records: Records, number: int, room: Room) -> Reply | None:
    """What the message with a question shows now."""
    discussion = records.discussions.find(number, room)
    return message(discussion, shelf, records) if discussion else None


def retract(records: Records, number: int, room: Room) -> str:
    """Let go of a question that could not be shown."""
    discussion = records.discussions.find(number, room)
    if discussion is not None:
        records.discussions.take_back(discussion)
    return "So the question is not posted."


def close_by_hand(heard: Heard, wanted: Discuss, records: Records) -> Reply:
    """Close what a moderator names, or the newest open one of the place."""
    turn, discussion = heard.turn, heard.scene.discussion
    if wanted.number is not None:
        discussion = records.discussions.find(wanted.number, turn.room)
    if discussion is None:
        return _private(NONE_OPEN)
    if discussion.closed is not None:
        return _private("That discussion was closed before.")
    records.discussions.close(discussion, turn.at)
    said = f"Closed: “{as_written(discussion.question)}” {_replied(discussion, records)}"
    see = Choice("See the replies", sayings.discuss("digest", discussion.id))
    return Reply((Text(said), Choices((see,))), "engagement_question", private=True)


def close_when_due(records: Records, due: Due, now: datetime) -> None:
    """Close a discussion whose time is up; one that somebody closed meanwhile stays as it is."""
    discussion = records.discussions.find(due.number)
    if discussion is not None:
        records.discussions.close(discussion, now)


def _how(discussion: Discussion) -> str:
    """How to reply, who will see it, until when, and how to take it back."""
    room = discussion.room
    way = IN_PRIVATE if room.private else IN_THREAD if room.overheard and not room.is_within else BY_BUTTON
    until = moments.shown(discussion.closes, discussion.zone, discussion.opened)
    return (
        f"{way}\nUntil {until} replies are gathered for the moderators, who may share them without names, and can ask "
        "for the names. To take yours out, say “take my reply back” to me."
    )


def _replied(discussion: Discussion, records: Records) -> str:
    people = records.discussions.people(discussion)
    return f"{f'{people} people' if people > 1 else '1 person' if people else 'Nobody'} replied."


def _private(said: str) -> Reply:
    return Reply((Text(said),), "engagement_question", private=True)
