"""The store: polls with their votes, and quizzes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.reply import Tally
from bot.store import Draft, Poll
from bot.store.keys import person_of
from bot.store.records import Records
from bot.turn import Person, Room, Turn

pytestmark = pytest.mark.every_database

NOON = datetime(2025, 1, 6, 12, tzinfo=UTC)
ANA, BEN = Person("test:ana", "Ana"), Person("test:ben", "Ben")
HERE, THERE = Room("test", "here"), Room("test", "there")
FRUIT = ("apple", "pear", "plum")


def said(words: str = "hello", person: Person = ANA, room: Room = HERE, at: datetime = NOON) -> Turn:
    return Turn(f"test:{words}", room, person, words, at)


def fruit_poll(records: Records, room: Room = HERE, person: Person = ANA) -> Poll:
    return records.polls.start(room, person_of(person), NOON, Draft("Which fruit?", FRUIT))


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
    polls = records.polls
    assert (polls.newest_open(HERE, NOON), polls.find(poll.id, HERE), records.scene(said()).poll) == (poll,) * 3
    assert polls.last(HERE) == polls.open_in(HERE) == [poll]
    assert (polls.newest_open(THERE, NOON), records.scene(said(room=THERE)).poll) == (None, None)
    assert polls.last(THERE) == polls.open_in(THERE) == []
    assert records.polls.questions_asked(HERE) == {"Which fruit?"}
    assert records.polls.questions_asked(THERE) == frozenset()


@pytest.mark.parametrize("room", ELSEWHERE, ids=str)
def test_a_poll_of_another_place_is_not_found(records: Records, room: Room) -> None:
    assert records.polls.find(fruit_poll(records).id, room) is None


@pytest.mark.parametrize("number", [0, -1, 7, 2**31 - 1, 2**31, 2**63, 10**30])
def test_there_is_nothing_under_a_number_that_was_not_given(records: Records, number: int) -> None:
    fruit_poll(records)
    records.quizzes.start(said(), "script", "section")
    assert records.polls.find(number, HERE) is None
    assert records.quizzes.run(number, ANA) is None


def test_one_vote_a_person_and_the_last_one_counts(records: Records) -> None:
    poll, other = fruit_poll(records), fruit_poll(records, THERE)
    assert records.polls.votes.tally(poll) == Tally(poll.id, "Which fruit?", FRUIT, (0, 0, 0), 0, False)
    for person, option in ((ANA, 1), (BEN, 3), (ANA, 3), (ANA, 3), (ANA, 2)):
        assert records.polls.votes.vote(poll, person, [option])
        assert records.polls.votes.choices_of(poll, person) == (option,)
    assert records.polls.votes.tally(poll).counts == (0, 1, 1)
    assert records.polls.votes.tally(poll).voters == 2
    assert records.polls.votes.tally(other).voters == 0


def test_a_closed_poll_is_the_last_one_and_no_longer_open(records: Records) -> None:
    poll = fruit_poll(records)
    records.polls.votes.vote(poll, ANA, [2])
    closed = records.polls.close(poll, NOON + timedelta(hours=1))
    assert closed == replace(poll, closed=NOON + timedelta(hours=1))
    assert records.polls.close(poll, NOON + timedelta(hours=2)) == closed
    assert records.polls.close(closed, NOON + timedelta(hours=3)) == closed
    assert (records.polls.newest_open(HERE, NOON), records.polls.last(HERE)) == (None, [closed])
    assert records.polls.votes.tally(closed) == Tally(poll.id, "Which fruit?", FRUIT, (0, 1, 0), 1, True)


def test_the_newest_of_several_polls_is_the_one(records: Records) -> None:
    first, second = fruit_poll(records), fruit_poll(records)
    assert records.polls.newest_open(HERE, NOON) == second
    records.polls.close(second, NOON)
    assert records.polls.newest_open(HERE, NOON) == first
    assert records.polls.last(HERE) == [replace(second, closed=NOON)]


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
    run = records.quizzes.start(said(), "script", "section")
    assert (run.script, run.section, run.opened, run.tries, run.hints) == ("script", "section", NOON, 0, 0)
    assert (run.first, run.outcome) == (None, None)
    assert records.quizzes.open_run(ANA, NOON) == records.quizzes.run(run.id, ANA) == run
    assert [records.scene(said(room=room)).quiz for room in (HERE, THERE)] == [run, run]
    assert (
        records.quizzes.open_run(BEN, NOON)
        is records.quizzes.run(run.id, BEN)
        is records.scene(said(person=BEN)).quiz
        is None
    )


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
    records.quizzes.start(said(), "script", "section")
    assert (records.quizzes.open_run(ANA, NOON + later) is not None) == is_open
    assert (records.scene(said(at=NOON + later)).quiz is not None) == is_open


def test_a_new_quiz_stops_the_one_before(records: Records) -> None:
    first, other = (
        records.quizzes.start(said(), "script", "one"),
        records.quizzes.start(said(person=BEN), "script", "one"),
    )
    second = records.quizzes.start(said(), "script", "two")
    assert records.quizzes.run(first.id, ANA) == replace(first, outcome="stopped")
    assert records.quizzes.open_run(ANA, NOON) == second
    assert records.quizzes.open_run(BEN, NOON) == other


def test_what_changed_in_a_quiz_is_kept(records: Records) -> None:
    run = records.quizzes.start(said(), "script", "one")
    changed = replace(run, tries=2, hints=1, first="close")
    records.quizzes.keep(changed)
    assert records.quizzes.open_run(ANA, NOON) == changed
    ended = replace(changed, tries=3, outcome="correct")
    records.quizzes.keep(ended)
    assert records.quizzes.run(run.id, ANA) == ended
    assert records.quizzes.open_run(ANA, NOON) is None


def test_the_quizzes_of_a_person_that_are_over_by_place(records: Records) -> None:
    runs = []
    for section, room, person in (("one", HERE, ANA), ("two", THERE, ANA), ("three", HERE, BEN), ("four", HERE, ANA)):
        run = records.quizzes.start(said(person=person, room=room), "script", section)
        runs.append(replace(run, outcome="revealed"))
        records.quizzes.keep(runs[-1])
    records.quizzes.start(said(), "script", "five")
    assert records.quizzes.over(ANA) == [runs[0], runs[1], runs[3]]
    assert records.quizzes.over(ANA, HERE) == records.quizzes.over(ANA, replace(HERE, thread="t")) == [runs[0], runs[3]]
    assert records.quizzes.over(BEN, THERE) == []
