"""A price and how much of it: "8 GPUs at $2.50 an hour, 10 hours a day", by units that cancel each other.

Every figure has to be a part of the product, or it is none: a figure that is left over may change all of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from bot.formulas import LIMIT
from bot.formulas.product import Factor, Product, total
from bot.intents.amounts.quantities import FOR_EACH, Quantity, Told, read_quantities, time_named
from knowledge.question import asks
from knowledge.words import FUNCTION_WORDS, content_words, stem

# Tokens are priced by the million, which need not be said: `bot/formulas/formulas.toml` knows that.
TOKEN = "token"
# With more figures it is a table.
MOST = 8

_ONE_BY_ONE = frozenset(["each", "apiece"])
_THEM = frozenset(["them", "these", "those", "such"])
# Before a price these say that it is that of one thing.
_THEY_COST = (("they", "cost"), ("each", "cost"), ("one", "cost"))
# What counts nothing; calls do.
_SMALL_WORDS = (FUNCTION_WORDS - {"call"}) | {"pleas", "please", "pls", "total"}
# Before "at" these say where somebody is, and no price of one thing: "we are now at $20k a month".
_WHERE = _SMALL_WORDS - _THEM - _ONE_BY_ONE | {"look", "current", "already", "still"}
# Gigabytes of each, as providers bill them.
_DATA = {"kb": Decimal("1e-6"), "mb": Decimal("0.001"), "gb": Decimal(1), "tb": Decimal(1000), "pb": Decimal("1e6")}
# What stands in place of "per million", "per thousand" and "per token" among tokens.
_BASES = frozenset(map(stem, ("permillion", "perthousand", "pertoken")))
_BASIS_WORD = re.compile(r"\bper(million|thousand|token)\b")
_WHAT_IS = re.compile(r"\W*(?:and |so |then )?(?:what(?:'s| is|s)?|how much is)\b", re.I)
_SAVES = re.compile(r"\b(?:sav|cut|reduc|discount|off\b)", re.I)
_SIGN = re.compile(r"[×*]|(?<=[\w%]) (?:x|times) (?=[\d$€£])")
_NONSTOP = re.compile(r"\b24\s?[/x]\s?7\b|\b(?:around the clock|all the time|non-?stop|always on|continuously)\b", re.I)
_LESS = re.compile(r"(?:off|discount|cheaper|less|reduction|rebate|lower)\w*", re.I)
_COSTS = re.compile(
    r"\b(?:costs?|pay|bills?|totals?|price|spend|how much|adds? up|sum|comes? to|calculate|compute|work out|please|pls"
    r"|what(?:'s| is| would| will| does| do)? (?:that|it|this|we|they))\b",
    re.I,
)
# What alters a product in a way that is not read here, so that it is none: "except Sundays", "first 100 free", "twice".
ALTERS = re.compile(
    r"\b(?:free|except\w*|exclud\w+|without|besides|apart|minus|plus|more|another|additional|extra|further|then|until"
    r"|till|from|between|or|vs|versus|than|tax(?:es)?|vat|grow\w*|increas\w+|drop\w*|ris(?:e|es|ing)|rais\w+|dozens?|couple"
    r"|pair|several|few|half|quarter of|twice|once|thrice|double|triple|two|three|four|five|six|seven|eight|nine|ten"
    r"|every|per (?!second|minute|hour|day|week|month|quarter|year|annum)[a-z]+"
    r"|week(?:day|end)s?|nights?|fortnight|(?:mon|tues|wednes|thurs|fri|satur|sun)days?)\b",
    re.I,
)
_SPAN = re.compile(
    r"\b(?:for|over|during|within|in)\s(?:the\s)?(?:(?:a|an|whole|full|entire|next|coming)\s){1,2}"
    r"(?P<unit>hour|day|week|month|quarter|year)\b",
    re.I,
)


@dataclass
class Parts:
    """The parts of a product, as far as they were read; `is_of_one` where the price is plainly that of one thing.

    `has_money` says that the price is money, `has_signs` that signs multiply, `is_of_all` that what is counted behind
    the price may be what it is for as a whole. `rest` are the words that are no part of it.
    """

    nonstop: bool
    has_money: bool
    has_signs: bool
    prices: list[tuple[Factor, str | None]] = field(default_factory=list)
    counts: list[Factor] = field(default_factory=list)
    discounts: list[Decimal] = field(default_factory=list)
    period: str | None = None
    is_of_one: bool = False
    is_of_all: bool = False
    rest: str = ""


def read_product(text: str) -> Product | None:
    """The product that `text` asks for; None where it is anything else, or one of its figures is no part of it."""
    if part := _part(text):
        return part
    read = read_parts(text)
    if read is None or (asks(text) and not (read.period or _COSTS.search(text) or not content_words(read.rest))):
        return None
    if len(read.prices) != 1 or len(read.discounts) > 1 or not (read.counts or read.period):
        return None
    price, currency = read.prices[0]
    if not price.per and price.scale == 1 and any(one.of == TOKEN for one in read.counts):
        return None
    if not (read.has_signs or all(one.of for one in read.counts)):
        return None  # a number of nothing
    discount = read.discounts[0] if read.discounts else Decimal(0)
    plainly = read.has_money or price.scale != 1 or _COSTS.search(text)
    is_price = price.per or ((read.is_of_one or read.has_signs) and plainly)
    if not is_price:
        return None
    price = _of_what(price, read.counts)
    meant = [unit for unit in price.per if not time_named(unit)]
    if len(meant) == 1:  # "$3 an hour per machine and 5 of them"
        read.counts = [replace(one, of=meant[0]) if one.of == "them" else one for one in read.counts]
    product = Product(price, tuple(read.counts), currency, discount, read.period, read.nonstop, read.has_signs)
    found = total(product)
    if found is None or not 0 < found.value < LIMIT:
        return None
    things = [one for one in read.counts if one.of and not time_named(one.of)]
    inner = {unit for one in (product.price, *product.counts) for unit in one.per}
    # "$4,500 a month for 9,000 tickets" is what all of them cost.
    return product if read.is_of_one or read.has_signs or all(one.of in inner for one in things) else None


def _part(text: str) -> Product | None:
    """A share of an amount, or what is left of it: "what is 17% of 84,000?", "25% off 6,400"; None where more is said,
    or a saving is meant.
    """
    said = read_quantities(text)
    if tuple(one.unit for one in said.quantities) not in (("percent", "money"), ("percent", "bare")):
        return None
    share, whole = said.quantities
    if not (_is_sound(share.value) and _is_sound(whole.value)):
        return None
    between = said.tokens[share.place + 1 : whole.place]
    if between == ("off",):
        around = (*said.tokens[: share.place], *said.tokens[whole.place + 1 :])
        is_all = share.value < 1 and not any(map(_is_thing, around))
        return Product(Factor(whole.value), (), whole.currency, share.value) if is_all else None
    if _SAVES.search(text) or not (_COSTS.search(text) or _WHAT_IS.match(text)):
        return None
    if between[:1] != ("of",) or len(between) > 2:
        return None
    per, size, _ = _per(said, whole.place + 1, len(said.tokens))
    after = [word for word in said.tokens[whole.place + 1 + size :] if _is_thing(word)]
    worded = " ".join(said.written[whole.place + 1 : whole.place + 1 + size])
    price = Factor(whole.value, "", per, worded)
    product = Product(price, (Factor(share.value * 100, "share", (), "%", Decimal("0.01")),), whole.currency)
    return product if not after and total(product) else None


def read_parts(text: str) -> Parts | None:
    """What stands in a text; None where a figure of it can be no part of a product."""
    nonstop = _NONSTOP.search(text) is not None
    said = read_quantities(_NONSTOP.sub(" ", _SIGN.sub(" , ", text.replace("@", " at "))))
    if len(said.quantities) > MOST or any(not _is_sound(one.value) for one in said.quantities):
        return None
    has_money = any(one.unit == "money" for one in said.quantities)
    read = Parts(nonstop, has_money, _SIGN.search(text) is not None)
    ends = (*(one.place for one in said.quantities), len(said.tokens))
    rest = list(said.written[: ends[0]])
    for one, end in zip(said.quantities, ends[1:], strict=True):
        size = _take(said, one, end, read)
        if size is None:
            return None
        rest += ["|", *said.written[one.place + 1 + size : end]]
    left = " ".join(rest)
    if ALTERS.search(left):
        return None
    for span in _SPAN.finditer(left):
        read.counts.append(Factor(Decimal(1), span["unit"].lower(), (), span["unit"].lower()))
    left = _SPAN.sub(" ", left)
    if len(wanted := set(_rates(left.split()))) > 1:
        return None
    read.period, read.rest = next(iter(wanted), None), left
    return read


def _is_sound(value: Decimal) -> bool:
    return value.is_finite() and 0 < value < LIMIT


def _take(said: Told, one: Quantity, end: int, read: Parts) -> int | None:
    """Take a figure into what is read: how many words behind it belong to it; None where it can be no part of it."""
    run, before = said.tokens[one.place + 1 : end], said.tokens[max(0, one.place - 3) : one.place]
    if one.unit == "percent":
        if not any(_LESS.fullmatch(word) for word in (*run[:3], *before)) or one.value >= 1:
            return None
        read.discounts.append(one.value)
        return 0
    if one.unit == "ratio" or one.asked:
        return None
    at = before[-1:] == ("at",) and _WHERE.isdisjoint(before[-2:-1])
    # "At 3.10", but not "at 8 bits".
    is_price = one.unit == "money" or (at and not read.has_money and not any(map(_is_thing, run[:1])))
    size, of = (0, "") if is_price else _unit(said, one.place, end)
    per, further, scale = _per(said, one.place + 1 + size, end)
    # "4.10/h", where no currency is said.
    is_price = is_price or (not read.has_money and not size and bool(per))
    by_one = not _ONE_BY_ONE.isdisjoint(run[size + further : size + further + 1])
    worded = " ".join(said.written[one.place + 1 : one.place + 1 + size + further]).replace("/ ", "/")
    worded = _BASIS_WORD.sub(r"per \1", worded)
    if is_price:
        read.prices.append((Factor(one.value, "", per, worded, scale / (one.basis or Decimal(1))), one.currency))
        read.is_of_one = read.is_of_one or at or by_one or before[-2:] in _THEY_COST
        read.is_of_all = at and not by_one
        return size + further
    if (by_one or before[-1:] == ("each",)) and read.counts:
        per = (*per, read.counts[-1].of)
    if not size and _THEM.intersection(run[:2]):
        read.is_of_one, of, worded = True, "them", f"of them {worded}".rstrip()
    if read.is_of_all and of and of != "them" and not time_named(of) and not per and before[-1:] != ("for",):
        return None  # "at $20k a month with 5 teams"
    scale *= _DATA.get(of, Decimal(1))
    read.counts.append(Factor(one.value, "gb" if of in _DATA else of, per, worded, scale))
    return size + further


def _unit(said: Told, place: int, end: int) -> tuple[int, str]:
    """How many words behind a count say what is counted, and that: a time, or the first of several things."""
    size = 0
    for token in said.tokens[place + 1 : end]:
        if not _is_thing(token):
            break
        size += 1
    run, written = said.tokens[place + 1 : place + 1 + size], said.written[place + 1 : place + 1 + size]
    for at, token in enumerate(run):
        if time_named(token) or token in _DATA:
            return at + 1, time_named(token) or token
    plural = next((at for at, word in enumerate(written) if word.lower().endswith("s")), size - 1)
    return (plural + 1, _one(run[plural])) if size else (0, "")


def _per(said: Told, start: int, end: int) -> tuple[tuple[str, ...], int, Decimal]:
    """What a figure is for each of ("an hour", "per user per month", "per TB-month"), how many words say so, and what
    brings it into that unit.
    """
    per: list[str] = []
    at, scale = start, Decimal(1)
    while at < end:
        token, following = said.tokens[at], said.tokens[at + 1] if at + 1 < end else ""
        if token in _BASES and not _is_thing(following):
            at += 1
        elif time_named(following) and any(map(time_named, per)) and token in FOR_EACH:
            break  # "$2 an hour per month" wants a month
        elif (token in FOR_EACH or token in _BASES) and _is_thing(following):
            per.append(_named(following))
            scale /= _DATA.get(following, Decimal(1))
            at += 2
        elif per and (time_named(token) or token in _DATA):
            per.append(_named(token))
            scale /= _DATA.get(token, Decimal(1))
            at += 1
        else:
            break
    return tuple(per), at - start, scale


def _is_thing(token: str) -> bool:
    return token[:1].isalpha() and token not in FOR_EACH and token not in _BASES and token not in _SMALL_WORDS


def _named(token: str) -> str:
    """What a word names, as units are compared."""
    return time_named(token) or ("gb" if token in _DATA else _one(token))


def _one(token: str) -> str:
    return token.removesuffix("s")  # "gpus"


def _of_what(price: Factor, counts: Sequence[Factor]) -> Factor:
    """The price with what it is for, where it stands beside the one thing that is counted: "800 hours at 3.10"."""
    if price.per or len(counts) != 1 or counts[0].per:
        return price
    return replace(price, per=(counts[0].of,))


def _rates(rest: Sequence[str]) -> Iterator[str]:
    """The periods for which a result is wanted: "per month", "monthly"."""
    for one, other in zip(["", *rest], [*rest, ""], strict=True):
        unit = time_named(other.lower().strip("?.,;:!"))
        if unit and (one.lower() in FOR_EACH or other.lower().endswith("ly") or other.lower() == "annual"):
            yield unit
