"""Undoing a vote, and the close of a poll: as it was before, as far as nobody has changed it since."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from bot.activities import Heard
from bot.activities.polls.ballots import standing, whole_ballot
from bot.activities.polls.opening import MOST, TOO_MANY
from bot.intents.sayings import ONLY_MODERATORS
from bot.markup.marks import as_written
from bot.reply import Reply, Text
from bot.store.polling import ballot_slot, draft_of
from bot.store.seal import SealError

if TYPE_CHECKING:
    from bot.shelf import Shelf
    from bot.store.records import Records


def undo_vote(heard: Heard, before: Mapping[str, Any], records: Records) -> Reply:
    """Have somebody choose again what they chose before, or nothing."""
    person, votes = heard.turn.person, records.polls.votes
    poll = records.polls.find(before["poll"], heard.turn.room)
    if poll is None or poll.is_over(heard.turn.at):
        return _private("That poll is closed, so your vote stays as it is.")
    kept = tuple(number for number in before["chosen"] if number in poll.numbers)
    try:
        if not votes.withdraw(poll, person) or (kept and not votes.vote(poll, person, kept)):
            return _private("That poll is closed, so your vote stays as it is.")
    except SealError as error:
        return _private(str(error))
    options = zip(poll.options, poll.numbers, strict=True)
    chosen = " and ".join(as_written(option) for option, number in options if number in kept)
    now = f"you choose {chosen} again" if kept else f"you have no vote in “{as_written(poll.question)}”"
    parts = (Text(f"Undone: {now}."), *standing(poll, records))
    return Reply(parts, "undo", private=True, remembered=False)


def undo_close(shelf: Shelf, heard: Heard, before: Mapping[str, Any], records: Records) -> Reply:
    """Open a poll again that was closed, with the deadline that it had."""
    turn = heard.turn
    if not turn.person.moderator:
        return _private(f"{ONLY_MODERATORS} reopen a poll here.")
    poll = records.polls.find(before["poll"], turn.room)
    if poll is None or poll.closed is None:
        return _private("That poll is not closed any more.")
    closes = datetime.fromisoformat(before["closes"]) if before["closes"] else None
    if closes is not None and closes <= turn.at:
        return _private("Its deadline has passed meanwhile, so the poll stays closed.")
    if len(records.polls.open_in(turn.room)) >= MOST:
        return _private(TOO_MANY)
    opened = records.polls.reopen(poll)
    if closes is not None:
        opened = records.polls.change(opened, replace(draft_of(opened), until=closes, remind=None), turn.at)
    records.posts.put_by_reply(turn.room.whole, ballot_slot(poll.id), turn.at)
    return whole_ballot(opened, shelf, records)


def _private(said: str) -> Reply:
    return Reply((Text(said),), "undo", private=True)
