"""Another script of the series, alone and beside the first: nothing is fitted to one of them."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock

from knowledge import ingest
from knowledge.embedding_model import DEFAULT_MODEL
from knowledge.library import Library, open_library
from tests.home import copy_home

# By one worker, as its libraries take seconds to open.
pytestmark = pytest.mark.xdist_group("second script")
SCRIPTS = Path(__file__).with_name("scripts")
SECOND = "How DataOps and MLOps complement FinOps"
FIRST = "The role of FinOps in AI project success"

ASKED = [
    # question, what stands in the answer, the section of its source
    (
        "What does the poll on broken data ask?",
        ["Who repairs your data when it breaks?"],
        "DataOps: The Plumbing Inspector",
    ),
    (
        "What can I choose from in the poll about broken data?",
        ["Whoever notices / A data engineer / The CI/CD pipeline / Nobody"],
        "DataOps: The Plumbing Inspector",
    ),
    ("Which share of trained models ever serves a user, says the quiz?", ["Under 15 percent"], None),
    (
        "What are the four handovers?",
        ["1. Tagged datasets\n2. Reproducible", "3. Automatic shutdown of idle endpoints\n4. A shared review"],
        "Four Handovers",
    ),
    ("What is the third of the four handovers?", ["number 3 of 4: Automatic shutdown"], "Four Handovers"),
    ("At what time are the four handovers covered?", ["3 minutes, from 5:00 to 8:00"], "Four Handovers"),
    ("What did the Harbour Library do?", ["measured drift", "cleaner metadata"], "Retrain When It Matters"),
    ("Which quote speaks of a subscription?", ["“A model without an owner", "names no speaker"], "Expert Quotes"),
    ("How much cheaper are spot machines?", ["up to 70% cheaper", "names no source for this figure"], "Statistics"),
    ("What does an auditor do next time?", ["read a model card aloud"], "Farewell"),
    ("What is behind the card of tagged datasets?", ["in the editors' words", "whose cost it is"], "Four Handovers"),
    ("Which train is shown in the opening?", ["Visual cue (Opening): A night train"], "Opening"),
]


# What the first script, which has questions written for its poll, is as near to.
OF_BOTH = ("Which train is shown in the opening?", "What can I choose from in the poll about broken data?")


@contextlib.contextmanager
def opened(known: Library, home: Path, copy: Path, own_scripts: Path) -> Iterator[Library]:
    """The library of a copy of `home` with those scripts; made by one worker, opened by all.

    The fast model of the `known` one embeds them, which is as good here and needs no torch.
    """
    with FileLock(f"{copy}.lock"), pytest.MonkeyPatch.context() as patch:
        patch.setattr(ingest, "OWN_SCRIPTS", own_scripts)
        patch.setattr(ingest, "OWN_HANDBOOK", copy / "no handbook")
        patch.setattr(ingest, "open_for_passages", lambda *_: known)
        if not copy.exists():
            copy_home(home, copy)
            shutil.copytree(SCRIPTS, copy / "scripts")
        library = open_library(copy, DEFAULT_MODEL, lambda said: None)
    yield library
    library.generation.close()


@pytest.fixture(scope="module")
def alone(library: Library, home: Path, shared: Path) -> Iterator[Library]:
    """The library of a home whose only script is the second."""
    with opened(library, home, shared / "second-alone", shared / "no-scripts") as second:
        yield second


@pytest.fixture(scope="module")
def both(library: Library, home: Path, shared: Path) -> Iterator[Library]:
    """The library of a home that has the second script as one of the team's own."""
    with opened(library, home, shared / "second-too", ingest.OWN_SCRIPTS) as second:
        yield second


@pytest.mark.trial
def test_the_first_script_is_gone(alone: Library) -> None:
    assert {passage.title for passage in alone.passages()} == {SECOND}
    assert {passage.document for passage in alone.generation.passages.values()} == {"dataops-and-mlops"}


@pytest.mark.parametrize(("question", "told", "section"), ASKED)
@pytest.mark.trial
def test_the_second_script_is_answered_alone(
    alone: Library, question: str, told: list[str], section: str | None
) -> None:
    answer = alone.answer(question)
    assert [piece for piece in told if piece not in answer.text] == []
    assert {source.title for source in answer.sources} == {SECOND}
    assert section is None or section in [source.section for source in answer.sources]


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("What is the answer to the quiz?", "Under 15 percent"),
        ("How long is the video?", "10 minutes 30 seconds"),
        ("Give me an expert quote", "nobody remembers taking out"),
        ("What comes next?", "an auditor"),
        ("What are the key takeaways?", "keeps the input trustworthy"),
        ("Which hashtags are there?", "#DataOps #MLOps"),
        ("Which statistics are given?", "up to 45% of the compute"),
        ("Give me the short version", "Three practices meet at four handovers."),
    ],
)
@pytest.mark.trial
def test_what_both_scripts_have_is_that_of_the_only_one(alone: Library, question: str, told: str) -> None:
    assert told in alone.answer(question).text


@pytest.mark.parametrize(
    "question",
    [
        "What did Company X achieve?",
        "List the five benefits of FinOps in AI",
        "What percentage of AI projects go over budget?",
        "Which sports cars are spoken of?",
        "What is the financial compass?",
        "Who is familiar with FinOps, asks the poll?",
        "By how much can costs be cut?",
        "Is there an example from the public sector?",
    ],
)
@pytest.mark.trial
def test_nothing_of_the_first_script_is_known(alone: Library, question: str) -> None:
    answer = alone.answer(question)
    for known in ("Company X", "60%", "30%", "compass", "sports car", "public sector", "Cost transparency", FIRST):
        assert known not in answer.text
    assert FIRST not in {source.title for source in answer.sources}


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("What does the poll in the DataOps video ask?", "Who repairs your data when it breaks?"),
        ("What does the poll in the video on the role of FinOps ask?", "How familiar are you with FinOps?"),
    ],
)
def test_of_two_scripts_the_one_that_is_named_is_meant(both: Library, question: str, told: str) -> None:
    assert told in both.answer(question).text


@pytest.mark.parametrize(("question", "told", "section"), [row for row in ASKED if row[0] not in OF_BOTH])
def test_the_second_script_is_answered_beside_the_first(
    both: Library, question: str, told: list[str], section: str | None
) -> None:
    answer = both.answer(question)
    assert [piece for piece in told if piece not in answer.text] == []
    assert SECOND in {source.title for source in answer.sources}


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("What is FinOps?", "Financial Operations"),
        ("What did Company X achieve?", "30% cost reduction"),
        ("What is the third benefit of FinOps?", "Improved budgeting and forecasting"),
        ("How familiar are you with FinOps, which answers does the poll offer?", "Somewhat familiar"),
        ("What percentage of AI projects go over budget?", "Over 60%"),
        ("Which quote calls FinOps a compass?", "breakneck speed"),
    ],
)
def test_the_first_script_is_answered_beside_the_second(both: Library, question: str, told: str) -> None:
    answer = both.answer(question)
    assert told in answer.text
    assert answer.sources[0].title == FIRST


def test_what_the_first_announces_the_second_answers(both: Library) -> None:
    answer = both.answer("What is MLOps?")
    assert "takes over where the notebook ends" in answer.text
    assert answer.verdict == "answer"


def test_what_neither_states_is_said_to_be_so(both: Library) -> None:
    answer = both.answer("Who is the author of the quote on a model without an owner?")
    assert answer.verdict == "nearest"
    assert answer.text.startswith("My sources do not state a name for that. The nearest that I have, in “")
    assert {source.title for source in answer.sources} == {SECOND}
