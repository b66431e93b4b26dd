"""Events: how often one is begun, and what is remembered of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.assistant import Assistant
from bot.reply import Reply
from bot.store.database import Store
from bot.store.events import LEASE, REMEMBERED
from bot.store.records import Records
from bot.turn import Turn
from tests.bot.conftest import BO, HERE, NOON, Talk, stored

SECRET = b"a secret of more than thirty-two characters"
LATER = NOON + LEASE


def test_an_event_tells_how_often_it_was_begun(records: Records) -> None:
    tries = [records.events.claim("test:1", NOON + lapsed * LEASE) for lapsed in (0, 0.5, 1, 1.5, 2)]
    assert tries == [1, 0, 2, 0, 3]
    records.events.answered("test:1", NOON)
    assert records.events.claim("test:1", NOON + 9 * LEASE) == 0


def test_an_event_is_forgotten_when_no_platform_delivers_it_again(records: Records) -> None:
    records.events.answered("test:1", NOON)
    records.events.forget_old(NOON + REMEMBERED)
    assert records.events.is_taken("test:1", NOON + REMEMBERED)
    records.events.forget_old(NOON + REMEMBERED + timedelta(seconds=1))
    assert not records.events.is_taken("test:1", NOON + REMEMBERED)


def test_a_running_bot_forgets_events(talk: Talk) -> None:
    kept, talk.assistant = [], on_clock(talk, lambda: talk.now)
    for lapsed in (timedelta(0), timedelta(seconds=1), REMEMBERED):
        talk.now += lapsed
        talk.say("help")
        with talk.store.reading() as records:
            kept.append([records.events.is_taken(turn.id, talk.now) for turn in talk.heard])
    assert kept == [[True], [True, True], [False, False, True]]


def heard(assistant: Assistant, turn: Turn) -> list[Reply]:
    """The replies to a turn."""

    async def hear() -> list[Reply]:
        return [reply async for reply in assistant.hear(turn)]

    return asyncio.run(hear())


def on_clock(talk: Talk, clock: Callable[[], datetime]) -> Assistant:
    """The assistant of a talk, on another clock."""
    own = talk.assistant
    return Assistant(own._activities, own._understanding, own._shelf, lambda: talk.store, clock)


class Death(BaseException):
    """The process is killed."""


def test_words_that_nobody_survives_are_read_twice_and_then_apologised_for(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    read, clock = [], [NOON]
    assistant = on_clock(talk, lambda: clock[0])
    turn = Turn("test:killer", HERE, BO, "and,,,,zzz", NOON)

    def die(words: str, *_: object) -> None:
        read.append(words)
        raise Death

    with monkeypatch.context() as patch:
        patch.setattr(assistant._understanding, "intent", die)
        for _ in range(2):
            with pytest.raises(Death):
                heard(assistant, turn)
            # Before its time is up nobody else begins with it.
            assert heard(assistant, turn) == []
            clock[0] += LEASE
        (reply,) = heard(assistant, turn)
    assert reply.text.startswith("Sorry, that went wrong on my side")
    assert read == [turn.words] * 2
    clock[0] += LEASE
    assert heard(assistant, turn) == []


def test_after_one_death_the_next_delivery_is_answered(talk: Talk) -> None:
    turn = Turn("test:unlucky", HERE, BO, "help", NOON)
    with talk.store.writing() as records:
        assert records.events.claim(turn.id, NOON - LEASE) == 1
    assistant = on_clock(talk, lambda: NOON)
    assert [reply.activity for reply in heard(assistant, turn)] == ["help"]


def test_the_digest_of_an_event_depends_on_the_secret(tmp_path: Path) -> None:
    held = set()
    for number, secret in enumerate((SECRET, SECRET, SECRET[::-1])):
        place = tmp_path / f"{number}.db"
        with closing(Store(place, secret.strip)) as store, store.writing() as records:
            records.events.answered("slack:U1:1700000001.000100:say:1", NOON)
        held.add(stored(place).partition("events: ")[2].partition("\n")[0])
    assert len(held) == 2
