"""How databases are connected to: which URLs name one that can be used, and what each kind needs of a connection."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.exc import ArgumentError, DBAPIError, InterfaceError, OperationalError
from sqlalchemy.pool import QueuePool

from bot.store import StoreError

# How long a writer waits for another one, and whoever needs a connection for a free one, in seconds.
PATIENCE = 30
# How long a server may take to be reached, in seconds.
REACHED_WITHIN = 10
# How long a server may be silent before its connection counts as lost, in seconds.
SILENCE = 30
# As many connections as threads of a process use at a time; a server has about a hundred for all.
CONNECTIONS = 10
POSTGRESQL = "postgresql+psycopg"
# The second is how hosts hand it out.
NAMES = {"postgresql": POSTGRESQL, "postgres": POSTGRESQL, POSTGRESQL: POSTGRESQL}
SQLITE = ("sqlite", "sqlite+pysqlite")
IN_MEMORY = "sqlite://"
# SQLite's primary result codes for a file that cannot be used: held by another program, unreadable, full, damaged.
UNUSABLE_FILE = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_NOTADB,
    }
)
# Classes of SQLSTATE for a server that cannot be used: connection, resources, an operator's doing, its disks.
UNUSABLE_SERVER = frozenset({"08", "53", "57", "58"})
# SQLSTATE of a full disk, and of a server that only lets others read.
FULL, STANDBY = "53100", "25006"
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


def lightly(engine: Engine) -> Engine:
    """The same for those who write what has to outlive the process, and need not outlive the machine.

    SQLite then does not wait for the disk. What is written later, and has to, takes this with it.
    """
    return engine.execution_options(durable=False)


def reading(engine: Engine) -> Engine:
    """The same for those who only look: at one moment of the database, however many queries they make.

    It may have connections of its own, and is to be disposed of too.
    """
    if engine.dialect.name == "postgresql":
        return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    # A connection that changes between reading and writing prepares all its statements anew: see `_begin`.
    return engine if _is_in_memory(engine.url) else _sqlite(engine.url)


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
    if is_full(error):
        return f"The store {named(url)} cannot be written to, as its disk is full: make room there."
    if _sqlite_code(error) == sqlite3.SQLITE_BUSY:
        return f"The store {named(url)} is held by another program ({reason}): wait for that program, or end it."
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


def is_full(error: DBAPIError) -> bool:
    """Whether the disk of the database is full."""
    return _sqlite_code(error) == sqlite3.SQLITE_FULL or getattr(error.orig, "sqlstate", None) == FULL


def is_outage(error: DBAPIError, writes: bool) -> bool:
    """Whether an error of a driver says that the database cannot be used at present, whatever was asked of it."""
    if (code := _sqlite_code(error)) is not None:
        # Whoever only reads is refused what would change something: a mistake of the bot's.
        return code in UNUSABLE_FILE or (writes and code == sqlite3.SQLITE_READONLY)
    state = getattr(error.orig, "sqlstate", None)
    known = state is None or state[:2] in UNUSABLE_SERVER or state == STANDBY
    return error.connection_invalidated or (isinstance(error, OperationalError | InterfaceError) and known)


def _sqlite_code(error: DBAPIError) -> int | None:
    """SQLite's primary result code, None for another database's error."""
    code: int | None = getattr(error.orig, "sqlite_errorcode", None)
    return None if code is None else code & 0xFF


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
        connect_args={
            "connect_timeout": REACHED_WITHIN,
            "application_name": "finops-bot",
            "keepalives_idle": SILENCE // 3,
            "keepalives_interval": SILENCE // 3,
            "keepalives_count": 2,
            "tcp_user_timeout": SILENCE * 1000,
        },
        pool_size=CONNECTIONS,
        max_overflow=0,
        pool_timeout=PATIENCE,
        pool_pre_ping=True,  # after a restart of the server the next statement finds a connection that works
        hide_parameters=True,
    )


def _sqlite(url: URL) -> Engine:
    if _is_in_memory(url):
        # The one connection is the database: whoever needs it waits until it is free.
        pool = {"poolclass": QueuePool, "pool_size": 1, "max_overflow": 0, "pool_timeout": PATIENCE}
        engine = create_engine(url, connect_args={"check_same_thread": False}, hide_parameters=True, **pool)
    else:
        # Whichever was used last has in memory what is used most.
        engine = create_engine(url, connect_args={"timeout": PATIENCE}, hide_parameters=True, pool_use_lifo=True)
        _make_folder(Path(str(url.database)).parent)
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _is_in_memory(url: URL) -> bool:
    return url.database in (None, "", ":memory:")


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


def _await_disk(cursor: DBAPICursor, durable: bool) -> None:
    """Whether a commit waits for the disk: FULL does, and what is acknowledged is there after a loss of power.

    NORMAL leaves it to the operating system, which keeps what a process wrote that was killed.
    """
    cursor.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")


def _begin(connection: Connection) -> None:
    options = connection.get_execution_options()
    writes, durable = bool(options.get("writing")), bool(options.get("durable", True))
    if connection.info.get("durable") is not durable:
        _await_disk(connection.connection.cursor(), durable)
        connection.info["durable"] = durable
    if connection.info.get("writes") is not writes:
        # As PostgreSQL does: whoever said to read cannot change anything by mistake. Not at each beginning, as SQLite
        # then prepares all statements of the connection anew, which costs as much as ten of them.
        connection.connection.cursor().execute(f"PRAGMA query_only = {'OFF' if writes else 'ON'}")
        connection.info["writes"] = writes
    # Who means to write says so at once: a reader that turns into a writer halfway fails when another one was faster.
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
