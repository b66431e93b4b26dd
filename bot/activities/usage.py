"""Usage: what the bot itself has done and cost; it practises what it teaches."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import ROUND_DOWN, Decimal
from typing import TYPE_CHECKING

from bot.activities import Heard, Step
from bot.costs.budget import WARNINGS, Budget
from bot.costs.money import dollars, in_dollars
from bot.costs.prices import list_of_prices
from bot.reply import Reply, Text
from bot.store import Spending
from bot.store.months import month_after, month_of
from bot.store.scope import EVERYTHING, Scope, scope_of

if TYPE_CHECKING:
    from bot.store.records import Records

# How many months before this one are told.
MONTHS = 6
# How many places are told, the dearest first; the others are summed up.
PLACES = 10


class Usage:
    """Takes questions about what the bot costs."""

    def __init__(self, budget: Budget) -> None:
        self._budget = budget

    async def take(self, heard: Heard) -> Step | None:
        """Replies in this place since the month began, and what they cost; moderators are told more of it, and
        its administrators of all public places of the server.
        """
        return (lambda records: self._told(heard, records)) if heard.intent.name == "usage" else None

    def _told(self, heard: Heard, records: Records) -> Reply:
        turn, budget, scope = heard.turn, self._budget, scope_of(heard.turn)
        paragraphs = [_here(heard, records, budget)]
        # Where a model was never named nor called, all has been said.
        more = turn.person.moderator and bool(budget.model or was_called(records, turn.at, scope=scope))
        if more:
            paragraphs += told_at_length(records, turn.at, budget, scope=scope)
        if budget.is_used_up(turn.at, heard.scene.spent):
            paragraphs.append(_used_up(turn.at))
        return Reply((Text("\n\n".join(paragraphs)),), "usage", private=more)


def told_at_length(records: Records, at: datetime, budget: Budget, *, scope: Scope) -> Iterator[str]:
    """What language models took in the month of that moment, in paragraphs. The budget is that of all places."""
    ledger = records.ledger
    month = ledger.month(at, scope=scope)
    if scope == EVERYTHING or scope.server:
        yield f"In {scope.named}: {in_words(month)}."
    if budget.limit is not None and scope == EVERYTHING:
        yield of_budget(budget.limit, month.nanodollars, at)
    if len(places := ledger.places(at, scope=scope)) > 1:
        yield _listed("By place:", _shortened(places))
    if len(models := ledger.models(at, scope=scope)) > 1:
        yield _listed("By model:", models)
    if months := ledger.months(at, MONTHS, scope=scope):
        yield _listed("In the months before:", {f"{month:%B %Y}": spent for month, spent in months.items()})
    yield (
        "Tokens are as the provider counts them, or an estimate where it does not, as when an answer is cut off. "
        f"Prices are those of {list_of_prices()} on the day of the answer, without discounts for cached prompts; a "
        "model on a machine of one's own costs nothing by the token. Months are in UTC."
    )


def was_called(records: Records, at: datetime, *, scope: Scope) -> bool:
    """Whether a language model was called in the months that are told."""
    return bool(records.ledger.month(at, scope=scope).answers or records.ledger.months(at, MONTHS, scope=scope))


def in_words(spent: Spending) -> str:
    """The sums, and what an answer costs on average, with its formula."""
    if not spent.answers:
        return "no language model was called, so 0 tokens and 0 in money"
    answers = f"{spent.answers:,} {'answer' if spent.answers == 1 else 'answers'}"
    tokens = f"{spent.input_tokens:,} tokens in, {spent.output_tokens:,} out"
    said = f"{answers} for which a language model was called, {tokens}"
    priced, cost = spent.answers - spent.unpriced, in_dollars(spent.nanodollars)
    if priced:
        said = f"{said}, {dollars(cost)}"
    if priced > 1 and cost:
        said = f"{said}, which is {dollars(cost / priced)} an answer ({dollars(cost)} / {priced:,})"
    if spent.unpriced:
        said = f"{said}; no price is known for {spent.unpriced:,} of them"
    return said


def share_of(limit: Decimal, nanodollars: int) -> Decimal:
    """How much of the budget is used, in percent with one decimal; never rounded up to the whole."""
    return (in_dollars(nanodollars) * 100 / limit).quantize(Decimal("0.1"), ROUND_DOWN)


def of_budget(limit: Decimal, nanodollars: int, at: datetime) -> str:
    """How much of the budget is used in the month of that moment, with a warning where that is most of it."""
    share = share_of(limit, nanodollars)
    said = f"Of the monthly budget of {dollars(limit)}, {share}% is used ({dollars(in_dollars(nanodollars))} of it)."
    if share >= 100:
        return f"{said} {_used_up(at)}"
    return f"{said} Warning: {100 - share}% is left." if share >= WARNINGS[0] else said


def _here(heard: Heard, records: Records, budget: Budget) -> str:
    turn = heard.turn
    count = records.answers_since(month_of(turn.at), scope=Scope(turn.room))
    replies = f"{count} {'reply' if count == 1 else 'replies'}"
    said = f"In {month_of(turn.at):%B %Y} I have given {replies} here, counted from what I remember of this place."
    month = records.ledger.month(turn.at, scope=Scope(turn.room))
    if month.answers:
        return f"{said} Here it is {in_words(month)}."
    if budget.model:
        return f"{said} They cost 0 tokens and 0 in money: no language model was called for them."
    none = "I compose answers from my sources myself, and call no language model"
    return f"{said} They cost 0 tokens and 0 in money: {none}."


def _used_up(at: datetime) -> str:
    until = month_after(month_of(at))
    return (
        "The monthly budget for a language model is used up: until "
        f"{until:%B} {until.day} (UTC) I compose answers from my sources myself."
    )


def _shortened(places: Mapping[str, Spending]) -> Mapping[str, Spending]:
    """The first places, and the others in one."""
    first, others = list(places.items())[:PLACES], list(places.values())[PLACES:]
    return dict(first) | ({f"{len(others):,} others": sum(others, Spending())} if others else {})


def _listed(heading: str, spendings: Mapping[str, Spending]) -> str:
    return "\n".join((heading, *(f"- {name}: {in_words(spent)}" for name, spent in spendings.items())))
