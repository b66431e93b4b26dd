"""Results: how polls stand or ended, who chose what where that is no secret, and what a repeated poll shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot import charts
from bot.activities import Heard
from bot.activities.polls.ballots import for_moderators, standing
from bot.activities.polls.voting import QUIZ, START
from bot.intents import Order, Ref, sayings
from bot.reply import Choice, Choices, Reply, Text, so_far
from bot.store import Poll

if TYPE_CHECKING:
    from bot.store.records import Records

# So many polls are listed, the open ones first.
LISTED = 10


def results(heard: Heard, records: Records) -> Reply:
    """How the poll stands that is named, else the open one, else the last one."""
    room, ref = heard.turn.room, heard.intent.value
    if isinstance(ref, Ref):
        poll = records.polls.find(ref.number, room)
    else:
        poll = records.polls.newest_open(room, heard.turn.at) or next(iter(records.polls.last(room)), None)
    if poll is None:
        return _none_yet(heard)
    return Reply((*standing(poll, records), *for_moderators(poll, heard.turn.person)), "results")


def list_polls(heard: Heard, records: Records) -> Reply:
    """The polls of this place: the open ones first, then the last that were closed."""
    found = records.polls.last(heard.turn.room, 50)
    listed = sorted(found, key=lambda poll: (poll.closed is not None, -poll.id))[:LISTED]
    if not listed:
        return _none_yet(heard)
    lines = [f"- {poll.question} ({_state(poll, records)})" for poll in listed]
    choices = tuple(Choice(f"Results: {poll.question}"[:75], sayings.poll_results(poll.id)) for poll in listed)
    return Reply((Text("\n".join(("Polls here:", *lines))), Choices(choices)), "results", private=True)


def names(heard: Heard, records: Records) -> Reply:
    """Who chose what, for moderators; never of an anonymous poll, and of a hidden one only after its close."""
    poll = named_or_last(heard, records)
    if poll is None:
        return _none_yet(heard)
    if poll.anonymous:
        return _private("That poll is anonymous: nobody can see who chose what.")
    if poll.hidden and poll.closed is None:
        return _private("Its results are hidden until the close, and so is who chose what.")
    chose = records.polls.votes.names(poll)
    rows = zip(poll.options, poll.numbers, strict=True)
    lines = [f"- {option}: {', '.join(chose.get(number, ())) or 'nobody'}" for option, number in rows]
    return _private("\n".join((f"Who chose what in “{poll.question}”:", *lines)))


def trend(heard: Heard, records: Records) -> Reply:
    """What the same poll showed in this place over time."""
    poll = named_or_last(heard, records)
    if poll is None:
        return _none_yet(heard)
    editions = [
        charts.Edition(one.opened.date(), records.polls.votes.tally(one))
        for one in records.polls.same_question(heard.turn.room, poll.question)
        if one.closed is not None
    ]
    picture = charts.trend(editions)
    if picture is None:
        held = "one result so far" if editions else "no result yet"
        said = f"“{poll.question}” has {held} here: a trend needs two."
        return Reply((Text(said),), "results")
    return Reply((Text("\n".join(charts.trend_lines(editions))), picture), "results")


def named_or_last(heard: Heard, records: Records) -> Poll | None:
    """The poll of this place that an order names, else the newest one."""
    order = heard.intent.value
    number = order.number if isinstance(order, Order) else None
    if number is not None:
        return records.polls.find(number, heard.turn.room)
    return next(iter(records.polls.last(heard.turn.room)), None)


def _state(poll: Poll, records: Records) -> str:
    voters = records.polls.votes.voters(poll)
    return f"{so_far(voters).rstrip('.').lower()}; {'closed' if poll.closed else 'open'}, number {poll.id}"


def _none_yet(heard: Heard) -> Reply:
    choices = (START, QUIZ) if heard.turn.person.moderator else (QUIZ,)
    return Reply((Text("No poll has been held here yet, so there are no results."), Choices(choices)), "results")


def _private(said: str) -> Reply:
    return Reply((Text(said),), "results", private=True)
