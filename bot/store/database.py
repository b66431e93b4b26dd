"""The store: where the bot's state lies, and how it is opened, read and written."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, delete, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from bot.store import StoreError
from bot.store.engines import PATIENCE, explained, named, open_engine, read_url, reading, writing
from bot.store.models import DraftRow, EventRow, FeedbackRow, MessageRow, RemarkRow, SpendingRow, UnansweredRow
from bot.store.queue import Queue
from bot.store.records import Records
from bot.store.revisions import migrate
from bot.store.rows import WIPED
from bot.store.seal import Seal

# How much longer than messages the ledger is kept: long enough to compare a month with the same one a year before.
LEDGER_LASTS = timedelta(days=2 * 366)


class Store:
    """The bot's state in a database; each use of it is one transaction."""

    def __init__(self, place: str | Path, secret: Callable[[], bytes] | None = None) -> None:
        """Open the database at `place`, a URL or SQLite's file, and bring its tables up to date. Raises StoreError.

        `secret` seals anonymous polls, and is asked for when it is first needed; without one they last no longer than
        this store is open.
        """
        url = read_url(place)
        own = secrets.token_bytes(32)
        self._seal = Seal(secret or (lambda: own))
        self._engine = open_engine(url)
        self._reader, self._writer = reading(self._engine), writing(self._engine)
        # PostgreSQL has many writers at a time, and queues of its own.
        self._turn: contextlib.AbstractContextManager[None] = contextlib.nullcontext()
        if url.get_backend_name() == "sqlite":
            self._turn = Queue(PATIENCE)
        try:
            with self._writer.begin() as connection:
                _check_encoding(connection)
                migrate(connection)
        except (DBAPIError, StoreError) as error:
            self.close()
            raise error if isinstance(error, StoreError) else StoreError(explained(url, error)) from error

    def __str__(self) -> str:
        return named(self._engine.url)

    @contextlib.contextmanager
    def reading(self) -> Iterator[Records]:
        """The records as they are at one moment; nothing can be changed in them."""
        with Session(self._reader) as session:
            yield self._records(session)

    @contextlib.contextmanager
    def writing(self) -> Iterator[Records]:
        """The records, held until the end; what changed counts on a clean exit only."""
        with self._turn, Session(self._writer) as session:
            with session.begin():
                yield self._records(session)
            if session.info.get(WIPED):
                self._wipe()

    @contextlib.contextmanager
    def trying(self) -> Iterator[Records]:
        """The records to change freely: nothing of it is kept."""
        with self._turn, Session(self._writer) as session:
            yield self._records(session)
            session.rollback()

    @contextlib.contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """All tables as they are at one moment, for whoever copies them."""
        with self._reader.connect() as connection:
            yield connection

    @contextlib.contextmanager
    def rebuilding(self) -> Iterator[Connection]:
        """All tables, to be made anew; what changed counts on a clean exit only."""
        with self._turn, self._writer.begin() as connection:
            yield connection

    def purge(self, before: datetime) -> None:
        """Delete what was said before that moment; polls and their counts stay, and sums of what was spent."""
        with self._turn, Session(self._writer) as session, session.begin():
            session.execute(delete(EventRow).where(EventRow.claimed_until < before))
            for table in (MessageRow, UnansweredRow, FeedbackRow, RemarkRow, DraftRow):
                session.execute(delete(table).where(table.at < before))
            self._records(session).ledger.detach(SpendingRow.at < before)
            session.execute(delete(SpendingRow).where(SpendingRow.at < before - LEDGER_LASTS))

    def _wipe(self) -> None:
        """Have what was deleted leave SQLite's log as well, as far as no reader needs it still."""
        if self._engine.dialect.name == "sqlite":
            with contextlib.closing(self._writer.raw_connection()) as connection:
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def _records(self, session: Session) -> Records:
        return Records(session, self._seal)

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()


def _check_encoding(connection: Connection) -> None:
    """Raises StoreError for a database that cannot hold every language."""
    if connection.dialect.name != "postgresql":
        return
    encoding = connection.scalar(text("SHOW server_encoding"))
    if encoding != "UTF8":
        raise StoreError(
            f"The database in FINOPS_DATABASE_URL keeps text as {encoding}, which not every language fits into: make "
            "another one for the bot, with ENCODING 'UTF8'."
        )
