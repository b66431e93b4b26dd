"""Answers that are kept: given again to those who ask for the same, and to nobody else."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence

import numpy as np
import pytest

from knowledge.answer import Answer, Message
from knowledge.answers import Answers, asking_of
from knowledge.cache import AnswerCache, Asking
from knowledge.chain import Asked
from knowledge.checking import Checker
from knowledge.library import Library
from knowledge.model import open_model
from knowledge.writer import Writer
from tests.model_server import Fail, HalfWord, ModelServer, Say

NAME = "openai:gpt-4.1-mini"
QUESTION = "What is FinOps?"
TRUE = "FinOps stands for Financial Operations."


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModelServer]:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-0")
    with ModelServer(Say(f"{TRUE} [1]")) as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        yield server


def keeping(library: Library) -> Answers:
    """Answers that a model writes, and that are kept."""
    embed = library.retriever.embedder.embed
    return Answers(library.chain, Writer(open_model(NAME), Checker(embed)), embed)


def ask(answers: Answers, question: str = QUESTION, history: Sequence[Message] = ()) -> list[Answer]:
    async def collect() -> list[Answer]:
        return [answer async for answer in answers.answer(question, history)]

    return asyncio.run(collect())


# --- What asks for the same ---


def again(library: Library, kept: str, asked: str) -> bool:
    """Whether the answer that was kept for one question is given to another."""
    one, other = library.chain.ask([Asked(kept), Asked(asked)])
    vectors = library.retriever.embedder.embed([kept, asked])
    cache = AnswerCache()
    cache.put(asking_of(one, vectors[0]), Answer("Kept.", "answer"))
    return cache.get(asking_of(other, vectors[1])) is not None


@pytest.mark.parametrize(
    ("kept", "asked"),
    [
        (QUESTION, QUESTION),
        (QUESTION, "what's finops?"),
        (QUESTION, "finops definition"),
        ("Which hashtags are in the YouTube listing?", "What hashtags are used in the YouTube listing?"),
        ("What percentage of AI projects go over budget?", "ai projects over budget percentage"),
        ("What did Company X achieve by implementing FinOps?", "What did Company X achieve with FinOps?"),
        ("What is the third benefit of FinOps?", "What's the 3rd benefit of FinOps?"),
        ("Is FinOps only about cutting costs?", "is finops only about cutting costs"),
    ],
)
def test_the_same_in_other_words(library: Library, kept: str, asked: str) -> None:
    assert again(library, kept, asked)


@pytest.mark.parametrize(
    ("kept", "asked"),
    [
        ("Why does FinOps matter in AI?", "Why does FinOps not matter in AI?"),
        ("Which benefits does FinOps have?", "Which benefits does FinOps have besides cost transparency?"),
        ("What is the third benefit of FinOps?", "What is the fourth benefit of FinOps?"),
        ("What is the third benefit of FinOps?", "What are the benefits of FinOps?"),
        ("What is the first expert quote?", "Give me one expert quote"),
        ("Do over 60 percent of AI projects go over budget?", "Do over 30 percent of AI projects go over budget?"),
        ("Is FinOps about cutting costs?", "Is FinOps about maximizing value?"),
        ("Is FinOps only about cutting costs?", "What is FinOps about beside cutting costs?"),
        ("Can companies save 30% with FinOps?", "Do companies lose 30% with FinOps?"),
        ("Which chapter does the script belong to?", "Which chapter is the script of, and in which book is it?"),
        ("start time conclusion", "conclusion duration"),
        (QUESTION, "What did Company X achieve?"),
    ],
)
def test_something_else_in_nearly_the_same_words(library: Library, kept: str, asked: str) -> None:
    assert not again(library, kept, asked)
    assert not again(library, asked, kept)


# --- What is kept ---


def asking(number: int, text: str = "word") -> Asking:
    """A question like no other: each has a passage of its own."""
    return Asking(text, np.ones(1, np.float32), ((f"passage/{number}", (0,)),))


def test_the_oldest_answers_go() -> None:
    cache = AnswerCache(most=2)
    for number in range(3):
        cache.put(asking(number), Answer(str(number), "answer"))
    assert cache.get(asking(0)) is None
    assert [cache.get(asking(number)) for number in (1, 2)] == [Answer("1", "answer"), Answer("2", "answer")]


def test_the_oldest_answers_to_one_question_go_one_by_one() -> None:
    cache = AnswerCache(most=2)
    for number in range(5):
        cache.put(asking(0), Answer(str(number), "answer"))
    assert cache.get(asking(0)) == Answer("4", "answer")


def test_the_same_again_costs_nothing(library: Library, server: ModelServer) -> None:
    answers = keeping(library)
    first = ask(answers)[-1]
    (second,) = ask(answers, "what's finops?")
    assert len(server.requests) == 1
    assert first.spent is not None
    assert (second.text, second.sources, second.numbered, second.spent) == (first.text, first.sources, True, None)


def test_another_generation_has_answers_of_its_own(library: Library, server: ModelServer) -> None:
    for _ in range(2):
        ask(keeping(library))
    assert len(server.requests) == 2


def test_what_was_not_written_is_not_kept(library: Library, server: ModelServer) -> None:
    answers = keeping(library)
    for act in (Fail(500), Say("NOTHING"), HalfWord(f"{TRUE} [1] It sto")):
        server.script(act)
        ask(answers)
    server.script(Say(f"{TRUE} [1]"))
    assert ask(answers)[-1].text == f"{TRUE} [1]"
    assert len(server.requests) == 4


def test_a_follow_up_is_neither_kept_nor_met(library: Library, server: ModelServer) -> None:
    answers = keeping(library)
    first = "What did Company X achieve?"
    history = [Message("user", first), Message("assistant", library.answer(first).text)]
    server.script(Fail(500), Say("Company X optimized its cloud usage. [1]"))
    ask(answers, "How did they do it?", history)
    server.script(Fail(500), Say("Company X gained visibility into its spending. [1]"))
    (*_, answer) = ask(answers, "How did they do it?", history)
    assert answer.text == "Company X gained visibility into its spending. [1]"


def test_a_composed_answer_is_not_a_kept_one(library: Library, server: ModelServer) -> None:
    answers = keeping(library)
    ask(answers)

    async def composed() -> list[Answer]:
        return [answer async for answer in answers.answer(QUESTION, composed=True)]

    assert asyncio.run(composed()) == [library.answer(QUESTION)]
