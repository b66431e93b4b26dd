"""A poll, vote by vote: whatever people do in whatever order, tallies, voters and rights are right."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from bot.activities import Activity, Keeper
from bot.activities.polls import Polls
from bot.activities.stop import Stop
from bot.assistant import Assistant
from bot.intents.understanding import Understanding
from bot.reply import Reply
from bot.scheduler import Scheduler
from bot.shelf import Shelf
from bot.store import Draft
from bot.store.database import Store
from bot.store.engines import IN_MEMORY
from bot.store.polling import FEWEST
from bot.turn import Person, Room, Turn
from tests.bot.conftest import Taught

NOON = datetime(2025, 1, 6, 12, tzinfo=UTC)
HERE, PRIVATE = Room("test", "here"), Room("test", "private", private=True)
MODERATOR = Person("test:ana", "Ana", moderator=True)
PEOPLE = [Person(f"test:{name}", name.title()) for name in ("bo", "cy", "dee", "eve", "fay", "gus")]
OPTIONS = ("apple", "pear", "plum", "quince")
DEADLINE = timedelta(hours=2)


class PollMachine(RuleBasedStateMachine):
    """People vote, change, withdraw; moderators edit, close and reopen; strangers try to; time passes."""

    @initialize(several=st.booleans(), anonymous=st.booleans(), hidden=st.booleans(), timed=st.booleans())
    def open(self, several: bool, anonymous: bool, hidden: bool, timed: bool) -> None:
        self.now, self.turns = NOON, 0
        self.several, self.anonymous, self.hidden = several, anonymous, hidden
        self.store = Store(IN_MEMORY)
        shelf = Shelf([])
        activities: list[Activity] = [Polls(shelf), Stop()]
        self.assistant = Assistant(activities, Understanding(shelf, Taught({})), shelf, lambda: self.store)
        keepers = [one for one in activities if isinstance(one, Keeper)]
        self.scheduler = Scheduler(lambda: keepers, lambda: self.store)
        lasts = DEADLINE if timed else None
        draft = Draft("Which fruit?", OPTIONS[:3], several, anonymous, hidden, lasts=lasts)
        with self.store.writing() as records:
            self.poll = records.polls.start(HERE, "test:ana", self.now, draft)
        self.options = dict(zip(self.poll.numbers, OPTIONS, strict=False))
        self.closes = NOON + DEADLINE if timed else None
        self.votes: dict[str, set[int]] = {}
        self.closed = False

    def say(self, words: str, person: Person, room: Room = HERE, aloud: bool = False) -> Reply:
        self.turns += 1
        turn = Turn(f"test:{self.turns}", room, person, words, self.now, aloud=aloud)

        async def heard() -> list[Reply]:
            return [reply async for reply in self.assistant.hear(turn)]

        (reply,) = asyncio.run(heard())
        assert not reply.text.startswith("Sorry"), reply.text
        return reply

    @property
    def is_over(self) -> bool:
        return self.closed or (self.closes is not None and self.closes <= self.now)

    @property
    def counts(self) -> tuple[int, ...]:
        return tuple(sum(number in chosen for chosen in self.votes.values()) for number in self.options)

    @rule(person=st.sampled_from(PEOPLE), number=st.integers(1, 5), aloud=st.booleans())
    def vote_anyhow(self, person: Person, number: int, aloud: bool) -> None:
        self.vote(person, number, aloud)

    def vote(self, person: Person, number: int, aloud: bool) -> None:
        reply = self.say(f"vote {self.poll.id} {number}", person, aloud=aloud)
        assert reply.private
        assert not reply.remembered
        if self.is_over:
            assert "not counted" in reply.text
        elif self.anonymous and aloud:
            assert "write to me privately" in reply.text
        elif number not in self.options:
            assert "not in the poll any more" in reply.text
        else:
            assert self.options[number] in reply.text
            mine = self.votes.setdefault(person.id, set())
            if not self.several:
                mine.clear()
            mine.add(number)

    @rule(votes=st.lists(st.tuples(st.sampled_from(PEOPLE), st.sampled_from([1, 2, 3])), min_size=1, max_size=8))
    def many_vote(self, votes: list[tuple[Person, int]]) -> None:
        for person, number in votes:
            self.vote(person, number, False)

    @rule(person=st.sampled_from(PEOPLE), number=st.none() | st.integers(1, 4))
    def withdraw(self, person: Person, number: int | None) -> None:
        reply = self.say(f"unvote {self.poll.id}" + (f" {number}" if number else ""), person)
        if self.is_over:
            assert "not counted" in reply.text
        elif person.id not in self.votes:
            assert "no vote" in reply.text
        else:
            mine = self.votes[person.id]
            mine.difference_update([number] if number else list(mine))
            if not mine:
                del self.votes[person.id]

    @rule(person=st.sampled_from(PEOPLE), number=st.integers(1, 3))
    def vote_privately_without_a_permit(self, person: Person, number: int) -> None:
        assert "No poll is open here." in self.say(f"vote {self.poll.id} {number} 0123456789ab", person, PRIVATE).text

    @rule(person=st.sampled_from(PEOPLE), words=st.sampled_from(["close", "reopen", "edit", "share", "names"]))
    def try_what_only_moderators_may(self, person: Person, words: str) -> None:
        assert "Only moderators can" in self.say(f"poll {self.poll.id} {words}", person).text

    @precondition(lambda self: self.turns > 8)
    @rule()
    def close(self) -> None:
        reply = self.say(f"poll {self.poll.id} close", MODERATOR)
        assert ("closed before" in reply.text) == self.closed
        self.closed = True

    @rule()
    def reopen(self) -> None:
        reply = self.say(f"poll {self.poll.id} reopen", MODERATOR)
        if not self.closed:
            assert "open already" in reply.text
        elif self.anonymous:
            assert "cannot be reopened" in reply.text
        else:
            self.closed, self.closes = False, None

    @precondition(lambda self: len(self.options) < 4)
    @rule()
    def add_an_option(self) -> None:
        if self.is_over:
            return
        self.change({**self.options, max(self.options) + 1: OPTIONS[3]})

    @precondition(lambda self: len(self.options) > 2)
    @rule(data=st.data())
    def remove_an_option_that_nobody_chose(self, data: st.DataObject) -> None:
        free = [number for number, count in zip(self.options, self.counts, strict=True) if not count]
        if self.is_over or not free or ((self.hidden or self.anonymous) and self.votes):
            return
        gone = data.draw(st.sampled_from(free))
        self.change({number: text for number, text in self.options.items() if number != gone})

    def change(self, options: dict[int, str]) -> None:
        kept = Draft("Which fruit?", tuple(options.values()), self.several, self.anonymous, self.hidden)
        with self.store.writing() as records:
            changed = records.polls.change(self.poll, kept, self.now)
        self.options = dict(zip(changed.numbers, changed.options, strict=True))
        self.closes = None

    @rule(minutes=st.integers(1, 90))
    def let_time_pass(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @rule()
    def do_what_is_due(self) -> None:
        self.scheduler.work(self.now)
        if self.closes is not None and self.closes <= self.now:
            self.closed = True

    @invariant()
    def the_tally_is_exact(self) -> None:
        with self.store.reading() as records:
            poll = records.polls.find(self.poll.id, HERE)
            assert poll is not None
            assert (poll.closed is not None) == self.closed
            tally = records.polls.votes.tally(poll)
            shown = records.polls.votes.shown_tally(poll)
        few = self.closed and self.anonymous and len(self.votes) < FEWEST
        counts = tuple(0 for _ in self.options) if few else self.counts
        assert (tally.counts, tally.voters) == (counts, len(self.votes))
        assert tally.options == tuple(self.options.values())
        if few or (not self.closed and (self.hidden or self.anonymous)):
            assert shown is None
        else:
            assert shown == tally

    @invariant()
    def an_anonymous_vote_names_nobody(self) -> None:
        if not self.anonymous:
            return
        with self.store.reading() as records:
            poll = records.polls.find(self.poll.id)
            assert poll is not None
            assert records.polls.votes.names(poll) == {}

    def teardown(self) -> None:
        if hasattr(self, "store"):
            self.store.close()


TestPoll = PollMachine.TestCase
TestPoll.settings = hypothesis_settings(max_examples=hypothesis_settings().max_examples // 10, stateful_step_count=30)


@pytest.mark.trial
@pytest.mark.timeout(900)
def test_a_poll_over_many_more_lives() -> None:
    many = hypothesis_settings(max_examples=300, stateful_step_count=60)
    run_state_machine_as_test(PollMachine, settings=many)
