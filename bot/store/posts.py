"""Messages that stand in rooms: which there are, which have to be drawn again, and who is at it."""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import unquote

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from bot.store import Post
from bot.store.keys import key
from bot.store.models import PostRow
from bot.store.rows import hold, storable
from bot.turn import Room

# Whoever draws a message has it for so long; then somebody else may.
DRAWING = timedelta(seconds=60)


class Posts:
    """All messages that stand, in the hands of one step."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def put(self, room: Room, slot: str, until: datetime | None = None) -> None:
        """Have `slot` shown in the room, once. `until` then whoever is answering there shows it."""
        hold(self._session, f"post {slot}")
        if self._at(room, slot) is None:
            self._session.add(
                PostRow(
                    platform=room.platform,
                    place=key(room.place),
                    thread=None if room.thread is None else key(room.thread),
                    private=room.private,
                    slot=slot,
                    settled=False,
                    claimed_until=until,
                )
            )
            self._session.flush()

    def put_by_reply(self, room: Room, slot: str, at: datetime) -> None:
        """Have `slot` shown in the room by the reply that is given at that moment; where it fails, by somebody else."""
        self.put(room, slot, at + DRAWING)

    def look_again(self, slot: str) -> None:
        """Have all messages of a slot drawn again, as what they show has changed for good."""
        self._session.execute(update(PostRow).where(PostRow.slot == slot).values(settled=False))

    def drop(self, slot: str) -> None:
        """Let go of the messages of a slot: they stay as they are, and the slot can be shown anew."""
        self._session.execute(delete(PostRow).where(PostRow.slot == slot))

    def placed(self, room: Room, slot: str, reference: str, shown: str) -> None:
        """A reply of that slot stands in the room now, under that reference, drawn as `shown`.

        Of several messages for the same thing the newest is the one that is kept up to date.
        """
        if (row := self._at(room, slot)) is not None:
            row.reference, row.shown, row.claimed_until = reference, shown, None

    def release(self, room: Room, slot: str) -> None:
        """Whoever answers there does not show `slot` after all: anybody may, now."""
        if (row := self._at(room, slot)) is not None and row.reference is None:
            row.claimed_until = None

    def of_slot(self, slot: str) -> list[Post]:
        """The messages of a slot, in all rooms."""
        return [_post(row) for row in self._session.scalars(select(PostRow).where(PostRow.slot == slot))]

    def by_reference(self, room: Room, reference: str) -> Post | None:
        """The message of that reference in the place of `room`."""
        wanted = select(PostRow).where(PostRow.platform == room.platform, PostRow.place == key(room.place))
        row = self._session.scalar(wanted.where(PostRow.reference == storable(reference)).limit(1))
        return _post(row) if row else None

    def unsettled(self, platform: str, at: datetime) -> list[Post]:
        """The messages of a platform that may have to be drawn again, and that nobody is drawing."""
        free = or_(PostRow.claimed_until.is_(None), PostRow.claimed_until <= at)
        wanted = select(PostRow).where(PostRow.platform == platform, PostRow.settled.is_(False), free)
        return [_post(row) for row in self._session.scalars(wanted.order_by(PostRow.id))]

    def claim(self, post: Post, at: datetime) -> Post | None:
        """Take a message to draw it: as it stands by now; None where somebody else is at it, or was."""
        free = or_(PostRow.claimed_until.is_(None), PostRow.claimed_until <= at)
        taken = self._session.execute(
            update(PostRow)
            .where(PostRow.id == post.id, PostRow.settled.is_(False), free)
            .values(claimed_until=at + DRAWING)
            .execution_options(synchronize_session=False)
        )
        if not getattr(taken, "rowcount", 0):
            return None
        return _post(self._session.get_one(PostRow, post.id, populate_existing=True))

    def drawn(
        self, post: Post, reference: str | None, shown: str | None, settled: bool, rests: datetime | None = None
    ) -> None:
        """A message that was claimed stands as `shown`; `settled` where it will not change any more.

        Until `rests` nobody else may take it: an edit is not followed by the next at once.
        """
        self._session.execute(
            update(PostRow)
            .where(PostRow.id == post.id)
            .values(reference=reference, shown=shown, settled=settled, claimed_until=rests)
        )

    def _at(self, room: Room, slot: str) -> PostRow | None:
        # A slot has one message in a place, in whichever thread.
        wanted = select(PostRow).where(PostRow.slot == slot, PostRow.platform == room.platform)
        return self._session.scalar(wanted.where(PostRow.place == key(room.place)))


def _post(row: PostRow) -> Post:
    thread = None if row.thread is None else unquote(row.thread)
    room = Room(row.platform, unquote(row.place), thread, row.private)
    return Post(row.id, room, row.slot, row.reference, row.shown)
