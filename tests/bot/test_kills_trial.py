"""Commands that are killed at random moments: they leave behind a home that answers, and a store that is whole."""

from __future__ import annotations

import random
import sqlite3
import subprocess
import sys
from contextlib import closing, suppress
from pathlib import Path

import pytest

from tests import commands

pytestmark = pytest.mark.trial

KILLS = 8
# Commands take some three seconds to start; they are killed at any moment until well after that.
LONGEST = 6.0
TALK = "what is FinOps?\npoll: Tea? yes, no\n1\nquiz me\n2\nhow much could we save on 80k a month?\n" * 20


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(("chat",), TALK), (("ask", "What is FinOps?"), ""), (("ask", "--jsonl"), '{"id": 1, "question": "why?"}\n' * 50)],
    ids=["chat", "ask", "many questions"],
)
def test_killed_at_random(own_home: Path, arguments: tuple[str, ...], said: str) -> None:
    chance = random.Random(17)
    for _ in range(KILLS):
        process = subprocess.Popen(
            [sys.executable, "-m", "bot", *arguments],
            cwd=commands.ROOT,
            env=commands.environment(own_home),
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        with suppress(subprocess.TimeoutExpired):
            process.communicate(said, timeout=chance.uniform(0.5, LONGEST))
        process.kill()
        process.wait()
    done = commands.in_own_process(["ask", "What is FinOps?"], b"", commands.environment(own_home))
    assert done.returncode == 0, done.stderr.decode()
    assert "financial compass" in done.stdout.decode()
    if (store := own_home / "store.db").exists():
        with closing(sqlite3.connect(store)) as database:
            assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
