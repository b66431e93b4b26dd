"""Which options a clause is for and which it is against."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from bot.intents.votes.clauses import Clause
from bot.intents.votes.items import Item, Mark
from bot.intents.votes.mentions import Mention

# What denies the option after it, or before it where none follows.
_AGAINST = ("denial", "aversion", "exception", "over")
# With these "to" makes no range: "I prefer Monday to Friday", "change it from Monday to Friday".
_NO_RANGE = ("prefer", "change", "switch", "move")
_YOU = frozenset(["you", "your", "yours", "u", "ur"])
# With more words that no list holds, a clause is a remark on something, without a sign of a wish in it.
REMARK = 2
# Beside an option, these leave it alone.
_BARE = frozenset(["a", "an", "the", "any", "for"])

# With these the last of several things is listed.
_ENDS_A_LIST = frozenset(["or", "nor", "and"])
_LISTING = _BARE | _ENDS_A_LIST


@dataclass
class Group:
    """Mentions of one thing: the options that all of them fit, which are one, or several that are all meant.

    `degree` where one of them is a word of degree, `wider` are all options with those words in them.
    """

    places: frozenset[int]
    wider: frozenset[int]
    every: bool = False
    degree: bool = False
    denied: bool = False

    @property
    def sure(self) -> bool:
        """Whether it is known which options are meant."""
        return self.every or len(self.places) == 1


@dataclass(frozen=True)
class Leaning:
    """What a clause is for and what it is against."""

    clause: Clause
    groups: tuple[Group, ...] = ()
    excepted: bool = False
    far_denial: bool = field(default=False)

    @property
    def chosen(self) -> list[Group]:
        """What it is for."""
        return [group for group in self.groups if not group.denied]

    @property
    def denied(self) -> frozenset[int]:
        """The options that it is against."""
        return frozenset().union(*(group.places for group in self.groups if group.denied))

    @property
    def wider(self) -> frozenset[int]:
        """All options with the words of what it is for in them."""
        return frozenset().union(*(group.wider | group.places for group in self.chosen))

    @property
    def is_loose(self) -> bool:
        """Whether its words fit several options."""
        return not any(group.sure for group in self.chosen)

    @property
    def is_plain(self) -> bool:
        """Whether nothing is said but an option, and talk around it."""
        marks = [one for one in self.clause.items if isinstance(one, Mark)]
        kinds = {one.kind for one in marks} - {"around", "emphasis", "and", "address", "request"}
        return not kinds and all(one.how != "part" and not one.soft for one in self.clause.mentions)

    @property
    def is_address(self) -> bool:
        """Whether it speaks to somebody who has the name of an option, or says to be them: "hi Anna", "I am Ben"."""
        marks = [one for one in self.clause.items if isinstance(one, Mark)]
        before = [one for one in marks if one.end == self.clause.mentions[0].start]
        if len(self.clause.items) != len(self.clause.mentions) + len(marks) or len(self.clause.items) > 2:
            return False
        return any(one.kind == "address" or one.words == ("i", "am") for one in before) and not self._is_of_degree

    @property
    def is_loosely_graded(self) -> bool:
        """Whether a loose degree stands before what is named: "pretty satisfied"."""
        starts = {one.start for one in self.clause.mentions}
        marks = (one for one in self.clause.items if isinstance(one, Mark))
        return any("intensifier" in one.lists and one.end in starts for one in marks)

    @property
    def _is_of_degree(self) -> bool:
        return any(group.degree for group in self.groups)

    @property
    def is_only_named(self) -> bool:
        """Whether nothing is said but the names of options, which may belong to what was said before."""
        return self.clause.words <= _BARE

    @property
    def is_list_of_dislikes(self) -> bool:
        """Whether it is against something from afar, so that what follows a comma may be disliked as well."""
        return (self.far_denial or self.excepted) and not self.chosen

    @property
    def denies_a_verb(self) -> bool:
        """Whether it denies one option by "not" and nothing else: "I do not agree"."""
        return bool(self.denied) and not self.chosen and not self.clause.has("aversion", "exception", "over")


def ranged(clause: Clause, order: Sequence[int]) -> Clause:
    """A clause with each range of options as one mention of all of them: "Monday to Wednesday", in their `order`."""
    if any(word.startswith(_NO_RANGE) for word in clause.words):
        return clause
    items: list[Item] = []
    for item in clause.items:
        places = _range(items[-2], items[-1], item, order) if len(items) > 1 else None
        if places:
            items[-2:] = [Mention(items[-2].start, item.end, places, "several", places)]
        else:
            items.append(item)
    return Clause(items, clause.begins, clause.asked)


def _range(low: Item, to: Item, high: Item, order: Sequence[int]) -> frozenset[int] | None:
    """The options from one to another; None where that is not what is said."""
    if not (isinstance(to, Mark) and to.kind == "to" and isinstance(low, Mention) and isinstance(high, Mention)):
        return None
    if len(low.places) != 1 or len(high.places) != 1 or not {*low.places, *high.places} <= {*order}:
        return None
    first, last = sorted(order.index(next(iter(one.places))) for one in (low, high))
    return frozenset(order[first : last + 1])


def excepted_together(clauses: Sequence[Clause]) -> list[Clause]:
    """The clauses, with those as one that list what is excepted: "anything but tea, juice or milk"."""
    for first, clause in enumerate(clauses):
        if not (clause.items and isinstance(clause.items[-1], Mention) and clause.has("exception")):
            continue
        for last in range(first + 1, len(clauses)):
            listed = clauses[last]
            if listed.begins or listed.asked or not listed.mentions or not listed.words <= _LISTING:
                break
            if listed.words & _ENDS_A_LIST:
                joint = Mark(clause.items[-1].end, clause.items[-1].end, "or")
                items = [item for one in clauses[first : last + 1] for item in (*one.items, joint)]
                return [*clauses[:first], Clause(items[:-1], clause.begins), *clauses[last + 1 :]]
    return list(clauses)


def speaks_to(two: Sequence[Leaning]) -> bool:
    """Whether the first of two clauses may only name whom the second speaks to: "Dmitri, your badge lies here"."""
    if len(two) < 2 or len(two[0].clause.items) > 1:
        return False
    marks = [one for one in two[1].clause.items[:1] if isinstance(one, Mark)]
    return two[1].clause.unknown >= REMARK and any(not _YOU.isdisjoint(one.words) for one in marks)


def leaning_of(clause: Clause) -> Leaning:
    """What a clause is for and against."""
    groups: list[Group] = []
    excepted = far = carried = False
    for joined, segment in _segments(clause):
        found, denial = _grouped(segment)
        bare = all(isinstance(one, Mention) or set(one.words) <= _BARE for one in segment)
        if found and joined and bare and carried:
            for group in found:
                group.denied = True
        elif found:
            carried = all(group.denied for group in found)
        excepted = excepted or any(isinstance(one, Mark) and one.kind == "exception" for one in segment)
        far = far or denial
        groups += found
    return Leaning(clause, tuple(groups), excepted, far)


def _segments(clause: Clause) -> Iterator[tuple[bool, list[Item]]]:
    """The stretches of a clause between "and" and "or", each with whether one of these stands before it."""
    segment: list[Item] = []
    joined = False
    for item in clause.items:
        if isinstance(item, Mark) and item.kind in ("and", "or"):
            yield joined, segment
            segment, joined = [], True
        else:
            segment.append(item)
    yield joined, segment


def _grouped(segment: Sequence[Item]) -> tuple[list[Group], bool]:
    """The mentions of a stretch, those of one thing together, and whether something is denied by a verb."""
    groups: list[Group] = []
    against = far = False
    spoken = {word for item in segment if isinstance(item, Mark) for word in item.words}
    for at, item in enumerate(segment):
        if isinstance(item, Mention):
            made = Group(item.places, item.wider or item.places, item.how == "several", item.how == "degree", against)
            groups.append(made)
            against = False
            continue
        if item.kind in _AGAINST:
            follows = any(isinstance(one, Mention) for one in segment[at + 1 :])
            if follows and not (groups and item.kind == "aversion"):
                against = True
                following = segment[at + 1]
                far = (
                    far
                    or item.kind == "aversion"
                    or not (isinstance(following, Mention) or set(following.words) <= _BARE)
                )
            elif groups:
                groups[-1].denied = True
        elif item.kind == "to" and groups and any(isinstance(one, Mention) for one in segment[at + 1 :]):
            if any(word.startswith("prefer") for word in spoken):
                against = True
            elif "from" in spoken:
                groups[-1].denied = True
    return groups, far
