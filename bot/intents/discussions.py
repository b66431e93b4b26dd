"""What is said in set forms about questions to reply to, and about insights: "post a question every Monday at 9:00"."""

from __future__ import annotations

import re

from bot.intents import Discuss, Discussing, Insight, Intent, certain
from bot.intents.talk.forms import set_form
from bot.store import Scene

_QUESTION = r"(?:a |an |the |one |another )?(?:new |next )?(?:discussion |engagement |team )?(?:question|prompt)"
_WHOSE = r"(?:the |this |our |my )?"
_PEOPLE = r"(?:team|group|channel|room|place|members|everybody|everyone|all|us)"
_FOR = rf"(?: (?:for|to|in|with) {_WHOSE}{_PEOPLE}| here)?(?: to discuss)?"
_RULE = r"(?P<text>(?:every|each|daily|weekly|monthly|fortnightly)\b.*)"
_NUMBERED = r"(?: (?:number |no\.? ?|#)?(?P<number>[0-9]{1,9}))?"
_IT = rf"(?:the |that |this |our )?(?:discussion|debate|question){_NUMBERED}"
_ON = rf"(?: (?:to|of|for|from))?(?: (?:the |that |this |our )?(?:discussion|debate|question))?{_NUMBERED}"
_SHOW = r"(?:(?:show|give|send|see|get|list|read)(?: me| us)? )"
_NAMES = r"(?P<names>,? with (?:the )?names)?"
_PERIOD = r"(?P<month>month)|(?:last|past) (?:(?P<days>[0-9]{1,4}) days?|(?P<week>week))|(?P<this>week)"

_FORMS: tuple[tuple[Discussing, str], ...] = (
    ("repeat", rf"(?:post|ask) {_QUESTION}{_FOR} {_RULE}"),
    ("post", rf"(?:post|publish) {_QUESTION}{_FOR}(?: (?:of|from|on|about) (?P<text>.+?))??{_FOR}"),
    ("send", rf"(?:send|post|give)(?: me| us)? (?:the |a )?digest{_FOR} {_RULE}"),
    ("close", rf"(?:close|end|finish) {_IT}"),
    ("withdraw", r"(?:take|pull) my (?:repl(?:y|ies)|answers?) (?:back|out)"),
    (
        "withdraw",
        r"(?:take back|take out|withdraw|retract|delete|remove) my (?:last )?(?:repl(?:y|ies)|answers?)"
        rf"{_ON}",
    ),
    ("digest", rf"{_SHOW}?(?:the |a |last |latest )*digest{_ON}{_NAMES}"),
    ("digest", rf"{_SHOW}(?:all )?(?:the |all )*(?:replies|responses){_ON}{_NAMES}"),
)
_READERS = tuple((action, set_form(pattern)) for action, pattern in _FORMS)
_ANSWER = re.compile(r"\s*(?:my )?(?:answer|reply)\s*[:\uff1a]\s*(?P<text>\S.*)", re.I | re.S)
_INSIGHTS = set_form(
    rf"{_SHOW}?(?:the |our |my |all |community |moderator )*insights"
    rf"(?:(?: (?:of|for|from|in|on|over|about))?(?: the| this)?(?: (?:{_PERIOD}|place|channel|room|server|community)))?"
)


def read_discussion(words: str) -> Intent | None:
    """What `words` want, where they say so in one of the forms above; None for all other words."""
    text = " ".join(words.split())
    for action, pattern in _READERS:
        if match := pattern.fullmatch(text):
            held = match.groupdict()
            number = int(held["number"]) if held.get("number") else None
            wanted: Discussing = "names" if held.get("names") else action
            return certain("engagement_question", Discuss(wanted, number, (held.get("text") or "").strip()))
    if match := _INSIGHTS.fullmatch(text):
        week = bool(match["week"] or match["this"])
        return certain(
            "usage", Insight(7 if week else int(match["days"]) if match["days"] else None, bool(match["month"]))
        )
    return None


def read_answer(words: str) -> Intent | None:
    """The reply in "answer: ..."; None for all other words."""
    match = _ANSWER.fullmatch(words)
    return certain("engagement_question", Discuss("answer", text=match["text"])) if match else None


def is_for_discussion(scene: Scene) -> bool:
    """Whether "answer: ..." is a reply to a posted question: not where a poll or a quiz was opened after it."""
    if (discussion := scene.discussion) is None:
        return False
    later = [one.opened for one in (scene.poll, scene.quiz) if one] + ([scene.round.asked] if scene.round else [])
    return not any(at > discussion.opened for at in later)
