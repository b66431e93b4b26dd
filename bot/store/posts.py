"""Messages that stand in rooms: which there are, which have to be drawn again and from when, and who is at it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, case, delete, literal, null, select, update
from sqlalchemy.orm import Session

from bot.store import Post
from bot.store.keys import key
from bot.store.models import PostRow
from bot.store.models.base import Moment
from bot.store.rooms import in_place, made_in, room_of
from bot.store.rows import hold, read, storable, tell_of_change
from bot.turn import Room

# Lease: whoever draws a message has it for so long; then somebody else may.
DRAWING = timedelta(seconds=60)
# Between two edits of the same message: platforms allow so many in all, and nobody reads faster.
REST = timedelta(seconds=2)
# From that age on a message is edited less often for what happens often, such as votes: Discord lets old messages be
# edited so rarely that the close would come too late (its error 30046; how often is told nowhere).
OLD, EASE = timedelta(hours=1), timedelta(minutes=5)
# Before any moment of the bot.
EVER = datetime(1970, 1, 1, tzinfo=UTC)
# Who draws holds this name while they take messages, who changes what is shown shares it (see `changed`).
TAKING = "posts that are taken"


@dataclass(frozen=True)
class Waiting:
    """A message that is to be drawn once `rests_until` has come; `place` is the key of its place."""

    id: int
    place: str
    rests_until: datetime


class Posts:
    """All messages that stand, in the hands of one step."""

    def __init__(self, session: Session) -> None:
        self._session = session

    # --- What should stand ---

    def put(self, room: Room, slot: str, until: datetime | None = None) -> None:
        """Have `slot` shown in the room, once. `until` then whoever is answering there shows it."""
        hold(self._session, f"post {slot}")
        if self._at(room, slot) is not None:
            return
        moment = until or EVER
        row = PostRow(
            **made_in(room, PostRow),
            slot=slot,
            wanted=1,
            begun=0,
            shown=0,
            rests_until=moment,
            held_until=moment,
            eased_until=moment,
            refusals=0,
        )
        self._session.add(row)
        self._session.flush()
        tell_of_change(self._session)

    def put_by_reply(self, room: Room, slot: str, at: datetime) -> None:
        """Have `slot` shown in the room by the reply that is given at that moment; where it fails, by somebody else."""
        self.put(room, slot, at + DRAWING)

    def changed(self, *slots: str) -> None:
        """What these slots show has changed, as it often does: it is drawn soon, of old messages later.

        Cheap, and one statement that changes no row where it is known already: nobody has begun to draw the newest
        version, so it will show this too. (In PostgreSQL whoever takes messages waits for transactions like this one,
        and they for it: else one could be drawn before this change counts, and count as up to date.)
        """
        hold(self._session, TAKING, shared=True)
        self._raise(PostRow.slot.in_(slots), PostRow.wanted == PostRow.begun, rests_until=PostRow.eased_until)

    def placed(self, room: Room, slot: str, reference: str, fingerprint: str, at: datetime) -> None:
        """A reply of that slot stands in the room now, under that reference.

        Of several messages for the same thing the newest is the one that is kept up to date.
        """
        stands = {"reference": reference, "fingerprint": fingerprint, "posted": at, "refusals": 0}
        versions = {"begun": PostRow.wanted, "shown": PostRow.wanted}
        rests = {"rests_until": None, "held_until": EVER, "eased_until": EVER}
        self._set({**stands, **versions, **rests}, PostRow.slot == slot, in_place(PostRow, room))

    def look_again(self, slot: str) -> None:
        """What a slot shows has changed, and all should see that soon, however old its messages are."""
        hold(self._session, TAKING, shared=True)
        self._raise(PostRow.slot == slot, rests_until=PostRow.held_until)

    def drop(self, slot: str) -> None:
        """Let go of the messages of a slot: they stay as they are, and the slot can be shown anew."""
        self._session.execute(delete(PostRow).where(PostRow.slot == slot))

    def remove(self, post: Post) -> None:
        """Let go of one message."""
        self._session.execute(delete(PostRow).where(PostRow.id == post.id))

    def retry(self, platform: str, place: str) -> None:
        """Have what could not be drawn in a place tried again at once, as something may be allowed there now."""
        here = (PostRow.platform == platform, PostRow.place == key(place), PostRow.refusals > 0)
        still = (PostRow.rests_until.is_not(None), PostRow.wanted > PostRow.shown)
        if self._set({"rests_until": EVER, "held_until": EVER}, *here, *still):
            tell_of_change(self._session)

    # --- Finding ---

    def of_slot(self, slot: str) -> list[Post]:
        """The messages of a slot, in all rooms."""
        return [_post(row) for row in self._session.scalars(select(PostRow).where(PostRow.slot == slot))]

    def in_room(self, room: Room, slot: str) -> Post | None:
        """The message of a slot in a place, in whichever thread."""
        row = self._at(room, slot)
        return _post(row) if row else None

    def by_reference(self, room: Room, reference: str) -> Post | None:
        """The message of that reference in the place of `room`."""
        wanted = select(PostRow).where(in_place(PostRow, room))
        row = self._session.scalar(wanted.where(PostRow.reference == storable(reference)).limit(1))
        return _post(row) if row else None

    def waiting(self, platform: str, most: int, elsewhere: Collection[str] = ()) -> list[Waiting]:
        """The messages of a platform that are to be drawn, whose time comes first; none in the places `elsewhere`."""
        wanted = select(PostRow.id, PostRow.place, PostRow.rests_until).where(
            PostRow.platform == platform, PostRow.rests_until.is_not(None)
        )
        if elsewhere:
            wanted = wanted.where(PostRow.place.not_in([key(place) for place in elsewhere]))
        rows = self._session.execute(wanted.order_by(PostRow.rests_until).limit(most))
        return [Waiting(id, place, moment) for id, place, moment in rows if moment is not None]

    # --- Drawing ---

    def take(self, ids: Sequence[int], at: datetime, by_reply: bool = False) -> list[Post]:
        """Take messages to draw them in their newest version; none that somebody else has, or has drawn.

        `by_reply` takes what waits for the reply that is given now.
        """
        hold(self._session, TAKING)
        lease = at + DRAWING
        free = () if by_reply else (PostRow.rests_until <= at, PostRow.held_until <= at)
        taken = (
            update(PostRow)
            .where(PostRow.id.in_(ids), PostRow.wanted > PostRow.shown, *free)
            .values(
                begun=PostRow.wanted,
                held_until=lease,
                rests_until=lease,
                # What changes meanwhile rests as long as the message does by then: see `drawn`.
                eased_until=case((PostRow.posted <= at - OLD, _moment(at + EASE)), else_=_moment(lease)),
            )
        )
        rows = self._session.scalars(taken.returning(PostRow), execution_options={"populate_existing": True})
        return sorted((_post(row) for row in rows), key=lambda post: ids.index(post.id))

    def drawn(self, post: Post, reference: str | None, fingerprint: str | None, at: datetime) -> None:
        """A message that was taken stands as it was drawn; the next edit comes after a rest."""
        posted = post.posted or (at if reference is not None else None)
        held = at + REST
        eased = at + EASE if posted is not None and posted <= at - OLD else held
        lease = PostRow.held_until
        rests = case(
            (PostRow.wanted == post.version, null()), (PostRow.rests_until > lease, _moment(eased)), else_=_moment(held)
        )  # `changed` let it rest longer than its lease where it is old, `look_again` did not
        self._set(
            {
                "shown": post.version,
                "reference": reference,
                "fingerprint": fingerprint,
                "posted": posted,
                "rests_until": rests,
                "held_until": held,
                "eased_until": eased,
                "refusals": 0,
            },
            PostRow.id == post.id,
        )

    def refused(self, post: Post, until: datetime, gives_up: bool = False) -> None:
        """A message could not be drawn; it is left alone until then. `gives_up` on what it should show by now."""
        settled = {"shown": post.version} if gives_up else {}
        rests = case((PostRow.wanted == post.version, null()), else_=_moment(until)) if gives_up else _moment(until)
        held = {"rests_until": rests, "held_until": until, "eased_until": until, "refusals": post.refusals + 1}
        self._set({**held, **settled}, PostRow.id == post.id)

    def _raise(self, *which: Any, rests_until: Any) -> None:
        raised = self._set({"wanted": PostRow.begun + 1, "rests_until": rests_until}, *which)
        if raised:
            tell_of_change(self._session)

    def _set(self, values: dict[str, Any], *which: Any) -> int:
        changed = update(PostRow).where(*which).values(values).execution_options(synchronize_session=False)
        return int(getattr(self._session.execute(changed), "rowcount", 0))

    def _at(self, room: Room, slot: str) -> PostRow | None:
        # A slot has one message in a place, in whichever thread.
        return self._session.scalar(select(PostRow).where(PostRow.slot == slot, in_place(PostRow, room)))


def _moment(at: datetime) -> ColumnElement[datetime]:
    return literal(at, Moment())


def _post(row: PostRow) -> Post:
    return read(Post, row, room=room_of(row), version=row.begun)
