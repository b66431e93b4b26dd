"""What people say about spending, read as an amount, a period, a currency and a rate."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from itertools import islice

from bot.intents.amounts.currencies import called, currency_after, currency_anywhere, currency_before
from bot.intents.amounts.estimates import Period, Spend
from bot.intents.amounts.numbers import END, LETTER, MOST_NUMBERS, NUMBER, in_digits, plain, read_value
from bot.intents.amounts.periods import period_named, periods, span
from bot.intents.amounts.sums import NEAR, Figure, from_to, together, unused
from knowledge.words import words_of

# The first amount that is refused.
LIMIT = Decimal(10) ** 15

_PERCENT = re.compile(rf"\s*(?:%|(?:percent|per\s?cent|pct|percentage){END})", re.IGNORECASE)
# "80000 month EUR 0.15": what a form sends.
_FORM = re.compile(
    r"\s*(?:[^\s\d]*\d\S*|[+-]?(?:nan|inf(?:inity)?))(?:(?:\s+(?:month|year|[a-z]{3}))*\s+(?P<part>-?[0-9]?\.[0-9]+)|(?:\s+(?:month|year|[a-z]{3}))+\s+"
    r"(?P<whole>-?[01]))\s*",
    re.IGNORECASE,
)
_RATE_BEFORE = re.compile(
    r"(?<!run )(?<!run-)(?<!burn )(?<!burn-)\brate(?: of| is| at| to)?\s*+[:=]?\s*$", re.IGNORECASE
)
_AT_BEFORE = re.compile(r"\bat\s*$", re.IGNORECASE)


_PERIOD_AFTER = re.compile(
    rf"[\s,(-]*(?:{periods('a|an|per|each|every|one|this|the')}|(?P<bare>month|year|week|day|quarter|half-year){END})",
    re.IGNORECASE,
)
_PERIOD_ANYWHERE = re.compile(periods("a|an|per|each|every|period"), re.IGNORECASE)

_SPENDING = re.compile(
    r"\b(?:spen[dt]s?|spending|budgets?|bills?|costs?|pay(?:s|ing)?|paid|burn(?:s|ing)?|invoices?|run[ -]rate|amount"
    r"|savings?|saves?|estimates?|calculate)\b"
    r"(?:\s+(?:is|are|was|be|of|about|around|roughly|approximately|approx|only|just|nearly|almost|over|to|on|for"
    r"|through|us|now|currently|some|say|a|an|ai|cloud|month|year)\b|\s*[:=])*\s*$",
    re.IGNORECASE,
)
# Words that a count may follow as well as an amount: only a large number after them is one.
_WEAKLY = re.compile(r"\b(?:on|of|with|for|from|at|say|if we(?: \w+)?|is|are)\s*+[:=]?\s*$", re.IGNORECASE)
_GOES_ON = re.compile(
    r"\s*(?:$|[^\w\s]|(?:what|how|at|with|and|per|then|please|pls|in|on|for|we|is|would|could|can|should|each|every|a"
    r"|total|there|to|by|if|this|month|year)\b)",
    re.IGNORECASE,
)
_ENDS_IN_LETTER = re.compile(rf"{LETTER}$")
_RANGE, _SCALED_RANGE = re.compile(r"\d[-/:\u2044]$"), re.compile(r"\de\d{1,9}-$")
# What is counted in large numbers, or in time, and is no money.
_THINGS = (
    r"(?:users?|people|persons?|employees|engineers?|developers?|customers?|teams?|agents?|models?|tokens?|requests?"
    r"|calls?|queries|parameters|params|gpus?|cpus?|servers?|instances?|benefits?|items?|points?|questions?|times"
    r"|seconds?|minutes?|mins?|hours?|hrs?|days?|weeks?|months|years|words?|lines?|rows?|files?|videos?)\b"
)
_COUNTED = re.compile(rf"[\s-]*(?:active |daily |monthly |different |ai |more |of our )*{_THINGS}", re.IGNORECASE)
# "3 million tokens at 0.15" is a price.
_PRICE_BEFORE = re.compile(rf"\b{_THINGS}\s+(?:each\s+)?at\s*$", re.IGNORECASE)
_SPENDS_NOTHING = re.compile(r"\b(spend|spent|pay|paid)\s+(?:nothing|zero)\b", re.IGNORECASE)
# For which time the saving is asked, though the spend is said for another: "we pay 60k a year, what is 5% a month?"
_ASKS_FOR_TIME = re.compile(r"%|\b(?:what|how much|sav(?:es?|ings?)|show|give)\b", re.IGNORECASE)
# What may stand around an amount that is all there is.
_FILLER = words_of(
    """a about actually ai all an and annual annually annum approx approximately around at back ca calculate correction
    calculator can cloud could each estimate estimated euro every finops for hello hi how i if in inf infinite
    infinity instead is it just let like make maybe mean meant mo money month monthly my nan nearly no nope not now
    of ok okay on or our p pct per percent please pls quite rate roughly save saving savings say set slider so sorry
    spend spending take thanks that the then think thinking to total try up us use wait was we well were what with
    would yeah year yearly yes yr"""
)

_YEARS = range(2015, 2041)

_NO_NUMBER = "That spend is not a number: give an amount above 0, for example 80k a month."
_TOO_MUCH = "That spend is too large to estimate: give an amount below 10^15, for example 80k a month."
_NOTHING = "A spend of 0 has nothing to save: give an amount above 0, for example 80k a month."
_NEGATIVE = "A spend below 0 has nothing to save: give an amount above 0, for example 80k a month."
_NO_RATE = "A rate has to be between 0% and 100%: give one such as 15%."


def read_spend(said: str) -> Spend:
    """The spend, its period and currency, and the rate that `said` names; never raises.

    A number counts as the spend where a currency, a scale ("k"), a period or a word of spending stands by it, or where
    it is nearly all that is said.
    """
    text = in_digits(_with_rate(said))
    ranged = from_to(text)
    spend, named = _spend(ranged[0] if ranged else text)
    if ranged and named and named.weight and spend.amount is not None:
        low = _low(ranged[1])
        if low is not None and 0 < low < spend.amount:
            return _for_time(replace(spend, amount=low, most=spend.amount, unused=()), text)
    if ranged:
        spend, named = _spend(text)
    return _for_time(spend, text)


def money_in(said: str) -> tuple[str, list[Figure]]:
    """`said` with its numbers in digits, and those of them that are no rate."""
    text = in_digits(_with_rate(said))
    figures = [figure for match in islice(NUMBER.finditer(text), MOST_NUMBERS) if (figure := _figure(text, match))]
    return text, [figure for figure in figures if not figure.is_rate]


def _for_time(spend: Spend, text: str) -> Spend:
    """`spend` for the time that is asked for: "12k a month over a year", "what is 5% a month?"."""
    asked = span(text) or (_time_asked(text) if spend.amount is not None and spend.period else None)
    return spend if asked is None or spend.problem else spend.for_period(asked)


def _time_asked(text: str) -> Period | None:
    """The period that stands beside what is asked for, and not beside an amount."""
    numbers = [match.end() for match in islice(NUMBER.finditer(text), MOST_NUMBERS)]
    for match in islice(_PERIOD_ANYWHERE.finditer(text), MOST_NUMBERS):
        start = max((end for end in numbers if end <= match.start()), default=0)
        if _ASKS_FOR_TIME.search(text, start, match.start()) and (asked := period_named(match.lastgroup)):
            return asked
    return None


def _low(said: str) -> Decimal | None:
    match = NUMBER.search(said)
    return read_value(match, grouped=True) if match else None


def _spend(text: str) -> tuple[Spend, Figure | None]:
    """What `text` (numbers in digits) names, and the figure that is the spend."""
    figures = [figure for match in islice(NUMBER.finditer(text), MOST_NUMBERS) if (figure := _figure(text, match))]
    rate = next((figure.value for figure in figures if figure.is_rate), None)
    numbers = [figure for figure in figures if not figure.is_rate]
    named = max(numbers, key=lambda figure: figure.weight, default=None)
    if named and not named.weight and not (len(numbers) == 1 and _is_alone(text)):
        named = None
    named, clash = together(text, numbers, named) if named and named.weight else (named, None)
    problem = (clash or _problem(named.value)) if named else None
    rates = [figure.value for figure in figures if figure.is_rate and figure.value != rate]
    wrong_rate = rate is not None and not (rate.is_finite() and 0 <= rate <= 1)
    spend = Spend(
        amount=named.value if named and not problem else None,
        period=_period(text, named),
        currency=(named.currency if named else None) or currency_anywhere(text),
        rate=None if wrong_rate else rate,
        problem=problem or (_NO_RATE if wrong_rate else None),
        unused=(*unused(text, numbers, named), *(f"{(one * 100).normalize():f}%" for one in rates)) if named else (),
    )
    return spend, named


def _problem(amount: Decimal) -> str | None:
    """What is wrong with `amount` as a spend, and what to type instead."""
    if amount.is_nan():
        return _NO_NUMBER
    if amount >= LIMIT:
        return _TOO_MUCH
    return None if amount > 0 else _NEGATIVE if amount else _NOTHING


def _with_rate(said: str) -> str:
    """`said` with digits, signs and spaces of any script as ASCII has them, and a form's rate in per cent."""
    text = _SPENDS_NOTHING.sub(r"\1 0", plain(said))
    if form := _FORM.fullmatch(text):
        group = "part" if form["part"] else "whole"
        text = f"{text[: form.start(group)]}{Decimal(form[group]) * 100:f}%"
    return text


def _figure(text: str, match: re.Match[str]) -> Figure | None:
    """The number at `match` with what stands around it; None where it is part of something else (H100, 24/7, 5th)."""
    before, after = text[max(0, match.start() - NEAR) : match.start()], text[match.end() : match.end() + NEAR]
    is_rate = bool(_PERCENT.match(after))
    value = read_value(match, grouped=not is_rate)
    if value is None:
        return None
    inner, before = _minus(before)
    marked = currency_before(before, text)
    currency, before = marked or (None, before)
    outer, before = _minus(before)
    value = -value if inner or outer else value
    if is_rate:
        return Figure(value / 100, is_rate=True)
    if not marked and (marked := currency_after(after, text)):
        currency, after = marked
    period = _PERIOD_AFTER.match(after)
    if period and not marked and (marked := currency_after(after[period.end() :], text)):
        currency = marked[0]
    if not marked and (_COUNTED.match(after) or _is_part(before, "" if period else after, bool(match["exponent"]))):
        return None
    beside = 3 * bool(marked) + 3 * bool(period and not period["bare"]) + 2 * bool(match["exponent"])
    if not beside and (rate := _rate(value, before)) is not None:
        return Figure(rate, is_rate=True)
    named = (period["bare"] or period.lastgroup or "").lower().replace("-year", " year") if period else None
    named = "half" if named == "half year" else named
    weight = beside + _weight(value, before, after, bare=not beside)
    return Figure(value, currency, named, weight, start=match.start(), end=match.end())


def _minus(before: str) -> tuple[bool, str]:
    """Whether `before` ends in a minus, and what is before that; a dash between words or numbers is none."""
    minus = re.search(r"(?:^|[^\w%)\]'])-$", before) is not None
    return minus, before[:-1] if minus else before


def _is_part(before: str, after: str, scaled: bool) -> bool:
    """Whether letters or digits are joined to the number between `before` and `after`."""
    joined = _ENDS_IN_LETTER.search(before) or re.match(LETTER, after)
    # Of "80k-100k", the first is taken.
    ranged = (_SCALED_RANGE if scaled else _RANGE).search(before)
    return bool(joined or ranged or (not scaled and re.match(r"[-/:\u2044]\w", after)))


def _rate(value: Decimal, before: str) -> Decimal | None:
    """The rate that a number without "%" names after "rate" (15 or 0.15) or "at" (0.15); None where it names none."""
    is_part = value.is_finite() and abs(value) < 1
    if _RATE_BEFORE.search(before):
        return value if is_part else value / 100
    return value if is_part and value and _AT_BEFORE.search(before) and not _PRICE_BEFORE.search(before) else None


def _weight(value: Decimal, before: str, after: str, bare: bool) -> int:
    """How much the words around a number speak for its being a spend, from 0 to 2."""
    goes_on = _GOES_ON.match(after) is not None
    is_large = not value.is_finite() or abs(value) >= 100
    if bare and value in _YEARS:
        return 0
    if _SPENDING.search(before) and (goes_on or is_large):
        return 2
    return int(goes_on and (is_large or value <= 0) and _WEAKLY.search(before) is not None)


def _period(text: str, named: Figure | None) -> Period | None:
    """The period beside the spend, or else the first that `text` names; None for hours and the like."""
    period = named.period if named else None
    if period is None and (found := _PERIOD_ANYWHERE.search(text)):
        period = found.lastgroup
    return period_named(period)


def _is_alone(text: str) -> bool:
    """Whether `text` says little besides its numbers."""
    said = re.findall(rf"(?<![^\W_]){LETTER}+", text)
    return all(word.lower() in _FILLER or called(word, text) for word in said)
