"""The secret: from the environment or a file that is made once, the same for all, and never told."""

from __future__ import annotations

import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.logs import failure
from bot.secret import find_secret, fingerprint, read_secret
from bot.settings import SHORTEST_SECRET, Settings, SettingsError
from tests.commands import Done
from tests.home import settings_of
from tests.waiting import PATIENCE

ROOT = Path(__file__).parents[2]
LONG = "a secret of more than thirty-two characters"
READ = """
import sys
from bot.secret import read_secret
from bot.settings import read_settings
settings = read_settings()
print("here", flush=True)
sys.stdin.readline()
print(read_secret(settings).decode(), flush=True)
"""

Environment = Callable[..., dict[str, str]]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """The settings of a new home."""
    return settings_of(tmp_path)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "secret"


def refused(settings: Settings) -> str:
    """What is said of a secret that cannot be used: the same to those who only look."""
    with pytest.raises(SettingsError) as caught:
        read_secret(settings)
    with pytest.raises(SettingsError) as looked:
        find_secret(settings)
    assert str(looked.value) == str(caught.value)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_it_is_made_when_it_is_first_read_and_stays(settings: Settings, file: Path) -> None:
    assert find_secret(settings) is None
    assert not file.exists()
    made = read_secret(settings)
    assert len(made) >= SHORTEST_SECRET
    assert read_secret(settings) == find_secret(settings) == made == file.read_bytes().strip()
    assert [one.name for one in file.parent.iterdir()] == ["secret"]


def test_each_home_has_another_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    homes = [tmp_path / "one", tmp_path / "other"]
    for home in homes:
        home.mkdir()
    assert len({read_secret(settings_of(home)) for home in homes}) == 2
    for home in homes:
        assert stat.S_IMODE((home / "secret").stat().st_mode) == 0o600


def test_the_environment_goes_before_the_file(settings: Settings, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file.write_text("something else that is long enough for it")
    monkeypatch.setenv("FINOPS_SECRET", LONG)
    given = Settings(home=file.parent)
    assert read_secret(given) == find_secret(given) == LONG.encode()
    assert LONG not in repr(given)


def test_processes_that_need_it_at_once_get_the_same(tmp_path: Path, environment: Environment) -> None:
    home, pipe = tmp_path / "home", subprocess.PIPE
    started = [
        subprocess.Popen(
            [sys.executable, "-c", READ], cwd=ROOT, env=environment(home), stdin=pipe, stdout=pipe, text=True
        )
        for _ in range(4)
    ]
    for process in started:
        assert process.stdout is not None
        assert process.stdout.readline() == "here\n"
    for process in started:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    told = {process.communicate(timeout=PATIENCE)[0] for process in started}
    assert told == {(home / "secret").read_text()}
    assert [one.name for one in home.iterdir()] == ["secret"]


@pytest.mark.parametrize("held", ["", "\n"])
def test_an_empty_file_is_told_as_one_also_in_the_log(settings: Settings, file: Path, held: str) -> None:
    file.write_text(held)
    said = refused(settings)
    assert said.startswith(f"The file {file}, which seals anonymous polls, is empty: put back the secret that was")
    assert failure(SettingsError(said)) == f"SettingsError: {said}"
    assert file.read_text() == held


@pytest.mark.parametrize("held", ["tooshort", "x" * (SHORTEST_SECRET - 1)])
def test_a_file_that_holds_too_little_is_left_alone(settings: Settings, file: Path, held: str) -> None:
    file.write_text(held)
    said = refused(settings)
    assert said.startswith(f"The file {file} should hold at least 32 characters: put back the one that was there")
    assert "tooshort" not in said
    assert "xxx" not in said
    assert file.read_text() == held


def test_a_file_that_cannot_be_read_is_told(settings: Settings, file: Path) -> None:
    file.mkdir()
    assert refused(settings).startswith(f"The secret in {file} cannot be used (Is a directory): make the home yours")


def test_a_home_that_cannot_be_written_to_is_told(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    settings = settings_of(home)
    home.rmdir()
    home.write_text("no folder")
    assert "cannot be used (Not a directory)" in refused(settings)


def test_fingerprints_tell_secrets_apart_and_nothing_of_them() -> None:
    marks = [fingerprint(secret.encode()) for secret in (LONG, f"{LONG}!", LONG)]
    assert marks[0] == marks[2] != marks[1]
    assert all(len(mark) == 12 and int(mark, 16) >= 0 and mark not in LONG for mark in marks)


@pytest.mark.parametrize("given", ["", "short", LONG])
def test_doctor_tells_where_it_is_and_never_what(tmp_path: Path, bot: Callable[..., Done], given: str) -> None:
    done = bot("doctor", at=tmp_path, FINOPS_SECRET=given)
    said = done.stderr.decode()
    told = done.stdout.decode() + said
    assert LONG not in told
    if given == "short":
        assert done.returncode == 2
        assert said.startswith("FINOPS_SECRET cannot be what it is: set it to at least 32 characters")
    else:
        where = "from FINOPS_SECRET" if given else "will be made at the first anonymous poll"
        assert f"ok    Secret: {where}\n" in told
    assert not (tmp_path / "secret").exists()
