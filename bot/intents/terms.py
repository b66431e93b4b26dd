"""How a poll is held, as people say it: anonymous, several choices, hidden results, until when, how often."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Literal

from bot.intents.days import mended, read_duration
from bot.intents.moments import MomentError, read_deadline, read_recurrence
from bot.store import Draft

Kind = Literal["anonymous", "several", "hidden", "closes", "repeats", "remind", "courtesy"]

# Longer than any term.
LONGEST_TERM = 90
# What a term may be cut off by from what is before it.
CUTS = ",;|/.()\n!?-–—"
# What cuts off even a single word that could be an option.
_PLAIN_CUTS = ";|.(\n!?"

_VOTES = r"(?:votes?|voting|ballot|poll)"
_SO_MANY = r"(?:choices?|answers?|selections?|select|options?|votes?)"
_RESULTS = r"(?:the |all )?(?:results?|votes|counts|tally)"
_CLOSE = r"(?:the )?(?:close|closing|end|poll (?:closes|ends)|it (?:closes|ends|is closed))"
_UNTIL_CLOSE = rf"(?: (?:until|till|before) {_CLOSE})?"
_SAID: tuple[tuple[Kind, bool, str], ...] = (
    ("anonymous", True, rf"(?:make it |fully |strictly )?(?:anonymous(?:ly)?|anon|secret(?:ly)?)(?: {_VOTES})?"),
    ("anonymous", True, r"(?:without|no) names?"),
    ("anonymous", False, rf"(?:not |non-?)anonymous|named(?: {_VOTES})?|with names|(?:show|shown) (?:the )?names"),
    ("several", True, rf"(?:multiple|several|multi|many|more than one)[ -]?{_SO_MANY}(?: (?:allowed|possible|each))?"),
    ("several", True, r"multiple|several|(?:choose|pick|select) (?:several|many|all that apply|more than one)"),
    ("several", False, rf"(?:single|one|1|only one)[ -]?{_SO_MANY}(?: (?:only|each|per person))?|single"),
    ("several", False, r"(?:choose|pick|select) (?:only )?one"),
    ("hidden", True, rf"(?:(?:keep |with )?{_RESULTS} )?(?:(?:are|stay|kept) )?hidden(?: {_RESULTS})?{_UNTIL_CLOSE}"),
    ("hidden", True, rf"(?:hide|withhold) {_RESULTS}{_UNTIL_CLOSE}|no live {_RESULTS}"),
    ("hidden", True, rf"(?:(?:show )?{_RESULTS} (?:are )?(?:shown )?(?:only )?|shown (?:only )?)(?:after|at) {_CLOSE}"),
    ("hidden", False, rf"(?:with )?live(?: {_RESULTS})?|show {_RESULTS}(?: live)?|shown while it is open"),
    ("hidden", False, rf"(?:show )?{_RESULTS} (?:are )?(?:live|visible|open|shown|not hidden)(?: while it is open)?"),
    ("courtesy", True, r"(?:yes )?(?:please|pls|plz|thanks|thank you|thx|cheers)(?: (?:a lot|you|all))?"),
)
_TERMS = tuple((kind, value, re.compile(pattern)) for kind, value, pattern in _SAID)
_REMINDER = re.compile(
    r"(?:with )?(?:a )?remind(?:er)?s?(?: (?:us|me|everybody|everyone|people|them|all))?[ :]*(?:at |comes |of )?"
    r"(?P<lead>.+?)(?: (?:before(?:hand)?|earlier|ahead)(?: .{0,30})?)?"
)
_NO_REMINDER = re.compile(r"(?:no|without(?: a| any)?|don'?t|do not) remind(?:ers?|ing)?(?: (?:us|me|anybody|anyone))?")
_CLOSES = re.compile(
    r"(?:for|until|untill|till?|by|(?:it |and )?(?:closes?|closing|ends?|ending|open)|in|within|deadline)\b"
)
_REPEATS = re.compile(
    r"(?:(?:and )?repeat\w*|recurring|once|on the|every|each|daily|weekly|monthly|yearly|annually|fortnightly|biweekly"
    r"|bi-weekly|quarterly|hourly|twice|(?:mon|tues|wednes|thurs|fri|satur|sun|week)(?:day|end)s)\b"
)
_WORD = re.compile(r"(?<![\w'’:-])\w")
# Single words that are an option of somebody's own as often as a term.
_WEAK = frozenset(["secret", "named", "single", "several", "multiple", "hidden", "live", "anon"]) | {
    *("daily", "weekly", "monthly", "yearly", "quarterly", "fortnightly", "biweekly")
}
# Slips in the words of terms.
_SLIPS = ("anonymous", "multiple", "several", "choice", "choices", "hidden", "results", "reminder", "remind", "secret")


@dataclass(frozen=True)
class Term:
    """One term: `value` is what a draft holds for it; `problem` is the sentence where it cannot be held so."""

    kind: Kind
    value: bool | timedelta | datetime | str | None = None
    problem: str | None = None


def read_term(text: str, now: datetime, zone: str) -> Term | None:
    """The one term that `text` is; None where it is none."""
    said = _mended(text)
    if not said or len(said) > LONGEST_TERM:
        return None
    for kind, value, pattern in _TERMS:
        if pattern.fullmatch(said):
            return Term(kind, value)
    if _NO_REMINDER.fullmatch(said):
        return Term("remind", timedelta())
    if match := _REMINDER.fullmatch(said):
        lead = read_duration(match["lead"], now)
        return None if lead is None else Term("remind", lead)
    repeats = _REPEATS.match(said) is not None
    try:
        if repeats:
            return Term("repeats", read_recurrence(said, now, zone).rule)
        return Term("closes", read_deadline(said, now, zone)) if _CLOSES.match(said) else None
    except MomentError as error:
        return Term("repeats" if repeats else "closes", problem=str(error)) if error.understood else None


def _mended(text: str) -> str:
    return re.sub(r"[a-z]{5,}", lambda word: _mend(word[0]), mended(text.strip(f"{CUTS} ")))


@lru_cache(maxsize=4096)
def _mend(word: str) -> str:
    from rapidfuzz.distance import OSA

    near = [known for known in _SLIPS if OSA.distance(word, known, score_cutoff=1) <= 1]
    return word if word in _SLIPS or not near else near[0]


def peel(text: str, now: datetime, zone: str, sure: bool = True) -> tuple[str, Term, str] | None:
    """What is before the last term of `text`, that term, and what cuts it off: one of CUTS, "" for a mere space.

    The longest term that can be read. Where it must be `sure`, a single word that could be an option as well has to be
    cut off by more than a comma. None where `text` does not end in a term.
    """
    found = None
    for word in reversed(list(_WORD.finditer(text, max(0, len(text) - LONGEST_TERM)))):
        before, said = text[: word.start()], text[word.start() :]
        kept = before.rstrip()
        is_cut = not kept or kept[-1] in _PLAIN_CUTS or is_held(kept[-1])
        if sure and not is_cut and said.strip(f"{CUTS} ").lower() in _WEAK:
            continue
        term = read_term(said, now, zone)
        if term and (found is None or term.problem is None):
            found = before, term, kept[-1:] if kept[-1:] in CUTS else ""
    return found


def is_held(character: str) -> bool:
    """Whether a character stands for something that was quoted: one for private use."""
    return "\ue000" <= character <= "\uf8ff"


def read_terms(text: str, now: datetime, zone: str) -> list[Term] | None:
    """The terms that `text` is made of, in their order; None where something is no term, or a kind comes twice."""
    terms: list[Term] = []
    while rest := text.strip(f"{CUTS} &+").removesuffix(" and"):
        peeled = peel(rest, now, zone, sure=False)
        if peeled is None or peeled[1].kind in {term.kind for term in terms}:
            return None
        text, term, _ = peeled
        terms.insert(0, term)
    return terms


def split_terms(text: str, now: datetime, zone: str) -> tuple[list[Term], list[str]]:
    """The terms in `text`, and its other words in lower case: what stands before "poll"."""
    terms, others = list[Term](), list[str]()
    left = text.lower().split()
    while left:
        sizes = (size for size in (4, 3, 2, 1) if read_term(" ".join(left[:size]), now, zone))
        if size := next(sizes, 0):
            terms += filter(None, [read_term(" ".join(left[:size]), now, zone)])
        else:
            others.append(left[0].strip(CUTS))
        left = left[size or 1 :]
    return terms, others


def held_to(draft: Draft, terms: Iterable[Term]) -> Draft:
    """`draft` with the terms that have no problem."""
    for term in terms:
        match term:
            case Term("anonymous", bool(value)):
                draft = replace(draft, anonymous=value)
            case Term("several", bool(value)):
                draft = replace(draft, several=value)
            case Term("hidden", bool(value)):
                draft = replace(draft, hidden=value)
            case Term("closes", timedelta() as value):
                draft = replace(draft, lasts=value, until=None)
            case Term("closes", datetime() as value):
                draft = replace(draft, until=value, lasts=None)
            case Term("repeats", str(value)):
                draft = replace(draft, rule=value)
            case Term("remind", timedelta() as value):
                draft = replace(draft, remind=value)
    return draft
