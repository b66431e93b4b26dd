"""Rounds and the leaderboard in the store: where a round stands, one answer each, and what earlier versions have."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.store import Round, Score
from bot.store.database import Store
from bot.store.keys import person_of
from bot.store.records import Records
from bot.turn import Person, Room, Turn
from tests.bot.conftest import ANA, BO, CY, HERE, NOON, THERE
from tests.bot.earlier_tables import make_earlier

pytestmark = pytest.mark.every_database

QUESTIONS = ("bank/one", "bank/two", "bank/three")


def turn(person: Person = BO, room: Room = HERE) -> Turn:
    return Turn("test:1", room, person, "quiz round", NOON)


def graded(records: Records, held: Round) -> list[tuple[int, str, str, int | None]]:
    return [(one.at, one.person, one.grade, one.option) for one in records.rounds.answers(held)]


def test_a_round_is_found_where_it_belongs(records: Records) -> None:
    together = records.rounds.start(turn(ANA), QUESTIONS, together=True)
    alone = records.rounds.start(turn(BO), QUESTIONS, together=False)
    assert records.rounds.open_together(HERE, NOON) == together
    assert records.rounds.open_together(THERE, NOON) is None
    assert records.rounds.open_alone(BO, NOON) == alone
    assert records.rounds.open_alone(ANA, NOON) is None
    assert records.rounds.find(together.id, HERE) == together
    assert records.rounds.find(together.id, THERE) is None
    assert records.rounds.find(alone.id) is None
    assert records.rounds.alone(alone.id, CY) is None
    assert records.rounds.find(2**40) is None


def test_where_a_round_stands_is_kept(records: Records) -> None:
    held = records.rounds.start(turn(ANA), QUESTIONS, together=True)
    moved = replace(held, at=1, revealed=True, asked=NOON + timedelta(hours=1))
    records.rounds.keep(moved)
    assert records.rounds.find(held.id) == moved
    assert (moved.ref, moved.is_last) == ("bank/two", False)
    assert records.rounds.asked_in(HERE) == {"bank/one", "bank/two"}
    records.rounds.keep(replace(moved, ended=NOON))
    assert records.rounds.open_together(HERE, NOON) is None


def test_a_round_is_over_after_a_day(records: Records) -> None:
    held = records.rounds.start(turn(ANA), QUESTIONS, together=True)
    assert records.rounds.open_together(HERE, NOON + timedelta(hours=23)) == held
    assert records.rounds.open_together(HERE, NOON + timedelta(hours=24)) is None
    assert not records.rounds.is_open(held, NOON + timedelta(hours=24))


def test_a_round_alone_takes_the_place_of_the_one_before(records: Records) -> None:
    records.rounds.start(turn(), QUESTIONS, together=False)
    second = records.rounds.start(turn(), QUESTIONS[:1], together=False)
    assert records.rounds.open_alone(BO, NOON) == second
    records.rounds.end_alone(BO, NOON)
    assert records.rounds.open_alone(BO, NOON) is None
    assert records.rounds.last_alone(BO) == replace(second, ended=NOON)


def test_each_person_has_one_answer_a_question(records: Records) -> None:
    held = records.rounds.start(turn(ANA), QUESTIONS, together=True)
    records.rounds.answer(held, BO, "incorrect", 2)
    records.rounds.answer(held, BO, "correct", None)
    records.rounds.answer(held, CY, "close", 1)
    later = replace(held, at=1)
    records.rounds.answer(later, BO, "incorrect", 3)
    assert graded(records, held) == [
        (0, person_of(BO), "correct", None),
        (0, person_of(CY), "close", 1),
        (1, person_of(BO), "incorrect", 3),
    ]


def test_a_permit_is_of_one_person_and_one_round(records: Records) -> None:
    held = records.rounds.start(turn(ANA), QUESTIONS, together=True)
    other = records.rounds.start(turn(ANA, THERE), QUESTIONS, together=True)
    permit = records.rounds.permit(held, BO)
    assert records.rounds.is_permit(permit, held, BO)
    assert not records.rounds.is_permit(permit, held, CY)
    assert not records.rounds.is_permit(permit, other, BO)


def test_scores_count_first_tries_and_what_is_revealed(records: Records) -> None:
    run = records.quizzes.start(turn(), "script", "section")
    records.quizzes.keep(replace(run, tries=2, first="incorrect", outcome="correct"))
    records.quizzes.keep(replace(records.quizzes.start(turn(), "bank", "", "one"), outcome="revealed"))
    held = records.rounds.start(turn(ANA), QUESTIONS, together=True)
    records.rounds.answer(held, BO, "correct", 1)
    assert records.leaderboard.scores(HERE) == {person_of(BO): Score(0, 1)}
    records.rounds.keep(replace(held, revealed=True))
    assert records.leaderboard.scores(HERE) == {person_of(BO): Score(1, 2)}
    assert records.leaderboard.scores(THERE) == {}


def test_the_leaderboard_holds_who_joined_in_that_place(records: Records) -> None:
    records.leaderboard.join(HERE, BO)
    records.leaderboard.join(HERE, replace(BO, name="Bobby"))
    records.leaderboard.join(THERE, CY)
    assert records.leaderboard.names(HERE) == {person_of(BO): "Bobby"}
    assert list(map(str, records.kept(BO))) == ["1 leaderboard with your name"]
    assert records.kept(ANA) == []
    assert records.leaderboard.leave(HERE, BO)
    assert not records.leaderboard.leave(HERE, BO)
    assert records.leaderboard.names(HERE) == {}


def test_forgetting_leaves_the_round_of_others(records: Records) -> None:
    held = records.rounds.start(turn(ANA), QUESTIONS, together=True)
    records.rounds.start(turn(ANA), QUESTIONS, together=False)
    records.rounds.answer(held, ANA, "correct", 1)
    records.rounds.answer(held, BO, "correct", 1)
    records.leaderboard.join(HERE, ANA)
    records.forget(ANA)
    assert records.kept(ANA) == []
    assert records.rounds.open_alone(ANA, NOON) is None
    assert records.rounds.open_together(HERE, NOON) == held
    assert [one.person for one in records.rounds.answers(held)] == [person_of(BO)]


@pytest.mark.parametrize("outcome", [None, "correct"])
def test_quizzes_of_before_there_were_rounds_ask_the_scripts_own(outcome: str | None, tmp_path: Path) -> None:
    file = tmp_path / "store.db"
    make_earlier(file, "0004")
    with closing(sqlite3.connect(file)) as database, database:
        database.execute(
            "INSERT INTO quizzes (id, person, place, script, section, opened, tries, hints, outcome) "
            "VALUES (7, 'test:bo', 'test/here', 'role-of-finops', 'why', '2025-01-06 12:00:00.000000', 1, 2, ?)",
            (outcome,),
        )
    with closing(Store(file)) as store, store.reading() as records:
        run = records.quizzes.run(7, BO)
    assert run is not None
    assert (run.ref, run.tries, run.hints, run.round) == ("role-of-finops/own.why", 1, 2, None)
