"""How much speaks for a figure of a text being an input of a formula: by the words nearest to it, its unit, order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.formulas import EXACT, Formula, Input
from bot.intents.amounts.quantities import BREAKS, ENDS, FIGURE, Quantity, Told, phrase_tokens
from knowledge.words import words_of

# How much speaks for a figure being an input, in points. A label beside it says so plainly; each word between them
# says it less, a comma or "and" far less, and another figure or the end of the sentence hardly. The measure is that of
# `tests/eval/calculations_own.jsonl`, of which one half was not looked at.
BESIDE = 10.0
WORD, SMALL_WORD, BREAK, OTHER_FIGURE, SENTENCE = 1.0, 0.4, 3.0, 6.0, 5.0
LONGER = 0.7  # for each further word of a label: "without the cache" says more than "cache"
WEAK = -4.0  # a label of small words alone: "it was 92,000"
LEAST = 3.0  # less than this labels nothing
PLAINLY = 9.0  # a further figure for an input has its label beside it
CONTRARY = 6.0  # "7 of them were not used": a word for the contrary stands so near at least
PART, IN_ORDER = 6.0, 8.0  # "340 of 400"; "forecast and actual were 80 and 92"
SAME_BASIS, OTHER_BASIS, SAME_PERIOD, OTHER_PERIOD = 2.0, -6.0, 2.0, -4.0
BARE_MONEY, BARE_AMONG_MONEY, BARE_SHARE, BARE_RATIO = -1.0, -5.0, -3.0, -1.0
BARE_OPTIONAL = -3.0  # "12 of them" are no price that need not be said
OF_A_THING, NO_PERIOD = -3.0, -2.0  # "three benefits" are no money
FARTHEST = 14  # words that are looked at on each side

# "10 million input tokens at 2.50": a price belongs to what the figure before "at" counts, a little less plainly than
# to its own label; where a formula has one price only, it is that of whatever is counted. Few things are counted "at".
AT, AT_THE_ONE, COUNT_AT = -1.0, -2.0, -2.0
_AT = frozenset(["at", "for", "@"])
# So many words stand between a count and the "at" of its price.
AT_MOST = 4
_NOT = frozenset(["not", "never", "cannot"])

_SMALL = words_of("is are was were be been at of to a an the for we our i my by with on us as than about")
_OF = frozenset(["of", "within", "a", "the", "our", "all", "those", "total"])
_JOINS = frozenset(["and", ",", "/", "or", "vs", "versus", "against", "to", "then"])


def fits(quantity: Quantity, one: Input) -> bool:
    """Whether a figure can be what an input takes, by its unit; "per thousand requests" asks for a result."""
    said = quantity.unit
    if quantity.asked and not one.asked:
        return False
    match one.unit:
        case "money":
            return said in ("money", "bare")
        case "percent":
            return said in ("percent", "bare")
        case "count":
            return said == "bare"
        case "ratio":
            return said in ("ratio", "bare", "percent")


def points(
    told: Told, formula: Formula, inputs: Sequence[Input]
) -> tuple[list[list[float]], Sequence[Sequence[float]]]:
    """The points of each figure for each input: with those for order, and those of labels alone."""
    labels = [labels_of(told, one) for one in inputs]
    against = [contraries(told, one) for one in inputs]
    has_money = any(one.unit == "money" for one in told.quantities)
    scores = []
    for quantity in told.quantities:
        row = []
        for one, places, contrary in zip(inputs, labels, against, strict=True):
            points = 0.0
            if fits(quantity, one) and not lacks_period(quantity, one):
                points = max((_nearness(told, quantity.place, start, end) for start, end in places), default=0.0)
                points = max(points, _of_price(told, quantity, one, inputs, labels))
                points = 0.0 if is_contrary(told, quantity, contrary, places) else points
            own = any(start == quantity.place + 1 for start, _ in places)
            row.append(points + _of_unit(told, quantity, one, has_money, own) if points > 0 else 0.0)
        scores.append(row)
    plain = [[*row] for row in scores]
    _add_parts(told, formula, inputs, labels, against, scores)
    _add_order(told, formula, inputs, labels, scores, plain)
    return scores, plain


def labels_of(told: Told, one: Input) -> list[tuple[int, int]]:
    """Where the words of an input stand; "not used" does not say "used"."""
    found = [place for phrase in one.words for place in occurrences(told, phrase_tokens(phrase))]
    return [place for place in found if place[1] - place[0] > 1 or not _is_denied(told, place[0])]


def _is_denied(told: Told, start: int) -> bool:
    before = told.tokens[start - 1] if start else ""
    return before in _NOT or before.endswith("n't")


def contraries(told: Told, one: Input) -> list[tuple[int, int]]:
    """Where a word stands that says the contrary of what an input takes: "used", where it takes what is unused."""
    words = [f"{prefix}{word}" for word in one.words if " " not in word for prefix in ("un", "in")]
    words += [word[2:] for word in one.words if word.startswith("un") and word.endswith("ed")]
    opposite = [place for word in words for place in occurrences(told, phrase_tokens(word))]
    own = [place for word in one.words if " " not in word for place in occurrences(told, phrase_tokens(word))]
    return [place for place in opposite if not _is_denied(told, place[0])] + [
        place for place in own if _is_denied(told, place[0])
    ]


def is_contrary(
    told: Told, quantity: Quantity, against: Sequence[tuple[int, int]], labels: Sequence[tuple[int, int]]
) -> bool:
    """Whether a word of those `against` an input stands beside a figure, nearer than its labels."""
    nearest = max((_nearness(told, quantity.place, *place) for place in against), default=0.0)
    own = max((_nearness(told, quantity.place, *place) for place in labels), default=0.0)
    return nearest >= CONTRARY and nearest > own


def _of_price(
    told: Told, quantity: Quantity, one: Input, inputs: Sequence[Input], labels: Sequence[Sequence[tuple[int, int]]]
) -> float:
    """The points of a figure after "at" for a price: those of what is counted before it."""
    if one.unit != "money" or not quantity.place or told.tokens[quantity.place - 1] not in _AT:
        return 0.0
    counted = next((each for each in reversed(told.quantities) if each.place < quantity.place), None)
    if counted is None or counted.unit != "bare":
        return 0.0
    between = told.tokens[counted.place + 1 : quantity.place - 1]
    if len(between) > AT_MOST or not ENDS.isdisjoint(between):
        return 0.0
    own = max((_nearness(told, counted.place, *place) for place in labels[inputs.index(one)]), default=0.0) + AT
    if sum(each.unit == "money" for each in inputs) > 1:
        return own
    counts = [places for each, places in zip(inputs, labels, strict=True) if each.unit == "count"]
    of_any = max((_nearness(told, counted.place, *place) for places in counts for place in places), default=0.0)
    return max(own, of_any + AT_THE_ONE) if of_any >= PLAINLY else own


def _of_unit(told: Told, quantity: Quantity, one: Input, has_money: bool, own: bool) -> float:
    """The points for the unit of a figure, its period and what it is a price for; `own` where a label follows it."""
    points = COUNT_AT if one.unit == "count" and told.tokens[quantity.place - 1 : quantity.place] == ("at",) else 0.0
    if quantity.unit == "bare" and one.unit != "count":
        points += {"percent": BARE_SHARE, "ratio": BARE_RATIO}.get(
            one.unit, BARE_AMONG_MONEY if has_money else BARE_MONEY
        )
        points += BARE_OPTIONAL if one.unit == "money" and one.optional else 0.0
        following = told.tokens[quantity.place + 1 : quantity.place + 2]
        if (
            one.unit == "money"
            and not own
            and following
            and following[0][0].isalpha()
            and following[0] not in _SMALL | BREAKS
        ):
            points += OF_A_THING
    if quantity.basis is not None:
        points += SAME_BASIS if one.basis else OTHER_BASIS
    elif quantity.period is not None:
        same = one.period == quantity.period or {one.period, quantity.period} <= EXACT
        points += SAME_PERIOD if same else OTHER_PERIOD if one.basis or one.period else 0.0
    elif one.period is not None:
        points += NO_PERIOD
    return points


def lacks_period(quantity: Quantity, one: Input) -> bool:
    """Whether it is not said for how long a count is that has to be for some time: "1,000 tokens a second"."""
    return one.unit == "count" and one.period is not None and quantity.period is None


def is_count(told: Told, quantity: Quantity) -> bool:
    """Whether a thing follows a figure: "three benefits"."""
    following = told.tokens[quantity.place + 1 : quantity.place + 2]
    return any(token[0].isalpha() and token not in _SMALL | BREAKS for token in following)


def _nearness(told: Told, place: int, start: int, end: int) -> float:
    """The points of a label from `start` to `end` for the figure at `place`."""
    between = told.tokens[end:place] if end <= place else told.tokens[place + 1 : start]
    if len(between) > FARTHEST:
        return 0.0
    weak = WEAK if all(token in _SMALL for token in told.tokens[start:end]) else 0.0
    return BESIDE + LONGER * (end - start - 1) - sum(map(_cost, between)) + weak


def _cost(token: str) -> float:
    if token == FIGURE:
        return OTHER_FIGURE
    if token in ENDS:
        return SENTENCE
    return BREAK if token in BREAKS else SMALL_WORD if token in _SMALL else 0.0 if token == ":" else WORD


def _add_parts(
    told: Told,
    formula: Formula,
    inputs: Sequence[Input],
    labels: Sequence[Sequence[tuple[int, int]]],
    against: Sequence[Sequence[tuple[int, int]]],
    scores: list[list[float]],
) -> None:
    """ "340 of 400": the first is a part of the second."""
    names = [one.name for one in inputs]
    for number in range(len(told.quantities) - 1):
        one, other = told.quantities[number : number + 2]
        between = told.tokens[one.place + 1 : other.place]
        if "of" not in between[:3] or not set(between[1:]) <= _OF:
            continue
        for part, whole in formula.within:
            if part not in names or whole not in names:
                continue
            # "60 of 400 seats unassigned": what follows both is said of the part, and contradicts either.
            opposite = [*against[names.index(part)], *against[names.index(whole)]]
            own = labels[names.index(part)]
            if not any(is_contrary(told, each, opposite, own) for each in (one, other)):
                scores[number][names.index(part)] += PART
                scores[number + 1][names.index(whole)] += PART


def _add_order(
    told: Told,
    formula: Formula,
    inputs: Sequence[Input],
    labels: Sequence[Sequence[tuple[int, int]]],
    scores: list[list[float]],
    plain: list[list[float]],
) -> None:
    """ "Forecast and actual were 80 and 92": two figures side by side, in the order of the two labels before them."""
    start = 0
    for number in range(len(told.quantities) - 1):
        one, other = told.quantities[number : number + 2]
        # "At 2.50 and 2 million output": a price, and a count.
        is_price = one.unit == "bare" and told.tokens[one.place - 1 : one.place] == ("at",)
        if is_price or one.unit != other.unit or not set(told.tokens[one.place + 1 : other.place]) <= _JOINS:
            start = one.place + 1
            continue
        said = sorted(
            (max(places), column)
            for column, spans in enumerate(labels)
            if fits(one, inputs[column])
            and (places := [place for place, end in spans if start <= place and end <= one.place])
        )
        columns = [column for _, column in said]
        kind = [column for column, each in enumerate(inputs) if each.unit == _unit(one) and not each.optional]
        if len({place for place, _ in said}) == 2 and len(columns) == 2:
            pair = columns
            # The labels are said, though not beside the figures.
            for place, column in zip((number, number + 1), pair, strict=True):
                plain[place][column] = max(plain[place][column], IN_ORDER)
        elif formula.paired and len(kind) == 2 and (len(columns) != 1 or not _after(told, other.place, labels)):
            pair = kind
        else:
            start = one.place + 1
            continue
        scores[number][pair[0]] += IN_ORDER
        scores[number + 1][pair[1]] += IN_ORDER
        start = one.place + 1


def _after(told: Told, place: int, labels: Sequence[Sequence[tuple[int, int]]]) -> bool:
    """Whether a label follows the figure at `place` at once: then each of two has its own."""
    return any(start == place + 1 for spans in labels for start, _ in spans)


def _unit(quantity: Quantity) -> str:
    return "count" if quantity.unit == "bare" else quantity.unit


def occurrences(told: Told, tokens: tuple[str, ...]) -> Iterator[tuple[int, int]]:
    """Where a phrase begins and ends among the tokens of a text."""
    size = len(tokens)
    if tokens[0] not in told.tokens:
        return
    for start, token in enumerate(told.tokens):
        if token == tokens[0] and told.tokens[start : start + size] == tokens:
            yield start, start + size
