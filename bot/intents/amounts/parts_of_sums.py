"""Parts of a sum that was said before: "20k on GPUs and 5k on storage" without the storage."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from bot.intents.amounts.estimates import Spend
from bot.intents.amounts.periods import converted, period_named
from bot.intents.amounts.spending import money_in, read_spend
from knowledge.words import FUNCTION_WORDS, stem, words


def _stemmed(text: str) -> frozenset[str]:
    return frozenset(map(stem, words(text)))


# Of so many amounts at most a part is named.
MOST_PARTS = 6
# What leaves a part out, what keeps it alone, and what names none.
_LEAVING = _stemmed("without minus except excluding not no free gone zero nothing drop dropped remove ignore skip")
_KEEPING = _stemmed("just only alone part")
_NAMELESS = _stemmed(" ".join(FUNCTION_WORDS)) | _stemmed("ai day week month quarter year spend cost pay money")
_NAMELESS -= _LEAVING | _KEEPING


def left_of_sum(said: str, before: str) -> Spend | None:
    """What is left of the sum that was said `before`, where `said` keeps or leaves out a part by its name: "just the
    GPUs", "and if storage was free"; None where it says anything else.
    """
    if _stemmed(said).isdisjoint(_LEAVING | _KEEPING):
        return None
    text, figures = money_in(before)
    whole = read_spend(before)
    if not 1 < len(figures) <= MOST_PARTS or whole.amount is None:
        return None
    ends = [*(one.start for one in figures[1:]), len(text)]
    names = [_stemmed(text[one.end : end]) - _NAMELESS for one, end in zip(figures, ends, strict=True)]
    own = [name.difference(*names[:at], *names[at + 1 :]) for at, name in enumerate(names)]
    kept = set(range(len(figures)))
    for clause in re.split("[,;.]", said):
        told = _stemmed(clause) - _NAMELESS
        named = {at for at, name in enumerate(own) if name & told}
        if told - _LEAVING - _KEEPING - set().union(*own):
            return None
        kept = kept - named if told & _LEAVING else kept & named if named else kept
    if not 0 < len(kept) < len(figures):
        return None
    left = [(figures[at].value, period_named(figures[at].period)) for at in kept]
    amount = sum(converted(value, of, whole.period) if of and whole.period else value for value, of in left)
    return replace(whole, amount=Decimal(amount), most=None)
