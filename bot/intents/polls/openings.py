"""How somebody asks for a poll of their own: "an anonymous poll for 2h: ...", "... make it a poll"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from bot.intents.polls.cues import doubtful_from
from bot.intents.polls.quotations import hold_quotes, is_quoted
from bot.intents.polls.requests import (
    ASKING,
    COLON,
    DEFINITE,
    DENIED,
    ENDS,
    FOR_SOME,
    GOING,
    HEADED_LAST,
    INDEFINITE,
    LAST,
    LEAD,
    LISTS,
    LONGEST_HEAD,
    LONGEST_LABEL,
    MOST_COLONS,
    NEW,
    NO_LABEL,
    NOUN,
    QUESTION_MARKS,
    TOPIC,
    VERBS,
    VOTE,
    WHOM,
    YES_NO,
)
from bot.intents.polls.terms import ASKED, CUTS, Term, is_held, read_terms, split_terms
from bot.intents.times.moments import MomentError, read_deadline


@dataclass(frozen=True)
class Opening:
    """What asks for a poll, and the text that it is about.

    `body` is that text, with what is quoted in it held as `held`. `is_plain` where a colon says that a question
    follows, `is_new` where words say that it is a poll of their own, `is_definite` for "the poll"; `yes_no` asks for
    these two options; `is_asked` for "make a poll", and not just "poll"; `is_address` for "poll
    the team". `after` where the request follows what it is about; `unread` is what was not understood of it.
    """

    terms: tuple[Term, ...]
    body: str
    held: tuple[str, ...]
    is_plain: bool = False
    is_new: bool = False
    is_definite: bool = False
    is_asked: bool = False
    is_address: bool = False
    yes_no: bool = False
    after: bool = False
    unread: tuple[str, ...] = ()


_ENDED = re.compile(r"\s*+[?!.]++\s++(?=\S)")


def read_opening(text: str, now: datetime, zone: str) -> Opening | None:
    """How `text` (tidy lines) asks for a poll; None where it does not."""
    rest, held = hold_quotes(text)
    for noun in islice(NOUN.finditer(rest), 3):
        if noun.start() > LONGEST_HEAD:
            break
        if opening := _first(rest, noun, tuple(held), now, zone):
            return opening
        if not ENDS.search(rest[: noun.start()]):
            break
    return _last(rest, tuple(held), now, zone) or _put_to_vote(rest, tuple(held), now, zone)


def begins_poll(text: str, now: datetime, zone: str) -> list[Term] | None:
    """How a poll of their own is to be held for which somebody asks, and says nothing yet of what it is about: "make an
    anonymous poll"; None where they do not.
    """
    opening, noun = read_opening(text, now, zone), NOUN.search(text, 0, LONGEST_HEAD)
    if opening is None or noun is None or opening.unread or opening.is_definite:
        return None
    said = {word.strip(CUTS).lower() for word in text[: noun.start()].split()}
    manner, _ = split_terms(text[: noun.start()], now, zone)
    if opening.held or not (said & INDEFINITE or manner or opening.is_address):
        return None
    tail = text[noun.end() :]
    for around in (GOING, WHOM):
        if match := around.match(tail):
            tail = tail[match.end() :]
    after = read_terms(tail.strip(f"{CUTS} "), now, zone)
    if after is None:
        return None
    return _joined(manner, after)


def after_poll(text: str) -> str:
    """What is said after "poll", without the marks around it; empty where there is no such word."""
    noun = NOUN.search(text, 0, LONGEST_HEAD)
    return text[noun.end() :].strip(f"{CUTS} ") if noun else ""


def _first(text: str, noun: re.Match[str], held: tuple[str, ...], now: datetime, zone: str) -> Opening | None:
    """A poll that is asked for first, perhaps after a quoted question."""
    before = text[: noun.start()]
    ends = list(ENDS.finditer(before))
    pre, head = ("", before) if not ends else (before[: ends[-1].end()], before[ends[-1].end() :])
    if pre.strip() and not is_quoted(pre) and read_terms(pre, now, zone) is None and _asking(pre):
        return None
    yes_no = YES_NO.search(head) is not None
    head = re.sub(r"(?:secret )$", "secret ", head)
    if noun[0].lower() == "secret ballot":
        head += "secret"
    terms, others = split_terms(YES_NO.sub(" ", head).replace(",", " , "), now, zone)
    said = [word for word in others if word not in ASKING and not _is_slip(word)]
    doubted = [word for word in said if word in DENIED or doubtful_from(word, [], "") is not None]
    if said and is_moment(" ".join(said), now, zone):
        # "tomorrow at 9am start a poll": polls open at once.
        doubted = [" ".join(said)]
        labels = []
    else:
        labels = [word for word in said if word not in doubted]
    tail = text[noun.end() :]
    if ended := _ENDED.match(tail):
        # "could you open a poll? Where do we eat: ...": the mark belongs to the request.
        tail = tail[ended.end() :]
    if going := GOING.match(tail):
        tail = tail[going.end() :]
    whom = WHOM.match(tail)
    if whom:
        tail = tail[whom.end() :]
    more, body, is_plain, unread = _headed(tail, terms, now, zone)
    if labels and not (is_plain and len(labels) <= LONGEST_LABEL and NO_LABEL.isdisjoint(labels)):
        return None
    if doubted and not is_plain and not body.strip():
        return None
    pre_terms = read_terms(pre, now, zone) if pre.strip() else []
    if pre_terms is None:
        body = f"{pre} {body}"
    asked = set(others)
    return Opening(
        (*(pre_terms or ()), *_joined(terms, more)),
        body if pre_terms is None else LEAD.sub("", body, count=1),
        held,
        is_plain,
        is_new=bool(asked & NEW) or yes_no,
        is_definite=not asked.isdisjoint(DEFINITE) and not asked & {"a", "an"},
        is_asked=not asked.isdisjoint(VERBS),
        is_address=whom is not None and noun["verb"] is not None,
        yes_no=yes_no,
        unread=(*doubted, *unread),
    )


def is_moment(text: str, now: datetime, zone: str) -> bool:
    """Whether `text` is nothing but a moment."""
    try:
        read_deadline(text.strip(f"{CUTS} "), now, zone)
    except MomentError as error:
        return error.understood
    return True


def _asking(text: str) -> bool:
    """Whether there is more in `text` than what a request is made of."""
    return any(word.strip(f"{CUTS} ").lower() not in ASKING for word in text.split() if word.strip(f"{CUTS} "))


def _is_slip(word: str) -> bool:
    from rapidfuzz.distance import OSA

    return len(word) > 3 and any(OSA.distance(word, verb, score_cutoff=1) <= 1 for verb in VERBS if len(verb) > 3)


def _last(text: str, held: tuple[str, ...], now: datetime, zone: str) -> Opening | None:
    """A poll that is asked for after what it is about."""
    for end in list(ENDS.finditer(text))[-2:]:
        match = LAST.match(text, end.end())
        if match is None:
            continue
        left = text[match.end() :].strip(f"{CUTS} ")
        after = read_terms(left, now, zone)
        manner, others = split_terms(match["manner"] or "", now, zone)
        others = [word for word in others if word not in ASKING]
        body = text[: end.end()]
        if not (set(body) & set(QUESTION_MARKS) or is_quoted(body) or ":" in body or " is " in body):
            continue
        unread = (*others, *([left] if after is None else []))
        return Opening((*manner, *(after or ())), body, held, after=True, is_new=True, unread=unread)
    return None


def _put_to_vote(text: str, held: tuple[str, ...], now: datetime, zone: str) -> Opening | None:
    """A poll that is asked for by what people are to do: "let the team vote on ...", "ask everyone: ..."."""
    match = VOTE.search(text, 0, LONGEST_HEAD)
    before = read_terms(text[: match.start()], now, zone) if match else None
    if match is None or before is None:
        return None
    terms, body, _, unread = _headed(text[match.end() :], [], now, zone)
    return Opening((*before, *terms), LEAD.sub("", body, count=1), held, after=True, is_new=True, unread=unread)


def _joined(manner: list[Term], terms: list[Term]) -> list[Term]:
    """Terms before and after "poll"; "weekly ... on Fridays at 15:00" says one thing in two places."""
    again = any(term.kind == "repeats" for term in terms)
    return [term for term in manner if not (again and _is_adjective(term))] + terms


def _is_adjective(term: Term) -> bool:
    """Whether a term says how often in one word: "weekly"."""
    return term.kind == "repeats" and term.said.split()[-1].lower() in ASKED


def _without_lead(text: str) -> str:
    """`text` without the word at its end that leads to a question."""
    text = text.rstrip(" ,")
    return text[: last.start()].rstrip(" ,") if (last := HEADED_LAST.search(text)) else text


def _headed(text: str, manner: list[Term], now: datetime, zone: str) -> tuple[list[Term], str, bool, tuple[str, ...]]:
    """The terms before the question, what comes after them, whether a colon says that a question follows, and what of
    it was not understood.
    """
    asked = re.search(f"[{QUESTION_MARKS}\n\ue000-\uf8ff]", text)
    end = asked.start() if asked else len(text)
    often = next((term.said.split()[-1] for term in manner if _is_adjective(term)), None)
    for colon in islice(COLON.finditer(text, 0, end), MOST_COLONS):
        before = text[: colon.start()]
        said = _without_lead(before)
        terms = read_terms(said, now, zone, apart=True)
        if terms is None and often and (whole := read_terms(f"{often} {said.strip()}", now, zone)):
            terms = whole
        if terms is None and said.strip() and not _asking(said):
            terms = []  # "poll real quick: ..."
        if terms is not None:
            return terms, text[colon.end() :], True, ()
        for topic in islice(TOPIC.finditer(said), 3):
            # "every other Thursday at 2pm about lunch: ..."
            if topic.start() and (terms := read_terms(said[: topic.start()], now, zone)):
                return terms, text[topic.start() :], False, ()
        if FOR_SOME.fullmatch(said) or is_moment(said, now, zone):
            return [], text[colon.end() :], True, (said.strip(f"{CUTS} "),)
        bare = LEAD.sub("", said, count=1)
        if (
            bare.strip() != said.strip(f"{CUTS} ")
            and not LISTS.search(bare)
            and set(text[colon.end() :]) & set(QUESTION_MARKS)
        ):
            # "poll about lunch: where do we eat?"
            return [], text[colon.end() :], True, (said.strip(f"{CUTS} "),)
        if doubtful_from(bare, [], "") is not None and not is_quoted(said) and not LISTS.search(said):
            # "poll for finance only: ...": what is said of the poll is not understood.
            return [], text[colon.end() :], True, (said.strip(f"{CUTS} "),)
    if asked and is_held(asked[0]) and (terms := read_terms(LEAD.sub("", text[:end], count=1), now, zone)):
        return terms, text[end:], False, ()
    if asked and (found := _until_question(text[:end], now, zone)):
        return found[0], text[found[1] :], False, ()
    return [], text, False, ()


_ASKS = re.compile(
    r"(?<!\w)(?:what|which|who|whom|where|when|why|how|do|does|did|is|are|shall|should|will|would|can"
    r"|could|may|have|has)\b"
    r"|(?:asking|about|called|titled|question|:)\s+",
    re.IGNORECASE,
)


def _until_question(text: str, now: datetime, zone: str) -> tuple[list[Term], int] | None:
    """The terms before a question in `text`, and where it begins: "poll for 2h, what's for lunch" """
    for match in islice(_ASKS.finditer(text), 4):
        said = _without_lead(text[: match.start()])
        if said.strip(f"{CUTS} ") and (terms := read_terms(said, now, zone)):
            return terms, match.start() if match[0][-1:].strip() else match.end()
    return None
