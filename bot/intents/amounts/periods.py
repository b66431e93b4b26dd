"""What time a spend is for: a day, a week, a month, a quarter, half a year, a year, or "18 months"."""

from __future__ import annotations

import re
from decimal import Decimal, localcontext

from bot.intents.amounts.numbers import END

# "month", or a count of such: "18 months".
Period = str
# So many of each make a year. 52 weeks and 365 days, as budgets count them.
PER_YEAR = {"day": 365, "week": 52, "month": 12, "quarter": 4, "half year": 2, "year": 1}
# Enough for any amount below the limit.
_DIGITS = 60
# More digits of a count are no count of periods.
_MOST_DIGITS = 4

_UNIT = (
    r"(?:(?P<day>days?)|(?P<week>weeks?|wks?)|(?P<half>half[- ]years?)|(?P<month>months?|mths?|mos?)"
    r"|(?P<quarter>quarters?|qtrs?)|(?P<year>years?|yrs?|annum))"
)
_SPAN = re.compile(
    rf"\b(?:for|over|in|within|during|across|after)\s+(?:the\s+)?"
    r"(?:(?:next|whole|full|entire|coming|course of)\s+)?(?:the\s+|an?\s+|one\s+)?"
    rf"(?:(?:whole|full|entire)\s+)?(?:(?P<count>\d{{1,{_MOST_DIGITS}}}(?:\.\d)?)[\s-]+|(?P<part>half)\s+(?:an?|the)\s+)?"
    rf"{_UNIT}{END}",
    re.IGNORECASE,
)


def periods(each: str) -> str:
    """A pattern of the words for a period after one of the words `each`, in a group named after it."""
    each = rf"(?:/\s*|\b(?:{each})\s+(?:calendar\s+)?)"
    month = rf"{each}(?:months?|mths?|mo){END}|/\s*m{END}|\bmonthly\b|\bp\.?\s?(?:/|c\.?)?\s?m{END}\.?"
    year = rf"{each}(?:years?|yrs?|annum){END}|/\s*[ya]{END}|\b(?:yearly|annual(?:ly|i[sz]ed)?)\b"
    year = rf"{year}|\bp\.?\s?/?[ay]{END}\.?"
    half = rf"{each}(?:half[- ]?year|half a year|six months|6 months){END}|\bhalf (?:an? |the )?year{END}"
    half = rf"{half}|\b(?:half[- ]?yearly|semi-?annual(?:ly)?)\b"
    week, day = rf"{each}(?:weeks?|wk){END}|\bweekly\b", rf"{each}days?{END}|\bdaily\b"
    quarter = rf"{each}(?:quarters?|qtr){END}|\bquarterly\b"
    other = rf"{each}(?:hours?|minutes?|fortnights?){END}|\b(?:hourly|fortnightly)\b"
    groups = {"half": half, "month": month, "year": year, "week": week, "day": day, "quarter": quarter, "other": other}
    return "|".join(rf"(?P<{name}>{pattern})" for name, pattern in groups.items())


def period_named(group: str | None) -> Period | None:
    """The period of a group of `periods`; None for hours and the like."""
    return {"half": "half year"}.get(group or "", group if group in PER_YEAR else None)


def span(text: str) -> Period | None:
    """How long a time `text` names ("over twelve months", with its number in digits, is a "year"); None for none."""
    match = _SPAN.search(text)
    if match is None:
        return None
    unit = next(name for name in ("day", "week", "half", "month", "quarter", "year") if match[name])
    unit = period_named(unit) or unit
    count = Decimal(match["count"] or 1) / (2 if match["part"] else 1)
    return period_of(count, unit) if count else None


def period_of(count: Decimal, unit: str) -> Period:
    """So many of a unit by the shortest name: 12 months are a "year", 18 are "18 months"."""
    for name, per_year in PER_YEAR.items():
        if count * per_year == PER_YEAR[unit]:
            return name
    return f"{count.normalize():f} {unit}s"


def converted(amount: Decimal, of: Period, to: Period) -> Decimal:
    """What an amount for one period is for another."""
    with localcontext(prec=_DIGITS):
        return amount * _years(to)[0] * _years(of)[1] / (_years(to)[1] * _years(of)[0])


def _years(period: Period) -> tuple[Decimal, Decimal]:
    """A period as a fraction of a year: how many, and of how many that make a year."""
    count, _, unit = period.rpartition(" ") if period not in PER_YEAR else ("1", "", period)
    return Decimal(count), Decimal(PER_YEAR.get(unit, 0) or PER_YEAR[unit.removesuffix("s")])


def told(period: Period | None) -> str:
    """A period behind an amount: " a month", " in 18 months"; nothing where there is none."""
    if period is None:
        return ""
    return f" a {period}" if period in PER_YEAR else f" in {period}"
