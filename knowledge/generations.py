"""Generations of the index: numbered folders, each published in one step, and swept when nobody reads it any more."""

from __future__ import annotations

import contextlib
import itertools
import os
import shutil
import sqlite3
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from knowledge.chunks import Passage
from knowledge.errors import HomeError
from knowledge.index import DATABASE, Generation
from knowledge.index_draft import write_generation
from knowledge.manifest import DamagedIndex

if TYPE_CHECKING:
    from knowledge.embedder import Vectors

# A generation that has been replaced stays this long for those who still answer from it.
GRACE_SECONDS = 60
SQLITE_SECONDS = 30
# What a new text takes on the disk while a generation is made, in bytes: 5,100 in the end (18 MB of 3,592 texts), and
# the database twice that before its journal is gone.
TEXT_BYTES = 16_000


class IndexFolder:
    """The folder of all generations, and which of them is published."""

    def __init__(self, home: Path) -> None:
        self.folder = home / "index"

    def current(self) -> int | None:
        """The number of the published generation, None before the first."""
        try:
            return int((self.folder / "current").read_text("ascii"))
        except (OSError, ValueError):
            return None

    def open(self) -> Generation | None:
        """The published generation, checked; None before the first. Raises DamagedIndex."""
        number = self.current()
        if number is not None:
            return _checked(self.folder / str(number))
        if (self.folder / "current").exists():
            raise DamagedIndex("Which generation of the index is the published one cannot be read.")
        return None

    def older(self, model: str) -> Generation | None:
        """The newest sound generation before the published one, of the model with that slug; None where there is none.

        It answers while the published one, which is damaged, is built again.
        """
        published = self.current()
        for number in reversed(self._numbers()):
            if published is None or number < published:
                with contextlib.suppress(DamagedIndex):
                    found = _checked(self.folder / str(number))
                    if found.model == model:
                        return found
                    found.close()
        return None

    def need_room(self, base: Generation | None, texts: int) -> None:
        """Raise HomeError where a generation after `base` with so many new texts would not fit on the disk."""
        files = [] if base is None else [path for path in base.folder.rglob("*") if path.is_file()]
        needed = texts * TEXT_BYTES + sum(path.stat().st_size for path in files)
        free = shutil.disk_usage(self.folder).free
        if free < needed:
            needs = f"{free // 1_000_000} MB free, the index needs {needed // 1_000_000 + 1} MB"
            told = "Make room there, or set FINOPS_HOME to another folder. Nothing was built."
            raise HomeError(f"The disk is full: {self.folder} has {needs}. {told}")

    def build(
        self,
        base: Generation | None,
        passages: Sequence[Passage],
        new: Iterable[Vectors],
        model: str,
    ) -> Generation:
        """Write the generation after `base` (None: from nothing), check it and publish it in one step.

        `new` gives, for each passage that `base` lacks or has otherwise, in their order, one row an entry of it.
        Raises DamagedIndex where `base` turns out to be damaged, and HomeError where nothing can be written.
        """
        self._sweep_unpublished()
        number = 1 + max(self._numbers(), default=0)
        draft, target = self.folder / f"draft-{number}", self.folder / str(number)
        try:
            with contextlib.ExitStack() as failed:
                for folder in (draft, target):
                    failed.callback(shutil.rmtree, folder, ignore_errors=True)
                draft.mkdir(parents=True)
                if base is not None:
                    _copy_store(base.folder / "chroma", draft / "chroma")
                write_generation(draft, base, passages, new, model)
                draft.rename(target)
                generation = _checked(target)
                failed.callback(generation.close)
                self._publish(number)
                failed.pop_all()
        except OSError as error:
            raise HomeError(
                f"The index could not be written to {self.folder}: {error.strerror or error}. "
                "Set FINOPS_HOME to a folder with 200 MB of free space that you may write to."
            ) from error
        self._sweep(number)
        return generation

    def _publish(self, number: int) -> None:
        pointer = self.folder / "current.new"
        with pointer.open("w", encoding="ascii") as stream:
            stream.write(str(number))
            stream.flush()
            os.fsync(stream.fileno())
        pointer.replace(self.folder / "current")

    def _numbers(self) -> list[int]:
        return sorted(int(path.name) for path in self.folder.glob("*") if path.name.isdigit())

    def _sweep_unpublished(self) -> None:
        """Delete what killed ingests have left behind."""
        published = self.current()
        beyond = [number for number in self._numbers() if published is not None and number > published]
        for path in (*self.folder.glob("draft-*"), *(self.folder / str(number) for number in beyond)):
            shutil.rmtree(path, ignore_errors=True)

    def _sweep(self, published: int) -> None:
        """Delete generations that nobody can be reading any more."""
        for number, successor in itertools.pairwise(self._numbers()):
            if successor <= published and time.time() - (self.folder / str(successor)).stat().st_mtime > GRACE_SECONDS:
                shutil.rmtree(self.folder / str(number), ignore_errors=True)


def _checked(folder: Path) -> Generation:
    generation = Generation(folder)
    try:
        generation.check()
    except DamagedIndex:
        generation.close()
        raise
    return generation


def _copy_store(source: Path, target: Path) -> None:
    """Copy what Chroma has written, while others may be opening it: the database by way of SQLite, which locks it."""
    shutil.copytree(source, target, ignore=shutil.ignore_patterns(f"{DATABASE}*"))
    try:
        with (
            contextlib.closing(sqlite3.connect(source / DATABASE, timeout=SQLITE_SECONDS)) as old,
            contextlib.closing(sqlite3.connect(target / DATABASE)) as new,
        ):
            old.backup(new)
    except sqlite3.OperationalError as error:  # no space, no right to write
        raise OSError(str(error)) from error
    except sqlite3.Error as error:
        raise DamagedIndex("The database of the index cannot be copied.") from error
