"""Prices of language models: by the names that LangChain has for them, on the day of the answer."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from bot.costs.prices import MOST_TOKENS, is_priced, list_of_prices, nanodollars, plausible, price
from knowledge.answer import Spent

AT = datetime(2026, 1, 15, tzinfo=UTC)
SMALL = "openai:gpt-4.1-mini"  # $0.40 a million tokens in, $1.60 out


@pytest.fixture(autouse=True)
def no_address(monkeypatch: pytest.MonkeyPatch) -> None:
    """OpenAI's own address."""
    for name in list(os.environ):
        if name.startswith("OPENAI_"):
            monkeypatch.delenv(name)


def test_tokens_have_their_price() -> None:
    assert price(Spent(SMALL, 1_000_000, 0), AT) == Decimal("0.4")
    assert price(Spent(SMALL, 0, 1_000_000), AT) == Decimal("1.6")
    assert price(Spent(SMALL, 1_500, 250), AT) == Decimal("0.001")
    assert price(Spent(SMALL, 0, 0), AT) == 0


def test_the_store_counts_a_single_token() -> None:
    assert nanodollars(Spent(SMALL, 1, 0), AT) == 400
    assert nanodollars(Spent("openai:gpt-4.1-nano", 1, 0), AT) == 100
    assert nanodollars(Spent(SMALL, 1_500, 250), AT) == 1_000_000


def test_a_price_is_that_of_the_day() -> None:
    spent = Spent("mistralai:ministral-8b-latest", 1_000_000, 0)
    before, after = datetime(2025, 12, 1, tzinfo=UTC), datetime(2025, 12, 3, tzinfo=UTC)
    assert (price(spent, before), price(spent, after)) == (Decimal("0.1"), Decimal("0.15"))


@pytest.mark.parametrize(
    "name",
    [
        "anthropic:claude-sonnet-4-5",
        "anthropic_bedrock:anthropic.claude-sonnet-4-20250514-v1:0",
        "azure_ai:gpt-4o",
        "azure_openai:gpt-4o",
        "bedrock:amazon.nova-lite-v1:0",
        "bedrock_converse:us.anthropic.claude-sonnet-4-20250514-v1:0",
        "bedrock_mantle_anthropic:anthropic.claude-sonnet-4-20250514-v1:0",
        "cohere:command-r-plus",
        "deepseek:deepseek-chat",
        "google_anthropic_vertex:claude-sonnet-4@20250514",
        "google_genai:gemini-2.5-flash",
        "google_vertexai:gemini-2.5-flash",
        "groq:llama-3.3-70b-versatile",
        "litellm:openai/gpt-4o",
        "mistralai:mistral-small-latest",
        "openai:gpt-4.1-mini-2025-04-14",
        "openrouter:openai/gpt-4o",
        "perplexity:sonar",
        "together:meta-llama/Llama-3.3-70B-Instruct-Turbo",
        "xai:grok-4",
    ],
)
def test_models_are_known_as_langchain_calls_them(name: str) -> None:
    cost = price(Spent(name, 1_000, 1_000), AT)
    assert cost is not None
    assert 0 < cost < Decimal("0.1")


@pytest.mark.parametrize(
    "name",
    [
        *(
            "openai:no-such-model",
            "openai:text-embedding-3-small",
            "openai:moderation",
            "nosuch:gpt-4o",
            "upstage:solar",
        ),
        *("huggingface:some", "", "openai", ":", "openai:", "ollama:gpt-oss:120b-cloud", "google_genai:gemma-3-27b-it"),
    ],
)
def test_a_price_that_is_not_known_is_no_price(name: str) -> None:
    assert price(Spent(name, 1_000, 1_000), AT) is None
    assert nanodollars(Spent(name, 1_000, 1_000), AT) is None
    assert not is_priced(name, AT)


@pytest.mark.parametrize("name", ["ollama:llama3.2", "ollama:llama3.2:3b", "ollama:gpt-4o"])
def test_a_local_model_costs_nothing(name: str) -> None:
    assert price(Spent(name, 1_000_000, 1_000_000), AT) == 0
    assert is_priced(name, AT)


@pytest.mark.parametrize("variable", ["OPENAI_API_BASE", "OPENAI_BASE_URL"])
def test_the_address_says_who_sells_what_speaks_openais_protocol(
    variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = price(Spent("deepseek:deepseek-chat", 10**6, 0), AT)
    assert price(Spent("openai:deepseek-chat", 10**6, 0), AT) is None
    monkeypatch.setenv(variable, "https://api.deepseek.com/v1")
    assert price(Spent("openai:deepseek-chat", 10**6, 0), AT) == own is not None


def test_a_proxy_has_the_prices_of_openai(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "http://proxy.example/v1")
    assert price(Spent(SMALL, 10**6, 0), AT) == Decimal("0.4")
    assert not is_priced("openai:my-own-model", AT)


def test_what_a_broken_server_counts_is_not_believed() -> None:
    assert plausible(Spent(SMALL, -5, 10**40)) == Spent(SMALL, 0, MOST_TOKENS)
    assert plausible(Spent(SMALL, 20, 5)) == Spent(SMALL, 20, 5)


def test_the_list_of_prices_has_a_version() -> None:
    assert list_of_prices().startswith("genai-prices ")
