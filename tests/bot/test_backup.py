"""Backups: everything moves from one database to another and back; what cannot be restored changes nothing."""

from __future__ import annotations

import hashlib
import json
import shutil
import stat
import subprocess
import sys
import tracemalloc
import zipfile
from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.reply import Reply, Text
from bot.store import Draft, StoreError, earlier
from bot.store.backup import MANIFEST, read_manifest, restore_backup, write_backup
from bot.store.database import Store
from bot.store.keys import person_of
from bot.store.revisions import revisions
from bot.store.rows import BATCH
from bot.turn import Person, Room, Turn
from tests.bot.conftest import Place, migrate_to, stored, tables
from tests.bot.earlier_tables import make_earlier
from tests.bot.test_store_revisions import ends_everyday, fill_at
from tests.commands import Done

pytestmark = pytest.mark.every_database

ROOT = Path(__file__).parents[2]
NOON = datetime(2025, 1, 6, 12, tzinfo=UTC)
ANA, BEN = Person("test:ana", "Ana"), Person("test:ben", "Ben")
HERE = Room("test", "here")
SECRET = "a secret of more than thirty-two characters"
ODD = '费 👩‍👩‍👧‍👦 e\u0301 \u2028 \r\n\t\x1b "quoted" \'OR 1=1; -- \\n {} \ufffe'

Run = Callable[..., Done]


@pytest.fixture
def run(bot: Run, tmp_path: Path) -> Run:
    """Runs `finops-bot` on a store."""

    def command(place: Place, *arguments: object, **more: str) -> Done:
        url = f"sqlite:///{place}" if isinstance(place, Path) else place
        return bot(*map(str, arguments), at=tmp_path / "home", FINOPS_DATABASE_URL=url, **more)

    return command


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a store that has something of everything in it, and a backup of that."""
    folder = tmp_path_factory.mktemp("made")
    place = folder / "full.db"
    with closing(Store(place, SECRET.encode)) as store, store.writing() as records:
        for number in range(3):
            records.remember(Turn(f"test:{number}", HERE, ANA, ODD, NOON), Reply((Text("Hm."),), "question"))
        records.note_unanswered(Turn("test:9", HERE, BEN, ODD, NOON))
        records.places.change(HERE, zone="Europe/Berlin", quiet=True, off=frozenset({"polls"}), moderators=("test:R1",))
        for anonymous in (False, True):
            draft = Draft("Which fruit?", ("apple", ODD), anonymous=anonymous)
            poll = records.polls.start(HERE, person_of(ANA), NOON, draft)
            assert records.polls.votes.vote(poll, ANA, [2])
        records.plans.keep(HERE, "Lunch", Draft("Where?", ("here", "there")))
        records.posts.put(HERE, "poll-1")
    with closing(Store(place)) as store:
        write_backup(store, folder / "backup.zip", NOON, "0.1.0", None)
    return folder


@pytest.fixture
def full(made: Path, tmp_path: Path) -> Path:
    """A store in a file, with something of everything in it."""
    return Path(shutil.copy(made / "full.db", tmp_path / "full.db"))


@pytest.fixture
def backup(made: Path, tmp_path: Path) -> Path:
    """A backup of it."""
    return Path(shutil.copy(made / "backup.zip", tmp_path / "backup.zip"))


def refused(done: subprocess.CompletedProcess[bytes]) -> str:
    """What is said by a command that did nothing: one sentence."""
    said = done.stderr.decode()
    assert (done.returncode, done.stdout) == (2, b"")
    assert said.endswith(".\n")
    assert said.count("\n") == 1
    assert ". " not in said
    return said


# --- There and back ---


def test_a_store_moves_to_postgresql_and_back(full: Path, postgresql: str, tmp_path: Path, run: Run) -> None:
    there, back, again = tmp_path / "there.zip", tmp_path / "back.zip", tmp_path / "again.db"
    for done in (
        run(full, "backup", there),
        run(postgresql, "restore", there),
        run(postgresql, "backup", back),
        run(again, "restore", back),
    ):
        assert (done.returncode, done.stderr) == (0, b""), done.stderr
    assert tables(postgresql) == tables(full) == tables(again)
    with closing(Store(postgresql, SECRET.encode)) as store, store.writing() as records:
        named, anonymous = records.polls.open_in(HERE)
        assert records.polls.votes.choices_of(named, ANA) == records.polls.votes.choices_of(anonymous, ANA) == (2,)
        assert records.polls.votes.vote(anonymous, BEN, [1])
        assert records.scene(Turn("test:1", HERE, ANA, "", NOON)).history[-2].content == ODD


EVERY_REVISION = [*earlier.REVISIONS, *revisions()]


@pytest.mark.parametrize("target", ["sqlite", "postgresql"])
@pytest.mark.parametrize("revision", ends_everyday(EVERY_REVISION))
def test_every_kind_of_value_survives_from_every_revision(
    tmp_path: Path, revision: str, target: str, postgresql: str
) -> None:
    """A backup made by an earlier version is brought up to date as a store would be."""
    old, file, grown = tmp_path / "old.db", tmp_path / "old.zip", tmp_path / "grown.db"
    place: Place = postgresql if target == "postgresql" else tmp_path / "new.db"
    for database in (old, grown):
        if revision in earlier.REVISIONS:
            make_earlier(database, revision)
        else:
            migrate_to(database, revision)
        fill_at(database)
    write_old_backup(old, revision, file)
    Store(grown).close()
    with closing(Store(place)) as store:
        assert restore_backup(store, file).revision == revision
    assert tables(place) == tables(grown)


def write_old_backup(place: Path, revision: str, file: Path) -> None:
    """What a version of that revision would have written."""
    parts = {name: rows for name, rows in tables(place).items() if name != "alembic_version"}
    with zipfile.ZipFile(file, "w") as archive:
        told = {}
        for name, rows in parts.items():
            lines = "".join(f"{json.dumps(row, default=datetime.isoformat)}\n" for row in rows).encode()
            archive.writestr(f"{name}.jsonl", lines)
            told[name] = {"rows": len(rows), "sha256": hashlib.sha256(lines).hexdigest(), "last": None}
        about = {"form": "finops-bot backup 1", "revision": revision, "at": NOON.isoformat(), "version": "0.0.1"}
        archive.writestr(MANIFEST, json.dumps({**about, "secret": None, "sealed": 0, "tables": told}))


def test_new_rows_get_numbers_that_no_row_had(full: Path, database: Place, tmp_path: Path) -> None:
    file = tmp_path / "backup.zip"
    hello = Turn("test:1", HERE, BEN, "hello", NOON)
    with closing(Store(full)) as store:
        with store.writing() as records:
            last = records.remember(hello, Reply((Text("Hm."),), "question"))
            records.forget(BEN)
        write_backup(store, file, NOON, "0.1.0", None)
    with closing(Store(database)) as store:
        restore_backup(store, file)
        with store.writing() as records:
            assert records.remember(hello, Reply((Text("Hm."),), "question")) > last
            assert records.polls.start(HERE, "test:ana", NOON, Draft("?", ("a", "b"))).id == 3


def test_a_backup_is_of_one_moment_while_others_write(database: Place, tmp_path: Path) -> None:
    file, rows = tmp_path / "backup.zip", 3 * BATCH
    with closing(Store(database)) as store:
        with store.writing() as records:
            for number in range(rows):
                records.events.answered(f"event {number}", NOON)
        with store.snapshot() as snapshot, store.writing() as records:
            assert snapshot.exec_driver_sql("SELECT count(*) FROM events").scalar() == rows
            records.events.answered("one more", NOON)
            records.places.change(HERE, script="a-script")
        made = write_backup(store, file, NOON, "0.1.0", None)
    assert (made.tables["events"].rows, made.tables["places"].rows) == (rows + 1, 1)


def test_secret_votes_do_not_tell_in_which_order_they_came(database: Place, tmp_path: Path) -> None:
    with closing(Store(database)) as store:
        with store.writing() as records:
            poll = records.polls.start(HERE, "test:ana", NOON, Draft("?", ("a", "b"), anonymous=True))
        for number in range(20):
            with store.writing() as records:
                records.polls.votes.vote(poll, Person(f"test:{number}", "Somebody"), [1])
        write_backup(store, tmp_path / "backup.zip", NOON, "0.1.0", None)
    with zipfile.ZipFile(tmp_path / "backup.zip") as archive:
        voters = [json.loads(line)["voter"] for line in archive.read("secret_votes.jsonl").splitlines()]
    assert voters == sorted(voters)
    assert len(voters) == 20


# --- The file ---


def test_a_backup_is_for_its_owner_and_replaces_nothing_unasked(full: Path, tmp_path: Path, run: Run) -> None:
    file = tmp_path / "backup.zip"
    assert run(full, "backup", file).returncode == 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    before = file.read_bytes()
    assert "is there already: name another file, or add --force" in refused(run(full, "backup", file))
    assert file.read_bytes() == before
    assert run(full, "backup", "--force", file).returncode == 0
    assert [one.name for one in tmp_path.iterdir() if "zip" in one.name] == ["backup.zip"]


@pytest.mark.parametrize("name", ["no/such/folder.zip", "."])
def test_a_file_that_cannot_be_written_is_told(full: Path, tmp_path: Path, name: str) -> None:
    with closing(Store(full)) as store, pytest.raises(StoreError, match="cannot be written"):
        write_backup(store, tmp_path / name, NOON, "0.1.0", None, replace=True)


def test_the_secret_is_not_in_a_backup_and_is_asked_for(full: Path, tmp_path: Path, run: Run) -> None:
    file, other = tmp_path / "backup.zip", "another secret that is long enough, too"
    done = run(full, "backup", file, FINOPS_SECRET=SECRET)
    assert "Votes in 1 anonymous poll need the secret" in done.stdout.decode()
    assert "keep FINOPS_SECRET, or the file secret in the home, too" in done.stdout.decode()
    with zipfile.ZipFile(file) as archive:
        assert all(SECRET.encode() not in archive.read(name) for name in archive.namelist())
    told = {
        secret: run(tmp_path / f"{number}.db", "restore", file, FINOPS_SECRET=secret).stdout.decode()
        for number, secret in enumerate((SECRET, other))
    }
    assert "FINOPS_SECRET" not in told[SECRET]
    assert "The secret was another one when the backup was made: set FINOPS_SECRET to that" in told[other]


def test_a_backup_of_no_store_makes_none(tmp_path: Path, run: Run) -> None:
    done = run("", "backup", tmp_path / "backup.zip")
    assert done.stdout.decode().endswith("holds all of the store: 0 rows.\n")
    assert not (tmp_path / "home" / "store.db").exists()


# --- What cannot be restored ---


def change(file: Path, **parts: Callable[[bytes], bytes | None]) -> None:
    """Change parts of a backup."""
    with zipfile.ZipFile(file) as archive:
        held = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in held.items():
            changed = parts[name.partition(".")[0]](content) if name.partition(".")[0] in parts else content
            if changed is not None:
                archive.writestr(name, changed)


def told(**values: Any) -> Callable[[bytes], bytes]:
    """Changes what the manifest tells."""
    return lambda content: json.dumps({**json.loads(content), **values}).encode()


def with_table(content: bytes) -> bytes:
    """Has the manifest name one more table."""
    held = json.loads(content)
    return json.dumps({**held, "tables": {**held["tables"], "users": held["tables"]["events"]}}).encode()


def flip(file: Path) -> None:
    content = bytearray(file.read_bytes())
    # Behind the head of the part, which no sum covers.
    content[content.index(b"messages.jsonl") + 60] ^= 0xFF
    file.write_bytes(content)


DAMAGES: Mapping[str, Callable[[Path], object]] = {
    "empty": lambda file: file.write_bytes(b""),
    "text": lambda file: file.write_text("This is my shopping list.\n"),
    "cut short": lambda file: file.write_bytes(file.read_bytes()[:-500]),
    "flipped": flip,
    "another zip": lambda file: change(file, manifest=lambda _: None),
    "no JSON": lambda file: change(file, manifest=lambda _: b"{"),
    "a list": lambda file: change(file, manifest=lambda _: b"[]"),
    "a foreign form": lambda file: change(file, manifest=told(form="something else")),
    "no such revision": lambda file: change(file, manifest=told(revision="0000")),
    "a part is missing": lambda file: change(file, votes=lambda _: None),
    "a row is missing": lambda file: change(file, messages=lambda content: content.partition(b"\n")[2]),
    "another row": lambda file: change(file, messages=lambda content: content.replace(b"test:ana", b"test:eve")),
    "another table": lambda file: change(file, manifest=with_table),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_file_is_told_and_changes_nothing(backup: Path, full: Path, damage: str) -> None:
    DAMAGES[damage](backup)
    before = stored(full)
    with closing(Store(full)) as store, pytest.raises(StoreError) as caught:
        restore_backup(store, backup, replace=True)
    assert str(caught.value) == f"{backup} is no sound backup of FinOps Bot: use another one (nothing was changed)."
    assert stored(full) == before


@pytest.mark.parametrize("part", ["messages.jsonl", MANIFEST])
def test_a_line_without_an_end_is_refused_before_it_is_read_whole(backup: Path, part: str) -> None:
    line = b" " * 64_000_000 + b"\n"
    with zipfile.ZipFile(backup) as archive:
        held = {name: archive.read(name) for name in archive.namelist()}
    about = json.loads(held[MANIFEST])
    about["tables"]["messages"] = {"rows": 1, "sha256": hashlib.sha256(line).hexdigest()}
    with zipfile.ZipFile(backup, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {**held, MANIFEST: json.dumps(about).encode(), part: line}.items():
            archive.writestr(name, content)
    del line
    tracemalloc.start()
    with pytest.raises(StoreError, match="is no sound backup"):
        read_manifest(backup)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20_000_000


def reworded(**rows: Mapping[str, Any]) -> Callable[[Path], None]:
    """Changes the first row of tables, with sums that are right."""

    def damage(file: Path) -> None:
        new = {}
        with zipfile.ZipFile(file) as archive:
            about = json.loads(archive.read(MANIFEST))
            for name, values in rows.items():
                first, _, rest = archive.read(f"{name}.jsonl").partition(b"\n")
                new[name] = json.dumps({**json.loads(first), **values}).encode() + b"\n" + rest
                about["tables"][name]["sha256"] = hashlib.sha256(new[name]).hexdigest()
        new["manifest"] = json.dumps(about).encode()
        change(file, **{name: lambda _, content=content: content for name, content in new.items()})

    return damage


@pytest.mark.parametrize(
    "damage",
    [
        reworded(messages={"at": "yesterday"}),
        reworded(messages={"nosuch": 1}),
        reworded(messages={"at": 5}),
        reworded(messages={"content": None}),
        reworded(options={"poll": 99}),
    ],
    ids=["no moment", "no such column", "a number for a moment", "nothing where something must be", "no such poll"],
)
def test_a_restore_that_fails_halfway_leaves_the_old_store(
    backup: Path, database: Place, damage: Callable[[Path], None]
) -> None:
    with closing(Store(database)) as store:
        with store.writing() as records:
            records.places.change(HERE, script="kept")
        before = stored(database)
        damage(backup)
        with pytest.raises(StoreError, match="nothing was changed"):
            restore_backup(store, backup, replace=True)
        assert stored(database) == before
        with store.writing() as records:
            records.places.change(HERE, script="still works")


@pytest.mark.parametrize("later", [told(form="finops-bot backup 2"), told(revision="9999")], ids=["form", "revision"])
def test_a_file_of_a_later_version_is_told(backup: Path, later: Callable[[bytes], bytes]) -> None:
    change(backup, manifest=later)
    with pytest.raises(StoreError, match=r"later version of FinOps Bot \(0\.1\.0\): restore it with that version"):
        read_manifest(backup)


def test_a_file_that_is_not_there_makes_no_store(tmp_path: Path, run: Run) -> None:
    assert "cannot be read (No such file or directory)" in refused(run(tmp_path / "new.db", "restore", tmp_path / "no"))
    assert not (tmp_path / "new.db").exists()


def test_a_store_that_is_not_empty_is_replaced_on_request_only(backup: Path, full: Path, database: Place) -> None:
    with closing(Store(database)) as store:
        with store.writing() as records:
            records.places.change(HERE, script="mine")
        before = stored(database)
        with pytest.raises(StoreError, match="is not empty: name an empty one"):
            restore_backup(store, backup)
        assert stored(database) == before
        restore_backup(store, backup, replace=True)
    assert stored(database) == stored(full)


# --- Killed ---

HALFWAY = """
import sys, time
from pathlib import Path
from bot.store import backup
from bot.store.database import Store

def stop(*_):
    print("halfway", flush=True)
    time.sleep(60)

setattr(backup, sys.argv[1], stop)
place, file = sys.argv[2], Path(sys.argv[3])
store = Store(place)
if sys.argv[1] == "go_on_from":
    backup.restore_backup(store, file, replace=True)
else:
    from datetime import UTC, datetime
    backup.write_backup(store, file, datetime(2025, 1, 6, tzinfo=UTC), "0.1.0", None, replace=True)
"""


@pytest.fixture
def kill_halfway() -> Callable[[str, Place, Path], None]:
    """Begins a backup or a restore, and kills it where it calls that function of the module."""

    def kill(function: str, place: Place, file: Path) -> None:
        url = f"sqlite:///{place}" if isinstance(place, Path) else place
        arguments = [sys.executable, "-c", HALFWAY, function, url, str(file)]
        with subprocess.Popen(arguments, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "halfway\n"
            process.kill()

    return kill


@pytest.mark.trial
def test_a_restore_that_is_killed_leaves_the_old_store(
    backup: Path, full: Path, database: Place, kill_halfway: Callable[[str, Place, Path], None]
) -> None:
    with closing(Store(database)) as store, store.writing() as records:
        records.places.change(HERE, script="kept")
    before = stored(database)
    kill_halfway("go_on_from", database, backup)
    with closing(Store(database)) as store:
        assert stored(database) == before
        restore_backup(store, backup, replace=True)
    assert stored(database) == stored(full)


@pytest.mark.trial
def test_a_backup_that_is_killed_leaves_the_old_file(
    backup: Path, full: Path, kill_halfway: Callable[[str, Place, Path], None]
) -> None:
    before = backup.read_bytes()
    kill_halfway("last_number", full, backup)
    assert backup.read_bytes() == before
    assert read_manifest(backup).rows > 10
