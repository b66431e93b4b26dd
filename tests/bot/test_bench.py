"""`bench`: its parts, and the team's documents that it makes up."""

from __future__ import annotations

from pathlib import Path

from bot.commands.bench import synthetic
from bot.commands.bench.size import open_made_up
from bot.commands.bench.timing import interleaved, one_part_questions
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


def test_made_up_documents_are_found_beside_the_sources(library: Library, tmp_path: Path) -> None:
    own = library.passages()[:6]
    synthetic.build(tmp_path, own, library.retriever.embedder, 40, library.generation.model)
    retriever, chain = open_made_up(tmp_path, library.retriever.embedder)
    try:
        made_up = [one for one in retriever.generation.passages.values() if one.document.startswith(synthetic.TEAM)]
        assert len(made_up) == 40
        assert len(retriever.generation.passages) == 46
        for passage in made_up[:3]:
            best = retriever.find([passage.units[0]])[0].best
            assert best is not None
            assert best.passage == passage
        assert chain.answer(own[0].units[0]).text
    finally:
        retriever.generation.close()
