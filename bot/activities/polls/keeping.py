"""What moderators do with polls once they are there: changing, reopening, sharing, keeping for reuse, repeating."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.activities import Heard, do_you_mean, schedules_full, stop_repeating
from bot.activities.polls import which
from bot.activities.polls.ballots import whole_ballot
from bot.activities.polls.opening import FORM, MOST, TOO_MANY, repeat, template_meant, to_mend
from bot.activities.polls.results import named_or_last
from bot.activities.polls.voting import none_open
from bot.intents import Order, sayings
from bot.intents.polls.draft_forms import draft_form, read_form
from bot.intents.polls.drafts import DraftError, wrong_options
from bot.intents.polls.ordering import in_words, of_poll, place_of_option
from bot.intents.times.extending import closing_time
from bot.intents.times.moments import MomentError, read_recurrence, shown
from bot.intents.times.rules import repeating
from bot.markup.marks import as_written
from bot.reply import LONGEST_SAYING, Choice, Choices, Form, Part, Reply, Text
from bot.store import Draft, Poll
from bot.store.polling import ballot_slot, draft_of, reusable

if TYPE_CHECKING:
    from bot.shelf import Shelf
    from bot.store.records import Records

LONGEST_NAME = 60
# So many polls of a place are kept for reuse: more than anybody reads through.
MOST_TEMPLATES = 50


def edit(heard: Heard, zone: str, shelf: Shelf, records: Records) -> Reply:
    """The form to change an open poll, or the change that it was submitted with; no vote is lost by it."""
    poll = _open_poll(heard, records)
    if isinstance(poll, Reply):
        return poll
    says, at = sayings.order("edit", poll.id), heard.turn.at
    if not heard.turn.fields:
        form = _form_of(heard, poll, zone)
        said = Text(f"Change “{as_written(poll.question)}” in the form.")
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
    return _form_of(heard, poll, zone) if isinstance(poll, Poll) else None


def _form_of(heard: Heard, poll: Poll, zone: str) -> Form:
    says = sayings.order("edit", poll.id)
    return draft_form(says, draft_of(poll), now=heard.turn.at, zone=poll.zone or zone)


def ask_first(heard: Heard, records: Records) -> Reply:
    """Ask whether an order that was not plainly said is meant, of which poll; nothing is done."""
    order = _order(heard)
    asked = in_words(order) or ""
    if order.action == "reopen" and (here := heard.scene.poll) is not None:
        # "Open it", of a poll that is.
        said = f"“{as_written(here.question)}” is open."
        return _private((Text(f"{said} To open one again that was closed, say “reopen the poll”."),))
    poll = None if order.action in ("reopen", "end") else _open_poll(heard, records)
    if isinstance(poll, Reply):
        return poll
    about = ""
    if poll is not None and len(records.polls.open_in(heard.turn.room)) > 1:
        # A yes does what is asked in these words: so they tell which poll it is.
        asked = of_poll(order, poll.id) or asked
        about = f"Poll {poll.id} is “{as_written(poll.question)}”."
    says = asked if asked.isascii() and len(asked) <= LONGEST_SAYING else None
    return do_you_mean(heard, asked[0].upper() + asked[1:], says, here=True, about=about)


def change_option(heard: Heard, zone: str, shelf: Shelf, records: Records) -> Reply:
    """Add an option to an open poll, call one otherwise, or take one out; where words leave open which, the form."""
    poll, order = _open_poll(heard, records), _order(heard)
    if isinstance(poll, Reply):
        return poll
    options = [*poll.options]
    named = order.text if order.action == "remove" else order.old
    place = place_of_option(named, poll.options) if named else None
    if not order.text or (order.action != "add" and place is None):
        return edit(heard, zone, shelf, records)
    if order.action == "add":
        options.append(order.text)
    elif order.action == "rename" and place is not None:
        options[place] = order.text
    elif place is not None:
        options.pop(place)
    draft = replace(draft_of(poll), options=tuple(options))
    says, at = sayings.order("edit", poll.id), heard.turn.at
    if wrong := (*wrong_options(draft.options), *_lost(poll, draft, records)):
        return to_mend(wrong, draft_form(says, draft, now=at, zone=poll.zone or zone))
    return _changed(heard, poll, draft, shelf, records)


def tell_deadline(heard: Heard, records: Records) -> Reply:
    """When an open poll closes."""
    poll = _open_poll(heard, records)
    if isinstance(poll, Reply):
        return poll
    said = f"“{as_written(poll.question)}” closes when a moderator closes it."
    if poll.closes is not None:
        said = f"“{as_written(poll.question)}” closes on {shown(poll.closes, poll.zone or 'UTC', heard.turn.at)}."
    return Reply((Text(said),), "results", private=True)


def delete(heard: Heard, records: Records) -> Reply:
    """That a poll is not deleted by hand, and what can be done instead."""
    poll = _open_poll(heard, records)
    if isinstance(poll, Reply):
        return poll
    said = (
        f"A poll that people have seen is not deleted by hand: “{as_written(poll.question)}” is as it was, and can be "
        "closed. Polls and votes are deleted when their time is over; say “privacy” to see after how long."
    )
    return _private((Text(said), Choices((Choice("Close the poll", sayings.close_poll(poll.id)),))))


def set_deadline(heard: Heard, zone: str, shelf: Shelf, records: Records) -> Reply:
    """Have an open poll close at another time."""
    poll = _open_poll(heard, records)
    if isinstance(poll, Reply):
        return poll
    try:
        until = closing_time(_order(heard).text, poll.closes, heard.turn.at, poll.zone or zone)
    except MomentError as error:
        return _private((Text(str(error)),))
    return _changed(
        heard, poll, replace(draft_of(poll), until=until, remind=None, zone=poll.zone or zone), shelf, records
    )


def reopen(heard: Heard, shelf: Shelf, records: Records) -> Reply:
    """Open a poll again that was closed; an anonymous one cannot be, as nobody in it can be told from anybody."""
    turn, number = heard.turn, _order(heard).number
    found = records.polls.last(turn.room, 20) if number is None else [records.polls.find(number, turn.room)]
    named = which.named_in(turn.words, [one for one in found if one is not None]) if number is None else None
    poll = named or next(
        (one for one in found if one is not None and (number is not None or one.closed is not None)), None
    )
    if poll is None:
        return _private((Text("No poll has been closed here, so there is none to reopen."),))
    if poll.closed is None:
        return _private((Text(f"The poll “{as_written(poll.question)}” is open already."),))
    if poll.anonymous:
        said = "An anonymous poll cannot be reopened: nobody can tell any more who has voted. Start a new one instead."
        return _private((Text(said),))
    if len(records.polls.open_in(turn.room)) >= MOST:
        return _private((Text(TOO_MANY),))
    opened = records.polls.reopen(poll)
    records.posts.put_by_reply(turn.room.whole, ballot_slot(poll.id), turn.at)
    return whole_ballot(opened, shelf, records)


def share(heard: Heard, records: Records) -> Reply:
    """A code by which moderators elsewhere can hold the poll there as well."""
    poll = _open_poll(heard, records)
    if isinstance(poll, Reply):
        return poll
    code = records.invitations.invite(poll, heard.turn.at)
    said = (
        f"To hold “{as_written(poll.question)}” in another place as well, a moderator there says “join poll {code}” "
        "within a day. All votes count for one result; whoever votes on two platforms counts as two."
    )
    return _private((Text(said),))


# --- Templates ---


def save(heard: Heard, records: Records) -> Reply:
    """Keep a poll of this place as a template."""
    turn, order, poll = heard.turn, _order(heard), named_or_last(heard, records)
    if isinstance(poll, Reply):
        return poll
    if poll is None:
        return _private((Text("No poll has been held here yet, so there is none to keep."),))
    name = " ".join(order.text.split())
    if not name or len(name) > LONGEST_NAME:
        said = f"Say how the template is to be called, in at most {LONGEST_NAME} characters: “save the poll as lunch”."
        return _private((Text(said),))
    held = records.plans.templates(turn.room)
    if len(held) >= MOST_TEMPLATES and name.casefold() not in [one.name.casefold() for one in held]:
        said = f"{MOST_TEMPLATES} polls are kept here for reuse: “drop template …” deletes one, then keep another."
        return _private((Text(said),))
    template = records.plans.keep(turn.room, name, reusable(poll))
    written = as_written(template.name)
    return _private((Text(f"Kept as “{written}”. Say “use template {written}” to open it again."),))


def list_templates(heard: Heard, records: Records) -> Reply:
    """The templates of this place, to be opened."""
    found = records.plans.templates(heard.turn.room)
    if not found:
        return _private((Text("No poll is kept here for reuse. After one say “save the poll as lunch”."),))
    lines = [f"- {as_written(one.name)}: {as_written(one.draft.question)}" for one in found]
    choices = tuple(Choice(one.name, sayings.order("use", one.id)) for one in found[:20])
    said = "\n".join(("Polls kept for reuse (“drop template …” deletes one):", *lines))
    return _private((Text(said), Choices(choices)))


def drop(heard: Heard, records: Records) -> Reply:
    """Delete a template."""
    template = template_meant(heard, records)
    if isinstance(template, Reply):
        return template
    records.plans.drop(template)
    return _private((Text(f"The template “{as_written(template.name)}” is deleted."),))


# --- What comes again ---


def repeat_poll(heard: Heard, zone: str, records: Records) -> Reply:
    """Have the newest poll, or the one named, come again by a rule."""
    turn, order, poll = heard.turn, _order(heard), named_or_last(heard, records)
    if isinstance(poll, Reply):
        return poll
    if poll is None:
        return _private((Text("No poll has been held here yet, so there is none to repeat."),))
    zone = poll.zone or zone
    try:
        again = read_recurrence(order.text, turn.at, zone)
    except MomentError as error:
        return _private((Text(str(error)),))
    if full := schedules_full(turn.room, records):
        return _private((Text(full),))
    schedule = repeat(heard, replace(reusable(poll), rule=again.rule, zone=zone), records)
    when = shown(schedule.next, zone, turn.at) if schedule.next else "never"
    said = f"“{as_written(poll.question)}” comes again {repeating(again.rule)}, next on {when}."
    return Reply((Text(said), Choices((stop_repeating(schedule.id),))), "poll_start")


def _changed(heard: Heard, poll: Poll, draft: Draft, shelf: Shelf, records: Records) -> Reply:
    changed = records.polls.change(poll, draft, heard.turn.at)
    when = "It closes when a moderator closes it."
    if changed.closes is not None:
        when = f"It closes on {shown(changed.closes, changed.zone or 'UTC', heard.turn.at)}."
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


def _open_poll(heard: Heard, records: Records) -> Poll | Reply:
    """The open poll that an order is about, or what to say where that is none, or not clear."""
    order, turn = _order(heard), heard.turn
    if order.number is None:
        return which.open_poll(heard, lambda poll: of_poll(order, poll.id), records) or none_open(heard)
    poll = records.polls.find(order.number, turn.room)
    return poll if poll is not None and not poll.is_over(turn.at) else none_open(heard)


def _order(heard: Heard) -> Order:
    assert isinstance(heard.intent.value, Order)
    return heard.intent.value


def _private(parts: tuple[Part, ...]) -> Reply:
    return Reply(parts, "poll_start", private=True)
