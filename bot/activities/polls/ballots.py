"""How a poll looks: its ballot with what a voter should know, and its result."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from bot import charts
from bot import shelf as scripts
from bot.activities.polls.links import Links
from bot.intents import sayings
from bot.intents.times import moments
from bot.intents.times.rules import repeating
from bot.markup.marks import as_written
from bot.reply import Ballot, Choice, Choices, Part, Reply, Sources, Tally, Text, so_far, turnout
from bot.store import Draft, Poll
from bot.store.polling import FEWEST, ballot_slot, result_slot

if TYPE_CHECKING:
    from bot.shelf import Shelf
    from bot.store.records import Records
    from bot.turn import Person, Room

ANONYMOUS = (
    "Anonymous: others and moderators cannot see your choice; until the poll closes, an operator who holds both the "
    "database and the bot's secret could."
)
NAMED = "Moderators can see who chose what."
HIDDEN = "Results are shown after the close."
FROM_FEWEST = f"Results are shown after the close, if at least {FEWEST} people have voted."
TOO_FEW = f"It was anonymous, and fewer than {FEWEST} voted: no result is kept or shown."
SEVERAL = "You can choose several options."
OVER = "This poll is over."


def ballot(poll: Poll, records: Records, permit: str = "") -> Ballot:
    """The ballot as it stands; with a `permit` one that can be used in a private talk."""
    rows = zip(poll.options, poll.numbers, strict=True)
    choices = tuple(Choice(option, sayings.vote(poll.id, number, permit)) for option, number in rows)
    shown = records.polls.votes.shown_tally(poll)
    voters = records.polls.votes.voters(poll)
    schedule = records.plans.schedule(poll.schedule) if poll.schedule else None
    notes = [*_notes(poll)]
    if schedule is not None:
        notes.append(_repeated(schedule.rule, schedule.zone))
    return Ballot(poll.id, poll.question, choices, voters, shown.counts if shown else None, tuple(notes))


def preview(draft: Draft, at: datetime) -> Text:
    """How a poll will look that is opened at that moment: nothing in it can be pressed."""
    closes = at + draft.lasts if draft.lasts is not None else draft.until
    zone = draft.zone or "UTC"
    terms = (draft.several, draft.anonymous, draft.hidden)
    poll = Poll(0, draft.question, draft.options, at, None, (), *terms, closes, draft.remind, zone)
    options = (f"- {as_written(option)}" for option in draft.options)
    notes = [*_notes(poll)]
    if draft.rule is not None:
        notes.append(_repeated(draft.rule, zone))
    return Text("\n".join((f"Poll: {as_written(draft.question)}", *options, "", *notes)))


def source(poll: Poll, shelf: Shelf) -> tuple[Part, ...]:
    """Where a script's own poll stands; nothing for one of somebody's own."""
    script = shelf.get(poll.script or "")
    section = scripts.section_of(script, poll.section or "") if script else None
    return (Sources((scripts.source(script, section),)),) if script and section else ()


def whole_ballot(poll: Poll, shelf: Shelf, records: Records) -> Reply:
    """The message in which people vote; it stays where it is, and shows the end there."""
    if poll.closed is not None:
        return Reply((_told(poll, records), *source(poll, shelf)), "poll_close", slot=ballot_slot(poll.id))
    return Reply((ballot(poll, records), *source(poll, shelf)), "poll_start", slot=ballot_slot(poll.id))


def result(poll: Poll, links: Links, records: Records, room: Room) -> Reply:
    """How a poll ended, in words and as a picture, and where it stands in the place of `room`."""
    parts = (*standing(poll, records), *links.below(poll, room, records))
    return Reply(parts, "poll_close", slot=result_slot(poll.id))


def standing(poll: Poll, records: Records) -> tuple[Part, ...]:
    """How a poll stands or ended, as far as people may see it: for those who look, and for those who listen."""
    told = _told(poll, records)
    return (told, charts.chart(told)) if isinstance(told, Tally) and told.voters else (told,)


def _told(poll: Poll, records: Records) -> Tally | Text:
    tally = records.polls.votes.shown_tally(poll)
    if tally is not None:
        return tally
    voters = records.polls.votes.voters(poll)
    if poll.closed is not None:
        return Text(
            f"Results: {as_written(poll.question)}\n{turnout(voters, closed=True)} {TOO_FEW if voters else ''}".rstrip()
        )
    return Text(f"{as_written(poll.question)}\n{so_far(voters)} {FROM_FEWEST if poll.anonymous else HIDDEN}")


def draw_ballot(shelf: Shelf, records: Records, number: int) -> Reply | None:
    """What a message with a ballot shows now."""
    poll = records.polls.find(number)
    return whole_ballot(poll, shelf, records) if poll else None


def draw_result(links: Links, records: Records, number: int, room: Room) -> Reply | None:
    """What a message with a result shows; nothing more once the poll has been reopened."""
    poll = records.polls.find(number)
    return result(poll, links, records, room) if poll and poll.closed is not None else None


def for_moderators(poll: Poll, person: Person) -> tuple[Part, ...]:
    """What a moderator can do with a poll: see who chose what, where that is no secret, and close it. It stands aside,
    so that a number is a vote.
    """
    choices = []
    if not poll.anonymous and (poll.closed is not None or not poll.hidden):
        choices.append(Choice("Votes by name", sayings.order("names", poll.id)))
    if poll.closed is None:
        choices.append(Choice("Close the poll", sayings.close_poll(poll.id)))
    return (Choices(tuple(choices), aside=True),) if person.moderator and choices else ()


def _repeated(rule: str, zone: str) -> str:
    return f"It comes again {repeating(rule)} ({zone}); “stop repeating” ends that."


def _notes(poll: Poll) -> Iterator[str]:
    if poll.several:
        yield SEVERAL
    if poll.anonymous:
        yield FROM_FEWEST
    elif poll.hidden:
        yield HIDDEN
    yield ANONYMOUS if poll.anonymous else NAMED
    if poll.closes is not None:
        yield f"It closes on {moments.shown(poll.closes, poll.zone or 'UTC', poll.opened)}."
    if len(poll.platforms) > 1:
        names = " and ".join(sorted(platform.capitalize() for platform in poll.platforms))
        yield f"It is held on {names}: whoever votes on two of them counts as two."
    elif poll.places > 1:
        yield f"It is held in {poll.places} places."
