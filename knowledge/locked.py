"""One process at a time writes what several share."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from knowledge.errors import HomeError, IngestBusy


@contextlib.contextmanager
def locked(file: Path, *, wait: bool = True) -> Iterator[None]:
    """Hold a lock file. Raises IngestBusy where another process holds it and this one is not to wait, and HomeError."""
    from filelock import FileLock, Timeout

    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(file, timeout=-1 if wait else 0)
        lock.acquire()
    except Timeout as error:
        raise IngestBusy("Another ingest is under way: wait until it has finished, then try again.") from error
    except OSError as error:
        raise unwritable(file.parent, error) from error
    try:
        yield
    finally:
        lock.release()


def unwritable(folder: Path, error: OSError) -> HomeError:
    """What to say where `folder`, or something in it, cannot be written."""
    return HomeError(
        f"The folder {folder} cannot be written to ({error.strerror or error}): "
        "set FINOPS_HOME to a folder with 200 MB of free space that you may write to."
    )
