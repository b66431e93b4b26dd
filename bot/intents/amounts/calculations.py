"""Calculations that people ask for: which formula they mean, and with which figures."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise

from bot.formulas import Calculation, Figure, Formula, Input, formulas
from bot.formulas.product import Product
from bot.intents.amounts.assigning import Assigned, assign, named
from bot.intents.amounts.changed_products import changed_product
from bot.intents.amounts.figures import as_said, figure, first_problem, problem_of, same_period
from bot.intents.amounts.nearness import fits
from bot.intents.amounts.numbers import in_digits
from bot.intents.amounts.periods import converted, span
from bot.intents.amounts.products import read_product
from bot.intents.amounts.quantities import Quantity, Told, phrase_tokens, read_quantities
from bot.intents.amounts.relative import relative, scaled
from bot.intents.amounts.told_calculations import ASKS_ANEW, CHANGES, not_understood, read_told
from knowledge.question import asks
from knowledge.words import words, words_of

# So many words go on with a calculation, and do not begin something else.
SHORT = 14
# "Calculate our PUE": one word names a formula where so few are said.
BRIEF = 4
# With more figures it is a table or noise; the longest list of shares that people say has about a dozen.
MOST_FIGURES = 30
# So many points a figure, on average, where all that is needed is said; and where something is not, or no formula is
# named: then labels stand beside the figures.
PLAIN, SURE = 5.0, 7.5

_WISH = re.compile(
    r"(?:\W|\b(?:please|pls|hey|hi|hello|ok|can|could|would|will|you|i|we|want|need|like|to|let's|lets|help|me|us|now"
    r"|and|then)\b)*+\b(?:calculat(?:e|or)|compute|work out|do the (?:math|maths|sums?))\b",
    re.I,
)
# "Calculator", "what can you calculate?": words of which one is to calculate, and none says what.
_ANYTHING = words_of("a the your open show please something for me what can you do with which formula formulas things")
_CALCULATES = words_of("calculate calculator calculators calculation calculations")
# "How is it calculated?" asks for the way, not for a figure.
_ASKS_THE_WAY = re.compile(
    r"\bhow (?:is|are|do|does|would|should|can) .{0,80}?(?:calculate|compute|measure|work(?:s|ed)? out|define)"
    r"|\b(?:what|which) (?:is|are|was)? ?(?:the )?(?:formula|definition)|\b(?:why|explain|difference between|mean)\b",
    re.I,
)
# "How should we share that?" asks what to do.
_ASKS_ADVICE = re.compile(
    r"\b(?:should (?:we|i|you|one|they)|(?:what|how|who) should|what (?:to do|now)|how do i raise)\b", re.I
)
_NUMBER_WORD = re.compile(
    r"\b(?:two|three|four|five|six|seven|eight|nine|ten|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred"
    r"|thousand|million|billion|half|nan|infinity)\b",
    re.I,
)
# With one of these a bare number may be money.
_PAID = re.compile(r"\b(?:costs?|pay|paid|spend|spent|bills?|price|much)\b", re.I)
# "Every day for 30 days": how often within which time.
_EVERY = re.compile(r"\b(?:every|each|per|an?|once an?) (?P<each>day|week|month|quarter|year)\b", re.I)


def read_calculation(text: str, before: str | None = None, told: str = "") -> Calculation | Product | None:
    """The calculation that `text` asks for, in a talk in which `before` was done last and `told` was said; None where
    it plainly asks for none: then it is a question like any other. Figures whose units cancel are multiplied, whatever
    formula they might fit.
    """
    going_on = before == "calculate"
    has_figure = re.search(r"\d", text) is not None or _NUMBER_WORD.search(text) is not None
    if not has_figure and not _WISH.match(text) and not going_on:
        return None
    if (said_words := frozenset(words(text))) & _CALCULATES and said_words <= _CALCULATES | _ANYTHING:
        return Calculation()
    asks_else = _ASKS_THE_WAY.search(text) or _ASKS_ADVICE.search(text)
    if not asks_else and (product := read_product(text) or (changed_product(text, told) if going_on else None)):
        return product
    said = read_quantities(text)
    if len(said.quantities) > MOST_FIGURES:
        return None
    found = _asked(text, said)
    if not asks_else and (found is None or found.lacks) and (each := _of_one(text, said)):
        return each
    if found:
        return _made(found.formula, said, found.assigned)
    return (_gone_on(text, said, told) or not_understood(text, told)) if going_on else None


def _of_one(text: str, said: Told) -> Calculation | None:
    """What one of several costs, where it is asked for by the word that they are counted in: "20k a month for 50 seats:
    how much per seat?"; None where that is not so.
    """
    if len(said.quantities) != 2 or any(one.asked or not one.value.is_finite() for one in said.quantities):
        return None
    wanted = {other for one, other in pairwise(said.tokens) if one in ("per", "one", "each")}
    counted = [one for one in said.quantities if one.unit == "bare" and wanted & {*said.tokens[one.place + 1 :][:1]}]
    paid = ("money", "bare") if _PAID.search(text) else ("money",)
    others = [one for one in said.quantities if one not in counted and one.unit in paid]
    if len(counted) != 1 or len(others) != 1 or said.tokens[max(0, others[0].place - 1)] == "at":
        return None
    figures = {"cost": (others[0],), "units": (counted[0],)}
    return _made(formulas()["unit-cost"], said, Assigned(figures, frozenset(figures), (), 0.0))


@dataclass(frozen=True)
class _Candidate:
    """A formula that a text may mean: how many words of it name the formula, and which figures it would take."""

    formula: Formula
    called: int
    assigned: Assigned

    @property
    def lacks(self) -> int:
        return len([one for one in self.formula.inputs if not one.optional and one.name not in self.assigned.figures])

    @property
    def rank(self) -> tuple[object, ...]:
        """What it is preferred by: all that was said is used, nothing lacks, it is named, its words fit best."""
        unused = len(self.assigned.left) + self.assigned.others
        if not self.assigned.figures:
            return (0, -unused, self.called, 0, 0.0)
        return (-(unused + self.lacks), -unused, self.called, len(self.assigned.labelled), self.assigned.score)


def _asked(text: str, said: Told) -> _Candidate | None:
    """The formula that is plainly asked for, with its figures."""
    wish = _WISH.match(text) is not None
    called = {one.name: named(said, one.called) for one in formulas().values()}
    unnamed = said.quantities and (wish or not asks(text))
    candidates = [
        _Candidate(one, called[one.name], assign(said, one))
        for one in formulas().values()
        if called[one.name] or unnamed
    ]
    plain = [one for one in candidates if _is_plain(one, said, text, wish)]
    return max(plain, key=lambda one: one.rank, default=None)


def _is_plain(one: _Candidate, said: Told, text: str, wish: bool) -> bool:
    """Whether a text asks for that, and for nothing else."""
    filled, labelled, left = len(one.assigned.figures), len(one.assigned.labelled), len(one.assigned.left)
    needed = len([each for each in one.formula.inputs if not each.optional])
    if not said.quantities:
        return wish and one.called > 0 and len(words(text)) <= SHORT and (one.called > 1 or len(words(text)) <= BRIEF)
    if (_ASKS_THE_WAY.search(text) and one.lacks) or (_ASKS_ADVICE.search(text) and not wish):
        return False
    if wish and one.called and one.lacks and filled and labelled == filled and not left:
        return True
    if not one.called:
        # Figures that stand for themselves: "Forecast 80,000, actual 92,000."
        sure = one.assigned.score >= SURE * filled
        enough = labelled == filled > 1 and (not one.lacks or (one.lacks == 1 and filled > 2))
        return enough and not left and sure and (wish or not asks(text))
    if not one.lacks:
        enough = labelled >= min(needed, 2) - (filled > labelled) and labelled > 0
        return enough and left <= 1 and one.assigned.score >= PLAIN * labelled
    sure = one.assigned.score >= SURE * filled and (one.lacks == 1 or one.called > 1 or filled > one.lacks)
    return filled > 1 and labelled == filled and sure and not left


def _made(formula: Formula, said: Told, assigned: Assigned, known: Mapping[str, Figure] | None = None) -> Calculation:
    """The calculation with these figures, and what is wrong with one of them."""
    made = {name: figure(formula.input(name), quantities, said) for name, quantities in assigned.figures.items()}
    sound = {**(known or {}), **{name: one for name, one in made.items() if isinstance(one, Figure)}}
    ordered = {one.name: sound[one.name] for one in formula.inputs if one.name in sound}
    ordered = dict(same_period(ordered, formula))
    problem = first_problem(made.values()) or problem_of(formula, ordered)
    return Calculation(formula.name, ordered, problem, tuple(map(as_said, assigned.left)))


# --- What goes on with the calculation before ---


def _gone_on(text: str, said: Told, told: str) -> Calculation | None:
    """The calculation before, with what is said now; None where the words begin something else."""
    times, factor = _times(text), relative(in_digits(text))
    if len(words(text)) > SHORT or ASKS_ANEW.match(text) or not (said.quantities or times or factor):
        return None
    held = read_told(told)
    if held is None:
        return None
    formula, known = held
    lacking = formula.missing(known)
    often = next((one.name for one in formula.inputs if one.optional and one.asked), None)
    if not lacking and often and times:
        before = known[often].value if often in known else Decimal(1)
        return _made(formula, said, Assigned({}, frozenset(), (), 0.0), {**known, often: Figure(before * times)})
    if factor and (changed := _scaled(factor[0], said, formula, known)):
        return _made(formula, said, Assigned({}, frozenset(), (), 0.0), {**known, **changed})
    if not lacking and not CHANGES.match(text) and len(words(text)) > BRIEF:
        return None
    assigned = assign(said, formula)
    figures = dict(assigned.figures) if set(assigned.labelled) == set(assigned.figures) else {}
    left = [one for one in said.quantities if (one,) not in figures.values()]
    open_inputs = [one for one in lacking if one.name not in figures] or (
        [] if lacking else [one for one in formula.inputs if not one.listed]
    )
    if left and lacking and len(left) < len(open_inputs) and len(words(text)) <= BRIEF:
        if not (taken := _in_turn(left, open_inputs)):
            return None
        figures |= taken
    elif left and lacking and len(open_inputs) == len(left):
        figures |= {one.name: (quantity,) for one, quantity in zip(open_inputs, left, strict=True)}
    elif left and len(open_inputs) == 1 and open_inputs[0].listed:
        figures[open_inputs[0].name] = tuple(left)
    elif len(left) == 1 and len(fitting := [one for one in open_inputs if _is_of(left[0], one.unit)]) == 1:
        figures[fitting[0].name] = (left[0],)
    elif left:
        return None
    if not all(all(fits(one, formula.input(name)) for one in quantities) for name, quantities in figures.items()):
        return None
    # Prices that are told anew may be in another currency: then all are.
    return _made(formula, said, replace(assigned, figures=figures, left=()), known)


def _scaled(factor: Decimal, said: Told, formula: Formula, known: Mapping[str, Figure]) -> dict[str, Figure]:
    """The one input that is named, so many times as large: "twice as many input tokens"; {} where none is, or two."""
    labels = {one.name: {*phrase_tokens(one.label)} for one in formula.inputs if one.name in known}
    called = {name: len(label) for name, label in labels.items() if label <= {*said.tokens}}
    named = [name for name, size in called.items() if size == max(called.values())]
    if len(named) != 1:
        return {}
    figure = known[named[0]]
    parts = tuple(one * factor for one in figure.parts)
    return {named[0]: replace(figure, value=(figure.value * factor).normalize(), parts=parts)}


def _times(text: str) -> Decimal | None:
    """How often that is to be which was calculated: twice, every day for 30 days; None where nothing says it."""
    plain = in_digits(text)
    every, over = _EVERY.search(plain), span(plain)
    if every and over:
        return converted(Decimal(1), every["each"].lower(), over)
    return scaled(plain)


def _in_turn(left: Sequence[Quantity], lacking: Sequence[Input]) -> dict[str, tuple[Quantity, ...]]:
    """Figures that are said one after the other, for the inputs that were asked for; none where one fits nowhere."""
    taken: dict[str, tuple[Quantity, ...]] = {}
    for quantity in left:
        free = [one for one in lacking if one.name not in taken and fits(quantity, one)]
        first = next((one for one in free if quantity.unit == one.unit), None) or next(iter(free), None)
        if first is None:
            return {}
        taken[first.name] = (quantity,)
    return taken


def _is_of(quantity: Quantity, unit: str) -> bool:
    return quantity.unit == unit or (quantity.unit == "bare" and unit == "count")
