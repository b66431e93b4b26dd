"""Follow-ups without a model: what a question leans on in the conversation before it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.answer import Message
from knowledge.question import clean, item_asked
from knowledge.words import content_words, words

_LEANING = frozenset(
    [
        *("it", "its", "it's", "they", "them", "their", "that", "this", "those", "these", "one", "ones", "there"),
        *("he", "she", "his", "her", "him", "same", "former", "latter"),
    ]
)
_OPENING = re.compile(r"^\W*(?:and|but|so|ok(?:ay)?|also|then|or|what about|how about|why|how so|really)\b", re.I)
# "this video" points to a thing by its name; "this" alone stands for what was spoken of.
_AUXILIARIES = ("should", "could", "would", "can", "does", "did", "do", "will", "must")
_PRONOUN = re.compile(
    r"\b(?:it|they|them|he|she)\b|\b(?:this|that|these|those)\b(?=\s*(?:[?.!,]|$))"
    rf"|(?:{'|'.join(f'(?<={word} )' for word in _AUXILIARIES)})(?:this|that|these|those)"
    r"(?= (?:be|look|sound|mean|take|cost|last|work|help|have|go|come|show|happen|matter)\b)",
    re.I,
)
# "Is it true that", "are there": these stand for nothing.
_EMPTY = re.compile(
    r"\bit (?:true|right|correct|possible|fair) (?:that|to)\b|\b(?:is|are|was|were) there\b"
    r"|\bthere(?:'s| is| are| was| were)\b",
    re.I,
)
# After this many words that carry a subject, "it" stands for one of them.
OWN_SUBJECT = 3
# This many words that carry a subject stand for themselves, whatever the question begins with.
OWN_FEET = 4
# So many words are the beginning of a sentence.
BEGINNING = 2
# Conversations are long; what a follow-up leans on is near.
REACH = 6
# So much of an answer says what it was about.
SAID = 200
_GOES_ON = re.compile(r"^\W*(?:and|but|so|also|then|or|what about|how about)\b", re.I)


@dataclass(frozen=True)
class Followup:
    """What a follow-up leans on: the last question, the two read as one, and what was answered."""

    earlier: str
    together: str
    told: str


def read_followup(text: str, history: Sequence[Message]) -> Followup | None:
    """The conversation that `text` leans on; None where it stands on its own feet."""
    recent = history[-REACH:]
    asked = [clean(message.content) for message in reversed(recent) if message.role == "user"]
    if not asked or not leans(text):
        return None
    # "And the third one?" leans on what was asked before it, and so does what follows it.
    earlier = next(filter(_names_subject, asked), asked[0])
    told = next((message.content for message in reversed(recent) if message.role == "assistant"), "")
    if not content_words(text) and not points(text) and told and not item_asked(text).other:
        # "Why?" asks about what was just said.
        return Followup(earlier, f"{text} {told[:SAID]}", told)
    return Followup(earlier, read_together(text, earlier), told)


def _names_subject(text: str) -> bool:
    return any(item_asked(word).place is None for word in content_words(text))


def read_together(text: str, earlier: str) -> str:
    """`text` with its first pronoun, or its end, filled by the subject of `earlier`."""
    subject = " ".join(content_words(earlier)) or earlier
    filled, pronouns = _PRONOUN.subn(lambda pronoun: subject, text, count=1)
    return filled if pronouns else f"{text} ({subject})"


def points(text: str) -> bool:
    """Whether a pronoun in `text` stands for something said elsewhere."""
    return bool(_PRONOUN.search(text))


def goes_on(text: str) -> bool:
    """Whether `text` begins as what goes on from something said before: "And the conclusion?"."""
    return bool(_GOES_ON.match(text))


def refers(text: str, own: int = OWN_SUBJECT) -> bool:
    """Whether a word of `text` stands for something that is not in it; after `own` words that carry a subject it stands
    for one of them.
    """
    before = 0
    for word in words(_EMPTY.sub(" ", text)):
        if word in _LEANING:
            return before < own
        before += len(content_words(word))
    return False


def leans_back(sentence: str) -> bool:
    """Whether a sentence begins with what stands for something in the sentence before it: "Without it, ..."."""
    return bool(_LEANING.intersection(words(_EMPTY.sub(" ", sentence))[:BEGINNING]))


def leans(text: str) -> bool:
    """Whether `text` may need what was said before it to be understood."""
    subjects = content_words(text)
    if len(subjects) > OWN_FEET:
        return False
    pointing = refers(text) or bool(_OPENING.match(text))
    return pointing or item_asked(text).other or len(subjects) <= 2
