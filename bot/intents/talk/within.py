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

from bot.intents import About, Begun, Chat, Confirmed, Drafted, Intent
from bot.intents.quizzes.guesses import admits_ignorance
from bot.intents.talk.leads import is_lead, unled
from bot.intents.talk.smalltalk import WEIGHT, apart, heaviest, is_courteous
from bot.intents.votes.ballots import is_bare_answer
from knowledge.followup import refers
from knowledge.question import asks
from knowledge.refusal import is_refused
from knowledge.words import content_words

# Characters and clauses of a turn that is taken apart; a longer one is a text, and no wish with words around it.
LONGEST, MOST = 300, 6
# What stands between clauses: the ends of sentences; pauses as well; words that join as well. Text has single spaces.
_ENDS = r"(?<=[.!?\u2026]) | ?; ?"
_PAUSES = rf"{_ENDS}|, |: | [-\u2013\u2014]{{1,3}} |\.{{2,4}} ?"
_JOINS = rf"{_PAUSES}| (?:and|but|then|so|because|cause|as) "
_DIVISIONS = tuple(re.compile(one, re.I) for one in (_ENDS, _PAUSES, _JOINS))
# Somebody else's words, or those of a poll, are no clauses of the one who speaks.
_QUOTED = re.compile('["\u201c\u201d\u201e\u00ab\u00bb`|<>]')
# What the words around a wish may have been taken for.
TALK = frozenset({"smalltalk", "help", "question"})
# What comes to a figure. "2,000 every month" is an amount, and nothing that comes again.
RECKONED = frozenset({"calculate", "savings_estimate"})
# Votes and answers are read in all their clauses by their own readers: beside what these do not know none counts.
_COUNTED = frozenset({"poll_answer", "quiz_answer"})

# From this chatter on, in points of the score, a clause is beside the point; beside thanks less is enough. Found by
# hand on 60 clauses of both kinds.
BESIDE, BESIDE_THANKS = 0.2, -0.2
# How much rather words are what people say to be friendly, or beside the point, than something to look up.
Chatter = Callable[[str], float]
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


def read_within(said: str, whole: Intent, read: Read, chatter: Chatter, plainly: bool) -> Intent:
    """What is meant within `said`, which is understood as `whole`; that where no single clause tells more.

    Where the whole would be done at once, only what other words say `plainly` is worth the time.
    """
    text = " ".join(said.split())
    if len(text) > LONGEST or _QUOTED.search(text):
        return whole
    # What asks is looked up as a whole.
    plainly = plainly or (whole.name == "question" and (asks(text) or "?" in text))
    for place, division in enumerate(_DIVISIONS):
        joined = place == len(_DIVISIONS) - 1
        parts = [one.strip() for one in division.split(text) if one.strip(" .,!?")]
        clauses = [one for part in parts for one in (apart(part) if joined else (part,))]
        if not 1 < len(clauses) <= MOST:
            continue
        pieces = [_piece(one, read, chatter, plainly) for one in clauses]
        found = _wanted(pieces, joined)
        if found and (whole.name in TALK or found.name not in _COUNTED or found.besides):
            return found
        if whole.name in TALK and (found := _chatted(pieces, whole, chatter)):
            return found
        if (
            whole.name in ("question", "smalltalk")
            and not is_refused(text)
            and (found := _asked(pieces, joined or plainly))
        ):
            return read_within(found.said, found, read, chatter, True)
    return whole


def _piece(text: str, read: Read, chatter: Chatter, plainly: bool) -> Piece:
    """A clause as it is understood by itself, by what it means only where not merely what is `plainly` said counts."""
    found = read(text, True)
    if found.name not in TALK:
        return Piece(text, found, "words" if found.certainty != "open" else "unknown")
    if is_bare_answer(text):
        return Piece(text, Intent("question"), "courtesy")
    if is_courteous(text) or is_lead(text):
        return Piece(text, found, "courtesy")
    if found.certainty == "said":
        return Piece(text, found, "words")
    meant = found if plainly else read(text, False)
    if meant.name not in TALK and meant.certainty != "open":
        return Piece(text, meant, "meaning")
    if asks(text):
        return Piece(text, found, "question")
    # What has a figure in it is no chatter.
    is_chatter = isinstance(meant.value, Chat) or (chatter(text) > BESIDE and not any(map(str.isdigit, text)))
    return Piece(text, meant, "chatter" if is_chatter else "unknown")


def _wanted(pieces: Sequence[Piece], joined: bool) -> Intent | None:
    """The one thing to do that is among `pieces`, or the first of two; None for none, or more, or where something is
    asked besides.

    Words that join also stand within a clause: what they part is only known where all is.
    """
    pieces = _without_implied(pieces)
    counted = [one for one in pieces if one.wants and one.intent.name in _COUNTED]
    wanting = [one for one in pieces if one.wants and one not in counted] or counted
    rest = [one for one in pieces if one not in wanting]
    if two := _one_of_two(pieces):
        return two
    kinds = {(one.intent.name, repr(one.intent.value)) for one in wanting}
    if len(kinds) != 1 or any(one.how == "question" for one in rest) or is_refused(" ".join(one.text for one in rest)):
        return None
    first = wanting[0]
    found = replace(first.intent, said=first.intent.said or first.text)
    if all(one.how == "courtesy" for one in rest) or (found.name == "quiz_skip" and all(map(_gives_up, rest))):
        return found
    if found.name in RECKONED or isinstance(found.value, Begun | Drafted):
        return None  # figures and polls are made of all that was said, or not at all
    # "My boss asked what finops even means, help?" asks for that, not for what the bot can do.
    sure = first.how == "words" and first.intent.name not in ("help", *_COUNTED) and not joined
    if not sure and any(one.how not in ("courtesy", "chatter") for one in rest):
        return None
    return replace(found, certainty="meant")


def _one_of_two(pieces: Sequence[Piece]) -> Intent | None:
    """The first of two things to do, both plainly said, with the words of the other one; None where that is not so."""
    wanting = [one for one in pieces if one.wants]
    if len(wanting) != 2 or any(one.how != "courtesy" for one in pieces if one not in wanting):
        return None
    first, second = wanting
    made_of_all = any(
        one.intent.name in RECKONED or isinstance(one.intent.value, Begun | Drafted | Confirmed) for one in wanting
    )
    if made_of_all or first.intent.name == second.intent.name or any(one.how != "words" for one in wanting):
        return None
    return replace(first.intent, said=first.intent.said or first.text, besides=unled(second.text))


def _without_implied(pieces: Sequence[Piece]) -> Sequence[Piece]:
    """The pieces without what another one brings along: whoever closes a poll is shown its results, and "hm no, the
    first one" does not only refuse what was asked.
    """
    wanting = [one for one in pieces if one.wants]
    closes = any(one.intent.name == "poll_close" for one in wanting)
    implied = [one for one in wanting if closes and one.intent.name == "results"]
    refusing = [one for one in wanting if one.intent.value == Confirmed(False)]
    implied += refusing if len(refusing) < len(wanting) else []
    return [one for one in pieces if one not in implied]


def _gives_up(piece: Piece) -> bool:
    """Whether a clause beside the wish to see the answer only says why: "too hard", "no idea"."""
    return piece.how in ("courtesy", "chatter") or admits_ignorance(piece.text)


def _asked(pieces: Sequence[Piece], courteous: bool) -> Intent | None:
    """What is left to look up without the courtesies and the chatter around it; None where that is nothing, or several
    things, or where only what is `courteous` may fall away, and there is more.
    """
    left = [one for one in pieces if one.how not in ("courtesy", "chatter")]
    around = {one.how for one in pieces if one not in left}
    if len(left) != 1 or left[0].wants or (courteous and ("courtesy" not in around or left[0].how != "question")):
        return None
    return Intent("question", said=left[0].intent.said or left[0].text)


def _leans(question: str) -> bool:
    """Whether a question is about what was told: "is it?", "why though"."""
    return refers(question) or not content_words(question)


def _chatted(pieces: Sequence[Piece], whole: Intent, chatter: Chatter) -> Intent | None:
    """The courtesy that is answered where nothing else is said: "thx, sorry for the mess" is a thank-you."""
    kind = whole.value.about if isinstance(whole.value, Chat) else "chat"
    if kind not in ("chat", "warm", *WEIGHT):
        return None
    chats = [(at, one.intent.value.about) for at, one in enumerate(pieces) if isinstance(one.intent.value, Chat)]
    # Nobody greets who has said something else before: "Most kind of you. Good evening."
    abouts: list[About] = ["goodbye" if at and about == "greeting" else about for at, about in chats]
    courteous = any(one.how == "courtesy" for one in pieces)
    # Who says thanks and asks nothing wants nothing more: "Very good, I shall tell my director."
    kindly = {"thanks", "praise", "goodbye"}.intersection(abouts)
    for one in pieces:
        if one.wants or (one.how == "question" and (_leans(one.text) or not courteous or chatter(one.text) <= BESIDE)):
            return None
        if one.how == "unknown" and not (kindly and chatter(one.text) > BESIDE_THANKS):
            return None
    if abouts:
        return Intent("smalltalk", Chat(heaviest(abouts)))
    return next((one.intent for one in pieces if one.intent.name == "help"), None)
