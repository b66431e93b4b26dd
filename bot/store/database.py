"""The store: where the bot's state lies, and how it is opened, read and written."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from bot.store import StoreError, StoreGone
from bot.store.changes import Changes
from bot.store.engines import PATIENCE, explained, lightly, named, open_engine, read_url, reading, writing
from bot.store.outage import Outage
from bot.store.queue import Queue
from bot.store.records import Records
from bot.store.revisions import migrate
from bot.store.rows import CHANGED, WIPED
from bot.store.seal import Seal


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
        self._light_writer = lightly(self._writer)
        self._outage = Outage(url)
        self.changes = Changes(self._engine)
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
        self._outage.opened()

    def __str__(self) -> str:
        return named(self._engine.url)

    @contextlib.contextmanager
    def reading(self) -> Iterator[Records]:
        """The records as they are at one moment; nothing can be changed in them."""
        with self._outage.watched(writes=False), Session(self._reader) as session:
            yield self._records(session)

    @contextlib.contextmanager
    def writing(self, durable: bool = True) -> Iterator[Records]:
        """The records, held until the end; what changed counts on a clean exit only.

        What is not `durable` outlives the process, and may be lost with the machine.
        """
        engine = self._writer if durable else self._light_writer
        with self._writes():
            # The session joins a transaction that is begun already: to begin one itself takes it twice as long.
            with engine.begin() as connection, Session(connection) as session:
                records = self._records(session)
                yield records
                records.settle()
                session.flush()
            if session.info.get(WIPED):
                self._wipe()
        if session.info.get(CHANGED):
            self.changes.tell()

    @contextlib.contextmanager
    def trying(self) -> Iterator[Records]:
        """The records to change freely: nothing of it is kept."""
        with self._writes(), Session(self._writer) as session:
            yield self._records(session)
            session.rollback()

    @contextlib.contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """All tables as they are at one moment, for whoever copies them."""
        with self._outage.watched(writes=False), self._reader.connect() as connection:
            yield connection

    @contextlib.contextmanager
    def rebuilding(self) -> Iterator[Connection]:
        """All tables, to be made anew; what changed counts on a clean exit only."""
        with self._writes(), self._writer.begin() as connection:
            yield connection

    def is_usable(self) -> bool:
        """Whether the database can be used at this moment. It is asked; where writing failed last, it is written to."""
        try:
            if self._outage.is_to_writers:
                with self.rebuilding() as connection:
                    connection.execute(text("UPDATE alembic_version SET version_num = version_num"))
            else:
                with self.snapshot() as connection:
                    connection.execute(text("SELECT version_num FROM alembic_version"))
        except StoreGone:
            return False
        return True

    @contextlib.contextmanager
    def _writes(self) -> Iterator[None]:
        """A writer's turn, and what it finds out about the database."""
        with self._outage.watched(writes=True), self._turn:
            yield

    def _wipe(self) -> None:
        """Have what was deleted leave SQLite's log as well, as far as no reader needs it still."""
        if self._engine.dialect.name == "sqlite":
            with contextlib.closing(self._writer.raw_connection()) as connection:
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def _records(self, session: Session) -> Records:
        return Records(session, self._seal)

    def close(self) -> None:
        """Let go of the database."""
        for engine in (self._engine, self._reader):
            engine.dispose()


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
