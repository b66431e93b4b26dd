"""The ledger: what was spent, by place, model and month, and how long it is known to whom it belonged."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from bot.reply import Reply, Text
from bot.store import Spending
from bot.store.database import Store
from bot.store.models.talks import LEDGER_LASTS
from bot.store.months import month_after, month_before, month_of
from bot.store.records import Records
from bot.store.scope import EVERYTHING, Scope
from bot.turn import Person, Room, Turn
from knowledge.answer import Spent
from tests.bot.conftest import Place, purge, tables

pytestmark = pytest.mark.every_database

NOON = datetime(2025, 1, 6, 12, tzinfo=UTC)
ANA, BEN = Person("test:ana", "Ana"), Person("test:ben", "Ben")
HERE, THERE, ALONE = Room("test", "here"), Room("test", "there"), Room("test", "dm-of-ana", private=True)
SMALL, LARGE = "openai:gpt-4.1-mini", "openai:gpt-4.1"


def spend(
    records: Records,
    nanodollars: int | None = 1_000,
    room: Room = HERE,
    person: Person = ANA,
    at: datetime = NOON,
    model: str = SMALL,
) -> tuple[int, int]:
    """An answer that a model was called for, with 20 tokens in and 5 out."""
    turn = Turn(f"test:{at}", room, person, "What?", at)
    number = records.remember(turn, Reply((Text("That."),), "question"))
    return records.ledger.enter(turn, Spent(model, 20, 5), nanodollars, number)


def rows(database: Place) -> list[tuple[object, ...]]:
    """Place, message and cost of all entries, in a connection of its own."""
    entries = sorted(tables(database)["spending"], key=lambda row: row["id"])
    return [(row["place"], row["message"], row["nanodollars"]) for row in entries]


def test_an_empty_ledger_has_sums(records: Records) -> None:
    assert records.ledger.cost(NOON) == 0
    assert records.ledger.month(NOON, scope=EVERYTHING) == records.ledger.month(NOON, scope=Scope(HERE)) == Spending()
    assert (
        records.ledger.places(NOON, scope=EVERYTHING)
        == records.ledger.models(NOON, scope=EVERYTHING)
        == records.ledger.months(NOON, 6, scope=EVERYTHING)
        == {}
    )


def test_an_entry_tells_the_sums_around_it(records: Records) -> None:
    assert spend(records, 1_000) == (0, 1_000)
    assert spend(records, 500, THERE) == (1_000, 1_500)
    assert spend(records, None) == (1_500, 1_500)
    assert records.ledger.cost(NOON) == 1_500


def test_sums_by_place_and_by_model(records: Records) -> None:
    spend(records, 1_000)
    spend(records, 3_000, THERE, model=LARGE)
    spend(records, None, THERE, model="nosuch:model")
    assert records.ledger.month(NOON, scope=EVERYTHING) == Spending(3, 60, 15, 4_000, 1)
    assert records.ledger.month(NOON, scope=Scope(HERE)) == Spending(1, 20, 5, 1_000, 0)
    assert list(records.ledger.places(NOON, scope=EVERYTHING).items()) == [
        ("test/there", Spending(2, 40, 10, 3_000, 1)),
        ("test/here", Spending(1, 20, 5, 1_000, 0)),
    ]
    assert list(records.ledger.models(NOON, scope=EVERYTHING)) == [LARGE, SMALL, "nosuch:model"]


def test_threads_belong_to_their_place(records: Records) -> None:
    spend(records, room=Room("test", "here", thread="t1"))
    assert records.ledger.month(NOON, scope=Scope(HERE)).answers == 1


def test_private_talks_are_told_together(records: Records) -> None:
    spend(records, room=ALONE)
    spend(records, room=Room("test", "dm-of-ben", private=True), person=BEN)
    assert records.ledger.places(NOON, scope=EVERYTHING) == {"test, private talks": Spending(2, 40, 10, 2_000, 0)}
    assert records.ledger.month(NOON, scope=Scope(ALONE)).answers == 1


def test_a_month_is_one_in_utc(records: Records) -> None:
    last = datetime(2025, 1, 31, 23, 59, 59, 999_999, tzinfo=UTC)
    spend(records, 1, at=datetime(2024, 12, 31, 23, 59, 59, tzinfo=UTC))
    spend(records, 20, at=datetime(2025, 1, 1, tzinfo=UTC))
    spend(records, 300, at=last)
    spend(records, 4_000, at=datetime(2025, 2, 1, 1, tzinfo=timezone(timedelta(hours=2))))  # 23:00 in UTC
    spend(records, 50_000, at=datetime(2025, 2, 1, tzinfo=UTC))
    assert records.ledger.cost(NOON) == records.ledger.cost(last) == 4_320
    assert records.ledger.cost(month_of(NOON)) == 4_320
    before = records.ledger.months(datetime(2025, 3, 9, tzinfo=UTC), 6, scope=EVERYTHING)
    assert {f"{month:%Y-%m}": spent.nanodollars for month, spent in before.items()} == {
        "2025-02": 50_000,
        "2025-01": 4_320,
        "2024-12": 1,
    }


def test_months_follow_each_other() -> None:
    month = datetime(2023, 11, 1, tzinfo=UTC)
    for _ in range(40):
        assert month_before(month_after(month)) == month
        assert month_after(month).day == 1
        month = month_after(month)
    assert month == datetime(2027, 3, 1, tzinfo=UTC)


def test_a_turn_finds_what_its_month_has_cost(records: Records) -> None:
    spend(records, 1_000, THERE)
    assert records.scene(Turn("test:1", HERE, BEN, "hello", NOON)).spent == 1_000
    assert records.scene(Turn("test:2", HERE, BEN, "hello", NOON + timedelta(days=31))).spent == 0


def test_sums_outlive_messages_but_lead_to_nobody(store: Store, database: Place) -> None:
    with store.writing() as records:
        spend(records, 1_000)
        spend(records, 2_000, ALONE)
        spend(records, 4_000, ALONE, at=NOON + timedelta(days=2))
    purge(store, NOON + timedelta(days=1))
    assert rows(database) == [("here", None, 1_000), ("", None, 2_000), ("dm-of-ana", 6, 4_000)]
    with store.reading() as records:
        assert records.ledger.cost(NOON) == 7_000
        assert records.ledger.places(NOON, scope=EVERYTHING)["test, private talks"].answers == 2
    purge(store, NOON + timedelta(days=1))
    assert len(rows(database)) == 3


def test_the_ledger_itself_ends_after_years(store: Store, database: Place) -> None:
    with store.writing() as records:
        spend(records, 1_000)
        spend(records, 2_000, at=NOON + timedelta(days=1))
    purge(store, NOON + LEDGER_LASTS)
    assert len(rows(database)) == 2
    purge(store, NOON + LEDGER_LASTS + timedelta(hours=1))
    assert rows(database) == [("here", None, 2_000)]


def test_who_is_forgotten_leaves_sums_only(store: Store, database: Place) -> None:
    with store.writing() as records:
        spend(records, 1_000, ALONE)
        spend(records, 2_000)
        spend(records, 3_000, person=BEN)
    with store.writing() as records:
        records.forget(ANA)
    assert rows(database) == [("", None, 1_000), ("here", None, 2_000), ("here", 6, 3_000)]


def test_an_answer_that_is_not_remembered_leads_to_no_private_talk(store: Store, database: Place) -> None:
    with store.writing() as records:
        turn = Turn("test:1", ALONE, ANA, "What?", NOON)
        records.ledger.enter(turn, Spent(SMALL, 20, 5), 1_000, None)
    assert rows(database) == [("", None, 1_000)]


def test_sums_may_be_large(records: Records) -> None:
    most = 10**15  # a million dollars an answer
    for _ in range(3):
        spend(records, most)
    assert records.ledger.cost(NOON) == 3 * most
