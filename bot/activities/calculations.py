"""Calculations: a formula of the handbook with the figures that were said, its working shown; or by a form."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal, DivisionByZero, InvalidOperation, localcontext
from functools import partial
from typing import TYPE_CHECKING

from bot.activities import Heard
from bot.formulas import DIGITS, EACH, SECONDS, Calculation, Figure, Formula, Input, Result, formulas
from bot.formulas.product import TITLE, Factor, Product, Total, total
from bot.intents import Name, sayings
from bot.intents.amounts.estimates import money
from bot.intents.amounts.figures import convert, problem_of, same_period
from bot.intents.amounts.told_calculations import read_field
from bot.intents.amounts.written import a_period, exact_money, exactly, rounded
from bot.markup.marks import as_written
from bot.reply import Choice, Choices, Field, Form, Reply, Sources, Text
from knowledge.answer import Source

if TYPE_CHECKING:
    from bot.store.records import Records

NAME: Name = "calculate"


class Calculations:
    """Takes requests for a calculation."""

    async def take(self, heard: Heard) -> Reply | None:
        """What it comes to, or a question for what is missing."""
        if heard.intent.name != NAME:
            return None
        picked = formulas().get(heard.pick.script or "")
        if picked is not None:
            return _reply(picked, read_form(picked, heard.turn.fields))
        if isinstance(heard.intent.value, Product):
            return Reply((Text(_multiplied(heard.intent.value)),), NAME, private=True, continues=True)
        asked = heard.intent.value if isinstance(heard.intent.value, Calculation) else Calculation()
        formula = formulas().get(asked.formula or "")
        return _offer() if formula is None else _reply(formula, asked)

    def form(self, heard: Heard, records: Records) -> Form | None:
        """The form of the formula that it names."""
        picked = formulas().get(heard.pick.script or "")
        return form(picked) if heard.intent.name == NAME and picked else None


def _offer() -> Reply:
    # One for each section of the handbook: what it explains can be taken in several ways.
    sections = {(one.topic, one.heading): one for one in reversed([*formulas().values()])}
    titles = "\n".join(f"- {one.title}" for one in reversed([*sections.values()]))
    examples = (
        "Tell me the figures in one line, for example “2,000 tokens in at $3 and 500 out at $15, what do 100,000 "
        "requests cost?”, “8 GPUs at $2.50 an hour, what is that a month?” or “Forecast 80,000, actual 92,000: what is "
        "the variance?”, or what to calculate: “calculate the payback”. I can calculate:"
    )
    return Reply((Text(f"{examples}\n{titles}"),), NAME)


def _reply(formula: Formula, asked: Calculation) -> Reply:
    """The result with its working; where something is missing or wrong, what to say."""
    figures = dict(asked.figures or {})
    fill_in = Choices((Choice("Fill in a form", opens=form(formula)),))
    source = Sources((Source(f"Handbook: {formula.topic_title}", formula.heading, None, None),))
    missing = formula.missing(figures)
    taken = _taken(formula, figures)
    if asked.unused:
        taken = "\n".join(filter(None, (taken, f"I did not use {', '.join(asked.unused)}.")))
    if asked.problem or missing:
        said = asked.problem or f"For that I still need: {_listed(missing)}."
        told = "\n".join(filter(None, (formula.title, said, taken)))
        return Reply((Text(told), fill_in, source), NAME, private=True, continues=True)
    try:
        told = _told(formula, figures, taken)
    except (DivisionByZero, InvalidOperation):
        told = f"{formula.title}\nWith these figures there is nothing to divide by: change one of them.\n{taken}"
    return Reply((Text(told), fill_in, source), NAME, private=True, continues=True)


def _told(formula: Formula, figures: Mapping[str, Figure], taken: str) -> str:
    """The results with their working, what was assumed and what was taken. Raises decimal's errors of division."""
    defaults = [one for one in formula.inputs if one.name not in figures and one.default is not None]
    whole = {**figures, **{one.name: Figure(one.default) for one in defaults if one.default is not None}}
    lines = (formula.title, *_results(formula, whole), *_assumed(formula, figures, defaults), taken)
    return "\n".join(lines)


# --- Results and their working ---


def _results(formula: Formula, figures: Mapping[str, Figure]) -> Iterable[str]:
    """Each result with its working, then the formulas; where a figure has several values, for each of them."""
    several = next((one for one in formula.inputs if not one.listed and _parts(figures, one)), None)
    if several is not None:
        for value in figures[several.name].parts:
            own = replace(figures[several.name], value=value, parts=())
            yield f"With {several.label} {_exactly(several, own, own.currency)}:"
            yield from list(_results(formula, {**figures, several.name: own}))[:-1]
        yield list(_results(formula, {**figures, several.name: own}))[-1]
        return
    currency = next((one.currency for one in figures.values() if one.currency), None)
    labels = {one.name: one.label for one in formula.inputs}
    said = []
    for result in formula.results:
        if not result.expression.names - {EACH} <= set(figures):
            continue
        listed = next((one for one in formula.inputs if one.listed and EACH in result.expression.names), None)
        if listed is None:
            yield _worked(result, formula, figures, currency)
        else:
            labels = labels | {EACH: "own figure", listed.name: f"sum of the {listed.label}"}
            yield from _each(result, formula, figures, figures[listed.name], currency)
        said.append(f"{_lower(result.label)} = {result.expression.told(labels)}")
    yield f"Formula: {'; '.join(said)}"


def _parts(figures: Mapping[str, Figure], one: Input) -> tuple[Decimal, ...]:
    return figures[one.name].parts if one.name in figures else ()


def _worked(result: Result, formula: Formula, figures: Mapping[str, Figure], currency: str | None) -> str:
    """What an expression comes to, with its figures."""
    said = {name: _written(formula.input(name), one, currency) for name, one in figures.items()}
    value = result.expression.value({name: one.value for name, one in figures.items()})
    period = figures[result.period].period if result.period and result.period in figures else None
    told = f"{result.label}: {rounded(value, result.unit, currency)}{result.suffix}{a_period(period)}"
    told = f"{told} = {result.expression.told(said)}"
    if period not in ("hour", "day", "week"):
        return told
    month, note = convert(value, period, "month")
    return f"{told}; {rounded(month, result.unit, currency)} a month{f' ({_lower(note[:-1])})' if note else ''}"


def _each(
    result: Result, formula: Formula, figures: Mapping[str, Figure], listed: Figure, currency: str | None
) -> Iterable[str]:
    """A line for each figure of a list; cents that rounding takes or gives go where they are missed most."""
    values = {name: one.value for name, one in figures.items()}
    cents = _in_cents([result.expression.value({**values, EACH: part}) for part in listed.parts])
    said = {name: _written(formula.input(name), one, currency) for name, one in figures.items()}
    for part, name, share in zip(listed.parts, listed.names, cents, strict=True):
        worked = result.expression.told({**said, EACH: exactly(part)})
        yield f"- {f'{as_written(name)}: ' if name else ''}{money(share, currency)} = {worked}"


def _in_cents(exact: list[Decimal]) -> list[Decimal]:
    """Amounts in whole cents that add up to what the exact ones do (largest rest)."""
    with localcontext(prec=DIGITS):
        whole = [int(one * 100) for one in exact]
        missing = int((sum(exact, Decimal(0)) * 100).to_integral_value()) - sum(whole)
        order = sorted(range(len(exact)), key=lambda place: whole[place] - exact[place] * 100)
        for place in order[:missing]:
            whole[place] += 1
        return [Decimal(one) / 100 for one in whole]


def _assumed(formula: Formula, figures: Mapping[str, Figure], defaults: list[Input]) -> Iterable[str]:
    notes = [formula.assumed, *dict.fromkeys(one.note for one in figures.values())]
    if defaults:
        notes.append(f"Not named, so taken as 0: {', '.join(one.label for one in defaults)}.")
    if said := " ".join(filter(None, notes)):
        yield f"Assumed: {said}"


def _taken(formula: Formula, figures: Mapping[str, Figure]) -> str:
    """What was understood, exactly: the next turn goes on from it."""
    currency = next((one.currency for one in figures.values() if one.currency), None)
    items = [
        f"{one.label} {_exactly(one, figures[one.name], currency)}" for one in formula.inputs if one.name in figures
    ]
    return f"Taken: {'; '.join(items)}." if items else ""


def _exactly(one: Input, figure: Figure, currency: str | None) -> str:
    if figure.parts and not one.listed:
        return ", ".join(_exactly(one, replace(figure, value=part, parts=()), currency) for part in figure.parts)
    if figure.parts:
        names = figure.names or ("",) * len(figure.parts)
        return ", ".join(f"{name} {part:,f}".strip() for name, part in zip(names, figure.parts, strict=True))
    return f"{_written(one, figure, currency)}{' per million' if one.basis else ''}{a_period(figure.period)}"


def _written(one: Input, figure: Figure, currency: str | None) -> str:
    """A figure as it was said, not rounded."""
    if one.unit == "percent":
        return f"{exactly(figure.value * 100)}%"
    if one.unit == "money":
        return exact_money(figure.value, currency)
    return exactly(figure.value)


def _lower(words: str) -> str:
    """A sentence or a title as it stands in another one; an abbreviation keeps its capitals."""
    return words if words[1:2].isupper() else words[:1].lower() + words[1:]


def _listed(inputs: Iterable[Input]) -> str:
    return "; ".join(f"{one.label} ({one.hint})" if one.hint else one.label for one in inputs)


# --- A price times a quantity ---


def _multiplied(product: Product) -> str:
    """What a product comes to, with its working, what was assumed, and what was taken, as the next turn reads it."""
    found = total(product)
    assert found is not None  # its units cancel, as it was read
    price = _with_words(exact_money(product.price.value, product.currency), product.price)
    counts = [_with_words(exactly(one.value), one) for one in product.counts]
    less = f"{exactly(product.discount * 100)}%" if product.discount else ""
    worked = " × ".join([*counts, price, *([f"(1 - {less})"] if less else [])]) + _conversion(found)
    cost = f"Cost: {rounded(found.value, 'money', product.currency)}{a_period(found.period)} = {worked}"
    told = [TITLE, *filter(None, (product.problem,)), cost]
    assumed = found.assumed
    if found.period in ("hour", "day", "week") and (month := total(replace(product, period="month"))):
        told[-1] += f"; {rounded(month.value, 'money', product.currency)} a month"
        assumed = month.assumed
    if assumed:
        told.append(f"Assumed: {' '.join(assumed)}")
    wanted = (f"{less} off" if less else "", f"per {product.period}" if product.period else "")
    taken = "; ".join(filter(None, (*counts, f"at {price}", *wanted)))
    told.append(f"Taken: {taken}{' nonstop' if product.nonstop else ''}.")
    return "\n".join([*told, "All figures are yours: I looked up no price."])


def _with_words(figure: str, factor: Factor) -> str:
    return f"{figure}{'' if factor.words.startswith(('/', '%')) else ' '}{factor.words}".rstrip()


def _conversion(found: Total) -> str:
    """By how much one unit of time was turned into another, where it was one."""
    if len(found.converted) != 2:
        return ""
    short, long = found.converted
    times = exactly(Decimal(SECONDS[long]) / SECONDS[short])
    return f" {'×' if found.factor > 1 else '/'} {times} {short}s{a_period(long)}"


# --- The form ---


def form(formula: Formula) -> Form:
    """The form of a formula: a field for each input."""
    fields = tuple(
        Field(one.name, one.label[0].upper() + one.label[1:], one.hint, not one.optional) for one in formula.inputs
    )
    return Form(sayings.show(NAME, formula.name), formula.title, fields, partial(check, formula))


def check(formula: Formula, values: Mapping[str, str]) -> Mapping[str, str]:
    """What is wrong with a filled-in form, by field."""
    return {
        one.name: read
        for one in formula.inputs
        if values.get(one.name, "").strip() and isinstance(read := read_field(one, values[one.name]), str)
    }


def read_form(formula: Formula, values: Mapping[str, str]) -> Calculation:
    """The calculation of a form; its problem is that of the first wrong field, or of all together."""
    read = {one.name: read_field(one, values[one.name]) for one in formula.inputs if values.get(one.name, "").strip()}
    figures = same_period({name: one for name, one in read.items() if isinstance(one, Figure)}, formula)
    wrong = next((one for one in read.values() if isinstance(one, str)), None)
    return Calculation(formula.name, figures, wrong or problem_of(formula, figures))
