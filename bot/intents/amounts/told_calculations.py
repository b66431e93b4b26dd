"""The calculation that was told last, as its reply says it, and what of the words after it is not understood."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from bot.formulas import Calculation, Figure, Formula, Input, formulas
from bot.formulas.product import Product
from bot.intents.amounts.changed_products import CHANGING, SHORT, TAKEN, told_product
from bot.intents.amounts.figures import figure
from bot.intents.amounts.nearness import fits
from bot.intents.amounts.numbers import in_digits
from bot.intents.amounts.products import ALTERS
from bot.intents.amounts.quantities import read_quantities, time_named
from bot.intents.amounts.relative import AROUND, relative
from knowledge.words import FUNCTION_WORDS, stem, words

NOT_UNDERSTOOD = (
    "I could not tell what that changes, so nothing is changed. Say the figure with what it is of, for example “with 4 "
    "of them”, “at $2”, “20% less” or “per week”."
)
# So many words that are not of the calculation make it something else.
OTHERS = 1

# The stems of what may be said around a change, and says nothing of what it is of.
_SAID_ANYHOW = frozenset(map(stem, FUNCTION_WORDS | AROUND | CHANGING))
_TITLE = re.compile(r"^(?P<title>[^\n]{1,80})$", re.M)
# "What about 10%?" goes on with a calculation; "do caches save 30%?" does not.
ASKS_ANEW = re.compile(
    r"(?:\W|\b(?:and|so|but|ok)\b)*+\b(?:who|when|where|which|why|how (?!about|much|many)"
    r"|what (?!about|if|would|at|in|for|is it)|do|does|did|is|are|was|were|has|have|show|start|quiz|tell)\b",
    re.I,
)
# Where nothing is missing, only this changes a figure: "and at 10%?", "what if it were 60,000?"
CHANGES = re.compile(
    r"\W*(?:and|or|but|now|instead|what (?:about|if|would)|how about|at|with|for|if|make|say|try|to|then|ok)\b", re.I
)


def not_understood(text: str, told: str) -> Calculation | Product | None:
    """The calculation that was `told` last, to be asked what `text` changes of it; None where that is of something
    else.
    """
    scale = relative(in_digits(text))
    if len(words(text)) > SHORT or ASKS_ANEW.match(text) or not (scale or CHANGES.match(text)):
        return None
    alters = ALTERS.search(text)
    said = read_quantities(ALTERS.sub(" ", text))
    timed = any(time_named(word) for word in words(text))
    of_it = {stem(word) for match in TAKEN.finditer(told) for word in words(match["taken"])}
    spoken = {word for word in said.tokens if word[0].isalpha() and not time_named(word)}
    others = spoken - of_it - _SAID_ANYHOW
    if not (scale or said.quantities or timed or alters) or len(others) > OTHERS:
        return None
    if product := told_product(told):
        return replace(product, problem=NOT_UNDERSTOOD)
    held = read_told(told)
    return Calculation(held[0].name, held[1], NOT_UNDERSTOOD) if held else None


def read_told(told: str) -> tuple[Formula, Mapping[str, Figure]] | None:
    """The formula and the figures of the reply before, as it says them; None where it says none."""
    titles = {one.title: one for one in formulas().values()}
    formula = next((titles[match["title"]] for match in _TITLE.finditer(told) if match["title"] in titles), None)
    if formula is None:
        return None
    taken = TAKEN.search(told)
    return formula, dict(_items(formula, taken["taken"])) if taken else {}


def _items(formula: Formula, taken: str) -> Iterator[tuple[str, Figure]]:
    for item in taken.split("; "):
        one = max(
            (one for one in formula.inputs if item.startswith(f"{one.label} ")),
            key=lambda one: len(one.label),
            default=None,
        )
        if one is None:
            continue
        if isinstance(read := read_field(one, item.removeprefix(f"{one.label} "), several=True), Figure):
            yield one.name, read


def read_field(one: Input, words: str, several: bool = False) -> Figure | str:
    """What `words` give for an input, and nothing else; or what is wrong with them, in one sentence.

    Only where it may have `several` values, or is a list, are several figures right.
    """
    said = read_quantities(words)
    fitting = [quantity for quantity in said.quantities if fits(quantity, one)]
    if not fitting or len(fitting) < len(said.quantities) or (len(fitting) > 1 and not (one.listed or several)):
        return f"That is no figure for the {one.label}: give one ({one.hint})."
    return figure(one, fitting, said)
