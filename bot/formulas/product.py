"""A price times counts and times, whose units cancel each other: "8 GPUs at $2.50 an hour for 10 hours a day"."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from math import prod

from bot.formulas import A_MONTH, DIGITS, EXACT, SECONDS

# What a reply about one is called; the next turn knows it by that.
TITLE = "Price times quantity"


@dataclass(frozen=True)
class Factor:
    """A figure with its unit: `of` what it is ("gpu", "hour"; "" where that is not said), for each of `per`.

    `value` is as it was said, and `scale` brings it into that unit: a TB is 1,000 GB. `words` are those behind the
    figure, as they were written ("GPUs", "an hour").
    """

    value: Decimal
    of: str = ""
    per: tuple[str, ...] = ()
    words: str = ""
    scale: Decimal = Decimal(1)

    @property
    def amount(self) -> Decimal:
        """The figure in its unit."""
        return self.value * self.scale


@dataclass(frozen=True)
class Total:
    """What a product comes to, for each `period` where it has one; `converted` are the units of time between which
    something was converted, the shortest first, by that `factor`, and `assumed` says what was taken for granted.
    """

    value: Decimal
    period: str | None = None
    converted: tuple[str, ...] = ()
    factor: Decimal = Decimal(1)
    assumed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Product:
    """A `price` in a currency (ISO 4217), where that was said, for so many things, less a `discount` (a fraction).

    `period` is that for which the result is wanted, `nonstop` whether it was said that things run all the time, and
    `signed` whether signs say what is to be multiplied, whatever the units. `problem` is one sentence for the person.
    """

    price: Factor
    counts: tuple[Factor, ...] = ()
    currency: str | None = None
    discount: Decimal = Decimal(0)
    period: str | None = None
    nonstop: bool = False
    signed: bool = False
    problem: str = ""


def total(product: Product) -> Total | None:
    """What it comes to; None where the units do not cancel, so that it is not known what is to be multiplied."""
    units = Counter(one.of for one in product.counts)
    for factor in (product.price, *product.counts):
        units.subtract(factor.per)
    left = {unit: times for unit, times in units.items() if times}
    things = [times for unit, times in left.items() if unit not in SECONDS]
    spans = [unit for unit, times in left.items() if unit in SECONDS and times == 1]
    rates = [unit for unit, times in left.items() if unit in SECONDS and times == -1]
    # "8 GPUs at $2.50 an hour": the price is that of one.
    cancels = (things in ([], [1]) or product.signed) and len(things) + len(spans) + len(rates) == len(left)
    if not cancels or len(rates) - len(spans) not in (0, 1):
        return _as_signed(product) if product.signed else None
    wanted = (product.period or max(rates, key=_seconds)) if len(rates) > len(spans) else None
    times = [*spans, *([wanted] if wanted else [])]
    with localcontext(prec=DIGITS):
        more, less = prod(map(_seconds, times)), prod(map(_seconds, rates))
        value = product.price.amount * (1 - product.discount) * prod(one.amount for one in product.counts) * more / less
    used = sorted({*times, *rates}, key=_seconds) if more != less else []
    return Total(value, wanted, tuple(used), Decimal(more) / less, tuple(_assumed(product, used)))


def _as_signed(product: Product) -> Total:
    """What signs say, whatever the units: "$3 × 16 × 8h × 22 days"."""
    with localcontext(prec=DIGITS):
        return Total(product.price.amount * (1 - product.discount) * prod(one.amount for one in product.counts))


def _seconds(unit: str) -> int:
    return SECONDS[unit]


def _assumed(product: Product, used: Sequence[str]) -> Iterator[str]:
    if len({one.scale for one in product.counts if one.of == "gb"} | {1}) > 1:
        yield "A TB is taken as 1,000 GB, a GB as 1,000 MB."
    # What is paid by the hour, and told for a longer time, runs all that time.
    if used and SECONDS[used[0]] <= SECONDS["hour"] < SECONDS[used[-1]] and not product.nonstop:
        yield "It runs all the time."
    if {"month", "quarter"}.intersection(used) and not EXACT.issuperset(used):
        yield A_MONTH
