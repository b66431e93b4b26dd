"""Retention: all tables say whose their rows are, where they belong and how long they are kept; and that is so."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import BigInteger, Column, ForeignKey, Integer, MetaData, String, Table, Text, insert, select

from bot.store import Draft
from bot.store.keys import person_of
from bot.store.models import Base
from bot.store.models.base import Moment
from bot.store.models.roles import GO, NOWHERE, SPECIAL, STAYS, Holds, Whose, about, having, lasts, person, unsaid
from bot.store.records import Records
from bot.store.rooms import in_scope
from bot.store.rows import delete_whole
from bot.store.scope import EVERYTHING, Scope
from bot.turn import Person
from tests.bot.conftest import ANA, BO, CY, HERE, NOON, THERE

pytestmark = pytest.mark.every_database


# --- What tables say ---


def test_every_table_says_whose_its_rows_are_where_they_belong_and_how_long_they_are_kept() -> None:
    assert unsaid(Base.metadata) == []


def test_a_table_that_says_nothing_is_found() -> None:
    metadata = MetaData()
    Table("gossip", metadata, Column("id", Integer, primary_key=True), Column("author", Text), Column("of", BigInteger))
    assert unsaid(metadata) == [
        "gossip.author does not say whether it holds a person, a place, words or none of these",
        "gossip.of does not say whether it holds a person, a place, words or none of these",
        "gossip does not say how long its rows are kept",
        "gossip does not say where its rows belong",
    ]


@pytest.mark.parametrize(
    ("column", "missing"),
    [
        (Column("who", String(255), info=person(GO, "word", "words")), None),
        (Column("text", Text, info={"role": Holds.WORDS}), None),
        (Column("name", Text, info={"role": Holds.NAME}), "gossip holds a name, and not whose it is"),
        (Column("who", Text, info=person(GO, "word", "words", shared="all")), "gossip.who has no column all"),
    ],
)
def test_what_a_column_leaves_out_is_found(column: Column[object], missing: str | None) -> None:
    metadata = MetaData()
    row = (Column("id", Integer, primary_key=True), Column("at", Moment, info=lasts()), column)
    Table("gossip", metadata, *row, **about(where=NOWHERE))
    assert unsaid(metadata) == ([missing] if missing else [])


def test_what_is_part_of_a_row_goes_with_it_and_is_where_it_is(records: Records) -> None:
    metadata = MetaData()
    whole = Table("parties", metadata, Column("id", Integer, primary_key=True), **about(kept=STAYS, where=NOWHERE))
    part = Table("guests", metadata, Column("id", Integer, primary_key=True), Column("party", ForeignKey("parties.id")))
    assert unsaid(metadata) == []
    session = records._session
    metadata.create_all(session.connection())
    session.execute(insert(whole), [{"id": 1}, {"id": 2}])
    session.execute(insert(part), [{"id": 3, "party": 1}, {"id": 4, "party": 2}])
    told: list[str] = []
    delete_whole(session, whole, whole.c.id == 1, before={"guests": lambda *which: told.append("guests go")})
    assert session.execute(select(part.c.id)).scalars().all() == [4]
    assert told == ["guests go"]


def test_what_belongs_to_no_place_is_in_no_scope() -> None:
    rows = {mapper.class_.__tablename__: mapper.class_ for mapper in Base.registry.mappers}
    nowhere = set()
    for name, row in rows.items():
        try:
            in_scope(row, Scope(HERE))
        except ValueError:
            nowhere.add(name)
    assert nowhere == {"drafts", "due", "events"}
    assert str(in_scope(rows["drafts"], EVERYTHING)) == "true"


# --- What comes of it ---


def test_of_every_table_the_rows_of_a_person_are_counted_and_forgotten(records: Records) -> None:
    """Rows of the tables themselves, as anything may have made them; what is SPECIAL is tried where it is done."""
    session = records._session
    filled = [(column, whose) for column, whose in having(Base.metadata, Whose) if whose.at_forget is not SPECIAL]
    wholes = [table for table in Base.metadata.sorted_tables if table.name in ("discussions", "rounds", "polls")]
    for table in [*wholes, *(column.table for column, _ in filled if column.table not in wholes)]:
        for who in (ANA, BO):
            session.execute(insert(table), _row(table, who))
    called = sorted(whose.one for _, whose in filled)
    assert sorted(one.one for one in records.kept(ANA)) == called
    assert {one.count for one in records.kept(ANA)} == {1}
    records.forget(ANA)
    assert records.kept(ANA) == []
    assert sorted(one.one for one in records.kept(BO)) == called
    for column, _ in filled:
        assert person_of(ANA) not in session.scalars(select(column)).all()


def _row(table: Table, who: Person) -> dict[str, object]:
    """A row of somebody, whose first number is 1 for one and 2 for the other."""
    number = 1 if who is ANA else 2
    made: dict[str, object] = {}
    for column in table.columns:
        if isinstance(column.info.get("role"), Whose):
            made[column.name] = person_of(who)
        elif column.type.python_type is int:
            made[column.name] = number
        elif not column.nullable:
            made[column.name] = {str: "any", bool: False}.get(column.type.python_type, NOON)
    return made


def test_who_is_forgotten_moderates_nowhere_and_others_do_as_before(records: Records) -> None:
    longer = Person(f"{BO.id}2", "Bo")
    records.places.change(HERE, moderators=(BO.id, "test:group", longer.id))
    records.places.change(THERE, moderators=(longer.id,))
    assert list(map(str, records.kept(BO))) == ["1 place where you are a moderator"]
    assert list(map(str, records.kept(longer))) == ["2 places where you are a moderator"]
    records.forget(BO)
    assert records.kept(BO) == []
    assert records.places.find(HERE).moderators == ("test:group", longer.id)
    assert records.places.find(THERE).moderators == (longer.id,)


def test_an_invitation_goes_when_it_is_long_over(records: Records) -> None:
    poll = records.polls.start(HERE, person_of(CY), NOON, Draft("Which?", ("a", "b")))
    code = records.invitations.invite(poll, NOON)
    records.purge(NOON + timedelta(hours=1))
    assert records.invitations.invited(code, NOON) == poll.id
    records.purge(NOON + timedelta(days=2))
    assert records.invitations.invited(code, NOON) is None
    assert records.polls.find(poll.id) == poll
