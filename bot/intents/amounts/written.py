"""Figures and amounts as replies write them: exactly as they were said, or rounded as people round."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal, localcontext

from bot.formulas import DIGITS, Unit
from bot.intents.amounts.estimates import money

# Below one unit of money cents say too little: so many decimals.
_DECIMALS = 6
# Below one unit a figure that was said, such as the price of one token, keeps so many.
_SMALLEST = 12
# Three decimals are read as thousands in half of the world, and by the next turn: four are not.
_LIKE_THOUSANDS = re.compile(r"[1-9]\d{0,2}\.\d{3}")


def exact_money(value: Decimal, currency: str | None) -> str:
    """An amount as it is, with two decimals at least unless it is whole."""
    written = exactly(value)
    cents = f"{written}0" if "." in written and len(written.partition(".")[2]) == 1 else written
    return f"{money(Decimal(0), currency).removesuffix('0')}{cents}"


def exactly(value: Decimal) -> str:
    """A figure as it was said, not rounded."""
    places = _DECIMALS if abs(value) >= 1 else _SMALLEST
    # What is converted to another period may have no end in decimals.
    with localcontext(prec=DIGITS):
        written = f"{_round(value, places) if _decimals(value) > places else value:,f}"
    plain = written.rstrip("0").rstrip(".") if "." in written else written
    return f"{plain}0" if _LIKE_THOUSANDS.fullmatch(plain) else plain


def rounded(value: Decimal, unit: Unit, currency: str | None) -> str:
    """A result: to the cent, more exactly below one; shares and counts with one decimal, ratios with two."""
    with localcontext(prec=DIGITS):
        if unit == "percent":
            return f"{exactly(_round(value * 100, 1))}%"
        if unit == "money":
            if value and abs(value) < 1 and _round(value, 2) != value:
                return f"{'-' if value < 0 else ''}{exact_money(_round(abs(value), _DECIMALS), currency)}"
            return money(_round(value, 2), currency)
        return exactly(_round(value, 2 if unit == "ratio" else 1 if abs(value) >= 100 else 2))


def _decimals(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return -exponent if isinstance(exponent, int) else 0


def _round(value: Decimal, places: int) -> Decimal:
    """Rounded as people round: a half goes up."""
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def a_period(period: str | None) -> str:
    """A period behind an amount: " an hour"; nothing where there is none."""
    return f" {'an' if period == 'hour' else 'a'} {period}" if period else ""
