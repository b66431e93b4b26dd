"""The index: Chroma in numbered generations that never change once published; the only module that imports Chroma.

    index/current             the number of the published generation
    index/7/manifest.json     model, digests of files, number of vectors, probes
    index/7/passages.sqlite3  the passages, and where their words are (see `rows` and `lexical`)
    index/7/holders.npy, earned.npy   which passages hold a word, and what it earns there
    index/7/vectors.npy       a row for each passage as a whole, and behind it one for each of its units
    index/7/chroma/           vectors of passages, units and hints; an id says what it belongs to

Chroma opens an emptied database without a word, answers from a damaged one with too few rows and ends the process over
some damaged files of vectors, so a generation is checked against its manifest before it is used, and built again where
they disagree. The database itself has no digest: opening it writes to it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from knowledge.chunks import Passage
from knowledge.manifest import DamagedIndex, check_files, read_manifest
from knowledge.rows import PassageRows

if TYPE_CHECKING:
    import numpy as np
    from chromadb.api.models.Collection import Collection
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]
    Database = Collection

DATABASE = "chroma.sqlite3"
VECTORS = "vectors.npy"
COLLECTION = "passages"
PROBES = 5
# The least cosine of a text with itself, as Chroma reckons it.
ITSELF = 0.999


class Hit(NamedTuple):
    """A vector found: the passage it belongs to, what it stands for ("text", "unit", "hint") and its cosine."""

    passage: str
    role: str
    place: int
    similarity: float


@dataclass(frozen=True)
class Entry:
    """A text to embed and the id of its vector: "passage#role#place"."""

    id: str
    text: str


def entries(passage: Passage) -> Iterator[Entry]:
    """What is embedded of a passage: the whole under its headings, each unit under the nearest of them, each hint."""
    yield Entry(f"{passage.id}#text#0", f"{passage.headings}: {passage.text}")
    for place, unit in enumerate(passage.units):
        yield Entry(f"{passage.id}#unit#{place}", f"{passage.section}: {unit}")
    for place, hint in enumerate(passage.hints):
        yield Entry(f"{passage.id}#hint#{place}", hint.text)


def searched(passage: Passage) -> Iterator[tuple[int, Entry]]:
    """The entries that the database is searched for, with their places among all. Units of a passage without hints are
    looked at only where it was found: whole documents have too many of them.
    """
    for place, entry in enumerate(entries(passage)):
        if passage.hints or place == 0:
            yield place, entry


class Generation:
    """A published generation, open for reading."""

    def __init__(self, folder: Path) -> None:
        """Raises DamagedIndex."""
        import numpy as np

        self.folder = folder
        self.number = int(folder.name)
        self.manifest = read_manifest(folder)
        check_files(folder, self.manifest["files"])
        with contextlib.ExitStack() as opened:
            self.passages = opened.enter_context(contextlib.closing(PassageRows(folder)))
            self._ends = np.cumsum([0, *(1 + count for count in self.passages.units)])
            try:
                # Still read from the file as needed; but each slice of a memmap object costs as much as its numbers.
                self._vectors: Vectors = np.asarray(np.load(folder / VECTORS, mmap_mode="r"))
            except (OSError, ValueError, EOFError) as error:
                raise DamagedIndex("The vectors of the index cannot be read.") from error
            if len(self._vectors) != self._ends[-1]:
                raise DamagedIndex("The vectors of the index are not as many as its passages and their units.")
            # Opening a folder that is not there would make an empty database.
            if not (folder / "chroma" / DATABASE).is_file():
                raise DamagedIndex("The database of the index is missing.")
            try:
                client = opened.enter_context(contextlib.closing(open_client(folder / "chroma")))
                self._collection = client.get_collection(COLLECTION, embedding_function=None)
            except Exception as error:  # Chroma raises its own and its parts' errors for one and the same damage
                raise DamagedIndex("The database of the index cannot be opened.") from error
            self._opened = opened.pop_all()

    @property
    def model(self) -> str:
        """The slug of the embedding model that its vectors are of."""
        return str(self.manifest["model"])

    def close(self) -> None:
        """Let go of the files."""
        self._opened.close()

    def search(self, vectors: Vectors, count: int) -> list[list[Hit]]:
        """For each row of `vectors` the `count` nearest vectors, nearest first."""
        if not self.passages:
            return [[] for _ in vectors]
        found = self._collection.query(
            query_embeddings=vectors, n_results=min(count, self.manifest["vectors"]), include=["distances"]
        )
        distances = found["distances"] or []
        return [
            [_hit(identifier, distance) for identifier, distance in zip(ids, row, strict=True)]
            for ids, row in zip(found["ids"], distances, strict=True)
        ]

    def vectors(self, passage: str) -> Vectors:
        """The vector of a passage, and those of its units, a row each."""
        place = self.passages.place(passage)
        return self._vectors[self._ends[place] : self._ends[place + 1]]

    def text_vectors(self, passages: Sequence[str]) -> Vectors:
        """The vectors of whole passages, a row each."""
        rows: Vectors = self._vectors[self._ends[[self.passages.place(name) for name in passages]]]
        return rows

    def check(self) -> None:
        """Raise DamagedIndex unless count and probes are what the manifest says."""
        import numpy as np

        try:
            counted = self._collection.count()
            probes = self.manifest["probes"]
            found = self.search(np.asarray(probes, dtype=np.float32), PROBES) if probes else []
        except Exception as error:  # as above
            raise DamagedIndex("The index cannot be searched.") from error
        wanted = min(PROBES, self.manifest["vectors"])
        # Two texts may be equal, so a probe need not be first; but nothing may be nearer than it is to itself.
        healthy = bool(found) == bool(wanted) and all(
            len(hits) == wanted and hits[0].similarity > ITSELF for hits in found
        )
        if counted != self.manifest["vectors"] or not healthy:
            raise DamagedIndex("The index has lost vectors.")


def _hit(identifier: str, distance: float) -> Hit:
    passage, role, place = identifier.rsplit("#", 2)
    return Hit(passage, role, int(place), 1.0 - distance)


def open_client(folder: Path) -> Any:
    """A client of the database in `folder`, to be closed."""
    import chromadb
    from chromadb.api.shared_system_client import SharedSystemClient
    from chromadb.config import Settings

    try:
        return chromadb.PersistentClient(str(folder), Settings(anonymized_telemetry=False, is_persistent=True))
    except Exception:
        # Chroma keeps what it could not open and would hand it out at the next try, when all may be well.
        if str(folder) not in SharedSystemClient._identifier_to_refcount:
            SharedSystemClient._identifier_to_system.pop(str(folder), None)
        raise
