"""What is said about polls in set forms: "reopen the poll", "save it as lunch", "repeat the poll every Monday"."""

from __future__ import annotations

import re

from bot.intents import Action, Intent, Withdrawal
from bot.intents.sayings import ordered

_PLEASE = r"(?:(?:please|pls|can you|could you|now|ok|hey bot|bot)[ ,]+)*"
_THE = r"(?:the |that |this |our |my |a )?(?:last |open |current |running )?"
_POLL = rf"{_THE}(?:poll|survey|vote)(?: (?:number |no\.? ?|#)?(?P<number>[0-9]{{1,9}}))?"
_IT = rf"(?:it|{_POLL})"
_NAME = r"[\"“”'‘’„«»]*(?P<text>[^\"“”‘’„«»]+?)[\"“”'‘’„«»]*"
_TEMPLATE = rf"{_THE}template {_NAME}"

_FORMS: tuple[tuple[Action, str], ...] = (
    (
        "new",
        r"(?:make|create|start|open|set up|new|write|add)? ?(?:me )?(?:a |my |our )?(?:new |own )*(?:poll|survey) (?:of (?:my|our) own|form)",
    ),
    (
        "new",
        r"(?:i want |make |create |start |open |set up |write )?(?:a |my |our )?(?:new )?own (?:new )?(?:poll|survey)",
    ),
    ("edit", rf"(?:edit|change|amend|modify|correct|fix) {_POLL}"),
    ("deadline", rf"(?:close|end|stop) {_IT} (?P<text>(?:in|at|on|by|tomorrow|tonight|until) ?.*)"),
    ("deadline", rf"(?:extend|prolong) {_IT} (?:to|until|till|by|for) (?P<text>.+)"),
    ("deadline", rf"(?:keep|leave) {_IT} open (?P<text>(?:for|until|till) .+)"),
    ("reopen", rf"(?:re-?open|open again) {_POLL}"),
    (
        "share",
        rf"(?:share|invite others to) {_POLL}(?: (?:with|in|to) (?:another|other|a second) (?:place|room|channel|server|team)s?| elsewhere)?",
    ),
    ("join", r"(?:join|hold|open|show) poll (?P<text>[A-Z2-9]{8})(?: here)?"),
    ("list", r"(?:list|show|see|display)?(?: me| us)?(?: the| all| our)*(?: open| running| last| past)? polls"),
    ("names", rf"who (?:has |have )?(?:voted|chose|chosen|picked)(?: for)?(?: what)?(?: in {_POLL})?"),
    ("names", rf"(?:show |list )?(?:the )?votes by name(?: (?:in|of) {_POLL})?"),
    ("trend", rf"(?:show |see )?(?:me |us )?(?:the )?trend(?: (?:of|in|for) {_POLL})?"),
    ("trend", rf"how (?:did|has) {_POLL} chang(?:e|ed)(?: over (?:the )?time)?"),
    ("save", rf"(?:save|keep|store) {_IT} (?:as|under)(?: the| a)?(?: name| template)?(?: called| named)? ?{_NAME}"),
    ("use", rf"(?:use|start|open|run|post) {_TEMPLATE}"),
    ("drop", rf"(?:delete|drop|remove|forget) {_TEMPLATE}"),
    ("templates", r"(?:list |show |see )?(?:me |us )?(?:the |our |my |all )?(?:poll )?templates"),
    (
        "repeat",
        rf"(?:repeat|run|post|start|hold) {_IT} (?:again )?(?P<text>(?:every|each|daily|weekly|monthly|on) ?.*)",
    ),
    (
        "end",
        rf"(?:stop|end|cancel) (?:repeating|the repetition of|the recurrence of)(?: {_IT}| (?P<number2>[0-9]{{1,9}}))?",
    ),
    (
        "schedules",
        r"(?:list |show |see )?(?:me |us )?(?:the |our |all )?schedules?|what (?:comes again|repeats|is scheduled)(?: here)?",
    ),
)
_WITHDRAWAL = re.compile(
    rf"{_PLEASE}(?:i (?:want|would like|'d like) to )?(?:(?:withdraw|take back|retract|undo|revoke|delete|remove|cancel) "
    r"(?:my|the) votes?|take my votes? back|unvote)(?: please| again)?[\s!.]*",
    re.I,
)
_READERS: tuple[tuple[Action, re.Pattern[str]], ...] = tuple(
    (action, re.compile(rf"{_PLEASE}(?:{pattern})(?: please| pls)?[\s!?.]*", re.I)) for action, pattern in _FORMS
)


def read_order(words: str) -> Intent | None:
    """What `words` order, where they do so in one of the forms above; None for all other words."""
    text = " ".join(words.split())
    if _WITHDRAWAL.fullmatch(text):
        return Intent("poll_answer", Withdrawal())
    for action, pattern in _READERS:
        if match := pattern.fullmatch(text):
            held = match.groupdict()
            number = held.get("number") or held.get("number2")
            return ordered(action, int(number) if number else None, (held.get("text") or "").strip())
    return None
