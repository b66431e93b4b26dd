"""Places: how the bot is set in a channel or a talk."""

from __future__ import annotations

from typing import Unpack

from sqlalchemy.orm import Session

from bot.store import Changes, Place
from bot.store.keys import place_of
from bot.store.models import PlaceRow
from bot.store.rows import upsert
from bot.turn import Room


class Places:
    """The settings of all places, in the hands of one step."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def find(self, room: Room) -> Place:
        """How the place of `room` is set, whatever the thread."""
        row = self._session.get(PlaceRow, place_of(room), populate_existing=True)
        if row is None:
            return Place()
        off, moderators = (row.off or "").split(), (row.moderators or "").split()
        return Place(row.script, row.zone, row.automatic, row.quiet, frozenset(off), tuple(moderators))

    def change(self, room: Room, **changes: Unpack[Changes]) -> None:
        """Set what is named, and leave the rest of the place as it is."""
        if not changes:
            return
        values: dict[str, object] = {**changes}
        if "off" in changes:
            values["off"] = " ".join(sorted(changes["off"]))
        if "moderators" in changes:
            values["moderators"] = " ".join(changes["moderators"])
        self._session.execute(upsert(self._session, PlaceRow, {"place": place_of(room)}, values))
