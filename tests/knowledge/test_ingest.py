"""Bringing the index up to date: only what changed is embedded, and nothing that goes wrong takes the answers away."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from knowledge import generations, index_draft
from knowledge import ingest as module
from knowledge.chunks import Passage
from knowledge.embedder import FastEmbedder
from knowledge.embedding_model import EmbeddingModel, find_model
from knowledge.errors import HomeError, IngestBusy
from knowledge.generations import IndexFolder
from knowledge.index import Generation, entries
from knowledge.ingest import Report, ingest, open_index, read_library
from knowledge.library import Library
from knowledge.locked import locked
from knowledge.script import ScriptError
from tests.waiting import PATIENCE

if TYPE_CHECKING:
    from knowledge.embedder import Vectors

ROOT = Path(__file__).parents[2]
DATAOPS = Path(__file__).parent / "scripts" / "dataops-and-mlops.txt"
TIDE = "The tide lifts every boat in the harbour."
SMALL = f"""\
# Small

## Detailed Script Structure

### Tides

Content: {TIDE} It comes twice a day.
Estimated Time: 30 seconds

### Bakers

Content: A baker rises before the sun. Bread needs time to rest.
Visual Cue: Flour on a wooden table
Estimated Time: 45 seconds
"""
OTHER = """\
# Other

## Detailed Script Structure

### Owls

Content: An owl hears a mouse under the snow. It flies without a sound.
Estimated Time: 20 seconds
"""

# What a process of its own begins with: the same small world, and vectors that the model has made before.
CHILD = """\
import sys, time
from pathlib import Path
import numpy
import knowledge.ingest
from knowledge.embedding_model import find_model
from knowledge.generations import IndexFolder
from knowledge.library import Library
folder = Path(sys.argv[1])
home = folder / "home"
knowledge.ingest.OWN_SCRIPTS = folder / "scripts"
knowledge.ingest.OWN_HANDBOOK = folder / "handbook"
with numpy.load(folder / "vectors.npz") as saved:
    vectors = dict(zip(map(str, saved["texts"]), saved["vectors"]))
class Recalled:
    def __init__(self, model): pass
    def embed(self, texts): return numpy.stack([vectors[text] for text in texts])
knowledge.ingest.open_for_passages = lambda model, *others: Recalled(model)
def pause(*args, **options):
    print("here", flush=True)
    time.sleep(60)
"""
INGEST = "knowledge.ingest.ingest(home, find_model(), lambda said: None)\n"


class Memory:
    """The fast model, which is as good here and needs no torch; it remembers what it has embedded in this session."""

    def __init__(self, embed: Callable[[Sequence[str]], Vectors]) -> None:
        self.known: dict[str, Vectors] = {}
        self._embed = embed

    def embed(self, texts: Sequence[str]) -> Vectors:
        if new := [text for text in dict.fromkeys(texts) if text not in self.known]:
            self.known.update(zip(new, self._embed(new), strict=True))
        return np.stack([self.known[text] for text in texts]) if texts else np.zeros((0, 384), dtype=np.float32)


@pytest.fixture(scope="session")
def memory(library: Library) -> Memory:
    return Memory(library.embed)


@dataclass
class World:
    """A small script, a few questions from beyond, and a home for them."""

    folder: Path
    memory: Memory
    model: EmbeddingModel = field(default_factory=find_model)
    embedded: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    @property
    def home(self) -> Path:
        return self.folder / "home"

    @property
    def index(self) -> Path:
        return self.home / "index"

    def write(self, name: str, text: str) -> None:
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")

    def ingest(self) -> Report:
        self.embedded.clear()
        generation, report = ingest(self.home, self.model, self.said.append)
        with contextlib.closing(generation):
            self.assert_right(generation)
        return report

    def open(self) -> Report:
        self.embedded.clear()
        generation, report = open_index(self.home, self.model, self.said.append)
        with contextlib.closing(generation):
            self.assert_right(generation)
        return report

    def content(self) -> list[Passage]:
        return list(module._read_content(self.home).passages)

    def assert_right(self, generation: Generation, content: Sequence[Passage] | None = None) -> None:
        """The generation holds that content (by default the present one), and each text of it finds itself."""
        content = self.content() if content is None else content
        assert list(generation.passages.values()) == list(content)
        expected = [entry for passage in content for entry in entries(passage)]
        found = generation.search(self.memory.embed([entry.text for entry in expected]), 20)
        for entry, hits in zip(expected, found, strict=True):
            same = {f"{hit.passage}#{hit.role}#{hit.place}" for hit in hits if hit.similarity > 0.9999}
            assert entry.id in same
        for passage in content:
            units = [entry.text for entry in entries(passage) if "#unit#" in entry.id]
            rows = generation.vectors(passage.id)[1:]
            assert len(rows) == len(units)
            assert not units or np.allclose(rows, self.memory.embed(units), atol=1e-5)

    def assert_served(self, content: Sequence[Passage], number: int) -> None:
        """The published generation is that one, with that content; nothing is brought up to date."""
        generation = IndexFolder(self.home).open()
        assert generation is not None
        with contextlib.closing(generation):
            assert generation.number == number
            self.assert_right(generation, content)

    def child(self, code: str) -> subprocess.Popen[str]:
        """A process in this world; it may embed what the world holds now and has held."""
        self.memory.embed([entry.text for passage in self.content() for entry in entries(passage)])
        known = self.memory.known
        np.savez(self.folder / "vectors.npz", texts=np.array(list(known)), vectors=np.stack(list(known.values())))
        command = [sys.executable, "-W", "ignore", "-c", CHILD + code, str(self.folder)]
        return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.fixture
def world(tmp_path: Path, memory: Memory, monkeypatch: pytest.MonkeyPatch) -> World:
    made = World(tmp_path, memory)
    made.write("scripts/small.txt", SMALL)

    class Counting:
        def __init__(self, model: EmbeddingModel) -> None:
            assert model == made.model

        def embed(self, texts: Sequence[str]) -> Vectors:
            made.embedded.extend(texts)
            return memory.embed(texts)

    monkeypatch.setattr(module, "OWN_SCRIPTS", tmp_path / "scripts")
    monkeypatch.setattr(module, "OWN_HANDBOOK", tmp_path / "handbook")
    monkeypatch.setattr(module, "open_for_passages", lambda model, *_: Counting(model))
    return made


@pytest.fixture
def built(world: World) -> World:
    world.ingest()
    world.said.clear()
    return world


@contextlib.contextmanager
def running(process: subprocess.Popen[str]) -> Iterator[subprocess.Popen[str]]:
    """A process that is gone, and its pipes closed, at the end."""
    with process:
        try:
            yield process
        finally:
            process.kill()


def heard(process: subprocess.Popen[str], word: str) -> None:
    """Wait until the process says `word`."""
    assert process.stdout is not None
    for line in process.stdout:
        if line.strip().startswith(word):
            return
    pytest.fail(process.stderr.read() if process.stderr else "")


def ended(process: subprocess.Popen[str]) -> str:
    """What the process said, once it has ended well."""
    said, complaints = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, complaints
    return said


# --- What is embedded ---


def test_the_first_ingest_embeds_everything(world: World) -> None:
    report = world.ingest()
    passages = world.content()
    assert report == Report(len(passages), 0, 0, 1, None)
    assert sorted(world.embedded) == sorted(entry.text for passage in passages for entry in entries(passage))
    assert world.said[0] == f"Embedding {len(passages)} passages ({len(world.embedded)} texts)"
    assert world.said[-1] == f"Embedded {len(world.embedded)} of {len(world.embedded)} texts"


def test_the_second_ingest_embeds_nothing(built: World) -> None:
    unchanged = Report(0, len(built.content()), 0, 1, None)
    assert built.ingest() == unchanged
    assert built.open() == unchanged
    assert built.embedded == built.said == []


def test_a_question_is_answered_from_its_passage(built: World, memory: Memory) -> None:
    generation, _ = open_index(built.home, built.model, built.said.append)
    with contextlib.closing(generation):
        found = generation.search(memory.embed(["When does a baker get up?", "What raises the ships?"]), 1)
    assert [hits[0].passage for hits in found] == ["small/bakers/content", "small/tides/content"]


@pytest.mark.parametrize("use", [World.ingest, World.open])
def test_a_changed_sentence_embeds_its_passage_only(built: World, use: Callable[[World], Report]) -> None:
    total = len(built.content())
    built.write("scripts/small.txt", SMALL.replace(TIDE, "The tide pays no harbour fee."))
    assert use(built) == Report(1, total - 1, 0, 2, None)
    tides = next(passage for passage in built.content() if passage.id == "small/tides/content")
    assert sorted(built.embedded) == sorted(entry.text for entry in entries(tides))


def test_a_script_in_the_home_appears_and_goes(built: World) -> None:
    total = len(built.content())
    built.write("home/scripts/other.txt", OTHER)
    new = len(built.content()) - total
    assert new > 0
    assert built.open() == Report(new, total, 0, 2, None)
    assert [script.slug for script in read_library(built.home)] == ["small", "other"]
    (built.home / "scripts/other.txt").unlink()
    assert built.open() == Report(0, total, new, 3, None)
    assert built.embedded == []


BANK = """
[[question]]
question = "What lifts every boat?"
answer = "The tide"
wrong = ["A crane"]
explanation = "It comes twice a day."
section = "Tides"
"""


def test_a_bank_of_quiz_questions_embeds_nothing_and_is_not_searched(built: World) -> None:
    before = built.content()
    built.write("scripts/small.quiz.toml", BANK)
    report = built.open()
    assert [question.ref for question in report.questions] == ["small/what-lifts-every-boat"]
    assert report == Report(0, len(before), 0, 1, None)
    built.write("scripts/small.quiz.toml", BANK.replace("A crane", "A ladder"))
    assert built.ingest() == Report(0, len(before), 0, 1, None)
    assert built.embedded == []
    assert built.content() == before


def test_a_broken_bank_stops_an_ingest(built: World) -> None:
    before = built.content()
    built.write("scripts/small.quiz.toml", BANK.replace('"Tides"', '"Nowhere"'))
    with pytest.raises(ScriptError) as told:
        built.ingest()
    assert str(told.value) == 'small.quiz.toml:7: question 1: no section "Nowhere" in small.txt'
    built.assert_served(before, 1)


def test_all_scripts_may_go(built: World) -> None:
    total = len(built.content())
    (built.folder / "scripts/small.txt").unlink()
    assert built.open() == Report(0, 0, total, 2, None)
    assert built.open() == Report(0, 0, 0, 2, None)


def test_another_model_rebuilds(built: World) -> None:
    total = len(built.content())
    built.model = EmbeddingModel("another/model", built.model.folder, "f" * 64)
    report = built.open()
    assert report == Report(total, 0, 0, 2, "The embedding model is another one now: another/model.")
    assert built.said[0] == "The embedding model is another one now: another/model. Building the index again"
    assert built.open().rebuilt is None


def test_the_same_weights_under_another_name_embed_alike(built: World) -> None:
    built.model = replace(built.model, name="another")
    assert built.open().rebuilt is not None


def test_a_broken_script_leaves_the_index(built: World) -> None:
    content = built.content()
    built.write("scripts/small.txt", SMALL.replace("Estimated Time: 30 seconds", "Estimated Time: soon"))
    for use in (ingest, open_index):
        with pytest.raises(ScriptError, match=r"^small\.txt:8: "):
            use(built.home, built.model, built.said.append)
    built.assert_served(content, 1)


def test_warnings_of_scripts_are_reported(built: World) -> None:
    built.write("scripts/small.txt", f"{SMALL}\n## Bloopers\n\nNobody laughed.\n")
    assert [str(warning).split(":")[:2] for warning in built.open().warnings] == [["small.txt", "16"]]
    assert len(built.open().warnings) == 1


def test_a_second_ingest_of_the_real_script_loads_no_torch(own_home: Path) -> None:
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "from knowledge.embedding_model import find_model\n"
        "from knowledge.ingest import ingest, open_index\n"
        "heavy = lambda: {'torch', 'transformers', 'sentence_transformers', 'onnx'} & sys.modules.keys()\n"
        "for use in (ingest, open_index):\n"
        "    generation, report = use(Path(sys.argv[1]), find_model(), print)\n"
        "    print(report.embedded, report.removed, report.generation, report.rebuilt, sorted(heavy()))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(own_home)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=PATIENCE,
    )
    assert done.stdout.splitlines() == ["0 0 1 None []"] * 2


# --- Hints beside a script ---


def test_hints_are_searched(built: World, memory: Memory) -> None:
    total = len(built.content())
    built.write(
        "scripts/small.hints.toml",
        '"tides/content#2" = ["How many floods a day?"]\n"bakers/visual" = ["Is there a desk?", "White powder?"]\n',
    )
    assert built.open() == Report(2, total - 2, 0, 2, None)
    generation, _ = open_index(built.home, built.model, built.said.append)
    with contextlib.closing(generation):
        hit = generation.search(memory.embed(["How many floods a day?"]), 1)[0][0]
        assert (hit.passage, hit.role) == ("small/tides/content", "hint")
        assert generation.passages[hit.passage].hints[hit.place].unit == 1
        assert [hint.unit for hint in generation.passages["small/bakers/visual"].hints[-2:]] == [None, None]


def test_hints_in_the_home_are_used(built: World) -> None:
    built.write("home/scripts/Other Tale.txt", OTHER)
    built.write("home/scripts/Other Tale.hints.toml", '\ufeff"owls/content" = ["Which bird hunts in winter?"]\r\n')
    built.open()
    owls = next(passage for passage in built.content() if passage.id == "other-tale/owls/content")
    assert owls.hints[-1].text == "Which bird hunts in winter?"


def test_what_editors_leave_is_no_hints(built: World) -> None:
    built.write("scripts/.small.hints.toml", "not a TOML file")
    (built.folder / "scripts/.#small.hints.toml").symlink_to("nobody@nowhere")
    (built.folder / "scripts/folder.hints.toml").mkdir()
    assert built.open().embedded == 0


@pytest.mark.parametrize(
    ("hints", "problem"),
    [
        ('# one\n\n"tides/content" = [\n', "small.hints.toml:3: no valid TOML: "),
        ('# one\ntides/content = ["?"]\n', "small.hints.toml:2: no valid TOML: "),
        ('\n"tides/nothing" = ["Where?"]', 'small.hints.toml:2: no passage "tides/nothing"; expected section/kind'),
        ("\n'tides/nothing' = ['Where?']", 'small.hints.toml:2: no passage "tides/nothing"; expected section/kind'),
        ('"tides/content#0" = ["Where?"]', 'small.hints.toml:1: no passage "tides/content#0"; expected section/kind'),
        ('"tides/content#3" = ["Where?"]', 'small.hints.toml:1: no passage "tides/content#3"; expected section/kind'),
        ('"tides/content#" = ["Where?"]', 'small.hints.toml:1: no passage "tides/content#"; expected section/kind'),
        ('"tides/content#²" = ["Where?"]', 'small.hints.toml:1: no passage "tides/content#²"; expected section/kind'),
        ('"tides/content" = "Where?"', 'small.hints.toml:1: "tides/content": expected a list of questions'),
        ('"tides/content" = ["Where?", 7]', 'small.hints.toml:1: "tides/content": expected a list of questions'),
        ('"tides/content" = ["Where?", " "]', 'small.hints.toml:1: "tides/content": expected a list of questions'),
        ('\n[tides]\ncontent = ["Where?"]', 'small.hints.toml:2: "tides": expected a list of questions'),
        ("a\x00b", "small.hints.toml:1: the file is binary; expected text in UTF-8"),
    ],
)
def test_malformed_hints_are_told_with_their_line(built: World, hints: str, problem: str) -> None:
    content = built.content()
    built.write("scripts/small.hints.toml", hints)
    with pytest.raises(ScriptError) as caught:
        built.open()
    assert len(caught.value.problems) == 1
    assert str(caught.value).startswith(problem)
    built.assert_served(content, 1)


def test_hints_without_their_script_are_told(built: World) -> None:
    built.write("home/scripts/nobody.hints.toml", '"tides/content" = ["Where?"]')
    with pytest.raises(ScriptError, match=r'^nobody\.hints\.toml:1: no passage "tides/content"'):
        built.open()


def test_all_problems_of_hints_are_told_at_once(built: World) -> None:
    built.write("scripts/small.hints.toml", '"a/b" = ["?"]\n"tides/content" = 1\n')
    built.write("scripts/tiny.hints.toml", "=")
    with pytest.raises(ScriptError) as caught:
        built.open()
    assert [(problem.file, problem.line) for problem in caught.value.problems] == [
        ("small.hints.toml", 1),
        ("small.hints.toml", 2),
        ("tiny.hints.toml", 1),
    ]


# --- Damage ---


def empty_tables(database: Path) -> None:
    with contextlib.closing(sqlite3.connect(database)) as connection:
        for table in ("embeddings", "embeddings_queue", "collections"):
            connection.execute(f"DELETE FROM {table}")
        connection.commit()


DAMAGES: dict[str, Callable[[Path], object]] = {
    "database garbage": lambda index: (index / "1/chroma/chroma.sqlite3").write_bytes(b"garbage" * 10_000),
    "database of no bytes": lambda index: os.truncate(index / "1/chroma/chroma.sqlite3", 0),
    "database emptied": lambda index: empty_tables(index / "1/chroma/chroma.sqlite3"),
    "chroma missing": lambda index: shutil.rmtree(index / "1/chroma"),
    "manifest garbage": lambda index: (index / "1/manifest.json").write_bytes(b"\xff{"),
    "manifest a list": lambda index: (index / "1/manifest.json").write_text("[]"),
    "manifest missing": lambda index: (index / "1/manifest.json").unlink(),
    "passages cut": lambda index: os.truncate(index / "1/passages.sqlite3", 1_000),
    "vectors missing": lambda index: (index / "1/vectors.npy").unlink(),
    "pointer garbage": lambda index: (index / "current").write_bytes(b"\xffgarbage"),
    "pointer to nothing": lambda index: (index / "current").write_text("99"),
    "pointer empty": lambda index: (index / "current").write_text(""),
    "generation missing": lambda index: shutil.rmtree(index / "1"),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_index_is_built_again(built: World, damage: Callable[[Path], object]) -> None:
    damage(built.index)
    report = built.open()
    assert report.rebuilt
    assert (report.embedded, report.unchanged) == (len(built.content()), 0)
    assert built.said[0] == f"{report.rebuilt} Building the index again"
    assert built.open().rebuilt is None
    assert built.ingest().embedded == 0


def test_a_damaged_index_is_left_to_be_built_while_an_older_one_answers(built: World) -> None:
    older = built.content()
    built.write("scripts/small.txt", SMALL.replace(TIDE, "The tide pays no harbour fee."))
    assert built.open().generation == 2
    (built.index / "2" / "passages.sqlite3").write_bytes(b"")
    generation, report = open_index(built.home, built.model, built.said.append, meanwhile=True)
    with contextlib.closing(generation):
        built.assert_right(generation, older)
    assert (report.damage, report.embedded) == ("passages.sqlite3 of the index is not what it was.", 0)
    assert built.open().generation == 3
    for number in "13":
        shutil.rmtree(built.index / number / "chroma", ignore_errors=True)
    generation, report = open_index(built.home, built.model, built.said.append, meanwhile=True)
    generation.close()
    assert (report.damage, report.embedded) == (None, len(built.content())), "no sound one is left: it is waited for"


def test_a_missing_pointer_builds_again(built: World) -> None:
    (built.index / "current").unlink()
    assert built.open().embedded == len(built.content())


def test_a_lost_index_is_built_again(built: World) -> None:
    shutil.rmtree(built.index)
    assert built.open() == Report(len(built.content()), 0, 0, 1, None)


def test_a_base_that_breaks_while_it_is_changed_is_built_again(built: World, monkeypatch: pytest.MonkeyPatch) -> None:
    copy_store = generations._copy_store

    def break_it(source: Path, target: Path) -> None:
        copy_store(source, target)
        (target / "chroma.sqlite3").write_bytes(b"garbage" * 10_000)

    monkeypatch.setattr(generations, "_copy_store", break_it)
    built.write("scripts/small.txt", SMALL.replace(TIDE, "The tide pays no harbour fee."))
    report = built.open()
    assert report.rebuilt == "The database of the index cannot be changed."
    assert (report.embedded, report.generation) == (len(built.content()), 2)


@pytest.mark.trial
def test_the_real_index_without_its_vectors_is_built_again(
    home: Path, own_home: Path, known_vectors: dict[str, Vectors], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Recalled:
        def __init__(self, model: EmbeddingModel) -> None:
            pass

        def embed(self, texts: Sequence[str]) -> Vectors:
            return np.stack([known_vectors[text] for text in texts])

    monkeypatch.setattr(module, "open_for_passages", lambda model, *_: Recalled(model))
    model = find_model()
    questions = ["What is the role of FinOps?", "How long is the introduction?", "Which poll is there?", "Who won?"]
    vectors = FastEmbedder(own_home / "models" / model.slug).embed(questions)
    whole = IndexFolder(home).open()
    assert whole is not None
    with contextlib.closing(whole):
        expected = whole.search(vectors, 20)
    stores = [path for path in (own_home / "index/1/chroma").iterdir() if path.is_dir()]
    assert stores
    for store in stores:
        shutil.rmtree(store)
    generation, report = open_index(own_home, model, lambda said: None)
    with contextlib.closing(generation):
        found = generation.search(vectors, 20)
    assert report.rebuilt
    assert report.embedded == len(generation.passages)
    for hits, others in zip(found, expected, strict=True):
        assert [hit.similarity for hit in hits] == pytest.approx([hit.similarity for hit in others], abs=1e-5)
        assert {hit.passage for hit in hits[:5]} == {hit.passage for hit in others[:5]}


# --- Disks and folders that cannot be written ---


def test_a_home_that_cannot_be_written_is_said(world: World) -> None:
    world.write("file", "")
    for use in (ingest, open_index):
        with pytest.raises(HomeError, match=r"cannot be written to \(Not a directory\): set FINOPS_HOME to a folder"):
            use(world.folder / "file" / "home", world.model, world.said.append)
    assert world.embedded == []


@pytest.mark.parametrize("step", ["shutil.copytree", "numpy.save"])
def test_a_full_disk_leaves_the_old_index_in_service(built: World, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    def fill(*args: object, **options: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    content = built.content()
    built.write("scripts/small.txt", SMALL.replace(TIDE, "The tide pays no harbour fee."))
    with monkeypatch.context() as patch:
        patch.setattr(step, fill)
        with pytest.raises(HomeError, match=r"No space left on device\. Set FINOPS_HOME to a folder with 200 MB"):
            ingest(built.home, built.model, built.said.append)
        generation, report = open_index(built.home, built.model, built.said.append)
        with contextlib.closing(generation):
            built.assert_right(generation, content)
    assert report.generation == 1
    assert "No space left on device" in built.said[-1]
    assert built.said[-1].endswith("Answering from the index as it was.")
    assert sorted(path.name for path in built.index.iterdir()) == ["1", "current", "ingest.lock"]
    assert built.open() == Report(1, len(content) - 1, 0, 2, None)


def test_where_there_is_no_room_nothing_is_built(built: World, monkeypatch: pytest.MonkeyPatch) -> None:
    content, room = built.content(), shutil.disk_usage(built.home)
    built.write("scripts/small.txt", SMALL.replace(TIDE, "The tide pays no harbour fee."))
    built.embedded.clear()
    with monkeypatch.context() as patch:
        patch.setattr(shutil, "disk_usage", lambda path: room._replace(free=20_000))
        with pytest.raises(HomeError, match=r"The disk is full: .* has 0 MB free, the index needs \d MB\. Make room"):
            ingest(built.home, built.model, built.said.append)
        generation, _ = open_index(built.home, built.model, built.said.append)
        with contextlib.closing(generation):
            built.assert_right(generation, content)
        shutil.rmtree(built.index)
        with pytest.raises(HomeError, match="The disk is full"):
            open_index(built.home, built.model, built.said.append)
    assert built.embedded == []
    assert [path.name for path in built.index.iterdir()] == ["ingest.lock"]


def test_a_base_is_not_taken_for_damaged_because_the_disk_is_full(
    built: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = shutil.disk_usage(built.home)
    built.write("scripts/small.txt", SMALL.replace(TIDE, "The tide pays no harbour fee."))

    def fill(*args: object) -> None:
        monkeypatch.setattr(shutil, "disk_usage", lambda path: room._replace(free=0))
        raise RuntimeError("(code: 13) database or disk is full")

    monkeypatch.setattr(index_draft, "_delete", fill)
    with pytest.raises(HomeError, match="database or disk is full"):
        ingest(built.home, built.model, built.said.append)
    assert not any("Building the index again" in line for line in built.said)


def test_a_full_disk_before_the_first_index_is_said(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def fill(*args: object, **options: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("numpy.save", fill)
    with pytest.raises(HomeError, match=r"No space left on device\. Set FINOPS_HOME"):
        open_index(world.home, world.model, world.said.append)


# --- Killed ---


def test_a_draft_left_behind_does_no_harm(built: World) -> None:
    content = built.content()
    shutil.copytree(built.index / "1", built.index / "draft-2")
    (built.index / "current.new").write_text("2")
    built.assert_served(content, 1)
    assert built.open().embedded == 0
    built.write("scripts/small.txt", SMALL.replace(TIDE, "The tide pays no harbour fee."))
    assert built.open().generation == 2
    assert not (built.index / "draft-2").exists()


STEPS = {
    "changing the database": ("knowledge.index_draft._write_vectors", 1),
    "writing files": ("numpy.save", 1),
    "naming the generation": ("pathlib.Path.rename", 1),
    "publishing": ("knowledge.generations.IndexFolder._publish", 1),
    "moving the pointer": ("pathlib.Path.replace", 1),
    "sweeping": ("knowledge.generations.IndexFolder._sweep", 2),
}
# The step with which an index comes into service.
EVERYDAY = "moving the pointer"


@pytest.mark.parametrize(
    ("step", "number"),
    [pytest.param(*how, id=name, marks=[] if name == EVERYDAY else pytest.mark.trial) for name, how in STEPS.items()],
)
def test_an_ingest_killed_at_any_step_leaves_a_whole_index(built: World, step: str, number: int) -> None:
    old = built.content()
    built.write("scripts/small.txt", SMALL.replace(TIDE, "The tide pays no harbour fee."))
    owner, _, name = step.rpartition(".")
    code = f"import pathlib, knowledge.generations, knowledge.index_draft\nsetattr({owner}, {name!r}, pause)\n"
    with running(built.child(code + INGEST)) as process:
        heard(process, "here")
        built.assert_served(old if number == 1 else built.content(), number)
        process.send_signal(signal.SIGKILL)
        process.wait(30)
    built.assert_served(old if number == 1 else built.content(), number)
    assert built.open().embedded == 2 - number
    names = {path.name for path in built.index.iterdir()} - {"current.new", "current", "ingest.lock"}
    assert names == {"1", "2"}


@pytest.mark.trial
def test_a_real_ingest_killed_while_it_embeds_leaves_the_old_index(own_home: Path) -> None:
    (own_home / "scripts").mkdir()
    shutil.copy(DATAOPS, own_home / "scripts")
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "from knowledge.embedding_model import find_model\n"
        "from knowledge.ingest import ingest\n"
        "ingest(Path(sys.argv[1]), find_model(), lambda said: print(said, flush=True))\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(own_home)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with running(process):
        heard(process, "Embedded ")
        process.send_signal(signal.SIGKILL)
        process.wait(30)
    generation = IndexFolder(own_home).open()
    assert generation is not None
    with contextlib.closing(generation):
        assert generation.number == 1
    with locked(own_home / "index" / "ingest.lock", wait=False):
        pass  # the lock went with the process


@pytest.mark.trial
@pytest.mark.timeout(600)
def test_ingests_killed_at_random_leave_a_whole_index(built: World) -> None:
    chance = random.Random(5)
    versions = [SMALL, SMALL.replace(TIDE, "The tide pays no harbour fee."), f"{SMALL}\n"]
    contents = []
    for version in versions[:2]:
        built.write("scripts/small.txt", version)
        contents.append(built.content())
    killed = 0
    for turn in range(60):
        built.write("scripts/small.txt", versions[(turn + 1) % 2])
        with running(built.child("print('here', flush=True)\n" + INGEST)) as process:
            heard(process, "here")
            try:
                process.wait(chance.uniform(0.0, 0.8))
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
                process.wait(30)
                killed += 1
        generation = IndexFolder(built.home).open()
        assert generation is not None
        with contextlib.closing(generation):
            held = next(content for content in contents if content == list(generation.passages.values()))
            built.assert_right(generation, held)
        assert not built.open().rebuilt
    assert killed > 10


# --- At the same time ---


def test_a_second_ingest_is_refused_while_answers_go_on(built: World) -> None:
    old = built.content()
    built.write("scripts/small.txt", SMALL.replace(TIDE, "The tide pays no harbour fee."))
    with running(
        built.child("import knowledge.index_draft\nknowledge.index_draft._write_vectors = pause\n" + INGEST)
    ) as process:
        heard(process, "here")
        with pytest.raises(IngestBusy, match=r"^Another ingest is under way: wait until it has finished"):
            ingest(built.home, built.model, built.said.append)
        generation, report = open_index(built.home, built.model, built.said.append)
        with contextlib.closing(generation):
            built.assert_right(generation, old)
    assert report.generation == 1
    assert built.ingest().generation == 2


def test_without_an_index_the_second_waits_for_the_first(world: World) -> None:
    code = (
        "import knowledge.index_draft\n"
        "write = knowledge.index_draft._write_vectors\n"
        "def slowly(*args):\n"
        "    print('here', flush=True)\n"
        "    time.sleep(1)\n"
        "    return write(*args)\n"
        "knowledge.index_draft._write_vectors = slowly\n"
    )
    with running(world.child(code + INGEST)) as process:
        heard(process, "here")
        assert world.open() == Report(0, len(world.content()), 0, 1, None)
        assert world.said == ["Another process is building the index; waiting for it"]
        ended(process)


READER = """\
import contextlib, json
held = IndexFolder(home).open()
seen, wrong = {}, []
stop = folder / "stop"
print("ready", flush=True)
last = False
while not last:
    last = stop.exists()
    with contextlib.closing(IndexFolder(home).open()) as fresh:
        for generation in (held, fresh):
            text = generation.passages["small/tides/content"].units[0]
            asked = [vectors[f"Tides: {text}"], vectors["Bakers: Bread needs time to rest."]]
            near, far = generation.search(numpy.stack(asked), 1)
            answer = (near[0].passage, near[0].role, near[0].place, far[0].passage.split("/")[1])
            if answer != ("small/tides/content", "unit", 0, "bakers") or near[0].similarity < 0.999:
                wrong.append([generation.number, answer])
            if seen.setdefault(generation.number, text) != text:
                wrong.append([generation.number, text])
print(json.dumps([seen, wrong]))
"""
WRITER = """\
for number in "234":
    (folder / "scripts/small.txt").write_text((folder / f"{number}.txt").read_text())
    knowledge.ingest.ingest(home, find_model(), lambda said: None)
    time.sleep(0.2)
"""


@pytest.mark.trial
def test_readers_answer_rightly_while_another_process_publishes(built: World) -> None:
    sentences = {"1": TIDE, "2": "The tide pays no fee.", "3": "The tide waits for nobody.", "4": "The tide is late."}
    for number, sentence in reversed(sentences.items()):  # once through all of them, for their vectors
        built.write(f"{number}.txt", SMALL.replace(TIDE, sentence))
        built.write("scripts/small.txt", SMALL.replace(TIDE, sentence))
        built.memory.embed([entry.text for passage in built.content() for entry in entries(passage)])
    with contextlib.ExitStack() as stack:
        readers = [stack.enter_context(running(built.child(READER))) for _ in range(3)]
        for reader in readers:
            heard(reader, "ready")
        with running(built.child(WRITER)) as writer:
            ended(writer)
        built.write("stop", "")
        reports = [json.loads(ended(reader)) for reader in readers]
    for seen, wrong in reports:
        assert wrong == []
        assert {"1", "4"} <= seen.keys()
        assert seen == {number: sentences[number] for number in seen}
    assert built.open().generation == 4
