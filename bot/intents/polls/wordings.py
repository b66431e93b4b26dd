"""How people word the settings of a poll: who sees what, how many choices, until when, a reminder, how often.

A sentence is brought to few words first (`plain_wording`), so that "Nobody should be able to see who voted for what"
and "don't show names" need no pattern for each way to begin.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

from bot.intents.times.days import mended
from knowledge.words import words_of

Kind = Literal["anonymous", "several", "hidden", "closes", "repeats", "remind", "courtesy"]

# Words that change nothing about what a sentence sets, where they begin it.
_FRAMES = words_of(
    """and but also then so that which where with plus please pls kindly just make keep sure set it its it's this these
    those poll survey the a an as is are be being been stay stays staying remain should shall must will would to i we
    i'd we'd want need like have let let's lets allow ensure fully completely strictly entirely totally all by default
    there oh ok okay yes settings: setting:"""
)
_SLIPS = ("anonymous", "multiple", "several", "choice", "choices", "hidden", "results", "reminder", "remind", "secret")
_NOT = re.compile(
    r"\b(?:(?:do|does|must|should|shall|may|can|could|will|would|is|are|was|did)(?:n't|nt| not)|cannot"
    r"|can't|won't|never"
    r"|not to|no need to|refrain from|avoid)\b(?: ever)?(?: be able to)?(?: be)?"
)
_NOBODY = re.compile(r"\b(?:no one|no-one|noone|not anyone|not anybody|none of (?:us|you|them)|no person)\b(?: else)?")
_MODAL = re.compile(
    r"\b(?:should|shall|must|may(?= (?:not|only|see|know|be|have|choose|pick|select|vote|give|tick"
    r"|cast|use|answer)\b)|can|could|will|would|might|needs? to|has to|have to|(?:is|are|get|gets"
    r"|be) (?:allowed|able) to|is to|are to|gets? to)\b ?"
)
_SEEN = re.compile(r"\b(?:be able to|ever|actually|exactly) ")

_WHO = (
    r"(?:people|everyone|everybody|folks|you|they|we|us|them|me|voters?|participants|members|colleagues|anyone|anybody"
    r"|others|(?:the |my |our )?(?:team|group|channel|room|others)|each(?: (?:person|voter|one|of us|of you))?"
    r"|every (?:person|voter)|a person|a voter|one)"
)
_VOTED = r"(?:votes?|voted|voting|picks?|picked|chose|chosen|chooses?|answers?|answered|selected|selects?|said|says)"
_BY = (
    rf"(?:who|how|what|which way)(?: (?:{_WHO}|each one|somebody|someone))?(?: has"
    rf"| have)? {_VOTED}(?: for| on)?(?: (?:what|which|whom|who|how|it|whatever|which option"
    rf"|what option))?"
)
_NAMES = (
    rf"(?:(?:the |any |their |voter |people's )?(?:names?|voters|identit(?:y|ies)"
    rf"|each other's (?:votes|answers|choices)|(?:other people's|others'?|individual) (?:votes|answers"
    rf"|choices))(?: of (?:the )?(?:voters|people|participants))?|{_BY})"
)
_VOTES = r"(?:votes?|voting|ballots?|poll|answers?|responses?)"
_SHOW = r"(?:show|reveal|display|publish|list|tell|expose|disclose|share|record|track|announce|give away)(?:ing)?"
_SEE = r"(?:see|know|find out|learn|tell|view|look up)"
_CONCEALED = r"(?:anonymous|secret|confidential|private|hidden)"

_RESULTS = (
    r"(?:(?:the |any |interim |intermediate |live |partial |current |final |running ){0,3}(?:results?"
    r"|tally|counts?|outcome|standings?|votes|totals|numbers))"
)
_OVER = r"(?:closes?|closed|ends?|ended|over|done|finished|finishes)"
CLOSE = (
    rf"(?:(?:it|this|the poll|the vote|the voting|poll|voting)(?:'s)?(?: has| have| is| are)? {_OVER}"
    rf"|(?:the )?(?:close|closing|end"
    rf"|finish|deadline)(?: of (?:the )?(?:poll|vote|voting))?|then|after|afterwards|{_OVER})"
)
_UNTIL_CLOSE = (
    rf"(?: (?:until|till|before|unless|as long as|while) (?:{CLOSE}|(?:it|the poll|voting)(?:'s"
    rf"| is) (?:open|running)))?"
)

_MANY = (
    r"(?:several|many|multiple|more than one|as many as (?:they|you|we|one|people) (?:like|likes|want"
    r"|wants|wish|please|need)"
    r"|all that apply|any number(?: of)?|whatever applies)"
)
_WHAT = r"(?:choices?|answers?|options?|votes?|selections?|items?|things?|of them)"
_PICK = r"(?:choose|pick|select|tick|check|mark|give|have|has|cast|use|vote|vote for|submit)"
_ALLOWED = (
    r"(?:(?:is |are )?(?:allowed|possible|ok|okay|fine|welcome|permitted|accepted|enabled|on|good)"
    r"|each|per person|please)"
)

_SAID: tuple[tuple[Kind, bool, str], ...] = (
    (
        "anonymous",
        True,
        r"anonym(?:e[nrs]?)?|an[oóôò]nim[ao]|anonimamente|geheime?|secr[eè]te?|secret[ao]|confidenti?el",
    ),
    ("anonymous", True, rf"(?:anonymous(?:ly)?|anon|secret(?:ly)?|confidential(?:ly)?)(?: {_VOTES})?"),
    (
        "anonymous",
        True,
        rf"(?:the |all )?(?:{_VOTES}|names?|voters)(?: (?:is|are|be|stay|remain|kept|being)){{0,3}}? {_CONCEALED}",
    ),
    (
        "anonymous",
        True,
        rf"(?:without|no) (?:any |the )?(?:{_SHOW} )?(?:any |the )?names?(?: (?:shown|attached|visible|displayed))?",
    ),
    (
        "anonymous",
        True,
        rf"(?:not|without) {_SHOW}(?: (?:us|anyone|anybody|people))? {_NAMES}(?: to (?:anyone|anybody|others))?",
    ),
    ("anonymous", True, rf"(?:hide|conceal|withhold|leave out|keep back) {_NAMES}(?: (?:from|to) (?:{_WHO}))?"),
    (
        "anonymous",
        True,
        r"not (?:want|need|have|take|collect) (?:any |the )?names|names? (?:(?:stay "
        r"|kept )?out of (?:it|this)|off|not shown|hidden)",
    ),
    ("anonymous", True, rf"nobody {_SEE}s? {_NAMES}"),
    ("anonymous", True, rf"{_WHO} not {_SEE} {_NAMES}"),
    (
        "anonymous",
        False,
        rf"(?:not |non-?)anonymous|named(?: {_VOTES})?|with names|public(?:ly)? (?:votes?|voting"
        rf"|ballots?)|open (?:ballots?|votes?)",
    ),
    ("anonymous", False, rf"show(?:n|ing)? {_NAMES}|names (?:shown|visible|public|on)|{_WHO} {_SEE}s? {_NAMES}"),
    ("several", True, rf"(?:{_WHO} )?(?:to )?{_PICK}(?: for)? {_MANY}(?: {_WHAT})?(?: {_ALLOWED})?"),
    ("several", True, rf"{_MANY}[ -]?{_WHAT}(?: {_ALLOWED})?|{_MANY} {_ALLOWED}"),
    (
        "several",
        True,
        rf"multi(?:ple)?[ -]?(?:choice|select|selection|answer|vote|option|pick)s?(?: {_VOTES})?(?: {_ALLOWED})?",
    ),
    (
        "several",
        True,
        rf"(?:enable|permit|accept|permitting|allowing|accepting) {_MANY}(?: {_WHAT})?(?: {_ALLOWED})?"
        rf"|several|multiple",
    ),
    (
        "several",
        False,
        rf"(?:{_WHO} )?(?:to )?(?:only |just |exactly )?{_PICK} (?:only |just |exactly )?(?:one|1"
        rf"|a single)(?: {_WHAT})?(?: (?:only|each|per (?:person|head|voter)))?",
    ),
    (
        "several",
        False,
        rf"(?:only |just |exactly )?(?:single|one|1)[ -]?{_WHAT}(?: {_VOTES})?(?: (?:only|each"
        rf"|per (?:person|head|voter)|for each))?|single",
    ),
    (
        "several",
        False,
        rf"(?:no|not) {_MANY}[ -]?{_WHAT}|no multi(?:ple)?[ -]?choice|(?:{_WHO} )?(?:only "
        rf"|just )?vote (?:only )?once|no more than one(?: {_WHAT})?(?: each| per person)?",
    ),
    ("hidden", True, rf"hidden(?: {_RESULTS})?{_UNTIL_CLOSE}"),
    ("hidden", True, rf"(?:no|not|without) (?:peek|peeking|spoiler|spoilers)(?: (?:at|of) {_RESULTS})?{_UNTIL_CLOSE}"),
    (
        "hidden",
        True,
        rf"{_RESULTS}(?: (?:is|are|be|stay|remain|kept|being)){{0,3}}? (?:hidden|secret|not (?:shown"
        rf"|visible|revealed|public)|invisible|withheld|back|under wraps){_UNTIL_CLOSE}",
    ),
    (
        "hidden",
        True,
        rf"(?:hide|hiding|withhold|conceal|hold back|keep back) {_RESULTS}(?: back)?{_UNTIL_CLOSE}"
        rf"|no (?:live|interim|intermediate) {_RESULTS}",
    ),
    (
        "hidden",
        True,
        rf"(?:not|without) {_SHOW} {_RESULTS}{_UNTIL_CLOSE}|nobody {_SEE}s? {_RESULTS}{_UNTIL_CLOSE}"
        rf"|{_WHO} not {_SEE} {_RESULTS}{_UNTIL_CLOSE}",
    ),
    (
        "hidden",
        True,
        rf"(?:{_SHOW} )?(?:only )?{_RESULTS} (?:is |are )?(?:be )?(?:only )?(?:shown |visible "
        rf"|revealed |displayed |published |announced |out |available )?(?:only )?(?:after|at|when|once"
        rf"|on) {CLOSE}",
    ),
    (
        "hidden",
        True,
        rf"shown (?:only )?(?:after|at) {CLOSE}|(?:only )?{_SHOW} {_RESULTS} (?:only )?(?:after|at|when|once) {CLOSE}",
    ),
    ("hidden", True, rf"{_WHO} (?:only )?{_SEE} {_RESULTS} (?:only )?(?:after|at|when|once) {CLOSE}"),
    (
        "hidden",
        False,
        rf"live(?: {_RESULTS})?|show {_RESULTS}(?: live| immediately| right away| as they come in"
        rf"| at once| all along)?|shown while it is open",
    ),
    (
        "hidden",
        False,
        rf"(?:show )?{_RESULTS} (?:is |are )?(?:live|visible|open|shown|not hidden|public)(?: while it is open)?",
    ),
    (
        "courtesy",
        True,
        r"(?:please|pls|plz|thanks|thank you|thx|ty|cheers|many thanks|ta)(?: (?:so much|a lot|you|all"
        r"|everyone|in advance|bot))?",
    ),
    (
        "courtesy",
        True,
        r"(?:(?:(?:everyone|everybody|anyone|anybody|all) )?(?:vote|cast (?:your )?votes?)(?: (?:here|below))?"
        r"|(?:\d{1,2}|two|three|four|five|six) (?:options|choices|answers)|(?:you|people|they"
        r"|everyone) change (?:your|their) votes?|no (?:deadline|time limit|rush)|open end(?:ed)?"
        r"|that(?:'s| is) (?:all|it)|go ahead|off you go|vote (?:now|away)|let(?:'s| us) vote|go)",
    ),
)
# A poll has no limit but one: what names another one is asked about.
COUNTED = re.compile(
    rf"(?:{_WHO} )?(?:to )?(?:choose|pick|select|tick|vote for) (?:up to |at most |max(?:imum)? |exactly )?"
    rf"(?:two|three|four|five|[2-9])(?: {_WHAT})?(?: each| per person)?(?: {_ALLOWED})?"
)
TERMS = tuple((kind, value, re.compile(pattern)) for kind, value, pattern in _SAID)

_REMIND = r"(?:remind|nudge|ping|notify|poke|alert|prod)"
REMINDER = re.compile(
    rf"(?:send |post |give )?(?:{_WHO} )?(?:a |one )?(?:reminder|nudge"
    rf"|{_REMIND}s?)(?: to)?(?: {_WHO})?[ :]*+(?:at |comes |of |for |to vote )?"
    rf"(?P<lead>.{{1,60}}?)(?: (?:before(?:hand)?|earlier|ahead|prior|in advance|to go|left)(?: .{{0,30}})?)?"
)
REMINDER_LAST = re.compile(
    rf"(?P<lead>.{{1,60}}?) (?:before|ahead of|prior to) {CLOSE},? (?:send )?(?:a )?(?:{_REMIND}|reminder)(?: {_WHO})?"
)
NO_REMINDER = re.compile(
    rf"(?:no|without(?: a| any)?|not) (?:reminders?|{_REMIND})(?:ing)?(?: (?:us|me|anybody|anyone|people))?"
)
_VERB = (
    r"(?:clos(?:es?|ed|ing)(?: down)?|end(?:s|ing|ed)?|finish(?:es|ing)?|stop(?:s|ping)?|runs?|running"
    r"|lasts?|lasting|expir(?:es?|ing)"
    r"|shuts?|(?:stays? |left |leave |remains? )?open|due|deadline|cut-?off|accepts? votes|take votes)"
)
CLOSES = re.compile(
    rf"(?:(?:voting|polling|votes?|the vote|the voting|ballots?|polls?|it) )?(?:is |are |be |stay "
    rf"|stays )?{_VERB}(?: (?:it|this|the poll|the vote|voting|poll|automatically|again|is|down"
    r"|on its own|by itself)){0,3}[ :]*+(?P<when>.+)"
)
HAS_UNTIL = re.compile(
    rf"(?:{_WHO} )?(?:have|has|get|gets|give {_WHO}|giving {_WHO}|vote|votes|voting|answer|answers"
    rf"|respond|reply|votes are|votes in|votes due)(?: time)? (?P<when>(?:for|until|till|by|before"
    rf"|within|up to|\d|an? |one|two|three|half)\b.+?)"
    r"(?: (?:to|for) (?:vote|answer|decide|respond|choose|pick|voting)(?: .{0,20})?)?"
)
PLAINLY_CLOSES = re.compile(r"(?:for|until|untill|till?|by|in|within|before|up to)\b")
REPEATS = re.compile(
    rf"(?:(?:repeat(?:s|ed|ing)?|recurs?|recurring|rerun|run|post|ask|send|do|hold|open|comes?|start"
    rf"|again|it|this|{_WHO})\b ?){{0,4}}"
    r"(?P<rule>(?:once|on the|every|each|daily|weekly|monthly|yearly|annually|fortnightly|biweekly"
    r"|bi-weekly|quarterly|hourly"
    r"|twice|(?:on )?(?:mon|tues|wednes|thurs|fri|satur|sun|week)(?:day|end)s)\b.*)"
)
ANSWERED = re.compile(r"(?P<what>.{1,40}?)(?: ?[:=] ?| )(?P<answer>yes|true|on|enabled|no|false|off|disabled)")


@lru_cache(maxsize=4096)
def plain_wording(text: str) -> str:
    """`text` in lower case and plain signs with its slips mended, one word for each way to deny, and no frame."""
    said = re.sub(r"[a-z]{5,}", lambda word: _mend(word[0]), mended(text))
    said = _NOBODY.sub("nobody", _NOT.sub("not", said))
    said = _SEEN.sub("", _MODAL.sub("", said))
    words = said.replace(",", " ").split()
    while words and words[0] in _FRAMES and len(words) > 1:
        words = words[1:]
    return " ".join(words)


@lru_cache(maxsize=4096)
def _mend(word: str) -> str:
    from rapidfuzz.distance import OSA

    near = [known for known in _SLIPS if OSA.distance(word, known, score_cutoff=1) <= 1]
    return word if word in _SLIPS or not near else near[0]
