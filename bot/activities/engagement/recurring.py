"""What comes again: questions that are posted, and digests that are sent, by a rule."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from bot.activities import Heard, catch_up, do_you_mean, schedules_full, stop_repeating
from bot.activities.engagement.posting import next_question
from bot.activities.engagement.questions import questions_of
from bot.intents import Discuss
from bot.intents.times.moments import MomentError, read_recurrence, repeating, shown
from bot.reply import Choice, Choices, Reply, Text
from bot.store import Due
from bot.store.discussing import GATHERED, digest_slot, question_slot

if TYPE_CHECKING:
    from bot.shelf import Shelf
    from bot.store.records import Records

QUESTION, DIGEST = "engagement", "digest"


def repeat(heard: Heard, wanted: Discuss, zone: str, records: Records) -> Reply:
    """Have a question posted, or a digest sent, in this room again and again."""
    turn = heard.turn
    try:
        again = read_recurrence(wanted.text, turn.at, zone)
    except MomentError as error:
        return _private(str(error))
    kind = QUESTION if wanted.action == "repeat" else DIGEST
    if any((one.kind, one.rule) == (kind, again.rule) for one in records.plans.schedules(turn.room)):
        return _private(f"That comes here {repeating(again.rule)} already. Say “stop repeating” to end it.")
    if full := schedules_full(turn.room, records):
        return _private(full)
    # A schedule keeps no more of its room than where it is.
    content = json.dumps({"overheard": turn.room.overheard})
    room = replace(turn.room, thread=None) if kind == QUESTION else turn.room
    schedule = records.plans.repeat(room, kind, content, again.rule, again.first, zone)
    when = f"{repeating(again.rule)}, first on {shown(again.first, zone, turn.at)}"
    said = f"I will post a question here {when}. Each time it is the one that was not posted here for the longest."
    if kind == DIGEST:
        said = (
            f"I will send the digest here {when}: what was replied here. Everybody here will be able to read it; it "
            "names nobody."
        )
    return Reply((Text(said), Choices((stop_repeating(schedule.id),))), "engagement_question")


def ask_first(heard: Heard, wanted: Discuss) -> Reply:
    """Whether that is to come again, in the set form that a "yes" says."""
    asked = _in_words(wanted.action, wanted.text)
    return do_you_mean(heard, asked, asked, here=True)


def choose(wanted: Discuss) -> Reply:
    """What can come again, where something else is wanted so."""
    said = Text("A poll, a question for the team and the digest of their replies can come again here. Shall I do this?")
    asked = [_in_words(action, wanted.text) for action in ("send", "repeat")]
    return Reply((said, Choices(tuple(Choice(one, one) for one in asked))), "engagement_question", private=True)


def _in_words(action: str, often: str) -> str:
    return f"Send the digest {often}" if action == "send" else f"Post a question {often}"


def post_again(shelf: Shelf, records: Records, due: Due, now: datetime) -> None:
    """Post the question that comes next in the place of a schedule.

    Of what was missed while no process ran only the last is posted, if it would still be open.
    """
    schedule = records.plans.schedule(due.number)
    if schedule is None:
        return
    at = catch_up(schedule, due, now, records)
    place = records.places.find(schedule.room)
    fitting = shelf.fitting("", place.script, questions_of)
    if at + GATHERED <= now or not fitting or "discussions" in place.off:
        return
    room = replace(schedule.room, overheard=bool(json.loads(schedule.content)["overheard"]))
    section, question = next_question(questions_of(fitting[0]), room, records)
    for before in records.discussions.open_in(room, now):
        if before.question == question:
            records.discussions.close(before, now)
    discussion = records.discussions.start(room, question, (fitting[0].slug, section.slug), schedule.zone, now)
    records.posts.put(room, question_slot(discussion.id))


def send_again(records: Records, due: Due, now: datetime) -> None:
    """Send one digest of all that was gathered since the one before, however many were missed."""
    schedule = records.plans.schedule(due.number)
    if schedule is None:
        return
    catch_up(schedule, due, now, records)
    if records.places.find(schedule.room).quiet:
        return
    digest = records.discussions.start_digest(schedule, now)
    records.posts.put(schedule.room, digest_slot(digest.id))


def _private(said: str) -> Reply:
    return Reply((Text(said),), "engagement_question", private=True)
