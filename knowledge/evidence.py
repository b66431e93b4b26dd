"""What kind of fact a question asks for, and whether the text found holds one of that kind.

A near miss is close to a passage in every word but asks for what it does not state: a date, a name, a price. These are
rules about English questions, not about one source.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from knowledge.question import pieces
from knowledge.words import stems

_NUMBER = (
    r"(?:\d[\d.,]{0,20}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozen|hundred|thousand|million)"
)
_MONEY = re.compile(
    rf"[$€£¥]\s?\d|\b{_NUMBER}\s?(?:dollars?|euros?|pounds?|usd|eur|gbp|cents?|k|million|billion)\b", re.I
)
_CLOCK = re.compile(r"\b\d{1,3}:\d\d\b")
_SPAN = re.compile(rf"\b{_NUMBER}[\s-](?:second|minute|hour|day|week|month|quarter|year)s?\b", re.I)
_SHARE = re.compile(rf"\d\s?%|\b(?:per\s?cent|percent|half|third|quarter|{_NUMBER} (?:in|out of) {_NUMBER})\b", re.I)
_COLOUR = re.compile(r"\b(?:red|green|blue|yellow|orange|purple|black|white|grey|gray|pink|brown)\b", re.I)
_ORIGIN = re.compile(r"\b(?:according to|source:|reported by|survey by|study by|research by|published by)", re.I)
_CREDIT = re.compile(r"(?:[—–]\s?|\bby )[A-Z][a-z]+ [A-Z][a-z]+|\b[A-Z][a-z]+ [A-Z][a-z]+ (?:said|says|wrote)\b")


@dataclass(frozen=True)
class Need:
    """A kind of fact that a question asks for: how it is called, and whether a text holds it."""

    fact: str
    asked: re.Pattern[str]
    held: Callable[[str, str], bool]


def _matches(pattern: re.Pattern[str]) -> Callable[[str, str], bool]:
    return lambda question, text: bool(pattern.search(text))


_OUT_OF = re.compile(r"\b(?:out of|in) (?:a hundred|ten|100|10|every \w+)\b", re.I)


def _counts(question: str, text: str) -> bool:
    """Whether `text` holds a number, or lists things, and the noun that `question` wants counted; a share, where it
    asks how many out of so many.
    """
    if _OUT_OF.search(question):
        return bool(_SHARE.search(text))
    match = re.search(r"\b(?:how many|number of|count of)\s+(?:of\s+)?(.{3,60})", question, re.I)
    wanted = stems(match[1])[:2] if match else []
    counted = bool(re.search(rf"\b{_NUMBER}\b", text, re.I)) or " / " in text or "\n- " in text
    return counted and (not wanted or bool(set(wanted) & set(stems(text))))


# What has a name of its own: "which tool did they use?" is answered by no text that does not speak of tools.
_NAMED_THINGS = (
    r"tools?|software|programs?|vendors?|suppliers?|providers?|brands?|products?|agenc(?:y|ies)|ministr(?:y|ies)|authorit"
    r"(?:y|ies)|municipalit(?:y|ies)|countr(?:y|ies)|cit(?:y|ies)|regions?|industr(?:y|ies)|competitors?|rivals?|universit"
    r"(?:y|ies)|banks?|studios?|fonts?|typefaces?|resolutions?|formats?|codecs?|gpus?|chips?|certifications?|laws?|"
    r"regulations?|songs?|tracks?|editions?|newspapers?|magazines?|channels?|frameworks?|consultants?|consultanc(?:y|ies)|"
    r"consulting (?:firm|company)|languages?"
)
_THING_ASKED = re.compile(
    rf"\b(?:which|what)(?:'s| is| are| was| were)?(?: the| a)?(?: \w+){{0,3}}? (?P<thing>{_NAMED_THINGS})\b"
    r"(?!\s+(?:cue|effect|version|adaptation|does|do)\b)",
    re.I,
)


def _speaks_of_it(question: str, text: str) -> bool:
    """Whether `text` speaks of the kind of thing whose name `question` asks for."""
    match = _THING_ASKED.search(question)
    return match is None or bool(set(stems(match["thing"])) & set(stems(text)))


# A capital behind the beginning of a sentence, or within a word.
_NAME = re.compile(r"(?<![.?!:]\s)(?<!^)\b[A-Z]\w*|\b[a-z]\w*[A-Z]\w*")
_CALENDAR = re.compile(
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)days?|january|february|march|april|may|june|july|august|september|october"
    r"|november|december|i|ai",
    re.I,
)


def names_in(text: str) -> frozenset[str]:
    """The proper names and abbreviations in `text`, word by word and in small letters; days and months are none."""
    return frozenset(name.lower() for name in _NAME.findall(text) if not _CALENDAR.fullmatch(name))


NEEDS = (
    Need(
        "a source",
        re.compile(
            r"\b(?:(?:what|which|whose) (?:\w+ )?(?:source|(?<!case )study|survey|report|research|paper|evidence|"
            r"reference)\b"
            r"|(?:source|origin|evidence) (?:of|for|behind)|(?:come|comes|came|taken|drawn|derived) from"
            r"|who (?:measured|found|calculated|researched|surveyed|counted)|based on what|how (?:was|were) .{0,30}"
            r"(?:measured|calculated|surveyed|collected))\b",
            re.I,
        ),
        _matches(_ORIGIN),
    ),
    Need(
        "a name",
        re.compile(
            r"\bwho (?:animated|edited|filmed|recorded|voiced|illustrated|painted|directed|scripted|translated|"
            r"sponsored|funded|commissioned|approved|paid)\b"
            r"|\bwho(?:'s|se| is| was| are| were)? (?:the )?(?:said|says|wrote|writes|written|made|makes|created|"
            r"narrat\w*|present\w*|produc\w*|host\w*|author\w*|speak\w*|director|ceo|cfo|cto|boss|founder|owner|head|"
            r"leader|in charge|behind|quoted|expert|voice|drew|designed|compos\w*|publish\w*)\b"
            r"|\bname (?:of )?the (?:author|speaker|expert|person|ceo|narrator|presenter|host|publisher|editor|"
            r"director|producer|composer|designer|animator)\b"
            r"|\b(?:name|title) of the (?:\w+ )?(?:company|song|track|tune|channel|band|singer)\b"
            r"|\bwh(?:ich|at) (?:\w+ )?(?:composer|singer|band|actor|actress|musician|artist|animator|designer|"
            r"expert|specialist|"
            r"director|producer|journalist|speaker|author|person)\b"
            r"|\bwh(?:o|ich|at(?! (?:does|do|did|has|should)\b)).{0,20}"
            r"\b(?:author|narrator|presenter|publisher|ceo|cfo|founder)\b"
            r"|^(?:the )?(?:author|narrator|presenter|publisher|ceo|cfo|founder)\b|\breally called\b|\breal name\b",
            re.I,
        ),
        _matches(_CREDIT),
    ),
    Need(
        "a length of time",
        re.compile(
            r"\bhow (?:long|soon|quickly|fast)\b|\bhow many (?:second|minute|hour|day|week|month|year)s?\b", re.I
        ),
        lambda question, text: bool(_SPAN.search(text) or _CLOCK.search(text)),
    ),
    Need(
        "an amount of money",
        re.compile(
            r"\bhow much (?:(?:\w+'? )?money (?:was|were|is|did|does|has|have|will)\b|"
            r"does .{2,50} cost|did .{2,50} (?:pay|spend|earn)|"
            r"is the (?:book|chapter|course))\b"
            r"|\b(?:price|revenue|turnover|profits?(?! (?:from|by|motive|of))|salary|"
            r"budget (?:before|after|of)|in (?:dollars|euros|pounds)|absolute)\b"
            r"|\bhow (?:big|large|high) (?:is|was|were) .{0,30}\bbudget\b",
            re.I,
        ),
        _matches(_MONEY),
    ),
    Need(
        "a share",
        re.compile(
            r"\b(?:what|which) (?:\w+ )?(?:percentage|percent|share|proportion|fraction|rate)\b|\bby what per", re.I
        ),
        _matches(_SHARE),
    ),
    Need("a number", re.compile(r"\bhow many\b|\bwhat number of\b", re.I), _counts),
    Need("the name of that", _THING_ASKED, _speaks_of_it),
    Need(
        "a place",
        re.compile(
            r"\bwhere (?:is|are|was|were) .{2,40}\b(?:based|located|headquartered|situated|from|registered|"
            r"filmed|recorded|shot)\b",
            re.I,
        ),
        _matches(re.compile(r"\b(?:based|located|headquartered|situated|registered) (?:in|at)\b", re.I)),
    ),
    Need(
        "a sample",
        re.compile(
            r"\bsample size\b|\bmargin of error\b"
            r"|\bhow many .{3,40}\b(?:surveyed|interviewed|polled|analy[sz]ed|studied|examined|looked at)\b",
            re.I,
        ),
        _matches(re.compile(r"\b(?:sample|respondents|surveyed|interviewed|polled)\b", re.I)),
    ),
    Need(
        "a value",
        re.compile(
            r"\b(?:highest|lowest|maximum|minimum|max|min|largest|smallest|default|initial|exact|precise)\b.{0,20}"
            r"\b(?:values?|settings?|positions?|numbers?|figures?|amounts?|you can (?:set|choose|enter))\b"
            r"|\b(?:[xy]-)?ax[ie]s\b",
            re.I,
        ),
        _matches(re.compile(r"\d")),
    ),
    Need("a colour", re.compile(r"\bcolou?rs?\b", re.I), _matches(_COLOUR)),
)

_OWNED = r"spend|spending|bills?|invoice|usage|budgets?|costs?|projects?|data|account|consumption|savings|team'?s?"
_LATELY = r"this|last|next|right now|currently|at the moment|today|yesterday|month|quarter|year|week"
_SPENT = r"(?:(?:over)?spen[dt]|pa(?:y|id)|burn(?:ed|t)?|used?|consumed?|costs?|go over|gone over)"
_WE = r"(?:we|our team|my team)"
_BEGINS = r"(?:^|[.?!,;:]\s)"
# A figure of the asker's own account is asked for. "Our bill doubled last month: what now?" asks for none.
OWN_DATA = re.compile(
    rf"(?:\b(?:what(?:'s| is| was| are| were)|how (?:high|big|large) (?:is|was|are|were)|show(?: me)?|tell(?: me)?)"
    rf"|{_BEGINS}(?:is|are|was|were|did|has|have)) (?:our|my)\b(?:\s+\w+){{0,4}}?\s+(?:{_OWNED})\b"
    rf".{{0,40}}\b(?:{_LATELY})\b"
    rf"|\b(?:how (?:much|many)|what|which)\b.{{0,40}}\b(?:did|have|has) {_WE} {_SPENT}\b"
    rf"|\b(?:how (?:much|many)|what|which)\b.{{0,40}}\b(?:do|does|are) {_WE} {_SPENT}\b.{{0,40}}\b(?:{_LATELY})\b"
    rf"|{_BEGINS}(?:did|do|have|are) {_WE} {_SPENT}\b.{{0,60}}\b(?:too much|{_LATELY})\b"
    rf"|\bwhich of (?:our|my)\b.{{0,60}}\b(?:{_SPENT}|over budget|most|{_LATELY})\b",
    re.I,
)


def names_somebody(text: str) -> bool:
    """Whether `text` credits a person: "— Jane Doe", "by Jane Doe", "Jane Doe says"."""
    return bool(_CREDIT.search(text))


def missing_fact(question: str, text: str) -> str | None:
    """The kind of fact that `question` asks for and `text` does not hold; None where nothing is missing."""
    for need in NEEDS:
        if need.asked.search(question) and not need.held(question, text):
            return need.fact
    return None


def asks_for_share(question: str) -> bool:
    """Whether `question` asks for a share or a count ("what percentage ...", "how many ...")."""
    return any(need.asked.search(question) for need in NEEDS if need.fact in ("a share", "a number"))


_PERCENT = re.compile(r"(?<!\d)(\d++(?:[.,]\d++)?)\s?(?:%|per\s?cent\b)", re.I)


# What the asker tells of themselves, and no claim that they have from somebody: "our GPUs sit at 35%, what now?".
_OF_ONES_OWN = re.compile(r"\b(?:i|we|our|ours|my|mine|us)\b", re.I)
_FROM_SOMEBODY = re.compile(
    r"\b(?:heard|reads?|told|tells?|sa(?:id|ys?)|claim(?:s|ed)?|th(?:ink|ought)|believed?)\b", re.I
)
# Whether a figure is good is asked, and not claimed: "is 40% enough?".
_JUDGED = re.compile(
    r"^\W*(?:is|are|would) .{0,40}%.{0,40}"
    r"\b(?:ok(?:ay)?|fine|good|bad|normal|enough|high|low|much|little|realistic|typical)\b",
    re.I,
)


def claimed_figures(question: str) -> frozenset[str]:
    """The percentages that `question` takes for true of what it asks about."""
    claims = [
        piece
        for piece in pieces(question)
        if (not _OF_ONES_OWN.search(piece) or _FROM_SOMEBODY.search(piece)) and not _JUDGED.search(piece)
    ]
    return frozenset().union(*map(figures, claims))


def figures(text: str) -> frozenset[str]:
    """The percentages that stand in `text`, as written ("30")."""
    return frozenset(match.replace(",", ".") for match in _PERCENT.findall(text))
