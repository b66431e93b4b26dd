"""Where polls stand: links to their ballots, on platforms whose addresses are made of what is known of a message."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from bot.reply import Text
from bot.store import Poll, Post
from bot.store.polling import ballot_slot
from bot.store.scope import Scope
from bot.turn import Room

if TYPE_CHECKING:
    from bot.store.records import Records

# The address of a message that stands, by platform; a platform that is not named here has none.
Addresses = Mapping[str, Callable[[Post], str]]


class Links:
    """Makes links to ballots."""

    def __init__(self, addresses: Addresses) -> None:
        self._addresses = addresses

    def to_poll(self, poll: Poll, room: Room, records: Records) -> str | None:
        """The address of the ballot in the place of `room`; None where it does not stand there or has none."""
        return self._address(records.posts.in_room(room, ballot_slot(poll.id)))

    def within(self, poll: Poll, scope: Scope, records: Records) -> str | None:
        """The address of a ballot that stands in a scope; None where none does, or none has an address."""
        standing = (post for post in records.posts.of_slot(ballot_slot(poll.id)) if scope.covers(post.room))
        return next(filter(None, map(self._address, standing)), None)

    def below(self, poll: Poll, room: Room, records: Records) -> tuple[Text, ...]:
        """The way from a result to the poll that stands in the place of `room`."""
        address = self.to_poll(poll, room, records)
        return (Text(f"[To the poll]({address})"),) if address else ()

    def _address(self, post: Post | None) -> str | None:
        if post is None or post.reference is None or post.room.platform not in self._addresses:
            return None
        return self._addresses[post.room.platform](post)
