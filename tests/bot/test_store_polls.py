"""The store: polls with their votes, and quizzes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.reply import Tally
from bot.store import Poll
from bot.store.records import Records
from bot.turn import Person, Room, Turn

NOON = datetime(2025, 1, 6, 12, tzinfo=UTC)
ANA, BEN = Person("test:ana", "Ana"), Person("test:ben", "Ben")
HERE, THERE = Room("test", "here"), Room("test", "there")
FRUIT = ("apple", "pear", "plum")


def said(words: str = "hello", person: Person = ANA, room: Room = HERE, at: datetime = NOON) -> Turn:
    return Turn(f"test:{words}", room, person, words, at)


def fruit_poll(records: Records, room: Room = HERE, person: Person = ANA) -> Poll:
    return records.start_poll(said("start", person, room), "Which fruit?", FRUIT)


ELSEWHERE = [
    THERE,
    Room("other", "here"),
    Room("test", "Here"),
    Room("test", "here/"),
    Room("test", "here/thread"),
    Room("test", "her%"),
    Room("test", "her_"),
]


# --- Polls ---


def test_a_poll_is_opened_and_found_in_its_place(records: Records) -> None:
    poll = fruit_poll(records)
    assert (poll.question, poll.options, poll.opened, poll.closed) == ("Which fruit?", FRUIT, NOON, None)
    found = (records.open_poll(HERE), records.last_poll(HERE), records.poll(poll.id, HERE), records.scene(said()).poll)
    assert found == (poll,) * 4
    assert (records.open_poll(THERE), records.last_poll(THERE), records.scene(said(room=THERE)).poll) == (None,) * 3
    assert records.questions_polled(HERE) == {"Which fruit?"}
    assert records.questions_polled(THERE) == frozenset()


@pytest.mark.parametrize("room", ELSEWHERE, ids=str)
def test_a_poll_of_another_place_is_not_found(records: Records, room: Room) -> None:
    assert records.poll(fruit_poll(records).id, room) is None


@pytest.mark.parametrize("number", [0, -1, 7, 2**31 - 1, 2**31, 2**63, 10**30])
def test_there_is_nothing_under_a_number_that_was_not_given(records: Records, number: int) -> None:
    fruit_poll(records)
    records.start_quiz(said(), "script", "section")
    assert records.poll(number, HERE) is None
    assert records.quiz(number, ANA) is None


def test_one_vote_a_person_and_the_last_one_counts(records: Records) -> None:
    poll, other = fruit_poll(records), fruit_poll(records, THERE)
    assert records.tally(poll) == Tally(poll.id, "Which fruit?", FRUIT, (0, 0, 0), 0, False)
    before = [records.vote(poll, *vote) for vote in ((ANA, 1), (BEN, 3), (ANA, 3), (ANA, 3), (ANA, 2))]
    assert before == [None, None, 1, 3, 3]
    assert records.tally(poll).counts == (0, 1, 1)
    assert records.tally(poll).voters == 2
    assert records.tally(other).voters == 0


def test_a_closed_poll_is_the_last_one_and_no_longer_open(records: Records) -> None:
    poll = fruit_poll(records)
    records.vote(poll, ANA, 2)
    closed = records.close_poll(poll, NOON + timedelta(hours=1))
    assert closed == replace(poll, closed=NOON + timedelta(hours=1))
    assert records.close_poll(poll, NOON + timedelta(hours=2)) == closed
    assert records.close_poll(closed, NOON + timedelta(hours=3)) == closed
    assert (records.open_poll(HERE), records.last_poll(HERE)) == (None, closed)
    assert records.tally(closed) == Tally(poll.id, "Which fruit?", FRUIT, (0, 1, 0), 1, True)


def test_the_newest_of_several_polls_is_the_one(records: Records) -> None:
    first, second = fruit_poll(records), fruit_poll(records)
    assert records.open_poll(HERE) == second
    records.close_poll(second, NOON)
    assert records.open_poll(HERE) == first
    assert records.last_poll(HERE) == replace(second, closed=NOON)


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=12))
def test_shares_are_whole_and_add_up(counts: list[int]) -> None:
    tally = Tally(1, "?", tuple(map(str, counts)), tuple(counts), sum(counts), False)
    assert sum(tally.shares) == (100 if any(counts) else 0)
    for share, count in zip(tally.shares, counts, strict=True):
        assert abs(share * sum(counts) - 100 * count) < sum(counts) or share == count == 0


@pytest.mark.parametrize(
    ("counts", "shares"),
    [((1, 1, 1), (34, 33, 33)), ((2, 1), (67, 33)), ((0, 5), (0, 100)), ((0, 0), (0, 0)), ((1, 199), (1, 99))],
)
def test_shares_of_known_counts(counts: tuple[int, ...], shares: tuple[int, ...]) -> None:
    assert Tally(1, "?", tuple(map(str, counts)), counts, sum(counts), False).shares == shares


# --- Quizzes ---


def test_a_quiz_is_open_for_its_person_wherever_they_are(records: Records) -> None:
    run = records.start_quiz(said(), "script", "section")
    assert (run.script, run.section, run.opened, run.tries, run.hints) == ("script", "section", NOON, 0, 0)
    assert (run.first, run.outcome) == (None, None)
    assert records.open_quiz(ANA, NOON) == records.quiz(run.id, ANA) == run
    assert [records.scene(said(room=room)).quiz for room in (HERE, THERE)] == [run, run]
    assert records.open_quiz(BEN, NOON) is records.quiz(run.id, BEN) is records.scene(said(person=BEN)).quiz is None


@pytest.mark.parametrize(
    ("later", "is_open"),
    [
        (timedelta(0), True),
        (timedelta(hours=23, minutes=59), True),
        (timedelta(days=1), False),
        (timedelta(days=30), False),
    ],
)
def test_a_quiz_is_open_for_one_day(records: Records, later: timedelta, is_open: bool) -> None:
    records.start_quiz(said(), "script", "section")
    assert (records.open_quiz(ANA, NOON + later) is not None) == is_open
    assert (records.scene(said(at=NOON + later)).quiz is not None) == is_open


def test_a_new_quiz_stops_the_one_before(records: Records) -> None:
    first, other = records.start_quiz(said(), "script", "one"), records.start_quiz(said(person=BEN), "script", "one")
    second = records.start_quiz(said(), "script", "two")
    assert records.quiz(first.id, ANA) == replace(first, outcome="stopped")
    assert records.open_quiz(ANA, NOON) == second
    assert records.open_quiz(BEN, NOON) == other


def test_what_changed_in_a_quiz_is_kept(records: Records) -> None:
    run = records.start_quiz(said(), "script", "one")
    changed = replace(run, tries=2, hints=1, first="close")
    records.keep_quiz(changed)
    assert records.open_quiz(ANA, NOON) == changed
    ended = replace(changed, tries=3, outcome="correct")
    records.keep_quiz(ended)
    assert records.quiz(run.id, ANA) == ended
    assert records.open_quiz(ANA, NOON) is None


def test_the_quizzes_of_a_person_that_are_over_by_place(records: Records) -> None:
    runs = []
    for section, room, person in (("one", HERE, ANA), ("two", THERE, ANA), ("three", HERE, BEN), ("four", HERE, ANA)):
        run = records.start_quiz(said(person=person, room=room), "script", section)
        runs.append(replace(run, outcome="revealed"))
        records.keep_quiz(runs[-1])
    records.start_quiz(said(), "script", "five")
    assert records.quizzes_of(ANA) == [runs[0], runs[1], runs[3]]
    assert records.quizzes_of(ANA, HERE) == records.quizzes_of(ANA, replace(HERE, thread="t")) == [runs[0], runs[3]]
    assert records.quizzes_of(BEN, THERE) == []
