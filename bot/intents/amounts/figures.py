"""Figures as formulas take them: in the unit and for the period that a formula wants, and what cannot be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal, localcontext

from bot.formulas import A_MONTH, DIGITS, EXACT, LIMIT, SECONDS, Figure, Formula, Input
from bot.intents.amounts.assigning import names_of
from bot.intents.amounts.estimates import money
from bot.intents.amounts.quantities import Quantity, Told

_MILLION = Decimal(10) ** 6
# The dearest model of the price lists costs some hundreds of dollars per million tokens, in yen some ten thousands.
DEAREST = Decimal(10) ** 5
# A share that is so many times another one leaves that a cent of a hundred: most likely a scale was not said.
FAR_APART = 10_000


def figure(one: Input, said: Sequence[Quantity], told: Told) -> Figure | str:
    """The figure of an input, or what is wrong with what was said for it, in one sentence."""
    if one.listed:
        if problem := next(filter(None, (_problem(one, quantity.value) for quantity in said)), None):
            return problem
        parts = tuple(quantity.value for quantity in said)
        if max(parts) >= FAR_APART * (least := min((part for part in parts if part), default=max(parts) or Decimal(1))):
            return (
                f"The {one.label} {least:,f} and {max(parts):,f} are too far apart: say each with its scale, "
                "such as 10 million."
            )
        if not (total := sum(parts, Decimal(0))):
            return f"The {one.label} add up to 0: give at least one above 0."
        return Figure(total, parts=parts, names=names_of(told, said))
    if len(said) > 1:
        each = [figure(one, (quantity,), told) for quantity in said]
        whole = [made for made in each if isinstance(made, Figure)]
        return first_problem(each) or replace(whole[0], parts=tuple(made.value for made in whole))
    (quantity,) = said
    value, period, note = quantity.value, quantity.period, ""
    if one.unit == "percent" and quantity.unit == "bare" and value.is_finite() and abs(value) >= 1:
        value /= 100
    if problem := _problem(one, value):
        return problem
    with localcontext(prec=DIGITS):
        if one.basis and quantity.basis is not None:
            value, period = value * _MILLION / quantity.basis, None
        elif one.period and period and period != one.period:
            value, note = convert(value, period, one.period)
            period = one.period
    if one.basis and value > DEAREST:
        return f"I read {value:,f} as the {one.label} per million tokens, and no model costs that: say it again."
    return Figure(value, quantity.currency, one.period if one.period and period else period, note=note)


def convert(value: Decimal, period: str, wanted: str) -> tuple[Decimal, str]:
    """What is said for one period, for another one; and what is assumed with it."""
    with localcontext(prec=DIGITS):
        value = value * SECONDS[wanted] / SECONDS[period]
    one_way = {period, wanted}
    if one_way <= EXACT or not one_way & EXACT or period == "second":
        return value, ""
    return value, A_MONTH


def same_period(figures: Mapping[str, Figure], formula: Formula) -> Mapping[str, Figure]:
    """The figures for one period where they were told for several: that of the first."""
    told = [name for name, one in figures.items() if one.period and not formula.input(name).period]
    wanted = figures[told[0]].period if told else None
    if wanted is None or len({figures[name].period for name in told}) == 1:
        return figures
    made = dict(figures)
    for name in told:
        one = figures[name]
        if one.period and one.period != wanted:
            value, note = convert(one.value, one.period, wanted)
            made[name] = replace(one, value=value, period=wanted, note=note)
    return made


def problem_of(formula: Formula, figures: Mapping[str, Figure]) -> str | None:
    """What cannot be with figures together, in one sentence: two currencies, a part that is more than the whole."""
    if len({one.currency for one in figures.values() if one.currency}) > 1:
        return "These amounts are in different currencies: give all of them in one."
    for part, whole in formula.within:
        if part in figures and whole in figures and figures[part].value > figures[whole].value:
            said, of = formula.input(part).label, formula.input(whole).label
            return f"The {said} ({figures[part].value:,f}) cannot be more than the {of} ({figures[whole].value:,f})."
    return None


def _problem(one: Input, value: Decimal) -> str | None:
    """What is wrong with a value, and what to give instead."""
    if value.is_nan():
        return f"The {one.label} is not a number: give one above 0."
    if abs(value) >= LIMIT:
        return f"The {one.label} is too large to calculate with: give less than 10^15."
    if value < 0:
        return f"The {one.label} cannot be below 0: give {'0 or more' if one.zero else 'more than 0'}."
    if not value and not one.zero:
        return f"The {one.label} cannot be 0: give more than 0."
    if one.most is not None and value > one.most:
        most = f"{one.most * 100:f}%" if one.unit == "percent" else f"{one.most:f}"
        return f"The {one.label} cannot be over {most}: give that or less."
    return None


def as_said(quantity: Quantity) -> str:
    """A figure as it is written, to say what was not used."""
    if quantity.unit == "percent":
        return f"{(quantity.value * 100).normalize():,f}%"
    if quantity.unit == "money":
        return money(quantity.value, quantity.currency) if quantity.value.is_finite() else f"{quantity.value}"
    return f"{quantity.value:,f}"


def first_problem(made: Iterable[Figure | str]) -> str | None:
    """The first of the sentences among figures."""
    return next((one for one in made if isinstance(one, str)), None)
