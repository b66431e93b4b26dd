"""How a poll is held, as people say it: anonymous, several choices, hidden results, until when, how often."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.intents.polls.wordings import (
    ANSWERED,
    CLOSES,
    COUNTED,
    HAS_UNTIL,
    NO_REMINDER,
    PLAINLY_CLOSES,
    REMINDER,
    REMINDER_LAST,
    REPEATS,
    TERMS,
    Kind,
    plain_wording,
)
from bot.intents.times.days import read_duration
from bot.intents.times.moments import MomentError, read_deadline, read_recurrence
from bot.store import Draft

# Longer than any term, in characters.
LONGEST_TERM = 110
# So many words before "poll" can be one term: "that closes on the first of December".
MOST_WORDS = 9
# What a term may be cut off by from what is before it.
CUTS = ",;|/.()\n!?-–—:"
# What cuts off even a single word that could be an option.
PLAIN_CUTS = ";|.(\n!?"
_BETWEEN = re.compile(r"(?:\s|[,;.!&+:()–—-])+(?:(?:and|but|also|plus|as well as)(?=\s|$)(?:\s|[,;&+:-])*)?", re.I)
_APART = r"[\s,;.!&+:()–—-]"
_TRAILING_JOIN = re.compile(rf"(?<!{_APART}){_APART}*+(?:(?<![^\W_])(?:and|but|also|plus){_APART}*+)?\Z", re.I)
_WORD = re.compile(r"(?<![\w'’:-])\w")
# Single words that are an option of somebody's own as often as a term.
WEAK = frozenset(["live", "go", "ta", "ty", "cheers"])
# The same, of which it is asked: how people vote should not depend on a guess.
ASKED = frozenset(["secret", "named", "single", "several", "multiple", "hidden", "confidential"]) | {
    *("daily", "weekly", "monthly", "yearly", "quarterly", "fortnightly", "biweekly")
}
# "by 6" may be in the morning or in the evening.
_WHICH_HALF = re.compile(
    r"(?:.*\s)?(?:at|by|until|till?|before|@)\s(?P<hour>\d{1,2})(?:\so'?clock)?(?:\s(?:today|tonight|tomorrow|on \w+))?"
)


@dataclass(frozen=True)
class Term:
    """One term: `value` is what a draft holds for it; `problem` is the sentence where it cannot be held so; `said` is
    how it was put, `sure` where that can be read in one way only.
    """

    kind: Kind
    value: bool | timedelta | datetime | str | None = None
    problem: str | None = None
    said: str = ""
    sure: bool = True


def read_term(text: str, now: datetime, zone: str) -> Term | None:
    """The one term that `text` is, wholly; None where it is none, or more than one."""
    if not text or len(text) > LONGEST_TERM:
        return None
    said = plain_wording(text.strip(f"{CUTS} "))
    found = _read(said, now, zone)
    if found is None and (match := ANSWERED.fullmatch(said)):
        # "multiple choice: yes", "anonymous: no"
        found = _read(match["what"], now, zone)
        yes = match["answer"] in ("yes", "true", "on", "enabled")
        if found and isinstance(found.value, bool):
            found = replace(found, value=found.value == yes)
        elif not yes:
            found = None
    return replace(found, said=text.strip(f"{CUTS} "), sure=_is_sure(found, said)) if found else None


def _is_sure(term: Term, said: str) -> bool:
    if COUNTED.fullmatch(said):
        return False
    hour = _WHICH_HALF.fullmatch(said) if term.kind == "closes" else None
    return hour is None or not 1 <= int(hour["hour"]) < 12


def _read(said: str, now: datetime, zone: str) -> Term | None:
    for kind, value, pattern in TERMS:
        if pattern.fullmatch(said):
            return Term(kind, value)
    if COUNTED.fullmatch(said):
        return Term("several", True)
    if NO_REMINDER.fullmatch(said):
        return Term("remind", timedelta())
    for reminder in (REMINDER, REMINDER_LAST):
        if (match := reminder.fullmatch(said)) and (lead := read_duration(match["lead"], now)) is not None:
            return Term("remind", lead)
    if match := REPEATS.fullmatch(said):
        try:
            return Term("repeats", read_recurrence(match["rule"], now, zone).rule)
        except MomentError as error:
            return Term("repeats", problem=str(error)) if error.understood else None
    for pattern in (CLOSES, HAS_UNTIL):
        if (match := pattern.fullmatch(said)) and (term := _deadline(match["when"], now, zone)):
            return term
    return _deadline(said, now, zone) if PLAINLY_CLOSES.match(said) else None


def _deadline(when: str, now: datetime, zone: str) -> Term | None:
    try:
        return Term("closes", read_deadline(when, now, zone))
    except MomentError as error:
        return Term("closes", problem=str(error)) if error.understood else None


def peel(text: str, now: datetime, zone: str, sure: bool = True, apart: bool = False) -> tuple[str, Term, str] | None:
    """What is before the last term of `text`, that term, and what cuts it off: one of CUTS, "" for a mere space.

    The longest term that can be read. Where it must be `sure`, a single word that could be an option as well has to be
    cut off by more than a comma. What stands `apart` may be a bare duration. None where `text` does not end in a term.
    """
    found = None
    for word in reversed(list(_WORD.finditer(text, max(0, len(text) - LONGEST_TERM)))):
        before, said = text[: word.start()], text[word.start() :]
        kept = before.rstrip()
        is_cut = not kept or kept[-1] in (CUTS if apart else PLAIN_CUTS) or is_held(kept[-1])
        if sure and not is_cut and said.strip(f"{CUTS} ").lower() in WEAK | ASKED:
            continue
        term = read_term(said, now, zone) or (_how_long(said, now) if apart and is_cut else None)
        if term and (found is None or term.problem is None):
            found = before, term, kept[-1:] if kept[-1:] in CUTS else ""
    return found


def may_be_option(terms: Sequence[Term], said: str, mark: str) -> bool:
    """Whether what reads as a term is hardly said so after a `mark`: "yes / no / for 2h", "yes, no, every week"."""
    rhythm = all(term.kind == "repeats" for term in terms) and not any(map(str.isdigit, said))
    return mark == "/" or (mark == "," and rhythm)


def is_held(character: str) -> bool:
    """Whether a character stands for something that was quoted: one for private use."""
    return "\ue000" <= character <= "\uf8ff"


def read_terms(text: str, now: datetime, zone: str, apart: bool = False) -> list[Term] | None:
    """The terms that `text` is made of, in their order; None where something is no term.

    Of a text that stands `apart` from all options a bare duration ("2 hours") is one.
    """
    terms: list[Term] = []
    while rest := _TRAILING_JOIN.sub("", text[-4 * LONGEST_TERM :]).lstrip(f"{CUTS} &+"):
        if len(text) > 4 * LONGEST_TERM:
            return None
        peeled = peel(rest, now, zone, sure=False, apart=apart)
        if peeled is None:
            return None
        text, term, _ = peeled
        terms.insert(0, term)
    return terms


def split_terms(text: str, now: datetime, zone: str) -> tuple[list[Term], list[str]]:
    """The terms in `text`, and its other words in lower case: what stands before "poll"."""
    terms, others = list[Term](), list[str]()
    left = text.split()
    while left:
        size = 0
        for size in range(min(MOST_WORDS, len(left)), 0, -1):
            said = " ".join(left[:size])
            term = read_term(said, now, zone) or _how_long(said, now)
            if term:
                terms.append(term)
                break
        else:
            size = 1
            others.append(left[0].strip(CUTS).lower())
        left = left[size:]
    return terms, [word for word in others if word]


def _how_long(text: str, now: datetime) -> Term | None:
    """How long a poll is open, as an adjective says it: "24h", "two-hour", "2-day long"."""
    lasts = read_duration(re.sub(r"[\s-]+", " ", text).removesuffix(" long").strip(f"{CUTS} "), now)
    return Term("closes", lasts, said=text) if lasts else None


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
