"""`usage`: what the bot has done and what language models cost, in all places."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from bot.activities.usage import MONTHS, share_of, told_at_length, was_called
from bot.commands.answers import write_record
from bot.commands.start import existing_store, start
from bot.costs.budget import Budget
from bot.costs.money import in_dollars
from bot.costs.prices import list_of_prices
from bot.store import Spending
from bot.store.months import month_of
from bot.store.scope import EVERYTHING

if TYPE_CHECKING:
    from bot.store.records import Records

NO_MODEL = (
    "Answers are composed from the sources; no language model is configured (FINOPS_MODEL), so they cost nothing."
)


@click.command()
@click.option("--json", "as_json", is_flag=True, help="All of it as one JSON object.")
def usage(as_json: bool) -> None:
    """Say what the bot has done in this month, and what language models have cost, by place, model and month.

    Answers of finops-bot ask, eval and bench are not counted: they write nothing to the store.
    """
    settings = start()
    budget = Budget(settings.model, settings.monthly_budget)
    at = datetime.now(UTC)
    with closing(existing_store(settings)) as store, store.reading() as records:
        if as_json:
            write_record(_record(records, at, budget))
            return
        count = records.answers_since(month_of(at), scope=EVERYTHING)
        replies = f"{count:,} {'reply' if count == 1 else 'replies'}"
        click.echo(f"In {at:%B %Y}: {replies} in all places, counted from what is remembered.")
        if not budget.model:
            click.echo(f"\n{NO_MODEL}")
        if budget.model or was_called(records, at, scope=EVERYTHING):
            for paragraph in told_at_length(records, at, budget, scope=EVERYTHING):
                click.echo(f"\n{paragraph}")


def _record(records: Records, at: datetime, budget: Budget) -> dict[str, Any]:
    ledger = records.ledger
    month = ledger.month(at, scope=EVERYTHING)
    limit = budget.limit
    return {
        "month": f"{at:%Y-%m}",
        "replies": records.answers_since(month_of(at), scope=EVERYTHING),
        "model": budget.model or None,
        **_sums(month),
        "budget": limit and {"usd": float(limit), "used_percent": float(share_of(limit, month.nanodollars))},
        "places": [{"place": name} | _sums(spent) for name, spent in ledger.places(at, scope=EVERYTHING).items()],
        "models": [{"model": name} | _sums(spent) for name, spent in ledger.models(at, scope=EVERYTHING).items()],
        "months": [
            {"month": f"{month:%Y-%m}"} | _sums(spent)
            for month, spent in ledger.months(at, MONTHS, scope=EVERYTHING).items()
        ],
        "prices": list_of_prices(),
    }


def _sums(spent: Spending) -> dict[str, Any]:
    priced = spent.answers - spent.unpriced
    return {
        "model_answers": spent.answers,
        "unpriced_answers": spent.unpriced,
        "input_tokens": spent.input_tokens,
        "output_tokens": spent.output_tokens,
        "usd": float(in_dollars(spent.nanodollars)),
        "usd_per_answer": float(in_dollars(spent.nanodollars) / priced) if priced else None,
    }
