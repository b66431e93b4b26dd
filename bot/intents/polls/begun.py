"""A poll that is made in several messages: its question is asked for, then its options, then whether to open it.

What was asked for last stands in the talk itself, so nothing else need be kept; a question that somebody has meanwhile
is answered, and the poll waits.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta

from bot.intents import Begun, Chat, Drafted, Intent, Order, certain
from bot.intents.polls.draft_forms import held_in_words
from bot.intents.polls.drafts import FEWEST, YES_NO, check_draft, own_poll, wrong_question, wrong_times
from bot.intents.polls.openings import begins_poll
from bot.intents.polls.requests import QUESTION_MARKS
from bot.intents.polls.terms import held_to
from bot.intents.quizzes.asked import yes_or_no
from bot.intents.talk.forms import set_form
from bot.intents.talk.going_on import told_last
from bot.intents.talk.leads import unled
from bot.intents.talk.smalltalk import is_courteous
from bot.store import Draft, Scene
from knowledge.question import asks

# What the bot says when it asks for a part of a poll: so it is known again in what was told.
ASK_QUESTION = "What is the question?"
ASK_OPTIONS = "Which options, with commas between them?"
PREVIEW = "This is how it will look:"
UNREAD_PREVIEW = "Without that it will look like this:"
NOT_MADE = "All right, no poll was made."
POLL_OPENED = "Poll: "
# So long the bot waits for the next part of a poll; what is said later begins something else.
WAITS = timedelta(hours=1)

_OPTIONS_ASKED = re.compile(rf"“(?P<question>[^\n]+)” {re.escape(ASK_OPTIONS)}")
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
_OPEN = set_form(r"(?:open|post|start|publish|run|launch|send)(?: it| that| the poll| this)?|looks good|perfect")
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


def read_begun(said: str, scene: Scene, found: Intent, at: datetime, zone: str) -> Intent | None:
    """What `said` is for a poll of which a part was asked for last; None where nothing was, or it is something else.

    `found` is what it is without that poll; `at` and `zone` are those of moments in it.
    """
    if shown := previewed(scene, at):
        yes = (
            True
            if _OPEN.fullmatch(unled(" ".join(said.split())))
            else False
            if found.name == "stop"
            else yes_or_no(said)
        )
        return None if yes is None else certain("poll_start", Order("post" if yes else "discard", text=shown))
    part = part_asked(scene, at)
    if part is None:
        return None
    if found.name == "stop":
        return certain("poll_start", Begun(left=True))
    if _MEANWHILE.match(said):
        return None
    return _options(said, part, found, at, zone) if part.question else _question(said, part, found, at, zone)


def previewed(scene: Scene, at: datetime) -> str | None:
    """The question of the poll that was shown last, as it will look; None where something else was told since."""
    told = told_last(scene)
    late = scene.told_at is not None and at - scene.told_at > WAITS
    if late or scene.before != "poll_start" or not (told.startswith(PREVIEW) or UNREAD_PREVIEW in told):
        return None
    shown = told.partition(f"\n{POLL_OPENED}")[2].partition("\n")[0]
    return shown or None


def part_asked(scene: Scene, at: datetime) -> Begun | None:
    """What of a poll was asked for last; None where nothing is waited for."""
    if scene.told_at is not None and at - scene.told_at > WAITS:
        return None
    for message in reversed(scene.history):
        told = message.content
        if message.role != "assistant":
            continue
        asked = _OPTIONS_ASKED.match(told)
        if asked or told.startswith(ASK_QUESTION):
            held = _HELD_SO.search(told)
            return Begun(asked["question"] if asked else "", held=held["held"] if held else "")
        if told.startswith((NOT_MADE, POLL_OPENED, PREVIEW)) or UNREAD_PREVIEW in told:
            return None
    return None


def _question(said: str, part: Begun, found: Intent, at: datetime, zone: str) -> Intent | None:
    """The question of the poll, and its options where these are said as well."""
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


def _options(said: str, part: Begun, found: Intent, at: datetime, zone: str) -> Intent | None:
    """The poll with its options, or the wish to say the question anew."""
    text, question = " ".join(said.split()), part.question
    if _BACK.fullmatch(unled(text)):
        return certain("poll_start", Order("new"))
    if _SKIP.fullmatch(unled(text)):
        said = ", ".join(YES_NO)
    own = own_poll(f"poll {part.held}: “{_QUOTES.sub(' ', question)}” {said}", at, zone)
    if own and own.draft and len(own.draft.options) >= FEWEST and not asks(text):
        draft = replace(own.draft, question=question)
        return Intent("poll_start", replace(own, draft=draft) if own.wrong else _drafted(draft))
    # A word that is only somehow friendly may be an option.
    vague = isinstance(found.value, Chat) and found.value.about in ("warm", "chat")
    answers = found.name in ("question", "poll_answer", "quiz_answer") or found.certainty == "open" or vague
    if asks(text) or not answers:
        return None
    return certain("poll_start", Begun(question, text, part.held))


def _drafted(draft: Draft) -> Drafted:
    return Drafted(draft, check_draft(draft))


def _without_lead(text: str) -> str:
    """`text` without a courtesy that it begins with: "ok. Where do we eat?"."""
    end = _LEAD_ENDS.search(text)
    return text[end.end() :] if end and is_courteous(text[: end.start()]) else text
