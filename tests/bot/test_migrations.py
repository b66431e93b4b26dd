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
from bot.store.database import IN_MEMORY, MIGRATIONS, Store
from bot.store.models import Base
from bot.turn import Person, Room, Turn
from knowledge.answer import Spent

ROOT = Path(__file__).parents[2]
NOON = datetime(2025, 1, 6, 12, tzinfo=UTC)
TURN = Turn("test:1", Room("test", "here"), Person("test:ana", "Ana"), "hello", NOON)
NEWEST = max(file.name.split("_")[0] for file in (MIGRATIONS / "versions").glob("[0-9]*.py"))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "store.db"


def stored(file: Path) -> str:
    """All that is in the database, as SQL."""
    with closing(sqlite3.connect(file)) as connection:
        return "\n".join(connection.iterdump())


def run_sql(file: Path, statement: str) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.executescript(statement)


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


def test_the_migrations_make_the_tables_of_the_models(file: Path) -> None:
    Store(file).close()
    engine = create_engine(f"sqlite:///{file}")
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


def test_questions_of_the_first_version_are_kept(file: Path) -> None:
    """Before it was known whether a question was outside the subject, all of them were reported."""
    run_sql(
        file,
        """
        CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL);
        INSERT INTO alembic_version VALUES ('0001');
        CREATE TABLE unanswered (
            id INTEGER NOT NULL PRIMARY KEY, place VARCHAR(255) NOT NULL, person VARCHAR(255) NOT NULL,
            question TEXT NOT NULL, at DATETIME NOT NULL
        );
        INSERT INTO unanswered VALUES (1, 'test/here', 'test:ana', 'who won?', '2025-01-06 12:00:00.000000');
        """,
    )
    with closing(Store(file)) as store, store.reading() as records:
        (kept,) = records.unanswered(NOON)
    assert (kept.question, kept.outside, kept.at) == ("who won?", False, NOON)


def test_opening_again_changes_nothing(file: Path) -> None:
    assert open_and_use(file) == "hello Hello."
    before = stored(file)
    for _ in range(2):
        Store(file).close()
    assert stored(file) == before
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


FIRST_VERSION = """
INSERT INTO messages VALUES (7, 'test/here/', 'test:ana', NULL, 'hello', 0, '2025-01-06 12:00:00.000000');
INSERT INTO messages VALUES (8, 'test/here/', 'test:ana', 'question', 'Hello.', 0, '2025-01-06 12:00:00.000000');
INSERT INTO polls VALUES (1, 'test/here', 'Which fruit?', 'test:ana', '2025-01-06 12:00:00.000000', NULL);
INSERT INTO options VALUES (1, 1, 'apple'), (1, 2, 'pear');
INSERT INTO votes VALUES (1, 'test:ana', 2);
INSERT INTO feedback VALUES (8, 'test:ana', 1, NULL, '2025-01-06 12:00:00.000000');
"""


def make_first_version(file: Path) -> None:
    """A store as the first version made it, with some of everything in it."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    engine = create_engine(f"sqlite:///{file}")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
    engine.dispose()
    run_sql(file, FIRST_VERSION)


def test_a_store_of_the_first_version_keeps_all_that_it_has(file: Path) -> None:
    make_first_version(file)
    before = [line for line in stored(file).splitlines() if line.startswith("INSERT") and "alembic" not in line]
    assert len(before) > 6
    with closing(Store(file)) as store:
        with store.reading() as records:
            scene = records.scene(TURN)
            assert scene.poll is not None
            assert [message.content for message in scene.history] == ["hello", "Hello."]
            assert records.polls.votes.tally(scene.poll).counts == (0, 1)
            assert (scene.spent, records.ledger.cost(NOON)) == (0, 0)
        with store.writing() as records:
            assert records.ledger.enter(TURN, Spent("openai:gpt-4.1-mini", 20, 5), 16, 8) == (0, 16)
    after = stored(file)
    assert [line for line in before if line not in after] == []
    assert f"'{NEWEST}'" in after


# --- What cannot be opened ---


def test_a_store_of_a_later_version_is_left_alone(file: Path) -> None:
    open_and_use(file)
    run_sql(file, "UPDATE alembic_version SET version_num = '9999'; ALTER TABLE places ADD COLUMN colour TEXT;")
    before = stored(file)
    assert refused(file) == ("The store was made by a later version (9999) of FinOps Bot: use that version or newer.")
    assert stored(file) == before


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
    run_sql(file, "CREATE TABLE messages (subject TEXT); INSERT INTO messages VALUES ('Lunch?');")
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
    "postgresql://me:secret@host/base",
    "postgresql://me:secret@host:port/base",
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


@pytest.mark.parametrize("attempt", range(3))
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
    told = [process.communicate(timeout=60) for process in processes]
    assert told == [(f"{file}\n", "")] * 4
    assert open_and_use(file) == "hello Hello."
