"""What somebody says about the options of a poll, clause by clause: what is named, denied, hedged, and what is left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from bot.intents.votes.compared import Options
from bot.intents.votes.items import TALK, Item, Mark, items_of
from bot.intents.votes.mentions import Mention
from bot.intents.votes.spoken import Token
from knowledge.words import FUNCTION_WORDS, words_of

# What turns a choice into something to be asked: who is not sure, who wants none, and whatever else may turn it round.
UNSURE = ("unsure", "maybe", "hedge", "condition")
UNWILLING = ("abstention", "indifferent", "none")
DOUBTS = (*UNSURE, *UNWILLING, "third", "past", "or", "unknown", "number", "asking", "order", "inverted")
# What begins with one of these asks, with or without its sign: "is pizza healthy".
_ASKING = frozenset(["is", "are", "was", "were", "does", "did"])
# After one of these a place is of something else: "her last talk".
_WHOSE = frozenset(["my", "your", "his", "her", "our", "their", "its"])
# Before "one" these choose it.
_CHOOSING = words_of(
    "vote votes voting pick picking choose choosing answer option number guess think going prefer number"
)
# Before "one" these point at something.
_THE = frozenset(["the", "that", "this", "which", "a", "every", "any"])


@dataclass
class Clause:
    """A stretch of what is said, up to a stop or a word that begins a reason or a contrast."""

    items: list[Item] = field(default_factory=list)
    begins: str = ""  # "reason", "contrast", or nothing
    asked: bool = False  # whether it ends in a question mark

    @property
    def mentions(self) -> list[Mention]:
        """What it names."""
        return [one for one in self.items if isinstance(one, Mention)]

    def has(self, *kinds: str) -> bool:
        """Whether it has a mark of one of these kinds."""
        return any(isinstance(one, Mark) and one.kind in kinds for one in self.items)

    def is_in(self, *lists: str) -> bool:
        """Whether it has a phrase that stands in one of these lists, whatever it does here."""
        return any(isinstance(one, Mark) and not one.lists.isdisjoint(lists) for one in self.items)

    @property
    def words(self) -> frozenset[str]:
        """The words beside the options."""
        return frozenset(word for one in self.items if isinstance(one, Mark) for word in one.words)

    @property
    def unknown(self) -> int:
        """How many words it has that no list holds."""
        return sum(isinstance(one, Mark) and one.kind == "unknown" for one in self.items)


def clauses_of(said: Sequence[Token], options: Options) -> list[Clause]:
    """The clauses of what is said, in order, none without words."""
    found = [Clause()]
    for item in items_of(said, options):
        if isinstance(item, Mark) and item.kind == "break":
            found[-1].asked = found[-1].asked or (item.words == ("?",) and not _only_begins(found[-1]))
            if found[-1].items or found[-1].begins:
                found.append(Clause())
            elif item.words == ("?",) and len(found) > 1:
                found[-2].asked = True
        elif isinstance(item, Mark) and item.kind in ("reason", "contrast"):
            if found[-1].items:
                found.append(Clause())
            found[-1].begins = item.kind
        else:
            found[-1].items.append(item)
    return [_settled(clause) for clause in found if clause.items or clause.begins]


def _only_begins(clause: Clause) -> bool:
    """Whether nothing in a clause can be asked: "hmm, honestly? No"."""
    return bool(clause.items) and all(isinstance(one, Mark) and one.kind == "emphasis" for one in clause.items)


def _settled(clause: Clause) -> Clause:
    """The clause without numbers that say nothing beside an option's own words, and asking words that do not ask."""
    kept: list[Item] = []
    for item in clause.items:
        if isinstance(item, Mention) and _counts_nothing(item, kept, clause):
            kept.append(Mark(item.start, item.end, "around", lists=TALK))
        elif isinstance(item, Mention) and item.how == "one" and _is_pointed(kept):
            kept.append(Mark(item.start, item.end, "unknown", ("one",)))
        elif isinstance(item, Mark) and item.kind == "inverted" and not _asks(item, clause):
            # "Should be pizza", "would go for 2".
            kept.append(replace(item, kind=next((one for one in ("past", "hedge") if one in item.lists), "around")))
        else:
            kept.append(item)
    clause.items = kept
    return clause


def _asks(item: Mark, clause: Clause) -> bool:
    """Whether an auxiliary verb that begins a clause asks: "is pizza healthy", "would he come"."""
    return clause.asked or clause.has("third") or not _ASKING.isdisjoint(item.words)


def _counts_nothing(item: Mention, kept: Sequence[Item], clause: Clause) -> bool:
    """Whether a number or a place names no option, by what stands before it (`kept`) and in the clause."""
    named = clause.mentions
    if item.how == "one" and len(named) > 1:
        return True  # "the second one"
    strong = any(one.is_strong for one in named) and not clause.has("and", "or", "over", "to")
    if strong and item.how == "number" and any(item.places & one.places for one in named if one != item):
        return True  # "1 pizza"
    if not kept or not (item.how == "number" or item.is_end):
        return False
    last = kept[-1]
    if isinstance(last, Mention):
        return last.is_strong and last.end == item.start  # "showback first", "60 minutes max"
    return not _WHOSE.isdisjoint(last.words[-1:])  # "her last talk"


def _is_pointed(kept: Sequence[Item]) -> bool:
    """Whether "one" after these points at something, and is no number: "the funny one", "that one", "nice one"."""
    marks = [one for one in kept if isinstance(one, Mark)]
    before = kept[-1].words[-1:] if kept and isinstance(kept[-1], Mark) else ()
    return any(_THE & {*one.words} for one in marks) or any(word not in FUNCTION_WORDS | _CHOOSING for word in before)
