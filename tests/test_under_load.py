"""The parts with processes and sockets pass on a machine that has much else to do."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
# Twice as many as a small machine has cores: what is waited for gets a third of one.
LOOPS = 4
PARTS = (
    "tests/adapters",
    "tests/bot/test_ask.py",
    "tests/bot/test_backup.py",
    "tests/bot/test_idle.py",
    "tests/bot/test_migrations.py",
    "tests/bot/test_renewal.py",
    "tests/bot/test_secret.py",
    "tests/bot/test_store_engines.py",
    "tests/bot/test_votes_together.py",
    "tests/discord_peer/test_gateway.py",
    "tests/knowledge/test_ingest.py",
    "tests/knowledge/test_model.py",
    "tests/knowledge/test_pool.py",
    "tests/test_architecture.py",
)


@pytest.mark.trial
def test_processes_and_sockets_are_waited_for_beside_endless_loops() -> None:
    loops = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(LOOPS)]
    try:
        command = [sys.executable, "-m", "pytest", "-q", *PARTS]
        done = subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    finally:
        for loop in loops:
            loop.kill()
            loop.wait()
    assert done.returncode == 0, done.stdout[-12_000:] + done.stderr[-1_000:]
