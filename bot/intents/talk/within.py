"""What is meant within a turn that is not surely understood as a whole: it is read clause by clause.

People put words around what they want: courtesies, apologies, remarks, chatter. These fall away, and where one clause
is left that wants something, that is what was meant; with other words beside it that nobody understands, it is never
said for sure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from bot.intents import About, Chat, Intent
from bot.intents.quizzes.guesses import admits_ignorance
from bot.intents.talk.leads import is_lead
from bot.intents.talk.smalltalk import apart, heaviest, is_courteous
from knowledge.question import asks
from knowledge.refusal import is_refused

# Characters and clauses of a turn that is taken apart; a longer one is a text, and no wish with words around it.
LONGEST, MOST = 300, 6
# What stands between clauses: the ends of sentences; pauses as well; words that join as well. Text has single spaces.
_ENDS = r"(?<=[.!?\u2026]) | ?; ?"
_PAUSES = rf"{_ENDS}|, |: | [-\u2013\u2014]{{1,3}} |\.{{2,4}} ?"
_JOINS = rf"{_PAUSES}| (?:and|but|then|so|because|cause|as) "
_DIVISIONS = tuple(re.compile(one, re.I) for one in (_ENDS, _PAUSES, _JOINS))
# Somebody else's words, or those of a poll, are no clauses of the one who speaks.
_QUOTED = re.compile('["\u201c\u201d\u201e\u00ab\u00bb`|<>]')
# What is only said beside something else.
_TALK = frozenset({"smalltalk", "help", "question"})
# Votes and answers are read in all their clauses by their own readers: none counts beside what these do not understand.
_COUNTED = frozenset({"poll_answer", "quiz_answer"})

# Reads words by themselves: by set forms and what is open alone, or by what they mean as well.
Read = Callable[[str, bool], Intent]
# How a clause is known: by its words, by what it means, as a question, a courtesy, chatter; or it is not.
How = Literal["words", "meaning", "question", "courtesy", "chatter", "unknown"]


@dataclass(frozen=True)
class Piece:
    """A clause of a turn, what it is by itself, and how that is known."""

    text: str
    intent: Intent
    how: How

    @property
    def wants(self) -> bool:
        """Whether it is something to do."""
        return self.how in ("words", "meaning")


def read_within(said: str, whole: Intent, read: Read, chatters: Callable[[str], bool]) -> Intent:
    """What is meant within `said`, which is understood as `whole`; that where no single clause tells more.

    `chatters` tells whether words are like what people say to be friendly, or beside the point.
    """
    text = " ".join(said.split())
    if len(text) > LONGEST or _QUOTED.search(text):
        return whole
    # What asks is looked up as a whole, and an answer is one: only what plainly says something else is worth the time.
    plainly = whole.name in _COUNTED or (whole.name == "question" and (asks(text) or "?" in text))
    for place, division in enumerate(_DIVISIONS):
        joined = place == len(_DIVISIONS) - 1
        parts = [one.strip() for one in division.split(text) if one.strip(" .,!?")]
        clauses = [one for part in parts for one in (apart(part) if joined else (part,))]
        if not 1 < len(clauses) <= MOST:
            continue
        pieces = [_piece(one, read, chatters, plainly) for one in clauses]
        if (found := _wanted(pieces, joined)) and _may_be(found, whole):
            return found
        if whole.name in _TALK and (found := _chatted(pieces)):
            return found
        if whole.name in _TALK and (found := _asked(pieces)):
            return read_within(found.said, found, read, chatters)
    return whole


def _may_be(found: Intent, whole: Intent) -> bool:
    """Whether a clause may say what the `whole` was not taken for."""
    if whole.name in _COUNTED:
        return found.name not in _COUNTED
    return whole.name in _TALK or found.name == whole.name


def _piece(text: str, read: Read, chatters: Callable[[str], bool], plainly: bool) -> Piece:
    """A clause as it is understood by itself, by what it means only where not merely what is `plainly` said counts."""
    found = read(text, True)
    if found.name not in _TALK or (found.name == "question" and found.certainty == "said"):
        return Piece(text, found, "words" if found.certainty != "open" else "unknown")
    if is_courteous(text) or is_lead(text):
        return Piece(text, found, "courtesy")
    if found.name == "help" and found.certainty == "said":
        return Piece(text, found, "words")
    if asks(text):
        return Piece(text, found, "question")
    if not plainly and (meant := read(text, False)).name not in _TALK and meant.certainty != "open":
        return Piece(text, meant, "meaning")
    return Piece(text, found, "chatter" if chatters(text) else "unknown")


def _wanted(pieces: Sequence[Piece], joined: bool) -> Intent | None:
    """The one thing to do that is among `pieces`; None for none, or several, or where something is asked besides.

    Words that join also stand within a clause: what they part is only known where all is.
    """
    counted = [one for one in pieces if one.wants and one.intent.name in _COUNTED]
    wanting = [one for one in pieces if one.wants and one not in counted] or counted
    rest = [one for one in pieces if one not in wanting]
    kinds = {(one.intent.name, repr(one.intent.value)) for one in wanting}
    if len(kinds) != 1 or any(one.how == "question" for one in rest) or is_refused(" ".join(one.text for one in rest)):
        return None
    first = wanting[0]
    found = replace(first.intent, said=first.text)
    if all(one.how == "courtesy" or (found.name == "quiz_skip" and admits_ignorance(one.text)) for one in rest):
        return found
    sure = first.how == "words" and first.intent.name not in _COUNTED and not joined
    if not sure and any(one.how not in ("courtesy", "chatter") for one in rest):
        return None
    return replace(found, certainty="meant")


def _asked(pieces: Sequence[Piece]) -> Intent | None:
    """The one question among `pieces`, without the courtesies and the chatter around it."""
    questions = [one for one in pieces if one.how == "question"]
    around = {one.how for one in pieces} - {"question"}
    if len(questions) != 1 or "courtesy" not in around or not around <= {"courtesy", "chatter"}:
        return None
    return replace(questions[0].intent, said=questions[0].text)


def _chatted(pieces: Sequence[Piece]) -> Intent | None:
    """The courtesy that is answered where nothing else is said: "thx, sorry for the mess" is a thank-you."""
    if any(one.how not in ("courtesy", "chatter") for one in pieces):
        return None
    chats = [(at, one.intent.value.about) for at, one in enumerate(pieces) if isinstance(one.intent.value, Chat)]
    # Nobody greets who has said something else before: "Most kind of you. Good evening."
    abouts: list[About] = ["goodbye" if at and about == "greeting" else about for at, about in chats]
    if abouts:
        return Intent("smalltalk", Chat(heaviest(abouts)))
    return next((one.intent for one in pieces if one.intent.name == "help"), None)
