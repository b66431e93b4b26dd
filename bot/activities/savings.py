"""Savings: the script's slider. What a spend could save at most, or at a rate, computed here, its formula shown."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from bot import shelf as scripts
from bot.activities import Heard, script_meant
from bot.intents import sayings
from bot.intents.amounts.estimates import NO_PROMISE, Estimate, Spend, estimate, formula
from bot.intents.amounts.numbers import in_digits
from bot.intents.amounts.periods import PER_YEAR
from bot.intents.amounts.spending import read_spend
from bot.intents.amounts.sums import changes, scaled
from bot.intents.talk.leads import unled
from bot.reply import Choice, Choices, Field, Form, Reply, Sources, Text
from knowledge.answer import Message
from knowledge.provenance import stated
from knowledge.script import Script

if TYPE_CHECKING:
    from bot.shelf import Shelf
    from bot.store.records import Records

STEP = Decimal("0.05")
# What a reply says of its estimate, or of the rate that it was given without a spend.
_ESTIMATED = re.compile(
    r"^(?:At most: )?(?P<spend>\S.{0,80}) × (?P<rate>[0-9.]{1,9})% = .{0,80}?"
    r"(?: a (?P<period>[a-z]{3,7}(?: year)?)| in (?P<span>[0-9.]{1,6} [a-z]{3,8}))?\.$"
    r"|^At (?P<kept>[0-9.]+)% of what\?",
    re.M,
)
# "And if it was 60k?" leaves the rest as it was told.
_GOES_ON = re.compile(r"(?:\w+\W+){0,2}(?:and|but|what (?:about|if)|how about|if|make (?:it|that))\b", re.I)
_CENT = Decimal("0.01")
# The highest rate, in percent.
HIGHEST_RATE = Decimal(100)
WHICH = "Is that a rate or a spend?"
TWO_CURRENCIES = "Those are two currencies: give the spend in one, for example €80k a month."
NOTHING_LEFT = "That leaves nothing to save on: give a spend above 0, for example 80k a month."
ASK = "How much do you spend? Say it in one line, for example “80k a month”, “£12,500 per year” or “$2m a year at 15%”."


class Savings:
    """Takes requests for an estimate of savings."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    async def take(self, heard: Heard) -> Reply | None:
        """The estimate, or a question for what is missing."""
        if heard.intent.name != "savings_estimate":
            return None
        script = script_meant(heard, self._shelf, scripts.slider)
        if isinstance(script, Reply):
            return script
        spend = read_form(heard.turn.fields) if heard.turn.fields else _spend(heard)
        # Steps say no script: they are offered where their words lead to this one.
        return _reply(
            script, spend, steps=self._shelf.fitting("", heard.scene.place.script, scripts.slider) == (script,)
        )

    def form(self, heard: Heard, records: Records) -> Form | None:
        """The form for an estimate, by the script that it names."""
        if heard.intent.name != "savings_estimate" or (script := self._shelf.get(heard.pick.script or "")) is None:
            return None
        held = scripts.slider(script)
        return form(script, Decimal(str(held[1].maximum or 0))) if held else None


def _spend(heard: Heard) -> Spend:
    """What the words name; what they leave out as it was told last ("and at 10%?", "for a year?", "plus 5k")."""
    said = heard.intent.value if isinstance(heard.intent.value, Spend) else Spend()
    if heard.scene.before != "savings_estimate" and said.amount is not None:
        return said
    told = _told_last(heard.scene.history)
    if told.amount is not None and (factor := scaled(in_digits(unled(heard.turn.words)))):
        most = None if told.most is None else told.most * factor
        return replace(told, amount=told.amount * factor, most=most)
    if said == Spend():
        return said
    change = changes(heard.turn.words)
    if change and told.amount is not None and (other := read_spend(f"spend {change[1]}")).amount is not None:
        return _changed(told, other, change[0])
    if said.problem:
        return said
    if said.amount is None or told.amount is None or read_spend(heard.turn.words).amount is None:
        # Another amount begins anew, unless it is what was asked for ("At 10% of what?"), or a part of what was told.
        return _with(told, said)
    if is_bare(said) and Decimal(1) <= said.amount <= HIGHEST_RATE < told.amount:
        if _named_rate(heard.scene.history):
            return replace(told, rate=said.amount / 100)
        number = f"{said.amount:f}"
        return Spend(problem=f"{WHICH} Say “{number}%” for a rate, or “{number} a month” for a spend.")
    return _with(told, said) if _GOES_ON.match(heard.turn.words) else said


def is_bare(spend: Spend) -> bool:
    """Whether a spend is a number and nothing else: it may be a rate."""
    return spend.period is None and spend.currency is None and spend.rate is None and spend.most is None


def _named_rate(history: Sequence[Message]) -> bool:
    """Whether somebody named a rate before, and not only a spend."""
    estimates = [match for one in history if one.role == "assistant" and (match := _ESTIMATED.search(one.content))]
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


def _told_last(history: Sequence[Message]) -> Spend:
    """The spend of the newest estimate, or the rate that waits for one, as the reply says it: it may come of a form."""
    told = [match for one in history if one.role == "assistant" and (match := _ESTIMATED.search(one.content))]
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
        period=said.period or told.period,
        currency=said.currency or told.currency,
        rate=said.rate if said.rate is not None else told.rate,
    )


def _reply(script: Script, spend: Spend, steps: bool) -> Reply:
    held = scripts.slider(script)
    assert held is not None
    section, own = held
    maximum = Decimal(str(own.maximum or 0))
    source = Sources((scripts.source(script, section), scripts.note(script, "Statistics")))
    fill_in = Choice("Fill in a form", opens=form(script, maximum))
    if spend.problem:
        return Reply((Text(spend.problem), Choices((fill_in,))), "savings_estimate", private=True, continues=True)
    if spend.amount is None:
        kept = f"At {_percent(spend.rate)} of what? " if spend.rate is not None else ""
        parts = (Text(f"{own.text}. {_basis(script, maximum)}"), Text(kept + ASK), Choices((fill_in,)), source)
        return Reply(parts, "savings_estimate", private=True, continues=True)
    other = Choice("Other numbers", opens=form(script, maximum))
    choices = Choices((*(_slider(spend, maximum) if steps else ()), other), aside=True)
    return Reply(
        (Text(_told(script, estimate(spend, maximum))), choices, source),
        "savings_estimate",
        private=True,
        continues=True,
    )


def _told(script: Script, made: Estimate) -> str:
    """The formula, what it is, and where its rate comes from."""
    lines = []
    if made.capped:
        lines.append(f"The script states no more than {_percent(made.maximum)}, so I estimate at that.")
    at_most = "At most: " if made.rate in (None, made.maximum) else ""
    lines.append(f"{at_most}{formula(made)}.")
    if made.period is None:
        lines.append("(For the same period as your spend: say “a month” or “a year” to name it.)")
    lines.append(f"{NO_PROMISE} {_basis(script, made.maximum)}")
    return "\n".join(lines)


def _basis(script: Script, maximum: Decimal) -> str:
    """The statistic that the slider's end stands on, with what it says of its origin."""
    percent = _percent(maximum).removesuffix("%")
    found = [line for line in script.statistics if f"up to {percent}" in line.casefold()]
    return "The video says: " + " ".join(stated(found[:1])) if found else ""


def _slider(spend: Spend, maximum: Decimal) -> tuple[Choice, ...]:
    """The slider as steps to press, from 0 to the maximum."""
    steps = [STEP * place for place in range(int(maximum / STEP) + 1)]
    # In cents, as a button has no room for more.
    if spend.most is not None or (spend.period or "month") not in PER_YEAR:
        # A button has no words for a range, nor for so many months.
        return ()
    period = spend.period.replace(" ", "-") if spend.period else None
    words = [f"{spend.amount:.2f}".removesuffix(".00"), *filter(None, (period, spend.currency))]
    return tuple(Choice(_percent(step), f"savings {' '.join(words)} {_percent(step)}") for step in steps)


def form(script: Script, maximum: Decimal) -> Form:
    """The form for an estimate by a script: spend, period, currency and rate, each in a field of its own."""
    fields = (
        Field("spend", "Spend", "for example 80000", number=True),
        Field("period", "Period", required=False, options=("month", "year")),
        Field("currency", "Currency", "for example EUR", required=False),
        Field(
            "rate",
            "Rate in percent",
            f"0 to {_percent(maximum).removesuffix('%')}; empty for the most",
            required=False,
            number=True,
        ),
    )
    return Form(sayings.show("savings_estimate", script.slug), "Estimate savings", fields, check)


def check(values: Mapping[str, str]) -> Mapping[str, str]:
    """What is wrong with a filled-in form, by field."""
    wrong = {}
    spend = read_spend(f"spend {values.get('spend', '')}")
    if spend.amount is None:
        wrong["spend"] = spend.problem or "That is no amount: give one such as 80000 or 80k."
    if values.get("period", "") not in ("", "month", "year"):
        wrong["period"] = "Choose month or year, or leave it empty."
    if (currency := values.get("currency", "").strip()) and read_spend(f"100 {currency}").currency is None:
        wrong["currency"] = "That is no currency that I know: give a code such as EUR, or leave it empty."
    rate = values.get("rate", "").strip().removesuffix("%")
    if rate and (read_spend(f"{rate}%").rate is None):
        wrong["rate"] = "That is no rate: give percent from 0 to 100, such as 15, or leave it empty."
    return wrong


def read_form(values: Mapping[str, str]) -> Spend:
    """The spend of a form; its problem is that of the first wrong field."""
    wrong = check(values)
    if wrong:
        return Spend(problem=next(iter(wrong.values())))
    rate = values.get("rate", "").strip().removesuffix("%")
    words = [f"spend {values['spend']}", values.get("currency", "")]
    spend = read_spend(" ".join(words))
    period = values.get("period") or None
    return replace(
        spend,
        period="month" if period == "month" else "year" if period == "year" else spend.period,
        rate=read_spend(f"{rate}%").rate if rate else None,
    )


def _percent(rate: Decimal) -> str:
    return f"{rate * 100:.2f}".rstrip("0").rstrip(".") + "%"
