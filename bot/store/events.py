"""Events of platforms: each is answered once, however often it is delivered, and tried so many times at most.

They are remembered by a keyed digest, as what a platform calls an event can tell who pressed what, and go when no
platform can deliver them again.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.orm import Session

from bot.store.models import EventRow
from bot.store.models.base import Moment
from bot.store.rows import insert_of
from bot.store.seal import Seal

# Whoever claimed an event has this long to answer it; then its next delivery may.
LEASE = timedelta(seconds=90)
# How long an event is remembered: Slack delivers again for five minutes at most, Discord and the terminal never do.
REMEMBERED = timedelta(hours=2)

# --- Statements that are made once ---

_AT = bindparam("at", type_=Moment)
_OLD = delete(EventRow).where(
    EventRow.id.in_(select(EventRow.id).where(EventRow.claimed_until < _AT).with_for_update(skip_locked=True))
)
_AGAIN = (
    update(EventRow)
    .where(EventRow.id == bindparam("event"), EventRow.done.is_(False), EventRow.claimed_until <= _AT)
    .values(claimed_until=bindparam("until", type_=Moment), done=bindparam("answered"), attempts=EventRow.attempts + 1)
    .returning(EventRow.attempts)
)


@cache
def _new(insert: Any) -> Any:
    """Claims events that nobody has claimed yet."""
    return insert(EventRow).on_conflict_do_nothing().returning(EventRow.id)


@cache
def _answered(insert: Any) -> Any:
    """Marks events as answered, claimed or not."""
    wanted = insert(EventRow)
    kept = {name: wanted.excluded[name] for name in ("claimed_until", "done")}
    return wanted.on_conflict_do_update(index_elements=[EventRow.id], set_=kept)


class Events:
    """All events, in the hands of one step."""

    def __init__(self, session: Session, seal: Seal) -> None:
        self._session = session
        self._seal = seal

    def is_taken(self, event_id: str, at: datetime) -> bool:
        """Whether an event is answered, or somebody is at it."""
        row = self._session.get(EventRow, self._seal.event(event_id))
        return row is not None and (row.done or row.claimed_until > at)

    def claim(self, event_id: str, at: datetime, done: bool = False) -> int:
        """Take an event to answer it: how often it has been taken by now, 0 if it is answered or somebody is at it.

        `done` where it is answered in this very transaction.
        """
        return self.claim_all({event_id: done}, at).get(event_id, 0)

    def claim_all(self, wanted: Mapping[str, bool], at: datetime) -> Mapping[str, int]:
        """Take events, of each whether it is answered in this very transaction: those that could be taken, with how
        often each has been by now.
        """
        if not wanted:
            return {}
        connection = self._session.connection()
        # Everybody goes by the same order, so that no two wait for each other.
        keys = {self._seal.event(event_id): event_id for event_id in wanted}
        rows = [
            {
                "id": key,
                "claimed_until": at if wanted[keys[key]] else at + LEASE,
                "attempts": 1,
                "done": wanted[keys[key]],
            }
            for key in sorted(keys)
        ]
        # One statement, so that of several deliveries at the same moment one gets it.
        taken = dict.fromkeys(connection.execute(_new(insert_of(self._session)), rows).scalars(), 1)
        for row in rows:
            # Those who took it before may have died of it.
            if row["id"] not in taken:
                again = {"event": row["id"], "until": row["claimed_until"], "answered": row["done"], "at": at}
                if attempts := connection.execute(_AGAIN, again).scalar():
                    taken[row["id"]] = attempts
        return {keys[key]: attempts for key, attempts in taken.items()}

    def forget_old(self, at: datetime) -> None:
        """Delete events that no platform can deliver again."""
        self._session.connection().execute(_OLD, {"at": at - REMEMBERED})

    def answered(self, event_id: str, at: datetime) -> None:
        """Mark an event as answered, claimed or not: no delivery of it is answered again."""
        self.all_answered([event_id], at)

    def all_answered(self, event_ids: Collection[str], at: datetime) -> None:
        """The same for many."""
        if event_ids:
            rows = [
                {"id": key, "claimed_until": at, "attempts": 1, "done": True}
                for key in sorted(map(self._seal.event, event_ids))
            ]
            self._session.connection().execute(_answered(insert_of(self._session)), rows)
