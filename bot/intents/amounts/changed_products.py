"""The price times quantity that was told last, with what is said now: "what about 16?", "half of them", "15% less"."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from bot.formulas.product import TITLE, Factor, Product, total
from bot.intents.amounts.numbers import in_digits
from bot.intents.amounts.products import Parts, read_parts, read_product
from bot.intents.amounts.quantities import time_named
from bot.intents.amounts.relative import AROUND, relative
from knowledge.words import FUNCTION_WORDS, stem, words, words_of

# So many words go on with what was told, and do not begin something else.
SHORT = 12
# What a reply about a calculation has taken.
TAKEN = re.compile(r"^Taken: (?P<taken>[^\n]{1,900})\.$", re.M)
# What may be said around a change of a product, beside its own units.
CHANGING = words_of("same instead make about price cost costs pay say try take use only rather actually were")
# What stands for all that was told; beside a discount on it, so many words may say what gives the discount.
_ALL_OF_IT = words_of("it that this all")
REASONS = 3
_PRICE = words_of("price prices rate rates tariff fee cost costs")


def told_product(told: str) -> Product | None:
    """The product that a reply was about; None where it was about none."""
    match = TAKEN.search(told) if told.startswith(TITLE) else None
    return read_product(match["taken"].replace("; ", ", ") + " please") if match else None


def changed_product(text: str, told: str) -> Product | None:
    """The product that was `told` last, with what `text` changes of it; None where it changes nothing of one."""
    before = told_product(told)
    if before is None or len(words(text)) > SHORT:
        return None
    read = read_parts(text)
    after = (_with(before, read) if read else None) or _scaled(before, text)
    return after if after and after != before and total(after) else None


def _with(before: Product, read: Parts) -> Product | None:
    """The product with what was read; None where that is about something else."""
    others = {*words(read.rest)} - FUNCTION_WORDS - CHANGING
    numbers = len(read.prices) + len(read.counts)
    # "If caching takes 30% off that": what takes it off may be named.
    only_less = bool(read.discounts) and not numbers and not _ALL_OF_IT.isdisjoint(words(read.rest))
    if sum(not time_named(word) for word in others) > (REASONS if only_less else 0) or (
        numbers > 1 and (read.prices or not all(one.of for one in read.counts))
    ):
        return None
    after = before
    for price, currency in read.prices:
        price = replace(price, per=price.per or before.price.per, words=price.words or before.price.words)
        after = replace(after, price=price, currency=currency or before.currency)
    for one in read.counts:
        same = [known for known in after.counts if one.of in ("", "them", known.of) and not time_named(known.of)]
        if time_named(one.of) and one.per:  # so long in each
            kept = tuple(known for known in after.counts if known.of != one.of)
            after = replace(after, counts=(*kept, one))
        elif time_named(one.of):  # for so long
            kept = tuple(known for known in after.counts if not time_named(known.of) or known.per)
            after = replace(after, counts=(*kept, one), period=None)
        elif len(same) == 1:
            named = one.words if one.of == same[0].of else ""
            said = replace(one, of=same[0].of, per=one.per or same[0].per, words=named or same[0].words)
            after = replace(after, counts=tuple(said if known is same[0] else known for known in after.counts))
        else:
            return None
    for discount in read.discounts:
        after = replace(after, discount=discount)
    if read.period:
        kept = tuple(known for known in after.counts if not time_named(known.of) or known.per)
        after = replace(after, counts=kept, period=read.period)
    return after


def _scaled(before: Product, text: str) -> Product | None:
    """The product with a part of it, or all of it, so many times as large; None where it is not known which part."""
    if not (found := relative(in_digits(text))):
        return None
    factor, beside = found
    things = [one for one in before.counts if not time_named(one.of)]
    said = {*words(beside)}
    named = [one for one in before.counts if {one.of, f"{one.of}s", *words(one.words)} & said]
    stems = {stem(word) for one in (*before.counts, before.price) for word in (one.of, *words(one.words))}
    others = {word for word in said - FUNCTION_WORDS - AROUND - CHANGING - _PRICE if stem(word) not in stems}
    if len(named) > 1 or others:
        return None
    # "15% more" is what has to be paid; "twice as many" are things.
    if named or (things and not said & _PRICE and "%" not in text and "percent" not in said):
        scaled = (named or things)[0]
        return replace(before, counts=tuple(_times(one, factor) if one is scaled else one for one in before.counts))
    return replace(before, price=_times(before.price, factor))


def _times(one: Factor, factor: Decimal) -> Factor:
    return replace(one, value=(one.value * factor).normalize())
