"""A poll that is made in several messages: its question is asked for, then its options, then whether to open it.

What was asked for last stands in the talk itself, so nothing else need be kept; a question that somebody has meanwhile
is answered, and the poll waits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice

from bot.intents import Begun, Chat, Drafted, Intent, Order, certain
from bot.intents.polls.draft_forms import held_in_words
from bot.intents.polls.drafts import (
    FEWEST,
    MOST,
    YES_NO,
    check_draft,
    own_poll,
    wrong_options,
    wrong_question,
    wrong_times,
)
from bot.intents.polls.openings import begins_poll
from bot.intents.polls.requests import QUESTION_MARKS
from bot.intents.polls.revising import with_options
from bot.intents.polls.terms import held_to
from bot.intents.polls.tidying import looks
from bot.intents.talk.forms import set_form
from bot.intents.talk.leads import ENOUGH, unled
from bot.intents.talk.smalltalk import is_courteous
from bot.store import Draft, Scene
from knowledge.question import asks

# What the bot says when it asks for a part of a poll: so it is known again in what was told.
ASK_QUESTION = "What is the question?"
ASK_OPTIONS = "Which options, with commas between them?"
ASK_MORE = "Which other options?"
SO_FAR = "So far: {}."
NOT_MADE = "All right, no poll was made."
POLL_OPENED = "Poll: "
# So long the bot waits for the next part of a poll; what is said later begins something else.
WAITS = timedelta(hours=1)

# After so many replies about something else it asks for that part no more.
REMINDERS = 2

_OPTIONS_ASKED = re.compile(rf"“(?P<question>[^\n]+)” (?:{re.escape(ASK_OPTIONS)}|{re.escape(ASK_MORE)})")
_SO_FAR = re.compile(re.escape(SO_FAR).replace(r"\{\}", r"(?P<options>“[^“”\n]*”(?:, “[^“”\n]*”)*)"))
# How a poll is to be held that has no question or no options yet stands in what asks for them.
HELD_SO = "It will be held so: {}."
_HELD_SO = re.compile(re.escape(HELD_SO).replace(r"\{\}", r"(?P<held>[^\n]+?)"))
# Said by somebody who wants to know something first.
_MEANWHILE = re.compile(
    r"(?:(?:ok|okay|oh|hm+|well|sure|and|but)\W+)*+(?:wait|hang on|hold on|one (?:moment|second|sec|question|thing)"
    r"|first(?=[,:;])|before (?:that|this|i|we)|by the way|btw|(?:a |just a )?(?:quick )?question(?=[,:;]))(?!\w)",
    re.I,
)
_SKIP = set_form(r"skip(?: it| this| that)?|yes[ ,/]*+(?:(?:and|or)[ ,/]*+)?no|pass|next")
_BACK = set_form(r"(?:go )?back|(?:(?:an)?other|change the|wrong|different|not that) question")
_DONE = set_form(
    r"(?:i'?m |we'?re |all )?(?:done|finished)|no more"
    rf"|{ENOUGH}"
    r"|(?:no|nothing|none) (?:more|else|others?)(?: options)?"
    r"|(?:open|show|preview|start|post|launch)(?: it| the poll| the list)?"
)
_LEAD_ENDS = re.compile(r"[.,!:;]\s+")
_QUOTES = re.compile('["“”„«»]')


def begin_poll(said: str, found: Intent, at: datetime, zone: str) -> Intent | None:
    """The wish for a poll of one's own of which nothing is said but how it is held; None for anything else."""
    if found.certainty == "said" and found.name != "question":
        return None
    terms = begins_poll(" ".join(said.split()), at, zone)
    if terms is None or any(term.problem for term in terms):
        return None
    return certain("poll_start", Begun(held=held_in_words(held_to(Draft("", (), zone=zone), terms))))


def lacks_options(drafted: Drafted) -> Intent | None:
    """A poll that lacks nothing but options, for which they are asked; None for any other."""
    draft = drafted.draft
    if draft is None or not draft.question or draft.unread or len(draft.options) >= FEWEST:
        return None
    if drafted.wrong != wrong_options(draft.options):
        return None
    return certain("poll_start", Begun(draft.question, draft.options, held=held_in_words(draft), draft=draft))


def read_begun(said: str, scene: Scene, found: Intent, at: datetime, zone: str) -> Intent | None:
    """What `said` is for a poll of which a part was asked for last; None where nothing was, or it is something else.

    `found` is what it is without that poll; `at` and `zone` are those of moments in it.
    """
    part = part_asked(scene, at)
    if part is None:
        return None
    if part.question and _DONE.fullmatch(unled(" ".join(said.split()))):
        return _listed(part, at, zone)
    if found.name == "stop":
        return certain("poll_start", Begun(left=True))
    if _MEANWHILE.match(said):
        return None
    return _options(said, part, scene, found, at, zone) if part.question else _question(said, part, found, at, zone)


def part_asked(scene: Scene, at: datetime) -> Begun | None:
    """What of a poll was asked for last; None where nothing is waited for."""
    if scene.told_at is not None and at - scene.told_at > WAITS:
        return None
    for told in told_before(scene):
        asked = _OPTIONS_ASKED.match(told)
        if asked or told.startswith(ASK_QUESTION):
            held = _HELD_SO.search(told)
            listed = _SO_FAR.search(told) if asked else None
            options = tuple(listed["options"][1:-1].split("”, “")) if listed else ()
            return Begun(asked["question"] if asked else "", options, held=held["held"] if held else "")
        if told.startswith((NOT_MADE, POLL_OPENED)) or f"\n{POLL_OPENED}" in told:
            return None
    return None


def is_to_be_reminded(scene: Scene) -> bool:
    """Whether little enough was told since a part of a poll was asked for that it is asked for again."""
    return any(
        _OPTIONS_ASKED.match(told) or told.startswith(ASK_QUESTION) for told in islice(told_before(scene), REMINDERS)
    )


def told_before(scene: Scene) -> Iterator[str]:
    """What the bot told here, the last first."""
    return (message.content for message in reversed(scene.history) if message.role == "assistant")


def _question(said: str, part: Begun, found: Intent, at: datetime, zone: str) -> Intent | None:
    """The question of the poll, and its options where these are said as well."""
    if _BACK.fullmatch(unled(" ".join(said.split()))):
        return certain("poll_start", Begun(left=True))
    is_asked = said.rstrip()[-1:] in tuple(QUESTION_MARKS)
    if found.certainty == "said" or (found.name != "question" and found.certainty == "meant" and not is_asked):
        return None
    text = _without_lead(" ".join(said.split()))
    own = own_poll(f"poll {part.held}: {text}", at, zone)
    if own and own.draft and len(own.draft.options) >= FEWEST:
        return Intent("poll_start", own)
    if wrong := wrong_question(text):
        return Intent("poll_start", Drafted(None, wrong))
    draft = own.draft if own else None
    if draft is None or draft.unread or draft.options or wrong_times(draft):
        return certain("poll_start", Begun(text, held=part.held))
    return certain("poll_start", Begun(draft.question, held=held_in_words(draft)))


def _options(said: str, part: Begun, scene: Scene, found: Intent, at: datetime, zone: str) -> Intent | None:
    """The poll with its options, the options so far where they are said one a message, or the wish to go back."""
    text, question = " ".join(said.split()), part.question
    if _BACK.fullmatch(unled(text)):
        return certain("poll_start", replace(part, options=part.options[:-1]) if part.options else Order("new"))
    if _SKIP.fullmatch(unled(text)):
        if len(part.options) >= FEWEST:
            return _listed(part, at, zone)
        said = ", ".join(YES_NO)
    if part.options and (changed := with_options(text, Draft(question, part.options), at, zone)):
        return _gathered(part, changed.options, part.held, at, zone)
    own = own_poll(f"poll {part.held}: “{_QUOTES.sub(' ', question)}” {said}", at, zone)
    if own and own.draft and len(own.draft.options) >= FEWEST and not asks(text):
        if part.options:
            # Several at once are the rest of the list, or all of it said again.
            options = {looks(option): option for option in (*part.options, *own.draft.options)}
            return _listed(replace(part, options=tuple(options.values()), held=held_in_words(own.draft)), at, zone)
        draft = replace(own.draft, question=question)
        return Intent("poll_start", replace(own, draft=draft) if own.wrong else _drafted(draft))
    # A word that only sounds friendly may be an option.
    friendly = isinstance(found.value, Chat) and not is_courteous(text) and found.certainty != "said"
    vague = friendly or (isinstance(found.value, Chat) and found.value.about in ("warm", "chat"))
    answers = found.name in ("question", "poll_answer", "quiz_answer") or found.certainty == "open" or vague
    # What only sounds like an order to a poll is none where none is open.
    answers = answers or (isinstance(found.value, Order) and scene.poll is None and found.certainty != "said")
    if asks(text) or not answers:
        return None
    # After options that are plain it is seen whether it is one more of them, or how the poll is held.
    own = own_poll(f"poll {part.held}: “{_QUOTES.sub(' ', question)}” {', '.join(YES_NO)}, {text}", at, zone)
    if own and own.draft and own.draft.options == YES_NO and not own.draft.unread and not wrong_times(own.draft):
        return _gathered(part, part.options, held_in_words(own.draft), at, zone)
    return _gathered(part, (*part.options, " ".join(_QUOTES.sub(" ", text).split())), part.held, at, zone)


def _gathered(part: Begun, options: tuple[str, ...], held: str, at: datetime, zone: str) -> Intent:
    """The options so far; what cannot be one is told, and left out. With the most that there can be the list ends."""
    # That it is only one yet is no fault.
    wrong = wrong_options(options)[len(options) < FEWEST :]
    if wrong:
        return certain("poll_start", replace(part, wrong=wrong))
    whole = replace(part, options=options, held=held)
    return _listed(whole, at, zone) if len(options) == MOST else certain("poll_start", whole)


def _listed(part: Begun, at: datetime, zone: str) -> Intent:
    """The poll whose options were said one a message; with too few of them they are asked for again."""
    if len(part.options) < FEWEST:
        return certain("poll_start", part)
    own = own_poll(f"poll {part.held}: “?” {', '.join(YES_NO)}", at, zone)
    draft = own.draft if own and own.draft else Draft("", (), zone=zone)
    return Intent("poll_start", _drafted(replace(draft, question=part.question, options=part.options, unread=())))


def _drafted(draft: Draft) -> Drafted:
    return Drafted(draft, check_draft(draft))


def _without_lead(text: str) -> str:
    """`text` without a courtesy that it begins with: "ok. Where do we eat?"."""
    end = _LEAD_ENDS.search(text)
    return text[end.end() :] if end and is_courteous(text[: end.start()]) else text
