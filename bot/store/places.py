"""Places: how the bot is set in a channel or a talk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any, Unpack

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.store import Changes, Place
from bot.store.models import PlaceRow
from bot.store.rooms import in_place, made_in
from bot.store.rows import upsert
from bot.turn import Person, Room

# The columns that say how a place is set.
SETTINGS = tuple(getattr(PlaceRow, field.name) for field in fields(Place))


def as_set(values: Sequence[Any]) -> Place:
    """A place by the values of `SETTINGS`, as read from its row, or from none."""
    script, zone, automatic, quiet, off, moderators = values
    return Place(script, zone, bool(automatic), bool(quiet), frozenset(off), moderators)


class Places:
    """The settings of all places, in the hands of one step."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def find(self, room: Room) -> Place:
        """How the place of `room` is set, whatever the thread."""
        self._session.flush()
        wanted = select(*SETTINGS).where(in_place(PlaceRow, room.around)).order_by(PlaceRow.server.desc()).limit(1)
        row = self._session.execute(wanted).first()
        return as_set(row) if row is not None else Place()

    def moderated(self, person: Person) -> int:
        """In how many places `person` is a moderator by their own id."""
        return len(self._moderated_by(person))

    def forget_moderator(self, person: Person) -> None:
        """Take `person` out of the moderators of all places."""
        for row in self._moderated_by(person, hold=True):
            row.moderators = tuple(one for one in row.moderators if one != person.id)
        self._session.flush()

    def _moderated_by(self, person: Person, hold: bool = False) -> list[PlaceRow]:
        """The rows of those places; `hold` keeps others from changing them until the step is over."""
        named = select(PlaceRow).where(PlaceRow.moderators.is_not(None))
        if hold:
            named = named.order_by(PlaceRow.platform, PlaceRow.server, PlaceRow.place).with_for_update()
        rows = self._session.scalars(named.execution_options(populate_existing=True))
        return [row for row in rows if person.id in row.moderators]

    def change(self, room: Room, **changes: Unpack[Changes]) -> None:
        """Set what is named, and leave the rest of the place as it is."""
        if not changes:
            return
        values: dict[str, object] = {**changes}
        if "off" in changes:
            values["off"] = tuple(sorted(changes["off"]))
        where = made_in(room.around, PlaceRow)
        values["public"] = where.pop("public")
        if room.server:
            # Settings made before servers were kept go on in the server that the place is in.
            earlier = update(PlaceRow).where(in_place(PlaceRow, replace(room.around, server=None)))
            self._session.execute(earlier.values(server=where["server"]))
        self._session.execute(upsert(self._session, PlaceRow, where, values))
