"""What a spend could save: the estimate, its formula, and money as people read it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import ROUND_HALF_EVEN, Decimal, localcontext

from bot.intents.amounts.periods import Period as Period
from bot.intents.amounts.periods import converted, told

# What stands under every estimate.
NO_PROMISE = "An estimate, no promise."
_CENT = Decimal("0.01")
# Enough for any amount below the limit with any rate, and for what `money` may be given besides.
_DIGITS = 100


@dataclass(frozen=True)
class Spend:
    """What was said of a spend; None for what was not, or what cannot be used.

    `amount` is in units of `currency` (ISO 4217, upper case) for each `period`, `most` the upper end where it is a
    range; `rate` a fraction from 0 to 1. `problem` is one sentence for the person, where a value was given that cannot
    be used. `unused` are the amounts and rates that were said besides, as they are written.
    """

    amount: Decimal | None = None
    period: Period | None = None
    currency: str | None = None
    rate: Decimal | None = None
    problem: str | None = None
    most: Decimal | None = None
    unused: tuple[str, ...] = ()

    def for_period(self, period: Period) -> Spend:
        """The same spend for another period; where it had none, that is its period."""
        if self.period is None or self.amount is None:
            return replace(self, period=period)
        return replace(
            self,
            amount=converted(self.amount, self.period, period),
            most=None if self.most is None else converted(self.most, self.period, period),
            period=period,
        )


@dataclass(frozen=True)
class Estimate:
    """The saving on a spend, in units of `currency` with two decimals, at `rate` or else at `maximum` (fractions).

    `rate` is None where none was named, or one above the maximum; `capped` tells the second. `most` are the upper ends
    of spend and saving where the spend is a range.
    """

    spend: Decimal
    period: Period | None
    currency: str | None
    maximum: Decimal
    rate: Decimal | None
    saving: Decimal
    capped: bool
    most: tuple[Decimal, Decimal] | None = None


def estimate(spend: Spend, maximum: Decimal) -> Estimate:
    """The saving on `spend` at its rate, and at `maximum` (a fraction) where it names none below that.

    Raises ValueError where `spend` has no amount.
    """
    if spend.amount is None:
        raise ValueError("an estimate needs an amount")
    capped = spend.rate is not None and spend.rate > maximum
    rate = None if capped else spend.rate
    share = maximum if rate is None else rate
    most = None if spend.most is None else (spend.most, _in_cents(spend.most, share))
    saving = _in_cents(spend.amount, share)
    return Estimate(spend.amount, spend.period, spend.currency, maximum, rate, saving, capped, most)


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
    ends = ((estimate.spend, estimate.saving), *([estimate.most] if estimate.most else []))
    spend, saving = (" to ".join(money(end[part], estimate.currency) for end in ends) for part in (0, 1))
    return f"{spend} × {percent}% = {saving}{told(estimate.period)}"
