"""Answers that a language model writes, as people meet them: in a talk, in the terminal, and with a wrong setting."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.commands.start import make_assistant
from bot.intents.understanding import Understanding
from bot.reply import Sources
from bot.settings import Settings
from bot.store.database import Store
from knowledge.answers import Answers
from knowledge.checking import Checker
from knowledge.library import Library
from knowledge.model import open_model
from knowledge.writer import Writer
from tests.bot.conftest import ANA, Talk
from tests.conftest import Logged
from tests.model_server import Fail, HalfWord, ModelServer, Say

NAME = "openai:gpt-4.1-mini"
TRUE = "FinOps stands for Financial Operations."
ALSO = "It brings financial accountability to AI and cloud computing."
SOURCE = "The role of FinOps in AI project success (What is FinOps?, 0:30-2:00)"

Run = Callable[..., "subprocess.CompletedProcess[bytes]"]


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModelServer]:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-0")
    with ModelServer(Say(f"{TRUE} [1] HACKED [1]. {ALSO} [1]")) as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        yield server


# --- In a talk ---


@pytest.fixture
def talk(
    library: Library, settings: Settings, understanding: Understanding, file_store: Store, server: ModelServer
) -> Talk:
    """A talk with a bot that has a language model."""
    answers = Answers(library.chain, Writer(open_model(NAME), Checker(library.retriever.embedder.embed)))
    return Talk(make_assistant(library, settings, lambda: file_store, understanding, answers), file_store)


def test_a_question_is_answered_as_it_is_written(talk: Talk, server: ModelServer) -> None:
    draft, whole = talk.replies(talk.turn("What is FinOps?"))
    assert draft.text == f"{TRUE} [1]"
    assert draft.slot == whole.slot
    assert whole.text == f"{TRUE} [1] {ALSO} [1]"
    (sources,) = (part for part in whole.parts if isinstance(part, Sources))
    assert sources.lines == (f"[1] {SOURCE}",)
    assert len(server.requests) == 1


def test_the_log_holds_nothing_of_what_was_asked_or_written(talk: Talk, server: ModelServer, logged: Logged) -> None:
    talk.replies(talk.turn("What is FinOps, said Zanzibar?"))
    server.script(Fail(500))
    talk.replies(talk.turn("What is FinOps for Zanzibar?"))
    assert server.requests
    assert "Zanzibar" in str(server.requests)
    told = logged()
    assert not any(words in told for words in ("Zanzibar", TRUE, "HACKED", "sk-0", "FinOps, said"))


def test_polls_quizzes_and_savings_never_reach_a_model(talk: Talk, server: ModelServer) -> None:
    for words in (
        *("start the poll", "kinda know it", "results", "close the poll"),
        *("quiz me", "hint", "most of them?", "skip"),
        *("how much could we save on 80k a month?", "and at 10%?"),
        *("show me the benefits", "a quote", "statistics", "usage", "settings", "help", "stop"),
    ):
        reply = talk.say(words, ANA)
        assert reply.activity != "question", words
        assert reply.spent is None
    assert server.requests == []


def test_an_open_quiz_keeps_its_answer_from_a_model_s_words(talk: Talk, server: ModelServer) -> None:
    talk.say("quiz me", ANA)
    server.script(Say("Over 60% of AI projects go over budget. [1]"))
    told = talk.replies(talk.turn("How many AI projects go over budget?", ANA))
    assert not any("60" in reply.text for reply in told)


# --- In the terminal ---


def model_at(server: ModelServer) -> dict[str, str]:
    return {"FINOPS_MODEL": NAME, "OPENAI_API_KEY": "sk-0", "OPENAI_BASE_URL": server.url}


def test_what_is_written_is_shown_once_with_its_sources(bot: Run, server: ModelServer) -> None:
    done = bot("chat", stdin=b"What is FinOps?\n", FINOPS_DATABASE_URL="sqlite://", **model_at(server))
    assert (done.returncode, done.stderr) == (0, b"")
    said = " ".join(done.stdout.decode().split())
    assert said.count(TRUE) == said.count(ALSO) == 1
    assert f"Source: [1] {SOURCE}" in said
    assert "HACKED" not in said


def test_what_broke_off_is_told_with_the_reference_of_the_log(bot: Run, server: ModelServer) -> None:
    server.script(HalfWord(f"{TRUE} [1] It brings financial accoun"))
    done = bot("ask", "What is FinOps?", **model_at(server))
    assert (done.returncode, done.stderr) == (0, b"")
    said = " ".join(done.stdout.decode().split())
    assert "The writing broke off there (reference " in said
    assert "accoun " not in said
    assert "Think of it as the bridge" in said


def test_ask_as_json(bot: Run, server: ModelServer) -> None:
    lines = [json.dumps({"id": number, "question": "What is FinOps?"}) for number in (1, 2)]
    done = bot("ask", "--jsonl", stdin="\n".join(lines).encode(), **model_at(server))
    records = [json.loads(line) for line in done.stdout.splitlines()]
    assert [record["answer"] for record in records] == [f"{TRUE} [1] {ALSO} [1]"] * 2
    assert [source["section"] for record in records for source in record["sources"]] == ["What is FinOps?"] * 2
    assert len(server.requests) == 1  # the second was kept


def test_a_model_that_fails_goes_unnoticed(bot: Run, server: ModelServer) -> None:
    server.script(Fail(500))
    written = bot("ask", "What is FinOps?", **model_at(server))
    composed = bot("ask", "What is FinOps?")
    assert (written.returncode, written.stdout, written.stderr) == (0, composed.stdout, b"")


# --- A wrong setting ---

WRONG = [
    ("gpt-4.1-mini", "The name of a language model should look like openai:gpt-4.1-mini: a provider and its model."),
    (
        "opnai:gpt-4.1-mini",
        "There is no provider 'opnai' of language models: the name should look like openai:gpt-4.1-mini.",
    ),
    ("mistralai:small", "The language model mistralai:small needs a package: pip install langchain-mistralai."),
    (NAME, f"The language model {NAME} needs an API key: set OPENAI_API_KEY."),
]


@pytest.mark.parametrize(("name", "sentence"), WRONG, ids=[name for name, _ in WRONG])
def test_a_model_that_cannot_be_called_is_said(bot: Run, name: str, sentence: str) -> None:
    done = bot("ask", "What is FinOps?", FINOPS_MODEL=name, OPENAI_API_KEY="")
    assert (done.returncode, done.stdout, done.stderr.decode()) == (2, b"", f"{sentence}\n")


def test_doctor_says_which_package_is_missing(bot: Run) -> None:
    name, sentence = WRONG[2]
    done = bot("doctor", FINOPS_MODEL=name)
    assert done.returncode == 1
    assert f"FAIL  Language model: {sentence}\n" in done.stdout.decode()


def test_chat_says_it_before_anything_else(bot: Run) -> None:
    name, sentence = WRONG[-1]
    done = bot("chat", stdin=b"What is FinOps?\n", FINOPS_MODEL=name, OPENAI_API_KEY="")
    assert (done.returncode, done.stdout, done.stderr.decode()) == (2, b"", f"{sentence}\n")


# --- eval ---


def test_eval_measures_what_is_kept(bot: Run, tmp_path: Path) -> None:
    rows = [
        {"id": text, "question": text, "kind": "direct", "must_contain": [[words]]}
        for text, words in (
            ("What is FinOps?", "financial operations"),
            ("what's finops?", "financial compass"),
            ("finops definition", "no such words"),
            ("What did Company X achieve?", "30%"),
        )
    ]
    file = tmp_path / "asked.jsonl"
    file.write_text("\n".join(map(json.dumps, rows)))
    done = bot("eval", "--cache", str(file))
    assert (done.returncode, done.stderr) == (0, b"")
    assert [" ".join(line.split()) for line in done.stdout.decode().splitlines()] == [
        "kept answers",
        "questions that a model would be asked 4",
        "that would get the answer to another 2 50.0%",
        "that ask for something else 1",
        "! finops definition",
        "What is FinOps?",
    ]
    file.write_text(json.dumps({"id": 1, "question": "Who won?", "kind": "off_topic", "expected": "abstain"}))
    done = bot("eval", "--cache", str(file))
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.startswith(b"There is no question in these files that should be answered.")
