"""What stands where in what somebody says about the options of a poll: an option, or a phrase of a list."""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bot.intents.votes.clocks import count_of, day_of, same_day
from bot.intents.votes.compared import NAMING, Options, lists_alone, telling_form
from bot.intents.votes.mentions import ANNOUNCED, Mention, lettered, numbered, placed
from bot.intents.votes.spoken import Token, phrases
from knowledge.words import FUNCTION_WORDS, RARE, frequency, stem, words_of

# The lists that say something of what is around them, the first that holds a phrase counts; "around" says nothing.
_MARKS = (
    *("request", "correction", "exception", "emphasis", "unsure", "maybe", "hedge", "condition", "aversion", "over"),
    *("denial", "abstention", "indifferent", "none", "third", "past", "contrast", "reason", "all", "both", "or", "and"),
    *("to", "address"),
)
# Before an option these mean another one, or none: "the day after Tuesday".
_BESIDE = words_of(
    "below above after before beyond past between following preceding nach vor apres avant despues antes"
)
_OF_AN_ORDER = frozenset(["lowest", "highest", "lower", "higher"])
# Read by where they stand.
_AT_START = ("asking", "inverted", "order")
_PRONOUNS = frozenset(["i", "it", "we", "my", "they", "he", "she", "there", "that", "you", "our", "the"])

# What announces a place and nothing else; "answer 3" of "2 days, 3 days, 4 days" may be the days.
_PLACING = frozenset(["option", "opcion", "opcao", "choice", "#"])

_EVERY = re.compile("all$|any|every|each")
_EXCEPTING = frozenset(["but", "except", "bar", "besides", "excluding", "save", "minus", "without"])


@dataclass(frozen=True)
class Mark:
    """A phrase of a list, from `start` to `end`; "unknown" is what stands in none, "around" what changes nothing."""

    start: int
    end: int
    kind: str
    words: tuple[str, ...] = ()
    lists: frozenset[str] = frozenset()


Item = Mention | Mark


def items_of(said: Sequence[Token], options: Options) -> Iterator[Item]:
    """What stands in what is said, one after the other, with a mark for each stop."""
    texts = [token.text for token in said]
    at, first = 0, True
    while at < len(said):
        if said[at].is_break:
            yield Mark(at, at + 1, "break", (texts[at],))
            at, first = at + 1, True
            continue
        item = _item(said, texts, at, options, first)
        yield item
        opens = isinstance(item, Mark) and item.kind in ("reason", "contrast", "and")
        first = opens or (first and isinstance(item, Mark) and item.kind == "address")
        at = item.end


def _item(said: Sequence[Token], texts: Sequence[str], at: int, options: Options, first: bool) -> Item:
    """What stands at a place: the longer of an option and a phrase."""
    size, places = options.sequence(said, at)
    length, lists = phrases().at(texts, at)
    if not options.order and lists and lists <= _OF_AN_ORDER:
        length, lists = 0, frozenset[str]()  # "the later" of options that have none
    timed, times = options.time(texts, at)
    if times and timed >= max(size, length):
        return Mention(at, at + timed, times, "own", times)
    if _excepts(texts, at):
        return Mark(at, at + 1, "exception")
    if not size and texts[at] in _BESIDE and _names_next(said, at + 1, options):
        return Mark(at, at + 1, "unknown", (texts[at],))
    if texts[at] == "4" and texts[at + 1 : at + 2] in (["me"], ["us"], ["real"], ["sure"], ["now"], ["fun"]):
        return Mark(at, at + 1, "around", ("for",))
    if texts[at] == "too" and length < 2 and _is_too_much(said, at + 1):
        return Mark(at, at + 2, "aversion", (texts[at], texts[at + 1]))
    if size == 1 and (texts[at].isdecimal() or _is_article(said, at, options)):
        size = 0  # a number may be the place of another option
    if size and (size >= length or _same_answer(texts[at : at + length], lists)):
        return Mention(at, at + size, places, "own", _wider(said[at : at + size], options) | places)
    if length:
        if (found := _within(said, at, length, lists, options)) is not None:
            return found
        if found := _by_list(at, length, lists, options):
            # "Fairly" is "Fairly sure", where another option is "Slightly sure".
            literal = found.places & options.word(said[at]) if length == 1 and found.how == "degree" else frozenset()
            return replace(found, places=literal or found.places)
    if length < 2 and (places := _part(said[at], lists, options)):
        return Mention(at, at + 1, places, "part", places)
    if length < 2 and (found := _by_place(said, at, options)):
        return found
    if not length and not options.mended(texts[at]) and (slip := _listed_slip(texts[at])):
        if found := _by_list(at, 1, slip, options):
            return found
        length, lists = 1, slip
    kind = _kind(at, texts, lists, first, options) if length else _alone(said[at], options)
    return Mark(at, at + max(length, 1), kind, tuple(texts[at : at + max(length, 1)]), lists)


def _excepts(texts: Sequence[str], at: int) -> bool:
    """Whether a word takes the next option out of all: "any day except"."""
    before = texts[max(0, at - 3) : at]
    return texts[at] in _EXCEPTING and any(
        word == "all" or word.startswith(("any", "every", "each")) for word in before
    )


def _names_next(said: Sequence[Token], at: int, options: Options) -> bool:
    """Whether an option is named at a place, by its place or its words, or after an article there."""
    while at < len(said) and said[at].text in ("the", "a", "an", "that", "very"):
        at += 1
    if at >= len(said):
        return False
    texts = [token.text for token in said]
    by_place = placed(texts[at], options.count) or (numbered(texts, at, options) or ((), ""))[0]
    if by_place and "between" not in texts[:at]:
        return True
    return bool(options.sequence(said, at)[0] or options.word(said[at]) or options.time(texts, at)[1])


def _is_too_much(said: Sequence[Token], after: int) -> bool:
    """Whether "too" says that something is so to excess: "too often"; "me too please" does not."""
    return after < len(said) and said[after].is_word and said[after].text not in _AFTER_TOO


def _same_answer(phrase: Sequence[str], lists: frozenset[str]) -> bool:
    """Whether a longer phrase that begins with an option says nothing else than it."""
    return len(phrase) > 1 and "around" in lists and not lists & {"hedge", "abstention", "denial", "aversion"}


def _within(said: Sequence[Token], at: int, length: int, lists: frozenset[str], options: Options) -> Item | None:
    """A phrase of agreement around an option that agrees ("I agree"): the talk before that option, then the option."""
    if length < 2 or not lists & {"yes", "no"}:
        return None
    agreeing = options.yes if "yes" in lists else options.no
    for start in range(at + 1, at + length):
        size, places = options.sequence(said, start)
        if size and places <= agreeing:
            return Mark(at, start, "around")
    return None


def _by_list(at: int, length: int, lists: frozenset[str], options: Options) -> Mention | None:
    """The yes, the no, or the degree that a phrase names."""
    end = at + length
    graded = frozenset().union(*(options.named.get(name, frozenset()) for name in lists & set(NAMING)))
    ends = {"lowest", "highest"} if options.count > 2 else _OF_AN_ORDER
    if (end_of_order := lists & ends) and options.order:
        place = frozenset([options.order[0 if end_of_order & {"lowest", "lower"} else -1]])
        return Mention(at, end, place, "part", place, is_end=True)
    if options.polar and lists & {"yes", "no"}:
        places, how = (options.yes, "yes") if "yes" in lists else (options.no, "no")
        return Mention(at, end, places & graded or places, how, places, bool(lists & {"around", "emphasis"}))
    none = options.named.get("degree_none", frozenset())
    degrees = sum(name.startswith("degree") for name in options.named)
    if "no" in lists and "denial" not in lists and len(none) == 1 and degrees > 1:
        # "Nope" to how much something is so: not at all; "nothing" beside pizza and fruit is no degree.
        return Mention(at, end, none, "no", none, bool(lists & {"around", "emphasis"}))
    return Mention(at, end, graded, "degree", graded) if graded else None


def _part(token: Token, lists: frozenset[str], options: Options) -> frozenset[int]:
    """The options of which a word is a telling part; what denies or hedges is none."""
    if lists - {"around", "emphasis", "order", "address", "past", "asking", "yes", *NAMING}:
        return frozenset()
    known = token.text in FUNCTION_WORDS and not same_day(token.text)
    return frozenset() if known else options.word(token)


def _by_place(said: Sequence[Token], at: int, options: Options) -> Item | None:
    """A number, a letter or an ordinal: the place of an option, unless the options are numbers themselves."""
    token = said[at]
    announced = at > 0 and said[at - 1].text in ANNOUNCED
    if token.text in ("no", "nr") and at + 2 < len(said) and said[at + 1].text == "." and said[at + 2].text.isdecimal():
        return Mark(at, at + 2, "around")
    if dated := options.dated(day_of(token.text)):
        return Mention(at, at + 1, dated, "own" if len(dated) == 1 else "part", dated)
    if places := placed(token.text, options.count):
        counted = said[at + 1].text if at + 1 < len(said) else ""
        if token.text in ("first", "last") and 1 < (many := _count(counted)) <= options.count:
            every = range(1, many + 1) if token.text == "first" else range(options.count - many + 1, options.count + 1)
            return Mention(at, at + 2, frozenset(every), "several", frozenset(every))
        return None if stem(token.text) in options.topic else Mention(at, at + 1, places, "number", places)
    if found := numbered([one.text for one in said], at, options):
        places, how = found
        if announced and how != "number" and token.text.isdecimal() and 1 <= int(token.text) <= options.count:
            if said[at - 1].text in _PLACING:
                return Mention(at, at + 1, frozenset({int(token.text)}), "place")
            places |= {int(token.text)}
        if announced and how == "number" and not places and token.text.isdecimal():
            how, places = "place", frozenset({int(token.text)} & set(range(1, options.count + 1)))
        if not places:
            return Mark(at, at + 1, "number", (token.text,))
        how = "one" if how == "number" and token.text == "one" else how
        return Mention(at, at + 1, places, "place" if announced and how in ("number", "one") else how, places)
    if (places := lettered(token, options.count)) and (announced or _is_letter(said, at)):
        return Mention(at, at + 1, places, "place" if announced or token.upper else "number", places)
    return None


def _count(word: str) -> int:
    return int(word) if word.isdecimal() and len(word) < 3 else count_of(word) or 0


def _is_letter(said: Sequence[Token], at: int) -> bool:
    """Whether a letter is no word: "a" is an article before another word, "I" is who speaks."""
    after = said[at + 1] if at + 1 < len(said) else None
    joined = after is None or not after.is_word or bool(lists_alone(after.text) & {"and", "or", "reason", "over"})
    if said[at].text == "a":
        # "Vote A for me".
        apart = said[at].upper and at > 0 and after is not None and after.text == "for"
        return joined or apart or (after is not None and after.text in ("please", "pls", "plz"))
    return (
        said[at].text != "i"
        and not (after and after.text in "+#")
        and (said[at].upper or not lists_alone(said[at].text) - {"around"})
    )


def _is_article(said: Sequence[Token], at: int, options: Options) -> bool:
    """Whether "a" stands before an option, and is none itself: "I give it a C" of A to F."""
    if said[at].text != "a" or said[at].upper or _is_letter(said, at):
        return False
    after = itertools.takewhile(lambda place: not said[place].is_break, range(at + 1, len(said)))
    return any(options.sequence(said, place)[0] for place in after)


@functools.lru_cache(4_096)
def _listed_slip(word: str) -> frozenset[str]:
    """The lists of the word that a mistyped one is: its letters in another order, or of five or more one is wrong."""
    from rapidfuzz.distance import OSA

    if len(word) < 3 or not word.isalpha() or frequency(word) > RARE:
        return frozenset()
    begun = [other for other in phrases().words if other[0] == word[0] and abs(len(other) - len(word)) < 2]
    near = [other for other in begun if sorted(other) == sorted(word)]
    if not near and len(word) >= 5:
        near = [other for other in begun if OSA.distance(word, other, score_cutoff=1) <= 1]
    return lists_alone(near[0]) if len(near) == 1 else frozenset()


def _kind(at: int, texts: Sequence[str], lists: frozenset[str], first: bool, options: Options) -> str:
    """What a phrase does where it stands."""
    if first and (held := next((name for name in _AT_START if name in lists), None)):
        # "Monthly, when the invoice comes in" tells when.
        return "unknown" if at and texts[at] in ("when", "where") and texts[-1] != "?" else held
    after = texts[at + 1] if at + 1 < len(texts) else ""
    if texts[at] == "as" and len(lists) > 1 and not first and after not in _PRONOUNS:
        return "around"
    if held := next((name for name in _MARKS if name in lists), None):
        return held
    if "no" in lists:
        return "denial"
    if lists & {"around", "yes", "inverted"}:
        return "around"
    if {"degree_high", "degree_some"} & lists and not options.graded:
        return "around"
    return "unknown"


def _alone(token: Token, options: Options) -> str:
    """What a word is that no list holds."""
    if not token.is_word:
        return "unknown" if token.text in _SIGNS else "around"
    if any(token.text.startswith(one) and options.within(stem(token.text.removeprefix(one))) for one in _CONTRARY):
        return "denial"  # "unfamiliar"
    return "around" if stem(token.text) in options.topic or token.text in FUNCTION_WORDS - _WEIGHTY else "unknown"


_CONTRARY = ("un", "dis", "in", "im", "non", "ir")
TALK = frozenset(["around"])
# What follows "too" where it means "also".
_AFTER_TOO = words_of("for please and or i me if then pls plz with thanks")
# Signs of a formula: there is more to what is said than its words.
_SIGNS = frozenset("=<>^~\\$%")
# Grammar that changes what is said all the same.
_WEIGHTY = words_of("against few more most less least only other others another else until under over than")


def _wider(own: Sequence[Token], options: Options) -> frozenset[int]:
    """The options in which all telling words stand that are said."""
    held = [options.within(telling_form(token.text)) for token in own if options.within(telling_form(token.text))]
    return frozenset.intersection(*held) if held else frozenset()
