"""Which currency people mean: by its code, its sign, or what they call it."""

from __future__ import annotations

import re
from functools import cache

from bot.intents.amounts.numbers import LETTER, plain

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

    symbols = {code: plain(get_currency_symbol(code, "en")).lower() for code in _codes()}
    signs = {**{symbol: code for code, symbol in symbols.items() if symbol != code.lower()}, **_SIGNS}
    return dict(sorted(signs.items(), key=lambda item: -len(item[0])))


@cache
def _codes() -> frozenset[str]:
    """The codes of the currencies that are paid with today."""
    from babel.core import get_global

    used = get_global("territory_currencies").values()
    return frozenset(code for rows in used for code, _, end, is_tender in rows if is_tender and end is None)


def is_currency(code: str) -> bool:
    """Whether that is the code of a currency that is paid with today."""
    return code in _codes()


def called(name: str, text: str) -> tuple[str | None] | None:
    """The currency that `name` means beside an amount in `text`; (None,) for an ambiguous one, None for no currency."""
    if name.lower() in _names():
        return (_names()[name.lower()],)
    if name.upper() not in _codes():
        return None
    # Where all is in capitals, these tell nothing.
    is_code = name.isupper() and (re.search(r"[a-z]{2}", text) or len(re.findall(r"[A-Z]{2,}", text)) == 1)
    return (name.upper(),) if is_code or name.upper() not in _ENGLISH_CODES else None


def currency_before(before: str, text: str) -> tuple[str | None, str] | None:
    """The currency at the end of `before` (None if ambiguous) and what is before it; None where there is none."""
    before = before.rstrip()
    for sign, code in _signs().items():
        rest = before[: -len(sign)]
        if before[-len(sign) :].lower() == sign and not (sign[0].isalpha() and rest[-1:].isalpha()):
            return code, rest
    trailing = re.search(rf"(?<!{LETTER})(?:{LETTER}{{1,30}} ){{0,2}}{LETTER}{{1,30}}:?$", before)
    words = trailing[0].rstrip(":").split() if trailing else []
    for start in range(len(words)):
        name = " ".join(words[start:])
        if found := called(name, text):
            return found[0], before.removesuffix(":")[: -len(name)]
    return None


def currency_after(after: str, text: str) -> tuple[str | None, str] | None:
    """The currency at the start of `after` (None if ambiguous) and what is after it; None where there is none."""
    after = re.sub(r"^\s*(?:in\s+)?-?", "", after, flags=re.IGNORECASE)
    for sign, code in _signs().items():
        rest = after[len(sign) :]
        if after[: len(sign)].lower() == sign and not (sign[-1].isalpha() and rest[:1].isalpha()):
            return code, rest
    leading = re.match(rf"{LETTER}+(?: {LETTER}+){{0,2}}", after)
    words = leading[0].split() if leading else []
    for end in range(len(words), 0, -1):
        name = " ".join(words[:end])
        if found := called(name, text):
            return found[0], after[len(name) :]
    return None


def currency_anywhere(text: str) -> str | None:
    """The currency that `text` names away from its amount ("in euros"), if that is plain."""
    for word in re.findall(rf"{LETTER}+|[€£¥₹₩$]", text):
        code = _names().get(word.lower()) or _signs().get(word) or (word if _PLAIN_CODE.fullmatch(word) else None)
        if code:
            return code
    return None
