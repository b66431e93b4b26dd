"""Turns in groups: however many are claimed and concluded in one transaction, each is answered once and kept whole."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, text

from bot.activities import Heard
from bot.activities.help import Help
from bot.assistant import Assistant
from bot.intents import Intent
from bot.intents.understanding import Understanding
from bot.reply import Reply, Text
from bot.shelf import Shelf
from bot.store import engines
from bot.store.database import Store
from bot.store.records import Records
from bot.together import READ
from bot.turn import Person, Room, Turn
from knowledge.answer import Spent
from tests.bot.conftest import HERE, NOON, Taught
from tests.stores import AWAIT_DISK

SECRET = b"a secret of more than thirty-two characters"


class Echo:
    """Repeats what is said."""

    async def take(self, heard: Heard) -> Reply:
        return Reply((Text(f"You said {heard.turn.words}."),), "question")


def assistant_on(store: Store, embed: Callable[[Sequence[str]], object] | None = None) -> Assistant:
    shelf = Shelf([])
    understanding = Understanding(shelf, Taught({}))
    return Assistant([Echo(), Help()], understanding, shelf, lambda: store, lambda: NOON, embed=embed)


def turns(count: int, words: str = "number") -> list[Turn]:
    """As many people, each saying something of their own in a thread of their own."""
    people = (Person(f"test:p{number}", "Somebody") for number in range(count))
    return [
        Turn(f"event:{number}", Room("test", "here", f"t{number % 7}"), person, f"{words} {number}", NOON)
        for number, person in enumerate(people)
    ]


async def heard(assistant: Assistant, said: Sequence[Turn]) -> list[list[str]]:
    """The replies to turns that all come at once."""

    async def hear(turn: Turn) -> list[str]:
        return [reply.text async for reply in assistant.hear(turn)]

    return await asyncio.gather(*map(hear, said))


async def heard_in_two_groups(assistant: Assistant, said: Sequence[Turn], store: Store) -> list[list[str]]:
    """The same where the first is claimed by itself, and all others together."""
    with ExitStack() as held:
        held.enter_context(store.writing())
        under_way = asyncio.create_task(heard(assistant, said))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        # All wait now: one with the thread that waits to write, the others for the next group.
        await asyncio.to_thread(held.close)
    return await under_way


@contextmanager
def begun(store: Store) -> Iterator[list[str]]:
    """The transactions of writers that begin meanwhile."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if statement == "BEGIN IMMEDIATE":
            seen.append(statement)

    event.listen(store._engine, "before_cursor_execute", note)
    yield seen
    event.remove(store._engine, "before_cursor_execute", note)


def kept(store: Store, said: Sequence[Turn]) -> list[list[str]]:
    """What is remembered of the talks, by thread."""
    with store.reading() as records:
        scenes = [records.scene(turn) for turn in said]
    return [[message.content for message in scene.history] for scene in scenes]


def test_turns_that_wait_are_claimed_in_one_transaction(file_store: Store) -> None:
    assistant, said = assistant_on(file_store), turns(40)
    with begun(file_store) as transactions:
        told = asyncio.run(heard_in_two_groups(assistant, said, file_store))
    assert told == [[f"You said {turn.words}."] for turn in said]
    # Two groups of claims, and at most one conclusion for each turn beside that of the test.
    assert len(transactions) <= 3 + len(said)
    for history, turn in zip(kept(file_store, said), said, strict=True):
        place = history.index(turn.words)
        assert history[place : place + 2] == [turn.words, f"You said {turn.words}."]


def test_turns_that_are_claimed_together_are_embedded_together_but_for_long_ones(file_store: Store) -> None:
    goes: list[Sequence[str]] = []
    said = turns(40, "a question of thirty characters")
    long = replace(said[20], id="event:long", words="a long story " * (READ // 10))
    asyncio.run(heard_in_two_groups(assistant_on(file_store, goes.append), [*said[:20], long, *said[20:]], file_store))
    assert sorted(text for texts in goes for text in texts) == sorted(turn.words for turn in said[1:])
    assert len(goes) <= 4
    assert all(sum(map(len, texts)) <= READ for texts in goes)


def test_what_cannot_be_embedded_together_is_answered_all_the_same(file_store: Store) -> None:
    def fail(_texts: Sequence[str]) -> None:
        raise ValueError

    said = turns(10)
    told = asyncio.run(heard_in_two_groups(assistant_on(file_store, fail), said, file_store))
    assert told == [[f"You said {turn.words}."] for turn in said]


def test_of_turns_that_are_read_together_one_that_cannot_be_read_spoils_no_other(
    file_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    intent = Understanding.intent

    def fail(understanding: Understanding, said: str, *more: Any) -> Intent:
        if said == "number 3":
            raise ZeroDivisionError
        return intent(understanding, said, *more)

    monkeypatch.setattr(Understanding, "intent", fail)
    told = asyncio.run(heard_in_two_groups(assistant_on(file_store), turns(10), file_store))
    assert [text.startswith("Sorry") for (text,) in told] == [number == 3 for number in range(10)]


@pytest.mark.every_database
def test_a_turn_that_is_delivered_four_times_at_once_is_answered_once(store: Store) -> None:
    said = turns(10)
    told = asyncio.run(heard(assistant_on(store), [turn for turn in said for _ in range(4)]))
    assert sorted(told, key=len) == [[]] * 30 + sorted([f"You said {turn.words}."] for turn in said)


@pytest.mark.every_database
def test_one_that_cannot_be_kept_spoils_no_other(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    remember, failed = Records.remember, []

    def fail(records: Records, turn: Turn, reply: Reply) -> int:
        if turn.id == "event:3":
            failed.append(turn)
            raise ZeroDivisionError
        return remember(records, turn, reply)

    monkeypatch.setattr(Records, "remember", fail)
    said = turns(12)
    told = asyncio.run(heard(assistant_on(store), said))
    assert [text.startswith("Sorry") for (text,) in told] == [turn.id == "event:3" for turn in said]
    assert failed
    assert sorted(content for history in kept(store, said[:7]) for content in history) == sorted(
        content for turn in said if turn.id != "event:3" for content in (turn.words, f"You said {turn.words}.")
    )


def test_two_processes_answer_each_turn_once(postgresql: str) -> None:
    """Each is told of all turns, in another order."""
    said = turns(30)
    with closing(Store(postgresql, SECRET.strip)) as one, closing(Store(postgresql, SECRET.strip)) as other:
        told: dict[str, list[list[str]]] = {}

        def process(name: str, store: Store, order: Sequence[Turn]) -> None:
            replies = asyncio.run(heard(assistant_on(store), order))
            told[name] = [texts for _, texts in sorted(zip([turn.id for turn in order], replies, strict=True))]

        threads = [
            threading.Thread(target=process, args=("one", one, said)),
            threading.Thread(target=process, args=("other", other, said[::-1])),
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        answered = [a + b for a, b in zip(told["one"], told["other"], strict=True)]
        assert sorted(answered) == sorted([f"You said {turn.words}."] for turn in said)
        assert sum(len(history) for history in kept(one, said[:7])) == 60


def test_what_is_durable_waits_for_the_disk_whatever_is_written_between(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "_await_disk", AWAIT_DISK)
    full, normal = 2, 1
    with closing(Store(tmp_path / "store.db")) as store:
        levels = []
        for durable in (True, False, True, False, False, True):
            with store.writing(durable=durable) as records:
                levels.append(records._session.connection().scalar(text("PRAGMA synchronous")))
        assert levels == [full, normal, full, normal, normal, full]


@pytest.mark.parametrize(
    ("spent", "durable"),
    [(None, [False, False]), (Spent("test:model", 10, 20), [False, True])],
    ids=["said", "paid for"],
)
def test_what_is_counted_waits_for_the_disk_and_what_is_said_does_not(
    file_store: Store, monkeypatch: pytest.MonkeyPatch, spent: Spent | None, durable: list[bool]
) -> None:
    writing, asked = Store.writing, []

    def note(store: Store, durable: bool = True) -> object:
        asked.append(durable)
        return writing(store, durable)

    async def take(_echo: Echo, heard: Heard) -> Reply:
        return Reply((Text("You said it."),), "question", spent=spent)

    monkeypatch.setattr(Store, "writing", note)
    monkeypatch.setattr(Echo, "take", take)
    turn = Turn("event:one", HERE, Person("test:p", "P"), "hello there", NOON)
    assert asyncio.run(heard(assistant_on(file_store), [turn])) == [["You said it."]]
    assert asked == durable
