"""Anonymous votes: nothing that is stored or logged ties a person to an option, while a poll is open and after it."""

from __future__ import annotations

import asyncio
import hashlib
import io
import logging
import zipfile
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from bot.activities import Activity, Heard, Step
from bot.activities.polls import Polls
from bot.assistant import Assistant
from bot.intents import Vote
from bot.intents.understanding import Understanding
from bot.reply import Reply
from bot.shelf import Shelf
from bot.store import Draft
from bot.store.backup import write_backup
from bot.store.database import Store
from bot.turn import Person, Room, Turn
from tests.bot.conftest import NOON, Place, Taught
from tests.postgresql import dump

SECRET = b"a secret that lies apart from the database"
# Nobody of them has ever said anything to the bot: they only press, as Slack and Discord tell it.
SLACK = [Person(f"slack:U0{letter * 9}", f"Mallory {letter}") for letter in "ABCDEF"]
DISCORD = [Person(f"discord:80351110224678{number}", f"Trudy {number}") for number in range(1234, 1240)]
ROOMS = {"slack": Room("slack", "C0GENERAL", server="T0TEAM"), "discord": Room("discord", "41771983423143937")}
OPTIONS = ("apple", "pear", "plum")


class Failing:
    """An activity whose vote for a fourth option fails."""

    async def take(self, heard: Heard) -> Step | None:
        def fail(_records: object) -> Reply:
            raise ZeroDivisionError

        return fail if isinstance(heard.intent.value, Vote) and heard.intent.value.option == 4 else None


def presses(person: Person, number: int) -> Iterator[tuple[str, str]]:
    """What somebody presses in the poll of that number: the id of the event as its platform makes it, and its words.

    A Slack press is told apart by its person, its moment and the place of its button; a Discord one by a number.
    """
    said = (f"vote {number} 1", f"vote {number} 3", f"unvote {number}", f"vote {number} 2", f"vote {number} 4")
    for place, words in enumerate(said):
        platform, _, user = person.id.partition(":")
        moment = f"1736164800.00{place}{user[-3:]}"
        yield (f"slack:{user}:{moment}:say:{place}" if platform == "slack" else f"discord:9{place}{user}"), words


def press_all(store: Store, poll: int) -> dict[str, Person]:
    """Everybody votes, changes it, takes it back and votes again; who pressed, by the ids of the events."""
    shelf = Shelf([])
    activities: list[Activity] = [Failing(), Polls(shelf)]
    assistant = Assistant(activities, Understanding(shelf, Taught({})), shelf, lambda: store, lambda: NOON)
    pressed: dict[str, Person] = {}

    async def press(person: Person) -> list[str]:
        told = []
        for event, words in presses(person, poll):
            pressed[event] = person
            turn = Turn(event, ROOMS[person.id.partition(":")[0]], person, words, NOON, aloud=False)
            told += [reply.text.partition(":")[0].partition(",")[0] async for reply in assistant.hear(turn)]
        return told

    async def everybody() -> list[list[str]]:
        return await asyncio.gather(*map(press, (*SLACK, *DISCORD)))

    each = ["Counted", "Changed", "Your vote is taken back. You can vote again.", "Counted", "Sorry"]
    assert asyncio.run(everybody()) == [each] * 12
    return pressed


def traces(pressed: dict[str, Person]) -> list[bytes]:
    """What would tie somebody to what they pressed: ids, names, and digests of these that anybody can make."""
    told = {person.id for person in pressed.values()} | {person.name for person in pressed.values()}
    told |= {one.id.partition(":")[2] for one in pressed.values()}
    guesses = {*told, *pressed, *(event.partition(":")[2] for event in pressed)}
    made = [hashlib.new(name, guess.encode()) for guess in guesses for name in ("md5", "sha1", "sha256", "blake2b")]
    return [
        *(trace.encode() for trace in (*told, *pressed)),
        *(one.digest() for one in made),
        *(one.hexdigest().encode() for one in made),
    ]


def kept(place: Place) -> bytes:
    """SQLite's file with its free pages, and its log; of PostgreSQL a dump, as the server's own program makes it."""
    if isinstance(place, Path):
        return b"".join(one.read_bytes() for one in place.parent.glob(f"{place.name}*"))
    return dump(place)


def unpacked(file: Path) -> bytes:
    """All parts of a backup."""
    with zipfile.ZipFile(io.BytesIO(file.read_bytes())) as archive:
        return b"".join(archive.read(name) for name in archive.namelist())


@pytest.mark.every_database
def test_nothing_ties_a_person_to_an_option(database: Place, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with closing(Store(database, lambda: SECRET)) as store:
        with store.writing() as records:
            draft = Draft("Which fruit?", OPTIONS, anonymous=True)
            poll = records.polls.start(ROOMS["slack"], "slack:U0MODERATOR", NOON, draft)
            records.polls.add_place(poll, ROOMS["discord"])
        pressed = press_all(store, poll.id)
        looked_for = traces(pressed)
        for moment in ("open", "closed"):
            if moment == "closed":
                with store.writing() as records:
                    closed = records.polls.close(poll, NOON + timedelta(hours=1))
                    assert records.polls.votes.tally(closed).counts == (0, 12, 0)
            write_backup(store, tmp_path / moment, NOON, "0", None)
            places = {
                "the database": kept(database),
                "the log": caplog.text.encode(),
                "a backup": unpacked(tmp_path / moment),
            }
            assert b"Which fruit?" in places["the database"]
            found = {name: [one for one in looked_for if one in held] for name, held in places.items()}
            assert found == {name: [] for name in places}, moment
