"""The catalogue: what platforms offer to choose from, and what they ask about polls without anybody saying a word."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import unquote

from bot.intents import sayings
from bot.shelf import Shelf, cards
from bot.store import Poll, Post
from bot.store.polling import CLOSE, ballot_slot
from bot.store.scope import EVERYTHING
from bot.turn import Room, Turn

if TYPE_CHECKING:
    from bot.store.database import Store
    from bot.store.records import Records

# So many polls of a place are offered, the newest first.
OFFERED = 50
# Follow-up window: what somebody says within 30 minutes after an answer to them goes on with that talk, in its thread
# without a mention too.
FOLLOW_UP = timedelta(minutes=30)


@dataclass(frozen=True)
class Offer:
    """Something to choose: what is shown, and what choosing it says."""

    label: str
    says: str


class Catalogue:
    """All that can be chosen. Its methods read the store, so they are called in a thread."""

    def __init__(self, shelf: Shelf, open_store: Callable[[], Store]) -> None:
        self._shelf = shelf
        self._open_store = open_store

    def topics(self) -> tuple[str, ...]:
        """What quizzes can be about: topics of questions, else the scripts."""
        named = [question.topic for question in self._shelf.questions if question.topic]
        return tuple(dict.fromkeys([*named, *(script.title for script in self._shelf.scripts)]))

    def benefits(self) -> tuple[Offer, ...]:
        """The cards of all scripts."""
        held = [(script, found[1]) for script in self._shelf.scripts if (found := cards(script))]
        return tuple(
            Offer(card.title, sayings.show("benefits", script.slug, card.number))
            for script, own in held
            for card in own.cards
        )

    def sections(self) -> tuple[Offer, ...]:
        """The sections of all scripts, to be described."""
        return tuple(
            Offer(section.title, sayings.show("describe", script.slug, number))
            for script in self._shelf.scripts
            for number, section in enumerate(script.sections, 1)
        )

    def polls(self, room: Room) -> tuple[Poll, ...]:
        """The polls of a place, the newest first."""
        with self._open_store().reading() as records:
            return tuple(records.polls.last(room, OFFERED))

    def talk(self, turn: Turn) -> str | None:
        """The thread of the talk that somebody goes on with who is answered again in the same place."""
        with self._open_store().reading() as records:
            return records.last_talk(turn, turn.at - FOLLOW_UP)

    def poll(self, number: int) -> Poll | None:
        """The poll of that number."""
        with self._open_store().reading() as records:
            return records.polls.find(number)

    def poll_in(self, room: Room, reference: str) -> Poll | None:
        """The poll that is voted in by the message of that reference."""
        with self._open_store().reading() as records:
            post = records.posts.by_reference(room, reference)
            kind, _, number = post.slot.rpartition("-") if post else ("", "", "")
            return records.polls.find(int(number)) if kind == "poll" else None

    def open_ballots(self, platform: str) -> tuple[tuple[Poll, Post], ...]:
        """The polls that are open on a platform, with the messages in which people vote there."""
        with self._open_store().reading() as records:
            return _ballots(records, platform, records.polls.all(still_open=True, scope=EVERYTHING))

    def next_close(self) -> datetime | None:
        """When the next poll ends."""
        with self._open_store().reading() as records:
            return records.due.first(CLOSE)

    def ending_ballots(self, platform: str, at: datetime) -> tuple[tuple[Poll, Post], ...]:
        """The same of those polls alone that end until that moment."""
        with self._open_store().reading() as records:
            found = [records.polls.find(number) for number in records.due.until(CLOSE, at)]
            return _ballots(records, platform, [poll for poll in found if poll is not None])

    def votes(self, poll: Poll) -> Mapping[str, frozenset[int]]:
        """The numbers of the options that each person has chosen, by the person's id; none of an anonymous poll."""
        with self._open_store().reading() as records:
            held = records.polls.votes.by_person(poll)
        return {unquote(person): options for person, options in held.items()}


def _ballots(records: Records, platform: str, polls: Iterable[Poll]) -> tuple[tuple[Poll, Post], ...]:
    return tuple(
        (poll, post)
        for poll in polls
        for post in records.posts.of_slot(ballot_slot(poll.id))
        if post.room.platform == platform and post.reference is not None
    )
