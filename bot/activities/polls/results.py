"""Results: how polls stand or ended, who chose what where that is no secret, and what a repeated poll shows."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from bot import charts
from bot.activities import Heard
from bot.activities.polls import which
from bot.activities.polls.ballots import for_moderators, standing
from bot.activities.polls.links import Links
from bot.activities.polls.voting import QUIZ, START
from bot.intents import Order, Ref, sayings
from bot.intents.polls.ordering import of_poll
from bot.markup.marks import as_written
from bot.reply import Choice, Choices, Reply, Text, so_far
from bot.store import Poll
from bot.store.polling import FEWEST
from bot.store.scope import scope_of

if TYPE_CHECKING:
    from bot.store.records import Records

# So many polls are listed, the open ones first.
LISTED = 10
TOO_FEW_EDITIONS = f"An anonymous poll with fewer than {FEWEST} voters has none."


def results(heard: Heard, links: Links, records: Records) -> Reply:
    """How the poll stands that is named, else the open one, else the last one."""
    room, ref = heard.turn.room, heard.intent.value
    if isinstance(ref, Ref):
        poll: Poll | Reply | None = records.polls.find(ref.number, room)
    else:
        poll = which.any_poll(heard, lambda poll: sayings.poll_results(poll.id), records)
    if isinstance(poll, Reply):
        return poll
    if poll is None:
        return _none_yet(heard)
    parts = (*standing(poll, records), *links.below(poll, room, records), *for_moderators(poll, heard.turn.person))
    return Reply(parts, "results")


def list_polls(heard: Heard, links: Links, records: Records) -> Reply:
    """The polls of this place: the open ones first, then the last that were closed. Of other places that whoever
    speaks may have listed (see `scope_of`), the open ones.
    """
    room = heard.turn.room
    found = records.polls.last(room, 50)
    listed = sorted(found, key=lambda poll: (poll.closed is not None, -poll.id))[:LISTED]
    elsewhere = _elsewhere(heard, {poll.id for poll in found}, links, records)
    if not (listed or elsewhere):
        return _none_yet(heard)
    lines = [_line(poll, links.to_poll(poll, room, records), records) for poll in listed]
    choices = tuple(Choice(f"Results: {poll.question}"[:75], sayings.poll_results(poll.id)) for poll in listed)
    parts = (Text("\n".join(("Polls here:", *lines))), Choices(choices)) if listed else ()
    return Reply((*parts, *elsewhere), "results", private=True)


def names(heard: Heard, records: Records) -> Reply:
    """Who chose what, for moderators; never of an anonymous poll, and of a hidden one only after its close."""
    poll = named_or_last(heard, records)
    if isinstance(poll, Reply):
        return poll
    if poll is None:
        return _none_yet(heard)
    if poll.anonymous:
        return _private("That poll is anonymous: nobody can see who chose what.")
    if poll.hidden and poll.closed is None:
        return _private("Its results are hidden until the close, and so is who chose what.")
    chose = records.polls.votes.names(poll)
    rows = zip(poll.options, poll.numbers, strict=True)
    lines = [
        f"- {as_written(option)}: {as_written(', '.join(chose.get(number, ()))) or 'nobody'}" for option, number in rows
    ]
    return _private("\n".join((f"Who chose what in “{as_written(poll.question)}”:", *lines)))


def trend(heard: Heard, records: Records) -> Reply:
    """What the same poll showed in this place over time."""
    poll = named_or_last(heard, records)
    if isinstance(poll, Reply):
        return poll
    if poll is None:
        return _none_yet(heard)
    ended = [one for one in records.polls.same_question(heard.turn.room, poll.question) if one.closed is not None]
    editions = [
        charts.Edition(one.opened.date(), tally)
        for one in ended
        if (tally := records.polls.votes.shown_tally(one)) is not None
    ]
    picture = charts.trend(editions)
    if picture is None:
        held = "one result so far" if editions else "no result yet"
        few = f" {TOO_FEW_EDITIONS}" if len(editions) < len(ended) else ""
        said = f"“{as_written(poll.question)}” has {held} here: a trend needs two.{few}"
        return Reply((Text(said),), "results")
    return Reply((Text("\n".join(charts.trend_lines(editions))), picture), "results")


def named_or_last(heard: Heard, records: Records) -> Poll | Reply | None:
    """The poll of this place that an order is about, open or closed, or the question which one is; None for none."""
    order = heard.intent.value
    assert isinstance(order, Order)
    if order.number is not None:
        return records.polls.find(order.number, heard.turn.room)
    return which.any_poll(heard, lambda poll: of_poll(order, poll.id), records)


def _elsewhere(heard: Heard, here: Collection[int], links: Links, records: Records) -> tuple[Text, ...]:
    """The open polls around this place, or of all public places for their administrator, without those of `here`."""
    scope = scope_of(heard.turn)
    if not scope.server and not heard.turn.room.is_within:
        return ()
    found = [poll for poll in records.polls.all(still_open=True, scope=scope) if poll.id not in here][:LISTED]
    lines = (_line(poll, links.within(poll, scope, records), records) for poll in found)
    where = "Open in the channel around this thread" if not scope.server else "Open elsewhere"
    return (Text("\n".join((f"{where}:", *lines))),) if found else ()


def _line(poll: Poll, address: str | None, records: Records) -> str:
    to_it = f" [Go to it]({address})" if address else ""
    return f"- {as_written(poll.question)} ({_state(poll, records)}){to_it}"


def _state(poll: Poll, records: Records) -> str:
    voters = records.polls.votes.voters(poll)
    return f"{so_far(voters).rstrip('.').lower()}; {'closed' if poll.closed else 'open'}, number {poll.id}"


def _none_yet(heard: Heard) -> Reply:
    choices = (START, QUIZ) if heard.turn.person.moderator else (QUIZ,)
    return Reply((Text("No poll has been held here yet, so there are no results."), Choices(choices)), "results")


def _private(said: str) -> Reply:
    return Reply((Text(said),), "results", private=True)
