"""Plans: polls kept for reuse as templates, and what comes again by a rule."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import unquote

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.store import REPEAT, Draft, Schedule, Template
from bot.store.due import DueRows
from bot.store.keys import key, place_of
from bot.store.models import ScheduleRow, TemplateRow
from bot.store.polling import read_draft, write_draft
from bot.store.rows import TOO_HIGH, hold, storable
from bot.turn import Room


class Plans:
    """All plans, in the hands of one step."""

    def __init__(self, session: Session, due: DueRows) -> None:
        self._session = session
        self._due = due

    # --- Templates ---

    def keep(self, room: Room, name: str, draft: Draft) -> Template:
        """Keep a poll for reuse in the place; one of the same name is replaced."""
        hold(self._session, f"templates {place_of(room)}")
        row = self._named(room, name)
        if row is None:
            row = TemplateRow(place=place_of(room), name=storable(name), content=write_draft(draft))
            self._session.add(row)
        row.content = write_draft(draft)
        self._session.flush()
        return _template(row)

    def templates(self, room: Room) -> list[Template]:
        """The templates of the place, by name."""
        wanted = select(TemplateRow).where(TemplateRow.place == place_of(room)).order_by(TemplateRow.name)
        return [_template(row) for row in self._session.scalars(wanted)]

    def template(self, room: Room, name: str | int) -> Template | None:
        """The template of that name or number in the place."""
        if isinstance(name, str):
            row = self._named(room, name)
        else:
            row = self._session.get(TemplateRow, name) if name < TOO_HIGH else None
        return _template(row) if row is not None and row.place == place_of(room) else None

    def drop(self, template: Template) -> None:
        """Delete a template."""
        self._session.execute(delete(TemplateRow).where(TemplateRow.id == template.id))

    def _named(self, room: Room, name: str) -> TemplateRow | None:
        wanted = select(TemplateRow).where(TemplateRow.place == place_of(room))
        return next((row for row in self._session.scalars(wanted) if row.name.casefold() == name.casefold()), None)

    # --- Schedules ---

    def repeat(self, room: Room, kind: str, content: str, rule: str, first: datetime, zone: str) -> Schedule:
        """Have something come again in the room, from `first` on."""
        row = ScheduleRow(
            kind=kind,
            platform=room.platform,
            place=key(room.place),
            thread=None if room.thread is None else key(room.thread),
            private=room.private,
            content=content,
            rule=rule,
            first=first,
            zone=zone,
        )
        self._session.add(row)
        self._session.flush()
        self.set_next(row.id, kind, first)
        return self._schedule(row)

    def schedule(self, number: int, room: Room | None = None) -> Schedule | None:
        """The schedule of that number, if it is of this place; None for a room is any."""
        row = self._session.get(ScheduleRow, number) if 0 < number < TOO_HIGH else None
        found = self._schedule(row) if row is not None and not row.ended else None
        return found if found and (room is None or place_of(found.room) == place_of(room)) else None

    def schedules(self, room: Room) -> list[Schedule]:
        """What comes again in the place, oldest first."""
        wanted = select(ScheduleRow).where(
            ScheduleRow.platform == room.platform, ScheduleRow.place == key(room.place), ScheduleRow.ended.is_(False)
        )
        return [self._schedule(row) for row in self._session.scalars(wanted.order_by(ScheduleRow.id))]

    def set_next(self, number: int, kind: str, at: datetime | None) -> None:
        """When it comes next; None ends it."""
        self._due.set(f"{REPEAT} {kind}", number, at)
        if at is None:
            self._session.get_one(ScheduleRow, number).ended = True
            self._session.flush()

    def _schedule(self, row: ScheduleRow) -> Schedule:
        thread = None if row.thread is None else unquote(row.thread)
        room = Room(row.platform, unquote(row.place), thread, row.private)
        coming = self._due.when(f"{REPEAT} {row.kind}", row.id)
        return Schedule(row.id, row.kind, room, row.content, row.rule, row.first, row.zone, coming)


def _template(row: TemplateRow) -> Template:
    return Template(row.id, row.name, read_draft(row.content))
