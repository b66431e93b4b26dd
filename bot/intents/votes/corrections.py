"""What takes back what was said before it: "no wait, 2", "my wife would pick 1, but I take 2"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.intents.votes.clauses import DOUBTS, Clause
from bot.intents.votes.items import Item, Mark
from bot.intents.votes.mentions import Mention
from knowledge.words import words_of

# Corrections that are small talk where nothing is corrected.
_SMALL = frozenset(["actually", "eigentlich", "doch", "sorry", "i mean", "make it", "make that", "i said", "i meant"])
# What turns a contrast into a choice: "but sushi is better".
_PREFERRING = words_of("better best prefer rather love favourite favorite want nicer")
# What begins a choice that follows from what was said before it: "it never let me down, so Kong".
_CONCLUDING = frozenset(["so", "hence", "thus", "therefore", "deshalb", "daher", "donc", "entonces", "portanto"])
# After "so" these say that something is so as well: "but so is sushi".
_LIKEWISE = words_of("is are am was were do does did has have can will would")
# Who speaks of themselves.
_OWN = words_of("i me my mine we us our")


def concluded(clauses: list[Clause]) -> list[Clause]:
    """What is concluded from all that was said before it, alone, where that is a choice: "it is near, so Krakow"."""
    for number, clause in enumerate(clauses):
        for at, item in enumerate(clause.items):
            if not isinstance(item, Mark) or " ".join(item.words) not in _CONCLUDING or not (number or at):
                continue
            what = Clause(clause.items[at + 1 :], "", clause.asked)
            if any(isinstance(one, Mark) and not _LIKEWISE.isdisjoint(one.words) for one in what.items[:1]):
                continue
            after = clauses[number + 1 :]
            if what.mentions and not what.asked and not what.has(*DOUBTS) and not any(one.mentions for one in after):
                return [what, *after]
    return clauses


def without_soft(clauses: list[Clause]) -> list[Clause]:
    """The clauses without such agreement as is only talk beside a choice: "sure, no", "definitely the second"."""
    firm = [one for clause in clauses for one in clause.mentions if not one.soft]
    if firm:
        for clause in clauses:
            clause.items = [
                Mark(one.start, one.end, "around") if isinstance(one, Mention) and one.soft else one
                for one in clause.items
            ]
        sure = [one for one in firm if one.is_strong or one.how in ("yes", "no")]
        for clause in clauses:
            apart = any(one not in clause.mentions for one in sure)
            if apart and not clause.has("or", "and", "correction", "denial", "over"):
                clause.items = [_counted(one, clause) for one in clause.items]
    return clauses


def _counted(item: Item, clause: Clause) -> Item:
    """A number in a remark beside a choice, which counts something: "tea, two sugars"."""
    remark = clause.unknown or (len(clause.items) > 1 and isinstance(item, Mention) and item.how == "one")
    if remark and isinstance(item, Mention) and item.how in ("number", "one"):
        return Mark(item.start, item.end, "unknown")
    return item


def corrected(clauses: list[Clause]) -> tuple[list[Clause] | None, bool]:
    """The clauses after the last correction, and whether there was one; None where it corrects, and says no more."""
    kept: list[Clause] = []
    for number, clause in enumerate(clauses):
        for at, item in enumerate(clause.items):
            if not (isinstance(item, Mark) and item.kind == "correction"):
                continue
            before = any(one.mentions for one in kept) or any(isinstance(one, Mention) for one in clause.items[:at])
            after = any(isinstance(one, Mention) for one in clause.items[at + 1 :])
            after = after or any(one.mentions for one in clauses[number + 1 :])
            if before and after:
                rest = Clause(clause.items[at + 1 :], "", clause.asked)
                return _after(rest, clauses[number + 1 :]), True
            if before and " ".join(item.words) not in _SMALL:
                return None, True
            clause.items[at] = replace(item, kind="around")
        if clause.begins == "contrast" and any(one.mentions for one in kept) and _turns(clause, kept):
            return _after(Clause(clause.items, "", clause.asked), clauses[number + 1 :]), True
        kept.append(clause)
    return kept, False


def _after(rest: Clause, following: list[Clause]) -> list[Clause] | None:
    """What follows a correction, which may be corrected again."""
    return corrected([*([rest] if rest.items else []), *following])[0]


def _turns(clause: Clause, before: Sequence[Clause]) -> bool:
    """Whether a contrast names what is chosen: "but sushi is better", or one's own choice after somebody else's."""
    if not clause.mentions or clause.has("denial", "aversion"):
        return False
    spoken = clause.words
    own = bool(spoken & _OWN) and any(one.mentions and one.has(*DOUBTS) for one in before)
    return own or bool(spoken & _PREFERRING)
