"""What moderators do with polls once they are there: changing, reopening, sharing, keeping for reuse, repeating."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.activities import Heard, stop_repeating
from bot.activities.polls.ballots import whole_ballot
from bot.activities.polls.opening import FORM, repeat, template_meant, to_mend
from bot.activities.polls.results import named_or_last
from bot.activities.polls.voting import none_open
from bot.intents import Order, sayings
from bot.intents.drafts import DraftError, draft_form, read_form
from bot.intents.moments import MomentError, in_words, read_deadline, read_recurrence
from bot.intents.rules import repeating
from bot.reply import Choice, Choices, Form, Part, Reply, Text
from bot.store import Draft, Poll
from bot.store.polling import ballot_slot, draft_of, reusable

if TYPE_CHECKING:
    from bot.shelf import Shelf
    from bot.store.records import Records

LONGEST_NAME = 60


def edit(heard: Heard, zone: str, shelf: Shelf, records: Records) -> Reply:
    """The form to change an open poll, or the change that it was submitted with; no vote is lost by it."""
    poll = _open_poll(heard, records)
    if poll is None:
        return none_open(heard)
    says, at = sayings.order("edit", poll.id), heard.turn.at
    if not heard.turn.fields:
        form = _form_of(heard, poll, zone)
        said = Text(f"Change “{poll.question}” in the form.")
        return _private((said, Choices((Choice(FORM, opens=form),))))
    try:
        draft = read_form(heard.turn.fields, at, poll.zone or zone)
    except DraftError as error:
        return to_mend(error.sentences, draft_form(says, error.draft, now=at, zone=zone))
    if lost := tuple(_lost(poll, draft, records)):
        return to_mend(lost, draft_form(says, draft, now=at, zone=zone))
    return _changed(heard, poll, draft, shelf, records)


def edit_form(heard: Heard, zone: str, records: Records) -> Form | None:
    """The form to change an open poll, as it is now."""
    poll = _open_poll(heard, records)
    return _form_of(heard, poll, zone) if poll else None


def _form_of(heard: Heard, poll: Poll, zone: str) -> Form:
    says = sayings.order("edit", poll.id)
    return draft_form(says, draft_of(poll), now=heard.turn.at, zone=poll.zone or zone)


def set_deadline(heard: Heard, zone: str, shelf: Shelf, records: Records) -> Reply:
    """Have an open poll close at another time."""
    poll = _open_poll(heard, records)
    if poll is None:
        return none_open(heard)
    try:
        wanted = read_deadline(_order(heard).text, heard.turn.at, poll.zone or zone)
    except MomentError as error:
        return _private((Text(str(error)),))
    until = heard.turn.at + wanted if isinstance(wanted, timedelta) else wanted
    return _changed(
        heard, poll, replace(draft_of(poll), until=until, remind=None, zone=poll.zone or zone), shelf, records
    )


def reopen(heard: Heard, shelf: Shelf, records: Records) -> Reply:
    """Open a poll again that was closed; an anonymous one cannot be, as nobody in it can be told from anybody."""
    turn, number = heard.turn, _order(heard).number
    found = records.polls.last(turn.room, 20) if number is None else [records.polls.find(number, turn.room)]
    poll = next((one for one in found if one is not None and (number is not None or one.closed is not None)), None)
    if poll is None:
        return _private((Text("No poll has been closed here, so there is none to reopen."),))
    if poll.closed is None:
        return _private((Text(f"The poll “{poll.question}” is open already."),))
    if poll.anonymous:
        said = "An anonymous poll cannot be reopened: nobody can tell any more who has voted. Start a new one instead."
        return _private((Text(said),))
    opened = records.polls.reopen(poll)
    records.posts.put_by_reply(turn.room.whole, ballot_slot(poll.id), turn.at)
    return whole_ballot(opened, shelf, records)


def share(heard: Heard, records: Records) -> Reply:
    """A code by which moderators elsewhere can hold the poll there as well."""
    poll = _open_poll(heard, records)
    if poll is None:
        return none_open(heard)
    code = records.polls.invite(poll, heard.turn.at)
    said = (
        f"To hold “{poll.question}” in another place as well, a moderator there says “join poll {code}” within a day. "
        "All votes count for one result; whoever votes on two platforms counts as two."
    )
    return _private((Text(said),))


# --- Templates ---


def save(heard: Heard, records: Records) -> Reply:
    """Keep a poll of this place as a template."""
    turn, order, poll = heard.turn, _order(heard), named_or_last(heard, records)
    if poll is None:
        return _private((Text("No poll has been held here yet, so there is none to keep."),))
    name = " ".join(order.text.split())
    if not name or len(name) > LONGEST_NAME:
        said = f"Say how the template is to be called, in at most {LONGEST_NAME} characters: “save the poll as lunch”."
        return _private((Text(said),))
    template = records.plans.keep(turn.room, name, reusable(poll))
    return _private((Text(f"Kept as “{template.name}”. Say “use template {template.name}” to open it again."),))


def list_templates(heard: Heard, records: Records) -> Reply:
    """The templates of this place, to be opened."""
    found = records.plans.templates(heard.turn.room)
    if not found:
        return _private((Text("No poll is kept here for reuse. After one say “save the poll as lunch”."),))
    lines = [f"- {one.name}: {one.draft.question}" for one in found]
    choices = tuple(Choice(one.name, sayings.order("use", one.id)) for one in found[:20])
    said = "\n".join(("Polls kept for reuse (“drop template …” deletes one):", *lines))
    return _private((Text(said), Choices(choices)))


def drop(heard: Heard, records: Records) -> Reply:
    """Delete a template."""
    template = template_meant(heard, records)
    if isinstance(template, Reply):
        return template
    records.plans.drop(template)
    return _private((Text(f"The template “{template.name}” is deleted."),))


# --- What comes again ---


def repeat_poll(heard: Heard, zone: str, records: Records) -> Reply:
    """Have the newest poll, or the one named, come again by a rule."""
    turn, order, poll = heard.turn, _order(heard), named_or_last(heard, records)
    if poll is None:
        return _private((Text("No poll has been held here yet, so there is none to repeat."),))
    zone = poll.zone or zone
    try:
        again = read_recurrence(order.text, turn.at, zone)
    except MomentError as error:
        return _private((Text(str(error)),))
    schedule = repeat(heard, replace(reusable(poll), rule=again.rule, zone=zone), records)
    when = in_words(schedule.next, zone, turn.at) if schedule.next else "never"
    said = f"“{poll.question}” comes again {repeating(again.rule)}, next on {when}."
    return Reply((Text(said), Choices((stop_repeating(schedule.id),))), "poll_start")


def _changed(heard: Heard, poll: Poll, draft: Draft, shelf: Shelf, records: Records) -> Reply:
    changed = records.polls.change(poll, draft, heard.turn.at)
    when = "It closes when a moderator closes it."
    if changed.closes is not None:
        when = f"It closes on {in_words(changed.closes, changed.zone or 'UTC', heard.turn.at)}."
    return _private((Text(f"Changed, with all votes kept. {when}"), *whole_ballot(changed, shelf, records).parts))


def _lost(poll: Poll, draft: Draft, records: Records) -> Iterator[str]:
    """What of a change would lose votes, or what voters were promised."""
    if draft.anonymous != poll.anonymous:
        yield "Whether a poll is anonymous cannot be changed: close it, and open another one."
    if draft.rule:
        yield "To have it come again say “repeat the poll”, followed by when."
    tally = records.polls.votes.tally(poll)
    if not tally.voters:
        return
    if draft.question != poll.question:
        yield "The question cannot be changed any more: people have answered it."
    if draft.several != poll.several:
        yield "How many options one can choose cannot be changed any more: people have chosen."
    if poll.hidden and not draft.hidden:
        yield "The results were promised for after the close, and stay hidden until then."
    gone = [one for one in zip(poll.options, tally.counts, strict=True) if one[0] not in draft.options]
    if gone and (poll.hidden or poll.anonymous):
        # To say which of them has votes would tell a result.
        yield "Options cannot be changed or removed any more, as people have voted. You can add some."
    elif chosen := [option for option, count in gone if count]:
        yield f"“{chosen[0]}” has votes, so it stays as it is. You can add options."


def _open_poll(heard: Heard, records: Records) -> Poll | None:
    number, turn = _order(heard).number, heard.turn
    if number is None:
        return records.polls.newest_open(turn.room, turn.at)
    poll = records.polls.find(number, turn.room)
    return poll if poll is not None and not poll.is_over(turn.at) else None


def _order(heard: Heard) -> Order:
    assert isinstance(heard.intent.value, Order)
    return heard.intent.value


def _private(parts: tuple[Part, ...]) -> Reply:
    return Reply(parts, "poll_start", private=True)
