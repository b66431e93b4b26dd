"""Whether the database can be used, as its users find out: the log has a line when it goes, and one when it is back."""

from __future__ import annotations

import contextlib
import logging
import os
import threading
from collections.abc import Iterator

from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnection

from bot.store import StoreGone
from bot.store.engines import explained, is_outage, named

log = logging.getLogger(__name__)


class Outage:
    """What is known of a database that may go and come back; several threads may use it at once."""

    def __init__(self, url: URL) -> None:
        self._url = url
        self._guard = threading.Lock()
        self._gone, self._gone_to_writers = False, False
        # A file that was deleted or replaced can still be written to, and is lost when it is let go of.
        self._file = url.database if url.get_backend_name() == "sqlite" and url.database != ":memory:" else None
        self._identity: tuple[int, int] | None = None

    @property
    def is_to_writers(self) -> bool:
        """Whether it could not be written to when that was last tried."""
        return self._gone_to_writers

    def opened(self) -> None:
        """The database was opened: from now on its file has to stay the same one."""
        self._identity = self._found()

    @contextlib.contextmanager
    def watched(self, writes: bool) -> Iterator[None]:
        """A use of the database. Raises StoreGone in place of what drivers raise when it cannot be used."""
        try:
            if self._file and self._identity and self._found() != self._identity:
                raise StoreGone(
                    f"The file of the store, {self._file}, was deleted or replaced while the bot runs: put it back, or "
                    "start the bot again."
                )
            yield
        except StoreGone as gone:
            self._note(str(gone), writes)
            raise
        except NoConnection as error:
            raise self._note(f"The store {named(self._url)} has no free connection.", writes) from error
        except DBAPIError as error:
            if not is_outage(error, writes):
                raise
            raise self._note(explained(self._url, error), writes) from error
        else:
            self._back(writes)

    def _note(self, said: str, writes: bool) -> StoreGone:
        with self._guard:
            if not self._gone:
                log.error("%s Until it is back, this is not told again.", said)
            self._gone, self._gone_to_writers = True, self._gone_to_writers or writes
        return StoreGone(said)

    def _back(self, writes: bool) -> None:
        """Where it could not be written to, only a writer can tell that it is back."""
        if not self._gone or (self._gone_to_writers and not writes):
            return
        with self._guard:
            if self._gone:
                log.error("The store %s can be used again.", named(self._url))
            self._gone, self._gone_to_writers = False, False

    def _found(self) -> tuple[int, int] | None:
        try:
            found = os.stat(self._file or "")
        except OSError:
            return None
        return found.st_dev, found.st_ino
