"""What a turn finds in its room, looked for by two statements that are made once, however much there is in the store.

Most turns find nothing open: so it is asked in one statement how the place is set and what there can be, and only that
is read.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, literal, or_, select
from sqlalchemy.orm import Session

from bot.store import Place
from bot.store.discussing import GATHERED
from bot.store.keys import key, person_of
from bot.store.models import (
    DiscussionRow,
    DraftRow,
    MessageRow,
    PlaceRow,
    PollPlaceRow,
    PollRow,
    PostRow,
    QuizRow,
    RoundRow,
    SpendingRow,
)
from bot.store.models.base import Moment, Placed
from bot.store.months import month_of
from bot.store.places import SETTINGS, as_set
from bot.store.rooms import at_place
from bot.store.rows import storable
from bot.turn import Room, Turn

# What a follow-up can lean on, in messages; older ones are kept until their time is up, but not read.
REMEMBERED = 12


def _here(table: type[Placed], place: str = "place") -> ColumnElement[bool]:
    """As `rooms.in_place`, for the parameters of a look."""
    return at_place(table, *map(bindparam, ("platform", "server", place)))


_SEEN = or_(MessageRow.private.is_(False), MessageRow.person == bindparam("person"))


def _said(here: ColumnElement[bool]) -> Select[str | None, str, datetime]:
    newest = select(MessageRow.activity, MessageRow.content, MessageRow.at).where(here, _SEEN)
    return newest.order_by(MessageRow.id.desc()).limit(REMEMBERED)


_IN_ROOM = and_(_here(MessageRow), MessageRow.thread == bindparam("thread"))
_SAID = _said(_IN_ROOM)
# In a direct talk goes on what was answered in private elsewhere.
_SAID_ALONE = _said(or_(_IN_ROOM, MessageRow.private & (MessageRow.person == bindparam("person"))))
_AT = bindparam("at", type_=Moment)
_ONE = select(literal(1).label("one")).subquery()
_THERE = (
    select(
        exists().where(_here(MessageRow, "around"), MessageRow.thread == bindparam("talk"), _SEEN).label("said"),
        exists().where(PollRow.closed.is_(None), PollPlaceRow.poll == PollRow.id, _here(PollPlaceRow)).label("poll"),
        exists().where(DraftRow.person == bindparam("person")).label("draft"),
        exists().where(QuizRow.person == bindparam("person"), QuizRow.outcome.is_(None)).label("quiz"),
        exists().where(_here(RoundRow), RoundRow.together.is_(True), RoundRow.ended.is_(None)).label("round"),
        exists().where(_here(DiscussionRow), DiscussionRow.closes > _AT).label("discussion"),
        exists().where(_here(PostRow), PostRow.reference == bindparam("thread")).label("thread"),
        exists().where(SpendingRow.at >= bindparam("month", type_=Moment)).label("spent"),
        *SETTINGS,
    )
    .select_from(_ONE.outerjoin(PlaceRow, _here(PlaceRow, "around")))
    .order_by(PlaceRow.server.desc())
    .limit(1)
)


# Messages, oldest first: their activities (None where a person said it), words and moments.
Said = Sequence[tuple[str | None, str, datetime]]


def said_before(session: Session, turn: Turn) -> Said:
    """The last messages of the talk."""
    session.flush()
    wanted = _SAID_ALONE if turn.room.private else _SAID
    room = turn.room.around
    rows = session.connection().execute(wanted, {**_parameters(turn, room), "thread": key(room.thread or "")})
    return [(activity, content, at) for activity, content, at in rows.all()[::-1]]


def without_chat(said: Said) -> tuple[Said, tuple[str, ...]]:
    """The messages without small talk, on which nothing leans, and what the bot said of it."""
    kept: list[tuple[str | None, str, datetime]] = []
    chatted = []
    for activity, words, at in said:
        if activity == "smalltalk":
            chatted.append(words)
            if kept and kept[-1][0] is None:
                # What was said and its answer stay side by side.
                kept.pop()
        else:
            kept.append((activity, words, at))
    return kept, tuple(chatted)


def look(session: Session, turn: Turn) -> tuple[Place, frozenset[str]]:
    """How the place is set, and what there can be in the room, or open for the person: "said" (a talk), "poll",
    "draft", "quiz", "round", "discussion" (of the place), "thread" (of something that was posted), "spent" (this
    month). Nothing else is there for sure, but what was said elsewhere where the room is private.
    """
    session.flush()
    thread = storable(turn.room.thread or "-")
    times: dict[str, datetime] = {"at": turn.at - GATHERED, "month": month_of(turn.at)}
    talk = {"around": key(turn.room.around.place), "talk": key(turn.room.thread or "")}
    wanted = {**_parameters(turn, turn.room), **talk, "thread": thread, **times}
    found = session.connection().execute(_THERE, wanted).one()
    settings = len(found) - len(SETTINGS)
    there = zip(_THERE.selected_columns.keys()[:settings], found[:settings], strict=True)
    return as_set(found[settings:]), frozenset(name for name, is_there in there if is_there)


def _parameters(turn: Turn, room: Room) -> dict[str, str]:
    return {
        "platform": key(room.platform),
        "server": key(room.server or ""),
        "place": key(room.place),
        "person": person_of(turn.person),
    }
