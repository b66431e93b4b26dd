"""Several options said together: quotes, the marks between options, the marks before lines, and what follows them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime

from bot.intents.polls.cues import COMPARED, cues, doubtful_from
from bot.intents.polls.separators import (
    AND,
    CONNECTING,
    DASH,
    HELD,
    INTRODUCED,
    MARK,
    OR,
    PARENTHESIS,
    SLASH,
    parted_last,
    pieces_of,
    sentences,
    unmarked,
    without_join,
)
from bot.intents.polls.terms import ASKED, CUTS, PLAIN_CUTS, WEAK, Term, is_held, may_be_option, peel, read_terms
from bot.intents.polls.wordings import PLAINLY_CLOSES
from bot.intents.times.moments import MomentError, read_deadline


@dataclass
class Listed:
    """The options of a text, the terms around them, and what was not understood."""

    options: list[str] = field(default_factory=list)
    terms: list[Term] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)


class Lister:
    """Reads options and what stands around them, for a question that is asked at a moment (aware) in a zone."""

    def __init__(self, question: str, now: datetime, zone: str) -> None:
        self._question = question
        self._now = now
        self._zone = zone

    def terms(self, text: str, apart: bool = False) -> list[Term] | None:
        """The terms that a text consists of; None where it has other words."""
        return read_terms(text, self._now, self._zone, apart)

    def _doubtful(self, text: str, others: list[str]) -> int | None:
        """Where in `text` something begins that may be no option; None where all of it is one."""
        from_here = doubtful_from(text, others, self._question)
        others = others[:COMPARED]
        if from_here is None and not cues(self._question) & {"moment", "duration"} and self._is_moment(text):
            # A time among other things.
            return None if any(map(self._is_moment, others)) else 0
        return from_here

    def _is_moment(self, text: str) -> bool:
        try:
            read_deadline(text.strip(f"{CUTS} "), self._now, self._zone)
        except MomentError as error:
            return error.understood
        return True

    def read(self, text: str, introduced: bool = False) -> Listed:
        """The options in `text`, which come after or before a question; `introduced` where words announce them."""
        if opened := INTRODUCED.match(text):
            text, introduced = text[opened.end() :], True
        lines = [line for line in text.splitlines() if line.strip()]
        if len(lines) > 1:
            return self._lines(lines)
        line = lines[0].strip() if lines else ""
        if sum(map(is_held, line)) > 1 and (found := self._quoted(line)):
            return found
        return self._line(line, introduced)

    def _quoted(self, line: str) -> Listed | None:
        """Options in quotes; None where something else in between may be one."""
        found = Listed()
        around = re.split(rf"({HELD})", line)
        for place, piece in enumerate(around):
            if place % 2:
                found.options.append(piece)
            elif not CONNECTING.fullmatch(f"{piece} ") and (terms := self.terms(piece, apart=True)) is not None:
                found.terms += terms
            elif not CONNECTING.fullmatch(f"{piece} "):
                if place < len(around) - 1:
                    return None
                found.unread.append(piece.strip(f" {CUTS}"))
        return found

    # --- Lines ---

    def _lines(self, lines: list[str]) -> Listed:
        found = Listed()
        marked = [line for line in lines if MARK.match(line)]
        if 1 < len(marked) < len(lines):
            for line in lines:
                if line not in marked:
                    self._aside(line, found)
            found.options = unmarked(marked)
            return found
        kept = unmarked(lines)
        for end in (-1, 0):
            while len(kept) > 1 and (terms := self.terms(kept[end])) and not self._answers(terms, kept[end], kept):
                found.terms += terms
                kept.pop(end)
            while len(kept) > 1 and end and self._doubtful(kept[end], kept[:-1]) == 0:
                found.unread.append(kept.pop(end))
        if len(kept) == 1:
            inner = self._line(kept[0], introduced=True)
            return Listed(inner.options, inner.terms + found.terms, inner.unread + found.unread)
        found.options = kept
        self._trim_last(found, "\n")
        self._doubt(found)
        return found

    def _aside(self, text: str, found: Listed) -> None:
        """What is no option: terms, or what was not understood."""
        if not CONNECTING.fullmatch(f"{text} "):
            terms = self.terms(text, apart=True)
            found.terms += terms or []
            if terms is None:
                found.unread.append(text.strip(f" {CUTS}"))

    # --- One line ---

    def _line(self, line: str, introduced: bool) -> Listed:
        found = Listed()
        for inner in list(PARENTHESIS.finditer(line)):
            if (terms := self.terms(inner[1])) is not None:
                found.terms += terms
                line = line.replace(inner[0], " ", 1)
            elif self._doubtful(inner[1], []) is not None:
                found.unread.append(inner[1])
                line = line.replace(inner[0], " ", 1)
        said = sentences(line)
        if numbered := pieces_of(line)[1] == "1":
            said = [line]
        while said and not numbered and (terms := self.terms(said[0])) is not None and len(said) > 1:
            found.terms += terms
            said.pop(0)
        if not said:
            return found
        rest = said[1:]
        found.options, mark = self._listed(said[0], introduced, found)
        if len(found.options) < 2 and rest and not any(self.terms(one) for one in rest[:1]):
            # Options that are sentences are no list that is plain: what they are is asked.
            found.unread.append(" ".join(rest))
            return found
        for one in rest:
            self._aside(one, found)
        self._trim(found, mark)
        if len(found.options) == 1 and mark in (",", ";"):
            # "tea or coffee, you have until 6pm"
            found.options, mark = self._listed(found.options[0], introduced, found)
        self._doubt(found)
        return found

    def _listed(self, text: str, introduced: bool, found: Listed) -> tuple[list[str], str]:
        opened = INTRODUCED.match(text)
        if opened:
            text, introduced = text[opened.end() :], True
        text = re.sub(r"^[-–—]+\s", "", text.strip(" ,;|/:("))
        if text.endswith("?") and "?" not in text[:-1]:
            # "Rome, Paris or Oslo?"
            text = text[:-1]
        if text.endswith(".") and not text.endswith(".."):
            # The end of the sentence, not of the option.
            text = text.removesuffix(".")
        text = re.sub(rf"(?<={HELD})\s+(?:and|or|vs\.?|versus|&)\s+(?={HELD})", ", ", text)
        text, asides = self._dashed(text)
        for aside in reversed(asides):
            self._aside(aside, found)
        pieces, mark = pieces_of(text)
        if mark == ";" and len(pieces) > 1 and len(inner := pieces_of(pieces[0])[0]) > 1:
            after = pieces[1:]
            if all(self.terms(one, apart=True) or self._doubtful(one, inner) is not None for one in after):
                for one in after:
                    self._aside(one, found)
                pieces, mark = pieces_of(pieces[0])
        if not text:
            return [], mark
        if mark == "/" and not SLASH.search(text) and OR.search(text):
            # "pizza/sushi or salad" has three, "TCP/IP or OSI" two.
            found.unread.append(text)
        last = AND.split(pieces[-1]) if mark in (",", "") else []
        if len(last) == 2 and not any(AND.search(piece) for piece in pieces[:-1]) and not self.terms(last[1]):
            if introduced or not last[0].strip():
                pieces = [*pieces[:-1], *filter(None, map(str.strip, last))]
            elif mark and peel(pieces[-1], self._now, self._zone) is None:
                # "pizza, fish and chips": one or two?
                found.unread.append(pieces[-1])
        if mark in (",", "") and all(all(is_held(one) or one == " " for one in piece) and piece for piece in pieces):
            pieces = [one for piece in pieces for one in piece.replace(" ", "")]
        return pieces, mark

    def _dashed(self, text: str) -> tuple[str, list[str]]:
        """`text` without the asides after its last dashes."""
        asides = []
        while dashes := list(DASH.finditer(text)):
            aside = text[dashes[-1].end() :]
            before = text[: dashes[-1].start()]
            doubted = self._doubtful(aside, pieces_of(before)[0]) is not None
            # A dash in the last of several options alone begins a remark about the poll.
            remark = len(pieces_of(before)[0]) > 1 and len(dashes) == 1
            if not before.strip() or not (self.terms(aside, apart=True) or doubted or remark):
                break
            asides.append(aside)
            text = before
        return text, asides

    # --- What is at the end of a list, and is no option ---

    def _trim(self, found: Listed, mark: str) -> None:
        """Take terms and what was not understood off the end of the options."""
        count = len(found.options)
        while len(found.options) > 1:
            last, others = found.options[-1], found.options[:-1]
            terms, alone = self.terms(last), last.lower().strip(f"{CUTS} ")
            if terms and mark not in PLAIN_CUTS and alone in WEAK:
                break
            asked = mark not in PLAIN_CUTS and alone in ASKED
            if terms and (asked or may_be_option(terms, last, mark)) and not self._answers(terms, last, found.options):
                found.unread.insert(0, last)
                found.options.pop()
            elif terms and not (mark not in PLAIN_CUTS and self._answers(terms, last, found.options)):
                found.terms = [*terms, *found.terms]
                found.options.pop()
            elif (
                not terms
                and (len(others) > 1 or len(pieces_of(others[0])[0]) > 1)
                and self._doubtful(last, others) == 0
            ):
                found.unread.insert(0, last)
                found.options.pop()
            else:
                break
        if mark == "," and 1 < len(found.options) < count:  # "pizza, sushi or salad, for 2h"
            found.options = parted_last(found.options)
        self._trim_last(found, mark)
        if len(found.options) > 1:
            found.options[-1] = re.sub(r"^(?:and|or)\s", "", found.options[-1])

    def _trim_last(self, found: Listed, mark: str) -> None:
        """Take what follows the last option within the same piece off it."""
        if not found.options:
            return
        last, kinds = found.options[-1], set[str]()
        while peeled := peel(last, self._now, self._zone):
            before, term, _ = peeled
            before = without_join(before)
            if not before.strip(f"{CUTS} ") or term.kind in kinds:
                break
            if self._answers([term], last[len(before) :], [*found.options[:-1], last]):
                if not any(peel(one, self._now, self._zone) for one in found.options[:-1]):
                    # "Friday, Monday until noon": a day with its time, or until when people vote?
                    found.unread.insert(0, last)
                break
            kinds.add(term.kind)
            found.terms.insert(0, term)
            last = before.rstrip(f" {'.,;' if not before.endswith('..') else ''}")
        start = self._doubtful(last, found.options[:-1])
        if start:
            found.unread.insert(0, last[start:].strip())
            last = without_join(last[:start])
        found.options[-1] = last

    def _doubt(self, found: Listed) -> None:
        """Whatever among the options sounds like a setting is named, and is none of them."""
        for place, option in enumerate(told := found.options):
            others = told[:place] + told[place + 1 :]
            if len(told) > 2 and len(option.split()) > 1 and self._doubtful(option, others) == 0:
                found.unread.append(option)
                found.options = [one for one in found.options if one is not option]

    def _answers(self, terms: list[Term], said: str, options: list[str]) -> bool:
        """Whether what sounds like a term answers the question, or is said in the way of the other options."""
        for term in terms:
            if term.kind == "courtesy":
                return False
            about = cues(self._question)
            kind = {"repeats": "moment"}.get(term.kind, "voting")
            if term.kind == "closes":
                kind = "duration" if said.lower().lstrip(f"{CUTS} ").startswith("for ") else "moment"
            is_plain = term.kind not in ("closes", "remind") or PLAINLY_CLOSES.match(said.lower().lstrip(f"{CUTS} "))
            if kind in about and is_plain:
                continue
            others = [self.terms(one) for one in options if one != said]
            if not any(other and term.kind in [one.kind for one in other] for other in others):
                return False
        return bool(terms)
