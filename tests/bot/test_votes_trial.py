"""Crowds that vote, processes that are killed, and deadlines that several processes see: the tally is exact."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.store import Draft, Poll
from bot.store.database import Store
from bot.store.polling import ballot_slot
from bot.turn import Room
from tests.bot.booth import HERE, SECRET
from tests.bot.conftest import NOON

ROOT = Path(__file__).parents[2]
OPTIONS = ("yes", "no", "perhaps")
# So many people vote within so many seconds, and all know what became of it by then.
VOTERS, SECONDS, KNOWN = 2000, 10, 12
KILLS = 20


class Booth:
    """A process that takes votes; `told` are its answers by event, until `last`; `drawn` is what it has drawn."""

    def __init__(self, place: str, poll: Poll) -> None:
        self.told: dict[str, list[str]] = {}
        self.last = 0.0
        self.drawn: list[list[list[str]]] = []
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.bot.booth", place, str(poll.id)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
        )
        assert self.process.stdout is not None
        assert "ready" in self.process.stdout.readline()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            # A line that was being written when the process was killed told nobody anything.
            if line.endswith("\n"):
                said = json.loads(line)
                if "event" in said:
                    self.told[said["event"]], self.last = said["told"], time.monotonic()
                else:
                    self.drawn.append(said["drawn"])

    def say(self, said: dict[str, Any]) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(said) + "\n")

    def look(self, at: datetime) -> None:
        self.say({"at": at.isoformat()})

    def wait_for_looks(self, count: int) -> None:
        until = time.monotonic() + 60
        while not (len(self.drawn) >= count and self.told):
            assert time.monotonic() < until, "no answer"
            time.sleep(0.01)

    def end(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        assert self.process.wait(120) == 0
        self._forget()

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
        self._forget()

    def _forget(self) -> None:
        self._reader.join()
        for stream in (self.process.stdin, self.process.stdout):
            assert stream is not None
            with suppress(BrokenPipeError):
                stream.close()


@contextmanager
def opened(place: str, draft: Draft) -> Iterator[tuple[Store, Poll]]:
    """A store with that poll, whose ballot stands in a room."""
    with closing(Store(place if "://" in place else Path(place), lambda: SECRET)) as store:
        with store.writing() as records:
            poll = records.polls.start(HERE, "test:ana", NOON, draft)
            records.posts.put(HERE, ballot_slot(poll.id))
        yield store, poll


def counted(store: Store, poll: Poll) -> tuple[dict[str, int], int]:
    """The votes by option, and how many voted."""
    with store.reading() as records:
        tally = records.polls.votes.tally(poll)
    return dict(zip(tally.options, tally.counts, strict=True)), tally.voters


def expected(votes: dict[str, int]) -> tuple[dict[str, int], int]:
    counts = Counter(OPTIONS[option - 1] for option in votes.values())
    return {option: counts[option] for option in OPTIONS}, len(votes)


@pytest.fixture
def sqlite_place(tmp_path: Path) -> str:
    return str(tmp_path / "store.db")


@pytest.mark.trial
@pytest.mark.parametrize("anonymous", [False, True], ids=["named", "anonymous"])
@pytest.mark.parametrize(("kind", "processes"), [("sqlite_place", 1), ("postgresql", 3)])
def test_two_thousand_vote_in_ten_seconds(
    kind: str, processes: int, anonymous: bool, request: pytest.FixtureRequest
) -> None:
    chance, place = random.Random(11), request.getfixturevalue(kind)
    with opened(place, Draft("Is it exact?", OPTIONS, anonymous=anonymous)) as (store, poll):
        booths = [Booth(place, poll) for _ in range(processes)]
        votes: dict[str, int] = {}
        sent: dict[str, str] = {}
        began = time.monotonic()
        pace = SECONDS / (1.1 * VOTERS)
        for number in range(VOTERS + VOTERS // 10):
            time.sleep(max(0.0, began + number * pace - time.monotonic()))
            person = f"test:{number}"
            if number % 11 == 10:
                # One of those who know already that they have voted changes his mind, in whichever process he meets.
                while not (
                    known := [who for who, event in sent.items() if any(event in booth.told for booth in booths)]
                ):
                    time.sleep(0.01)
                person = chance.choice(known)
                del sent[person]
            else:
                sent[person] = f"event:{number}"
            votes[person] = chance.randint(1, len(OPTIONS))
            booth = booths[number % processes]
            booth.say({"event": f"event:{number}", "person": person, "option": votes[person]})
        sending = time.monotonic() - began
        for booth in booths:
            booth.end()
        took = max(booth.last for booth in booths) - began
        told = {event: said for booth in booths for event, said in booth.told.items()}
        assert len(told) == VOTERS + VOTERS // 10
        assert all(said[0].startswith(("Counted", "Changed", "Your vote was")) for said in told.values())
        assert counted(store, poll) == expected(votes)
        with store.writing() as records:
            closed = records.polls.close(poll, NOON + timedelta(minutes=1))
        assert counted(store, closed) == expected(votes)
    print(f"{len(told)} votes of {len(votes)} people, sent within {sending:.1f} s, all told after {took:.1f} s")
    assert took <= KNOWN


@pytest.mark.trial
@pytest.mark.timeout(600)
@pytest.mark.parametrize("kind", ["sqlite_place", "postgresql"])
def test_votes_survive_kills(kind: str, request: pytest.FixtureRequest) -> None:
    chance, place = random.Random(5), request.getfixturevalue(kind)
    with opened(place, Draft("Is it kept?", OPTIONS)) as (store, poll):
        votes: dict[str, int] = {}
        waiting: list[dict[str, Any]] = []
        number = cut_off = redelivered = 0
        for _ in range(KILLS):
            booth = Booth(place, poll)
            # As a platform does, what was not acknowledged is delivered again, as the same event.
            redelivered += len(waiting)
            for vote in waiting:
                booth.say(vote)
            until = time.monotonic() + chance.uniform(0.05, 1.0)
            while time.monotonic() < until:
                number += 1
                person = f"test:{number}"
                votes[person] = chance.randint(1, len(OPTIONS))
                vote = {"event": f"event:{number}", "person": person, "option": votes[person]}
                waiting.append(vote)
                booth.say(vote)
                time.sleep(0.002)
            booth.kill()
            waiting = [vote for vote in waiting if vote["event"] not in booth.told]
            cut_off += bool(waiting)
            counts, voters = counted(store, poll)
            assert sum(counts.values()) == voters, "a vote was counted twice"
            assert len(votes) - len(waiting) <= voters <= len(votes), "an acknowledged vote was lost"
            with store.reading() as records:
                found = records.polls.find(poll.id, HERE)
                assert found is not None
                assert found.closed is None
        booth = Booth(place, poll)
        for vote in waiting:
            booth.say(vote)
        booth.end()
        assert counted(store, poll) == expected(votes)
    assert cut_off > KILLS // 4
    print(f"{len(votes)} votes, {KILLS} kills, {cut_off} of them with votes under way, {redelivered} delivered again")


@pytest.mark.trial
@pytest.mark.timeout(300)
@pytest.mark.parametrize("kind", ["sqlite_place", "postgresql"])
def test_an_overdue_close_changes_the_poll_once(kind: str, request: pytest.FixtureRequest) -> None:
    place = request.getfixturevalue(kind)
    there = Room("test", "there")
    with opened(place, Draft("Is it over?", OPTIONS, lasts=timedelta(hours=1))) as (store, poll):
        with store.writing() as records:
            records.polls.add_place(poll, there)
            records.posts.put(there, ballot_slot(poll.id))
        booths = [Booth(place, poll) for _ in range(3)]
        for number, booth in enumerate(booths):
            booth.say({"event": f"event:{number}", "person": f"test:{number}", "option": 1})
            booth.look(NOON + timedelta(minutes=1))
        # Who is still drawing when hours have passed has lost his claim: all are done with that before.
        for booth in booths:
            booth.wait_for_looks(1)
        # Nobody looked while its time came; now all do at once.
        for seconds in (0, 3, 6):  # more than a rest, less than a lease
            for booth in booths:
                # One may still draw the open ballot while another closes the poll; after a rest all show the end.
                booth.look(NOON + timedelta(hours=9, seconds=seconds))
        for booth in booths:
            booth.wait_for_looks(4)
        # A ballot that one of them was drawing while another one closed the poll rests for a moment.
        for booth in booths:
            booth.look(NOON + timedelta(hours=9, minutes=2))
        for booth in booths:
            booth.end()
        drawn = Counter((slot, line) for booth in booths for page in booth.drawn for slot, line in page)
        ended = f"Results: {poll.question}"
        assert drawn[f"result-{poll.id}", ended] == drawn[ballot_slot(poll.id), ended] == 2
        with store.reading() as records:
            closed = records.polls.find(poll.id)
            assert closed is not None
            assert closed.closed == NOON + timedelta(hours=1)
            assert records.due.next() is None
            assert records.posts.waiting("test", 9) == []
        assert counted(store, closed) == ({"yes": 3, "no": 0, "perhaps": 0}, 3)
