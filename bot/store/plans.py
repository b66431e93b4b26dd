"""Plans: polls kept for reuse as templates, and what comes again by a rule."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.store import REPEAT, Draft, Schedule, Template
from bot.store.due import DueRows
from bot.store.keys import place_of
from bot.store.models import ScheduleRow, TemplateRow
from bot.store.polling import read_draft, write_draft
from bot.store.rooms import in_place, made_in, room_of
from bot.store.rows import TOO_HIGH, hold, read, storable
from bot.turn import Room


class Plans:
    """All plans, in the hands of one step."""

    def __init__(self, session: Session, due: DueRows) -> None:
        self._session = session
        self._due = due

    # --- Templates ---

    def keep(self, room: Room, name: str, draft: Draft) -> Template:
        """Keep a poll for reuse in the place; one of the same name is replaced."""
        hold(self._session, f"templates {place_of(room.around)}")
        row = self._named(room, name)
        if row is None:
            row = TemplateRow(**made_in(room.around, TemplateRow), name=storable(name), content=write_draft(draft))
            self._session.add(row)
        row.content = write_draft(draft)
        self._session.flush()
        return _template(row)

    def templates(self, room: Room) -> list[Template]:
        """The templates of the place, by name."""
        wanted = select(TemplateRow).where(in_place(TemplateRow, room.around)).order_by(TemplateRow.name)
        return [_template(row) for row in self._session.scalars(wanted)]

    def template(self, room: Room, name: str | int) -> Template | None:
        """The template of that name or number in the place."""
        if isinstance(name, str):
            row = self._named(room, name)
        else:
            wanted = select(TemplateRow).where(TemplateRow.id == name, in_place(TemplateRow, room.around))
            row = self._session.scalar(wanted) if name < TOO_HIGH else None
        return _template(row) if row is not None else None

    def drop(self, template: Template) -> None:
        """Delete a template."""
        self._session.execute(delete(TemplateRow).where(TemplateRow.id == template.id))

    def _named(self, room: Room, name: str) -> TemplateRow | None:
        wanted = select(TemplateRow).where(in_place(TemplateRow, room.around))
        return next((row for row in self._session.scalars(wanted) if row.name.casefold() == name.casefold()), None)

    # --- Schedules ---

    def repeat(self, room: Room, kind: str, content: str, rule: str, first: datetime, zone: str) -> Schedule:
        """Have something come again in the room, from `first` on."""
        row = ScheduleRow(
            kind=kind,
            **made_in(room, ScheduleRow),
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
        if not 0 < number < TOO_HIGH:
            return None
        here = () if room is None else (in_place(ScheduleRow, room),)
        row = self._session.scalar(select(ScheduleRow).where(ScheduleRow.id == number, *here))
        return self._schedule(row) if row is not None and not row.ended else None

    def schedules(self, room: Room) -> list[Schedule]:
        """What comes again in the place, oldest first."""
        wanted = select(ScheduleRow).where(in_place(ScheduleRow, room), ScheduleRow.ended.is_(False))
        return [self._schedule(row) for row in self._session.scalars(wanted.order_by(ScheduleRow.id))]

    def set_next(self, number: int, kind: str, at: datetime | None) -> None:
        """When it comes next; None ends it."""
        self._due.set(f"{REPEAT} {kind}", number, at)
        if at is None:
            self._session.get_one(ScheduleRow, number).ended = True
            self._session.flush()

    def _schedule(self, row: ScheduleRow) -> Schedule:
        coming = self._due.when(f"{REPEAT} {row.kind}", row.id)
        return read(Schedule, row, room=room_of(row), next=coming)


def _template(row: TemplateRow) -> Template:
    return read(Template, row, draft=read_draft(row.content))
