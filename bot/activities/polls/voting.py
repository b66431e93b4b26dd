"""Voting: counting, changing and taking back, with the same care for a press, a typed word and a private talk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.activities import Heard, undoable
from bot.activities.polls.ballots import OVER, ballot, standing
from bot.intents import Order, Vote, Withdrawal, sayings
from bot.intents.asked import DO_YOU_VOTE
from bot.markup.marks import as_written
from bot.reply import Choice, Choices, Part, Reply, Text
from bot.store import Poll
from bot.store.seal import SealError

if TYPE_CHECKING:
    from bot.store.records import Records

START = Choice("Start the poll", "start the poll")
QUIZ = Choice("Quiz me", "quiz me")
# What is undone where a vote in words is.
UNDO_VOTE = "vote"
GONE, NO_SUCH = "That option is not in the poll any more", "There is no such option"
ASK_PRIVATELY = "This poll is anonymous, and others can read what is said here: ask me that in private."
NOT_ALOUD = (
    "This poll is anonymous, and others can read what you write here, so I did not count it. Press a button, or write "
    "to me privately: “{}”."
)


def vote(heard: Heard, records: Records) -> Reply:
    """Count a vote. A button of another poll than the open one belongs to that poll, which may be closed."""
    wanted = heard.intent.value
    assert isinstance(wanted, Vote)
    poll = _running(heard, wanted.poll, wanted.permit, records)
    if isinstance(poll, Reply):
        return poll
    if _is_read_by_others(heard, poll):
        return _not_aloud(heard, poll, records)
    places = (wanted.option, *wanted.also)
    numbers = places if wanted.poll is not None else tuple(_number(poll, place) for place in places)
    if missing := [number for number in numbers if number not in poll.numbers]:
        gone = wanted.poll is not None and missing[0] != 0
        return _no_option(poll, GONE if gone else NO_SUCH, wanted.permit, records)
    if len(numbers) > 1 and not poll.several:
        return _private((Text("This poll has one choice for each: name one option."), ballot(poll, records)))
    return _counted(heard, poll, numbers, records)


def ask(heard: Heard, records: Records) -> Reply:
    """Ask which option is meant, with all of them to press; nothing is counted, and what was said is not kept."""
    poll = _running(heard, None, "", records)
    if isinstance(poll, Reply):
        return poll
    if _is_read_by_others(heard, poll):
        return _not_aloud(heard, poll, records)
    wanted = heard.intent.value
    named = [wanted.option, *wanted.also] if isinstance(wanted, Vote) else []
    likely = [number for place in named if (number := _number(poll, place))]
    asked = "Which one do you vote for?"
    if len(likely) == 1 and not poll.anonymous:
        asked = DO_YOU_VOTE.format(_named(poll, tuple(likely)))
    rows = sorted(zip(poll.options, poll.numbers, strict=True), key=lambda row: row[1] not in likely)
    choices = tuple(Choice(option, sayings.vote(poll.id, number)) for option, number in rows)
    said = f"I am not sure what you mean, so I have counted nothing. {asked}"
    return Reply((Text(said), Choices(choices)), "poll_answer", private=True, unheard=True)


def abstain(heard: Heard, records: Records) -> Reply:
    """Say that nothing is counted for who abstains, and what is done about a vote that they have."""
    found = _own_choices(heard, records)
    if isinstance(found, Reply):
        return found
    poll, before = found
    if before and not _is_read_by_others(heard, poll):
        said = f"I have counted nothing new; your vote is still {_named(poll, before)}."
        return _private((Text(said), _ways_back(poll, before, "")))
    return _private((Text("All right, I have counted nothing for you. You can vote until the poll closes."),))


def withdraw(heard: Heard, records: Records) -> Reply:
    """Take back a vote, or one choice of it."""
    wanted = heard.intent.value
    assert isinstance(wanted, Withdrawal)
    poll = _running(heard, wanted.poll, wanted.permit, records)
    if isinstance(poll, Reply):
        return poll
    try:
        before = records.polls.votes.choices_of(poll, heard.turn.person)
        if not before:
            return _private((Text("You have no vote in this poll, so there is nothing to take back."),))
        if wanted.option is not None and wanted.option not in before:
            said = f"You did not choose that; your vote is {_named(poll, before)}."
            return _private((Text(said), _ways_back(poll, before, wanted.permit)))
        if not records.polls.votes.withdraw(poll, heard.turn.person, wanted.option):
            return _too_late(poll, records)
        left = records.polls.votes.choices_of(poll, heard.turn.person)
    except SealError as error:
        return _private((Text(str(error)),))
    said = (
        f"Taken back. You still choose {_named(poll, left)}."
        if left
        else "Your vote is taken back. You can vote again."
    )
    return _private((Text(said), *_standing(poll, records)))


def tell_own(heard: Heard, records: Records) -> Reply:
    """What somebody has voted for, told to them alone."""
    found = _own_choices(heard, records)
    if isinstance(found, Reply):
        return found
    poll, chosen = found
    if not chosen:
        said = f"You have not voted in “{as_written(poll.question)}” yet."
        return _private((Text(said), ballot(poll, records)))
    if _is_read_by_others(heard, poll):
        return _private((Text(ASK_PRIVATELY),))
    told = f"In “{as_written(poll.question)}” you chose {_named(poll, chosen)}."
    return _private((Text(told), _ways_back(poll, chosen, "")))


def private_ballot(heard: Heard, records: Records) -> Reply:
    """The ballot for whoever was given a permit, in a private talk."""
    wanted = heard.intent.value
    assert isinstance(wanted, Order)
    poll = _running(heard, wanted.number, wanted.text, records)
    return poll if isinstance(poll, Reply) else _private((ballot(poll, records, wanted.text),))


def none_open(heard: Heard) -> Reply:
    """That no poll is open here, and what can be done instead."""
    choices = (START,) if heard.turn.person.moderator else (QUIZ,)
    return Reply((Text("No poll is open here."), Choices(choices)), heard.intent.name, private=True, remembered=False)


def _running(heard: Heard, number: int | None, permit: str, records: Records) -> Poll | Reply:
    """The poll that is meant, or what to say where there is none, or it is over."""
    poll = _poll(heard, number, permit, records)
    if poll is None:
        return none_open(heard)
    return _too_late(poll, records) if poll.is_over(heard.turn.at) else poll


def _own_choices(heard: Heard, records: Records) -> tuple[Poll, tuple[int, ...]] | Reply:
    """The open poll and what somebody has chosen in it, by number; or what to say where there is none."""
    poll = _running(heard, None, "", records)
    if isinstance(poll, Reply):
        return poll
    try:
        return poll, records.polls.votes.choices_of(poll, heard.turn.person)
    except SealError as error:
        return _private((Text(str(error)),))


def _poll(heard: Heard, number: int | None, permit: str, records: Records) -> Poll | None:
    """The poll that is meant: one of this place, or one that the person holds a permit for."""
    turn = heard.turn
    if number is None:
        return records.polls.newest_open(turn.room, turn.at)
    if (found := records.polls.find(number, turn.room)) is not None or not (permit and turn.room.private):
        return found
    elsewhere = records.polls.find(number)
    allowed = elsewhere is not None and records.polls.votes.is_permit(permit, elsewhere, turn.person)
    return elsewhere if allowed else None


def _number(poll: Poll, place: int) -> int:
    """The number of the option at a place from 1; 0, which no option has, where there is none."""
    return poll.numbers[place - 1] if 1 <= place <= len(poll.numbers) else 0


def _no_option(poll: Poll, what: str, permit: str, records: Records) -> Reply:
    said = f"{what}: vote with a number from 1 to {len(poll.options)}."
    return _private((Text(said), ballot(poll, records, permit)))


def _is_read_by_others(heard: Heard, poll: Poll) -> bool:
    return poll.anonymous and heard.turn.aloud and not heard.turn.room.private


def _not_aloud(heard: Heard, poll: Poll, records: Records) -> Reply:
    permit = records.polls.votes.permit(poll, heard.turn.person)
    said = Text(NOT_ALOUD.format(sayings.ballot(poll.id, permit)))
    return _private((said, ballot(poll, records)))


def _counted(heard: Heard, poll: Poll, numbers: tuple[int, ...], records: Records) -> Reply:
    person, votes, wanted = heard.turn.person, records.polls.votes, heard.intent.value
    assert isinstance(wanted, Vote)
    permit, by_words = wanted.permit, wanted.poll is None
    try:
        before = votes.choices_of(poll, person)
        if not votes.vote(poll, person, numbers):
            # Somebody was faster: the poll is closed by now, or an option is gone.
            now = records.polls.find(poll.id) or poll
            return _too_late(now, records) if now.closed else _no_option(now, GONE, permit, records)
        others = [number for number in before if number not in numbers] if wanted.only and poll.several else []
        for number in others:
            votes.withdraw(poll, person, number)
    except SealError as error:
        return _private((Text(str(error)),))
    after = tuple(sorted({*before, *numbers}.difference(others))) if poll.several else numbers
    parts: tuple[Part, ...] = (Text(_told(poll, before, after)), *_standing(poll, records))
    back = _ways_back(poll, after, permit)
    if by_words and not poll.anonymous and before != after:
        # Of an anonymous one nothing may say beside its votes who chose what.
        undo = undoable(heard, UNDO_VOTE, {"poll": poll.id, "chosen": before}, records)
        back = Choices((undo, *back.choices), aside=True)
    return _private((*parts, back))


def _told(poll: Poll, before: tuple[int, ...], after: tuple[int, ...]) -> str:
    if before == after:
        return f"Your vote was {_named(poll, after)} before, and still is."
    if poll.several and before and set(before) <= set(after):
        return f"Counted: you choose {_named(poll, after)}."
    if before:
        return f"Changed: {_named(poll, after)} instead of {_named(poll, before)}."
    more = "choose more, or change your vote," if poll.several else "change your vote"
    return f"Counted: {_named(poll, after)}. You can {more} until the poll closes."


def _named(poll: Poll, numbers: tuple[int, ...]) -> str:
    options = [
        as_written(option) for option, number in zip(poll.options, poll.numbers, strict=True) if number in numbers
    ]
    return " and ".join(filter(None, (", ".join(options[:-1]), *options[-1:])))


def _ways_back(poll: Poll, chosen: tuple[int, ...], permit: str) -> Choices:
    """Aside, as a number typed next is meant for the ballot."""
    every = Choice("take my vote back", sayings.withdraw(poll.id, None, permit))
    if len(chosen) < 2:
        return Choices((every,), aside=True)
    rows = [row for row in zip(poll.options, poll.numbers, strict=True) if row[1] in chosen]
    each = (Choice(f"take back {option}", sayings.withdraw(poll.id, number, permit)) for option, number in rows)
    return Choices((*each, every), aside=True)


def _standing(poll: Poll, records: Records) -> tuple[Part, ...]:
    tally = records.polls.votes.shown_tally(poll)
    return (tally,) if tally else ()


def _too_late(poll: Poll, records: Records) -> Reply:
    now = records.polls.find(poll.id) or poll
    if now.closed is None:
        return _private((Text(f"{OVER} Your vote was not counted."),))
    return _private((Text("That poll is closed; your vote was not counted."), *standing(now, records)))


def _private(parts: tuple[Part, ...]) -> Reply:
    # What somebody votes is no part of the talk: it is in no memory and no log.
    return Reply(parts, "poll_answer", private=True, remembered=False)
