"""Discussions: questions that were posted, the replies that were gathered, and the digests of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from sqlalchemy import ColumnElement, Select, delete, exists, func, select
from sqlalchemy.orm import Session

from bot.store import Digest, Discussion, Remark, Schedule
from bot.store.discussing import CLOSE_DISCUSSION, GATHERED, digest_slot, question_slot
from bot.store.due import DueRows
from bot.store.keys import person_of
from bot.store.models import DigestRow, DiscussionRow, RemarkRow
from bot.store.posts import Posts
from bot.store.rooms import in_place, in_scope, made_in, room_of
from bot.store.rows import TOO_HIGH, count, delete_whole, read, storable, table_of
from bot.store.scope import Scope
from bot.turn import Person, Room

# So many replies are kept of a person (a later one replaces the oldest), and of all people.
MOST_OF_A_PERSON, MOST = 5, 500

Gathered = Literal["kept", "replaced", "full", "over"]


class Discussions:
    """All discussions, in the hands of one step."""

    def __init__(self, session: Session, posts: Posts, due: DueRows) -> None:
        self._session = session
        self._posts = posts
        self._due = due

    # --- Finding ---

    def find(self, number: int, room: Room | None = None) -> Discussion | None:
        """The discussion of that number, if it was posted in this place; None for a room is anywhere."""
        if not 0 < number < TOO_HIGH:
            return None
        wanted = select(DiscussionRow) if room is None else _of(room)
        return next(iter(self._found(wanted.where(DiscussionRow.id == number))), None)

    def newest(self, room: Room) -> Discussion | None:
        """The one posted last in the place, open or not."""
        return next(iter(self._found(_of(room).order_by(DiscussionRow.id.desc()).limit(1))), None)

    def open_in(self, room: Room, at: datetime) -> list[Discussion]:
        """Those of the place to which replies of that moment are gathered, newest first."""
        running = _of(room).where(DiscussionRow.closed.is_(None), DiscussionRow.closes > at)
        return self._found(running.order_by(DiscussionRow.id.desc()))

    def current(self, room: Room, at: datetime) -> Discussion | None:
        """The newest open one of the place; else the newest, unless its time was up long ago."""
        lately = self._found(_of(room).where(DiscussionRow.closes > at - GATHERED).order_by(DiscussionRow.id.desc()))
        return next((one for one in lately if not one.is_over(at)), next(iter(lately), None))

    def of_thread(self, room: Room) -> Discussion | None:
        """The one whose thread `room` is; None for any other room."""
        # A thread that is a place of its own may have grown out of the question that was posted around it.
        place = room.around
        post = self._posts.by_reference(place, room.thread) if room.thread is not None else None
        number = int(post.slot.rpartition("-")[2]) if post else 0
        return self.find(number, place) if post and post.slot == question_slot(number) else None

    def posted(self, room: Room) -> dict[str, datetime]:
        """All questions that were posted in the place, with the moment when each was last."""
        last = func.max(DiscussionRow.opened)
        here = select(DiscussionRow.question, last).where(in_place(DiscussionRow, room))
        return {row[0]: row[1] for row in self._session.execute(here.group_by(DiscussionRow.question))}

    # --- Posting, closing ---

    def start(self, room: Room, question: str, origin: tuple[str, str], zone: str, at: datetime) -> Discussion:
        """Post a question in the place of `room`, and have it closed in time; `origin` are slugs of script and section.

        It stands in the place itself, whatever the thread, so that it has a thread of its own.
        """
        row = DiscussionRow(
            **made_in(room, DiscussionRow),
            overheard=room.overheard,
            question=storable(question),
            script=origin[0],
            section=origin[1],
            zone=zone,
            opened=at,
            closes=at + GATHERED,
        )
        self._session.add(row)
        self._session.flush()
        self._due.set(CLOSE_DISCUSSION, row.id, row.closes)
        return _discussion(row)

    def close(self, discussion: Discussion, at: datetime) -> Discussion:
        """The discussion, closed; one that was closed before stays as it was."""
        row = self._locked(discussion)
        if row.closed is None:
            row.closed = min(row.closes, at)
            self._due.set(CLOSE_DISCUSSION, row.id, None)
            self._posts.look_again(question_slot(row.id))
            self._session.flush()
        return _discussion(row)

    def take_back(self, discussion: Discussion) -> None:
        """Let go of one whose question could not be shown: nobody can have replied."""
        self._due.set(CLOSE_DISCUSSION, discussion.id, None)
        delete_whole(self._session, table_of(DiscussionRow), DiscussionRow.id == discussion.id)

    # --- Replies ---

    def gather(self, discussion: Discussion, person: Person, text: str, at: datetime) -> Gathered:
        """Keep a reply, unless the discussion is over or full; beyond the most of a person it replaces their oldest."""
        row = self._locked(discussion)
        if _discussion(row).is_over(at):
            return "over"
        own = self._session.scalars(_remarks(discussion, person).order_by(RemarkRow.id)).all()
        if len(own) >= MOST_OF_A_PERSON:
            self._session.delete(own[0])
        elif count(self._session, RemarkRow, RemarkRow.discussion == discussion.id) >= MOST:
            return "full"
        key_of, name = person_of(person), storable(person.name)
        self._session.add(RemarkRow(discussion=row.id, person=key_of, name=name, text=storable(text), at=at))
        self._session.flush()
        return "kept" if len(own) < MOST_OF_A_PERSON else "replaced"

    def withdraw(self, discussion: Discussion, person: Person) -> int:
        """Delete the replies of `person`; how many there were."""
        theirs = (RemarkRow.discussion == discussion.id, RemarkRow.person == person_of(person))
        if found := count(self._session, RemarkRow, *theirs):
            self.draw_again(*theirs)
            self._session.execute(delete(RemarkRow).where(*theirs))
        return found

    def replied_to(self, person: Person, room: Room | None) -> Discussion | None:
        """The newest discussion of the place that `person` has replied to; None for a room is anywhere."""
        own = select(RemarkRow.discussion).where(RemarkRow.person == person_of(person))
        wanted = (select(DiscussionRow) if room is None else _of(room)).where(DiscussionRow.id.in_(own))
        newest = wanted.order_by(DiscussionRow.id.desc()).limit(1)
        return next(iter(self._found(newest)), None)

    def remarks(self, discussion: Discussion) -> list[Remark]:
        """All replies, oldest first."""
        wanted = select(RemarkRow).where(RemarkRow.discussion == discussion.id).order_by(RemarkRow.id)
        return [_remark(row) for row in self._session.scalars(wanted)]

    def people(self, discussion: Discussion) -> int:
        """How many people have replied."""
        wanted = select(func.count(RemarkRow.person.distinct())).where(RemarkRow.discussion == discussion.id)
        return self._session.scalar(wanted) or 0

    # --- Digests ---

    def start_digest(self, schedule: Schedule, at: datetime) -> Digest:
        """The digest of what was gathered since the one before of that schedule."""
        before = select(func.max(DigestRow.until)).where(DigestRow.schedule == schedule.id)
        row = DigestRow(
            **made_in(schedule.room, DigestRow),
            schedule=schedule.id,
            zone=schedule.zone,
            since=self._session.scalar(before) or at - GATHERED,
            until=at,
        )
        self._session.add(row)
        self._session.flush()
        return _digest(row)

    def digest(self, number: int) -> Digest | None:
        """The digest of that number."""
        row = self._session.get(DigestRow, number) if 0 < number < TOO_HIGH else None
        return _digest(row) if row else None

    def gathered(self, digest: Digest, *, scope: Scope) -> list[tuple[Discussion, list[Remark]]]:
        """What a digest tells: replies by discussion, oldest first."""
        wanted = (
            select(DiscussionRow, RemarkRow)
            .join(RemarkRow, RemarkRow.discussion == DiscussionRow.id)
            .where(in_scope(DiscussionRow, scope), RemarkRow.at > digest.since, RemarkRow.at <= digest.until)
            .order_by(DiscussionRow.id, RemarkRow.id)
        )
        found: dict[int, tuple[Discussion, list[Remark]]] = {}
        for discussion, remark in self._session.execute(wanted):
            found.setdefault(discussion.id, (_discussion(discussion), []))[1].append(_remark(remark))
        return list(found.values())

    def draw_again(self, *which: ColumnElement[bool]) -> None:
        """Have the digests drawn again that tell the replies which fulfil all of `which`, and are about to go."""
        told = exists().where(*which, RemarkRow.at > DigestRow.since, RemarkRow.at <= DigestRow.until)
        for number in self._session.scalars(select(DigestRow.id).where(told)).all():
            self._posts.look_again(digest_slot(number))

    # --- Rows ---

    def _locked(self, discussion: Discussion) -> DiscussionRow:
        """The row, so that nobody else closes it or adds to it meanwhile."""
        wanted = select(DiscussionRow).where(DiscussionRow.id == discussion.id).with_for_update()
        return self._session.scalars(wanted.execution_options(populate_existing=True)).one()

    def _found(self, wanted: Select[DiscussionRow]) -> list[Discussion]:
        rows: Sequence[DiscussionRow] = self._session.scalars(wanted).all()
        return [_discussion(row) for row in rows]


def _of(room: Room) -> Select[DiscussionRow]:
    return select(DiscussionRow).where(in_place(DiscussionRow, room))


def _remarks(discussion: Discussion, person: Person) -> Select[RemarkRow]:
    return select(RemarkRow).where(RemarkRow.discussion == discussion.id, RemarkRow.person == person_of(person))


def _discussion(row: DiscussionRow) -> Discussion:
    return read(Discussion, row, room=room_of(row, row.overheard))


def _remark(row: RemarkRow) -> Remark:
    return read(Remark, row)


def _digest(row: DigestRow) -> Digest:
    return read(Digest, row, room=room_of(row))
