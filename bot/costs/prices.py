"""Prices of language models: what the tokens of an answer cost on its day, from the prices that genai-prices brings."""

from __future__ import annotations

import os
from datetime import datetime
from decimal import ROUND_CEILING, Decimal
from typing import TYPE_CHECKING

from bot.costs.money import NANODOLLARS
from knowledge.answer import Spent

if TYPE_CHECKING:
    from genai_prices.types import PriceCalculation

# No model reads or writes as much for one answer.
MOST_TOKENS = 10_000_000
# Providers as LangChain calls them -> as genai-prices does, where that would not find them, or find another one: the
# models of Anthropic and OpenAI are sold by others as well.
_SELLERS = {
    "anthropic_bedrock": "aws",
    "azure_ai": "azure",
    "azure_openai": "azure",
    "bedrock_mantle_anthropic": "aws",
    "bedrock_mantle_openai": "aws",
    "google_anthropic_vertex": "google",
}


def plausible(spent: Spent) -> Spent:
    """`spent` with counts of tokens that can be: what a provider counts comes from outside."""
    read, written = (min(max(count, 0), MOST_TOKENS) for count in (spent.input_tokens, spent.output_tokens))
    return Spent(spent.model, read, written)


def price(spent: Spent, at: datetime) -> Decimal | None:
    """What `spent` cost at that moment in US dollars; None where no price is known.

    No discount for a cached prompt is taken off, so it may be a little above the bill.
    """
    provider, _, model = spent.model.partition(":")
    if is_local(spent.model):
        return Decimal(0)
    found = _calculated(provider, model, spent, at)
    # Models of other kinds have prices too, of other things than tokens in and tokens out.
    if found is None or found.model_price.input_mtok is None or found.model_price.output_mtok is None:
        return None
    return found.total_price


def nanodollars(spent: Spent, at: datetime) -> int | None:
    """What `spent` cost as the store counts it, rounded up; None where no price is known."""
    cost = price(spent, at)
    return None if cost is None else int((cost * NANODOLLARS).to_integral_value(ROUND_CEILING))


def is_local(name: str) -> bool:
    """Whether the model runs on a machine of one's own, where nobody is paid for tokens."""
    # Ollama passes models whose tag ends so on to its own service.
    return name.startswith("ollama:") and not name.endswith("cloud")


def is_priced(name: str, at: datetime) -> bool:
    """Whether it is known what the model costs."""
    return price(Spent(name, 0, 0), at) is not None


def list_of_prices() -> str:
    """Where the prices come from, with its version: they are those that were known when it was published."""
    from genai_prices import __version__

    return f"genai-prices {__version__}"


def _calculated(provider: str, model: str, spent: Spent, at: datetime) -> PriceCalculation | None:
    from genai_prices import Usage, calc_price

    usage = Usage(input_tokens=spent.input_tokens, output_tokens=spent.output_tokens)
    # Many others speak OpenAI's protocol at an address of their own.
    address = os.environ.get("OPENAI_API_BASE") or os.environ.get("OPENAI_BASE_URL")
    if provider == "openai" and address:
        try:
            return calc_price(usage, model, provider_api_url=address, genai_request_timestamp=at)
        except LookupError:
            pass  # a proxy, most likely: its bill comes from OpenAI
    try:
        return calc_price(usage, model, provider_id=_SELLERS.get(provider, provider), genai_request_timestamp=at)
    except LookupError:
        return None
