"""The spend that is meant where an estimate was told before: what is said anew of it, and the rest as it was told."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from bot.intents.amounts.estimates import Spend, money
from bot.intents.amounts.numbers import in_digits
from bot.intents.amounts.relative import scaled
from bot.intents.amounts.spending import read_spend
from bot.intents.amounts.sums import changes, is_of_rate
from bot.intents.talk.leads import unled
from bot.store import Scene
from knowledge.answer import Message

# What a reply says of its estimate, or of the rate that it was given without a spend.
_ESTIMATED = re.compile(
    r"^(?:At most: )?(?P<spend>\S.{0,80}) × (?P<rate>[0-9.]{1,9})% = .{0,80}?"
    r"(?: a (?P<period>[a-z]{3,7}(?: year)?)| in (?P<span>[0-9.]{1,6} [a-z]{3,8}))?\.$"
    r"|^At (?P<kept>[0-9.]+)% of what\?",
    re.M,
)
# "And if it was 60k?" leaves the rest as it was told.
_GOES_ON = re.compile(r"(?:\w+\W+){0,2}(?:and|but|what (?:about|if)|how about|if|make (?:it|that))\b", re.I)
_ASKS_ANEW = re.compile(r"\b(?:sav(?:es?|ings?)|estimates?|calculate|cut|reduce)\b", re.I)
# "A month" says what the spend is for; "per year?" asks for another period.
_NAMES_PERIOD = re.compile(
    r"(?:\W|\b(?:it's|it is|that's|that is|i mean|for|of|spend|the)\b)*+"
    r"(?:an?|each|every|one) (?:half )?[a-z]{3,7}[\s.!]*",
    re.I,
)
_CENT = Decimal("0.01")
# The highest rate, in percent.
HIGHEST_RATE = Decimal(100)
WHICH = "Is that a rate or a spend?"
TWO_CURRENCIES = "Those are two currencies: give the spend in one, for example €80k a month."
OF_WHAT_TIME = "Is {0} for a month, or for a year? Say “{0} a month” or “{0} a year”, and I convert it."
_ASKED_TIME = re.compile(r"Is (?P<spend>.{1,80}) for a month, or for a year\?")
# An amount below this that is said without unit or period may be anything: a number of a list, thousands, millions.
LEAST_BARE = Decimal(100)
OF_WHAT = "Is {0} the spend, or is it thousands or millions? Say for example “{0}k a month”, or “{0} a month”."
NOTHING_LEFT = "That leaves nothing to save on: give a spend above 0, for example 80k a month."


def spend_meant(said: Spend, words: str, scene: Scene) -> Spend:
    """The spend that `said`, read from `words`, and what was told before name together."""
    return _asked_if_small(_meant(said, words, scene))


def _meant(said: Spend, words: str, scene: Scene) -> Spend:
    """What the words name; what they leave out as it was told last ("and at 10%?", "for a year?", "plus 5k")."""
    asked = next((match for one in scene.history[-1:] if (match := _ASKED_TIME.match(one.content))), None)
    if asked and said.period and said.amount is None and scene.before == "savings_estimate":
        named = read_spend(f"spend {asked['spend']}")
        return replace(_told_last(scene.history), amount=named.amount, most=None, period=said.period)
    if scene.before != "savings_estimate" and said.amount is not None:
        return said
    told = _told_last(scene.history)
    if told.amount is not None and (factor := scaled(in_digits(unled(words)))):
        if told.rate is not None and is_of_rate(words):
            return replace(told, rate=told.rate * factor)
        most = None if told.most is None else told.most * factor
        return replace(told, amount=told.amount * factor, most=most)
    if said == Spend():
        return said
    change = changes(words)
    if change and told.amount is not None and (other := read_spend(f"spend {change[1]}")).amount is not None:
        return _changed(told, other, change[0])
    if said.problem:
        return said
    if told.amount is None:
        return _with(told, said)
    if said.amount is None or read_spend(words).amount is None:
        if said.period and told.period is None and not _NAMES_PERIOD.fullmatch(words):
            return Spend(problem=OF_WHAT_TIME.format(money(told.amount, told.currency)))
        return _with(told, said)
    if is_bare(said) and Decimal(1) <= said.amount <= HIGHEST_RATE < told.amount:
        if _named_rate(scene.history):
            return replace(told, rate=said.amount / 100)
        number = f"{said.amount:f}"
        return Spend(problem=f"{WHICH} Say “{number}%” for a rate, or “{number} a month” for a spend.")
    # Whoever changes one thing keeps the others, unless they ask for an estimate anew.
    anew = _ASKS_ANEW.search(words) and not _GOES_ON.match(words)
    if not anew and said.period is None and told.period and _is_converted(scene.history):
        # "45k a month", told for a year, then "no, 54k": of which of the two?
        return Spend(problem=OF_WHAT_TIME.format(money(said.amount, said.currency or told.currency)))
    return said if anew else _with(told, said)


def _is_converted(history: Sequence[Message]) -> bool:
    """Whether the last estimate is the one before it, told for another time."""
    told = _estimates(history)
    spends = [_spend_told(match) for match in told[-2:] if not match["kept"]]
    if len(spends) < 2:
        return False
    before, last = spends
    converts = before.period and last.period and before.period != last.period
    return bool(converts) and _same(before.for_period(last.period or ""), last)


def is_bare(spend: Spend) -> bool:
    """Whether a spend is a number and nothing else: it may be a rate."""
    return spend.period is None and spend.currency is None and spend.rate is None and spend.most is None


def _named_rate(history: Sequence[Message]) -> bool:
    """Whether somebody named a rate before, and not only a spend."""
    estimates = _estimates(history)
    asked = [read_spend(one.content) for one in history if one.role == "user"]
    return any(not match[0].startswith("At most") for match in estimates) or any(one.rate is not None for one in asked)


def _changed(told: Spend, said: Spend, sign: int) -> Spend:
    """What was told, with an amount added or taken away."""
    assert told.amount is not None
    assert said.amount is not None
    if said.currency and told.currency and said.currency != told.currency:
        return Spend(problem=TWO_CURRENCIES)
    change = said.for_period(told.period).amount if said.period and told.period else said.amount
    assert change is not None
    amount = told.amount + sign * change
    if amount <= 0:
        return Spend(problem=NOTHING_LEFT)
    most = None if told.most is None else told.most + sign * change
    return replace(
        told,
        amount=amount,
        most=most,
        period=told.period or said.period,
        currency=told.currency or said.currency,
        rate=said.rate if said.rate is not None else told.rate,
    )


def _estimates(history: Sequence[Message]) -> list[re.Match[str]]:
    """What the replies of a talk say of their estimates, the oldest first."""
    return [match for one in history if one.role == "assistant" and (match := _ESTIMATED.search(one.content))]


def _told_last(history: Sequence[Message]) -> Spend:
    """The spend of the newest estimate, or the rate that waits for one, as the reply says it: it may come of a form."""
    told = _estimates(history)
    if not told:
        return Spend()
    if told[-1]["kept"]:
        return Spend(rate=Decimal(told[-1]["kept"]) / 100)
    spends = [_spend_told(match) for match in told if not match["kept"]]
    last = first = spends[-1]
    for spend in reversed(spends):
        # What is told is rounded: from month to day and back it is that of the month again.
        if spend.period is None or last.period is None or not _same(spend.for_period(last.period), last):
            break
        first = spend
    return replace(first.for_period(last.period) if last.period else last, currency=last.currency, rate=last.rate)


def _spend_told(match: re.Match[str]) -> Spend:
    spend = read_spend(f"spend {match['spend']}")
    return replace(spend, period=match["period"] or match["span"], rate=Decimal(match["rate"]) / 100)


def _same(one: Spend, other: Spend) -> bool:
    pairs = ((one.amount, other.amount), (one.most, other.most))
    return all(first == second or (first and second and abs(first - second) < _CENT) for first, second in pairs)


def _with(told: Spend, said: Spend) -> Spend:
    """What was told, with what is said anew in its place; for another period it is converted."""
    if told.amount is not None and said.amount is None and said.period:
        told = told.for_period(said.period)
    return replace(
        told,
        amount=said.amount or told.amount,
        most=said.most if said.amount else told.most,
        unused=said.unused,
        period=said.period or told.period,
        currency=said.currency or told.currency,
        rate=said.rate if said.rate is not None else told.rate,
    )


def _asked_if_small(spend: Spend) -> Spend:
    if spend.amount is not None and not spend.problem and is_bare(spend) and spend.amount < LEAST_BARE:
        return Spend(problem=OF_WHAT.format(f"{spend.amount:f}"))
    return spend
