"""The store in use: transactions, claims on events, what is deleted, any text, many writers at once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import DBAPIError

from bot.reply import Reply, Text
from bot.store import Draft, Unanswered
from bot.store.database import Store
from bot.store.engines import IN_MEMORY
from bot.store.events import LEASE
from bot.store.keys import key, person_of
from bot.store.records import Records
from bot.store.rows import storable
from bot.store.scope import EVERYTHING, Scope
from bot.turn import Person, Room, Turn
from knowledge.answer import MAX_QUESTION
from tests.bot.conftest import Place, kept, purge, stored
from tests.naughty import SOME

NOON = datetime(2025, 1, 6, 12, tzinfo=UTC)
ANA, BEN = Person("test:ana", "Ana"), Person("test:ben", "Ben")
HERE = Room("test", "here")
ODD = [
    "",
    "\x00",
    "a\x00b",
    "\ud800",
    "\udfff and \ud800",
    "\ufffe\uffff",
    "👩‍👩‍👧‍👦 🇦🇶",
    "e\u0301 費 ع",
    "x" * 10_000,
    "👍" * 10_000,
    "' OR 1=1; DROP TABLE messages; --",
    "100% _under_ \\ / * ?",
    "\r\n\t\x1b[31m",
]


@pytest.fixture(params=["sqlite", "memory", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    places: dict[str, Place] = {"sqlite": tmp_path / "store.db", "memory": IN_MEMORY}
    opened = Store(places.get(request.param) or request.getfixturevalue("postgresql"))
    yield opened
    opened.close()


def claim(store: Store, event: str, at: datetime) -> bool:
    with store.writing() as records:
        return bool(records.events.claim(event, at))


def said(words: str = "hello", person: Person = ANA, room: Room = HERE, at: datetime = NOON) -> Turn:
    return Turn(f"test:{words}", room, person, words, at)


def answer(text: str = "Hello.") -> Reply:
    return Reply((Text(text),), "question")


def heard(store: Store, person: Person = ANA, room: Room = HERE) -> list[str]:
    with store.reading() as records:
        return [message.content for message in records.scene(said(person=person, room=room)).history]


# --- Transactions ---


def do_everything(records: Records) -> None:
    """Change something in every table."""
    number = records.remember(said("kept?"), answer())
    records.judge(number, ANA, True, None, NOON)
    records.note_unanswered(said())
    records.places.change(HERE, script="some-script")
    poll = records.polls.start(HERE, person_of(ANA), NOON, Draft("Which fruit?", ("apple", "pear")))
    records.polls.votes.vote(poll, ANA, [1])
    records.quizzes.start(said(), "script", "section")
    records.events.answered("test:event", NOON)


def test_what_is_written_is_found_after_opening_again(database: Place) -> None:
    with closing(Store(database)) as store, store.writing() as records:
        do_everything(records)
    with closing(Store(database)) as store, store.reading() as records:
        scene = records.scene(said())
    assert [message.content for message in scene.history] == ["kept?", "Hello."]
    assert scene.place.script == "some-script"
    assert scene.poll is not None
    assert scene.quiz is not None


class Interrupted(BaseException):
    """Something that no handler of exceptions catches."""


@pytest.mark.parametrize("failure", [ValueError, Interrupted, KeyboardInterrupt])
def test_a_failure_while_writing_leaves_everything_as_it_was(database: Place, failure: type[BaseException]) -> None:
    with closing(Store(database)) as store:
        claim(store, "test:event", NOON)
        before = stored(database)

        def fail() -> None:
            with store.writing() as records:
                do_everything(records)
                raise failure

        with pytest.raises(failure):
            fail()
        assert stored(database) == before
        with store.writing() as records:
            do_everything(records)
        assert stored(database) != before


def test_nothing_is_kept_of_what_is_only_tried(database: Place) -> None:
    with closing(Store(database)) as store:
        claim(store, "test:event", NOON)
        before = stored(database)
        with store.trying() as records:
            do_everything(records)
            assert records.polls.newest_open(HERE, NOON) is not None
        assert stored(database) == before


def test_whoever_reads_cannot_change_anything(store: Store) -> None:
    with store.reading() as records, pytest.raises(DBAPIError, match=r"read-?only"):
        do_everything(records)
    assert heard(store) == []
    assert claim(store, "test:event", NOON)


def test_whoever_reads_sees_one_moment(database: Place) -> None:
    with closing(Store(database)) as store:
        with store.reading() as records:
            assert records.scene(said()).history == ()
            with store.writing() as others:
                do_everything(others)
            assert records.scene(said()).history == ()
            assert records.polls.open_in(HERE) == []
        assert heard(store) == ["kept?", "Hello."]


def test_a_reader_sees_nothing_of_a_step_that_is_not_over(database: Place) -> None:
    with closing(Store(database)) as store:
        with store.writing() as records:
            do_everything(records)
            assert heard(store) == []
        assert heard(store) == ["kept?", "Hello."]


# --- Claims ---


def test_an_event_is_taken_once(store: Store) -> None:
    assert [claim(store, event, NOON) for event in ("a", "a", "A", "b", "a")] == [True, False, True, True, False]


@pytest.mark.parametrize(
    ("later", "taken"),
    [(LEASE - timedelta(seconds=1), False), (LEASE, True), (LEASE + timedelta(days=1), True)],
)
def test_an_event_that_was_not_answered_in_time_may_be_taken_again(store: Store, later: timedelta, taken: bool) -> None:
    assert claim(store, "a", NOON)
    assert claim(store, "a", NOON + later) == taken
    assert not claim(store, "a", NOON + later)


def test_an_answered_event_is_never_taken_again(store: Store) -> None:
    for event in ("a", *ODD):
        assert claim(store, event, NOON)
        with store.writing() as records:
            records.events.answered(event, NOON)
        assert not claim(store, event, NOON)
        assert not claim(store, event, NOON + 2 * LEASE)


def test_an_event_whose_step_failed_may_be_taken_after_its_time(store: Store) -> None:
    def fail() -> None:
        with store.writing() as records:
            records.events.answered("a", NOON)
            raise ValueError

    assert claim(store, "a", NOON)
    with pytest.raises(ValueError, match=r"^$"):
        fail()
    assert claim(store, "a", NOON + LEASE)


@pytest.mark.parametrize("lapsed", [False, True])
def test_of_many_who_claim_an_event_at_once_one_gets_it(store: Store, lapsed: bool) -> None:
    gate = threading.Barrier(8)

    def claim_all(_: int) -> list[bool]:
        gate.wait(30)
        return [claim(store, f"event {number}", NOON + lapsed * LEASE) for number in range(20)]

    if lapsed:
        assert all(claim(store, f"event {number}", NOON) for number in range(20))
    with ThreadPoolExecutor(8) as threads:
        won = list(threads.map(claim_all, range(8)))
    assert [sum(tries) for tries in zip(*won, strict=True)] == [1] * 20


# --- Purging, forgetting ---


def test_what_is_older_is_deleted_and_polls_stay(database: Place) -> None:
    old, new = NOON - timedelta(days=91), NOON - timedelta(days=89)
    with closing(Store(database)) as store:
        for at, words in ((old, "ancient"), (new, "recent")):
            claim(store, words, at)
            with store.writing() as records:
                records.note_unanswered(said(f"unanswered {words}", at=at))
                number = records.remember(said(words, at=at), answer())
                records.judge(number, ANA, True, f"reason {words}", at)
                poll = records.polls.start(HERE, person_of(ANA), at, Draft(f"poll {words}?", ("apple", "pear")))
                records.polls.votes.vote(poll, ANA, [1])
        purge(store, NOON - timedelta(days=90))
        left = stored(database)
        assert left.count("ancient") == left.count("poll ancient?") == 1
        assert left.count("recent") == 4
        assert heard(store) == ["recent", "Hello."]
        with store.reading() as records:
            assert kept(records, ANA)["votes"] == 2
        assert not claim(store, "recent", new)
        purge(store, NOON - timedelta(days=90))
        assert stored(database) == left


def test_nothing_names_a_person_who_was_forgotten(database: Place) -> None:
    with closing(Store(database)) as store:
        with store.writing() as records:
            do_everything(records)
            records.note_unanswered(said("what is love?"))
            poll = records.polls.start(HERE, person_of(ANA), NOON, Draft("Closed?", ("apple", "pear")))
            records.polls.votes.vote(poll, ANA, [1])
            records.polls.close(poll, NOON)
        assert "what is love?" in stored(database)
        assert key(ANA.id) in stored(database)
        with store.writing() as records:
            records.forget(ANA)
        assert "what is love?" not in stored(database)
        assert key(ANA.id) not in stored(database)


def test_questions_without_an_answer_are_kept_with_place_and_person(database: Place) -> None:
    with closing(Store(database)) as store, store.writing() as records:
        records.note_unanswered(said("who won?", BEN), outside=True)
        records.note_unanswered(said("what is love?", at=NOON - timedelta(days=1)))
        ben = Unanswered("who won?", "test:ben", "test/here", True, NOON)
        ana = Unanswered("what is love?", "test:ana", "test/here", False, NOON - timedelta(days=1))
        assert records.unanswered(NOON - timedelta(days=1), scope=EVERYTHING) == [ana, ben]
        assert records.unanswered(NOON, scope=EVERYTHING) == [ben]


# --- Any text ---


def test_any_text_can_be_said_and_given_as_a_reason(store: Store) -> None:
    for text in ODD + SOME:
        before = heard(store)
        with store.writing() as records:
            number = records.remember(said(text), answer(text))
            records.note_unanswered(said(text))
            assert records.judge(number, ANA, False, text, NOON)
        # What is empty is kept, as the words of a vote are, but no part of what a talk goes on from.
        assert heard(store)[-2:] == ([storable(text)] * 2 if storable(text) else before[-2:])
    with store.reading() as records:
        assert kept(records, ANA)["messages"] == 2 * len(ODD + SOME)
        assert kept(records, ANA)["opinions on answers"] == len(ODD + SOME)


def test_any_id_of_a_person_or_a_place_is_its_own(store: Store) -> None:
    ids = list(dict.fromkeys(ODD + SOME))
    with store.writing() as records:
        polls = {}
        for text in ids:
            turn = said("hello", Person(text, text), Room("test", text, text))
            number = records.remember(turn, answer(str(ids.index(text))))
            assert records.judge(number, turn.person, True, None, NOON)
            polls[text] = records.polls.start(
                turn.room, person_of(turn.person), turn.at, Draft("Which fruit?", ("apple", "pear"))
            )
            records.places.change(turn.room, script=str(ids.index(text)))
            records.quizzes.start(turn, "script", str(ids.index(text)))
            for poll in list(polls.values())[:1]:
                assert records.polls.votes.vote(poll, turn.person, [2])
    with store.reading() as records:
        for number, text in enumerate(ids):
            turn = said("hello", Person(text, text), Room("test", text, text))
            scene = records.scene(turn)
            assert [message.content for message in scene.history] == ["hello", str(number)]
            assert (scene.place.script, scene.poll) == (str(number), polls[text])
            assert scene.quiz is not None
            assert scene.quiz.section == str(number)
            assert records.quizzes.run(scene.quiz.id, turn.person) == scene.quiz
            assert records.polls.find(polls[text].id, turn.room) == polls[text]
            assert kept(records, turn.person)["messages"] == 2
            assert records.answers_since(NOON, scope=Scope(turn.room)) == 1
        assert records.polls.votes.tally(polls[ids[0]]).counts == (0, len(ids))


@given(st.text(st.characters(exclude_categories=())), st.text(st.characters(exclude_categories=())))
def test_keys_are_plain_and_differ_where_ids_differ(one: str, other: str) -> None:
    assert key(one).isascii()
    assert not set(key(one)) & set("/\x00")
    assert (key(one) == key(other)) == (one == other)


@given(st.text(st.characters(exclude_categories=())))
def test_storable_text_is_what_was_said_as_far_as_it_can_be_kept(text: str) -> None:
    kept = storable(text)
    assert "\x00" not in kept
    assert kept.encode().decode() == kept
    assert storable(kept) == kept
    plain = all(one < "\ud800" or one > "\udfff" for one in text) and "\x00" not in text
    assert not plain or kept == text[:MAX_QUESTION]


# --- Many at once ---


def test_votes_of_many_threads_are_all_counted(store: Store) -> None:
    with store.writing() as records:
        poll = records.polls.start(HERE, person_of(ANA), NOON, Draft("Which fruit?", ("apple", "pear")))
    gate = threading.Barrier(4)

    def vote(thread: int) -> None:
        gate.wait(30)
        for number in range(50):
            with store.writing() as records:
                records.polls.votes.vote(poll, Person(f"test:{thread}-{number}", "Somebody"), [1 + number % 2])
                records.polls.votes.vote(poll, Person("test:everybody", "Everybody"), [1 + thread % 2])

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(vote, range(4)))
    with store.reading() as records:
        tally = records.polls.votes.tally(poll)
    assert tally.voters == sum(tally.counts) == 201
    assert min(tally.counts) == 100


def test_turns_of_many_threads_are_remembered_as_pairs(store: Store) -> None:
    def turn(number: int) -> int:
        with store.writing() as records:
            return records.remember(said(str(number)), answer(f"re {number}"))

    with ThreadPoolExecutor(4) as threads:
        numbers = list(threads.map(turn, range(40)))
    assert len(set(numbers)) == 40
    history = heard(store)
    assert [f"re {words}" for words in history[::2]] == history[1::2]
