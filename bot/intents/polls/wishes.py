"""Plain wishes for a poll that are no set form of one: "let's ask the team whether ...", "I need a vote on: ..."

What they are about is shown as a poll before anything opens; without a list, or a yes and a no, they are none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.intents import Drafted, Intent
from bot.intents.polls.begun import lacks_options
from bot.intents.polls.drafts import FEWEST, YES_NO, check_draft, own_poll, wrong_question
from bot.intents.polls.requests import QUESTION_MARKS
from bot.intents.polls.separators import OR
from bot.intents.polls.terms import CUTS, held_to, peel
from bot.intents.talk.leads import unled
from bot.intents.votes.clocks import plain_number, same_day
from bot.store import Draft

_WHOM = (
    r"(?:(?:the|my|our|this|whole|entire|rest of|all) )*+(?:team|everyone|everybody|people|folks|group|channel|room"
    r"|them|us|all|colleagues|others|crew|class|department|squad|members)(?: here)?"
)
_WISH = re.compile(
    r"(?:(?:i|we) (?:need|want|would like|should|could) (?:to )?|(?:i|we)'d like (?:to )?"
    r"|(?:can|could|would|will) (?:u|you|ya|we|i) |let'?s |let us |please |pls |just |quickly )*+"
    rf"(?:(?:ask|survey|poll|find out from|know from|hear from|check with) {_WHOM}"
    rf"|(?:i |we )?(?:(?:let|have|get|make|want|need) )?{_WHOM} (?:to )?(?:vote|decide|choose|pick)"
    r"|(?:(?:i|we) (?:need|want|would like) |(?:set up|start|hold|take|do|run|call|make|create|open|launch|have"
    r"|get|put up|organi[sz]e|open up) )?(?:a |another )?(?:quick |short |small |little |simple |new |team |group )?"
    r"(?:votes?|show of hands)"
    rf"(?: (?:from|by|of|among|in|with|for) {_WHOM})?"
    r"|(?:make|turn) (?:it|this|that) (?:into )?a (?:poll|vote)"
    rf"|put (?:it|this|that) to (?:a vote|{_WHOM}))(?![\w'’-])"
    r"(?: (?:on|about|over|as to|regarding))?[\s:,.!–-]*+",
    re.I,
)
# "Vote for pizza" votes, "take a vote" asks for one.
_VOTES = re.compile(r"(?:please |just |quickly )*+vote\b(?! ?:)", re.I)
# Between what is asked and what is offered: "..., I was thinking of Rome or Paris".
_OFFERED = re.compile(
    r"(?<=\w)[.?!,;:]*\s+(?:(?:and|so|maybe) )?"
    r"(?:(?:i|we)(?:'m| am| was|'re| are| were)? (?:thinking|think|thought|had in mind)"
    r"(?: of| about| maybe)?|(?:the )?(?:options|choices|candidates)(?: are| would be| could be)?|something like"
    r"|(?:it is|it's|its|either|maybe) between|between|either)[:, ]\s*",
    re.I,
)
# Where polls were spoken of: "then open one. Tea or coffee?"
_ONE = re.compile(
    r"(?:please |just )*+(?:open|start|make|create|do|run|set up|launch|hold) (?:me )?"
    r"(?:one|another(?: one)?|a new one)(?: (?:then|please|pls|now))*+\s*+[:.!–-]\s*+",
    re.I,
)
_WHETHER = re.compile(r"(?:whether(?: or not)?|if) ", re.I)
_OR_NOT = re.compile(r",? or not\Z", re.I)
_CLOSED = r"(?:should|shall|do|does|did|can|could|will|would|is|are|may|must)"
# A question of yes and no, and who it asks about.
_YES_OR_NO = re.compile(rf"{_CLOSED}(?:n't)? ", re.I)
_DO_WE = re.compile(rf"{_CLOSED} (?:we|i|you|they|people|everyone|{_WHOM}) ", re.I)
_OPEN = re.compile(r"(?:what|which|who|whom|where|when|how|why)\b", re.I)


def read_wish(said: str, found: Intent, at: datetime, zone: str) -> Intent | None:
    """The poll that somebody plainly wishes for; None where they wish for none. `found` is what it is otherwise."""
    if found.name not in ("question", "poll_start", "engagement_question") or found.certainty == "said":
        return None
    text = unled(" ".join(said.split()))
    wish = _WISH.match(text) or _ONE.match(text)
    body = text[wish.end() :] if wish and not _VOTES.match(text) else ""
    if not body.strip(f"{CUTS} "):
        return None
    if (offered := _OFFERED.search(body)) and (OR.search(body, offered.end()) or "," in body[offered.end() :]):
        body = f"{body[: offered.start()]}? {body[offered.end() :]}"
    draft = _of_whether(body, at, zone) if _WHETHER.match(body) else _of_list(body, at, zone)
    if draft is None and found.name == "poll_start" and found.value is None:
        # A poll of one's own, of which the options cannot be told apart: they are asked for.
        draft = Draft(_WHETHER.sub("", body, count=1).strip(f"{CUTS} "), (), zone=zone)
        return lacks_options(Drafted(draft, check_draft(draft)))
    return None if draft is None else Intent("poll_start", Drafted(draft, check_draft(draft)))


def with_question(drafted: Drafted) -> Intent | None:
    """A poll that lacks nothing but a question, with its options as the question; None for any other."""
    draft = drafted.draft
    if draft is None or draft.question or len(draft.options) < FEWEST or drafted.wrong != wrong_question(""):
        return None
    asked = _asked(draft)
    return Intent("poll_start", Drafted(asked, check_draft(asked)))


def with_first(drafted: Drafted) -> Intent | None:
    """A poll whose question offers one more option than those after its first comma: "do we take tea, milk or juice?";
    None for any other. How long the first one is, is seen by the second alone: so it is shown before it opens.
    """
    draft = drafted.draft
    if draft is None or drafted.wrong or not draft.options or not _YES_OR_NO.match(draft.question):
        return None
    before, named, after = draft.question.rpartition(f", {draft.options[0]}")
    if not named or any(option not in after for option in draft.options[1:]):
        return None
    said = before.split()
    first = " ".join(said[-len(draft.options[0].split()) :])
    whole = replace(draft, options=(first, *draft.options))
    return Intent("poll_start", Drafted(whole, check_draft(whole))) if len(said) > 1 else None


def _of_whether(body: str, at: datetime, zone: str) -> Draft | None:
    """A poll of yes and no: "whether we move", "if they like tea, until noon"."""
    rest, terms = _WHETHER.sub("", body, count=1).rstrip(f"{QUESTION_MARKS} "), []
    while (peeled := peel(rest, at, zone)) and peeled[2]:
        rest = peeled[0].rstrip(f"{CUTS} ")
        terms.append(peeled[1])
    rest = _OR_NOT.sub("", rest)
    named = OR.split(rest)
    if len(named) >= FEWEST:
        options = _alternatives(named)
        known = options[0] != named[0]
        return held_to(Draft(f"{rest[0].upper()}{rest[1:]}?", options, zone=zone), terms) if known else None
    if not rest:
        return None
    return held_to(Draft(f"{rest[0].upper()}{rest[1:]}?", YES_NO, zone=zone), terms)


def _of_list(body: str, at: datetime, zone: str) -> Draft | None:
    """A poll with the options that are listed, or of yes and no where it asks for these."""
    own = own_poll(f"poll: {body}", at, zone)
    if own is None or own.draft is None:
        return None
    draft = own.draft
    if len(draft.options) >= FEWEST:
        if draft.question.startswith(draft.options[0]):
            # "Stand-up at 9 or at 10?": the question is what is offered.
            return replace(draft, options=_alternatives(draft.options))
        return draft if draft.question else _asked(draft)
    named = OR.split(_OR_NOT.sub("", draft.question.rstrip(f"{QUESTION_MARKS} ")))
    if draft.options or not (_YES_OR_NO.match(draft.question) or (len(named) >= FEWEST and _is_asked(draft.question))):
        return None
    return replace(draft, options=_alternatives(named) if len(named) >= FEWEST else YES_NO)


def _asked(draft: Draft) -> Draft:
    """A poll of which all was taken for options: the first of them may be the question, else they make one."""
    first, *others = draft.options
    if len(others) >= FEWEST and (_OPEN.match(first) or tuple(one.title() for one in others) == YES_NO):
        return replace(draft, question=f"{first}?", options=tuple(others))
    question = f"{', '.join(draft.options[:-1])} or {draft.options[-1]}?"
    return replace(draft, question=question[0].upper() + question[1:], options=_alternatives(draft.options))


def _is_asked(question: str) -> bool:
    """Whether what is offered stands in a question that asks for nothing else."""
    return question[-1:] in tuple(QUESTION_MARKS) and not _OPEN.match(question)


def _alternatives(named: Sequence[str]) -> tuple[str, ...]:
    """What "should we stay or go" offers: "stay", "go"; and "stand-up at 9 or at 10": "at 9", "at 10"."""
    bare = [one[led.end() :] if (led := _DO_WE.match(one)) else one for one in named]
    first, last = bare[0].split(), bare[-1].split()
    end = first[-len(last) :]
    if len(first) > len(last) and (end[0].lower() == last[0].lower() or _are_alike(" ".join(end), bare[-1])):
        bare[0] = " ".join(end)
    return tuple(bare)


def _are_alike(one: str, other: str) -> bool:
    """Whether both are numbers, or both weekdays or months."""
    return any(read(one.lower()) and read(other.lower()) for read in (plain_number, same_day))
