"""Which figure of a text is which input of a formula: by the words that stand nearest, by units, by order."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.formulas import Formula, Input
from bot.intents.amounts.nearness import (
    LEAST,
    PLAINLY,
    contraries,
    fits,
    is_contrary,
    is_count,
    labels_of,
    lacks_period,
    occurrences,
    points,
)
from bot.intents.amounts.quantities import BREAKS, ENDS, FIGURE, Quantity, Told, phrase_tokens


@dataclass(frozen=True)
class Assigned:
    """The figures by input; `labelled` are the inputs that words name, `left` the figures that are none of them.

    So many `others` are further figures for an input that has one: "in FP16 and in INT4".
    """

    figures: Mapping[str, tuple[Quantity, ...]]
    labelled: frozenset[str]
    left: tuple[Quantity, ...]
    score: float
    others: int = 0


def named(told: Told, phrases: Sequence[str]) -> int:
    """The words of the longest of `phrases` in a text; 0 where none is there."""
    return max(
        (len(tokens) for phrase in phrases if any(occurrences(told, tokens := phrase_tokens(phrase)))), default=0
    )


def assign(told: Told, formula: Formula, taken: frozenset[str] = frozenset()) -> Assigned:
    """What each figure is for a formula, all together as well as can be; none for what is `taken` already."""
    inputs = [one for one in formula.inputs if one.name not in taken and not one.listed]
    scores, plain = points(told, formula, inputs)
    chosen = _best(scores, len(inputs))
    figures: dict[str, tuple[Quantity, ...]] = {
        inputs[place].name: (told.quantities[number],) for number, place in chosen
    }
    labelled = frozenset(inputs[place].name for number, place in chosen if plain[number][place] >= LEAST)
    used = {number for number, _ in chosen}
    left = [one for number, one in enumerate(told.quantities) if number not in used and not one.asked]
    for one in _by_unit(told, formula, figures, left, taken):
        figures[one[0].name] = (one[1],)
        left.remove(one[1])
    for listed in (one for one in formula.inputs if one.listed and one.name not in taken):
        among = _among(told, left, listed)
        if len(members := _members([one for one in left if one not in among])) > 1:
            figures[listed.name] = members
            # How many share is said, and needs no use where it is so many.
            left = [one for one in among if one.value != len(members)]
    others = 0
    for number, quantity in enumerate(told.quantities):
        columns = [place for place, nearest in enumerate(plain[number]) if nearest >= PLAINLY]
        if quantity in left and len(columns) == 1 and (name := inputs[columns[0]].name) in labelled:
            figures[name] = (*figures[name], quantity)
            left.remove(quantity)
            others += 1
    score = sum(plain[number][place] for number, place in chosen)
    return Assigned(figures, labelled, tuple(left), score, others)


def _among(told: Told, left: Sequence[Quantity], listed: Input) -> list[Quantity]:
    """The figures that say how many share, and are no shares: "3 teams"; "10, 20 and 15 people" are."""
    words = {phrase_tokens(word)[0] for word in listed.among}
    listed_on = [
        one
        for before, one in pairwise(told.quantities)
        if (between := told.tokens[before.place + 1 : one.place]) and {*between} <= {",", "and"}
    ]
    counting = [one for one in left if not words.isdisjoint(told.tokens[one.place + 1 : one.place + 2])]
    return [one for one in counting if one not in listed_on]


def _members(left: Sequence[Quantity]) -> tuple[Quantity, ...]:
    """The figures of a list: all shares, or all counts; how many there are is none of them."""
    shares = [one for one in left if one.unit == "percent"]
    counts = [one for one in left if one.unit == "bare"]
    if len(counts) > 2 and counts[0].value == len(counts) - 1:
        counts = counts[1:]
    return tuple(shares if len(shares) > 1 else counts)


def _by_unit(
    told: Told,
    formula: Formula,
    figures: Mapping[str, Sequence[Quantity]],
    left: Sequence[Quantity],
    taken: frozenset[str],
) -> Iterator[tuple[Input, Quantity]]:
    """What can be meant by its unit alone: one input that lacks, one figure of that unit."""
    lacking = [
        one
        for one in formula.inputs
        if one.name not in figures and one.name not in taken and not one.listed and not one.optional
    ]
    has_money = any(one.unit == "money" for one in told.quantities)
    # "20k on GPUs and 5k on storage": where one bare figure is money, another may be, and counts nothing for sure.
    money_names = {one.name for one in formula.inputs if one.unit == "money"}
    bare_money = any(one.unit == "bare" for name in money_names & figures.keys() for one in figures[name])
    for one in lacking:
        against, labels = contraries(told, one), labels_of(told, one)
        possible = [
            quantity
            for quantity in left
            if not (one.basis and quantity.period)
            and not lacks_period(quantity, one)
            and not is_contrary(told, quantity, against, labels)
        ]
        fitting = [quantity for quantity in possible if quantity.unit == one.unit] or [
            quantity
            for quantity in possible
            if quantity.unit == "bare"
            and fits(quantity, one)
            and (not bare_money if one.unit == "count" else not (has_money or is_count(told, quantity)))
        ]
        rivals = [each for each in formula.inputs if each.unit == one.unit and not each.optional and not each.listed]
        if len(fitting) == 1 and len(rivals) == 1 and sum(fits(fitting[0], other) for other in lacking) == 1:
            yield one, fitting[0]


def _best(scores: Sequence[Sequence[float]], count: int) -> list[tuple[int, int]]:
    """The pairs of figure and input with the most points together, each used once; pairs below LEAST are none."""
    # By the set of inputs that are used: the points, and the pairs.
    best: dict[int, tuple[float, tuple[tuple[int, int], ...]]] = {0: (0.0, ())}
    for number, row in enumerate(scores):
        after = defaultdict(lambda: (-1.0, ()), best)
        for used, (total, pairs) in best.items():
            for place in range(count):
                bit = 1 << place
                if not used & bit and row[place] >= LEAST and total + row[place] > after[used | bit][0]:
                    after[used | bit] = (total + row[place], (*pairs, (number, place)))
        best = dict(after)
    return list(max(best.values(), key=lambda one: one[0])[1])


def names_of(told: Told, quantities: Sequence[Quantity]) -> tuple[str, ...]:
    """What each figure of a list belongs to, by the capital or last word before it, or else the words behind it.

    What stands before the first alone leads to the list, and is no name.
    """
    names = tuple(_name(told, one) for one in quantities)
    return names if any(names[1:]) else ("",) * len(names)


_NO_NAME = re.compile(
    r"uses?|used|is|has|have|sends?|sent|with|by|for|in|at|of|split|between|and|tokens?|the|to|consumes?|consumed|shares?"
    r"|hours?|requests?|a(?=$)|proportion|usage|use|ratio|it|gets?|had|was|were|on",
    re.I,
)


def _name(told: Told, quantity: Quantity) -> str:
    before: list[str] = []
    for word in reversed(told.written[max(0, quantity.place - 5) : quantity.place]):
        if word == FIGURE or word in ENDS or word in BREAKS or word == ":":
            if before or word != ":":
                break
            continue
        before.insert(0, word)
    kept = [word for word in before if word == "A" or not _NO_NAME.fullmatch(word)]
    return " ".join(kept[-2:])
