"""Opening polls: the script's own, somebody's own, a template's, one from elsewhere, and what a recurrence brings."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from bot import shelf as scripts
from bot.activities import Heard, catch_up
from bot.activities.polls.ballots import ballot, for_moderators, preview, whole_ballot
from bot.activities.polls.closing import close
from bot.intents import Order, sayings
from bot.intents.drafts import DraftError, draft_form
from bot.intents.moments import first_occurrence
from bot.intents.terms import Term, held_to, peel
from bot.reply import Choice, Choices, Form, Reply, Text
from bot.store import Draft, Due, Schedule, Template
from bot.store.keys import person_of
from bot.store.polling import ballot_slot, read_draft, write_draft

if TYPE_CHECKING:
    from bot.shelf import Shelf
    from bot.store.records import Records
    from knowledge.script import Script

POLL = "poll"
SCHEDULE = "schedule"
# So many polls can be open in a place at the same time.
MOST = 20
TOO_MANY = f"{MOST} polls are open here: close one before you open another."
FORM = "Fill in the form"
PREVIEW = "This is how it will look:"
NO_DRAFT = "That poll was posted or thrown away before."
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
    return open_draft(heard, draft, shelf, records, (script.slug, section.slug))


def open_draft(
    heard: Heard, draft: Draft, shelf: Shelf, records: Records, origin: tuple[str, str] | None = None
) -> Reply:
    """Open a poll in the turn's room, and have it come again if the draft says so."""
    turn = heard.turn
    if len(records.polls.open_in(turn.room)) >= MOST:
        return Reply((Text(TOO_MANY),), "poll_start", private=True)
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
    draft = held_to(Draft("", (), zone=zone), terms)
    if problems := tuple(term.problem for term in terms if term.problem):
        raise DraftError(problems, draft)
    return draft


def mend(heard: Heard, sentences: tuple[str, ...], draft: Draft | None, zone: str, records: Records) -> Reply:
    """What is wrong with a poll that somebody wants, and the form to mend it, with what they have said so far."""
    says = NEW
    if draft is not None:
        says = sayings.order("new", records.drafts.keep(heard.turn.person, draft, heard.turn.at, _number(heard)))
    return to_mend(sentences, draft_form(says, draft, now=heard.turn.at, zone=zone))


def to_mend(sentences: tuple[str, ...], form: Form) -> Reply:
    """What is wrong, and the form to mend it; nothing has changed."""
    return Reply((Text("\n".join(sentences)), Choices((Choice(FORM, opens=form),))), "poll_start", private=True)


def show_preview(heard: Heard, draft: Draft, zone: str, records: Records) -> Reply:
    """How the poll will look that was filled in, and what can be done with it; nothing is opened yet."""
    turn = heard.turn
    number = records.drafts.keep(turn.person, draft, turn.at, _number(heard))
    form = draft_form(sayings.order("new", number), draft, now=turn.at, zone=zone)
    choices = (
        Choice("Post it", sayings.order("post", number)),
        Choice("Change it", opens=form),
        Choice("Throw it away", sayings.order("discard", number)),
    )
    return Reply((Text(PREVIEW), preview(draft, turn.at), Choices(choices)), "poll_start", private=True)


def post_draft(heard: Heard, shelf: Shelf, zone: str, records: Records) -> Reply:
    """Open the poll that was filled in, once."""
    number, turn = _number(heard), heard.turn
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
    gone = records.drafts.take(_number(heard), heard.turn.person)
    return Reply((Text("It is thrown away." if gone else NO_DRAFT),), "poll_start", private=True)


def offer_form(heard: Heard, zone: str) -> Reply:
    """What a poll of one's own takes, and the form for it."""
    said = (
        "A poll of your own: fill in the form, or say it in one line, for example "
        "“poll: Where do we eat? Pizza, Sushi, Salad for 2h”."
    )
    choices = Choices((Choice(FORM, opens=draft_form(NEW, None, now=heard.turn.at, zone=zone)),))
    return Reply((Text(said), choices), "poll_start", private=True)


def own_form(heard: Heard, zone: str, records: Records) -> Form:
    """The form for a poll of one's own, with what was filled in before."""
    number = _number(heard)
    draft = records.drafts.find(number, heard.turn.person)
    return draft_form(sayings.order("new", number) if draft else NEW, draft, now=heard.turn.at, zone=zone)


def _number(heard: Heard) -> int | None:
    """The number of the draft that an order is about."""
    order = heard.intent.value
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
    missing = f"There is no template “{name}” here. Say “templates” to see them."
    found = records.plans.template(heard.turn.room, name)
    return found or Reply((Text(missing),), "poll_start", private=True)


def join(heard: Heard, shelf: Shelf, records: Records) -> Reply:
    """Hold a poll of another place here as well, by the code that its moderators gave out."""
    wanted, turn = heard.intent.value, heard.turn
    assert isinstance(wanted, Order)
    poll = records.polls.invited(wanted.text.upper(), turn.at)
    if poll is None or poll.is_over(turn.at):
        said = "I know no open poll by that code: codes are good for a day. Ask for a new one where the poll is held."
        return Reply((Text(said),), "poll_start", private=True)
    poll = records.polls.add_place(poll, turn.room)
    records.posts.put_by_reply(turn.room.whole, ballot_slot(poll.id), turn.at)
    return whole_ballot(poll, shelf, records)


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
