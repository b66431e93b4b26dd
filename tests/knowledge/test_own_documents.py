"""A team's own Markdown, dropped into the folder `handbook` of the home: answered from as what it is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock

from knowledge import ingest
from knowledge.embedding_model import DEFAULT_MODEL
from knowledge.library import Library, open_library
from tests.home import copy_home

# By one worker, as its library takes seconds to open.
pytestmark = pytest.mark.xdist_group("own documents")
TITLE = "Accelerators: who gets what"
DOCUMENT = f"""# {TITLE}

In May we paid for 31,500 GPU hours, and 4,100 of them did nothing.

## Who says yes

| Size | Who says yes |
| --- | --- |
| up to 2 cards | your team lead |
| more than 2 cards | the council of heron |

## The reaper

A job below 5% of use for 90 minutes is stopped by the reaper. Marlow can bring it back.
"""


@pytest.fixture(scope="module")
def team(library: Library, home: Path, shared: Path) -> Iterator[Library]:
    """The library of a home with one document of a team beside all that is the project's own."""
    copy = shared / "own documents"
    with FileLock(f"{copy}.lock"), pytest.MonkeyPatch.context() as patch:
        patch.setattr(ingest, "open_for_passages", lambda *_: library)
        if not copy.exists():
            copy_home(home, copy)
            (copy / "handbook").mkdir(exist_ok=True)
            (copy / "handbook" / "accelerators.md").write_text(DOCUMENT, "utf-8")
        opened = open_library(copy, DEFAULT_MODEL, lambda said: None)
    yield opened
    opened.generation.close()


@pytest.mark.parametrize(
    ("question", "told", "section"),
    [
        ("Which council says yes to more than 2 cards?", "the council of heron", "Who says yes"),
        ("When does the reaper stop a job?", "for 90 minutes", "The reaper"),
        ("Who brings back a job that the reaper stopped?", "Marlow", "The reaper"),
    ],
)
def test_it_is_answered_from_with_its_heading_as_source(team: Library, question: str, told: str, section: str) -> None:
    answer = team.answer(question)
    assert answer.verdict == "answer"
    assert told in answer.text
    assert str(answer.sources[0]) == f"{TITLE} ({section})"


def test_what_only_the_team_knows_is_told_where_its_document_holds_it(library: Library, team: Library) -> None:
    question = "How many GPU hours did we pay for in May?"
    assert "31,500" in team.answer(question).text
    assert library.answer(question).abstained


def test_what_is_true_of_any_team_is_still_answered_from_the_handbook(team: Library) -> None:
    assert team.answer("What is showback?").sources[0].title == "Handbook: Showback"


def test_each_kind_of_source_is_named_where_an_answer_has_several(team: Library) -> None:
    answer = team.answer("When does the reaper stop a job, and what is showback?")
    assert "From your own documents:\n" in answer.text
    assert "From the handbook:\n" in answer.text
