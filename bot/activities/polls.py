"""Polls: the script's own, opened by a moderator, voted in by everybody, one vote a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot import shelf as scripts
from bot.activities import Heard, Step, script_meant
from bot.intents import Ref, Vote, sayings
from bot.reply import Ballot, Choice, Choices, Part, Reply, Sources, Tally, Text
from bot.store import Poll
from knowledge.script import Script

if TYPE_CHECKING:
    from bot.shelf import Shelf
    from bot.store.records import Records

START = Choice("Start the poll", "start the poll")
QUIZ = Choice("Quiz me", "quiz me")


class Polls:
    """Takes what is said about polls: opening, voting, results, closing."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    async def take(self, heard: Heard) -> Reply | Step | None:
        """The step that the poll takes."""
        match heard.intent.name:
            case "poll_start":
                return self._start(heard)
            case "poll_answer":
                return lambda records: _vote(heard, records)
            case "results":
                return lambda records: _results(heard, records)
            case "poll_close":
                return lambda records: _close(heard, records)
            case _:
                return None

    def _start(self, heard: Heard) -> Reply | Step:
        if not heard.turn.person.moderator:
            said = "Only moderators can start a poll here: ask one of them to say “start the poll”. What I can do for "
            return Reply((Text(f"{said}you is a quiz."), Choices((QUIZ,))), "poll_start", private=True)
        script = script_meant(heard, self._shelf, scripts.polls)
        if isinstance(script, Reply):
            return script
        return lambda records: _open(heard, script, records)


def _open(heard: Heard, script: Script, records: Records) -> Reply:
    """Open the poll; one that is open already is shown again, so that a second press does no harm."""
    if (poll := records.open_poll(heard.turn.room)) is not None:
        parts: tuple[Part, ...] = (Text("A poll is open here already:"), _ballot(poll, records))
        return Reply(parts, "poll_start", slot=_slot(poll))
    held = scripts.polls(script)
    asked = records.questions_polled(heard.turn.room)
    fresh = [one for one in held if one[1].question not in asked] or held
    section, own = fresh[0]
    poll = records.start_poll(heard.turn, own.question, own.options)
    return Reply((_ballot(poll, records), Sources((scripts.source(script, section),))), "poll_start", slot=_slot(poll))


def _vote(heard: Heard, records: Records) -> Reply:
    """Count a vote. A button of another poll than the open one belongs to that poll, which may be closed."""
    vote, person, room = heard.intent.value, heard.turn.person, heard.turn.room
    assert isinstance(vote, Vote)
    poll = records.open_poll(room) if vote.poll is None else records.poll(vote.poll, room)
    if poll is None:
        return _none_open(heard)
    if poll.closed is not None:
        told = (Text("That poll is closed; your vote was not counted."), records.tally(poll))
        return Reply(told, "poll_answer", private=True, remembered=False)
    if not 1 <= vote.option <= len(poll.options):
        said = f"That poll has {len(poll.options)} options: vote with a number from 1 to {len(poll.options)}."
        return Reply((Text(said),), "poll_answer", private=True, remembered=False)
    before, option = records.vote(poll, person, vote.option), poll.options[vote.option - 1]
    if before is None:
        said = f"Counted: {option}. You can change your vote until the poll closes."
    elif before == vote.option:
        said = f"Your vote was {option} before, and still is."
    else:
        said = f"Changed: {option} instead of {poll.options[before - 1]}."
    return Reply((Text(said), records.tally(poll)), "poll_answer", private=True, remembered=False)


def _results(heard: Heard, records: Records) -> Reply:
    """The tally of the open poll, else of the last one."""
    room, ref = heard.turn.room, heard.intent.value
    poll = records.poll(ref.number, room) if isinstance(ref, Ref) else records.last_poll(room)
    if poll is None:
        choices = (START, QUIZ) if heard.turn.person.moderator else (QUIZ,)
        return Reply((Text("No poll has been held here yet, so there are no results."), Choices(choices)), "results")
    return Reply(_standing(heard, records.tally(poll)), "results", slot=_slot(poll))


def _close(heard: Heard, records: Records) -> Reply:
    if not heard.turn.person.moderator:
        return Reply((Text("Only moderators can close a poll here."),), "poll_close", private=True)
    room, ref = heard.turn.room, heard.intent.value
    poll = records.poll(ref.number, room) if isinstance(ref, Ref) else records.open_poll(room)
    if poll is None:
        return _none_open(heard)
    if poll.closed is not None:
        return Reply((Text("That poll was closed before."), records.tally(poll)), "poll_close", slot=_slot(poll))
    return Reply((records.tally(records.close_poll(poll, heard.turn.at)),), "poll_close", slot=_slot(poll))


def _none_open(heard: Heard) -> Reply:
    choices = (START,) if heard.turn.person.moderator else (QUIZ,)
    return Reply((Text("No poll is open here."), Choices(choices)), heard.intent.name, private=True, remembered=False)


def _standing(heard: Heard, tally: Tally) -> tuple[Part, ...]:
    if tally.closed or not heard.turn.person.moderator:
        return (tally,)
    return tally, Choices((Choice("Close the poll", sayings.close_poll(tally.poll)),))


def _ballot(poll: Poll, records: Records) -> Ballot:
    choices = tuple(Choice(option, sayings.vote(poll.id, number)) for number, option in enumerate(poll.options, 1))
    return Ballot(poll.id, poll.question, choices, records.tally(poll).voters)


def _slot(poll: Poll) -> str:
    return f"poll-{poll.id}"
