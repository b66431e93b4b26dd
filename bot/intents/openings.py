"""How somebody begins to describe a poll of their own: "an anonymous poll for 2h: ..."."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from bot.intents.listings import QUESTION_MARKS, hold_quotes, is_quoted
from bot.intents.terms import Term, read_terms, split_terms
from knowledge.words import words_of

_POLITE = r"(?:(?:hey|hi|hello|ok|okay|so|please|pls|now|and|then|bot)[,!]? )*"
_ASKING = (
    r"(?:(?:can|could|would|will) (?:you|we|i) (?:please )?|let'?s "
    r"|(?:i|we)(?:'d| would)? (?:like|want|need)(?: to)? )?"
)
_VERB = r"(?:(?:start|create|make|open|run|launch|post|begin|do|hold|set up|add|put up|have)(?: up)? (?:me |us )?)?"
_OPENING = re.compile(
    rf"{_POLITE}{_ASKING}{_VERB}(?P<article>(?:an?|another|the|this|our|my) )?(?P<new>(?:brand )?new |own )?"
    r"(?P<manner>[^\n:?\"“„«|]{0,60}?)\bpol+\b(?!\s+(?:results?|status|is|was|has|says?|number|#?\d+)\b)",
    re.IGNORECASE,
)
_YES_NO = re.compile(r"\byes(?:\s*/\s*|[- ]or[- ]|-)no\b", re.IGNORECASE)
_LEAD = re.compile(
    r"[\s,.–—-]*(?:(?:about|on|asking|called|named|titled|with|and)\b\s*)?(?:the )?(?:(?:question|title)\b:?\s*)?",
    re.IGNORECASE,
)
_COLON = re.compile(r"^\s*[:\uff1a]|(?<!\d)[:\uff1a]|[:\uff1a](?!\d)")
# "team lunch poll: ..." is a poll of one's own; "results of the poll: ..." is not.
LONGEST_LABEL = 3
_NO_LABEL = words_of(
    """the a this that these of in on for about to from is are was does did do can what which who when how why where
    show list result results close stop end open reopen edit change delete cancel export remind repeat vote voted"""
)


@dataclass(frozen=True)
class Opening:
    """What is said before the question, and what follows it.

    `body` is what follows, with what is quoted in it held as `held`. `is_plain` where a colon says that a question
    follows, `is_new` where words say that it is a poll of their own, `is_definite` for "the poll"; `yes_no` asks for
    these two options.
    """

    terms: tuple[Term, ...]
    body: str
    held: tuple[str, ...]
    is_plain: bool
    is_new: bool
    is_definite: bool
    yes_no: bool


def read_opening(text: str, now: datetime, zone: str) -> Opening | None:
    """How `text` (tidy lines) begins to describe a poll; None where it does not."""
    match = _OPENING.match(text)
    if match is None:
        return None
    yes_no = _YES_NO.search(match["manner"]) is not None
    manner, labels = split_terms(_YES_NO.sub(" ", match["manner"]), now, zone)
    rest, held = hold_quotes(text[match.end() :])
    terms, body, is_plain = _headed(rest, now, zone)
    if labels and not (is_plain and len(labels) <= LONGEST_LABEL and _NO_LABEL.isdisjoint(labels)):
        return None
    return Opening(
        (*manner, *terms),
        _LEAD.sub("", body, count=1),
        tuple(held),
        is_plain,
        is_new=bool(match["new"]) or yes_no,
        is_definite=(match["article"] or "").strip().lower() in ("the", "this"),
        yes_no=yes_no,
    )


def _headed(text: str, now: datetime, zone: str) -> tuple[list[Term], str, bool]:
    """The terms before the question, what comes after them, and whether a colon says that a question follows."""
    asked = re.search(f"[{QUESTION_MARKS}\n\ue000-\uf8ff]", text)
    end = asked.start() if asked else len(text)
    for colon in _COLON.finditer(text, 0, end):
        terms = read_terms(text[: colon.start()], now, zone)
        if terms is not None:
            return terms, text[colon.end() :], True
    if asked and is_quoted(asked[0]) and (terms := read_terms(text[:end], now, zone)):
        return terms, text[end:], False
    return [], text, False
