"""The store: what a turn finds of the talk before, what is thought of answers, and what is kept of people."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.reply import Reply, Text
from bot.store import Draft, Place, Poll
from bot.store.keys import person_of
from bot.store.looks import REMEMBERED
from bot.store.records import Records
from bot.store.scope import Scope
from bot.turn import Person, Room, Turn
from knowledge.answer import Message
from tests.bot.conftest import kept

pytestmark = pytest.mark.every_database

NOON = datetime(2025, 1, 6, 12, tzinfo=UTC)
ANA, BEN = Person("test:ana", "Ana"), Person("test:ben", "Ben")
HERE, THERE = Room("test", "here"), Room("test", "there")
OPINIONS = "opinions on answers"
FRUIT = ("apple", "pear", "plum")


def said(words: str = "hello", person: Person = ANA, room: Room = HERE, at: datetime = NOON) -> Turn:
    return Turn(f"test:{words}", room, person, words, at)


def answer(text: str = "Hello.", activity: str = "question", private: bool = False) -> Reply:
    return Reply((Text(text),), activity, private=private)


def talk(records: Records, *words: str, person: Person = ANA, room: Room = HERE, private: bool = False) -> list[int]:
    """Remember turns with their answers ("one" -> "re one"); the numbers of the answers."""
    return [records.remember(said(word, person, room), answer(f"re {word}", private=private)) for word in words]


def heard(records: Records, person: Person = ANA, room: Room = HERE) -> list[str]:
    return [message.content for message in records.scene(said(person=person, room=room)).history]


def fruit_poll(records: Records, room: Room = HERE, person: Person = ANA) -> Poll:
    return records.polls.start(room, person_of(person), NOON, Draft("Which fruit?", FRUIT))


# --- Memory ---


def test_a_turn_in_a_new_place_finds_nothing(records: Records) -> None:
    scene = records.scene(said())
    assert (scene.history, scene.before, scene.place.script, scene.poll, scene.quiz) == ((), None, None, None, None)


def test_the_talk_is_found_oldest_first_with_the_activity_of_the_last_reply(records: Records) -> None:
    records.remember(said("one"), answer("re one", "help"))
    records.remember(said("two"), answer("re two", "quote"))
    scene = records.scene(said("three"))
    assert scene.history == (
        Message("user", "one"),
        Message("assistant", "re one"),
        Message("user", "two"),
        Message("assistant", "re two"),
    )
    assert scene.before == "quote"


@pytest.mark.parametrize("turns", [5, 6, 7, 40])
def test_no_more_than_the_newest_twelve_messages_are_read(records: Records, turns: int) -> None:
    assert REMEMBERED == 12
    words = [str(number) for number in range(turns)]
    talk(records, *words)
    expected = [text for word in words for text in (word, f"re {word}")]
    assert heard(records) == expected[-12:]


OTHER_ROOMS = [
    THERE,
    Room("other", "here"),
    Room("test", "here", "thread"),
    Room("test", "Here"),
    Room("test", "here/"),
    Room("test", "here/thread"),
    Room("test/here", ""),
    Room("test", "her%"),
    Room("test", "her_"),
]


@pytest.mark.parametrize("room", OTHER_ROOMS, ids=str)
def test_what_is_said_elsewhere_is_not_heard_here(records: Records, room: Room) -> None:
    talk(records, "a secret", room=room)
    assert heard(records, room=HERE) == []
    assert heard(records, room=room) == ["a secret", "re a secret"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Room("test", "a", "b"), Room("test", "a/b")),
        (Room("test", "a", "b/"), Room("test", "a/b")),
        (Room("test", "a/b", "c"), Room("test", "a", "b/c")),
        (Room("test", "a", "%"), Room("test", "a", "%25")),
        (Room("test", "a", "\ud800"), Room("test", "a", "\ud801")),
    ],
)
def test_rooms_that_look_alike_when_joined_are_apart(records: Records, one: Room, other: Room) -> None:
    talk(records, "a secret", room=one)
    assert heard(records, room=other) == []


def test_threads_of_a_place_are_apart_and_share_its_polls_and_script(records: Records) -> None:
    threads = [Room("test", "here", "t1"), Room("test", "here", "t2")]
    talk(records, "in one", room=threads[0])
    poll = fruit_poll(records, threads[0])
    records.places.change(threads[0], script="some-script")
    scene = records.scene(said(room=threads[1]))
    assert (scene.history, scene.poll, scene.place.script) == ((), poll, "some-script")


def test_a_private_reply_is_seen_by_its_person_alone(records: Records) -> None:
    talk(records, "open")
    talk(records, "my score", private=True)
    assert heard(records, ANA) == ["open", "re open", "my score", "re my score"]
    assert heard(records, BEN) == ["open", "re open"]
    assert records.scene(said(person=BEN)).before == "question"


def test_the_private_talk_of_others_takes_no_room_in_the_history(records: Records) -> None:
    talk(records, "open")
    talk(records, *"abcdefgh", person=BEN, private=True)
    assert heard(records, ANA) == ["open", "re open"]


def test_the_current_script_is_the_last_one_chosen(records: Records) -> None:
    records.places.change(HERE, script="first")
    records.places.change(HERE, script="second")
    records.places.change(THERE, script="third")
    assert [records.scene(said(room=room)).place.script for room in (HERE, THERE)] == ["second", "third"]


def test_remembering_returns_the_number_of_the_answer(records: Records) -> None:
    first, second = talk(records, "one", "two")
    assert first < second
    assert records.last_answer(said()) == second
    assert records.last_answer(said(person=BEN)) is None
    assert records.last_answer(said(room=THERE)) is None


def test_the_last_answer_is_one_to_a_question(records: Records) -> None:
    (number,) = talk(records, "one")
    records.remember(said("help"), answer("I can ...", "help"))
    assert records.last_answer(said()) == number


def test_numbers_of_answers_are_never_given_again(records: Records) -> None:
    (before,) = talk(records, "one")
    records.forget(ANA)
    (after,) = talk(records, "two")
    assert after > before


def test_replies_are_counted_in_their_place_alone(records: Records) -> None:
    for room in OTHER_ROOMS:
        talk(records, "one", room=room)
    counts = {room: records.answers_since(NOON, scope=Scope(room)) for room in OTHER_ROOMS}
    assert counts.pop(Room("test", "here", "thread")) == 1  # the thread lies in the place "here"
    assert records.answers_since(NOON, scope=Scope(HERE)) == 1
    assert set(counts.values()) == {1}


def test_replies_are_counted_from_a_moment_on_in_all_threads(records: Records) -> None:
    for minutes, thread in ((-1, None), (0, None), (1, "a"), (2, "b")):
        room = Room("test", "here", thread)
        records.remember(said(room=room, at=NOON + timedelta(minutes=minutes)), answer(private=thread == "b"))
    assert records.answers_since(NOON, scope=Scope(HERE)) == 3
    assert records.answers_since(NOON + timedelta(minutes=3), scope=Scope(HERE)) == 0


# --- Feedback ---


def test_an_opinion_counts_on_answers_to_oneself_only(records: Records) -> None:
    (number,) = talk(records, "one")
    verdicts = {
        "own": records.judge(number, ANA, True, None, NOON),
        "another's": records.judge(number, BEN, True, None, NOON),
        "own question": records.judge(number - 1, ANA, True, None, NOON),
        "none such": records.judge(number + 1, ANA, True, None, NOON),
        "far too high": records.judge(2**63, ANA, True, None, NOON),
    }
    assert [name for name, kept in verdicts.items() if kept] == ["own"]
    assert (kept(records, ANA)[OPINIONS], kept(records, BEN)[OPINIONS]) == (1, 0)


def test_a_second_opinion_replaces_the_first(records: Records) -> None:
    first, second = talk(records, "one", "two")
    for number, helpful in ((first, True), (first, False), (second, True)):
        assert records.judge(number, ANA, helpful, "why", NOON)
    assert kept(records, ANA)[OPINIONS] == 2


# --- People ---


def everything_of(records: Records, person: Person) -> tuple[Poll, Poll]:
    """Have `person` do everything once; an open poll and a closed one, with their votes."""
    (number,) = talk(records, "one", person=person)
    records.judge(number, person, False, "because", NOON)
    records.note_unanswered(said("what is love?", person))
    records.quizzes.start(said(person=person), "script", "one")
    closed, opened = fruit_poll(records, person=person), fruit_poll(records, person=person)
    for poll in (closed, opened):
        records.polls.votes.vote(poll, person, [1])
        records.polls.votes.vote(poll, Person("test:third", "Third"), [2])
    return opened, records.polls.close(closed, NOON)


def test_what_is_kept_of_a_person_is_counted(records: Records) -> None:
    everything_of(records, ANA)
    assert list(map(str, records.kept(ANA))) == [
        "2 messages",
        "2 polls that you opened",
        "2 votes",
        "1 opinion on an answer",
        "1 question that my sources do not cover",
        "1 quiz",
    ]
    assert records.kept(BEN) == []


def test_forgetting_deletes_a_person_and_leaves_the_counts_of_closed_polls(records: Records) -> None:
    opened, closed = everything_of(records, ANA)
    before = records.polls.votes.tally(closed)
    everything_of(records, BEN)
    others = records.kept(BEN)
    records.forget(ANA)
    assert records.kept(ANA) == []
    assert records.kept(BEN) == others
    assert records.polls.votes.tally(closed) == before
    assert records.polls.votes.tally(opened).counts == (0, 1, 0)
    assert records.quizzes.open_run(ANA, NOON) is None
    assert records.polls.votes.choices_of(opened, ANA) == ()


def test_two_who_are_forgotten_leave_two_votes(records: Records) -> None:
    poll = fruit_poll(records)
    for person in (ANA, BEN):
        records.polls.votes.vote(poll, person, [1])
    closed = records.polls.close(poll, NOON)
    for person in (ANA, BEN, ANA):
        records.forget(person)
    assert records.polls.votes.tally(closed).counts == (2, 0, 0)


# --- Places ---


def test_a_place_is_as_it_was_set_and_each_change_leaves_the_rest(records: Records) -> None:
    assert records.places.find(HERE) == Place()
    records.places.change(HERE, automatic=True, off=frozenset({"quizzes", "polls"}), moderators=("test:bo", "test:R1"))
    records.places.change(Room("test", "here", thread="7"), quiet=True, zone="Europe/Berlin")
    wanted = Place(None, "Europe/Berlin", True, True, frozenset({"quizzes", "polls"}), ("test:bo", "test:R1"))
    assert records.places.find(HERE) == wanted
    assert records.scene(said()).place == wanted
    records.places.change(HERE, off=frozenset(), moderators=(), automatic=False)
    assert records.places.find(HERE) == Place(zone="Europe/Berlin", quiet=True)
    assert records.places.find(THERE) == Place()
