"""What is said about polls in set forms: "reopen the poll", "save it as lunch", "repeat the poll every Monday"."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

from bot.intents import Action, Discuss, Intent, Order, Withdrawal, certain
from bot.intents.sayings import ordered
from bot.intents.talk.forms import set_form
from bot.intents.times.extending import as_span

_THE = r"(?:the |that |this |our |my |a )?(?:last |open |current |running )?"
# "the lunch poll": words that name it
_NAMED = r"(?:(?!(?:of|in|on|from|for|to|about) )[\w'’-]+ ){0,4}"
_POLL = rf"{_THE}{_NAMED}(?:poll|survey|vote)(?: (?:number |no\.? ?|#)?(?P<number>[0-9]{{1,9}}))?"
_IT = rf"(?:it|{_POLL})"
_MAKE = r"(?:i want |make |create |start |open |set up |write |add )?(?:me )?(?:a |my |our )?"
_ELSEWHERE = r"(?: (?:with|in|to) (?:another|other|a second) (?:place|room|channel|server|team)s?| elsewhere)?"
_SHOW = r"(?:(?:list|show|see|display) )?(?:me |us )?(?:the |all |our |my )*"
_WHICH = "(?P<which>[0-9]{1,9})"
_NAME = r"[\"“”'‘’„«»]*+(?P<text>[^\"“”‘’„«»]+?(?<![\s!?.']))[\"“”'‘’„«»]*"
_TEMPLATE = rf"{_THE}template {_NAME}"

_OPTION = r"(?:options?|choices?|answers?)"
_HERE = r"(?:the |this |that |our |my )?(?:poll|survey|vote|ballot|list|options|choices)"
# "to the lunch poll", "from poll 12"
_OF_POLL = (
    r"(?: (?:to|from|in|of|on) (?:(?:the|our|that) (?:[\w'’-]+ ){0,4})?(?:poll|survey|vote)"
    r"(?: (?:number |no\.? ?|#)?(?P<number>[0-9]{1,9}))?)?"
)
_WHOLLY = r"(?:,? (?:(?:the )?(?:whole|entire) (?:thing|poll)|all of it|completely|entirely|altogether|for good))?"
_ENDS = r"(?:be )?(?:clos(?:e[sd]?|ing)|end(?:s|ed|ing)?|finish(?:e[sd]|ing)?|over|due|expire[sd]?|stop(?:s|ped)?)"

_POLLS = r"(?:polls?|surveys?|votes)"
_ON = r"(?:open|running|on|live|active)"
_RIGHT_NOW = r"(?: (?:here|now|right now|at the moment|today))?"

_FORMS: tuple[tuple[Action, str], ...] = (
    ("new", rf"{_MAKE}(?:new )?(?:poll|survey) (?:of (?:my|our) own|form)"),
    (
        "add",
        rf"add (?:an?|another|one more|the|a new|new|some|more)?(?: new)? ?{_OPTION}(?: to {_HERE})?:?",
    ),
    (
        "add",
        rf"add (?:an? |another |one more |the |a new |new )?{_OPTION}(?: called| named)?[ :,]++{_NAME}(?: to {_HERE})?"
        rf"{_OF_POLL}",
    ),
    ("add", rf"add {_NAME} (?:as (?:an? |another |a new )?{_OPTION}|to {_HERE})"),
    (
        "rename",
        rf"(?:rename|change|reword|correct|fix|edit|call) {_OPTION} (?P<old>.{{1,75}}?) (?:to|into|as) {_NAME}"
        rf"{_OF_POLL}",
    ),
    ("new", r"(?:make|turn) (?:it|that|this)(?: into)? an? (?:poll|survey)"),
    ("remove", rf"(?:remove|delete|drop|take out|strike)(?: the)? {_OPTION} {_NAME}{_OF_POLL}"),
    (
        "ballot",
        rf"(?:what|which) (?:are|were|was|is) (?:the |our |its |my )?{_OPTION}(?: (?:again|of {_HERE}|in {_HERE}))?",
    ),
    ("ballot", rf"(?:which|what) {_OPTION} (?:are|were) there(?: again)?"),
    ("ballot", rf"(?:show|see|repeat)(?: me| us)? (?:the )?(?:ballot|{_OPTION})(?: again)?"),
    ("when", rf"(?:when|at what time|what time) (?:does|will|is|do) {_IT} (?:going to )?{_ENDS}"),
    (
        "names",
        r"who (?:has |all )?(?:voted|picked|chose|answered)(?: (?:for )?(?:what|which|whom|how|(?!in |on )[^?]{1,60}))?"
        rf"(?: (?:in|on) {_POLL})?",
    ),
    (
        "mine",
        r"(?:(?:so |and )?(?:what|how|which(?: one| option)?|whom?)(?: was| is|'s|s)?(?: did| have| had)? (?:mine|"
        r"my (?:own )?(?:vote|choice|pick)|i (?:have )?(?:voted?|choose|chosen?|chose|pick(?:ed)?|select(?:ed)?))"
        r"|(?:did|have) i (?:already )?voted?|(?:show|tell|remind)(?: me)?(?: of)? my (?:vote|choices?|ballot|pick))"
        r"(?: for| on| in| about)?(?: (?:it|that|this|already|yet|again|here|so far|(?:the|this|that) poll))*",
    ),
    ("delete", rf"(?:delete|remove|discard|erase|throw away|get rid of|cancel|scrap) {_IT}{_WHOLLY}"),
    ("edit", rf"(?:edit|change|amend|modify|correct|fix) (?!my vote){_POLL}"),
    ("deadline", rf"(?:close|end|stop) {_IT} (?P<text>(?:in|at|on|by|tomorrow|tonight|until) ?.*)"),
    ("deadline", rf"(?:extend|prolong) {_IT} (?:to|until|till) (?P<text>.+)"),
    ("deadline", rf"(?P<extends>extend|prolong|shorten) {_IT} (?:by |for )?(?P<text>.+)"),
    ("deadline", rf"(?:keep|leave) {_IT} open (?P<text>(?:for|until|till) .+)"),
    ("reopen", rf"(?:re-?open|open again) {_IT}"),
    ("share", rf"(?:share|invite others to) {_POLL}{_ELSEWHERE}"),
    ("join", r"(?:join|hold|open|show) poll (?P<text>[A-Z2-9]{8})(?: here)?"),
    ("list", rf"(?:{_SHOW}(?:open |running |last |past )?)?polls"),
    ("names", rf"(?:{_SHOW})?(?:the )?names of (?:the |all )?(?:voters|people who voted)|show (?:the |us )?names"),
    (
        "list",
        rf"(?:what|which|how many)(?: other)? {_POLLS} (?:(?:are|is) there|(?:(?:are|is) )?(?:still |currently )?{_ON})"
        rf"{_RIGHT_NOW}",
    ),
    ("list", rf"(?:are there |do we have )?(?:any|other|more) (?:(?:{_ON}|other) )?{_POLLS}(?: {_ON})?{_RIGHT_NOW}"),
    ("list", rf"(?:what|where) (?:can|could|should) (?:i|we|one|people) (?:still )?vote (?:on|in){_RIGHT_NOW}"),
    ("names", rf"{_SHOW}votes by name(?: (?:in|of) {_POLL})?"),
    ("trend", rf"{_SHOW}trend(?: (?:of|in|for) {_POLL})?"),
    ("save", rf"(?:save|keep|store) {_IT} (?:as|under)(?: the| a)?(?: name| template)?(?: called| named)? ?{_NAME}"),
    ("use", rf"(?:use|start|open|run|post) {_TEMPLATE}"),
    ("use", rf"(?:use|start|open|run|post|take) (?:the |our |my |a )?{_NAME} template"),
    ("drop", rf"(?:delete|drop|remove|forget) {_TEMPLATE}"),
    ("templates", rf"{_SHOW}(?:poll )?templates"),
    ("repeat", rf"repeat {_IT} (?P<text>(?:every|each|daily|weekly|monthly|on) ?.*)"),
    ("end", rf"(?:stop|end|cancel) (?:repeating|the repetition of|the recurrence of)(?: {_IT}| {_WHICH})?"),
    ("schedules", rf"{_SHOW}schedules?"),
)
_WITHDRAWAL = set_form(
    r"(?:i (?:want|would like|'d like) to )?"
    r"(?:(?:withdraw|take back|retract|undo|revoke|delete|remove|cancel) (?:my|the) votes?|take my votes? back|unvote"
    r"|take back what i (?:said|voted|chose|picked)|i take (?:it|that) back)"
    r"(?: again)?"
)
_CLOSE_IT = set_form(r"(?:close|shut|end|finish)(?: down)? (?:it|that)(?: (?:down|now|already|then)){0,2}")
_ZONE = set_form(r"(?:(?:set|change|use) )?(?:the |our |my )?time ?zone\b(?: .{1,60})?")
_READERS = tuple((action, set_form(pattern)) for action, pattern in _FORMS)


def closes_it(words: str) -> bool:
    """Whether `words` close what was spoken of last."""
    return _CLOSE_IT.fullmatch(words) is not None


def order_meant(action: str) -> Intent:
    """What an order by meaning is; it is never more than meant, as what it names has still to be read."""
    if action == "withdraw":
        return Intent("poll_answer", Withdrawal())
    if action == "digest":
        return Intent("engagement_question", Discuss("digest"))
    known: tuple[Action, ...] = get_args(Action)
    return replace(ordered(next(one for one in known if one == action)), certainty="meant")


def read_order(words: str) -> Intent | None:
    """What `words` order, where they do so in one of the forms above; None for all other words."""
    text = " ".join(words.split())
    if _ZONE.fullmatch(text):
        return certain("settings")
    if _WITHDRAWAL.fullmatch(text):
        return certain("poll_answer", Withdrawal())
    for action, pattern in _READERS:
        if match := pattern.fullmatch(text):
            held = match.groupdict()
            number = held.get("number") or held.get("which")
            told = (held.get("text") or "").strip()
            if extends := held.get("extends"):
                told = as_span(extends, told)
            found = ordered(action, int(number) if number else None, told)
            if isinstance(found.value, Order) and held.get("old"):
                return replace(found, value=replace(found.value, old=held["old"].strip()))
            return found
    return None
