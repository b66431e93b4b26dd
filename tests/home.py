"""The home that all tests share: built in a process of its own before the first test, and kept for the next run.

It is made of the project's own sources: the index, the fast model and what is learned from the taught utterances. As
long as nothing of what it is made of changes, it is taken from pytest's cache.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.commands.start import learned_sense, show_progress
from bot.settings import Settings, read_settings

if TYPE_CHECKING:
    from knowledge import embedder

ROOT = Path(__file__).parents[1]
# The code that makes what takes long: vectors, the fast model, what is learned. While it stays, they are taken over
# into a new home; each is found again by its own content.
SLOW = (
    "knowledge/embedder.py",
    "knowledge/embedding_model.py",
    "knowledge/runtime_export.py",
    "knowledge/meaning.py",
    "bot/intents/features.py",
    "bot/intents/sense.py",
    "requirements.lock",
    "tests/home.py",
)
# What the home is made of: content, and whatever turns it into an index or learns from it.
TAUGHT = ("utterances.jsonl", "others.jsonl", "smalltalk.jsonl", "orders.jsonl", "outside.toml", "concepts.toml")
MADE_OF = (*SLOW, "knowledge", *(f"bot/intents/{name}" for name in TAUGHT))
KEPT = ("models", "meaning")
HOME, VECTORS = "home", "vectors.npz"


def copy_home(home: Path, copy: Path) -> Path:
    """A copy of a home, without the store that other tests may be writing to in it."""
    return Path(shutil.copytree(home, copy, ignore=shutil.ignore_patterns("store.db*")))


def prepare(folder: Path, say: Callable[[str], None]) -> Path:
    """Where the home of the present state lies within `folder`; it is built first if it is not there yet."""
    built = folder / f"{_state(SLOW)}-{_state(MADE_OF)}"
    if not built.exists():
        say("Building what the tests share, which takes a minute or more; it is kept for the next run.")
        draft = Path(tempfile.mkdtemp(prefix="draft-", dir=folder))
        known = [older / VECTORS for older in folder.glob(f"{_state(SLOW)}-*")][:1]
        for kept in KEPT if known else ():
            shutil.copytree(known[0].parent / HOME / kept, draft / HOME / kept)
        subprocess.run([sys.executable, "-m", "tests.home", draft, *known], cwd=ROOT, check=True)
        for older in folder.iterdir():
            if older != draft:
                shutil.rmtree(older, ignore_errors=True)
        draft.rename(built)
    return built


def settings_of(home: Path) -> Settings:
    """Settings with nothing but that home, whatever the environment says."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [*os.environ]:
            if name.startswith("FINOPS_") or name == "DATABASE_URL":
                patch.delenv(name)
        patch.setenv("FINOPS_HOME", str(home))
        patch.chdir(home)  # where no .env lies
        return read_settings()


def _state(names: Sequence[str]) -> str:
    """What tells the present state of these files and folders from another one."""
    told = hashlib.sha256(sys.version.encode())
    for file in _files(names):
        told.update(str(file.relative_to(ROOT)).encode() + b"\0" + file.read_bytes() + b"\0")
    return told.hexdigest()[:16]


def _files(names: Sequence[str]) -> Iterator[Path]:
    for path in (ROOT / name for name in names):
        within = sorted(path.rglob("*")) if path.is_dir() else [path]
        yield from (file for file in within if file.is_file() and file.suffix != ".pyc" and file.name != "README.md")


def load_vectors(file: Path) -> dict[str, embedder.Vectors]:
    """The vector of each text that a home was built from."""
    import numpy as np

    with np.load(file) as saved:
        return dict(zip(map(str, saved["texts"]), saved["vectors"], strict=True))


def _build(folder: Path, known: Mapping[str, embedder.Vectors]) -> None:
    """Build the home, and keep the vector of each text that it was built from beside it; `known` ones are not made
    again.
    """
    import numpy as np

    from knowledge import embedder, embedding_model, ingest
    from knowledge.library import open_library

    made: dict[str, embedder.Vectors] = {}

    class Recorder(embedder.ReferenceEmbedder):
        def embed(self, texts: Sequence[str]) -> embedder.Vectors:
            unknown = [text for text in texts if text not in known]
            made.update(zip(unknown, super().embed(unknown) if unknown else (), strict=True))
            made.update((text, known[text]) for text in texts if text in known)
            return np.stack([made[text] for text in texts])

    home, model = folder / HOME, embedding_model.find_model()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ingest, "open_for_passages", lambda model, *_: Recorder(model))
        generation, _ = ingest.open_index(home, model, show_progress)
    generation.close()
    embedder.open_embedder(model, home, show_progress)
    library = open_library(home, embedding_model.DEFAULT_MODEL, show_progress)
    learned_sense(library, settings_of(home)).prepare()
    library.generation.close()
    np.savez(folder / VECTORS, texts=np.array(list(made)), vectors=np.stack(list(made.values())))


if __name__ == "__main__":
    _build(Path(sys.argv[1]), load_vectors(Path(sys.argv[2])) if sys.argv[2:] else {})
