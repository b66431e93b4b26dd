"""`finops-bot polls`: what a moderator with a shell sees and does, and tables that no spreadsheet runs."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands.polls import FORMULAS, as_csv, harmless
from bot.store import Draft, Poll
from bot.store.database import Store
from bot.store.engines import IN_MEMORY
from bot.turn import Person
from tests.bot.conftest import ANA, BO, CY, HERE, NOON
from tests.naughty import NAUGHTY, SOME

Run = Callable[..., CompletedProcess[bytes]]


def table(store: Store, poll: Poll) -> list[list[str]]:
    """The exported table, as a reader of RFC 4180 finds it."""
    with store.reading() as records:
        written = as_csv(poll, records)
    assert written is not None
    assert written.endswith("\r\n")
    return list(csv.reader(io.StringIO(written, newline=""), strict=True))


@pytest.fixture
def memory() -> Iterator[Store]:
    with closing(Store(IN_MEMORY)) as store:
        yield store


def test_a_named_poll_is_exported_with_its_names(memory: Store) -> None:
    with memory.writing() as records:
        poll = records.polls.start(HERE, "test:ana", NOON, Draft("Which, of these?", ('a "quoted" one', "b")))
        for person, option in ((ANA, 1), (BO, 1), (CY, 2)):
            records.polls.votes.vote(poll, person, [option])
    assert table(memory, poll) == [
        ["poll", "question", "option", "votes", "percent", "voters", "names"],
        ["1", "Which, of these?", 'a "quoted" one', "2", "67", "3", "Ana; Bo"],
        ["1", "Which, of these?", "b", "1", "33", "3", "Cy"],
    ]


def test_an_anonymous_poll_is_exported_without_names(memory: Store) -> None:
    with memory.writing() as records:
        poll = records.polls.start(HERE, "test:ana", NOON, Draft("Which?", ("a", "b"), anonymous=True))
        for number in range(5):
            records.polls.votes.vote(poll, Person(f"test:{number}", "Ana"), [2])
        assert as_csv(poll, records) is None, "no result before the close"
        closed = records.polls.close(poll, NOON)
    heading, *rows = table(memory, closed)
    assert "names" not in heading
    assert rows == [["1", "Which?", "a", "0", "0", "5"], ["1", "Which?", "b", "5", "100", "5"]]


@given(st.text(max_size=40) | st.sampled_from(NAUGHTY))
def test_no_cell_begins_like_a_formula(text: str) -> None:
    cell = harmless(text)
    assert not cell.lstrip(" \u00a0").startswith(FORMULAS)
    assert cell in (text, f"'{text}")


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "\uff1d1", "|cmd"])
def test_formulas_are_made_harmless(text: str) -> None:
    assert harmless(text) == f"'{text}"


def test_whatever_is_asked_and_whoever_votes_is_in_the_table(memory: Store) -> None:
    polls = []
    with memory.writing() as records:
        for start in range(0, len(SOME) - 3, 3):
            question, *options = SOME[start : start + 4]
            poll = records.polls.start(HERE, "test:ana", NOON, Draft(question, tuple(options)))
            records.polls.votes.vote(poll, Person("test:x", question), [1])
            polls.append(poll.id)
    for number in polls:
        with memory.reading() as records:
            kept = records.polls.find(number)
        assert kept is not None
        heading, *rows = table(memory, kept)
        assert all(len(row) == len(heading) for row in rows)
        assert [row[2] for row in rows] == [harmless(option) for option in kept.options]


# --- The commands ---


@pytest.fixture
def held(home: Path, tmp_path: Path) -> tuple[dict[str, str], list[int]]:
    """A store with an open, a hidden and a closed poll, by the environment that names it."""
    place = tmp_path / "store.db"
    with closing(Store(place)) as store, store.writing() as records:
        drafts = (
            Draft("Open?", ("yes", "no"), lasts=timedelta(days=9000)),
            Draft("Hidden?", ("yes", "no"), hidden=True),
            Draft("Closed?", ("yes", "no")),
        )
        polls = [records.polls.start(HERE, "test:ana", NOON, draft) for draft in drafts]
        for poll in polls:
            records.polls.votes.vote(poll, BO, [1])
        records.polls.close(polls[2], NOON)
    return {"FINOPS_DATABASE_URL": f"sqlite:///{place}"}, [poll.id for poll in polls]


def test_polls_are_listed_shown_closed_and_exported(bot: Run, held: tuple[dict[str, str], list[int]]) -> None:
    names, (first, hidden, closed) = held
    listed = bot("polls", "list", **names).stdout.decode()
    assert [line.split()[0] for line in listed.splitlines()] == [str(closed), str(hidden), str(first)]
    still_open = bot("polls", "list", "--open", "--json", **names).stdout.decode()
    assert [json.loads(line)["poll"] for line in still_open.splitlines()] == [hidden, first]
    assert json.loads(still_open.splitlines()[0])["votes"] is None
    assert "- yes: 1 (100%)" in bot("polls", "show", str(first), **names).stdout.decode()
    shown = bot("polls", "show", str(hidden), **names).stdout.decode()
    assert "not to be seen yet" in shown
    assert "100%" not in shown
    assert bot("polls", "export", str(closed), "--csv", **names).stdout.endswith(b",no,0,0,1,\r\n")
    assert (
        bot("polls", "export", str(closed), **names).stdout
        == bot("polls", "export", str(closed), "--csv", **names).stdout
    )
    refused = bot("polls", "export", str(hidden), "--csv", **names)
    assert (refused.returncode, refused.stdout) == (2, b"")
    assert b"close it first" in refused.stderr
    assert b"is closed" in bot("polls", "close", str(hidden), **names).stdout
    again = bot("polls", "close", str(hidden), **names)
    assert (again.returncode, again.stdout.splitlines()[0]) == (0, b"It was closed before.")
    assert b",yes,1,100,1,Bo\r\n" in bot("polls", "export", str(hidden), "--csv", **names).stdout


@pytest.mark.parametrize(
    "arguments", [("show", "99"), ("close", "99"), ("export", "99", "--csv"), ("show", "x"), ("export", "98")]
)
def test_what_is_no_poll_is_one_sentence(
    bot: Run, held: tuple[dict[str, str], list[int]], arguments: tuple[str, ...]
) -> None:
    done = bot("polls", *arguments, **held[0])
    assert (done.returncode, done.stdout) == (2, b"")
    assert len(done.stderr.splitlines()) == 1
    assert b"Traceback" not in done.stderr
