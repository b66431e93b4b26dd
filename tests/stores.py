"""Stores in files, without what each of them would cost a test: its migrations, and waiting for the disk."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from bot.store import engines
from bot.store.database import Store


def open_new(file: Path, secret: Callable[[], bytes] | None = None) -> Store:
    """A store in a new file."""
    return Store(put_tables(file), secret)


def put_tables(file: Path) -> Path:
    """That file, with the tables of a new store in it: migrated to once in a process, and copied from then on."""
    file.write_bytes(_new())
    return file


@cache
def _new() -> bytes:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "store.db"
        Store(file).close()
        return file.read_bytes()


# What the bot does, which most tests do without.
AWAIT_DISK = engines._await_disk


def forget_the_disk(patch: pytest.MonkeyPatch) -> None:
    """Have SQLite not wait until what is written has reached the disk: the machine keeps its power while tests run."""
    patch.setattr(engines, "_await_disk", lambda cursor, _durable: cursor.execute("PRAGMA synchronous = OFF"))
