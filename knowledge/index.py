"""The index: Chroma in numbered generations that never change once published; the only module that imports Chroma.

    index/current             the number of the published generation
    index/7/manifest.json     model, digests of passages and files, number of vectors, probes
    index/7/passages.jsonl    the passages, one a line
    index/7/units.npy         one row a unit of a passage, in the order of the passages
    index/7/texts.npy         one row a passage
    index/7/chroma/           vectors of passages, units and hints; an id says what it belongs to

Chroma opens an emptied database without a word, answers from a damaged one with too few rows and ends the process over
some damaged files of vectors, so a generation is checked against its manifest before it is used, and built again where
they disagree. The database itself has no digest: opening it writes to it.
"""

from __future__ import annotations

import contextlib
import json
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from knowledge.chunks import Passage
from knowledge.manifest import (
    FORMAT,
    MANIFEST,
    PASSAGES,
    DamagedIndex,
    check_files,
    read_manifest,
    read_passages,
    sha256_of,
)

if TYPE_CHECKING:
    import numpy as np
    from chromadb.api.models.Collection import Collection
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

DATABASE = "chroma.sqlite3"
USED = "index_metadata.pickle"
TEXTS = "texts.npy"
COLLECTION = "passages"
# Searching this widely finds nearly all true neighbours. And whatever is written goes to the files at once (2 is the
# least that Chroma takes): the rest would be put in by everybody who opens them, each time at some other place of the
# graph, which takes half a second, and the same question would not have the same answer in every process.
HNSW = {"space": "cosine", "ef_search": 200, "sync_threshold": 2}
PROBES = 5
LEAST_ROOM = 1_000_000  # with less on the disk, in bytes, what cannot be written says nothing about what is there
BATCH = 1_000


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
    """What is embedded of a passage: the whole, each unit, each hint; all but hints under its headings."""
    if passage.units:
        yield Entry(f"{passage.id}#text#0", f"{passage.headings}: {passage.text}")
    for place, unit in enumerate(passage.units):
        yield Entry(f"{passage.id}#unit#{place}", f"{passage.heading}: {unit}")
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
        import numpy as np

        self.folder = folder
        self.number = int(folder.name)
        self.manifest = read_manifest(folder)
        check_files(folder, self.manifest["files"])
        self.passages: dict[str, Passage] = {}
        self._rows: dict[str, tuple[int, int]] = {}
        row = 0
        for passage in read_passages(folder):
            self.passages[passage.id] = passage
            self._rows[passage.id] = (row, row + len(passage.units))
            row += len(passage.units)
        try:
            # Still read from the file as needed; but each slice of a memmap object costs as much as its numbers.
            self._units: Vectors = np.asarray(np.load(folder / "units.npy", mmap_mode="r"))
        except (OSError, ValueError, EOFError) as error:
            raise DamagedIndex("The vectors of the units cannot be read.") from error
        if len(self._units) != row:
            raise DamagedIndex("The vectors of the units are not as many as the units.")
        try:
            self._texts: Vectors = np.asarray(np.load(folder / TEXTS, mmap_mode="r"))
        except (OSError, ValueError, EOFError) as error:
            raise DamagedIndex("The vectors of the passages cannot be read.") from error
        self._places = {name: place for place, name in enumerate(self.passages)}
        if len(self._texts) != len(self._places):
            raise DamagedIndex("The vectors of the passages are not as many as the passages.")
        # Opening a folder that is not there would make an empty database.
        if not (folder / "chroma" / DATABASE).is_file():
            raise DamagedIndex("The database of the index is missing.")
        self._client: Any = None
        try:
            self._client = _client(folder / "chroma")
            self._collection = self._client.get_collection(COLLECTION, embedding_function=None)
        except Exception as error:  # Chroma raises its own and its parts' errors for one and the same damage
            self.close()
            raise DamagedIndex("The database of the index cannot be opened.") from error

    @property
    def model(self) -> str:
        """The slug of the embedding model that its vectors are of."""
        return str(self.manifest["model"])

    def close(self) -> None:
        """Let go of the files."""
        if self._client is not None:
            self._client.close()

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

    def unit_vectors(self, passage: str) -> Vectors:
        """The vectors of a passage's units, one row a unit."""
        first, last = self._rows[passage]
        return self._units[first:last]

    def text_vectors(self, names: Sequence[str]) -> Vectors:
        """The vectors of whole passages, a row each."""
        return self._texts[[self._places[name] for name in names]]

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
        healthy = all(len(hits) == wanted and hits[0].similarity > 0.999 for hits in found)
        if counted != self.manifest["vectors"] or not healthy:
            raise DamagedIndex("The index has lost vectors.")


def write_generation(
    draft: Path,
    base: Generation | None,
    passages: Sequence[Passage],
    vectors: Mapping[str, Vectors],
    model: str,
) -> None:
    """Write the files of a generation into `draft`, in which the database of `base` lies, if there is one.

    `vectors` holds, for each passage that `base` lacks or has otherwise, one row an entry of it.
    Raises DamagedIndex where `base` turns out to be damaged, and OSError where nothing can be written.
    """
    import numpy as np

    try:
        probes = _write_store(draft / "chroma", base, passages, vectors)
    except Exception as error:  # as in Generation: a full disk and a damaged base look alike
        if base is not None and shutil.disk_usage(draft).free > LEAST_ROOM:
            raise DamagedIndex("The database of the index cannot be changed.") from error
        raise OSError(str(error)) from error
    rows = [
        base.unit_vectors(passage.id)
        if base is not None and passage.id not in vectors
        else vectors[passage.id][1 : 1 + len(passage.units)]
        for passage in passages
    ]
    # Where nothing is left there is no vector to tell how long they are, and nobody to ask.
    np.save(draft / "units.npy", np.concatenate(rows) if rows else np.zeros((0, 1), dtype=np.float32))
    texts = [
        base.text_vectors([passage.id])[0] if base is not None and passage.id not in vectors else vectors[passage.id][0]
        for passage in passages
    ]
    np.save(draft / TEXTS, np.stack(texts) if texts else np.zeros((0, 1), dtype=np.float32))
    raw = b"".join(json.dumps(passage.to_json(), ensure_ascii=False).encode() + b"\n" for passage in passages)
    (draft / PASSAGES).write_bytes(raw)
    manifest = {
        "format": FORMAT,
        "model": model,
        "vectors": len(_ids(passages)),
        "passages": {passage.id: passage.digest for passage in passages},
        "probes": probes.tolist(),
        "files": {file.relative_to(draft).as_posix(): sha256_of(file) for file in _fixed_files(draft, passages)},
    }
    (draft / MANIFEST).write_text(json.dumps(manifest), "utf-8")


def _write_store(
    folder: Path, base: Generation | None, passages: Sequence[Passage], vectors: Mapping[str, Vectors]
) -> Vectors:
    """Bring the database in `folder` from `base` to `passages`; the vectors to check it by."""
    with _open_client(folder) as client:
        collection = client.get_or_create_collection(COLLECTION, embedding_function=None, configuration={"hnsw": HNSW})
        if base is not None:
            kept = {passage.id for passage in passages if passage.id not in vectors}
            _delete(collection, [passage for name, passage in base.passages.items() if name not in kept])
        for batch in _batches(passages, vectors):
            collection.upsert(ids=[entry.id for entry, _ in batch], embeddings=[vector for _, vector in batch])
        return _vectors(collection, _probe_ids(passages, vectors))


def _fixed_files(folder: Path, passages: Sequence[Passage]) -> list[Path]:
    """All files of a generation that reading leaves as they are.

    Not the database, nor files of vectors that Chroma has not come to use yet (a small index is all in the database),
    or uses no more, since nothing is left.
    """
    unused = {path.parent for path in folder.glob("chroma/*/*") if not (path.parent / USED).exists()}
    if not passages:
        unused |= {path.parent for path in folder.glob("chroma/*/*")}
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and path.parent not in unused)
    return [file for file in files if not file.name.startswith(DATABASE)]


def _ids(passages: Iterable[Passage]) -> list[str]:
    return [entry.id for passage in passages for _, entry in searched(passage)]


def _vectors(collection: Collection, ids: Sequence[str]) -> Vectors:
    """The vectors of those entries, a row each in their order."""
    import numpy as np

    found: dict[str, Any] = {}
    for first in range(0, len(ids), BATCH):
        got: Any = collection.get(ids=list(ids[first : first + BATCH]), include=["embeddings"])
        found |= zip(got["ids"], got["embeddings"], strict=True)
    return np.asarray([found[name] for name in ids], dtype=np.float32)


def _batches(
    passages: Sequence[Passage], vectors: Mapping[str, Vectors]
) -> Iterator[list[tuple[Entry, NDArray[np.float32]]]]:
    batch: list[tuple[Entry, NDArray[np.float32]]] = []
    for passage in passages:
        if passage.id in vectors:
            batch += [(entry, vectors[passage.id][place]) for place, entry in searched(passage)]
        if len(batch) >= BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _delete(collection: Collection, passages: Iterable[Passage]) -> None:
    gone = _ids(passages)
    for first in range(0, len(gone), BATCH):
        collection.delete(ids=gone[first : first + BATCH])


def _probe_ids(passages: Sequence[Passage], vectors: Mapping[str, Vectors]) -> list[str]:
    """A few ids from all over the index, and the last one written: what is written last is lost first."""
    ids = _ids(passages)
    written = _ids([passage for passage in passages if passage.id in vectors])
    return sorted({*ids[:: max(1, len(ids) // PROBES)], *written[-1:]})


def _hit(identifier: str, distance: float) -> Hit:
    passage, role, place = identifier.rsplit("#", 2)
    return Hit(passage, role, int(place), 1.0 - distance)


@contextlib.contextmanager
def _open_client(folder: Path) -> Iterator[Any]:
    client = _client(folder)
    try:
        yield client
    finally:
        client.close()


def _client(folder: Path) -> Any:
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
