"""What people say about spending, read as an amount, a period, a currency and a rate; and the saving that follows."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from functools import cache
from typing import Literal

Period = Literal["month", "year"]

# The first amount that is refused.
LIMIT = Decimal(10) ** 15
_CENT = Decimal("0.01")
# Enough for any amount below the limit with any rate, and for what `money` may be given besides.
_DIGITS = 100

_LETTER = r"[^\W\d_]"
_END = rf"(?!{_LETTER})"
_NEAR = 100  # characters before and after a number that say what it is

_SCALES = {
    **dict.fromkeys(("hundred",), 2),
    **dict.fromkeys(("thousand", "thou", "grand", "k"), 3),
    **dict.fromkeys(("lakh", "lac"), 5),
    **dict.fromkeys(("million", "mil", "mill", "mio", "mln", "mn", "m"), 6),
    **dict.fromkeys(("crore", "cr"), 7),
    **dict.fromkeys(("billion", "bn", "b"), 9),
    **dict.fromkeys(("trillion", "tn"), 12),
}
_SCALE = rf"(?:{'|'.join(sorted(_SCALES, key=len, reverse=True))})"
# "80k", "5 hundred thousand", "2 millions", "200kEUR"
_SCALED = re.compile(
    rf"(?<=\d)((?:[ -]?(?:{_SCALE}s?{_END}|[km](?=(?:eur|usd|gbp|chf|inr|jpy){_END})))+)", re.IGNORECASE
)
_ONES = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_AND_A_HALF = re.compile(rf"\b(\d+|{'|'.join(_ONES)}) and a half\b", re.IGNORECASE)
_PART_OF = re.compile(rf"\b(half|(?:a )?quarter|three quarters)(?: of)?(?: an?)? (?={_SCALE}{_END})", re.IGNORECASE)
_PARTS = {"half": "0.5", "quarter": "0.25", "a quarter": "0.25", "three quarters": "0.75"}

# Groups of three after spaces, or digits with separators between them; an exponent; or what is no number at all.
_NUMBER = re.compile(
    r"(?<!\d)(?<!\d\.)(?:(?P<digits>\d{1,3}(?: \d{3})+(?!\d)(?:[.,]\d+)?|(?:(?<!\w)\.)?\d+(?:[.,']\d+)*)"
    rf"(?:e(?P<exponent>[+-]?\d+))?|∞|(?<!\w)(?P<none>nan|inf(?:inity|inite)?){_END})",
    re.IGNORECASE,
)
_ONE_MARK = re.compile(r"\d*([.,])\d+|\d+")
_THOUSANDS = re.compile(r"[1-9]\d{0,2}[.,]\d{3}")
_GROUPED = re.compile(r"\d{1,3}(?:(?:\.\d{3})+(?:,\d+)?|(?:,\d{2,3})*,\d{3}(?:\.\d+)?|(?:'\d{3})+(?:[.,]\d+)?)")

_PERCENT = re.compile(rf"\s*(?:%|(?:percent|per\s?cent|pct|percentage){_END})", re.IGNORECASE)
# "80000 month EUR 0.15": what a form sends.
_FORM = re.compile(
    r"\s*(?:[^\s\d]*\d\S*|[+-]?(?:nan|inf(?:inity)?))(?:(?:\s+(?:month|year|[a-z]{3}))*\s+(?P<part>-?[0-9]?\.[0-9]+)|(?:\s+(?:month|year|[a-z]{3}))+\s+"
    r"(?P<whole>-?[01]))\s*",
    re.IGNORECASE,
)
_RATE_BEFORE = re.compile(
    r"(?<!run )(?<!run-)(?<!burn )(?<!burn-)\brate(?: of| is| at| to)?\s*[:=]?\s*$", re.IGNORECASE
)
_AT_BEFORE = re.compile(r"\bat\s*$", re.IGNORECASE)


def _periods(each: str) -> str:
    """A pattern of the words for a period after one of the words `each`, in a group named after it."""
    each = rf"(?:/\s*|\b(?:{each})\s+(?:calendar\s+)?)"
    month = rf"{each}(?:months?|mths?|mo){_END}|/\s*m{_END}|\bmonthly\b|\bp\.?\s?(?:/|c\.?)?\s?m{_END}\.?"
    year = rf"{each}(?:years?|yrs?|annum){_END}|/\s*[ya]{_END}|\b(?:yearly|annual(?:ly|i[sz]ed)?)\b"
    year = rf"{year}|\bp\.?\s?/?[ay]{_END}\.?"
    other = rf"{each}(?:weeks?|wk|days?|quarters?|qtr|hours?){_END}|\b(?:weekly|daily|quarterly|hourly|fortnightly)\b"
    return rf"(?P<month>{month})|(?P<year>{year})|(?P<other>{other})"


_PERIOD_AFTER = re.compile(
    rf"[\s,(-]*(?:{_periods('a|an|per|each|every|one|this|the')}|(?P<bare>month|year){_END})", re.IGNORECASE
)
_PERIOD_ANYWHERE = re.compile(_periods("a|an|per|each|every|period"), re.IGNORECASE)

_SPENDING = re.compile(
    r"\b(?:spen[dt]s?|spending|budgets?|bills?|costs?|pay(?:s|ing)?|paid|burn(?:s|ing)?|invoices?|run[ -]rate|amount"
    r"|savings?|saves?|estimates?|calculate)\b"
    r"(?:\s+(?:is|are|was|be|of|about|around|roughly|approximately|approx|only|just|nearly|almost|over|to|on|for"
    r"|through|us|now|currently|some|say|a|an|ai|cloud|month|year)\b|\s*[:=])*\s*$",
    re.IGNORECASE,
)
# Words that a count may follow as well as an amount: only a large number after them is one.
_WEAKLY = re.compile(r"\b(?:on|of|with|for|from|at|say|if we(?: \w+)?|is|are)\s*[:=]?\s*$", re.IGNORECASE)
_GOES_ON = re.compile(
    r"\s*(?:$|[^\w\s]|(?:what|how|at|with|and|per|then|please|pls|in|on|for|we|is|would|could|can|should|each|every|a"
    r"|total|there|to|by|if|this|month|year)\b)",
    re.IGNORECASE,
)
# What is counted in large numbers, or in time, and is no money.
_COUNTED = re.compile(
    r"[\s-]*(?:active |daily |monthly |different |ai |more |of our )*"
    r"(?:users?|people|persons?|employees|engineers?|developers?|customers?|teams?|agents?|models?|tokens?|requests?"
    r"|calls?|queries|parameters|params|gpus?|cpus?|servers?|instances?|benefits?|items?|points?|questions?|times"
    r"|seconds?|minutes?|mins?|hours?|hrs?|days?|weeks?|months|years|words?|lines?|rows?|files?|videos?)\b",
    re.IGNORECASE,
)
# What may stand around an amount that is all there is.
_FILLER = re.compile(
    r"a|about|ai|all|an|and|annual|annually|annum|approx|approximately|around|at|ca|calculate|calculator|can"
    r"|cloud|could|each|estimate|estimated|euro|every|finops|for|hello|hi|how|i|in|inf|infinite|infinity|is|it"
    r"|just|let|like|maybe|mo|money|month|monthly|my|nan|nearly|of|ok|okay|on|or|our|p|pct|per|percent|please"
    r"|pls|quite|rate|roughly|save|saving|savings|say|slider|so|spend|spending|take|thanks|that|the|then|think"
    r"|thinking|to|total|try|up|us|we|well|what|with|would|yeah|year|yearly|yes|yr",
    re.IGNORECASE,
)

# What people call a currency; None where the word is shared by several.
_CALLED: dict[str, str | None] = {
    **dict.fromkeys(("dollar", "dollars", "buck", "bucks"), "USD"),
    **dict.fromkeys(("pound", "pounds", "quid", "sterling", "pounds sterling"), "GBP"),
    **dict.fromkeys(("rupee", "rupees", "rs"), "INR"),
    **dict.fromkeys(("franc", "francs", "sfr"), "CHF"),
    **dict.fromkeys(("zloty", "zlotys", "zlotych", "złoty", "złotych", "zł"), "PLN"),
    **dict.fromkeys(("yuan", "rmb", "renminbi"), "CNY"),
    **dict.fromkeys(("ruble", "rubles", "rouble", "roubles"), "RUB"),
    **dict.fromkeys(("shekel", "shekels"), "ILS"),
    **dict.fromkeys(("aussie dollar", "aussie dollars"), "AUD"),
    **dict.fromkeys(("kr", "kroner", "krone", "kronor", "krona", "crown", "crowns", "peso", "pesos"), None),
    "yen": "JPY",
    "korean won": "KRW",
    "baht": "THB",
    "rand": "ZAR",
    "forint": "HUF",
    "lira": "TRY",
    "reais": "BRL",
    "koruna": "CZK",
    "hryvnia": "UAH",
    "naira": "NGN",
    "ringgit": "MYR",
    "rupiah": "IDR",
}
_SIGNS: dict[str, str | None] = {
    "us$": "USD",
    "u$s": "USD",
    "c$": "CAD",
    "au$": "AUD",
    "s$": "SGD",
    "rs.": "INR",
    "kr.": None,
    "fr.": "CHF",
    "₽": "RUB",
    "₺": "TRY",
    "₴": "UAH",
    "฿": "THB",
}
_ENGLISH_CODES = frozenset({"ALL", "AMD", "BAM", "BOB", "COP", "CUP", "GEL", "LAK", "MAD", "MOP", "PEN", "RON"}) | {
    *("RUB", "SOS", "TOP", "TRY", "YER")
}
# Codes that mean money wherever they stand in capitals; others are names of techniques as well (AMD, CVE, PHP).
_PLAIN_CODE = re.compile("USD|EUR|GBP|JPY|CHF|CNY|INR|AUD|NZD|SEK|NOK|DKK|PLN|CZK|HUF|SGD|HKD|KRW|BRL|MXN|ZAR")

# Apostrophes, minus signs, and the Arabic signs for per cent, decimals and thousands.
_PLAIN_SIGNS = {
    **dict.fromkeys("\u2018\u2019\u02bc\u2032`\u00b4", "'"),
    **dict.fromkeys("\u2212\u2013\ufe63\uff0d", "-"),
    "\u066a": "%",
    "\u066b": ".",
    "\u066c": ",",
}
_YEARS = range(2015, 2041)

_NO_NUMBER = "That spend is not a number: give an amount above 0, for example 80k a month."
_TOO_MUCH = "That spend is too large to estimate: give an amount below 10^15, for example 80k a month."
_NOTHING = "A spend of 0 has nothing to save: give an amount above 0, for example 80k a month."
_NEGATIVE = "A spend below 0 has nothing to save: give an amount above 0, for example 80k a month."
_NO_RATE = "A rate has to be between 0% and 100%: give one such as 15%."


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


@dataclass(frozen=True)
class _Figure:
    """A number in the text: its value, what stands beside it, and how much speaks for its being the spend."""

    value: Decimal
    currency: str | None = None
    period: str | None = None
    weight: int = 0
    is_rate: bool = False


def read_spend(words: str) -> Spend:
    """The spend, its period and currency, and the rate that `words` name; never raises.

    A number counts as the spend where a currency, a scale ("k"), a period or a word of spending stands by it, or where
    it is nearly all that is said.
    """
    text = _in_digits(_plain(words))
    figures = [figure for match in _NUMBER.finditer(text) if (figure := _figure(text, match))]
    rate = next((figure.value for figure in figures if figure.is_rate), None)
    numbers = [figure for figure in figures if not figure.is_rate]
    named = max(numbers, key=lambda figure: figure.weight, default=None)
    if named and not named.weight and not (len(numbers) == 1 and _is_alone(text)):
        named = None
    problem = _problem(named.value) if named else None
    wrong_rate = rate is not None and not (rate.is_finite() and 0 <= rate <= 1)
    return Spend(
        amount=named.value if named and not problem else None,
        period=_period(text, named),
        currency=(named.currency if named else None) or _currency_anywhere(text),
        rate=None if wrong_rate else rate,
        problem=problem or (_NO_RATE if wrong_rate else None),
    )


def _problem(amount: Decimal) -> str | None:
    """What is wrong with `amount` as a spend, and what to type instead."""
    if amount.is_nan():
        return _NO_NUMBER
    if amount >= LIMIT:
        return _TOO_MUCH
    return None if amount > 0 else _NEGATIVE if amount else _NOTHING


def _plain(words: str) -> str:
    """`words` with digits, signs and spaces of any script as ASCII has them, and a form's rate in per cent."""
    text = "".join(_plain_character(character) for character in words)
    if form := _FORM.fullmatch(text):
        group = "part" if form["part"] else "whole"
        text = f"{text[: form.start(group)]}{Decimal(form[group]) * 100:f}%"
    return text


def _plain_character(character: str) -> str:
    if character in _PLAIN_SIGNS:
        return _PLAIN_SIGNS[character]
    decimal = unicodedata.decimal(character, None)
    if decimal is not None:
        return str(decimal)
    decomposition = unicodedata.decomposition(character)
    if decomposition.startswith("<fraction>"):
        return f"{unicodedata.numeric(character, 0):.4f}".strip("0")
    # A surrogate cannot be handed to the reader of number words; a raised 2 is no digit of the amount.
    if unicodedata.category(character) in ("Cs", "Cc", "Cf") or decomposition.startswith(("<super>", "<sub>")):
        return " "
    return " " if character.isspace() else unicodedata.normalize("NFKC", character)


def _in_digits(text: str) -> str:
    """`text` with its number words in digits, and the scale of a number as its exponent: "eighty grand" -> "80e3"."""
    from text_to_num import alpha2digit

    text = _AND_A_HALF.sub(lambda match: f"{_count(match[1])}.5", text)
    text = _PART_OF.sub(lambda match: f"{_PARTS[match[1].lower()]} ", text)
    text = _SCALED.sub(_exponent, text)
    said = set(re.findall(r"\d+", text))
    text = str(alpha2digit(text, "en"))
    # A large number in words is marked as scaled, like one with a "k".
    text = re.sub(r"\d{4,}", lambda match: match[0] if match[0] in said else f"{match[0]}e0", text)
    text = re.sub(r"(\.\d+) 1((?:000)+)e0", lambda match: f"{match[1]}e{len(match[2])}", text)
    text = _SCALED.sub(_exponent, text)
    return re.sub(r"\b(?:minus|negative) (?=\S{0,3}\d)", "-", text, flags=re.IGNORECASE)


def _count(word: str) -> str:
    return str(_ONES.index(word.lower()) + 1) if word.lower() in _ONES else word


def _exponent(match: re.Match[str]) -> str:
    return f"e{sum(_SCALES[scale] for scale in re.findall(_SCALE, match[1].lower()))}"


def _figure(text: str, match: re.Match[str]) -> _Figure | None:
    """The number at `match` with what stands around it; None where it is part of something else (H100, 24/7, 5th)."""
    before, after = text[max(0, match.start() - _NEAR) : match.start()], text[match.end() : match.end() + _NEAR]
    is_rate = bool(_PERCENT.match(after))
    value = _value(match, grouped=not is_rate)
    if value is None:
        return None
    inner, before = _minus(before)
    marked = _currency_before(before, text)
    currency, before = marked or (None, before)
    outer, before = _minus(before)
    value = -value if inner or outer else value
    if is_rate:
        return _Figure(value / 100, is_rate=True)
    if not marked and (marked := _currency_after(after, text)):
        currency, after = marked
    period = _PERIOD_AFTER.match(after)
    if period and not marked and (marked := _currency_after(after[period.end() :], text)):
        currency = marked[0]
    if not marked and (_COUNTED.match(after) or _is_part(before, "" if period else after, bool(match["exponent"]))):
        return None
    beside = 3 * bool(marked) + 3 * bool(period and not period["bare"]) + 2 * bool(match["exponent"])
    if not beside and (rate := _rate(value, before)) is not None:
        return _Figure(rate, is_rate=True)
    named = (period["bare"] or period.lastgroup or "").lower() if period else None
    return _Figure(value, currency, named, beside + _weight(value, before, after, bare=not beside))


def _value(match: re.Match[str], grouped: bool) -> Decimal | None:
    """The number at `match`, without its sign; None where its marks make no number. A rate is never `grouped`."""
    from price_parser import Price

    if match["digits"] is None:
        return Decimal("nan" if (match["none"] or "").lower() == "nan" else "inf")
    digits, exponent = match["digits"].replace(" ", ""), match["exponent"] or "0"
    if len(exponent.lstrip("+-")) > 3:
        return Decimal(0 if exponent.startswith("-") else "inf")
    one_mark = _ONE_MARK.fullmatch(digits)
    # "1.500" are thousands, "1.500 million" are not.
    thousands = grouped and _THOUSANDS.fullmatch(digits) and not ("." in digits and match["exponent"])
    if one_mark and not thousands:
        amount = Price.fromstring(digits, decimal_separator=one_mark[1] or ".").amount
    else:
        amount = Price.fromstring(digits.replace("'", "")).amount if _GROUPED.fullmatch(digits) else None
    # Written out, so that it prints as 80000, not as 8E+4.
    return None if amount is None else Decimal(f"{amount.scaleb(int(exponent)):f}")


def _minus(before: str) -> tuple[bool, str]:
    """Whether `before` ends in a minus, and what is before that; a dash between words or numbers is none."""
    minus = re.search(r"(?:^|[^\w%)\]'])-$", before) is not None
    return minus, before[:-1] if minus else before


def _is_part(before: str, after: str, scaled: bool) -> bool:
    """Whether letters or digits are joined to the number between `before` and `after`."""
    joined = re.search(rf"{_LETTER}$", before) or re.match(_LETTER, after)
    # Of "80k-100k", the first is taken.
    ranged = re.search(r"\de\d+-$" if scaled else r"\d[-/:\u2044]$", before)
    return bool(joined or ranged or (not scaled and re.match(r"[-/:\u2044]\w", after)))


def _rate(value: Decimal, before: str) -> Decimal | None:
    """The rate that a number without "%" names after "rate" (15 or 0.15) or "at" (0.15); None where it names none."""
    is_part = value.is_finite() and abs(value) < 1
    if _RATE_BEFORE.search(before):
        return value if is_part else value / 100
    return value if is_part and value and _AT_BEFORE.search(before) else None


def _weight(value: Decimal, before: str, after: str, bare: bool) -> int:
    """How much the words around a number speak for its being a spend, from 0 to 2."""
    goes_on = _GOES_ON.match(after) is not None
    is_large = not value.is_finite() or abs(value) >= 100
    if bare and value in _YEARS:
        return 0
    if _SPENDING.search(before) and (goes_on or is_large):
        return 2
    return int(goes_on and (is_large or value <= 0) and _WEAKLY.search(before) is not None)


@cache
def _names() -> dict[str, str | None]:
    """The currency of each name in lower case, long ("swiss francs") and short."""
    from babel.numbers import get_currency_name

    long = {get_currency_name(code, count, "en").lower(): code for code in _codes() for count in (1, 2)}
    return {**long, **_CALLED}


@cache
def _signs() -> dict[str, str | None]:
    """The currency of each sign in lower case, the longest first."""
    from babel.numbers import get_currency_symbol

    symbols = {code: _plain(get_currency_symbol(code, "en")).lower() for code in _codes()}
    signs = {**{symbol: code for code, symbol in symbols.items() if symbol != code.lower()}, **_SIGNS}
    return dict(sorted(signs.items(), key=lambda item: -len(item[0])))


@cache
def _codes() -> frozenset[str]:
    """The codes of the currencies that are paid with today."""
    from babel.core import get_global

    used = get_global("territory_currencies").values()
    return frozenset(code for rows in used for code, _, end, is_tender in rows if is_tender and end is None)


def _called(name: str, text: str) -> tuple[str | None] | None:
    """The currency that `name` means beside an amount in `text`; (None,) for an ambiguous one, None for no currency."""
    if name.lower() in _names():
        return (_names()[name.lower()],)
    if name.upper() not in _codes():
        return None
    # Where all is in capitals, these tell nothing.
    is_code = name.isupper() and (re.search(r"[a-z]{2}", text) or len(re.findall(r"[A-Z]{2,}", text)) == 1)
    return (name.upper(),) if is_code or name.upper() not in _ENGLISH_CODES else None


def _currency_before(before: str, text: str) -> tuple[str | None, str] | None:
    """The currency at the end of `before` (None if ambiguous) and what is before it; None where there is none."""
    before = before.rstrip()
    for sign, code in _signs().items():
        rest = before[: -len(sign)]
        if before[-len(sign) :].lower() == sign and not (sign[0].isalpha() and rest[-1:].isalpha()):
            return code, rest
    trailing = re.search(rf"(?:{_LETTER}+ ){{0,2}}{_LETTER}+:?$", before)
    words = trailing[0].rstrip(":").split() if trailing else []
    for start in range(len(words)):
        name = " ".join(words[start:])
        if found := _called(name, text):
            return found[0], before.removesuffix(":")[: -len(name)]
    return None


def _currency_after(after: str, text: str) -> tuple[str | None, str] | None:
    """The currency at the start of `after` (None if ambiguous) and what is after it; None where there is none."""
    after = re.sub(r"^\s*(?:in\s+)?-?", "", after, flags=re.IGNORECASE)
    for sign, code in _signs().items():
        rest = after[len(sign) :]
        if after[: len(sign)].lower() == sign and not (sign[-1].isalpha() and rest[:1].isalpha()):
            return code, rest
    leading = re.match(rf"{_LETTER}+(?: {_LETTER}+){{0,2}}", after)
    words = leading[0].split() if leading else []
    for end in range(len(words), 0, -1):
        name = " ".join(words[:end])
        if found := _called(name, text):
            return found[0], after[len(name) :]
    return None


def _currency_anywhere(text: str) -> str | None:
    """The currency that `text` names away from its amount ("in euros"), if that is plain."""
    for word in re.findall(rf"{_LETTER}+|[€£¥₹₩$]", text):
        code = _names().get(word.lower()) or _signs().get(word) or (word if _PLAIN_CODE.fullmatch(word) else None)
        if code:
            return code
    return None


def _period(text: str, named: _Figure | None) -> Period | None:
    """The period beside the spend, or else the first that `text` names; None for weeks and the like."""
    period = named.period if named else None
    if period is None and (found := _PERIOD_ANYWHERE.search(text)):
        period = found.lastgroup
    return "month" if period == "month" else "year" if period == "year" else None


def _is_alone(text: str) -> bool:
    """Whether `text` says little besides its numbers."""
    words = re.findall(rf"(?<![^\W_]){_LETTER}+", text)
    return all(_FILLER.fullmatch(word) or _called(word, text) for word in words)
