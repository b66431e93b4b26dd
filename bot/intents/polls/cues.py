"""Words by which a sentence about a poll sounds like a setting, though no setting was read in it.

What sounds so is never taken for an option: it is named, and asked about. An option that merely sounds so costs its
author one press; a setting that is taken for an option costs everybody a poll.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Literal

Cue = Literal["moment", "duration", "voting"]

# What questions are about whose options may sound like settings.
_ABOUT: Mapping[Cue, re.Pattern[str]] = {
    "moment": re.compile(
        r"\b(?:when|how often|(?:what|which|best|good|preferred) (?:day|time|date|week|month|slot)s?"
        r"|deadline|remind\w*|schedule)\b",
        re.I,
    ),
    "duration": re.compile(r"\b(?:how long|how much time|duration)\b", re.I),
    "voting": re.compile(r"\b(?:anonym\w*|secret\w*|named|vot(?:es?|ing)|polls?|results?)\b", re.I),
}

# From here on it sounds like a setting: each kind with what it is about.
_DAY = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?s?\b"
_DOUBTS: Mapping[str, re.Pattern[str]] = {
    "until": re.compile(
        r"\b(?:until|untill|unitl|till|deadline|clos(?:e[sd]?|ing) (?:it|on|at|in|by|when|once"
        r"|the (?:poll|vote)|after|before|automatically)"
        r"|end(?:s|ing) \w|expir\w+|stays? open|open (?:for|until|till|till|as long)|runs? (?:for"
        r"|until|till)|(?:it|this) (?:runs|ends|closes|is open)"
        rf"|(?:by|before|within|starting|from|as of) (?:the )?(?:{_DAY}|\d|an? |tomorrow|tonight|today"
        rf"|noon|midnight|next|end|eod|cob|christmas|easter|lunch)"
        r"|for (?:\d+|an?|one|two|three|the next|half an) ?(?:h|hrs?|hours?|min\w*|days?|weeks?|d)\b|due\b)",
        re.I,
    ),
    "repeats": re.compile(
        rf"\b(?:repeat\w*|recur\w*|every (?:other |second |\d)?\w+|each (?:day|week|month|{_DAY})"
        rf"|(?:twice|once) an? \w+|biweekly|fortnightly)\b",
        re.I,
    ),
    "privacy": re.compile(
        r"\b(?:\w*anonym\w*|secret\w*|confidential\w*|privacy|privat\w*|incognito|identit\w+"
        r"|names? \w+|\w+ names?|who (?:voted|picked|chose|said|answered)"
        r"|(?:nobody|no one|noone|nobody else|only i|only me) (?:\w+ )?(?:sees?|knows?|finds?|to see)"
        r"|(?:not |n't |can |should |to )(?:see|reveal|know))",
        re.I,
    ),
    "results": re.compile(
        r"\b(?:results?|tally|standings|outcome)\b|\b(?:hide|hidden|reveal\w*|don'?t show|do not show|show only)\b",
        re.I,
    ),
    "choices": re.compile(
        r"\b(?:up to (?:\d|one|two|three|four|five)|at (?:most|least) (?:\d|one|two|three|four|five)"
        r"|max(?:imum|imal)?\.? ?\d?|min(?:imum)? \d|no more than"
        r"|multi\b|(?:\d|one|two|three|four|five) (?:choices|votes|answers|picks|selections|options|each|max"
        r"|per person)|(?:choose|pick|select|tick|vote for) (?:\d|one|two|three|four|five|exactly|only"
        r"|your|the|any|as|up|at|between|several|multiple|all|more|many)"
        r"|multi(?:ple)?[- ]?(?:choice|select|answers?|votes?|options?|picks?)|single[- ]?(?:choice"
        r"|select|answer|vote)|rank\w*|priorit\w+ (?:the|them|your|by)|points? (?:each|per))\b",
        re.I,
    ),
    "voters": re.compile(
        r"\b(?:(?:only|just) (?:the |our |my |people|those|members|for |team|\w+ (?:may|can|should"
        r"|vote\w*|team|members|people))|vot(?:e|es|er|ers|ed|ing)\b|eligible|exclud\w+"
        r"|except(?: for)?|restrict\w+ to|limited to|(?:may|can|must|should|has to|have to"
        r"|needs? to) (?:vote|answer|respond|participate)"
        r"|mandatory|compulsory|quorum|majority|^only \w+(?: \w+)?$|\bonly$|weigh(?:t|ted|s)?\b"
        r"|unanim\w+|tie[- ]?break\w*|invited?)",
        re.I,
    ),
    "doing": re.compile(
        r"(?:\b(?:remind\w*|nudge|ping (?:the|us|every|me|people|them)|notify|announce|post (?:it|this"
        r"|the (?:poll|result)|in|to)|send (?:it|this|the|me)|share (?:it|this|the)|pin (?:it|this"
        r"|the)|start (?:it|this|the poll)|schedule|make (?:it|sure|this|the poll)"
        r"|keep (?:it|this|the (?:poll|vote))|let (?:people|them|us|everyone|everybody|me|voters|each)"
        r"|allow\w* (?:people|them|everyone|\w+ to|others|adding|custom|write)|(?:add|write|suggest"
        r"|propose) (?:their|your|an?|new|more|other|own|in) ?\w*|write-ins?|tag (?:the|every|@)"
        r"|mention (?:the|every|@)|copy (?:it|the)"
        r"|template|survey|polls?|(?:don'?t|do not)(?= (?:show|tell|let|close|open|remind|allow|reveal"
        r"|ping|notify|count|post|share|make"
        r"|use|display"
        r"|include|ask|give|end|start))|please(?! (?:specify|say|state|explain|comment|name))|asap|urgent\w*"
        r"|no later|as soon as|once (?:every|all|it|we)"
        r"|when (?:every|all|we|it|there)|if (?:every|all|we|it|there|no|nobody|any|less|fewer|more)"
        r"|unless|otherwise)\b|(?<!\w)#[a-z]\w+|(?<!\w)@\w)",
        re.I,
    ),
}


# Of so many other options the first say what options here sound like: twice as many as a poll may have.
COMPARED = 20


def cues(question: str) -> set[Cue]:
    """What a question is about, of what settings are about too."""
    return {cue for cue, pattern in _ABOUT.items() if pattern.search(question)}


# The same in German, French, Spanish, Portuguese and Italian, where nothing but the request itself is read.
_ELSEWHERE = re.compile(
    r"\b(?:bis|geheim\w*|mehrfach\w*|mehrere|ergebnis\w*|jusqu\w*|plusieurs|résultats?|hasta|varias"
    r"|varios|resultad\w+|até|várias"
    r"|fino|risultat\w+|anonim\w*|anónim\w*|anônim\w*|schließ\w*|endet|ferme\w*|cierr\w*|fech\w*"
    r"|chiud\w*|nur|seulement|sólo|solo|apenas)\b",
    re.I,
)
_OF: Mapping[str, tuple[Cue, ...]] = {
    "until": ("moment", "duration"),
    "repeats": ("moment",),
    "privacy": ("voting",),
    "results": ("voting",),
    "choices": ("voting",),
    "voters": ("voting",),
    "doing": (),
}


def doubtful_from(text: str, others: Sequence[str], question: str) -> int | None:
    """Where in `text` something begins that sounds like a setting; None where nothing does.

    What the question is about, or what most of the other options sound like as well, is none.
    """
    about, others = cues(question), others[:COMPARED]
    starts = [match.start() for match in _ELSEWHERE.finditer(text)][:1]
    for kind, pattern in _DOUBTS.items():
        if about.intersection(_OF[kind]) or not (match := pattern.search(text)):
            continue
        alike = sum(pattern.search(other) is not None for other in others)
        if alike == 0 or alike * 2 < len(others):
            starts.append(match.start())
    return min(starts, default=None)


# Fewer words are enough in what was not understood, where the private side costs nothing but a press.
_NAMES = re.compile(r"\b(?:names?|see|visible|who)\b", re.I)


def sounds_private(texts: Sequence[str]) -> tuple[bool, bool]:
    """Whether something that was not understood is about who voted for what, and whether about the results."""
    about_names = any(_DOUBTS["privacy"].search(text) or _NAMES.search(text) for text in texts)
    return about_names, any(_DOUBTS["results"].search(text) for text in texts)
