"""A language model behind the real client library, at a server that does all that servers do."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import socket
import sys
import traceback
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGenerationChunk, ChatResult

from knowledge.answer import Spent
from knowledge.errors import LanguageModelError
from knowledge.model import LanguageModel, open_model
from knowledge.writing import ANSWER, Limits, ModelFailed, Role, Said
from tests.model_server import (
    Act,
    BrokenEvents,
    Empty,
    Endless,
    Fail,
    Garbage,
    HalfWord,
    Hang,
    Huge,
    ModelServer,
    Reset,
    Say,
    Says,
    Slow,
)

NAME = "openai:gpt-4.1-mini"
KEY = "sk-proj-0123456789abcdefSECRET"
QUESTION = "Which costs scale, my dear?"
MESSAGES: list[tuple[Role, str]] = [("system", 'Answer from {passages}, in "two" words.'), ("user", QUESTION)]
SENTENCE = "Fixed costs do not scale."
SOON = Limits(first=0.3, total=0.6)


@pytest.fixture(autouse=True, scope="module")
def nothing_left_open() -> Iterator[None]:
    """What was left open is found when it is collected, and fails."""
    yield
    gc.collect()


@pytest.fixture(autouse=True)
def own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment with a key and nothing else."""
    for name in list(os.environ):
        if name.startswith(("OPENAI_", "ANTHROPIC_", "OLLAMA_", "LANGSMITH_", "LANGCHAIN_")) or "proxy" in name.lower():
            monkeypatch.delenv(name)
    monkeypatch.setenv("OPENAI_API_KEY", KEY)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModelServer]:
    with ModelServer(Say(SENTENCE)) as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        yield server


async def written(model: LanguageModel) -> tuple[list[str], Spent]:
    async with model.write(MESSAGES) as writing:
        return [piece async for piece in writing], writing.spent


def answer(model: LanguageModel) -> tuple[str, Spent]:
    pieces, spent = asyncio.run(written(model))
    return "".join(pieces), spent


def failure(model: LanguageModel) -> ModelFailed:
    with pytest.raises(ModelFailed) as failed:
        asyncio.run(written(model))
    return failed.value


class TestAnswers:
    def test_come_piece_by_piece(self, server: ModelServer) -> None:
        server.script(Say("Fixed costs do.", ("Fix", "ed costs", " do.")))
        assert asyncio.run(written(open_model(NAME)))[0] == ["Fix", "ed costs", " do."]

    def test_come_before_the_whole_is_written(self, server: ModelServer) -> None:
        server.script(Endless())

        async def first() -> str:
            async with open_model(NAME).write(MESSAGES) as writing:
                return await anext(writing)

        assert asyncio.run(first()) == "more and "

    def test_are_asked_for_with_care(self, server: ModelServer) -> None:
        answer(open_model(NAME))
        (asked,) = server.requests
        assert asked["model"] == "gpt-4.1-mini"
        assert asked["messages"] == [{"role": role, "content": text} for role, text in MESSAGES]
        assert asked["temperature"] == 0
        assert asked["max_completion_tokens"] == ANSWER.tokens
        assert asked["stream_options"] == {"include_usage": True}
        assert "tools" not in asked

    def test_are_counted_by_the_provider(self, server: ModelServer) -> None:
        assert answer(open_model(NAME)) == (SENTENCE, Spent(NAME, 11, 5))

    def test_may_depend_on_what_is_asked(self, server: ModelServer) -> None:
        server.script(Says(lambda messages: str(messages[-1]["content"]).upper()))
        assert answer(open_model(NAME))[0] == QUESTION.upper()

    def test_may_take_their_time(self, server: ModelServer) -> None:
        server.script(Slow("one two three", 0.05))
        assert answer(open_model(NAME))[0] == "one two three"

    def test_many_at_once(self, server: ModelServer) -> None:
        server.script(Slow(SENTENCE, 0.01))
        model = open_model(NAME)

        async def crowd() -> list[tuple[list[str], Spent]]:
            return await asyncio.gather(*(written(model) for _ in range(10)))

        assert {"".join(pieces) for pieces, _ in asyncio.run(crowd())} == {SENTENCE}

    def test_in_one_event_loop_after_another(self, server: ModelServer) -> None:
        model = open_model(NAME)
        assert [answer(model)[0] for _ in range(3)] == [SENTENCE] * 3

    def test_end_once(self, server: ModelServer) -> None:
        async def twice() -> list[str]:
            async with open_model(NAME).write(MESSAGES) as writing:
                async for _ in writing:
                    pass
                return [piece async for piece in writing]

        assert asyncio.run(twice()) == []

    def test_in_full_for_a_client_that_does_not_stream(self, server: ModelServer) -> None:
        said = asyncio.run(open_model(NAME).chat.ainvoke(QUESTION))
        assert said.text == SENTENCE
        assert said.response_metadata["token_usage"]["completion_tokens"] == 5
        assert not server.requests[0].get("stream")


class TestShortCalls:
    def test_say_all_at_once(self, server: ModelServer) -> None:
        server.script(Say(" What scales?\n"))
        assert asyncio.run(open_model(NAME).say(MESSAGES)) == Said("What scales?", Spent(NAME, 11, 2))

    @pytest.mark.parametrize(("act", "reason"), [(Hang(), "too slow"), (Endless(), "too long")])
    def test_have_limits_of_their_own(self, server: ModelServer, act: Act, reason: str) -> None:
        server.script(act)
        short = Limits(first=0.2, total=5, characters=100)
        with pytest.raises(ModelFailed, match=reason):
            asyncio.run(open_model(NAME, short=short).say(MESSAGES))


FAILURES: list[tuple[Act, str]] = [
    (Hang(), "too slow"),
    (Slow("one two three four five six", 0.2), "too slow"),
    (Endless(silent=True), "too slow"),
    (Endless(), "too slow"),
    (Huge(), "too long"),
    (Say("Fixed costs do", end="length"), "too long"),
    (Say("Fixed costs do", end="content_filter"), "withheld"),
    (Empty(), "empty"),
    (Say(" \n "), "empty"),
    (HalfWord(), "connection lost"),
    (HalfWord(orderly=True), "cut off"),
    (Reset(), "connection lost"),
    (Reset("Fixed costs"), "connection lost"),
    (Garbage(), "unreadable"),
    (BrokenEvents(), "unreadable"),
    (Fail(400), "request rejected"),
    (Fail(401, message=f"Incorrect API key provided: {KEY}."), "key rejected"),
    (Fail(403), "not permitted"),
    (Fail(404), "no such model"),
    (Fail(409), "request rejected"),
    (Fail(429, retry_after=30), "rate limit"),
    (Fail(500), "provider failed"),
    (Fail(503, retry_after=30), "provider failed"),
]


class TestFailures:
    @pytest.mark.parametrize(("act", "reason"), FAILURES, ids=lambda value: repr(value)[:40])
    def test_are_of_one_kind_and_tell_nothing_private(
        self, server: ModelServer, act: Act, reason: str, caplog: pytest.LogCaptureFixture
    ) -> None:
        server.script(act)
        with caplog.at_level(logging.DEBUG):
            failed = failure(open_model(NAME, SOON if reason == "too slow" else ANSWER))
        assert failed.reason == reason
        assert len(server.requests) == 1
        assert server.idle()  # nothing is left open
        told = "".join(traceback.format_exception(failed))
        assert KEY not in told + caplog.text
        own = [record.getMessage() for record in caplog.records if record.name.startswith("knowledge")]
        assert QUESTION not in told + "".join(own)
        assert failed.__context__ is None

    def test_nobody_listens(self, monkeypatch: pytest.MonkeyPatch) -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
        monkeypatch.setenv("OPENAI_BASE_URL", f"http://127.0.0.1:{port}/v1")
        failed = failure(open_model(NAME))
        assert (failed.reason, failed.spent) == ("connection lost", Spent(NAME, 0, 0))

    @pytest.mark.parametrize(
        ("name", "variable", "key"),
        [("ollama:llama3.2", "OLLAMA_HOST", None), ("anthropic:claude-x", "ANTHROPIC_BASE_URL", "ANTHROPIC_API_KEY")],
    )
    def test_of_other_providers(
        self, name: str, variable: str, key: str | None, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
        monkeypatch.setenv(variable, f"http://127.0.0.1:{port}")
        if key:
            monkeypatch.setenv(key, KEY)
        failed = failure(open_model(name))
        assert (failed.reason, failed.spent) == ("connection lost", Spent(name, 0, 0))

    def test_pieces_before_it_are_said(self, server: ModelServer) -> None:
        server.script(HalfWord("Fixed costs do not sca"))
        pieces = []

        async def collect() -> None:
            async with open_model(NAME).write(MESSAGES) as writing:
                async for piece in writing:
                    pieces.append(piece)

        with pytest.raises(ModelFailed):
            asyncio.run(collect())
        assert "".join(pieces) == "Fixed costs do not sca"

    def test_no_more_characters_than_allowed_are_said(self, server: ModelServer) -> None:
        server.script(Endless())
        pieces: list[str] = []

        async def collect() -> None:
            async with open_model(NAME, Limits(characters=100)).write(MESSAGES) as writing:
                async for piece in writing:
                    pieces.append(piece)

        with pytest.raises(ModelFailed, match="too long"):
            asyncio.run(collect())
        assert len("".join(pieces)) == 99
        assert server.idle()


class TestSpent:
    @pytest.mark.parametrize("status", [400, 401, 429, 500])
    def test_nothing_where_the_provider_refuses(self, server: ModelServer, status: int) -> None:
        server.script(Fail(status))
        assert failure(open_model(NAME)).spent == Spent(NAME, 0, 0)

    def test_an_estimate_where_the_answer_is_cut_off(self, server: ModelServer) -> None:
        server.script(HalfWord("Fixed costs do not sca" * 10))
        spent = failure(open_model(NAME)).spent
        assert 10 < spent.input_tokens < 40
        assert 50 < spent.output_tokens < 70

    def test_what_was_read_where_nothing_comes(self, server: ModelServer) -> None:
        server.script(Hang())
        spent = failure(open_model(NAME, SOON)).spent
        assert spent.input_tokens > 10
        assert spent.output_tokens == 0

    def test_never_more_than_was_asked_for(self, server: ModelServer) -> None:
        server.script(Huge())
        assert failure(open_model(NAME)).spent.output_tokens == ANSWER.tokens

    def test_as_counted_where_an_answer_is_too_long_for_the_provider(self, server: ModelServer) -> None:
        server.script(Say("Fixed costs do", end="length"))
        assert failure(open_model(NAME)).spent == Spent(NAME, 11, 3)

    def test_an_estimate_where_the_provider_does_not_count(self, server: ModelServer) -> None:
        server.script(Fail(400, message="Unrecognized request argument supplied: stream_options"), Say(SENTENCE))
        text, spent = answer(open_model(NAME))
        assert text == SENTENCE
        assert spent.input_tokens > 10
        assert spent.output_tokens > 5

    def test_nothing_before_the_call(self) -> None:
        assert open_model(NAME).write(MESSAGES).spent == Spent(NAME, 0, 0)


class TestLeavingEarly:
    def test_closes_the_connection(self, server: ModelServer) -> None:
        server.script(Endless())

        async def leave() -> Spent:
            async with open_model(NAME).write(MESSAGES) as writing:
                async for _ in writing:
                    break
            return writing.spent

        assert asyncio.run(leave()).output_tokens > 0
        assert server.idle()

    @pytest.mark.parametrize("act", [Hang(), Endless(), Endless(silent=True)])
    def test_a_cancelled_task_closes_the_connection(self, server: ModelServer, act: Act) -> None:
        server.script(act)

        async def cancel() -> None:
            task = asyncio.create_task(written(open_model(NAME)))
            assert await asyncio.to_thread(server.busy)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert asyncio.all_tasks() == {asyncio.current_task()}
            assert await asyncio.to_thread(server.idle)

        asyncio.run(cancel())

    def test_a_caller_that_is_cancelled_elsewhere_closes_the_connection(self, server: ModelServer) -> None:
        server.script(Endless())

        async def send_for_ever() -> None:
            async with open_model(NAME).write(MESSAGES) as writing:
                async for _ in writing:
                    await asyncio.Event().wait()

        async def cancel() -> None:
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(send_for_ever(), 0.3)

        asyncio.run(cancel())
        assert server.idle()


class TestWhatProvidersRefuse:
    def test_a_temperature_is_left_out_from_then_on(self, server: ModelServer) -> None:
        refusal = "Unsupported value: 'temperature' does not support 0 with this model. Only the default is supported."
        server.script(Fail(400, message=refusal, param="temperature"), Say(SENTENCE))
        model = open_model(NAME)
        assert [answer(model)[0] for _ in range(2)] == [SENTENCE] * 2
        assert [asked.get("temperature") for asked in server.requests] == [0, None, None]

    def test_but_only_once(self, server: ModelServer) -> None:
        server.script(Fail(400, message="temperature and stream_options are both wrong"))
        assert failure(open_model(NAME)).reason == "request rejected"
        assert len(server.requests) == 3


class Thinker(BaseChatModel):
    """Answers in blocks, as some providers do, some of them thoughts."""

    blocks: list[str | list[str | dict[str, Any]]]

    @property
    def _llm_type(self) -> str:
        return "thinker"

    def _generate(self, messages: list[BaseMessage], *_: Any, **__: Any) -> ChatResult:
        raise NotImplementedError

    async def _astream(self, messages: list[BaseMessage], *_: Any, **__: Any) -> AsyncIterator[ChatGenerationChunk]:
        for block in self.blocks:
            yield ChatGenerationChunk(message=AIMessageChunk(content=block))


def test_thoughts_are_left_out() -> None:
    blocks: list[str | list[str | dict[str, Any]]] = [
        [{"type": "thinking", "thinking": "He wants to know what scales."}],
        [{"type": "reasoning", "reasoning": "What does?"}],
        [{"type": "text", "text": "Fixed costs "}],
        "do not",
        [{"type": "text", "text": " scale."}],
    ]
    assert answer(LanguageModel("thinker:one", Thinker(blocks=blocks)))[0] == SENTENCE


def check(name: str) -> str | None:
    """What is wrong with the language model `name` as far as can be told without calling it, None if nothing is."""
    try:
        open_model(name)
    except LanguageModelError as error:
        return str(error)
    return None


class TestNames:
    @pytest.mark.parametrize("name", ["", "gpt-4.1-mini", "openai:", ":gpt", "openai:gpt 4", "openai/gpt-4", KEY])
    def test_malformed(self, name: str) -> None:
        assert (
            check(name)
            == "The name of a language model should look like openai:gpt-4.1-mini: a provider and its model."
        )

    def test_unknown_provider(self) -> None:
        assert check("opnai:gpt-4.1-mini") == (
            "There is no provider 'opnai' of language models: the name should look like openai:gpt-4.1-mini."
        )

    @pytest.mark.parametrize(
        ("name", "variable"),
        [(NAME, "OPENAI_API_KEY"), ("anthropic:claude-haiku-4-5", "ANTHROPIC_API_KEY")],
    )
    def test_missing_key(self, name: str, variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("OPENAI_API_KEY")
        problem = f"The language model {name} needs an API key: set {variable}."
        assert check(name) == problem
        monkeypatch.setenv(variable, " ")
        assert check(name) == problem
        monkeypatch.setenv(variable, KEY)
        assert check(name) is None

    @pytest.mark.parametrize("key", [KEY + "\n", f"{KEY} {KEY}", KEY + "é", "“" + KEY])
    def test_key_that_is_none(self, key: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("OPENAI_API_KEY", key)
        assert check(NAME) == (
            "OPENAI_API_KEY holds a space, a line break or a letter that is in no key: copy it again."
        )

    def test_no_key_needed(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("OPENAI_API_KEY")
        assert check("ollama:llama3.2") is None
        assert check("ollama:llama3.2:3b") is None

    @pytest.mark.parametrize("name", ["openai:gpt-4.1-mini", "anthropic:claude-haiku-4-5", "ollama:llama3.2"])
    def test_missing_package(self, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
        provider = name.partition(":")[0]
        monkeypatch.setitem(sys.modules, f"langchain_{provider}", None)
        assert check(name) == f'The language model {name} needs a package: pip install "finops-bot[{provider}]".'

    def test_missing_package_of_another_provider(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "langchain_groq", None)
        assert (
            check("groq:llama-3.3") == "The language model groq:llama-3.3 needs a package: pip install langchain-groq."
        )

    def test_missing_setting_of_another_provider(self) -> None:
        problem = check("azure-openai:gpt-4.1-mini")
        assert problem == "The language model azure_openai:gpt-4.1-mini needs another setting: set OPENAI_API_VERSION."

    def test_are_checked_when_opened(self) -> None:
        with pytest.raises(LanguageModelError):
            open_model("gpt-4.1-mini")


@pytest.mark.parametrize("spared", [None, "example.org"])
def test_a_proxy_does_not_stand_before_this_machine(
    server: ModelServer, spared: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("no_proxy", "")  # so that it is put back
    monkeypatch.delenv("no_proxy")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    if spared:
        monkeypatch.setenv("NO_PROXY", spared)
    assert answer(open_model(NAME))[0] == SENTENCE
    assert answer(open_model(NAME))[0] == SENTENCE
    assert os.environ["no_proxy"].startswith(spared or "localhost")
