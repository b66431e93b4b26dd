"""What all tests share: one home, built once a run, and the library in it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from filelock import FileLock

from bot.commands.start import learned_sense, understand
from bot.settings import Settings, read_settings

if TYPE_CHECKING:
    from bot.intents.understanding import Understanding
    from knowledge.embedder import Vectors
    from knowledge.library import Library


def quiet(said: str) -> None:
    """Progress that nobody reads."""


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all workers of this run, and no other run, see."""
    folder = tmp_path_factory.getbasetemp()
    return folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder


@pytest.fixture(scope="session")
def home(shared: Path) -> Path:
    """A home built from the project's own sources, with the fast model. To change it, take `own_home`."""
    built = shared / "home"
    with FileLock(shared / "home.lock"):
        if not built.exists():
            draft = shared / "home-draft"
            shutil.rmtree(draft, ignore_errors=True)
            _build(draft, shared / "vectors.npz")
            draft.rename(built)
    return built


@pytest.fixture
def own_home(home: Path, tmp_path: Path) -> Path:
    """A copy of `home` that a test may damage."""
    return shutil.copytree(home, tmp_path / "home")


@pytest.fixture(scope="session")
def library(home: Path) -> Iterator[Library]:
    """The library of `home`, open for reading."""
    from knowledge.embedder import DEFAULT_MODEL
    from knowledge.library import open_library

    opened = open_library(home, DEFAULT_MODEL, quiet)
    yield opened
    opened.generation.close()


@pytest.fixture(scope="session")
def known_vectors(home: Path, shared: Path) -> dict[str, Vectors]:
    """The vector of each text that `home` was built from, so that building it again need not wait for the model."""
    import numpy as np

    with np.load(shared / "vectors.npz") as saved:
        return dict(zip(map(str, saved["texts"]), saved["vectors"], strict=True))


@pytest.fixture(scope="session")
def settings(home: Path) -> Settings:
    """The settings of `home`."""
    return settings_of(home)


@pytest.fixture(scope="session")
def understanding(library: Library, settings: Settings) -> Understanding:
    """What turns are about, learned once a run."""
    return understand(library, settings)


def settings_of(home: Path) -> Settings:
    """Settings with nothing but that home, whatever the environment says."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [*os.environ]:
            if name.startswith("FINOPS_") or name == "DATABASE_URL":
                patch.delenv(name)
        patch.setenv("FINOPS_HOME", str(home))
        patch.chdir(home)  # where no .env lies
        return read_settings()


def _learn(home: Path) -> None:
    """Learn what people mean, so that no test has to wait for it."""
    from knowledge.embedder import DEFAULT_MODEL
    from knowledge.library import open_library

    library = open_library(home, DEFAULT_MODEL, quiet)
    learned_sense(library, settings_of(home)).prepare()
    library.generation.close()


def _build(home: Path, vectors_file: Path) -> None:
    import numpy as np

    from knowledge import embedder, ingest

    made: dict[str, Vectors] = {}

    class Recorder(embedder.ReferenceEmbedder):
        def embed(self, texts: Sequence[str]) -> Vectors:
            vectors = super().embed(texts)
            made.update(zip(texts, vectors, strict=True))
            return vectors

    model = embedder.find_model()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ingest, "ReferenceEmbedder", Recorder)
        generation, _ = ingest.open_index(home, model, quiet)
    generation.close()
    embedder.open_embedder(model, home, quiet)
    _learn(home)
    np.savez(vectors_file, texts=np.array(list(made)), vectors=np.stack(list(made.values())))
