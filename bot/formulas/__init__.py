"""Formulas of the handbook, one a row of `formulas.toml`: what each takes, what it gives, which topic explains it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Literal

from bot.formulas.expression import Expression

# What a figure counts: an amount of money, a share of one (20% is 0.2), things, or how many times.
Unit = Literal["money", "percent", "count", "ratio"]
# The first amount that is refused.
LIMIT = Decimal(10) ** 15
# Seconds of each; a month is a twelfth of 365 days, as the price lists of clouds count it.
SECONDS: Mapping[str, int] = {
    "second": 1,
    "minute": 60,
    "hour": 3_600,
    "day": 86_400,
    "week": 604_800,
    "month": 2_628_000,
    "quarter": 7_884_000,
    "year": 31_536_000,
}
# Periods of which each is a whole number of another.
EXACT = frozenset(["month", "quarter", "year"])
A_MONTH = "A month is taken as 730 hours."
# Digits that are calculated with: enough for any amount below the limit, however often it is converted.
DIGITS = 100
# What an expression calls each figure of a listed input.
EACH = "each"


@dataclass(frozen=True)
class Figure:
    """A figure that was said, finite: `value` in its unit, a share as a fraction.

    `currency` (ISO 4217) and `period` ("month") where they were said; `parts` are all figures of a list, the value is
    their sum, with the `names` of those that have one. `note` says what was assumed to bring it into its unit.
    """

    value: Decimal
    currency: str | None = None
    period: str | None = None
    parts: tuple[Decimal, ...] = ()
    names: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Input:
    """What a formula takes: `words` are what people call it, `hint` says what to give.

    A share is at most `most` (a fraction), only some may be `zero`; `period` is what it is told for ("hour"), others
    are converted. A `basis` is the count that a price is for ("million"). A `listed` one takes several figures, which
    are shared `among` so many ("teams").
    What is `optional` is left out where it is not said; where it has a `default`, that is taken, and said. It may be
    `asked` for: "the cost per thousand requests".
    """

    name: str
    label: str
    unit: Unit
    words: tuple[str, ...]
    hint: str = ""
    optional: bool = False
    default: Decimal | None = None
    zero: bool = False
    most: Decimal | None = None
    period: str | None = None
    basis: Literal["million", ""] = ""
    listed: bool = False
    among: tuple[str, ...] = ()
    asked: bool = False


@dataclass(frozen=True)
class Result:
    """What a formula gives, where all its inputs were said; it has the `period` of an input.
    The `suffix` stands behind its figure (" GB").

    The expression holds `each` where it is told for each figure of a listed input; the input's name is their sum.
    """

    label: str
    unit: Unit
    expression: Expression
    period: str | None = None
    suffix: str = ""


@dataclass(frozen=True)
class Formula:
    """A row: `called` are the phrases that name it, `within` pairs of inputs of which the first is part of the second.

    `topic` is the slug of the handbook's topic, `heading` the section there that explains it. `paired` where two
    figures without a label are meant in the order of the inputs. `assumed` says what the formula takes for granted.
    """

    name: str
    title: str
    topic: str
    topic_title: str
    heading: str
    called: tuple[str, ...]
    inputs: tuple[Input, ...]
    results: tuple[Result, ...]
    within: tuple[tuple[str, str], ...] = ()
    paired: bool = False
    assumed: str = ""

    def input(self, name: str) -> Input:
        """The input of that name. Raises KeyError."""
        return {one.name: one for one in self.inputs}[name]

    def missing(self, figures: Mapping[str, Figure]) -> tuple[Input, ...]:
        """The inputs that are still needed."""
        return tuple(one for one in self.inputs if not one.optional and one.name not in figures)


@dataclass(frozen=True)
class Calculation:
    """The wish to calculate: by which formula, with which figures by input; `problem` is one sentence for the person.

    `unused` are the figures that were said and are none of these, as they are written. Without a formula, it is not
    said what should be calculated.
    """

    formula: str | None = None
    figures: Mapping[str, Figure] | None = None
    problem: str | None = None
    unused: tuple[str, ...] = ()


@cache
def formulas() -> Mapping[str, Formula]:
    """All formulas by name."""
    from bot.formulas.table import read_table

    return {one.name: one for one in read_table()}
