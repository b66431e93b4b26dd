"""What a spend could save: the estimate, its formula, and money as people read it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from typing import Literal

Period = Literal["month", "year"]

_CENT = Decimal("0.01")
# Enough for any amount below the limit with any rate, and for what `money` may be given besides.
_DIGITS = 100


@dataclass(frozen=True)
class Spend:
    """What was said of a spend; None for what was not, or what cannot be used.

    `amount` is in units of `currency` (ISO 4217, upper case) for each `period`, `rate` a fraction from 0 to 1;
    `problem` is one sentence for the person, where a value was given that cannot be used.
    """

    amount: Decimal | None = None
    period: Period | None = None
    currency: str | None = None
    rate: Decimal | None = None
    problem: str | None = None


@dataclass(frozen=True)
class Estimate:
    """The saving on a spend, in units of `currency` with two decimals, at `rate` or else at `maximum` (fractions).

    `rate` is None where none was named, or one above the maximum; `capped` tells the second.
    """

    spend: Decimal
    period: Period | None
    currency: str | None
    maximum: Decimal
    rate: Decimal | None
    saving: Decimal
    capped: bool


def estimate(spend: Spend, maximum: Decimal) -> Estimate:
    """The saving on `spend` at its rate, and at `maximum` (a fraction) where it names none below that.

    Raises ValueError where `spend` has no amount.
    """
    if spend.amount is None:
        raise ValueError("an estimate needs an amount")
    capped = spend.rate is not None and spend.rate > maximum
    rate = None if capped else spend.rate
    saving = _in_cents(spend.amount, maximum if rate is None else rate)
    return Estimate(spend.amount, spend.period, spend.currency, maximum, rate, saving, capped)


def _in_cents(amount: Decimal, rate: Decimal = Decimal(1)) -> Decimal:
    """`amount` times `rate` with two decimals, half to even."""
    with localcontext(prec=_DIGITS):
        return (amount * rate).quantize(_CENT, ROUND_HALF_EVEN)


def money(amount: Decimal, currency: str | None) -> str:
    """`amount` (finite) as English writes it, with two decimals unless it is whole: "€12,000", "12,000.50"."""
    from babel.numbers import get_currency_symbol

    cents = _in_cents(amount)
    written = f"{abs(cents):,.2f}".removesuffix(".00")
    sign = "-" if cents < 0 else ""
    if currency is None:
        return sign + written
    # Only the symbol comes from the library: it would write yen and dinars with other decimals than two.
    symbol = get_currency_symbol(currency, locale="en")
    return f"{sign}{symbol}{' ' if symbol[-1:].isalpha() else ''}{written}"


def formula(estimate: Estimate) -> str:
    """How the saving comes about: "€80,000 × 15% = €12,000 a month"."""
    rate = estimate.maximum if estimate.rate is None else estimate.rate
    percent = f"{rate * 100:.2f}".rstrip("0").rstrip(".")
    period = f" a {estimate.period}" if estimate.period else ""
    spend, saving = (money(amount, estimate.currency) for amount in (estimate.spend, estimate.saving))
    return f"{spend} × {percent}% = {saving}{period}"
