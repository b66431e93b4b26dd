"""Revisions of the tables: which one a database is at, and how it is brought to another by migrations."""

from __future__ import annotations

import logging
from pathlib import Path

from sqlalchemy import Connection, inspect, text

from bot.store import StoreError, earlier

log = logging.getLogger(__name__)

MIGRATIONS = Path(__file__).with_name("migrations")
# Any number that no other program takes for its own locks in the same database.
_LOCK = 0x46696E4F7073


def revisions() -> list[str]:
    """All revisions, the oldest first; without those that were never released."""
    return sorted(file.name.split("_")[0] for file in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def revision_of(connection: Connection) -> str | None:
    """The revision of the database; None where it has no tables yet."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return found


def migrate(connection: Connection, to: str | None = None) -> None:
    """Bring the tables up to date, or to that revision, in the same transaction.

    Raises StoreError for tables of a later version.
    """
    target = to or revisions()[-1]
    if revision_of(connection) == target:
        return
    if connection.dialect.name == "postgresql":
        # One process migrates; the others wait here until it has committed. (SQLite has one writer anyway.)
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    found = revision_of(connection)
    if found == target:
        return
    if found in earlier.REVISIONS:
        earlier.bring_over(connection, lambda: migrate(connection, target))
        return
    if found is not None and found not in revisions():
        raise StoreError(f"The store was made by a later version ({found}) of FinOps Bot: use that version or newer.")
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, target)
    log.info("The store is now at revision %s", target)
