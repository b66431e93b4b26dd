"""`bench`: its parts, and the team's documents that it makes up."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.commands.bench import idle, synthetic, votes
from bot.commands.bench.marks import Mark, show_marks
from bot.commands.bench.size import open_made_up
from bot.commands.bench.timing import interleaved, one_part_questions
from bot.settings import Settings
from knowledge.library import Library
from knowledge.question import parts


def test_questions_are_different_and_ask_one_thing_each(library: Library) -> None:
    questions = one_part_questions(library, 200)
    assert len(set(questions)) == 200
    assert all(len(parts(question)) == 1 for question in questions)


def test_ways_take_turns_and_find_nothing_remembered() -> None:
    done: list[str] = []
    ways = {"one": lambda asked: done.append(f"one {asked}"), "other": lambda asked: done.append(f"other {asked}")}
    timed = interleaved(ways, ["a", "b"], lambda: done.append("forget"))
    assert sorted(timed) == ["one", "other"]
    rounds = ["forget", "one a", "forget", "other a", "forget", "one b", "forget", "other b"]
    assert done[-len(rounds) :] == rounds


def test_a_mark_is_reached_or_told_as_missed(capsys: pytest.CaptureFixture[str]) -> None:
    marks = [Mark("fast enough", 1.5, 1.5, "at most"), Mark("too slow", 2.4, 2.5, "at least")]
    assert [mark.is_reached for mark in marks] == [True, False]
    show_marks(marks)
    _, reached, missed = capsys.readouterr().out.splitlines()
    assert reached.split() == ["fast", "enough", "1.50", "at", "most", "1.5"]
    assert missed.endswith("2.40    at least 2.5  MISSED")


def test_votes_are_measured_beside_bare_rows(
    library: Library, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(votes, "VOTERS", 20)
    monkeypatch.setattr(votes, "SECONDS", 0.1)
    marks = votes.measure_votes(library, settings)
    assert [mark.name for mark in marks[:2]] == [
        f"{name} / bare rows, sustained" for name in ("votes", "anonymous votes")
    ]
    assert all(mark.figure > 0 for mark in marks)


def test_an_idle_bot_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(idle, "OPEN", 20)
    monkeypatch.setattr(idle, "LOOKED", 0.1)
    (mark,) = idle.measure_idle()
    assert mark.is_reached


def test_made_up_documents_are_found_beside_the_sources(library: Library, tmp_path: Path) -> None:
    own = library.passages()[:6]
    synthetic.build(tmp_path, own, library.retriever.embedder, 40, library.generation.model)
    retriever, chain = open_made_up(tmp_path, library.retriever.embedder)
    try:
        made_up = [one for one in retriever.generation.passages.values() if one.document.startswith(synthetic.TEAM)]
        assert len(made_up) == 40
        assert len(retriever.generation.passages) == 46
        for passage in made_up[:3]:
            # Half of its words are those of a source, which may come first.
            found = retriever.find([passage.units[0]])[0].found
            assert passage in [one.passage for one in found[:3]]
        assert chain.answer(own[0].units[0]).text
    finally:
        retriever.generation.close()
