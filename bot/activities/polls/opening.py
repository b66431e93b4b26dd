"""Opening polls: the script's own, somebody's own, a template's, one from elsewhere, and what a recurrence brings."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from bot import shelf as scripts
from bot.activities import Heard, catch_up, schedules_full
from bot.activities.polls.ballots import ballot, for_moderators, preview, whole_ballot
from bot.activities.polls.closing import close
from bot.activities.polls.voting import START
from bot.intents import Drafted, Order, sayings
from bot.intents.polls.draft_forms import draft_form
from bot.intents.polls.drafts import DraftError, unread_of_poll
from bot.intents.polls.prepared import PREVIEW, THROWN_AWAY, UNCHANGED_PREVIEW, UNREAD_PREVIEW
from bot.intents.polls.terms import Term, held_to, peel
from bot.intents.stakes import does_with
from bot.intents.times.moments import first_occurrence
from bot.markup.marks import as_written
from bot.reply import Choice, Choices, Form, Reply, Text
from bot.store import Draft, Due, Schedule, Template
from bot.store.keys import person_of
from bot.store.polling import MOST_DRAFTS, ballot_slot, read_draft, write_draft

if TYPE_CHECKING:
    from bot.shelf import Shelf
    from bot.store.records import Records
    from bot.turn import Room
    from knowledge.script import Script

POLL = "poll"
SCHEDULE = "schedule"
# So many polls can be open in a place at the same time.
MOST = 20
TOO_MANY = f"{MOST} polls are open here: close one before you open another."
FORM = "Fill in the form"
OLDEST_GONE = f"You had {MOST_DRAFTS} polls that were not posted: the oldest of them is thrown away."
NO_DRAFT = "That poll was posted or thrown away before."
NOT_OPEN = "So the poll is not open."
NEW = sayings.order("new")


def open_script(heard: Heard, script: Script, terms: Draft, shelf: Shelf, records: Records) -> Reply:
    """Open a script's poll; where it is open already it is shown again, so that a second press does no harm.

    `terms` say how, where somebody said so: for how long, anonymous.
    """
    room, held = heard.turn.room, scripts.polls(script)
    questions = {poll.question for _, poll in held}
    if still_open := [poll for poll in records.polls.open_in(room) if poll.question in questions]:
        parts = (Text("A poll is open here already:"), ballot(still_open[-1], records))
        return Reply((*parts, *for_moderators(still_open[-1], heard.turn.person)), "poll_start", private=True)
    asked = records.polls.questions_asked(room)
    section, own = next((one for one in held if one[1].question not in asked), held[0])
    draft = replace(terms, question=own.question, options=own.options)
    if does_with(heard.intent) != "act" and terms == Draft("", (), zone=terms.zone):
        # Whoever says how it is to be held wants it.
        return _ask_to_open(heard, draft, sayings.show("poll_start", script.slug))
    return open_draft(heard, draft, shelf, records, (script.slug, section.slug))


def _ask_to_open(heard: Heard, draft: Draft, says: str) -> Reply:
    """How a poll will look that somebody seems to want; nothing is opened yet."""
    said = Text(f"{sayings.DO_YOU_MEAN}{sayings.OPEN_THIS}?")
    parts = (said, preview(draft, heard.turn.at), Choices((Choice("Open", says), Choice("A poll of your own", NEW))))
    return Reply(parts, "poll_start", private=True, continues=True)


def open_draft(
    heard: Heard, draft: Draft, shelf: Shelf, records: Records, origin: tuple[str, str] | None = None
) -> Reply:
    """Open a poll in the turn's room, and have it come again if the draft says so."""
    turn = heard.turn
    if len(records.polls.open_in(turn.room)) >= MOST:
        return Reply((Text(TOO_MANY),), "poll_start", private=True)
    if draft.rule and (full := schedules_full(turn.room, records)):
        return Reply((Text(full),), "poll_start", private=True)
    schedule = repeat(heard, draft, records) if draft.rule else None
    poll = records.polls.start(
        turn.room, person_of(turn.person), turn.at, draft, origin, schedule.id if schedule else None
    )
    records.posts.put_by_reply(turn.room.whole, ballot_slot(poll.id), turn.at)
    return whole_ballot(poll, shelf, records)


def terms_in(words: str, at: datetime, zone: str) -> Draft:
    """How a script's poll is to be held, by what is said at the end: "start the poll for 2h, anonymous".

    The question and the options are left empty. Raises DraftError.
    """
    terms: list[Term] = []
    rest = words
    while peeled := peel(rest, at, zone, sure=False):
        rest, term, _ = peeled
        terms.append(term)
    draft = held_to(Draft("", (), zone=zone, unread=unread_of_poll(rest, at, zone)), terms)
    if problems := tuple(term.problem for term in terms if term.problem):
        raise DraftError(problems, draft)
    return draft


def ask_about_script(draft: Draft, script: Script) -> Reply:
    """What was not understood of how a script's poll is to be held; nothing is open yet."""
    named = " and ".join(f"“{as_written(one)}”" for one in draft.unread)
    said = Text(f"I do not know what to make of {named}, so the poll is not open. Shall I open it without that?")
    choices = (Choice("Open", sayings.show("poll_start", script.slug)),)
    return Reply((said, Choices(choices)), "poll_start", private=True)


def mend(heard: Heard, sentences: tuple[str, ...], draft: Draft | None, zone: str, records: Records) -> Reply:
    """What is wrong with a poll that somebody wants, and the form to mend it, with what they have said so far."""
    says = NEW
    if draft is not None and draft.unread:
        named = " and ".join(f"“{one}”" for one in draft.unread)
        sentences = (*sentences, f"And I do not know what to make of {named}.")
    if draft is not None:
        says = sayings.order("new", records.drafts.keep(heard.turn.person, draft, heard.turn.at, _number(heard)))
    reply = to_mend(sentences, draft_form(says, draft, now=heard.turn.at, zone=zone))
    if draft is None or draft.options or draft.unread:
        return reply
    # "a poll on how familiar people are" may be the script's.
    return replace(reply, parts=(*reply.parts, Choices((START,))))


def to_mend(sentences: tuple[str, ...], form: Form) -> Reply:
    """What is wrong, and the form to mend it; nothing has changed."""
    return Reply(
        (Text("\n".join(map(as_written, sentences))), Choices((Choice(FORM, opens=form),))), "poll_start", private=True
    )


def show_preview(heard: Heard, draft: Draft, zone: str, records: Records, wrong: tuple[str, ...] = ()) -> Reply:
    """How the poll will look, what of it was not understood, and what can be done with it; nothing is opened yet.

    `wrong` is why a change to it cannot be.
    """
    turn = heard.turn
    full = _number(heard) is None and records.drafts.held(turn.person) >= MOST_DRAFTS
    number = records.drafts.keep(turn.person, draft, turn.at, _number(heard))
    form = draft_form(sayings.order("new", number), draft, now=turn.at, zone=zone)
    choices = (
        Choice("Open", sayings.order("post", number)),
        Choice("Change", opens=form),
        Choice("Discard", sayings.order("discard", number)),
    )
    head = (
        " ".join((*map(as_written, wrong), UNCHANGED_PREVIEW)) if wrong else _unread(draft) if draft.unread else PREVIEW
    )
    said = Text(" ".join([*([OLDEST_GONE] if full else []), head]))
    return Reply((said, preview(draft, turn.at), Choices(choices)), "poll_start", private=True)


def _unread(draft: Draft) -> str:
    named = " and ".join(f"“{as_written(one)}”" for one in draft.unread)
    return f"I do not know what to make of {named}, so the poll is not open yet. {UNREAD_PREVIEW}"


def post_draft(heard: Heard, shelf: Shelf, zone: str, records: Records) -> Reply:
    """Open the poll that was filled in, once."""
    number, turn = _meant(heard, records), heard.turn
    draft = records.drafts.find(number, turn.person)
    if draft is None:
        return Reply((Text(NO_DRAFT),), "poll_start", private=True)
    if draft.until is not None and draft.until <= turn.at:
        form = draft_form(sayings.order("new", number), draft, now=turn.at, zone=zone)
        return to_mend(("Its deadline has passed meanwhile: give it another one.",), form)
    if len(records.polls.open_in(turn.room)) >= MOST:
        return Reply((Text(TOO_MANY),), "poll_start", private=True)
    taken = records.drafts.take(number, turn.person)
    return open_draft(heard, taken, shelf, records) if taken else Reply((Text(NO_DRAFT),), "poll_start", private=True)


def discard_draft(heard: Heard, records: Records) -> Reply:
    """Let go of a poll that was filled in."""
    gone = records.drafts.take(_meant(heard, records), heard.turn.person)
    return Reply((Text(THROWN_AWAY if gone else NO_DRAFT),), "poll_start", private=True)


def own_form(heard: Heard, zone: str, records: Records) -> Form:
    """The form for a poll of one's own, with what was filled in before."""
    number = _number(heard)
    draft = records.drafts.find(number, heard.turn.person)
    return draft_form(sayings.order("new", number) if draft else NEW, draft, now=heard.turn.at, zone=zone)


def _meant(heard: Heard, records: Records) -> int | None:
    """The number of the draft that is meant: that of the button, or of the newest with the question that is named."""
    order = heard.intent.value
    named = order.text if isinstance(order, Order) else ""
    return _number(heard) or (records.drafts.of_question(heard.turn.person, named) if named else None)


def _number(heard: Heard) -> int | None:
    """The number of the draft that an order or a change is about."""
    order = heard.intent.value
    if isinstance(order, Drafted):
        return order.number
    return order.number if isinstance(order, Order) and order.action in ("new", "post", "discard") else None


def use_template(heard: Heard, shelf: Shelf, records: Records) -> Reply:
    """Open what a template holds."""
    template = template_meant(heard, records)
    return template if isinstance(template, Reply) else open_draft(heard, template.draft, shelf, records)


def template_meant(heard: Heard, records: Records) -> Template | Reply:
    """The template of this place that an order names, or that there is none such."""
    wanted = heard.intent.value
    assert isinstance(wanted, Order)
    name = wanted.text or wanted.number or ""
    missing = f"There is no template “{as_written(str(name))}” here. Say “templates” to see them."
    found = records.plans.template(heard.turn.room, name)
    return found or Reply((Text(missing),), "poll_start", private=True)


def join(heard: Heard, shelf: Shelf, records: Records) -> Reply:
    """Hold a poll of another place here as well, by the code that its moderators gave out."""
    wanted, turn = heard.intent.value, heard.turn
    assert isinstance(wanted, Order)
    number = records.invitations.invited(wanted.text.upper(), turn.at)
    poll = records.polls.find(number) if number is not None else None
    if poll is None or poll.is_over(turn.at):
        said = "I know no open poll by that code: codes are good for a day. Ask for a new one where the poll is held."
        return Reply((Text(said),), "poll_start", private=True)
    poll = records.polls.add_place(poll, turn.room)
    records.posts.put_by_reply(turn.room.whole, ballot_slot(poll.id), turn.at)
    return whole_ballot(poll, shelf, records)


def retract(records: Records, number: int, room: Room) -> str:
    """Take back a poll whose ballot could not be shown in a room: it is not open there, and does not come again."""
    poll = records.polls.find(number)
    if poll is None:
        return NOT_OPEN
    schedule = records.plans.schedule(poll.schedule) if poll.schedule else None
    if not records.polls.take_back(poll, room):
        return "So the poll is not held there."
    if schedule is not None and poll.opened < schedule.first:
        # It was wanted together with this one, and could be shown no better.
        records.plans.set_next(schedule.id, schedule.kind, None)
    return NOT_OPEN


# --- What comes again ---


def repeat(heard: Heard, draft: Draft, records: Records) -> Schedule:
    """Have a poll come again in the turn's room by the rule of its draft, from the next time on."""
    turn, rule, zone = heard.turn, draft.rule or "", draft.zone or "UTC"
    if draft.lasts is None and draft.until is not None:
        draft = replace(draft, lasts=draft.until - turn.at)
    first = first_occurrence(rule, turn.at, zone)
    schedule = records.plans.repeat(turn.room, POLL, write_draft(draft), rule, first or turn.at, zone)
    if first is None:
        records.plans.set_next(schedule.id, POLL, None)
    return schedule


def open_again(records: Records, due: Due, now: datetime) -> None:
    """What a recurrence brings: its poll anew, after the one before has been closed.

    Of what was missed while no process ran only the last is brought, if its poll would still be open.
    """
    schedule = records.plans.schedule(due.number)
    if schedule is None:
        return
    at = catch_up(schedule, due, now, records)
    if "polls" in records.places.find(schedule.room).off:
        return
    draft = read_draft(schedule.content)
    if draft.lasts is not None and at + draft.lasts <= now:
        return
    for before in records.polls.of_schedule(schedule.id):
        close(before, at, records)
    poll = records.polls.start(schedule.room, SCHEDULE, at, draft, schedule=schedule.id)
    records.posts.put(schedule.room.whole, ballot_slot(poll.id))
