"""Opening the store: tables made by migrations, and one plain sentence where it cannot be opened."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine

from bot.reply import Reply, Text
from bot.store import StoreError
from bot.store.database import Store
from bot.store.engines import IN_MEMORY, open_engine, read_url
from bot.store.models import Base
from bot.store.revisions import MIGRATIONS, revisions
from bot.turn import Person, Room, Turn
from tests.bot.conftest import Place, run_sql, stored
from tests.waiting import PATIENCE

pytestmark = pytest.mark.every_database

ROOT = Path(__file__).parents[2]
NOON = datetime(2025, 1, 6, 12, tzinfo=UTC)
TURN = Turn("test:1", Room("test", "here"), Person("test:ana", "Ana"), "hello", NOON)
NEWEST = revisions()[-1]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "store.db"


def open_and_use(place: str | Path) -> str:
    """Open the store, say something, and return what is remembered of it."""
    with closing(Store(place)) as store:
        with store.writing() as records:
            records.remember(TURN, Reply((Text("Hello."),), "question"))
        with store.reading() as records:
            return " ".join(message.content for message in records.scene(TURN).history)


def refused(place: str | Path) -> str:
    """What is said by a store that cannot be opened: one sentence, in one line."""
    with pytest.raises(StoreError) as caught:
        Store(place)
    said = str(caught.value)
    assert said.endswith(".")
    assert ". " not in said
    assert "\n" not in said
    assert "Traceback" not in said
    assert "sqlalche.me" not in said
    return said


# --- Tables ---


def test_the_migrations_make_the_tables_of_the_models(empty_database: Place) -> None:
    Store(empty_database).close()
    engine = open_engine(read_url(empty_database))
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, Base.metadata) == []
    engine.dispose()


def test_the_migrations_make_numbers_that_are_not_given_again(file: Path) -> None:
    """What a comparison with the models does not see."""
    Store(file).close()
    by_hand = create_engine("sqlite://")
    with by_hand.connect() as connection:
        Base.metadata.create_all(connection)
        wanted = {
            row[0]
            for row in connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE sql LIKE '%AUTOINCREMENT%'")
        }
    by_hand.dispose()
    with closing(sqlite3.connect(file)) as made:
        found = {row[0] for row in made.execute("SELECT name FROM sqlite_master WHERE sql LIKE '%AUTOINCREMENT%'")}
    assert found == wanted != set()


def test_the_revisions_are_one_line(file: Path) -> None:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    script = ScriptDirectory.from_config(config)
    assert script.get_heads() == [NEWEST]
    assert len(script.get_bases()) == 1


def test_opening_again_changes_nothing(database: Place) -> None:
    assert open_and_use(database) == "hello Hello."
    before = stored(database)
    for _ in range(2):
        Store(database).close()
    assert stored(database) == before
    assert f"'{NEWEST}'" in before


@pytest.mark.parametrize("name", ["store.db", "50% of it #1?.db", "ein Größerer & 費.db", "deep/er/store.db"])
def test_a_store_is_made_where_it_is_named(tmp_path: Path, name: str) -> None:
    assert open_and_use(tmp_path / name) == "hello Hello."
    assert (tmp_path / name).is_file()
    with closing(Store(tmp_path / name)) as store:
        assert str(store) == str(tmp_path / name)


def test_a_store_can_be_named_by_a_url(file: Path) -> None:
    assert open_and_use(f"sqlite:///{file}") == "hello Hello."
    assert open_and_use(file) == "hello Hello. hello Hello."


def test_a_store_in_memory_is_gone_when_it_is_closed() -> None:
    assert [open_and_use(IN_MEMORY), open_and_use(IN_MEMORY)] == ["hello Hello."] * 2


# --- What cannot be opened ---


def test_a_store_of_a_later_version_is_left_alone(database: Place) -> None:
    open_and_use(database)
    later = ("UPDATE alembic_version SET version_num = '9999'", "ALTER TABLE places ADD COLUMN colour TEXT")
    run_sql(database, *later)
    before = stored(database)
    told = "The store was made by a later version (9999) of FinOps Bot: use that version or newer."
    assert refused(database) == told
    assert stored(database) == before


def cut_short(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:5000])


def overwrite_tables(file: Path) -> None:
    content = file.read_bytes()
    file.write_bytes(content[:100] + b"\xff" * (len(content) - 100))


def write_text(file: Path) -> None:
    file.write_text("This is my shopping list.\n" * 100)


def write_noise(file: Path) -> None:
    file.write_bytes(bytes(range(256)) * 40)


def make_folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


DAMAGES = [cut_short, overwrite_tables, write_text, write_noise, make_folder]


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_a_file_that_is_no_store_is_named_and_left_alone(file: Path, damage: Callable[[Path], None]) -> None:
    open_and_use(file)
    damage(file)
    before = file.read_bytes() if file.is_file() else b""
    said = refused(file)
    assert said.startswith(f"The store {file} cannot be used (")
    assert said.endswith("or move it away to begin with an empty one.")
    assert (file.read_bytes() if file.is_file() else b"") == before


def test_a_database_of_something_else_keeps_its_content(file: Path) -> None:
    run_sql(file, "CREATE TABLE messages (subject TEXT)", "INSERT INTO messages VALUES ('Lunch?')")
    before = stored(file)
    assert refused(file).startswith(f"The store {file} cannot be used (table messages already exists")
    assert stored(file) == before


def test_a_place_below_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    for place in (tmp_path / "file" / "store.db", tmp_path / "file" / "deeper" / "store.db"):
        said = refused(place)
        assert said.startswith(f"The folder {place.parent} cannot be written to (")
        assert "set FINOPS_HOME" in said


UNUSABLE = [
    "",
    "store.db",
    "nosuch://host/base",
    "http://host/base",
    "postgresql://me:secret@host:port/base",
    "postgresql+psycopg2://me:secret@host/base",
    "postgresql+nosuch://me:secret@host/base",
    "mysql://me:secret@host/base",
    "sqlite+nosuch:///store.db",
    "sqlite+pysqlcipher:///store.db",
    "sqlite://host/store.db",
]


@pytest.mark.parametrize("url", UNUSABLE)
def test_a_url_that_names_no_usable_database_is_refused(url: str) -> None:
    said = refused(url)
    assert said.startswith("FINOPS_DATABASE_URL names no database that can be used: give one such as sqlite:///")
    assert "secret" not in said


# --- At the same time ---


OPEN = """
import sys
from pathlib import Path
from bot.store.database import Store
print("here", flush=True)
sys.stdin.readline()
store = Store(Path(sys.argv[1]))
with store.reading() as records:
    print(store, flush=True)
store.close()
"""


@pytest.mark.parametrize(
    "attempt", [1, pytest.param(2, marks=pytest.mark.trial), pytest.param(3, marks=pytest.mark.trial)]
)
def test_processes_that_open_a_new_store_at_once_all_succeed(file: Path, attempt: int) -> None:
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", OPEN, str(file)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "here\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    told = [process.communicate(timeout=PATIENCE) for process in processes]
    assert told == [(f"{file}\n", "")] * 4
    assert open_and_use(file) == "hello Hello."
