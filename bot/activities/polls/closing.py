"""Closing polls, by hand or when their time has come, and the reminder before that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from bot.activities import Heard, do_you_mean, undoable
from bot.activities.polls import which
from bot.activities.polls.ballots import result, standing
from bot.activities.polls.links import Links
from bot.activities.polls.voting import none_open
from bot.intents import Ref
from bot.intents.sayings import close_poll
from bot.intents.stakes import does_with
from bot.intents.times.moments import lasting, shown
from bot.markup.marks import as_written
from bot.reply import Choices, Reply, Text, so_far
from bot.store import Due, Poll
from bot.store.polling import ballot_slot, result_slot
from bot.turn import Room

if TYPE_CHECKING:
    from bot.store.records import Records

REMINDER = "reminder"
# What is undone where the close of a poll is.
UNDO_CLOSE = "close"


def close(poll: Poll, at: datetime, records: Records, told_in: Room | None = None) -> Poll:
    """Close a poll, and have its result told in all rooms where it was voted in; in `told_in` by the reply."""
    if poll.closed is not None:
        return poll
    closed = records.polls.close(poll, at)
    if told_in is not None:
        records.posts.put_by_reply(told_in.whole, result_slot(poll.id), at)
    for post in records.posts.of_slot(ballot_slot(poll.id)):
        records.posts.put(post.room, result_slot(poll.id))
    records.posts.drop(f"{REMINDER}-{poll.id}")
    return closed


def close_by_hand(heard: Heard, links: Links, records: Records) -> Reply:
    """Close what a moderator names, or the newest open one."""
    turn, ref = heard.turn, heard.intent.value
    if not turn.person.moderator:
        return Reply((Text("Only moderators can close a poll here."),), "poll_close", private=True)
    if isinstance(ref, Ref):
        poll: Poll | Reply | None = records.polls.find(ref.number, turn.room)
    else:
        poll = which.open_poll(heard, lambda poll: close_poll(poll.id), records)
    if isinstance(poll, Reply):
        return poll
    if poll is None:
        return none_open(heard)
    if poll.closed is not None:
        told = (Text("That poll was closed before."), *standing(poll, records))
        return Reply(told, "poll_close", private=True)
    if does_with(heard.intent, poll) != "act":
        return do_you_mean(heard, f"Close “{poll.question}”", close_poll(poll.id))
    ended = result(close(poll, turn.at, records, turn.room), links, records, turn.room)
    if isinstance(ref, Ref) or poll.anonymous:
        return ended
    back = undoable(heard, UNDO_CLOSE, before_close(poll), records)
    return replace(ended, parts=(*ended.parts, Choices((back,), aside=True)))


def before_close(poll: Poll) -> Mapping[str, Any]:
    """How a poll was before its close, to be undone."""
    return {"poll": poll.id, "closes": poll.closes.isoformat() if poll.closes else None}


def close_when_due(records: Records, due: Due, now: datetime) -> None:
    """Close a poll whose deadline has come; one that somebody closed meanwhile stays as it is."""
    poll = records.polls.find(due.number)
    if poll is not None:
        close(poll, now, records)


def remind_when_due(records: Records, due: Due, now: datetime) -> None:
    """Remind people of a poll that closes soon, wherever it is held."""
    poll = records.polls.find(due.number)
    if poll is None or poll.is_over(now):
        return
    records.posts.drop(f"{REMINDER}-{poll.id}")
    for post in records.posts.of_slot(ballot_slot(poll.id)):
        if not records.places.find(post.room).quiet:
            records.posts.put(post.room, f"{REMINDER}-{poll.id}")


def draw_reminder(records: Records, number: int) -> Reply | None:
    """The reminder of a poll, as long as it is open; it tells no result."""
    poll = records.polls.find(number)
    if poll is None or poll.closed is not None or poll.closes is None or poll.remind is None:
        return None
    when = shown(poll.closes, poll.zone or "UTC", poll.opened)
    voted = so_far(records.polls.votes.voters(poll))
    said = f"The poll “{as_written(poll.question)}” closes in {lasting(poll.remind)}, on {when}. {voted}"
    return Reply((Text(said),), "poll_start", slot=f"{REMINDER}-{number}")
