"""A talk whose process is killed again and again: what was answered is in the store, and nothing is there by half."""

from __future__ import annotations

import os
import random
import re
import select
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROUNDS = 20
OPTIONS = ("Very familiar", "Somewhat familiar", "Not at all")
TURNS = [
    "start the poll",
    "vote 1 1",
    "vote 1 2",
    "vote 1 3",
    "results",
    "quiz me",
    "hint",
    "30%",
    "under 10%",
    "skip",
    "what is FinOps?",
    "and why does it matter?",
    "who won the champions league?",
    "give me a quote",
    "key takeaways",
]
PRESSED_AFTER_POLL = ["1", "2", "3"]
# An answer is complete when nothing has followed it for so long, in seconds; it is written in one go.
SILENCE = 0.25
PATIENCE = 60
VOTED = re.compile(
    r"(?:Counted|Changed): (.+?)(?:\. You| instead)|Your vote was (.+?) before"
    r"|I have counted nothing new; your vote is still (.+?)\."
)
NO_POLL = "No poll is open here."
GRADED = ("Not quite", "Close", "Correct")


@dataclass
class Told:
    """What was shown in all talks so far."""

    answers: list[str] = field(default_factory=list)

    @property
    def remembered(self) -> list[str]:
        """The answers that belong to the talk: votes are told to the tally alone."""
        return [one for one in self.answers if not one.startswith(NO_POLL) and not VOTED.match(one)]

    @property
    def vote(self) -> str | None:
        """The vote as it was acknowledged last."""
        votes = [match for answer in self.answers if (match := VOTED.match(answer))]
        return next(filter(None, votes[-1].groups())) if votes else None


class Talk:
    """A process that talks over a pipe."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process
        assert process.stdin is not None
        assert process.stdout is not None
        self._stdin, self._stdout = process.stdin, process.stdout.fileno()

    def say(self, words: str) -> None:
        self._stdin.write(words.encode() + b"\n")
        self._stdin.flush()

    def hear(self) -> str:
        """The whole answer, in one line."""
        said = self._read(PATIENCE)
        while more := self._read(SILENCE):
            said += more
        assert said.endswith(b"\n\n"), said
        return " ".join(said.decode().split())

    def kill(self) -> str:
        """Kill the process; what it has still shown, in one line."""
        self._process.send_signal(signal.SIGKILL)
        self._process.wait(PATIENCE)
        said = b""
        while more := self._read(PATIENCE):
            said += more
        return " ".join(said.decode(errors="ignore").split())

    def _read(self, patience: float) -> bytes:
        ready, _, _ = select.select([self._stdout], [], [], patience)
        return os.read(self._stdout, 2**16) if ready else b""


@contextmanager
def talking(home: Path) -> Iterator[Talk]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("FINOPS_", "LC_", "PYTEST"))}
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "chat"],
        cwd=ROOT,
        env={**kept, "LANG": "C.UTF-8", "FINOPS_HOME": str(home)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        bufsize=0,
    )
    with process:
        try:
            yield Talk(process)
        finally:
            process.kill()


@dataclass(frozen=True)
class Found:
    """What the database holds after a kill."""

    messages: list[tuple[str | None, str]]
    answered: int
    votes: list[int]
    open_polls: int
    polls: int
    runs: list[tuple[int, int, str | None]]

    @property
    def replies(self) -> list[tuple[str, str]]:
        return [(activity, content) for activity, content in self.messages if activity is not None]


def look(file: Path) -> Found:
    with closing(sqlite3.connect(file)) as connection:

        def rows(query: str) -> list[tuple[object, ...]]:
            return connection.execute(query).fetchall()

        def number(query: str) -> int:
            found: int = connection.execute(query).fetchone()[0]
            return found

        assert rows("PRAGMA integrity_check") == [("ok",)]
        assert rows("PRAGMA foreign_key_check") == []
        assert number("SELECT count(*) FROM options") == len(OPTIONS) * number("SELECT count(*) FROM polls")
        return Found(
            messages=connection.execute("SELECT activity, content FROM messages ORDER BY id").fetchall(),
            answered=number("SELECT count(*) FROM events WHERE done"),
            votes=[one[0] for one in connection.execute("SELECT option FROM votes").fetchall()],
            open_polls=number("SELECT count(*) FROM polls WHERE closed IS NULL"),
            polls=number("SELECT count(*) FROM polls"),
            runs=connection.execute("SELECT tries, hints, outcome FROM quizzes ORDER BY id").fetchall(),
        )


def assert_whole(found: Found) -> None:
    """Each question has its answer, and what the answers say has happened, has happened, once."""
    questions, answers = found.messages[::2], found.messages[1::2]
    assert len(questions) == len(answers)
    assert all(activity is None for activity, _ in questions)
    assert all(activity is not None for activity, _ in answers)

    def count(activity: str, *beginnings: str) -> int:
        return sum(one == activity and content.startswith(beginnings) for one, content in found.replies)

    assert found.polls == found.open_polls == count("poll_start", "Poll:") <= 1
    assert len(found.runs) == count("quiz_start", "Quiz:")
    assert sum(tries for tries, _, _ in found.runs) == count("quiz_answer", *GRADED)
    assert sum(hints for _, hints, _ in found.runs) == count("quiz_hint", "Hint:")
    assert sum(outcome is None for _, _, outcome in found.runs) <= 1


def assert_kept(found: Found, told: Told, asked: str | None) -> None:
    """What was shown is stored as it was shown; beyond it at most the turn `asked`, which was under way."""
    unseen = found.answered - len(told.answers)
    assert unseen in ((0,) if asked is None else (0, 1))
    beginnings = [content.splitlines()[0] for _, content in found.replies]
    expected = told.remembered
    assert len(beginnings) - len(expected) in (0, unseen)
    for beginning, answer in zip(beginnings, expected, strict=False):
        assert " ".join(beginning.split()) in answer
    vote_unseen = unseen == 1 and len(beginnings) == len(expected)
    if not vote_unseen:
        assert [OPTIONS[option - 1] for option in found.votes] == ([told.vote] if told.vote else [])


def next_turn(chance: random.Random, before: str) -> str:
    """Something to say; the first is the poll, and an option may be pressed right after it was shown."""
    if not before:
        return "results"
    if before == "start the poll" and chance.random() < 0.5:
        return chance.choice(PRESSED_AFTER_POLL)
    return chance.choice(TURNS)


@pytest.mark.trial
@pytest.mark.timeout(600)
def test_a_talk_killed_at_random_goes_on_with_all_that_was_answered(own_home: Path) -> None:
    chance, told = random.Random(7), Told()
    under_way = committed = 0
    for _ in range(ROUNDS):
        with talking(own_home) as talk:
            words, asked = "", None
            turns = chance.randint(0, 6)
            for _ in range(turns):
                words = next_turn(chance, words)
                talk.say(words)
                told.answers.append(talk.hear())
                if words == "results" and told.vote:
                    assert f"{told.vote} 1 (100%)" in told.answers[-1]
            if chance.random() < 0.8:
                asked = next_turn(chance, words)
                talk.say(asked)
                # Without a turn before, it is still starting.
                time.sleep(chance.uniform(0, 0.12 if turns else 3))
            if shown := talk.kill():
                told.answers.append(shown)
                asked = None
        found = look(own_home / "store.db")
        assert_whole(found)
        assert_kept(found, told, asked)
        if asked is not None:
            under_way += 1
            if found.answered > len(told.answers):
                committed += 1
                told.answers.append(unheard(found, told))
    assert under_way > 3
    assert told.vote
    assert found.polls == 1
    assert len(found.runs) > 1
    print(f"{len(told.answers)} turns, {under_way} killed under way, {committed} of them after the commit")


def unheard(found: Found, told: Told) -> str:
    """The answer that was stored but not shown, as it would have begun."""
    if len(found.replies) > len(told.remembered):
        return " ".join(found.replies[-1][1].splitlines()[0].split())
    return f"Counted: {OPTIONS[found.votes[0] - 1]}. You" if found.votes else NO_POLL
