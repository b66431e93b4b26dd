"""Votes in groups: whatever comes while one transaction is under way, each vote is right by itself."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from typing import NoReturn

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import event

from bot.activities import Activity, Heard, Step
from bot.activities.polls import Polls
from bot.assistant import Assistant
from bot.intents import Vote
from bot.intents.understanding import Understanding
from bot.reply import Reply
from bot.shelf import Shelf
from bot.store import Draft, Poll, StoreGone
from bot.store.database import Store
from bot.store.engines import IN_MEMORY
from bot.store.polling import ballot_slot
from bot.store.records import Records
from bot.together import Together
from bot.turn import Person, Turn
from tests.bot.conftest import ANA, HERE, NOON, Taught

Say = Callable[[str, Person], Awaitable[list[Reply]]]
# What people do in a group: who, whether they vote or take back, and which option.
Deed = tuple[Person, bool, int | None]
PEOPLE = [Person(f"test:{number}", f"Person {number}") for number in range(5)]
DEEDS = st.lists(st.tuples(st.sampled_from(PEOPLE), st.booleans(), st.sampled_from([None, 1, 2, 3, 9])), max_size=24)


@pytest.fixture
def store() -> Iterator[Store]:
    with closing(Store(IN_MEMORY)) as opened:
        yield opened


class Failing:
    """An activity whose vote for the third option fails in its step."""

    async def take(self, heard: Heard) -> Step | None:
        def fail(_records: object) -> Reply:
            raise ZeroDivisionError

        return fail if isinstance(heard.intent.value, Vote) and heard.intent.value.option == 3 else None


def start(store: Store, several: bool = False, anonymous: bool = False) -> Poll:
    with store.writing() as records:
        draft = Draft("Which fruit?", ("apple", "pear", "plum"), several, anonymous)
        return records.polls.start(HERE, "test:ana", NOON, draft)


def said_at_once(store: Store, said: Sequence[tuple[str, Person]], events: Sequence[str] = ()) -> list[list[Reply]]:
    """What is replied to votes that all come while something else is being written."""
    shelf = Shelf([])
    activities: list[Activity] = [Failing(), Polls(shelf)]
    assistant = Assistant(activities, Understanding(shelf, Taught({})), shelf, lambda: store, lambda: NOON)
    names = events or [f"event:{number}" for number in range(len(said))]

    async def hear(name: str, words: str, person: Person) -> list[Reply]:
        return [reply async for reply in assistant.hear(Turn(name, HERE, person, words, NOON, aloud=False))]

    async def all_at_once() -> list[list[Reply]]:
        with store.writing():
            heard = [asyncio.create_task(hear(name, *one)) for name, one in zip(names, said, strict=True)]
            # All are waiting now: some with the writer, who waits for this transaction, the others for their group.
            await asyncio.sleep(0)
        return await asyncio.gather(*heard)

    return asyncio.run(all_at_once())


@contextmanager
def statements(store: Store) -> Iterator[list[str]]:
    """The statements that the store executes meanwhile."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        seen.append(statement)

    event.listen(store._engine, "before_cursor_execute", note)
    yield seen
    event.remove(store._engine, "before_cursor_execute", note)


def texts(replies: Sequence[list[Reply]]) -> list[str]:
    return [reply.text.splitlines()[0] for (reply,) in replies]


def test_each_is_told_what_became_of_their_own_vote(store: Store) -> None:
    poll = start(store)
    ana, bo, *_ = PEOPLE
    said = [
        (f"vote {poll.id} 1", ana),
        (f"vote {poll.id} 1", bo),
        (f"vote {poll.id} 2", ana),
        (f"unvote {poll.id}", bo),
        (f"unvote {poll.id}", bo),
        (f"vote {poll.id} 2", ana),
        (f"vote {poll.id} 8", bo),
    ]
    assert texts(said_at_once(store, said)) == [
        "Counted: apple. You can change your vote until the poll closes.",
        "Counted: apple. You can change your vote until the poll closes.",
        "Changed: pear instead of apple.",
        "Your vote is taken back. You can vote again.",
        "You have no vote in this poll, so there is nothing to take back.",
        "Your vote was pear before, and still is.",
        "That option is not in the poll any more: vote with a number from 1 to 3.",
    ]
    with store.reading() as records:
        assert records.polls.votes.tally(poll).counts == (0, 1, 0)


@pytest.mark.parametrize("anonymous", [False, True])
def test_a_group_takes_as_many_statements_as_one_vote(store: Store, anonymous: bool) -> None:
    poll = start(store, anonymous=anonymous)
    with statements(store) as alone:
        said_at_once(store, [(f"vote {poll.id} 1", Person("test:first", "First"))], ["first"])
    crowd = [(f"vote {poll.id} {1 + number % 2}", Person(f"test:v{number}", "Voter")) for number in range(100)]
    with statements(store) as together:
        told = said_at_once(store, crowd)
    assert all(text.startswith("Counted") for text in texts(told))
    # They are two groups at most: those with which the writer began, and the rest.
    assert len(together) <= 2 * len(alone) <= 30
    with store.reading() as records:
        assert records.polls.votes.tally(poll).voters == 101


def test_one_that_fails_spoils_no_other(store: Store) -> None:
    poll = start(store)
    told = said_at_once(store, [(f"vote {poll.id} {1 + number % 3}", person) for number, person in enumerate(PEOPLE)])
    assert [text.partition(":")[0].partition(",")[0] for text in texts(told)] == [
        "Counted",
        "Counted",
        "Sorry",
        "Counted",
        "Counted",
    ]
    with store.reading() as records:
        assert records.polls.votes.tally(poll).counts == (2, 2, 0)


def test_a_group_whose_store_is_gone_is_not_tried_one_by_one(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    poll, tried, all_wait = start(store), list[None](), threading.Event()

    def gone(_store: Store, durable: bool) -> NoReturn:
        tried.append(None)
        all_wait.wait(30)
        raise StoreGone("The store is gone.")

    async def all_at_once() -> list[Reply | BaseException | None]:
        monkeypatch.setattr(Store, "writing", gone)
        together = Together(lambda: store, lambda: NOON, len)
        turns = (Turn(f"event:{number}", HERE, ANA, "vote", NOON) for number in range(20))
        taken = (together.vote(turn, poll.id, lambda _: Reply((), "poll_answer"), False) for turn in turns)
        votes = [asyncio.create_task(one) for one in taken]
        await asyncio.sleep(0)
        all_wait.set()
        return await asyncio.gather(*votes, return_exceptions=True)

    assert {type(outcome) for outcome in asyncio.run(all_at_once())} == {StoreGone}
    assert len(tried) <= 2


def test_an_event_that_is_delivered_twice_in_a_group_is_answered_once(store: Store) -> None:
    poll = start(store)
    said = [(f"vote {poll.id} 1", person) for person in (PEOPLE[0], PEOPLE[1], PEOPLE[1], PEOPLE[2])]
    told = said_at_once(store, said, ["one", "two", "two", "three"])
    assert [len(replies) for replies in told] == [1, 1, 0, 1]
    assert [len(replies) for replies in said_at_once(store, said[:2], ["one", "two"])] == [0, 0]


def test_votes_of_two_polls_and_of_one_that_was_closed_meanwhile(store: Store) -> None:
    first, second, over = start(store), start(store, several=True), start(store)
    with store.writing() as records:
        records.polls.votes.vote(over, ANA, [1])
        records.polls.close(over, NOON)
    said = [(f"vote {poll.id} {option}", ANA) for option in (1, 2) for poll in (first, over, second)]
    told = texts(said_at_once(store, said))
    assert [text.partition(":")[0] for text in told] == [
        "Counted",
        "That poll is closed; your vote was not counted.",
        "Counted",
        "Changed",
        "That poll is closed; your vote was not counted.",
        "Counted",
    ]
    with store.reading() as records:
        tallies = [records.polls.votes.tally(records.polls.find(poll.id) or poll) for poll in (first, second, over)]
    assert [(tally.counts, tally.voters) for tally in tallies] == [((0, 1, 0), 1), ((1, 1, 0), 1), ((1, 0, 0), 1)]


@pytest.mark.parametrize("words", ["vote 1 1", "apple"])
def test_what_shows_a_poll_is_drawn_anew_however_somebody_voted(store: Store, words: str) -> None:
    poll = start(store)
    with store.writing() as records:
        records.posts.put(HERE, ballot_slot(poll.id))
        records.posts.placed(HERE, ballot_slot(poll.id), "a message", "as it was drawn", NOON)
        assert records.posts.waiting("test", 9, ()) == []
    ((told,),) = said_at_once(store, [(words, ANA)])
    assert told.text.startswith("Counted")
    with store.reading() as records:
        assert len(records.posts.waiting("test", 9, ())) == 1


@given(DEEDS, st.booleans(), st.booleans(), st.booleans())
@hypothesis_settings(max_examples=25, deadline=None)
def test_a_group_is_the_same_as_one_after_the_other(
    deeds: list[Deed], several: bool, anonymous: bool, looked: bool
) -> None:
    """Whatever people do in whatever order; `looked` where the result is told after each."""
    with closing(Store(IN_MEMORY)) as store:
        together, alone = (start(store, several, anonymous) for _ in range(2))
        with store.writing() as records:
            records.polls.gather({together.id: {person for person, _, _ in deeds}})
            in_group = [_done(records, together, deed, looked) for deed in deeds]
        singly = []
        for deed in deeds:
            with store.writing() as records:
                singly.append(_done(records, alone, deed, looked))
        assert in_group == singly
        with store.reading() as records:
            tallies = [records.polls.votes.tally(poll) for poll in (together, alone)]
            named = [records.polls.votes.names(poll) for poll in (together, alone)]
        assert (tallies[0].counts, tallies[0].voters) == (tallies[1].counts, tallies[1].voters)
        assert named[0] == named[1]


def _done(records: Records, poll: Poll, deed: Deed, looked: bool) -> tuple[object, ...]:
    person, votes, option = deed
    held = records.polls.votes
    before = held.choices_of(poll, person)
    changed = held.vote(poll, person, [option or 1]) if votes else held.withdraw(poll, person, option)
    tally = held.tally(poll) if looked else None
    seen = (tally.counts, tally.voters) if tally else None
    return before, changed, held.choices_of(poll, person), seen
