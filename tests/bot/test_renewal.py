"""Renewal: a new generation is taken over between turns, and the old one is let go of when its turns are over."""

from __future__ import annotations

import asyncio
import logging
import shutil
import threading
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from bot.activities.questions import Questions
from bot.assistant import Assistant
from bot.commands.start import make_renewed
from bot.costs.budget import Budget
from bot.intents.understanding import Understanding
from bot.renewal import Edition, Renewed
from bot.shelf import Shelf
from bot.store.database import Store
from bot.turn import Turn
from knowledge import ingest as ingesting
from knowledge.answer import Answer, Message
from knowledge.embedding_model import DEFAULT_MODEL, EmbeddingModel, find_model
from knowledge.generations import IndexFolder
from knowledge.ingest import ingest
from knowledge.library import open_library
from knowledge.manifest import DamagedIndex
from knowledge.script import Script
from tests.bot.conftest import BO, HERE, MORE_SCRIPTS, NOON, Taught
from tests.conftest import quiet
from tests.home import settings_of
from tests.waiting import PATIENCE

if TYPE_CHECKING:
    from knowledge.embedder import Vectors


class Edited:
    """An answerer that says which edition it is of, in two steps."""

    def __init__(self, number: int) -> None:
        self.number = number

    async def answer(
        self, question: str, history: Sequence[Message] = (), composed: bool = False
    ) -> AsyncIterator[Answer]:
        yield Answer(f"Edition {self.number}", "answer")
        await asyncio.sleep(0)
        yield Answer(f"Edition {self.number}, the end", "answer")


class Press:
    """Publishes editions: `published` is the newest one's number, `opened` and `closed` those that were."""

    def __init__(self, scripts: Sequence[Script], store: Store) -> None:
        self.published = 1
        self.opened: list[int] = []
        self.closed: list[int] = []
        self.fails: set[int] = set()
        self.ready = threading.Event()
        self.ready.set()
        self._shelf = Shelf(scripts)
        self._store = store

    def open(self) -> Edition:
        number = self.published
        self.opened.append(number)
        assert self.ready.wait(30)
        if number in self.fails:
            raise OSError("disk on fire")
        understanding = Understanding(self._shelf, Taught({}))
        budget = Budget("")
        assistant = Assistant([Questions(Edited(number), budget)], understanding, self._shelf, lambda: self._store)
        return Edition(number, assistant, lambda: self.closed.append(number))

    def renewed(self, patience: float = 30) -> Renewed:
        return Renewed(self.open(), lambda: self.published, self.open, patience)


@pytest.fixture
def press(scripts: Sequence[Script], file_store: Store) -> Press:
    return Press(scripts, file_store)


def turn(number: int, words: str = "what about it?") -> Turn:
    return Turn(f"test:{number}", HERE, BO, words, NOON)


async def said(renewed: Renewed, number: int, words: str = "what about it?") -> str:
    """The last reply to a turn."""
    return [reply.text async for reply in renewed.hear(turn(number, words))][-1]


def test_the_next_turn_is_heard_by_what_was_published(press: Press) -> None:
    async def talk() -> list[str]:
        renewed = press.renewed()
        told = [await said(renewed, 1), await said(renewed, 2)]
        press.published = 7
        return [*told, await said(renewed, 3), await said(renewed, 4)]

    assert asyncio.run(talk()) == [f"Edition {number}, the end" for number in (1, 1, 7, 7)]
    assert press.opened == [1, 7]
    assert press.closed == [1]


def test_an_answer_is_ended_by_the_edition_that_began_it(press: Press) -> None:
    async def talk() -> None:
        renewed = press.renewed()
        async with aclosing(renewed.hear(turn(1))) as replies:
            assert (await anext(replies)).text == "Edition 1"
            press.published = 2
            assert await said(renewed, 2) == "Edition 2, the end"
            assert press.closed == []
            assert (await anext(replies)).text == "Edition 1, the end"

    asyncio.run(talk())
    assert press.closed == [1]


def test_who_stops_listening_holds_nothing_back(press: Press) -> None:
    async def talk() -> None:
        renewed = press.renewed()
        async with aclosing(renewed.hear(turn(1))) as replies:
            await anext(replies)
            press.published = 2
            await said(renewed, 2)

    asyncio.run(talk())
    assert press.closed == [1]


def test_many_turns_at_once_open_it_once(press: Press) -> None:
    async def talk() -> list[str]:
        renewed = press.renewed()
        press.published = 2
        return await asyncio.gather(*(said(renewed, number) for number in range(20)))

    assert asyncio.run(talk()) == ["Edition 2, the end"] * 20
    assert press.opened == [1, 2]
    assert press.closed == [1]


def test_what_takes_long_to_open_is_not_waited_for(press: Press) -> None:
    async def talk() -> None:
        renewed = press.renewed(patience=0.01)
        press.published = 2
        press.ready.clear()
        assert await said(renewed, 1) == await said(renewed, 2) == "Edition 1, the end"
        press.ready.set()
        async with asyncio.timeout(PATIENCE):
            number = 3
            while await said(renewed, number) != "Edition 2, the end":
                number += 1

    asyncio.run(talk())
    assert press.opened == [1, 2]


def test_what_cannot_be_opened_is_tried_once_and_logged(press: Press, caplog: pytest.LogCaptureFixture) -> None:
    async def talk() -> list[str]:
        renewed = press.renewed()
        press.published, press.fails = 2, {2}
        told = [await said(renewed, 1), await said(renewed, 2)]
        press.published = 3
        return [*told, await said(renewed, 3)]

    with caplog.at_level(logging.ERROR):
        assert asyncio.run(talk()) == [f"Edition {number}, the end" for number in (1, 1, 3)]
    assert press.opened == [1, 2, 3]
    (record,) = caplog.records
    assert "Generation 2 of the index cannot be used" in record.getMessage()


@pytest.mark.trial
def test_a_script_that_is_ingested_while_the_bot_runs(own_home: Path, file_store: Store) -> None:
    """Its passages and its name are there at the next turn; nothing was started again."""
    library = open_library(own_home, DEFAULT_MODEL, quiet)

    async def talk() -> None:
        renewed = make_renewed(library, settings_of(own_home), lambda: file_store, Budget(""))
        assert "takes over where the notebook ends" not in await said(renewed, 1, "What is MLOps?")
        shutil.copytree(MORE_SCRIPTS, own_home / "scripts")
        generation, _ = ingest(own_home, find_model(), quiet)
        generation.close()
        assert "takes over where the notebook ends" in await said(renewed, 2, "What is MLOps?")
        assert "DataOps" in await said(renewed, 3, "settings")

    asyncio.run(talk())
    with pytest.raises(DamagedIndex):
        library.generation.check()


@pytest.mark.trial
def test_a_damaged_index_is_built_again_beside_an_older_one_that_answers(
    own_home: Path, file_store: Store, known_vectors: dict[str, Vectors], monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = threading.Event()

    class Recalled:
        def __init__(self, model: EmbeddingModel) -> None:
            assert gate.wait(PATIENCE)

        def embed(self, texts: Sequence[str]) -> Vectors:
            return np.stack([known_vectors[text] for text in texts])

    monkeypatch.setattr(ingesting, "open_for_passages", lambda model, *_: Recalled(model))
    folder = IndexFolder(own_home)
    shutil.copytree(folder.folder / "1", folder.folder / "2")
    (folder.folder / "current").write_text("2")
    (folder.folder / "2" / "vectors.npy").write_bytes(b"")
    library = open_library(own_home, DEFAULT_MODEL, quiet, meanwhile=True)

    async def talk() -> None:
        renewed = make_renewed(library, settings_of(own_home), lambda: file_store, Budget(""))
        assert "financial compass" in await said(renewed, 1, "What is FinOps?")
        assert folder.current() == 2
        gate.set()
        (builder,) = (thread for thread in threading.enumerate() if thread.name == "rebuilding")
        await asyncio.to_thread(builder.join, PATIENCE)
        assert "financial compass" in await said(renewed, 2, "What is FinOps?")
        assert renewed._held.edition.number == 3

    asyncio.run(talk())
