"""Writing a generation of the index: passage by passage, so that their vectors are never all in memory."""

from __future__ import annotations

import contextlib
import json
import shutil
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from knowledge.chunks import Passage
from knowledge.index import COLLECTION, DATABASE, ITSELF, PROBES, VECTORS, Generation, open_client, searched
from knowledge.lexical import write_lexical
from knowledge.manifest import FORMAT, MANIFEST, DamagedIndex, sha256_of
from knowledge.rows import write_passages

if TYPE_CHECKING:
    from knowledge.index import Database, Vectors

USED = "index_metadata.pickle"
# Searching this widely, and with twice the usual neighbours, finds nearly all that is near: of 100,000 made up passages
# one in 200 is not found by its own vector (with the usual 16 neighbours one in 21), and a question takes no longer.
# Whatever is written goes to the files at once (2 is the least that Chroma takes): the rest would be put in by all who
# open them, each time at some other place of the graph, which takes half a second, and the same question would not have
# the same answer in every process.
HNSW = {"space": "cosine", "max_neighbors": 32, "ef_search": 200, "sync_threshold": 2}
LEAST_ROOM = 1_000_000  # with less on the disk, in bytes, what cannot be written says nothing about what is there
# Vectors that go into the database at once, and about as many are in memory.
BATCH = 1_000


def write_generation(
    draft: Path, base: Generation | None, passages: Sequence[Passage], new: Iterable[Vectors], model: str
) -> None:
    """Write the files of a generation into `draft`, in which the database of `base` lies, if there is one.

    `new` gives, for each passage that `base` lacks or has otherwise, in their order, one row an entry of it.
    Raises DamagedIndex where `base` turns out to be damaged, and OSError where nothing can be written.
    """
    known = base.passages.digests() if base is not None else {}
    kept = {passage.id for passage in passages if known.get(passage.id) == passage.digest}
    ids, added = _ids(passages), _ids(passage for passage in passages if passage.id not in kept)
    with contextlib.ExitStack() as opened:
        with _blamed(draft, base):
            client = opened.enter_context(contextlib.closing(open_client(draft / "chroma")))
            store = client.get_or_create_collection(COLLECTION, embedding_function=None, configuration={"hnsw": HNSW})
            if base is not None:
                _delete(store, _ids(base.passages[name] for name in known if name not in kept))
        for batch in _write_vectors(draft / VECTORS, base, passages, kept, iter(new)):
            with _blamed(draft, base):
                store.upsert(ids=list(batch), embeddings=list(batch.values()))
    # Opened once more, as readers find it: the last ones lie beside the graph until then, and are found without it.
    with _blamed(draft, base), contextlib.closing(open_client(draft / "chroma")) as client:
        store = client.get_collection(COLLECTION, embedding_function=None)
        # Some from all over the index, and the last one written: what is written last is lost first.
        probes = _found(store, sorted({*ids[:: max(1, len(ids) // PROBES)], *added[-1:]}))
    write_passages(draft, passages)
    write_lexical(draft, passages)
    manifest = {
        "format": FORMAT,
        "model": model,
        "vectors": len(ids),
        "probes": probes,
        "files": {file.relative_to(draft).as_posix(): sha256_of(file) for file in _fixed_files(draft, passages)},
    }
    (draft / MANIFEST).write_text(json.dumps(manifest), "utf-8")


def _write_vectors(
    target: Path,
    base: Generation | None,
    passages: Sequence[Passage],
    kept: Collection[str],
    new: Iterator[Vectors],
) -> Iterator[dict[str, Any]]:
    """Write the vectors of all passages to a file; gives those that are new to the database, some at a time."""
    batch: dict[str, Any] = {}
    with target.open("wb") as file:
        if not passages:
            _begin(file, 0, 1)  # no vector tells how long they are, and nobody asks
        for passage in passages:
            if base is not None and passage.id in kept:
                rows = base.vectors(passage.id)
            else:
                rows = next(new)
                batch.update((entry.id, rows[place]) for place, entry in searched(passage))
            if file.tell() == 0:
                _begin(file, sum(1 + len(one.units) for one in passages), rows.shape[1])
            file.write(rows[: 1 + len(passage.units)].tobytes())
            if len(batch) >= BATCH:
                yield batch
                batch = {}
    if batch:
        yield batch


def _begin(file: BinaryIO, rows: int, width: int) -> None:
    """Begin a file that NumPy can map."""
    from numpy.lib import format as npy

    npy.write_array_header_1_0(file, {"descr": "<f4", "fortran_order": False, "shape": (rows, width)})


@contextlib.contextmanager
def _blamed(draft: Path, base: Generation | None) -> Iterator[None]:
    """Say of what Chroma raises whose fault it is: a full disk and a damaged base look alike."""
    try:
        yield
    except Exception as error:  # as in Generation
        if base is not None and shutil.disk_usage(draft).free > LEAST_ROOM:
            raise DamagedIndex("The database of the index cannot be changed.") from error
        raise OSError(str(error)) from error


def _ids(passages: Iterable[Passage]) -> list[str]:
    return [entry.id for passage in passages for _, entry in searched(passage)]


def _delete(store: Database, ids: Sequence[str]) -> None:
    for first in range(0, len(ids), BATCH):
        store.delete(ids=list(ids[first : first + BATCH]))


def _found(store: Database, ids: Sequence[str]) -> list[list[float]]:
    """The vectors of those entries that a search for them finds: of many passages it misses one in some hundreds."""
    if not ids:
        return []
    vectors: Any = store.get(ids=list(ids), include=["embeddings"])["embeddings"]
    found: Any = store.query(query_embeddings=vectors, n_results=1, include=["distances"])["distances"]
    return [vector.tolist() for vector, (distance,) in zip(vectors, found, strict=True) if 1 - distance > ITSELF]


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
