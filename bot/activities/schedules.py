"""Schedules: what comes again in a place, whatever brings it, and how that is ended."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from bot.activities import Heard, Step, stop_repeating
from bot.intents import Order
from bot.intents.stakes import does_with
from bot.intents.times.moments import shown
from bot.intents.times.rules import repeating
from bot.reply import Choices, Part, Reply, Text
from bot.store.polling import ballot_slot

if TYPE_CHECKING:
    from bot.store.records import Records

# What can come again, by the kind of its schedule.
KINDS = {"poll": "a poll", "engagement": "a question to discuss", "digest": "the digest of replies"}
# So many can be ended by a button.
MOST = 20
NOTHING = "Nothing comes again here. After a poll say “repeat the poll every Monday at 9:00”."


class Schedules:
    """Takes moderators' wishes to see what comes again, and to end it."""

    async def take(self, heard: Heard) -> Reply | Step | None:
        """The list, or the end of one."""
        order = heard.intent.value
        if not isinstance(order, Order) or order.action not in ("schedules", "end"):
            return None
        if not heard.turn.person.moderator:
            return _private((Text("Only moderators can do that here."),))
        if order.action == "schedules" or does_with(heard.intent) != "act":
            # The list has a button for each to end it.
            return partial(_list, heard)
        return partial(_end, heard, order.number)


def _list(heard: Heard, records: Records) -> Reply:
    found = [(one, one.next) for one in records.plans.schedules(heard.turn.room) if one.next is not None]
    if not found:
        return _private((Text(NOTHING),))
    lines = [
        f"- {one.id}: {KINDS[one.kind]}, {repeating(one.rule)}, next on {shown(coming, one.zone, heard.turn.at)}"
        for one, coming in found
    ]
    choices = tuple(stop_repeating(one.id) for one, _ in found[:MOST])
    return _private((Text("\n".join(("What comes again here:", *lines))), Choices(choices)))


def _end(heard: Heard, number: int | None, records: Records) -> Reply:
    """End the one that is named, or the only one; what it has opened stays open."""
    room = heard.turn.room
    found = records.plans.schedules(room) if number is None else [records.plans.schedule(number, room)]
    schedules = [one for one in found if one is not None]
    if not schedules:
        return _private((Text("Nothing comes again here."),))
    if len(schedules) > 1:
        return _list(heard, records)
    records.plans.set_next(schedules[0].id, schedules[0].kind, None)
    for poll in records.polls.of_schedule(schedules[0].id):
        if poll.closed is None:
            records.posts.look_again(ballot_slot(poll.id))
    return Reply((Text("It will not come again. What is open stays open until it closes."),), "poll_start")


def _private(parts: tuple[Part, ...]) -> Reply:
    return Reply(parts, "poll_start", private=True)
