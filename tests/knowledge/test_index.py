"""The index by itself: generations of made-up vectors, whole, damaged, swept and read while they are written."""

from __future__ import annotations

import contextlib
import errno
import gc
import hashlib
import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from knowledge import generations, index_draft
from knowledge import index as module
from knowledge.chunks import Hint, Passage
from knowledge.errors import HomeError, KnowledgeError
from knowledge.generations import GRACE_SECONDS, IndexFolder
from knowledge.index import Generation, entries, searched
from knowledge.manifest import FORMAT, DamagedIndex
from tests.waiting import PATIENCE, until

if TYPE_CHECKING:
    from knowledge.index import Vectors

ROOT = Path(__file__).parents[2]
MODEL = "made-up-model"
DIMENSIONS = 16
# More vectors than Chroma keeps in its log, so that some of them are in the files of vectors.
MANY = 300


def passage(name: str, text: str = "It is so.", *, document: str = "video", hinted: bool = True) -> Passage:
    """A passage with two units and two hints, so five vectors with its whole."""
    return Passage(
        id=f"{document}/{name}",
        document=document,
        title="",
        section=f"Section {name}",
        locator=None,
        url=None,
        kind="content",
        lead="",
        units=(f"{name}: {text}", "It is so again."),
        hints=(Hint(f"What is {name}?"), Hint(f"Is {name} so?", 1)) if hinted else (),
    )


def passages(count: int, text: str = "It is so.") -> list[Passage]:
    return [passage(str(number), text) for number in range(count)] + [passage("weather", hinted=False)]


def vector(text: str) -> Vectors:
    """A direction that only depends on the text; two texts are never near each other."""
    seed = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")
    row = np.random.default_rng(seed).normal(size=DIMENSIONS).astype(np.float32)
    return row / np.linalg.norm(row)


def vectors(found: Sequence[Passage]) -> list[Vectors]:
    return [np.stack([vector(entry.text) for entry in entries(each)]) for each in found]


def build(home: Path, wanted: Sequence[Passage], base: Generation | None = None) -> Generation:
    known = base.passages.digests() if base else {}
    changed = [each for each in wanted if known.get(each.id) != each.digest]
    return IndexFolder(home).build(base, wanted, vectors(changed), MODEL)


def opened(home: Path) -> Generation:
    generation = IndexFolder(home).open()
    assert generation is not None
    return generation


def assert_right(generation: Generation, wanted: Sequence[Passage]) -> None:
    """Every text finds itself, and nothing is found that is not there."""
    assert list(generation.passages.values()) == list(wanted)
    expected = {entry.id: entry.text for each in wanted for _, entry in searched(each)}
    found = generation.search(np.stack([vector(text) for text in expected.values()]), 10)
    for (identifier, text), hits in zip(expected.items(), found, strict=True):
        same = {f"{hit.passage}#{hit.role}#{hit.place}" for hit in hits if hit.similarity > 0.999}
        assert identifier in same
        assert {expected[name] for name in same} == {text}
        assert len(hits) == min(10, len(expected))
    for each in wanted:
        units = [entry.text for entry in entries(each) if "#unit#" in entry.id]
        assert np.allclose(generation.vectors(each.id)[1:], [vector(text) for text in units] or np.zeros((0, 16)))


@pytest.fixture
def clean_up() -> Iterator[contextlib.ExitStack]:
    with contextlib.ExitStack() as stack:
        yield stack


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with one generation of some 1,500 vectors; copy it (`own`) before changing it."""
    home = tmp_path_factory.mktemp("many")
    build(home, passages(MANY)).close()
    return home


@pytest.fixture
def own(many: Path, tmp_path: Path) -> Path:
    return shutil.copytree(many, tmp_path / "home")


# --- What a generation holds ---


def test_everything_but_hints_is_embedded_under_its_section() -> None:
    assert [(entry.id, entry.text) for entry in entries(passage("1"))] == [
        ("video/1#text#0", "Section 1: 1: It is so. It is so again."),
        ("video/1#unit#0", "Section 1: 1: It is so."),
        ("video/1#unit#1", "Section 1: It is so again."),
        ("video/1#hint#0", "What is 1?"),
        ("video/1#hint#1", "Is 1 so?"),
    ]
    assert [entry.id for entry in entries(passage("weather", hinted=False))] == [
        "video/weather#text#0",
        "video/weather#unit#0",
        "video/weather#unit#1",
    ]


def test_units_of_a_passage_without_hints_are_not_searched_for() -> None:
    assert [entry.id for _, entry in searched(passage("weather", hinted=False))] == ["video/weather#text#0"]
    assert len(list(searched(passage("1")))) == 5


def test_before_the_first_there_is_none(tmp_path: Path) -> None:
    assert IndexFolder(tmp_path).current() is None
    assert IndexFolder(tmp_path).open() is None
    assert list(tmp_path.iterdir()) == []


def test_a_generation_answers_when_built_and_when_opened(tmp_path: Path) -> None:
    with contextlib.closing(build(tmp_path, passages(3))) as built:
        assert (built.number, built.model) == (1, MODEL)
        assert_right(built, passages(3))
    with contextlib.closing(opened(tmp_path)) as generation:
        assert (generation.number, generation.model) == (1, MODEL)
        assert_right(generation, passages(3))


def test_the_next_generation_differs_by_what_changed(tmp_path: Path) -> None:
    first = passages(4)
    second = [passage("new"), first[2], passage("0", "It is otherwise."), *first[3:]]  # moved, changed, gone
    with contextlib.closing(build(tmp_path, first)) as old, contextlib.closing(build(tmp_path, second, old)) as new:
        assert new.number == 2
        assert_right(new, second)
        assert_right(old, first)


def test_reading_changes_no_file_but_the_database(own: Path) -> None:
    def digests() -> dict[str, str]:
        files = (path for path in own.rglob("*") if path.is_file() and path.name != module.DATABASE)
        return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}

    before = digests()
    for _ in range(2):
        with contextlib.closing(opened(own)) as generation:
            generation.search(np.stack([vector("any")]), 50)
    assert digests() == before
    assert any(path.endswith("data_level0.bin") for path in before)


def test_many_changes_lose_nothing(own: Path) -> None:
    """Half of the vectors are replaced, again and again: what is deleted must not stand in the way of what is not."""
    for round_ in range(3):
        wanted = [
            passage(str(number), f"Now {round_}." if number % 2 else "It is so.") for number in range(MANY)
        ] + passages(0)
        with contextlib.closing(opened(own)) as base:
            build(own, wanted, base).close()
    with contextlib.closing(opened(own)) as last:
        assert last.number == 4
        assert_right(last, wanted)


def test_a_graph_that_misses_some_of_many_vectors_has_lost_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As one of 100,000 vectors does; one as thin as this does so with few."""
    thin = {**index_draft.HNSW, "ef_search": 1, "ef_construction": 10, "max_neighbors": 5}
    monkeypatch.setattr(index_draft, "HNSW", thin)
    with contextlib.closing(build(tmp_path, passages(MANY))) as built:
        rows = built.text_vectors(list(built.passages))
        assert any(hits[0].similarity < module.ITSELF for hits in built.search(rows, 1)), "else this shows nothing"


def test_passages_are_read_when_they_are_met(own: Path) -> None:
    def held() -> int:
        return sum(type(one) is Passage for one in gc.get_objects())  # others' proxies answer isinstance

    gc.collect()
    before = held()
    with contextlib.closing(opened(own)) as generation:
        generation.search(np.stack([vector("any")]), 50)
        assert held() == before
        assert generation.passages["video/7"].section == "Section 7"
        assert held() == before + 1


def test_a_closed_generation_holds_no_files(own: Path) -> None:
    def held() -> list[str]:
        targets = []
        for entry in Path("/proc/self/fd").iterdir():
            with contextlib.suppress(OSError):
                targets.append(str(entry.readlink()))
        return [target for target in targets if str(own) in target]

    def assert_none_held() -> None:
        until(lambda: not held(), "Chroma to let go of its last file")

    if not Path("/proc/self/fd").is_dir():
        pytest.skip("needs /proc")
    generation = opened(own)
    assert held() != []
    generation.close()
    generation.close()
    del generation
    assert_none_held()
    manifest = own / "index/1/manifest.json"
    record = json.loads(manifest.read_text())
    manifest.write_text(json.dumps(record | {"vectors": record["vectors"] + 1}))
    with pytest.raises(DamagedIndex, match="has lost vectors"):
        opened(own)
    assert_none_held()


# --- Damage ---


def store(generation: Path) -> Path:
    """The folder with Chroma's files of vectors."""
    return next(path for path in (generation / "chroma").iterdir() if path.is_dir())


def garble(file: Path) -> None:
    file.write_bytes(random.Random(7).randbytes(max(file.stat().st_size, 100)))


def halve(file: Path) -> None:
    os.truncate(file, file.stat().st_size // 2)


def of_vectors(damage: Callable[[Path], object], file: str) -> Callable[[Path], object]:
    return lambda folder: damage(store(folder) / file)


def change(file: Path, **fields: object) -> None:
    file.write_text(json.dumps(json.loads(file.read_text()) | fields))


VECTOR_FILES = ("data_level0.bin", "header.bin", "index_metadata.pickle", "length.bin", "link_lists.bin")
DAMAGES: dict[str, Callable[[Path], object]] = {
    "generation missing": shutil.rmtree,
    "database garbage": lambda folder: garble(folder / "chroma" / module.DATABASE),
    "database of no bytes": lambda folder: os.truncate(folder / "chroma" / module.DATABASE, 0),
    "database cut": lambda folder: halve(folder / "chroma" / module.DATABASE),
    "database missing": lambda folder: (folder / "chroma" / module.DATABASE).unlink(),
    "chroma missing": lambda folder: shutil.rmtree(folder / "chroma"),
    "vectors missing": lambda folder: shutil.rmtree(store(folder)),
    **{f"{file} missing": of_vectors(Path.unlink, file) for file in VECTOR_FILES},
    **{f"{file} garbage": of_vectors(garble, file) for file in VECTOR_FILES},
    **{f"{file} cut": of_vectors(halve, file) for file in VECTOR_FILES},
    "manifest missing": lambda folder: (folder / "manifest.json").unlink(),
    "manifest garbage": lambda folder: garble(folder / "manifest.json"),
    "manifest cut": lambda folder: halve(folder / "manifest.json"),
    "manifest a list": lambda folder: (folder / "manifest.json").write_text("[]"),
    "manifest empty": lambda folder: (folder / "manifest.json").write_text("{}"),
    "manifest nested": lambda folder: (folder / "manifest.json").write_text("[" * 100_000),
    "manifest with format only": lambda folder: (folder / "manifest.json").write_text(f'{{"format": {FORMAT}}}'),
    "manifest of another version": lambda folder: change(folder / "manifest.json", format=1),
    "manifest with other probes": lambda folder: change(folder / "manifest.json", probes=["x"]),
    "passages missing": lambda folder: (folder / "passages.sqlite3").unlink(),
    "passages cut": lambda folder: halve(folder / "passages.sqlite3"),
    "passages empty": lambda folder: os.truncate(folder / "passages.sqlite3", 0),
    "rows missing": lambda folder: (folder / "vectors.npy").unlink(),
    "rows garbage": lambda folder: garble(folder / "vectors.npy"),
    "rows cut": lambda folder: halve(folder / "vectors.npy"),
    "passages garbage": lambda folder: garble(folder / "passages.sqlite3"),
    "words missing": lambda folder: (folder / "holders.npy").unlink(),
    "words cut": lambda folder: halve(folder / "earned.npy"),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_damage_is_noticed(own: Path, damage: Callable[[Path], object]) -> None:
    """Among these are files over which Chroma would end the process."""
    damage(own / "index/1")
    with pytest.raises(DamagedIndex):
        IndexFolder(own).open()


@pytest.mark.parametrize("pointer", ["", "garbage", "\xff", "1.5", "7", "-1", "9" * 5_000])
def test_a_damaged_pointer_is_noticed(own: Path, pointer: str) -> None:
    (own / "index/current").write_text(pointer, "latin-1")
    with pytest.raises(DamagedIndex):
        IndexFolder(own).open()


def tables(database: Path) -> list[str]:
    with contextlib.closing(sqlite3.connect(database)) as connection:
        return [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]


NEEDED = ("collections", "embeddings", "segments")


@pytest.mark.parametrize("every", [False, pytest.param(True, marks=pytest.mark.trial)], ids=["needed", "every"])
def test_an_emptied_table_is_noticed_or_does_no_harm(many: Path, tmp_path: Path, every: bool) -> None:
    noticed = []
    for table in tables(many / "index/1/chroma" / module.DATABASE) if every else NEEDED:
        home = shutil.copytree(many, tmp_path / table)
        with contextlib.closing(sqlite3.connect(home / "index/1/chroma" / module.DATABASE)) as connection:
            connection.execute(f'DELETE FROM "{table}"')
            connection.commit()
        try:
            with contextlib.closing(opened(home)) as generation:
                assert_right(generation, passages(MANY))
        except DamagedIndex:
            noticed.append(table)
    assert set(NEEDED) <= set(noticed)


def waiting(home: Path, number: int) -> int:
    """How many changes of a generation are in no file of vectors: whoever opens it would have to put them in."""
    with contextlib.closing(sqlite3.connect(home / f"index/{number}/chroma" / module.DATABASE)) as connection:
        last, written = (
            int(connection.execute(query).fetchone()[0])
            for query in ("SELECT max(seq_id) FROM embeddings_queue", "SELECT min(seq_id) FROM max_seq_id")
        )
    return last - written


def test_all_vectors_are_in_the_files_when_a_generation_is_done(own: Path) -> None:
    assert waiting(own, 1) == 0
    with contextlib.closing(opened(own)) as base:
        wanted = [*passages(MANY)[3:], passage("new"), passage("newer")]
        build(own, wanted, base).close()
    assert waiting(own, 2) == 0
    with contextlib.closing(opened(own)) as generation:
        assert_right(generation, wanted)


def test_a_byte_changed_anywhere_is_noticed(own: Path) -> None:
    """In the manifest it may also be one that does not matter; in the database it is left to SQLite."""
    chance = random.Random(11)
    folder = own / "index/1"
    files = [path for path in folder.rglob("*") if path.is_file() and path.name != module.DATABASE]
    for file in files * 5:
        whole = file.read_bytes()
        place = chance.randrange(len(whole))
        file.write_bytes(whole[:place] + bytes([whole[place] ^ (1 << chance.randrange(8))]) + whole[place + 1 :])
        try:
            with contextlib.closing(opened(own)) as generation:
                assert file.name == "manifest.json", f"{file.name} at {place}"
                assert_right(generation, passages(MANY))
        except DamagedIndex:
            pass
        file.write_bytes(whole)
    opened(own).close()


def test_what_could_not_be_opened_once_opens_when_it_is_well_again(own: Path) -> None:
    database = own / "index/1/chroma" / module.DATABASE
    whole = database.read_bytes()
    garble(database)
    with pytest.raises(DamagedIndex):
        opened(own)
    database.write_bytes(whole)
    with contextlib.closing(opened(own)) as generation:
        assert_right(generation, passages(MANY))


def test_a_base_that_cannot_be_changed_is_damaged_and_nothing_is_left(own: Path) -> None:
    with contextlib.closing(opened(own)) as base:
        with contextlib.closing(sqlite3.connect(own / "index/1/chroma" / module.DATABASE)) as connection:
            connection.execute("DELETE FROM collections")
            connection.commit()
        with pytest.raises(DamagedIndex):
            build(own, passages(MANY + 1), base)
    assert sorted(path.name for path in (own / "index").iterdir()) == ["1", "current"]


# --- Disks and folders that cannot be written ---


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(HomeError, match=r"Not a directory\. Set FINOPS_HOME to a folder with 200 MB"):
        build(tmp_path / "file" / "home", passages(1))


@pytest.mark.parametrize("step", ["shutil.copytree", "numpy.save", "pathlib.Path.rename", "os.fsync"])
def test_a_full_disk_leaves_the_old_generation(own: Path, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    def fill(*args: object, **options: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with contextlib.closing(opened(own)) as base, monkeypatch.context() as patch:
        patch.setattr(step, fill)
        with pytest.raises(HomeError, match=r"No space left on device\. Set FINOPS_HOME to a folder with 200 MB"):
            build(own, passages(MANY + 1), base)
    assert {path.name for path in (own / "index").iterdir()} - {"current.new"} == {"1", "current"}
    with contextlib.closing(opened(own)) as generation:
        assert_right(generation, passages(MANY))


@pytest.mark.parametrize(
    "space", [pytest.param(1_000, marks=pytest.mark.trial), 100_000, pytest.param(250_000, marks=pytest.mark.trial)]
)
def test_a_disk_that_fills_up_under_chroma_is_said(tmp_path: Path, space: int) -> None:
    """A limit on the size of files: SQLite meets it as it would meet a full disk."""
    code = (
        "import importlib.util, resource, sys\n"
        "from pathlib import Path\n"
        "from knowledge.errors import HomeError\n"
        "spec = importlib.util.spec_from_file_location('tests_of_index', sys.argv[1])\n"
        "tests = importlib.util.module_from_spec(spec)\n"
        "spec.loader.exec_module(tests)\n"
        "home = Path(sys.argv[2])\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), int(sys.argv[3])))\n"
        "try:\n"
        "    tests.build(home, tests.passages(tests.MANY))\n"
        "except HomeError as error:\n"
        "    print(error, sorted(path.name for path in (home / 'index').iterdir()))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, __file__, str(tmp_path), str(space)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=PATIENCE,
    )
    assert done.stdout.startswith(f"The index could not be written to {tmp_path}/index: ")
    assert done.stdout.strip().endswith(
        "Set FINOPS_HOME to a folder with 200 MB of free space that you may write to. []"
    )


# --- What is swept, and what is not ---


def numbers(home: Path) -> list[int]:
    return sorted(int(path.name) for path in (home / "index").iterdir() if path.name.isdigit())


def age(generation: Path, seconds: float) -> None:
    """Make a generation look as if it had been published so long ago."""
    then = time.time() - seconds
    for path in (generation, *generation.rglob("*")):
        os.utime(path, (then, then))


def renew(home: Path, count: int) -> int:
    """Publish a generation of `count` passages after the present one."""
    with contextlib.closing(opened(home)) as base, contextlib.closing(build(home, passages(count), base)) as built:
        return built.number


def test_a_generation_that_was_just_replaced_stays(tmp_path: Path) -> None:
    build(tmp_path, passages(1)).close()
    age(tmp_path / "index/1", 10 * GRACE_SECONDS)
    renew(tmp_path, 2)
    assert numbers(tmp_path) == [1, 2]
    renew(tmp_path, 3)
    assert numbers(tmp_path) == [1, 2, 3]


def test_a_generation_goes_when_its_grace_is_over(tmp_path: Path) -> None:
    build(tmp_path, passages(1)).close()
    renew(tmp_path, 2)
    age(tmp_path / "index/1", GRACE_SECONDS + 5)
    age(tmp_path / "index/2", GRACE_SECONDS + 5)
    renew(tmp_path, 3)
    assert numbers(tmp_path) == [2, 3]
    with contextlib.closing(opened(tmp_path)) as generation:
        assert_right(generation, passages(3))


def test_the_published_generation_stays_however_old(tmp_path: Path) -> None:
    build(tmp_path, passages(1)).close()
    age(tmp_path / "index/1", 1_000 * GRACE_SECONDS)
    IndexFolder(tmp_path)._sweep(1)
    assert numbers(tmp_path) == [1]


def test_what_a_killed_ingest_leaves_goes_and_hides_nothing(tmp_path: Path) -> None:
    """An old generation that was never published must not count as what replaced the published one."""
    build(tmp_path, passages(1)).close()
    shutil.copytree(tmp_path / "index/1", tmp_path / "index/2")
    shutil.copytree(tmp_path / "index/1", tmp_path / "index/draft-3")
    age(tmp_path / "index/2", 10 * GRACE_SECONDS)
    with contextlib.closing(opened(tmp_path)) as reader:
        assert renew(tmp_path, 2) == 2
        assert numbers(tmp_path) == [1, 2]
        assert not list((tmp_path / "index").glob("draft-*"))
        assert_right(reader, passages(1))


# --- Reading while another writes ---


def test_a_base_that_others_are_opening_is_copied_whole(own: Path, clean_up: contextlib.ExitStack) -> None:
    """Opening a database writes to it for a moment; the copy must hold neither half of that nor its journal."""
    database = own / "index/1/chroma" / module.DATABASE
    done = threading.Event()

    def write_all_the_time() -> None:
        with contextlib.closing(sqlite3.connect(database, timeout=30)) as connection:
            while not done.is_set():
                connection.execute("INSERT INTO acquire_write (lock_status) VALUES (1)")
                connection.commit()

    base = opened(own)
    clean_up.callback(base.close)
    writer = threading.Thread(target=write_all_the_time)
    writer.start()
    clean_up.callback(writer.join)
    clean_up.callback(done.set)
    for number in range(3):
        target = own / f"copy-{number}"
        generations._copy_store(own / "index/1/chroma", target)
        with contextlib.closing(sqlite3.connect(target / module.DATABASE)) as copied:
            assert copied.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert copied.execute("SELECT count(*) FROM embeddings").fetchone() == (base.manifest["vectors"],)
        assert not list(target.glob("*-journal"))


def test_errors_of_the_index_are_sentences() -> None:
    assert issubclass(DamagedIndex, KnowledgeError)
