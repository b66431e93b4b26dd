"""What is said about polls in set forms: "reopen the poll", "save it as lunch", "repeat the poll every Monday"."""

from __future__ import annotations

from bot.intents import Action, Intent, Withdrawal
from bot.intents.forms import set_form
from bot.intents.sayings import ordered

_THE = r"(?:the |that |this |our |my |a )?(?:last |open |current |running )?"
_POLL = rf"{_THE}(?:poll|survey|vote)(?: (?:number |no\.? ?|#)?(?P<number>[0-9]{{1,9}}))?"
_IT = rf"(?:it|{_POLL})"
_MAKE = r"(?:i want |make |create |start |open |set up |write |add )?(?:me )?(?:a |my |our )?"
_ELSEWHERE = r"(?: (?:with|in|to) (?:another|other|a second) (?:place|room|channel|server|team)s?| elsewhere)?"
_SHOW = r"(?:(?:list|show|see|display) )?(?:me |us )?(?:the |all |our |my )*"
_WHICH = "(?P<which>[0-9]{1,9})"
_NAME = r"[\"“”'‘’„«»]*(?P<text>[^\"“”‘’„«»]+?)[\"“”'‘’„«»]*"
_TEMPLATE = rf"{_THE}template {_NAME}"

_FORMS: tuple[tuple[Action, str], ...] = (
    ("new", rf"{_MAKE}(?:new )?(?:poll|survey) (?:of (?:my|our) own|form)"),
    ("new", rf"{_MAKE}(?:new )?own (?:new )?(?:poll|survey)"),
    ("edit", rf"(?:edit|change|amend|modify|correct|fix) {_POLL}"),
    ("deadline", rf"(?:close|end|stop) {_IT} (?P<text>(?:in|at|on|by|tomorrow|tonight|until) ?.*)"),
    ("deadline", rf"(?:extend|prolong) {_IT} (?:to|until|till|by|for) (?P<text>.+)"),
    ("deadline", rf"(?:keep|leave) {_IT} open (?P<text>(?:for|until|till) .+)"),
    ("reopen", rf"(?:re-?open|open again) {_POLL}"),
    ("share", rf"(?:share|invite others to) {_POLL}{_ELSEWHERE}"),
    ("join", r"(?:join|hold|open|show) poll (?P<text>[A-Z2-9]{8})(?: here)?"),
    ("list", rf"(?:{_SHOW}(?:open |running |last |past )?)?polls"),
    ("names", rf"{_SHOW}votes by name(?: (?:in|of) {_POLL})?"),
    ("trend", rf"{_SHOW}trend(?: (?:of|in|for) {_POLL})?"),
    ("trend", rf"how (?:did|has) {_POLL} chang(?:e|ed)(?: over (?:the )?time)?"),
    ("save", rf"(?:save|keep|store) {_IT} (?:as|under)(?: the| a)?(?: name| template)?(?: called| named)? ?{_NAME}"),
    ("use", rf"(?:use|start|open|run|post) {_TEMPLATE}"),
    ("drop", rf"(?:delete|drop|remove|forget) {_TEMPLATE}"),
    ("templates", rf"{_SHOW}(?:poll )?templates"),
    ("repeat", rf"repeat {_IT} (?P<text>(?:every|each|daily|weekly|monthly|on) ?.*)"),
    ("end", rf"(?:stop|end|cancel) (?:repeating|the repetition of|the recurrence of)(?: {_IT}| {_WHICH})?"),
    ("schedules", rf"{_SHOW}schedules?"),
    ("schedules", r"what (?:comes again|repeats|is scheduled)(?: here)?"),
)
_WITHDRAWAL = set_form(
    r"(?:i (?:want|would like|'d like) to )?"
    r"(?:(?:withdraw|take back|retract|undo|revoke|delete|remove|cancel) (?:my|the) votes?|take my votes? back|unvote)"
    r"(?: again)?"
)
_ZONE = set_form(r"(?:(?:set|change|use) )?(?:the |our |my )?time ?zone\b(?: .{1,60})?")
_READERS = tuple((action, set_form(pattern)) for action, pattern in _FORMS)


def read_order(words: str) -> Intent | None:
    """What `words` order, where they do so in one of the forms above; None for all other words."""
    text = " ".join(words.split())
    if _ZONE.fullmatch(text):
        return Intent("settings")
    if _WITHDRAWAL.fullmatch(text):
        return Intent("poll_answer", Withdrawal())
    for action, pattern in _READERS:
        if match := pattern.fullmatch(text):
            held = match.groupdict()
            number = held.get("number") or held.get("which")
            return ordered(action, int(number) if number else None, (held.get("text") or "").strip())
    return None
