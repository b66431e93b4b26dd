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
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Connection, MetaData, Table, func, inspect, select, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from bot.store import StoreError, earlier
from bot.store.database import Store
from bot.store.engines import reason_of
from bot.store.models import Base
from bot.store.models.roles import Holds, having
from bot.store.numbers import go_on_from, last_number
from bot.store.revisions import migrate, revision_of, revisions
from bot.store.rows import BATCH, fill

FORM = "finops-bot backup 1"
MANIFEST = "manifest.json"
# Bytes that no row comes near: the longest holds a message, its sources and what it stood on (some 100 KB).
LONGEST_LINE = 4 * 1024 * 1024
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
    sealed = sum(
        connection.scalar(select(func.count()).where(column.is_not(None))) or 0
        for column, role in having(Base.metadata, Holds)
        if role is Holds.SEALED
    )
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
    return Part(count, digest.hexdigest(), last_number(connection, table))


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
        with archive.open(MANIFEST) as part:
            if len(written := part.read(LONGEST_LINE)) == LONGEST_LINE:
                raise ValueError("no manifest")
        held = json.loads(written)
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
        known = manifest.revision in (*earlier.REVISIONS, *revisions())
        if not known or any(not _is_sound(archive, *one) for one in tables.items()):
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
            _read(archive, connection, manifest)
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
    """Whether a part is what the manifest says; one with a line that no row could fill is not read to its end."""
    digest, count = hashlib.sha256(), 0
    with archive.open(f"{name}.jsonl") as lines:
        while line := lines.readline(LONGEST_LINE):
            if not line.endswith(b"\n"):
                return False
            digest.update(line)
            count += 1
    return (digest.hexdigest(), count) == (part.sha256, part.rows)


def _has_rows(connection: Connection) -> bool:
    tables = Base.metadata.sorted_tables
    return any(connection.execute(select(1).select_from(table).limit(1)).first() for table in tables)


def _read(archive: zipfile.ZipFile, connection: Connection, manifest: Manifest) -> None:
    """Have the tables hold what the backup holds, and be those of today."""
    last = {name: part.last for name, part in manifest.tables.items()}
    if manifest.revision in earlier.REVISIONS:
        if not {"polls", "messages"} <= last.keys() <= earlier.TABLES:
            raise ValueError("other tables")
        _made(connection, None)
        earlier.fill_from(connection, last.keys(), lambda name: _rows(archive, name), last)
        return
    made = _made(connection, manifest.revision)
    if made != last.keys():
        raise ValueError("other tables")
    for table in _reflected(connection, made):
        fill(connection, table, _rows(archive, table.name))
        go_on_from(connection, table, last[table.name])
    migrate(connection)


def _made(connection: Connection, revision: str | None) -> set[str]:
    """The names of the tables of a revision, made anew and empty; by default of the newest."""
    Base.metadata.drop_all(connection)
    connection.execute(text("DROP TABLE alembic_version"))
    others = set(inspect(connection).get_table_names())
    migrate(connection, revision)
    return set(inspect(connection).get_table_names()) - others - {"alembic_version"}


def _reflected(connection: Connection, names: Iterable[str]) -> list[Table]:
    found = MetaData()
    found.reflect(connection, only=list(names))
    return found.sorted_tables


def _rows(archive: zipfile.ZipFile, name: str) -> Iterator[Mapping[str, Any]]:
    with archive.open(f"{name}.jsonl") as part, io.TextIOWrapper(part, "utf-8", newline="\n") as lines:
        for line in lines:
            yield json.loads(line)
