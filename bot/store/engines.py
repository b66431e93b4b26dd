"""How databases are connected to: which URLs name one that can be used, and what each kind needs of a connection."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.pool import QueuePool

from bot.store import StoreError

# How long a writer waits for another one, and whoever needs a connection for a free one, in seconds.
PATIENCE = 30
# How long a server may take to be reached, in seconds.
REACHED_WITHIN = 10
# As many connections as threads of a process use at a time; a server has about a hundred for all.
CONNECTIONS = 10
POSTGRESQL = "postgresql+psycopg"
# The second is how hosts hand it out.
NAMES = {"postgresql": POSTGRESQL, "postgres": POSTGRESQL, POSTGRESQL: POSTGRESQL}
SQLITE = ("sqlite", "sqlite+pysqlite")
IN_MEMORY = "sqlite://"
UNUSABLE = (
    "FINOPS_DATABASE_URL names no database that can be used: give one such as sqlite:////var/lib/finops-bot/store.db "
    "or postgresql://name:password@host/finops, or leave it out."
)


def read_url(place: str | Path) -> URL:
    """The URL of a database, by its own URL or by SQLite's file. Raises StoreError where it could not be used."""
    if isinstance(place, Path):
        return URL.create("sqlite", database=str(place))
    try:
        url = make_url(place)
    except (ArgumentError, ValueError) as error:  # ValueError: a port that is no number
        raise StoreError(UNUSABLE) from error
    if url.drivername not in (*SQLITE, *NAMES):
        raise StoreError(UNUSABLE)
    return url.set(drivername=NAMES.get(url.drivername, url.drivername))


def open_engine(url: URL) -> Engine:
    """What connects to that database. Raises StoreError. Its errors tell nothing of what people said."""
    try:
        return _postgresql(url) if url.get_backend_name() == "postgresql" else _sqlite(url)
    except ArgumentError as error:
        raise StoreError(UNUSABLE) from error


def writing(engine: Engine) -> Engine:
    """The same for those who change something."""
    if engine.dialect.name == "postgresql":
        return engine.execution_options(isolation_level="READ COMMITTED")
    return engine.execution_options(writing=True)


def reading(engine: Engine) -> Engine:
    """The same for those who only look: at one moment of the database, however many queries they make."""
    if engine.dialect.name == "postgresql":
        return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return engine


def named(url: URL) -> str:
    """Where the database is, without its password."""
    if url.get_backend_name() == "sqlite":
        return str(url.database)
    host = url.host or url.query.get("host")
    shown = url.set(drivername="postgresql", query={"host": host} if host and not url.host else {})
    return shown.render_as_string(hide_password=True)


def explained(url: URL, error: DBAPIError) -> str:
    """One sentence on a database that cannot be used: why, and what to do."""
    reason = reason_of(error)
    if url.get_backend_name() == "sqlite":
        return (
            f"The store {named(url)} cannot be used ({reason}): check that it is a database of FinOps Bot and can be "
            "written to, or move it away to begin with an empty one."
        )
    if error.connection_invalidated or getattr(error.orig, "sqlstate", None) is None:
        return (
            f"The store {named(url)} cannot be reached ({reason}): check that PostgreSQL runs there, and that "
            "FINOPS_DATABASE_URL names it with the right user and password."
        )
    return (
        f"The store {named(url)} cannot be used ({reason}): check that it is a database of FinOps Bot in which you may "
        "make tables, or name an empty one in FINOPS_DATABASE_URL."
    )


def reason_of(error: DBAPIError) -> str:
    """What a driver says, as a part of a sentence: the last of its tries, without the marks of its log lines."""
    lines = [line.strip() for line in str(error.orig).splitlines() if line.strip()]
    if not lines:
        return type(error.orig).__name__
    told = [line for line in lines if "failed: " in line or "FATAL: " in line]
    reason = (told[-1] if told else lines[0]).rpartition("failed: ")[2].rpartition("FATAL: ")[2]
    return reason.strip().rstrip(".").replace(". ", "; ")


def _postgresql(url: URL) -> Engine:
    return create_engine(
        url,
        connect_args={"connect_timeout": REACHED_WITHIN, "application_name": "finops-bot"},
        pool_size=CONNECTIONS,
        max_overflow=0,
        pool_timeout=PATIENCE,
        pool_pre_ping=True,  # after a restart of the server the next statement finds a connection that works
        hide_parameters=True,
    )


def _sqlite(url: URL) -> Engine:
    if url.database in (None, "", ":memory:"):
        # The one connection is the database: whoever needs it waits until it is free.
        pool = {"poolclass": QueuePool, "pool_size": 1, "max_overflow": 0, "pool_timeout": PATIENCE}
        engine = create_engine(url, connect_args={"check_same_thread": False}, hide_parameters=True, **pool)
    else:
        engine = create_engine(url, connect_args={"timeout": PATIENCE}, hide_parameters=True)
        _make_folder(Path(str(url.database)).parent)
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
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
    # Whoever is forgotten, and the key of a closed anonymous poll, must not be legible in the file either: what is
    # deleted is overwritten.
    connection.execute("PRAGMA secure_delete = ON")


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
    writes = bool(connection.get_execution_options().get("writing"))
    # As PostgreSQL does: whoever said to read cannot change anything by mistake.
    connection.exec_driver_sql(f"PRAGMA query_only = {'OFF' if writes else 'ON'}")
    # Who means to write says so at once: a reader that turns into a writer halfway fails when another one was faster.
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
