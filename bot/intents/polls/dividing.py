"""What a poll is about, divided: its question, its options, its settings, and what was not understood."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from bot.intents.polls.cues import doubtful_from
from bot.intents.polls.listings import Listed, Lister
from bot.intents.polls.quotations import is_quoted
from bot.intents.polls.requests import QUESTION_MARKS
from bot.intents.polls.separators import HELD, pieces_of, sentences
from bot.intents.polls.terms import CUTS, Term, is_held

_QUESTION_MARK = re.compile(rf"(?<![{QUESTION_MARKS}])[{QUESTION_MARKS}]++(?=\s|$|{HELD}|[)\]])")
_BOUND = (
    rf"(?:(?:^|(?<=[\n.;,!:{QUESTION_MARKS}–—-])|(?<={HELD}))\s{{0,2}}|(?<=\w)\s{{1,2}}(?=(?:with|on|for|and|using)\s))"
)
_LABEL = re.compile(
    rf"{_BOUND}(?:(?:(?P<joined>(?:(?:with|on|for|and|using|as|to)\s{{1,2}}){{0,2}}(?:(?:the|my|our|these"
    rf"|following|possible|answer)\s{{1,2}}){{1,3}}|with\s{{1,2}}))"
    r"(?:(?P<question>question|title)|(?P<options>options?|choices?|answers?|alternatives))(?:\s{1,2}(?:is"
    r"|are|being)\b)?(?:\s{0,2}[:=])?(?=\s|[\ue000-\uf8ff])"
    r"|(?:and )?(?:(?P<question_is>question|title|topic|q(?=\s{0,2}:))|(?P<options_are>options?|choices?|answers?"
    rf"|alternatives))(?:\s{{1,2}}(?:is|are|being)\b\s{{0,2}}+:?|\s{{0,2}}+[:=]|\s{{1,2}}(?={HELD})))\s{{0,2}}",
    re.IGNORECASE,
)
# What leads to the options of a question that was announced as one.
_THEN_OPTIONS = re.compile(
    rf"(?:^|[,.;–—-]\s{{0,2}}|(?<=[\s{QUESTION_MARKS}])|(?<={HELD})\s{{0,2}})(?:and\s)?(?:options?|choices?|answers?)"
    rf"\s{{1,2}}(?!or\b|and\b)(?=\w|{HELD})",
    re.IGNORECASE,
)
# Where a question may begin, after something else on its line.
_BEGINS = re.compile(rf"[.!;\n]\s+|\s[-–—]+\s|(?<!\d):\s*|\n|[{QUESTION_MARKS}]\s+")
_COLON = re.compile(r"(?<!\d)[:\uff1a]|[:\uff1a](?!\d)")
_DASH = re.compile(r"(?<!\s)\s+[-–—]+\s+")
_ASKING = re.compile(
    r"(?<!\w)(?:what|which|who|whom|whose|where|when|why|how|do|does|did|is|are|was|were|shall|should"
    r"|will|would|can|could|may|has|have|am)(?!\w)",
    re.IGNORECASE,
)
_NAMES_FROM = re.compile(r"[,:]\s+|\s[-–—]+\s")
# A quotation that words before it make the question.
_LED = re.compile(rf"\b(?:to|for|on|about|question|asking|is)[\s:]{{1,3}}({HELD})", re.IGNORECASE)
# More words make no option of a question such as "tea or coffee?".
LONGEST_CHOICE = 3


@dataclass
class Divided:
    """The parts of a poll as they were said, quotations held."""

    question: str = ""
    options: list[str] = field(default_factory=list)
    terms: list[Term] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    # Whether something after the question was taken for options.
    listed: bool = False

    def take(self, listed: Listed) -> None:
        """What was listed, as the options where there are none yet."""
        if listed.options and not self.options:
            self.options, self.listed = listed.options, True
        elif listed.options:
            self.unread.append(", ".join(listed.options))
        self.terms += listed.terms
        self.unread += listed.unread


def divide(body: str, now: datetime, zone: str, asks: str = "") -> Divided:
    """The question, the options and the settings in `body`, and whatever is none of these.

    `asks` is the one held quotation that is a question, if there is one.
    """
    body = re.sub(r"\s(?:[:;]-?[)D]|\U0001f64f|<3)\s*$", "", body.strip())
    if asks and sum(map(is_held, body)) > 2 and (led := _LED.search(body)) and led[1] == asks:
        found = Divided(asks)
        found.take(Lister(asks, now, zone).read(body.replace(asks, " ", 1), introduced=True))
        return found
    labels = list(_LABEL.finditer(body))
    if not labels:
        return _plain(body, now, zone)
    found = Divided()
    free = [body[: labels[0].start()]]
    options = ""
    for label, after in zip(labels, [*labels[1:], None], strict=True):
        text = body[label.end() : after.start() if after else len(body)]
        if label["question"] or label["question_is"]:
            if len(labels) == 1 and (led := _THEN_OPTIONS.search(text)):
                text, options = text[: led.start()], text[led.end() :]
            if found.question:
                found.unread.append(text.strip(f"{CUTS} "))
            else:
                found.question, rest = _question_in(text)
                free.append(rest)
        elif options:
            found.unread.append(text.strip(f"{CUTS} "))
        else:
            options = text
    rest = "\n".join(filter(str.strip, free))
    if not found.question and options:
        found.question, rest = _question_amid(rest)
    elif not found.question:
        return _plain(rest, now, zone)
    found.question, aside = _begun(found.question, now, zone)
    lister = Lister(found.question, now, zone)
    if aside:
        _aside(aside, lister, found, may_list=False)
    if options:
        found.take(lister.read(options, introduced=True))
    if rest.strip(f"{CUTS} \n"):
        _aside(rest, lister, found, may_list=not found.options)
    return found


def _question_amid(text: str) -> tuple[str, str]:
    """The question in `text`, whose options stand elsewhere, and what is beside it."""
    if not (asked := _QUESTION_MARK.search(text)):
        return _question_in(text)
    starts = [one.end() for one in _BEGINS.finditer(text, 0, asked.start())]
    start = starts[-1] if starts else 0
    return text[start : asked.end()].strip(), f"{text[:start]}\n{text[asked.end() :]}"


def _question_in(text: str) -> tuple[str, str]:
    """The question at the beginning of `text`, and what follows it."""
    text = text.strip()
    if text[:1] and is_held(text[0]):
        return text[0], text[1:]
    asked = _QUESTION_MARK.search(text)
    line = text.find("\n")
    if asked and (line < 0 or asked.end() <= line):
        return text[: asked.end()], text[asked.end() :]
    if line >= 0:
        return text[:line].strip(" :"), text[line:]
    return text.strip(" .,;:"), ""


def _aside(text: str, lister: Lister, found: Divided, may_list: bool) -> None:
    """What stands beside the question: settings, options where there are none yet, or nothing that is understood."""
    for line in text.splitlines():
        for one in sentences(line):
            said = one.strip(f"{CUTS} ")
            if not said:
                continue
            terms = lister.terms(said, apart=True)
            if terms is not None:
                found.terms += terms
            elif may_list and not found.options and len((listed := lister.read(one, introduced=False)).options) > 1:
                found.take(listed)
            else:
                found.unread.append(said)


def _plain(body: str, now: datetime, zone: str) -> Divided:
    """A body without labels."""
    if body[:1] and is_held(body[0]):
        return _quoted(body, now, zone)
    asked = _QUESTION_MARK.search(body)
    line = body.find("\n")
    if asked and line >= 0 and asked.start() > line and _first_line_asks(body, line, now, zone):
        asked = None
    if asked:
        return _asked(body, asked, now, zone)
    question, listed = _stated(body, now, zone)
    found = Divided(question)
    lister = Lister(question, now, zone)
    if listed.strip():
        found.take(lister.read(listed))
    elif question and not is_quoted(question):
        # Nothing but a list, or nothing but settings.
        alone = Lister("", now, zone).read(question)
        if len(alone.options) > 1:
            found = Divided("")
            found.take(alone)
        elif terms := lister.terms(question):
            found = Divided("", terms=terms)
    return found


def _first_line_asks(body: str, line: int, now: datetime, zone: str) -> bool:
    """Whether the first line is the question, though only a later one has a question mark."""
    first = body[:line]
    return bool(first.strip(f"{CUTS} ")) and Lister("", now, zone).terms(first) is None


def _quoted(body: str, now: datetime, zone: str) -> Divided:
    """A body that begins with a quotation: the question."""
    rest = body[1:]
    found = Divided(body[0])
    lister = Lister(body[0], now, zone)
    if rest.strip(f"{CUTS} "):
        found.take(lister.read(rest))
    return found


def _asked(body: str, asked: re.Match[str], now: datetime, zone: str) -> Divided:
    """A body with a question mark: before its question may stand settings, options or more of the question."""
    before = body[: asked.end()]
    starts = [one.end() for one in _BEGINS.finditer(before) if one.end() < asked.start()]
    start = starts[-1] if starts else 0
    question, pre, post = before[start:].strip(), before[:start].strip(), body[asked.end() :]
    question, aside = _begun(question, now, zone)
    found = Divided(question)
    lister = Lister(question, now, zone)
    if aside:
        _aside(aside, lister, found, may_list=False)
    if post.strip(f"{CUTS} \n"):
        found.take(lister.read(post))
    if pre.strip(f"{CUTS} "):
        _before(pre, body[: asked.end()], lister, found)
    if not found.options and (choices := _offered(question)):
        found.options = choices
    return found


def _begun(question: str, now: datetime, zone: str) -> tuple[str, str]:
    """A question from where it asks, and what before that is a setting, or sounds like one."""
    asks = _ASKING.search(question)
    before = question[: asks.start()] if asks else ""
    before = re.sub(r"\b(?:on|about|asking)\Z", "", before.rstrip())
    if asks and before.strip(f"{CUTS} ") and not is_quoted(before):
        terms = Lister("", now, zone).terms(before)
        if terms or (terms is None and doubtful_from(before, [], "") is not None):
            return question[asks.start() :], before
    return question, ""


def _before(pre: str, whole: str, lister: Lister, found: Divided) -> None:
    """What stands before the question on its line."""
    terms = lister.terms(pre)
    if terms is not None:
        found.terms += terms
        return
    bare = pre.strip(f"{CUTS} ")
    if not found.options and len((listed := lister.read(bare)).options) > 1:
        found.take(listed)
        return
    said = sentences(bare) or [bare]
    doubted = [one for one in said if lister.terms(one) is None and doubtful_from(one, [], found.question) is not None]
    settled = [terms for one in said if (terms := lister.terms(one))]
    if doubted or settled or is_quoted(pre):
        found.terms += [term for terms in settled for term in terms]
        found.unread += doubted or [one for one in said if lister.terms(one) is None]
    else:
        # "We have two hours. What do we do?" is one question.
        found.question = whole.strip()


def _offered(question: str) -> list[str]:
    """The options that a question names itself: "tea or coffee?", "which is best, tea or coffee?"; else none."""
    text = question.rstrip(f"{QUESTION_MARKS} ")
    for cut in (0, *(one.end() for one in islice(_NAMES_FROM.finditer(text), 3))):
        named = text[cut:]
        if not _ASKING.search(named) and "/" not in named and re.search(r"\b(?:or|vs|versus)\b", named, re.I):
            pieces, _ = pieces_of(named)
            if len(pieces) > 1 and all(0 < len(piece.split()) <= LONGEST_CHOICE for piece in pieces):
                return pieces
    return []


def _stated(text: str, now: datetime, zone: str) -> tuple[str, str]:
    """A question without a question mark, and what is after it: what a line's end or a mark ends."""
    line = text.find("\n")
    if line >= 0:
        return text[:line].rstrip(" :"), text[line:]
    for mark in ("|", ";"):
        if mark in text and not _COLON.search(text, 0, text.index(mark)):
            before, _, after = text.partition(mark)
            return before.rstrip(), after.lstrip()
    for pattern in (_COLON, _DASH):
        if found := pattern.search(text):
            return text[: found.start()], text[found.end() :]
    said = sentences(text)
    if len(said) > 1 and len(pieces_of(said[0])[0]) == 1 and Lister("", now, zone).terms(said[0]) is None:
        at = text.index(said[1])
        if len(pieces_of(said[1])[0]) > 1:
            return text[:at].rstrip(" .!"), text[at:]
    if is_quoted(text) and (held := re.search(HELD, text)) and held.start():
        return text[: held.start()].strip(f"{CUTS} "), text[held.start() :]
    return text, ""
