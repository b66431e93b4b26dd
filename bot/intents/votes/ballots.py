"""Votes in words: which options somebody chooses, how sure that is, and whether they speak of the poll at all.

What is left decides. The options are found in the words, and the talk that people put around a choice is set aside.
Where nothing else is left, the vote is said, and where only a reason is, it is meant. Whatever could turn it round
(denial, doubt, a condition, somebody else's wish, the past, a question, words that no list holds) makes it open: it is
asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.intents.certainty import Certainty
from bot.intents.votes.clauses import DOUBTS, UNSURE, UNWILLING, Clause, clauses_of
from bot.intents.votes.compared import Options, options_of
from bot.intents.votes.corrections import concluded, corrected, without_soft
from bot.intents.votes.items import Item, Mark
from bot.intents.votes.leanings import REMARK, Leaning, excepted_together, leaning_of, ranged, speaks_to
from bot.intents.votes.mentions import Mention
from bot.intents.votes.spoken import Token, phrases, tokens, words_in
from knowledge.words import words_of

# More words and signs than these are no vote.
LONGEST = 100
# With more options that may be meant, none of them is named.
MOST_ASKED = 3
# What a person says who speaks of a choice, though not which.
_STANCES = (*UNSURE, *UNWILLING, "aversion", "denial", "exception", "third", "over", "or")
_PRONOUNS = words_of("i we it that this they you there")
_AUXILIARIES = words_of("do does can will shall should must is are am have has did")
_FILLING = words_of("think believe guess reckon i be so really just definitely certainly please not it well then very")
_OF_TRUTH = words_of("wrong incorrect false untrue true right correct disagree")
_TALK = frozenset(["around"])
# What says nothing of a guess.
_OF_A_GUESS = frozenset(["unsure", "maybe", "hedge", "past", "third", "inverted"])


@dataclass(frozen=True)
class VoteRead:
    """The options that are chosen, by their places from 1, and how sure that is; where it is open, those that may be.

    Without an option and not open, it is an abstention. `about` is false where the words are not about the poll.
    """

    votes: tuple[int, ...] = ()
    certainty: Certainty = "open"
    about: bool = True


_STOP = Token(",")
NOTHING = VoteRead(about=False)
OPEN = VoteRead()


def read_vote(text: str, question: str, options: Sequence[str], several: bool = False) -> VoteRead:
    """What `text` votes for in a poll that asks `question`; `several` where more than one option can be chosen."""
    return _read(text, options_of(question, tuple(options)), several, guessing=False)


def read_guess(text: str, question: str, options: Sequence[str]) -> VoteRead:
    """What `text` answers to a question with options: as a vote, but doubt is no hindrance to a guess."""
    return _read(text, options_of(question, tuple(options)), False, guessing=True)


def is_bare_answer(text: str) -> bool:
    """Whether `text` is a yes or a no and nothing else, which may answer anything that was said: "no way"."""
    return bool(phrases().lists_of(words_in(text)) & {"yes", "no"})


def disputes(text: str) -> bool:
    """Whether `text` says that something is not so, and nothing else: "that's wrong", "not true"."""
    said = words_in(text)
    return "no" in phrases().lists_of(said) and not _OF_TRUTH.isdisjoint(said)


def _read(text: str, options: Options, several: bool, guessing: bool) -> VoteRead:
    said = _without_top(tokens(text), options)
    if not said or len(said) > LONGEST:
        return NOTHING
    every = clauses_of(said, options)
    clauses, is_corrected = corrected(without_soft(concluded(every)))
    if clauses is None:
        return OPEN
    clauses = [ranged(one, options.order) if several else one for one in excepted_together(clauses)]
    clauses = [_guessed(one, options) if guessing else one for one in clauses]
    if not any(clause.mentions for clause in clauses):
        return _unnamed(clauses, options, several)
    leanings = [leaning_of(clause) for clause in clauses]
    read = _decided(leanings, options, several)
    if read == OPEN:
        return replace(read, votes=_possible(leanings))
    plain = len(every) == 1 and leanings[0].is_plain and not is_corrected
    return replace(read, certainty="said") if read.votes and plain else read


def _without_top(said: Sequence[Token], options: Options) -> Sequence[Token]:
    """What is said, without the end of the scale: "3 out of 5" of 1 to 5, "5/5"; "4/5" may be two options.

    What follows a slash is another clause: "5/5 would do it again".
    """
    top = max((number for held in options.numbers for number in held), key=float, default="")
    for at, word in enumerate(token.text for token in said):
        between = [token.text for token in said[at + 1 : at + 4]]
        if top and word == top and between[:2] == ["/", top]:
            return (*said[: at + 1], _STOP, *said[at + 3 :])
        if top and word.isdecimal() and between == ["out", "of", top]:
            return (*said[: at + 1], *said[at + 4 :])
    return said


def _guessed(clause: Clause, options: Options) -> Clause:
    """A clause in which doubt says nothing, and a question is a guess; a part of an option is a choice only alone."""
    named = frozenset[int]().union(*(one.places for one in clause.mentions))
    own = {word for place in named for word in options.said[place - 1]}
    alone = all(isinstance(one, Mention) or one.lists or own.issuperset(one.words) for one in clause.items)
    items: list[Item] = []
    for one in clause.items:
        tag = clause.asked and isinstance(one, Mark) and one.kind == "denial" and clause.has("inverted")  # "isn't it"
        if isinstance(one, Mark) and (tag or one.kind in _OF_A_GUESS):
            items.append(replace(one, kind="around", lists=_TALK))
        elif isinstance(one, Mention) and one.how == "part" and not alone:
            items.append(Mark(one.start, one.end, "unknown"))
        else:
            items.append(one)
    return Clause(items, clause.begins, False)


# --- Where options are named ---


def _decided(leanings: list[Leaning], options: Options, several: bool) -> VoteRead:
    """What the clauses come to."""
    choosing = [one for one in leanings if one.chosen and one.clause.begins != "reason"]
    clean = [one for one in choosing if not _doubts(one)]
    if not clean:
        return _without_choice(leanings, choosing, options, several)
    first = leanings.index(clean[0])
    if speaks_to(leanings[first : first + 2]):
        return OPEN
    for at, one in enumerate(leanings):
        if one not in clean and not _is_aside(one, at < first, clean, options):
            return _asked_about(leanings)
    votes = _together(clean, several)
    denied = frozenset().union(*(one.denied for one in leanings if one.clause.begins != "reason"))
    if not votes or denied & set(votes):
        return OPEN
    if any(one.is_list_of_dislikes for one in leanings) and (len(clean) > 1 or clean[0].is_only_named):
        return OPEN
    return VoteRead(votes, "meant")


def _doubts(one: Leaning) -> bool:
    """Whether something in a clause may turn its choice round."""
    clause = one.clause
    if any(group.wider > group.places for group in one.chosen) and one.is_loosely_graded:
        return True
    if clause.has(*DOUBTS) or clause.is_in("third") or one.is_address:
        return True
    return clause.asked and not clause.has("request")


def _keeps_open(one: Leaning) -> bool:
    """Whether a clause may turn round what is left when all it denies is left out."""
    clause = one.clause
    doubts = clause.has(*(kind for kind in DOUBTS if kind not in ("or", "unknown"))) or clause.asked
    return doubts or bool(one.chosen) or (bool(one.denied) and clause.unknown >= REMARK)


def _is_aside(one: Leaning, leading: bool, clean: Sequence[Leaning], options: Options) -> bool:
    """Whether a clause beside the choice changes nothing of it: a reason, a remark, what is not wanted."""
    clause = one.clause
    if clause.begins == "reason":
        return not clause.has("condition", "or") and not clause.asked
    counts = clause.has("number") and not clause.unknown
    if counts or clause.asked or clause.has(*UNSURE, "or", "order", "asking", "inverted"):
        return False
    if one.chosen:
        # A rival is named, with more words: "mornings are full" says why, "sushi would be as nice" does not.
        same = frozenset().union(*(wanted.wider for wanted in clean))
        return bool(clause.unknown) and not leading and (one.is_loose or one.wider <= same) and not clause.has("third")
    if one.denied:
        return True
    if clause.begins == "contrast" or clause.has(*UNWILLING):
        return False
    # "Ugh" refuses, and "meh" does not mind: neither turns round what says just that.
    dull = options.no | options.named.get("indifferent", frozenset())
    refused = all(group.places <= dull for wanted in clean for group in wanted.chosen)
    # Whoever rates something says of it what it was like: "8, it was fun".
    rated = not leading and all(options.numbers)
    turning = (
        (clause.has("past") and not rated)
        or (not refused and clause.has("aversion"))
        or (clause.has("denial") and not leading)
    )
    return bool(clause.unknown) or not turning


def _together(clean: Sequence[Leaning], several: bool) -> tuple[int, ...]:
    """The options that are chosen in all: one that all words fit, or every one; () where they do not agree."""
    groups = [group for one in clean for group in one.chosen]
    if several:
        sure = {place for group in groups if group.sure for place in group.places}
        return tuple(sorted(sure)) if all(group.sure or group.places & sure for group in groups) else ()
    left = frozenset.intersection(*(group.places for group in groups))
    if not left and any(group.degree for group in groups):
        left = frozenset.intersection(*(group.wider for group in groups))
    return tuple(left) if len(left) == 1 else ()


def _without_choice(leanings: list[Leaning], choosing: Sequence[Leaning], options: Options, several: bool) -> VoteRead:
    """Where nothing is chosen without doubt: all but what is excepted, the contrary of what is denied, or OPEN."""
    whole = len(leanings) == 1 and not choosing and not _doubts(leanings[0])
    excepting = [one for one in leanings if one.excepted]
    besides = [one for one in leanings if one not in excepting]
    if several and len(excepting) == 1 and not choosing and not _doubts(excepting[0]):
        # "All but Friday, I travel then".
        left = set(range(1, options.count + 1)) - excepting[0].denied
        aside = all(not one.groups and _is_aside(one, False, excepting, options) for one in besides)
        return VoteRead(tuple(sorted(left)), "meant") if left and aside else OPEN
    denied = frozenset[int]().union(*(one.denied for one in leanings if one.clause.begins != "reason"))
    last = set(range(1, options.count + 1)) - denied
    named = all(len(group.places) == 1 for one in leanings for group in one.groups)
    others = several and any(one.clause.is_in("others") for one in leanings)
    only = len(last) == 1 and not options.polar
    if denied and named and last and (only or others) and not any(map(_keeps_open, leanings)):
        # All others are excluded, or all others are meant; "tea is boring" is said of tea, and may mean no more.
        disliked = len(denied) == 1 and any(one.clause.has("aversion") for one in leanings)
        return VoteRead(tuple(sorted(last)), "open" if disliked else "meant")
    if whole and options.polar and leanings[0].denies_a_verb and len(options.yes) == len(options.no) == 1:
        return VoteRead(tuple(options.no), "meant") if leanings[0].denied == options.yes else OPEN
    return _asked_about(leanings)


def _possible(leanings: Sequence[Leaning]) -> tuple[int, ...]:
    """What may be chosen, for a question that names it; () where that is more than a few options."""
    wanted = [one for one in leanings if one.clause.begins != "reason"]
    named = frozenset[int]().union(*(group.places for one in wanted for group in one.chosen))
    left = named.difference(*(one.denied for one in wanted))
    return tuple(sorted(left)) if len(left) <= MOST_ASKED else ()


def _asked_about(leanings: Sequence[Leaning]) -> VoteRead:
    """To be asked, or not about the poll at all: a question, or a remark that only has an option's word in it."""
    for one in leanings:
        clause = one.clause
        if not clause.mentions:
            continue
        asks = clause.asked and (clause.unknown >= REMARK or (clause.has("inverted") and clause.unknown))
        if clause.has("asking", "order") or asks:
            return NOTHING
        weak = not any(mention.is_strong or mention.how in ("yes", "no") for mention in clause.mentions)
        stance = clause.has(*_STANCES)
        if clause.unknown and (weak or (clause.unknown > REMARK and not stance)):
            return NOTHING
    return OPEN


# --- Where no option is named ---


def _unnamed(clauses: list[Clause], options: Options, several: bool) -> VoteRead:
    unknown = sum(clause.unknown for clause in clauses)
    asked = any(clause.asked or clause.has("asking", "order") for clause in clauses)
    if asked or any(clause.has("condition", "third", "past") for clause in clauses):
        return NOTHING
    # "Hello all" greets.
    clauses = [
        one for one in clauses if not any(isinstance(item, Mark) and item.kind == "address" for item in one.items[:1])
    ]
    every = [clause for clause in clauses if clause.has("all") or (clause.has("both") and options.count == 2)]
    if several and every and not unknown and not any(clause.has(*_STANCES) for clause in clauses):
        return VoteRead(tuple(range(1, options.count + 1)), "meant")
    if any(clause.is_in(*UNWILLING) for clause in clauses) and unknown < REMARK:
        return VoteRead((), "meant")
    if options.polar and len(clauses) == 1 and (answer := _elliptic(clauses[0])) and not unknown:
        places = options.yes if answer == "yes" else options.no
        return VoteRead(tuple(places), "meant") if len(places) == 1 else OPEN
    if unknown:
        return NOTHING
    numbers = [one for clause in clauses for one in clause.items if isinstance(one, Mark) and one.kind == "number"]
    if any(not one.words[0].isdecimal() for one in numbers) and not any(options.numbers):
        return NOTHING
    kinds = ("unsure", "maybe", "hedge", "all", "both", "aversion", "or", "number", "exception", "denial")
    answered = any(clause.is_in("yes", "no") and not clause.is_in("around", "emphasis") for clause in clauses)
    return OPEN if answered or any(clause.has(*kinds) for clause in clauses) else NOTHING


def _elliptic(clause: Clause) -> str | None:
    """Yes or no, where only that is said: "we should", "I don't", "not on Friday"; None for anything else."""
    marks = [one for one in clause.items if isinstance(one, Mark)]
    if any(one.kind not in ("around", "inverted", "denial", "emphasis", "third", "and") for one in marks):
        return None
    denials = sum(one.kind == "denial" for one in marks)
    spoken = [word for one in marks for word in one.words]
    if denials == 1:
        return "no"
    if denials or not spoken or not set(spoken) & _AUXILIARIES or spoken[0] not in _PRONOUNS:
        return None
    return "yes" if set(spoken) <= _PRONOUNS | _AUXILIARIES | _FILLING else None
