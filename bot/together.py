"""Writing together: what comes while one transaction is under way is written in the next, in one for all of it.

Claims of turns, votes, and replies that are ready: of each it is known what it reads and changes. Nobody is told before
it is in the store, and what fails spoils nothing else. What was claimed together is then read together.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from bot.store import Scene, StoreError
from bot.store.keys import talk_of
from bot.store.seal import SealError
from bot.turn import Turn

if TYPE_CHECKING:
    from bot.store.database import Store
    from bot.store.records import Records
    from bot.turn import Person

# So many are written in one transaction at most: fewer than a database takes parameters in a statement, and so few that
# others who write need not wait for long.
MOST = 500
# Turns that were claimed together are read together, as many as have so many characters in all: with 64 askers a turn
# took 9.2 ms of a processor where each was read by itself, and takes 7.6. A long one goes alone, and holds up no other.
READ = 1_000
# So often, at most, a process looks for events that are old enough to be forgotten.
TIDIED = timedelta(minutes=1)

Done = TypeVar("Done")

# What is read and changed in the transaction that also answers the turn; it may be done twice, of which one counts.
Act = Callable[["Records"], Done]
# What becomes of the turn's event: claimed before its words are read, answered at once, answered after its claim.
Stage = Literal["claimed", "answered at once", "answered"]


@dataclass(frozen=True)
class Claimed:
    """A turn that is to be answered: how often it has been taken by now, and what it finds in its room."""

    turn: Turn
    attempts: int
    scene: Scene


@dataclass(frozen=True)
class Waiting:
    """What waits to be written, and where its outcome is awaited; `poll` is the number of the poll of a vote.

    What is `durable` is on the disk before anybody is told; the rest outlives the process alone.
    `then` goes on from a claim in the same thread or another one, and is awaited in its place.
    """

    turn: Turn
    stage: Stage
    outcome: asyncio.Future[Any]
    act: Act[Any] | None = None
    poll: int | None = None
    votes: bool = False
    durable: bool = False
    then: Callable[[Claimed], Any] | None = None


class Together:
    """Takes what is to be written, from any number of event loops."""

    def __init__(
        self,
        open_store: Callable[[], Store],
        clock: Callable[[], datetime],
        expect: Callable[[Sequence[Claimed]], object],
    ) -> None:
        """`expect` is told of claims that are about to be read one after the other."""
        self._open_store = open_store
        self._clock = clock
        self._expect = expect
        self._guard = threading.Lock()
        self._waiting: list[Waiting] = []
        # At most one of its threads writes at a time.
        self._threads = ThreadPoolExecutor(thread_name_prefix="together")
        self._writing = False
        self._tidied = datetime.min.replace(tzinfo=UTC)

    async def claim(self, turn: Turn, then: Callable[[Claimed], Done]) -> Done | None:
        """What `then` makes of a turn, in a thread; None if it is answered already, or somebody else is at it."""
        claimed: Done | None = await self._take(Waiting(turn, "claimed", _future(), then=then))
        return claimed

    async def vote(self, turn: Turn, poll: int | None, step: Act[Done], claimed: bool) -> Done | None:
        """What a vote comes to in the poll of that number, if it names one; None where another delivery of its turn was
        faster. `claimed` where this one has claimed it already.
        """
        waiting = Waiting(turn, _answered(claimed), _future(), step, poll, votes=True, durable=True)
        voted: Done | None = await self._take(waiting)
        return voted

    async def keep(self, turn: Turn, act: Act[Done], claimed: bool, durable: bool) -> Done | None:
        """The same for what only keeps what was said, and so holds nothing but the talk of the turn: `durable` where it
        is to outlive the machine.
        """
        kept: Done | None = await self._take(Waiting(turn, _answered(claimed), _future(), act, durable=durable))
        return kept

    async def _take(self, one: Waiting) -> Any:
        with self._guard:
            self._waiting.append(one)
            begins, self._writing = not self._writing, True
        if begins:
            self._threads.submit(self._write_next)
        return await one.outcome

    def _write_next(self) -> None:
        with self._guard:
            group, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
        outcomes = self._outcomes(group)
        with self._guard:
            self._writing = bool(self._waiting)
        if self._writing:
            self._threads.submit(self._write_next)
        pairs = list(zip(group, outcomes, strict=True))
        _deliver([(one, outcome) for one, outcome in pairs if not isinstance(outcome, Claimed)])
        parts = list(_parts([(one, outcome) for one, outcome in pairs if isinstance(outcome, Claimed)]))
        for part in parts[1:]:
            self._threads.submit(self._go_on, part)
        for part in parts[:1]:
            self._go_on(part)

    def _go_on(self, part: Sequence[tuple[Waiting, Claimed]]) -> None:
        if len(part) > 1:
            with suppress(Exception):  # what fails is found again by whose it is
                self._expect([claimed for _, claimed in part])
        _deliver([(one, _then(one, claimed)) for one, claimed in part])

    def _outcomes(self, group: Sequence[Waiting]) -> Sequence[Any]:
        """What becomes of each, or why it failed."""
        try:
            return self._written(group)
        except Exception as error:
            # Where the store cannot be used, it is of no use to try each by itself.
            unusable = isinstance(error, StoreError) and not isinstance(error, SealError)
            if unusable or len(group) == 1:
                return [error] * len(group)
            # Nothing of the group counts. Each is taken by itself now, so that the one that fails spoils no other.
            return [outcome for one in group for outcome in self._outcomes([one])]

    def _written(self, group: Sequence[Waiting]) -> Sequence[Any]:
        """What becomes of each of a group, which is one transaction."""
        outcomes: dict[int, Any] = {}
        # A claim, and what was only said, has to outlive the process alone: should the machine fail, it is said anew.
        with self._open_store().writing(durable=any(one.durable for one in group)) as records:
            # All processes hold things in this order, so that none waits for another that waits for it: events, polls,
            # what shows them, talks.
            taken = self._claimed(group, records)
            votes = [place for place in taken if group[place].votes]
            records.polls.gather(_voters([group[place] for place in votes]))
            for place in votes:
                outcomes[place] = _done(group[place], records, taken[place])
            records.settle()
            others = [place for place in taken if not group[place].votes]
            for place in sorted(others, key=lambda place: talk_of(group[place].turn.room)):
                outcomes[place] = _done(group[place], records, taken[place])
        return [outcomes.get(place) for place in range(len(group))]

    def _claimed(self, group: Sequence[Waiting], records: Records) -> dict[int, int]:
        """The places in the group of those whose event is theirs, in their order, with how often it was taken."""
        now = self._clock()
        if now - self._tidied >= TIDIED:
            records.events.forget_old(now)
            self._tidied = now
        records.events.all_answered([one.turn.id for one in group if one.stage == "answered"], now)
        wanted: dict[str, bool] = {}
        for one in group:
            # The same event may be in the group twice: the first has it.
            if one.stage != "answered":
                wanted.setdefault(one.turn.id, one.stage == "answered at once")
        attempts = dict(records.events.claim_all(wanted, now))
        return {
            place: taken
            for place, one in enumerate(group)
            if (taken := 1 if one.stage == "answered" else attempts.pop(one.turn.id, 0))
        }


def _future() -> asyncio.Future[Any]:
    return asyncio.get_running_loop().create_future()


def _answered(claimed: bool) -> Stage:
    return "answered" if claimed else "answered at once"


def _done(one: Waiting, records: Records, attempts: int) -> Any:
    return Claimed(one.turn, attempts, records.scene(one.turn)) if one.act is None else one.act(records)


def _voters(votes: Sequence[Waiting]) -> dict[int, set[Person]]:
    """Who votes in each poll."""
    voters: dict[int, set[Person]] = {}
    for one in votes:
        if one.poll is not None:
            voters.setdefault(one.poll, set()).add(one.turn.person)
    return voters


def _parts(claims: Sequence[tuple[Waiting, Claimed]]) -> Iterator[list[tuple[Waiting, Claimed]]]:
    """Claims in parts that are read together."""
    part: list[tuple[Waiting, Claimed]] = []
    characters = 0
    for one, claimed in claims:
        characters += len(one.turn.words)
        if part and characters > READ:
            yield part
            part, characters = [], len(one.turn.words)
        part.append((one, claimed))
    if part:
        yield part


def _then(one: Waiting, claimed: Claimed) -> Any:
    assert one.then is not None
    try:
        return one.then(claimed)
    except BaseException as error:  # whoever waits is to know of it
        return error


def _deliver(pairs: Sequence[tuple[Waiting, Any]]) -> None:
    """Give outcomes to those who wait for them, in one go for each of their event loops."""
    told: dict[asyncio.AbstractEventLoop, list[tuple[asyncio.Future[Any], Any]]] = {}
    for one, outcome in pairs:
        told.setdefault(one.outcome.get_loop(), []).append((one.outcome, outcome))
    for loop, outcomes in told.items():
        with suppress(RuntimeError):  # it is closed: nobody waits any more
            loop.call_soon_threadsafe(_resolve, outcomes)


def _resolve(outcomes: Sequence[tuple[asyncio.Future[Any], Any]]) -> None:
    for future, outcome in outcomes:
        if future.done():
            continue
        if isinstance(outcome, BaseException):
            future.set_exception(outcome)
        else:
            future.set_result(outcome)
