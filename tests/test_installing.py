"""The first installation: what a person sees of it, and how it ends when it is stopped or fails."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.waiting import PATIENCE, until

ROOT = Path(__file__).parents[1]
LOCK = "# What the bot needs\ntorch==2.0\nclick==8.0\nfilelock==4.0 ; os_name == 'nt'\n"


def begin(folder: Path, pip: str, **more: str) -> subprocess.Popen[str]:
    """An installation in a folder whose environment has `pip` (shell) in place of Python's own."""
    (folder / "venv" / "bin").mkdir(parents=True)
    (folder / "venv" / ".created").touch()
    python = folder / "venv" / "bin" / "python"
    python.write_text(f'#!/bin/sh\necho "$@" >> {folder}/called\n{pip}\n')
    python.chmod(0o755)
    (folder / "requirements.lock").write_text(LOCK)
    command = [
        sys.executable,
        str(ROOT / "deploy" / "install.py"),
        str(folder / "venv"),
        str(folder / "requirements.lock"),
    ]
    return subprocess.Popen(
        command, env={**os.environ, **more}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def test_each_step_is_told_and_standard_output_stays_empty(tmp_path: Path) -> None:
    with begin(tmp_path, "echo heard", TORCH_INDEX_URL="") as process:
        out, told = process.communicate(timeout=PATIENCE)
    assert (process.returncode, out) == (0, "")
    lines = told.splitlines()
    assert [line.partition(":")[0] for line in lines if line.startswith("Step")] == ["Step 1 of 2", "Step 2 of 2"]
    assert "3 packages, about 2 GB" in lines[0]
    assert "heard" in lines
    assert lines[-1].startswith("Installed. The first start also builds an index")
    called = (tmp_path / "called").read_text().splitlines()
    assert [" ".join(line.split()[4:]) for line in called] == [f"-r {tmp_path}/requirements.lock", "--no-deps -e ."]


def test_a_cpu_build_is_a_step_of_its_own(tmp_path: Path) -> None:
    with begin(tmp_path, "true", TORCH_INDEX_URL="https://wheels.example/cpu") as process:
        _, told = process.communicate(timeout=PATIENCE)
    assert "Step 1 of 3: PyTorch for the CPU, torch==2.0" in told
    assert "--index-url https://wheels.example/cpu torch==2.0" in (tmp_path / "called").read_text()


def test_a_step_that_fails_says_what_to_do(tmp_path: Path) -> None:
    with begin(tmp_path, "echo no network >&2; exit 3") as process:
        _, told = process.communicate(timeout=PATIENCE)
    assert process.returncode == 1
    assert "no network" in told
    assert "run the same command again" in " ".join(told.split())
    assert "Traceback" not in told
    assert len((tmp_path / "called").read_text().splitlines()) == 1, "nothing goes on after it"


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_it_can_be_stopped_and_takes_its_step_along(ending: signal.Signals, tmp_path: Path) -> None:
    with begin(tmp_path, f"echo $$ > {tmp_path}/begun\nsleep 600") as process:
        until(lambda: (tmp_path / "begun").exists() and (tmp_path / "begun").read_text(), "the step to begin")
        process.send_signal(ending)
        _, told = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130
    assert "Traceback" not in told
    assert told.splitlines()[-1].startswith("Stopped. Run the same command again")
    step = int((tmp_path / "begun").read_text())
    until(lambda: not Path(f"/proc/{step}").exists(), "the step to end")
