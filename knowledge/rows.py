"""The passages of a generation in a file of SQLite: each is read when it is met.

Of every passage only the id is held, and the marks by which all that lie near a question are ranked.
"""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from knowledge.chunks import Origin, Passage, Place
from knowledge.manifest import DamagedIndex

PASSAGES = "passages.sqlite3"
# Passages that stay in memory once they were read: those that questions meet again and again.
MET_AGAIN = 4_096

_TABLES = """
CREATE TABLE marks (
    place INTEGER PRIMARY KEY, id TEXT, digest TEXT, document TEXT, section TEXT, kind TEXT, origin TEXT,
    named INTEGER, authored INTEGER, units INTEGER, called INTEGER
);
CREATE TABLE passages (place INTEGER PRIMARY KEY, told TEXT);
CREATE INDEX documents ON marks (document);
"""


class Marks(NamedTuple):
    """What ranks a passage beside its words: the section that it is of, and what it is there."""

    place: Place
    kind: str
    origin: Origin
    named: bool
    authored: bool


class PassageRows(Mapping[str, Passage]):
    """The passages by their ids, in their order; any number of threads may read them."""

    def __init__(self, folder: Path) -> None:
        """Raises DamagedIndex where the file in `folder` is none of passages."""
        self._reading = threading.Lock()
        # The file never changes, so nobody needs to be kept from it.
        address = f"{(folder / PASSAGES).absolute().as_uri()}?mode=ro&immutable=1"
        self._connection = sqlite3.connect(address, uri=True, check_same_thread=False)
        self._read = lru_cache(MET_AGAIN)(self._read_row)
        self._marks: list[Marks] = []
        self._places: dict[str, int] = {}
        self.units: list[int] = []  # how many each has
        known: dict[Marks, Marks] = {}
        query = "SELECT id, document, section, kind, origin, named, authored, units FROM marks ORDER BY place"
        try:
            for name, document, section, kind, origin, named, authored, units in self._connection.execute(query):
                marks = Marks(Place(document, section), kind, origin, bool(named), bool(authored))
                self._places[name] = len(self._marks)
                self._marks.append(known.setdefault(marks, marks))
                self.units.append(units)
        except sqlite3.Error as error:
            self.close()
            raise DamagedIndex("The passages of the index are of another form.") from error
        self._names = list(self._places)

    def __getitem__(self, name: str) -> Passage:
        return self._read(self._places[name])

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def close(self) -> None:
        """Let go of the file, once nobody reads it."""
        with self._reading:
            self._connection.close()

    def place(self, name: str) -> int:
        """The place of a passage among all, from 0."""
        return self._places[name]

    def name(self, place: int) -> str:
        """The id of the passage at a place."""
        return self._names[place]

    def marks(self, name: str) -> Marks:
        """The marks of a passage."""
        return self._marks[self._places[name]]

    def digests(self) -> dict[str, str]:
        """The digest of each passage, by its id."""
        return dict(self.ask("SELECT id, digest FROM marks"))

    def called(self) -> list[Passage]:
        """The passages that go by names of their own."""
        return [self._read(place) for (place,) in self.ask("SELECT place FROM marks WHERE called ORDER BY place")]

    def of_document(self, document: str) -> list[Passage]:
        """The passages of a document, in their order."""
        rows = self.ask("SELECT place FROM marks WHERE document = ? ORDER BY place", document)
        return [self._read(place) for (place,) in rows]

    def first(self, document: str, kind: str | None = None) -> Passage | None:
        """The first passage of a document, or its first of that kind; None where there is none."""
        query = "SELECT place FROM marks WHERE document = ? AND kind = coalesce(?, kind) ORDER BY place LIMIT 1"
        return next((self._read(place) for (place,) in self.ask(query, document, kind)), None)

    def ask(self, query: str, *values: object) -> list[Any]:
        """All rows that a query of the file gives."""
        with self._reading:
            return self._connection.execute(query, values).fetchall()

    def _read_row(self, place: int) -> Passage:
        ((told,),) = self.ask("SELECT told FROM passages WHERE place = ?", place)
        return Passage.from_json(told)


def write_passages(folder: Path, passages: Iterable[Passage]) -> None:
    """Write the file of passages. Raises OSError where there is no room for it."""
    with writing(folder) as connection:
        connection.executescript(_TABLES)
        for place, one in enumerate(passages):
            connection.execute("INSERT INTO passages VALUES (?, ?)", (place, one.to_json()))
            marks = (one.id, one.digest, one.document, one.section, one.kind, one.origin, one.named, one.authored)
            counted = (len(one.units), bool(one.words or one.called))
            connection.execute(f"INSERT INTO marks VALUES ({', '.join('?' * 11)})", (place, *marks, *counted))


@contextlib.contextmanager
def writing(folder: Path) -> Iterator[sqlite3.Connection]:
    """The file of passages in a folder that nobody reads yet. Raises OSError where it cannot be written."""
    try:
        with contextlib.closing(sqlite3.connect(folder / PASSAGES)) as connection, connection:
            # Where this is interrupted, the folder goes, and the file with it.
            connection.execute("PRAGMA journal_mode = OFF")
            yield connection
    except sqlite3.OperationalError as error:
        raise OSError(str(error)) from error
