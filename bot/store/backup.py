"""Backups: all tables in one portable file, which moves a store between databases, and back."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import os
import secrets
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Connection, MetaData, Table, func, inspect, select, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from bot.store import StoreError
from bot.store.database import Store
from bot.store.engines import reason_of
from bot.store.models import Base, PollRow
from bot.store.revisions import migrate, revision_of, revisions

FORM = "finops-bot backup 1"
MANIFEST = "manifest.json"
# So many rows are in memory at a time.
BATCH = 1_000
# What reading a file that is no sound zip can raise.
_UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    AttributeError,
    EOFError,
    KeyError,
    RuntimeError,
    TypeError,
    ValueError,
)


@dataclass(frozen=True)
class Part:
    """A table in a backup: its rows, the SHA-256 of its part of the file, the last number that it gave to a row."""

    rows: int
    sha256: str
    last: int | None = None


@dataclass(frozen=True)
class Manifest:
    """What a backup holds: made when, by which version, of which revision.

    `secret` is the fingerprint of the secret then, if there was one; `sealed` counts the polls that need it.
    """

    revision: str
    at: datetime
    version: str
    secret: str | None
    sealed: int
    tables: Mapping[str, Part]

    @property
    def rows(self) -> int:
        """How many rows it holds."""
        return sum(part.rows for part in self.tables.values())


# --- Writing ---


def write_backup(
    store: Store, file: Path, at: datetime, version: str, secret: str | None, replace: bool = False
) -> Manifest:
    """Write all that the store holds at one moment to `file`, whole or not at all. Raises StoreError.

    `secret` is a fingerprint; a file that is there is kept unless it may be replaced.
    """
    if file.exists() and not replace:
        raise StoreError(f"{file} is there already: name another file, or add --force to replace it.")
    draft = file.with_name(f"{file.name}.{secrets.token_hex(4)}.part")
    try:
        descriptor = os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "w+b") as written, store.snapshot() as connection:
                manifest = _write(written, connection, at, version, secret)
                written.flush()
                os.fsync(written.fileno())
            os.replace(draft, file)
        finally:
            draft.unlink(missing_ok=True)
    except OSError as error:
        raise StoreError(f"{file} cannot be written ({error.strerror or error}): name another file.") from error
    return manifest


def _write(written: IO[bytes], connection: Connection, at: datetime, version: str, secret: str | None) -> Manifest:
    sealed = connection.scalar(select(func.count()).where(PollRow.key.is_not(None))) or 0
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        found = _reflected(connection, Base.metadata.tables)
        parts = {table.name: _write_table(archive, connection, table, at) for table in found}
        manifest = Manifest(str(revision_of(connection)), at.astimezone(UTC), version, secret, sealed, parts)
        with _part(archive, MANIFEST, at) as part:
            held = {"form": FORM, **asdict(manifest), "at": manifest.at.isoformat()}
            part.write(json.dumps(held, indent=2).encode())
    return manifest


def _write_table(archive: zipfile.ZipFile, connection: Connection, table: Table, at: datetime) -> Part:
    digest, count = hashlib.sha256(), 0
    # In the order of keys: the order of rows would tell in which order secret votes came.
    wanted = select(table).order_by(*table.primary_key).execution_options(yield_per=BATCH)
    with _part(archive, f"{table.name}.jsonl", at) as part:
        for row in connection.execute(wanted).mappings():
            held = {name: _plain(value) for name, value in row.items()}
            line = json.dumps(held, ensure_ascii=False).encode() + b"\n"
            digest.update(line)
            part.write(line)
            count += 1
    return Part(count, digest.hexdigest(), _last_number(connection, table))


@contextmanager
def _part(archive: zipfile.ZipFile, name: str, at: datetime) -> Iterator[IO[bytes]]:
    about = zipfile.ZipInfo(name, at.timetuple()[:6])
    about.compress_type = zipfile.ZIP_DEFLATED
    about.external_attr = 0o600 << 16
    with archive.open(about, "w", force_zip64=True) as part:
        yield part


def _plain(value: Any) -> Any:
    """A value as JSON has it."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    return value


# --- Reading ---


def read_manifest(file: Path) -> Manifest:
    """What a backup holds, after all of it was checked. Raises StoreError for a file that cannot be restored."""
    with _opened(file) as archive:
        held = json.loads(archive.read(MANIFEST))
        form = str(held.pop("form"))
        if not form.startswith(FORM.rpartition(" ")[0]):
            raise ValueError("no backup")
        if form != FORM or str(held["revision"]) > revisions()[-1]:
            raise StoreError(
                f"{file} was made by a later version of FinOps Bot ({held['version']}): restore it with that version "
                "or newer."
            )
        tables = {str(name): Part(**part) for name, part in held.pop("tables").items()}
        manifest = Manifest(**{**held, "at": datetime.fromisoformat(held["at"]), "tables": tables})
        if manifest.revision not in revisions() or any(not _is_sound(archive, *one) for one in tables.items()):
            raise ValueError("not what the manifest says")
        return manifest


def restore_backup(store: Store, file: Path, replace: bool = False) -> Manifest:
    """Have the store hold what the backup holds, and nothing else: all of it, or all stays as it was.

    Raises StoreError, also for a store that is not empty, unless what it holds may be replaced.
    """
    manifest = read_manifest(file)
    try:
        with store.rebuilding() as connection, _opened(file) as archive:
            if not replace and _has_rows(connection):
                raise StoreError(
                    f"The store {store} is not empty: name an empty one in FINOPS_DATABASE_URL, or add --replace to "
                    "have all that it holds replaced."
                )
            for table in _remade(connection, manifest):
                _read_table(archive, connection, table)
                _go_on_from(connection, table, manifest.tables[table.name].last)
            migrate(connection)
    except DBAPIError as error:
        raise StoreError(
            f"{file} cannot be restored into {store} ({reason_of(error)}): nothing was changed there."
        ) from error
    except SQLAlchemyError as error:
        raise StoreError(_damaged(file)) from error
    return manifest


@contextmanager
def _opened(file: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(file) as archive:
            yield archive
    except OSError as error:
        raise StoreError(f"{file} cannot be read ({error.strerror or error}): name a backup.") from error
    except _UNREADABLE as error:
        raise StoreError(_damaged(file)) from error


def _damaged(file: Path) -> str:
    return f"{file} is no sound backup of FinOps Bot: use another one (nothing was changed)."


def _is_sound(archive: zipfile.ZipFile, name: str, part: Part) -> bool:
    digest, count = hashlib.sha256(), 0
    with archive.open(f"{name}.jsonl") as lines:
        for line in lines:
            digest.update(line)
            count += 1
    return (digest.hexdigest(), count) == (part.sha256, part.rows)


def _has_rows(connection: Connection) -> bool:
    tables = Base.metadata.sorted_tables
    return any(connection.execute(select(1).select_from(table).limit(1)).first() for table in tables)


def _remade(connection: Connection, manifest: Manifest) -> list[Table]:
    """The tables of the backup's revision, empty, in an order in which they can be filled."""
    Base.metadata.drop_all(connection)
    connection.execute(text("DROP TABLE alembic_version"))
    others = set(inspect(connection).get_table_names())
    migrate(connection, manifest.revision)
    made = set(inspect(connection).get_table_names()) - others - {"alembic_version"}
    if made != set(manifest.tables):
        raise ValueError("other tables")
    return _reflected(connection, made)


def _reflected(connection: Connection, names: Iterable[str]) -> list[Table]:
    found = MetaData()
    found.reflect(connection, only=list(names))
    return found.sorted_tables


def _read_table(archive: zipfile.ZipFile, connection: Connection, table: Table) -> None:
    kinds = {column.name: column.type.python_type for column in table.columns}
    with archive.open(f"{table.name}.jsonl") as part, io.TextIOWrapper(part, "utf-8", newline="\n") as lines:
        rows = ({name: _typed(value, kinds[name]) for name, value in json.loads(line).items()} for line in lines)
        while some := list(islice(rows, BATCH)):
            connection.execute(table.insert(), some)


def _typed(value: Any, kind: type) -> Any:
    """A value of JSON as its column has it."""
    if isinstance(value, str) and kind is datetime:
        return datetime.fromisoformat(value)
    if isinstance(value, str) and kind is bytes:
        return base64.b64decode(value, validate=True)
    return value


# --- Numbers ---


def _last_number(connection: Connection, table: Table) -> int | None:
    """The last number that the table gave to a row, which may be gone."""
    if connection.dialect.name == "postgresql":
        if (sequence := _sequence(connection, table)) is None:
            return None
        last: int | None = connection.scalar(text(f"SELECT CASE WHEN is_called THEN last_value END FROM {sequence}"))
        return last
    if not inspect(connection).has_table("sqlite_sequence"):
        return None
    last = connection.scalar(text("SELECT seq FROM sqlite_sequence WHERE name = :name"), {"name": table.name})
    return last


def _go_on_from(connection: Connection, table: Table, last: int | None) -> None:
    """Have new rows get numbers that no row had."""
    if connection.dialect.name == "postgresql":
        if (sequence := _sequence(connection, table)) is not None:
            (column,) = table.primary_key
            highest = max(connection.scalar(select(func.max(column))) or 0, last or 0)
            if highest:
                connection.execute(select(func.setval(sequence, highest)))
    elif last is not None:
        where = {"name": table.name, "last": last}
        counts = "SELECT 1 FROM sqlite_master WHERE name = :name AND sql LIKE '%AUTOINCREMENT%'"
        if connection.execute(text(counts), where).first():
            connection.execute(text("DELETE FROM sqlite_sequence WHERE name = :name"), where)
            connection.execute(text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :last)"), where)


def _sequence(connection: Connection, table: Table) -> str | None:
    """PostgreSQL's name of what numbers the rows of a table, fit for a statement."""
    if len(table.primary_key) != 1:
        return None
    (column,) = table.primary_key
    named = func.pg_get_serial_sequence(connection.dialect.identifier_preparer.format_table(table), column.name)
    found: str | None = connection.scalar(select(named))
    return found
