"""The store: where the bot's state lies, and how it is opened, migrated, read and written."""

from __future__ import annotations

import contextlib
import logging
import secrets
import sqlite3
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, delete, event, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, DatabaseError
from sqlalchemy.orm import Session
from sqlalchemy.pool import QueuePool

from bot.store import StoreError
from bot.store.models import EventRow, FeedbackRow, MessageRow, RemarkRow, SpendingRow, UnansweredRow
from bot.store.records import Records
from bot.store.seal import Seal

log = logging.getLogger(__name__)

MIGRATIONS = Path(__file__).with_name("migrations")
# How long a writer waits for another one, in seconds.
PATIENCE = 30
# How much longer than messages the ledger is kept: long enough to compare a month with the same one a year before.
LEDGER_LASTS = timedelta(days=2 * 366)
IN_MEMORY = "sqlite://"
UNUSABLE = (
    "FINOPS_DATABASE_URL names no database that can be used: give one such as sqlite:////var/lib/finops-bot/store.db, "
    "or leave it out."
)


class Store:
    """The bot's state in a database; each use of it is one transaction."""

    def __init__(self, place: str | Path, secret: Callable[[], bytes] | None = None) -> None:
        """Open the database at `place`, a URL or SQLite's file, and bring its tables up to date. Raises StoreError.

        `secret` seals anonymous polls, and is asked for when it is first needed; without one they last no longer than
        this store is open.
        """
        url = _url(place)
        own = secrets.token_bytes(32)
        self._seal = Seal(secret or (lambda: own))
        try:
            self._engine = _engine(url)
            self._writer = self._engine.execution_options(writing=True)
            with self._writer.begin() as connection:
                _migrate(connection)
        except DatabaseError as error:
            raise StoreError(_explained(url, error)) from error

    def __str__(self) -> str:
        return _named(self._engine.url)

    @contextlib.contextmanager
    def reading(self) -> Iterator[Records]:
        """The records as they are now; whatever is changed in them is dropped."""
        with Session(self._engine) as session:
            yield self._records(session)

    @contextlib.contextmanager
    def writing(self) -> Iterator[Records]:
        """The records, held until the end; what changed counts on a clean exit only."""
        with Session(self._writer) as session, session.begin():
            yield self._records(session)

    @contextlib.contextmanager
    def trying(self) -> Iterator[Records]:
        """The records to change freely: nothing of it is kept."""
        with Session(self._writer) as session:
            yield self._records(session)
            session.rollback()

    def purge(self, before: datetime) -> None:
        """Delete what was said before that moment; polls and their counts stay, and sums of what was spent."""
        with Session(self._writer) as session, session.begin():
            session.execute(delete(EventRow).where(EventRow.claimed_until < before))
            for table in (MessageRow, UnansweredRow, FeedbackRow, RemarkRow):
                session.execute(delete(table).where(table.at < before))
            self._records(session).ledger.detach(SpendingRow.at < before)
            session.execute(delete(SpendingRow).where(SpendingRow.at < before - LEDGER_LASTS))

    def _records(self, session: Session) -> Records:
        return Records(session, self._seal)

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()


def _url(place: str | Path) -> URL:
    if isinstance(place, Path):
        return URL.create("sqlite", database=str(place))
    try:
        return make_url(place)
    except (ArgumentError, ValueError) as error:  # ValueError: a port that is no number
        raise StoreError(UNUSABLE) from error


def _engine(url: URL) -> Engine:
    try:
        if url.get_backend_name() != "sqlite":
            return create_engine(url, pool_pre_ping=True)
        engine = _sqlite_engine(url)
    except (ArgumentError, ModuleNotFoundError) as error:
        raise StoreError(UNUSABLE) from error
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _sqlite_engine(url: URL) -> Engine:
    if url.database in (None, "", ":memory:"):
        # The one connection is the database: whoever needs it waits until it is free.
        pool = {"poolclass": QueuePool, "pool_size": 1, "max_overflow": 0, "pool_timeout": PATIENCE}
        return create_engine(url, connect_args={"check_same_thread": False}, **pool)
    engine = create_engine(url, connect_args={"timeout": PATIENCE})
    _make_folder(Path(str(url.database)).parent)
    return engine


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(
            f"The folder {folder} cannot be written to ({error.strerror or error}): "
            "set FINOPS_HOME, or FINOPS_DATABASE_URL where it is set, to a place that you may write to."
        ) from error


def _prepare(connection: sqlite3.Connection, _record: object) -> None:
    # The driver would begin transactions on its own, and later than it should: SQLAlchemy says BEGIN itself.
    connection.isolation_level = None
    connection.execute("PRAGMA foreign_keys = ON")
    _write_ahead(connection)
    connection.execute("PRAGMA synchronous = FULL")


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Have readers and a writer not wait for each other. A new file fails at once while another process opens it."""
    tries_until = time.monotonic() + PATIENCE
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > tries_until:
                raise
            time.sleep(0.01)


def _begin(connection: Connection) -> None:
    # Who means to write says so at once: a reader that turns into a writer halfway fails when another one was faster.
    writing = connection.get_execution_options().get("writing")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def _migrate(connection: Connection) -> None:
    """Bring the tables up to date, in the same transaction. Raises StoreError for tables of a later version."""
    revisions = sorted(file.name.split("_")[0] for file in (MIGRATIONS / "versions").glob("[0-9]*.py"))
    found = None
    if inspect(connection).has_table("alembic_version"):
        found = connection.scalar(text("SELECT version_num FROM alembic_version"))
    if found == revisions[-1]:
        return
    if found is not None and found not in revisions:
        raise StoreError(f"The store was made by a later version ({found}) of FinOps Bot: use that version or newer.")
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    log.info("The store is now at revision %s", revisions[-1])


def _explained(url: URL, error: DatabaseError) -> str:
    return (
        f"The store {_named(url)} cannot be used ({error.orig}): check that it is a database of FinOps Bot and can be "
        "written to, or move it away to begin with an empty one."
    )


def _named(url: URL) -> str:
    """Where the database is, without its password."""
    return str(url.database) if url.get_backend_name() == "sqlite" else url.render_as_string(hide_password=True)
