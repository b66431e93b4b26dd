"""Savings: the script's slider. What a spend could save at most, or at a rate, computed here, its formula shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from bot import shelf as scripts
from bot.activities import Heard, script_meant
from bot.intents.amounts import read_spend
from bot.intents.estimates import Estimate, Spend, estimate, formula
from bot.reply import Choice, Choices, Field, Form, Part, Reply, Sources, Text
from knowledge.provenance import stated
from knowledge.script import Script

if TYPE_CHECKING:
    from bot.shelf import Shelf

STEP = Decimal("0.05")
SAYS = "estimate savings"
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
        return _reply(script, spend)


def _spend(heard: Heard) -> Spend:
    """What the words name; what they leave out as it was said last ("and at 10%?", "per year")."""
    said = heard.intent.value if isinstance(heard.intent.value, Spend) else Spend()
    if said.amount is not None or said.problem or said == Spend() or heard.scene.before != "savings_estimate":
        return said
    told = Spend()
    for message in heard.scene.history:
        if message.role == "user" and (spend := read_spend(message.content)).problem is None:
            told = spend if spend.amount is not None else _with(told, spend)
    return _with(told, said)


def _with(told: Spend, said: Spend) -> Spend:
    """What was told, with what is said anew in its place."""
    return replace(
        told,
        period=said.period or told.period,
        currency=said.currency or told.currency,
        rate=said.rate if said.rate is not None else told.rate,
    )


def _reply(script: Script, spend: Spend) -> Reply:
    held = scripts.slider(script)
    assert held is not None
    section, own = held
    maximum = Decimal(str(own.maximum or 0))
    source = Sources((scripts.source(script, section), scripts.note(script, "Statistics")))
    if spend.problem:
        return Reply(
            (Text(spend.problem), Choices((Choice("Fill in a form", opens=form(maximum)),))), "savings_estimate"
        )
    if spend.amount is None:
        kept = f"At {_percent(spend.rate)} of what? " if spend.rate is not None else ""
        return Reply(
            (Text(f"{own.text}. {_basis(script, maximum)}"), Text(kept + ASK), *_ways(maximum), source),
            "savings_estimate",
        )
    return Reply((Text(_told(script, estimate(spend, maximum))), _slider(spend, maximum), source), "savings_estimate")


def _told(script: Script, made: Estimate) -> str:
    """The formula, what it is, and where its rate comes from."""
    lines = []
    if made.capped:
        lines.append(f"The script states no more than {_percent(made.maximum)}, so I estimate at that.")
    at_most = "At most: " if made.rate in (None, made.maximum) else ""
    lines.append(f"{at_most}{formula(made)}.")
    if made.period is None:
        lines.append("(For the same period as your spend: say “a month” or “a year” to name it.)")
    lines.append(f"An estimate, no promise. {_basis(script, made.maximum)}")
    return "\n".join(lines)


def _basis(script: Script, maximum: Decimal) -> str:
    """The statistic that the slider's end stands on, with what it says of its origin."""
    percent = _percent(maximum).removesuffix("%")
    found = [line for line in script.statistics if f"up to {percent}" in line.casefold()]
    return "The video says: " + " ".join(stated(found[:1])) if found else ""


def _slider(spend: Spend, maximum: Decimal) -> Choices:
    """The slider as steps to press, from 0 to the maximum, and a form for any other rate."""
    steps = [STEP * place for place in range(int(maximum / STEP) + 1)]
    words = [f"{spend.amount:f}", *filter(None, (spend.period, spend.currency))]
    choices = tuple(Choice(_percent(step), f"savings {' '.join(words)} {_percent(step)}") for step in steps)
    return Choices((*choices, Choice("Other numbers", opens=form(maximum))))


def _ways(maximum: Decimal) -> tuple[Part, ...]:
    return (Choices((Choice("Fill in a form", opens=form(maximum)),)),)


def form(maximum: Decimal) -> Form:
    """Spend, period, currency and rate, each in a field of its own."""
    fields = (
        Field("spend", "Spend", "for example 80000 or 80k"),
        Field("period", "Period", required=False, options=("month", "year")),
        Field("currency", "Currency", "for example EUR", required=False),
        Field(
            "rate", "Rate in percent", f"0 to {_percent(maximum).removesuffix('%')}; empty for the most", required=False
        ),
    )
    return Form(SAYS, "Estimate savings", fields, check)


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
