"""Amounts of US dollars: as the store counts them, as people read them, and a budget as a setting names it."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_EVEN, Decimal, localcontext

from bot.intents.amounts.currencies import currency_after, currency_before
from bot.intents.amounts.numbers import plain
from bot.intents.amounts.spending import read_spend

# The store counts in these: a single token of the cheapest models still costs some.
NANODOLLARS = 10**9
# The first budget that is refused; the sums below it fit every database.
LIMIT = Decimal(10) ** 9
_CENT = Decimal("0.01")
_TENTH_OF_A_CENT = Decimal("0.001")

_AMOUNT = re.compile(r"(?P<before>[^\d.,]{0,40})(?P<amount>[\d.,' ]{0,40}\d)(?P<after>[^\d]{0,40})")
_MONTHLY = re.compile(
    r"\s{0,9}(?:(?:/|\b(?:a|an|per|each|every)\b)\s{0,9}(?:month|mo)|monthly)\.?\s{0,9}$", re.IGNORECASE
)


def read_budget(text: str) -> Decimal:
    """The US dollars that `text` names for a month: "20 USD", "$20". Raises ValueError that says what is wrong."""
    written = _AMOUNT.fullmatch(_MONTHLY.sub("", plain(text)).strip())
    amount = read_spend(text).amount if written else None
    currency = _currency(written["before"].strip(), written["after"].strip(), text) if written else None
    if amount is None or currency is None or not _CENT <= amount < LIMIT:
        raise ValueError("set it to an amount of US dollars for a month, from 0.01 USD on, for example 20 USD")
    if currency != "USD":
        raise ValueError("prices are known in US dollars only, so set it in USD, for example 20 USD")
    return amount


def _currency(before: str, after: str, text: str) -> str | None:
    """The currency that stands before or after an amount; None unless it is plain, and all that stands there."""
    found = currency_before(before, text) if before else currency_after(after, text)
    if found is None or (before and after) or found[1].strip():
        return None
    return found[0]


def in_dollars(nanodollars: int) -> Decimal:
    """An amount of the store in US dollars."""
    return Decimal(nanodollars) / NANODOLLARS


def dollars(amount: Decimal) -> str:
    """`amount` of US dollars, to a tenth of a cent, below that to two digits that tell: "$12.50", "$0.013"."""
    with localcontext(prec=40):
        if not amount:
            return "$0"
        if abs(amount) < _TENTH_OF_A_CENT * 10:
            step = Decimal(1).scaleb(amount.adjusted() - 1)
        else:
            step = _TENTH_OF_A_CENT if abs(amount) < 10 else _CENT
        written = f"{amount.quantize(step, ROUND_HALF_EVEN):,f}"
    whole, _, part = written.partition(".")
    # No more zeros at the end than cents have.
    part = part[:2] + part[2:].rstrip("0")
    return f"${whole}" if not part.strip("0") else f"${whole}.{part}"
