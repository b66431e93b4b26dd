"""Savings: the script's slider. What a spend could save at most, or at a rate, computed here, its formula shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from bot import shelf as scripts
from bot.activities import Heard, script_meant
from bot.intents import sayings
from bot.intents.amounts.estimates import NO_PROMISE, Estimate, Spend, estimate, formula
from bot.intents.amounts.periods import PER_YEAR
from bot.intents.amounts.spending import read_spend
from bot.intents.amounts.told_estimates import spend_meant
from bot.reply import Choice, Choices, Field, Form, Reply, Sources, Text
from knowledge.provenance import stated
from knowledge.script import Script

if TYPE_CHECKING:
    from bot.shelf import Shelf
    from bot.store.records import Records

STEP = Decimal("0.05")
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
    said = heard.intent.value if isinstance(heard.intent.value, Spend) else Spend()
    return spend_meant(said, heard.turn.words, heard.scene)


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
        (Text(_told(script, estimate(spend, maximum), spend.unused)), choices, source),
        "savings_estimate",
        private=True,
        continues=True,
    )


def _told(script: Script, made: Estimate, unused: Sequence[str] = ()) -> str:
    """The formula, what it is, where its rate comes from, and what was said and not used."""
    lines = []
    if made.capped:
        lines.append(f"The script states no more than {_percent(made.maximum)}, so I estimate at that.")
    at_most = "At most: " if made.rate in (None, made.maximum) else ""
    lines.append(f"{at_most}{formula(made)}.")
    if made.period is None:
        lines.append("(For the same period as your spend: say “a month” or “a year” to name it.)")
    if unused:
        lines.append(f"I did not use {', '.join(unused)}.")
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
