"""How much of an answer is wanted: a sentence, three points, all of it, more, or other words than the sources'.

Said beside a question ("What is showback, in one sentence?"), or after an answer, of which it then is ("shorter").
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from knowledge.answer import Message
from knowledge.words import content_words, words

_NUMBERS = {
    **{word: place for place, word in enumerate(("one", "two", "three", "four", "five", "six", "seven"), 1)},
    **{str(place): place for place in range(1, 8)},
    "single": 1,
}
_COUNT = "a|" + "|".join(_NUMBERS)
_SHORT = r"(?:short |brief |simple |quick |key |main |bullet )?"
_SENTENCES = rf"(?:in|with) (?:just |only |about )?(?:(?P<{{0}}>{_COUNT}) )?{_SHORT}(?:sentences?|lines?)"
_POINTS = (
    rf"(?:in|as|with) (?:just |only |about )?(?:(?P<{{0}}>{_COUNT}) )?{_SHORT}(?:points|bullets)"
    r"|as (?:a )?(?:bullet(?:ed)? |short )?list"
)
_SHORTLY = r"briefly|in short|in brief|in a nutshell|tl;? ?dr|the short answer|keep it (?:short|brief)"
# What is said of the length stands before a question or after it; in the middle it may be what is asked.
_BEFORE = re.compile(
    rf"\W*+(?:please )?(?:(?P<sentences>{_SENTENCES.format('few')})|(?P<points>{_POINTS.format('many')})"
    rf"|(?P<shortly>{_SHORTLY}))(?: please)?\s*+[,:;.-]++\s*+",
    re.I,
)
_BEHIND = re.compile(
    rf"(?<![\s,;:.?!(-])[\s,;:.?!(-]++(?:and )?(?:please )?(?:(?P<sentences>{_SENTENCES.format('few')})"
    rf"|(?P<points>{_POINTS.format('many')})|(?P<shortly>{_SHORTLY}))(?: please)?[\s.?!)]*+\Z",
    re.I,
)
# A text that ends in words about its length is not longer before them than this many characters.
_LAST = 60

# Words around the one that says how much, where nothing else is said.
_AROUND = frozenset(
    words(
        "a about again also an and answer as bit but can could deep do explain for get give go have i i'd in into it "
        "just keep key let like little lot main make me much no not now of ok old on only or please pls put reply say "
        "so tell terms text that the them thing this to too up us very want with words would year yes you your"
    )
)
Wish = Literal["shorter", "sentences", "points", "more", "whole", "simpler", "translation"]
_SAID: Mapping[Wish, str] = {
    "shorter": "brief briefly concise condense dr essence gist nutshell short shorten shorter shortly sum summarise "
    "summarize tl tldr summary",
    "sentences": "line lines sentence sentences",
    "points": "bullets points",
    "more": "continue deeper detail detailed details elaborate expand further longer more",
    "whole": "all complete completely entire entirely everything full fully whole",
    "simpler": "easier eli5 laymen's layman's plain plainer simple simpler simplify simply understandable",
    "translation": "translate translated translation",
}
_WISHES = {word: wish for wish, said in _SAID.items() for word in said.split()}
_PHRASES = (
    (re.compile(r"\b(?:go|carry|keep) (?:on|going)\b", re.I), "continue"),
    (re.compile(r"\blike i(?:'m| am|m) (?:five|5|a (?:child|kid|beginner))\b|\bin plain english\b", re.I), "simply"),
    (re.compile(r"\b(?:too|so) (?:long|wordy|verbose|much text)\b", re.I), "shorter"),
    (re.compile(r"\bas (?:a )?(?:bullet(?:ed)? )?list\b", re.I), "in points"),
)
# No wish for more or less of an answer has more words.
_LONGEST = 10
# So many units of the sources make a shorter answer, so many points one in points, where no number is said.
SHORTER, POINTS = 2, 3


@dataclass(frozen=True)
class Extent:
    """How much is wanted: at most so many units (None: as many as answer), each as a point; the whole; what was not
    told yet. `reworded` names what only a language model can do with an answer: simpler words, or another language.
    """

    most: int | None = None
    points: bool = False
    whole: bool = False
    more: bool = False
    reworded: str = ""


AS_COMPOSED = Extent()
SIMPLER, TRANSLATION = "simpler", "translation"


def read_extent(text: str) -> tuple[Extent, str]:
    """How much `text` wants, and `text` without the words for it: "" where it says nothing else."""
    if (alone := _alone(text)) is not None:
        return alone, ""
    match = _BEFORE.match(text)
    rest = text[match.end() :] if match else ""
    if match is None and (match := _BEHIND.search(text, max(0, len(text) - _LAST))) is not None:
        rest = text[: match.start()] + ("?" if "?" in match.group() else "")
    if match is None or not words(rest):
        return AS_COMPOSED, text
    number = match["few"] or match["many"]
    count = _NUMBERS.get(number.lower(), 1) if number else None
    if match["points"]:
        return Extent(count or POINTS, points=True), rest
    return Extent(count or SHORTER), rest


def is_about_extent(text: str) -> bool:
    """Whether `text` says how much of an answer is wanted and nothing else: "shorter", "in three points"."""
    return _alone(text) is not None


def asks_something(text: str) -> bool:
    """Whether `text` names something to look up: "how are you" and "tell me more" do not."""
    return bool(content_words(text)) and not is_about_extent(text)


def asked_before(history: Sequence[Message]) -> tuple[Message, Sequence[Message], str] | None:
    """The last question of a talk that asks for something itself, what was said before it, and all that was told since;
    None where there is none.
    """
    for place in range(len(history) - 1, -1, -1):
        message = history[place]
        if message.role == "user" and not is_about_extent(message.content):
            told = "\n".join(one.content for one in history[place + 1 :] if one.role == "assistant")
            return message, history[:place], told
    return None


def _alone(text: str) -> Extent | None:
    """How much is wanted by a text that says nothing else; None for all others."""
    for phrase, word in _PHRASES:
        text = phrase.sub(word, text)
    said = words(text)
    if not 0 < len(said) <= _LONGEST:
        return None
    wishes: set[Wish] = {_WISHES[word] for word in said if word in _WISHES}
    others = [word for word in said if word not in _AROUND and word not in _WISHES]
    numbers = [_NUMBERS[word] for word in others if word in _NUMBERS]
    unknown = [word for word in others if word not in _NUMBERS]
    if len(unknown) == 1 and unknown[0] in _languages():
        wishes.add("translation")
    elif unknown:
        return None
    # "A short list of points" wants points.
    told = wishes - {"shorter"} or wishes
    # "More simply" wants simpler words.
    told = told - {"more"} or told
    if len(told) != 1:
        return None
    (wish,) = told
    if numbers and wish not in ("sentences", "points"):
        return None
    single = 1 if {"sentence", "line"}.intersection(said) else SHORTER
    count = numbers[0] if numbers else POINTS if wish == "points" else single
    return {
        "shorter": Extent(count),
        "sentences": Extent(count),
        "points": Extent(count, points=True),
        "more": Extent(more=True),
        "whole": Extent(whole=True),
        "simpler": Extent(reworded=SIMPLER),
        "translation": Extent(reworded=TRANSLATION),
    }[wish]


@cache
def _languages() -> frozenset[str]:
    """The names of languages, in English and in themselves: "german", "deutsch"."""
    from babel import Locale

    codes = ("de", "fr", "es", "pt", "it", "nl", "pl", "sv", "da", "tr", "ja", "zh", "ko", "hi", "ar", "ru", "uk", "cs")
    english = Locale("en").languages
    return frozenset(name.lower() for code in codes for name in (english[code], Locale(code).languages[code]))
